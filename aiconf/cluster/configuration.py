"""What is kept of the configuration of controllers (``policies/collection.yaml``, ``config_maps``), as data."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import field, maps, ref, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_MOUNTING = ("Deployment.apps", "StatefulSet.apps")


class Configuration:
    """The ConfigMaps of controllers, and which of these read them.

    Args:
        index: The snapshot.
        components: The components, as facts.
    """

    def __init__(self, index: Index, components: Sequence[Plain]) -> None:
        self._index = index
        owners: dict[str, set[str]] = defaultdict(set)
        for component in components:
            for workload in component["workloads"]:
                owners[workload["ref"]].add(component["id"])
        self._mounts: dict[tuple[str, str], set[str]] = defaultdict(set)
        for reference, namespace, name in _mounts(index):
            self._mounts[namespace, name] |= owners.get(reference, set())
        mounting = set[str]().union(*self._mounts.values())
        self._silent: dict[str, set[str]] = defaultdict(set)
        for component in components:
            for workload in component["workloads"] if component["id"] not in mounting else ():
                self._silent[workload["namespace"]].add(component["id"])

    def entries(self) -> list[Plain]:
        """Every kept key of every ConfigMap: ``{ref, namespace, name, key, value, components}``, sorted.

        ``value`` is a map; a text of which nothing could be kept is left out. ``components`` are the ids of those whose
        workloads mount the ConfigMap: its name says little, and one that nobody mounts configures nothing. Where a
        snapshot shows none of the mounts of a component, it is every ConfigMap of its namespace that no other mounts.
        """
        return sorted(self._entries(), key=lambda entry: (entry["ref"], entry["key"]))

    def unread(self) -> list[Plain]:
        """The ConfigMaps that components mount and the snapshot does not hold: ``{component, namespace, name}``."""
        there = set(self._index.names("ConfigMap"))
        return [
            {"component": component, "namespace": namespace, "name": name}
            for (namespace, name), components in sorted(self._mounts.items())
            if (namespace, name) not in there
            for component in sorted(components)
        ]

    def _entries(self) -> Iterator[Plain]:
        for one in self._index.each("ConfigMap"):
            data = field(one, "data")
            namespace, name = text(one, "metadata", "namespace"), text(one, "metadata", "name")
            mounted = (namespace, name) in self._mounts
            readers = self._mounts[namespace, name] if mounted else self._silent.get(namespace, set())
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
                        "components": sorted(readers),
                    }


def _mounts(index: Index) -> Iterator[tuple[str, str, str]]:
    """The reference of each workload with the namespace and name of every ConfigMap that its pods mount."""
    for kind in _MOUNTING:
        for one in index.each(kind, containing='"configMap"'):
            for volume in maps(one, "spec", "template", "spec", "volumes"):
                for source in (volume, *maps(volume, "projected", "sources")):
                    if name := text(source, "configMap", "name"):
                        yield ref(one), text(one, "metadata", "namespace"), name
