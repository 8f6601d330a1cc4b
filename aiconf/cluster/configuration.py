"""What is kept of the configuration of controllers (``policies/collection.yaml``, ``config_maps``), as data."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import field, maps, ref, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_MOUNTING = ("Deployment.apps", "StatefulSet.apps")


def configuration(index: Index, components: Iterable[Plain]) -> list[Plain]:
    """Every kept key of every ConfigMap: ``{ref, namespace, name, key, value, components}``, sorted.

    ``value`` is a map; a text of which nothing could be kept is left out. ``components`` are the ids of those whose
    workloads mount the ConfigMap: its name says little, and one that nobody mounts configures nothing.

    Args:
        index: The snapshot.
        components: The components, as facts.
    """
    owners: dict[str, set[str]] = defaultdict(set)
    for component in components:
        for workload in component["workloads"]:
            owners[workload["ref"]].add(component["id"])
    mounts: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reference, namespace, name in _mounts(index):
        mounts[namespace, name] |= owners.get(reference, set())
    return sorted(_entries(index, mounts), key=lambda entry: (entry["ref"], entry["key"]))


def _mounts(index: Index) -> Iterator[tuple[str, str, str]]:
    """The reference of each workload with the namespace and name of every ConfigMap that its pods mount."""
    for kind in _MOUNTING:
        for one in index.each(kind, containing='"configMap"'):
            for volume in maps(one, "spec", "template", "spec", "volumes"):
                for source in (volume, *maps(volume, "projected", "sources")):
                    if name := text(source, "configMap", "name"):
                        yield ref(one), text(one, "metadata", "namespace"), name


def _entries(index: Index, mounts: dict[tuple[str, str], set[str]]) -> Iterator[Plain]:
    for one in index.each("ConfigMap"):
        data = field(one, "data")
        namespace, name = text(one, "metadata", "namespace"), text(one, "metadata", "name")
        for key, kept in data.items() if isinstance(data, dict) else ():
            try:
                value = msgspec.json.decode(kept)
            except (msgspec.DecodeError, TypeError):  # withheld
                continue
            if isinstance(value, dict):
                yield {
                    "ref": ref(one),
                    "namespace": namespace,
                    "name": name,
                    "key": key,
                    "value": value,
                    "components": sorted(mounts.get((namespace, name), ())),
                }
