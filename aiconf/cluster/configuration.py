"""What is kept of the configuration of controllers (``policies/collection.yaml``, ``config_maps``), as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import field, ref, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.snapshot.index import Index


def configuration(index: Index) -> list[dict[str, Any]]:
    """Every kept key of every ConfigMap: ``{ref, namespace, name, key, value}``, sorted.

    ``value`` is a map; a text of which nothing could be kept is left out.
    """
    return sorted(_entries(index), key=lambda entry: (entry["ref"], entry["key"]))


def _entries(index: Index) -> Iterator[dict[str, Any]]:
    for one in index.each("ConfigMap"):
        data = field(one, "data")
        for key, kept in data.items() if isinstance(data, dict) else ():
            try:
                value = msgspec.json.decode(kept)
            except (msgspec.DecodeError, TypeError):  # withheld
                continue
            if isinstance(value, dict):
                yield {
                    "ref": ref(one),
                    "namespace": text(one, "metadata", "namespace"),
                    "name": text(one, "metadata", "name"),
                    "key": key,
                    "value": value,
                }
