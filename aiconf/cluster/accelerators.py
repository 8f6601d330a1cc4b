"""Nodes with accelerators: by device plugin, by DRA, how many, how healthy, real or made up."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import field, ref, text
from aiconf.cluster.nodes import Labels, is_ready, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.cluster.fakes import Fake

    Plain = dict[str, Any]

_VERSION_PARTS = 3
_DEVICE, _SHARE = "device", "share"


class Accelerators:
    """Knows accelerators by ``policies/accelerators.yaml``."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._vendors: Sequence[Mapping[str, Any]] = data["vendors"]
        self._identity: Sequence[str] = data["identity"]
        self.resource = lru_cache(maxsize=1024)(self._resource)

    def _resource(self, name: str) -> tuple[Mapping[str, Any], str] | None:
        """The vendor of an extended resource and what one of it is (device, share, partition); None for all others."""
        for vendor in self._vendors:
            for pattern, what in vendor["resources"].items():
                if fnmatchcase(name, pattern):
                    return vendor, what
        return None

    def requested(self, container: Any) -> bool:
        """Whether a container asks for an accelerator, by resource or by claim."""
        amounts = [field(container, "resources", key) for key in ("limits", "requests")]
        named = (name for one in amounts if isinstance(one, dict) for name, amount in one.items() if count(amount))
        return any(self.resource(name) for name in named) or bool(field(container, "resources", "claims"))

    def facts(
        self, nodes: Iterable[Plain], devices: Mapping[str, list[Plain]], fakes: Mapping[str, Fake]
    ) -> list[Plain]:
        """The nodes that offer accelerators, by name.

        Args:
            nodes: All nodes.
            devices: The devices of each node; see `Devices.accelerators`.
            fakes: The nodes that are made up, or whose accelerators are.
        """
        found = [self._node(node, devices.get(text(node, "metadata", "name"), []), fakes) for node in nodes]
        return sorted(filter(None, found), key=lambda one: str(one["name"]))

    def bare(self, nodes: Iterable[Plain], offering: Iterable[str]) -> list[Plain]:
        """The nodes that say by a label that they have accelerators, and offer none."""
        known, vendors = set(offering), {label: one["vendor"] for one in self._vendors for label in one["present"]}
        present = Labels(vendors)
        return [
            {"name": text(node, "metadata", "name"), "ref": ref(node), "vendor": vendors[label], "label": label}
            for node in nodes
            for label in present.of(labels_of(node))[:1]
            if text(node, "metadata", "name") not in known
        ]

    def _node(self, node: Plain, devices: list[Plain], fakes: Mapping[str, Fake]) -> Plain | None:
        capacity, allocatable = self._amounts(node, "capacity"), self._amounts(node, "allocatable")
        offered = {name: amount for name, amount in (allocatable | capacity).items() if amount}
        vendor = self._vendor(offered, devices)
        if vendor is None:
            return None
        name, labels = text(node, "metadata", "name"), labels_of(node)
        lost = sum(max(capacity.get(key, 0) - allocatable.get(key, 0), 0) for key in offered)
        fake = fakes.get(name)
        return {
            "name": name,
            "ref": ref(node),
            "vendor": vendor["vendor"],
            "by": [*(["device_plugin"] if offered else []), *(["dra"] if devices else [])],
            "resources": {key: allocatable.get(key, 0) for key in sorted(offered)},
            "devices": max(_physical(vendor, offered, labels, self), self._distinct(devices)),
            "unhealthy": lost + sum(not device["healthy"] for device in devices),
            "fake": fake is not None,
            "fake_reason": fake.why if fake else "",
            "labels": labels,
            "driver_versions": _versions(vendor["driver_versions"], labels, devices),
            "runtime_versions": _versions(vendor["runtime_versions"], labels, devices),
            "ready": is_ready(node),
        }

    def _amounts(self, node: Plain, key: str) -> dict[str, int]:
        found = field(node, "status", key)
        named = (found if isinstance(found, dict) else {}).items()
        return {name: count(amount) for name, amount in named if self.resource(name)}

    def _vendor(self, offered: Mapping[str, int], devices: list[Plain]) -> Mapping[str, Any] | None:
        for name in sorted(offered):
            if row := self.resource(name):
                return row[0]
        names = [device["vendor"] for device in devices]
        return next((vendor for vendor in self._vendors if vendor["vendor"] in names), None)

    def _distinct(self, devices: list[Plain]) -> int:
        """How many physical devices there are: partitions of one count once."""
        return len({self._identify(device) for device in devices})

    def _identify(self, device: Plain) -> str:
        for key in self._identity:
            if value := device["attributes"].get(key):
                return str(value)
        return f"{device['driver']}/{device['pool']}/{device['name']}"


def _physical(
    vendor: Mapping[str, Any], offered: Mapping[str, int], labels: Mapping[str, Any], table: Accelerators
) -> int:
    """How many devices stand behind what a device plugin offers, which may be shares and partitions of few."""
    labelled = count(labels.get(vendor.get("count_label", ""), ""))
    if not offered or labelled:
        return labelled if offered else 0
    kinds = {name: row[1] for name in offered if (row := table.resource(name))}
    shares = count(labels.get(vendor.get("shares_label", ""), "")) or 1
    return max((offered[name] // shares for name, kind in kinds.items() if kind == _DEVICE), default=1) or 1


def _versions(where: Mapping[str, Sequence[str]], labels: Mapping[str, Any], devices: list[Plain]) -> list[str]:
    found = [labels.get(key) for key in where["labels"]]
    found += [device["attributes"].get(key) for device in devices for key in where["attributes"]]
    return sorted({normal_version(value) for value in found if isinstance(value, str) and value})


def normal_version(value: str) -> str:
    """A version as DRA writes it: ``580.126.9`` of ``580.126.09``, ``13.0.0`` of ``13.0``; other texts as they are."""
    parts = value.split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        return value
    numbers = [part.lstrip("0") or "0" for part in parts]
    return ".".join(numbers + ["0"] * (_VERSION_PARTS - len(numbers)))


def count(amount: Any) -> int:
    """A whole quantity, as nodes and containers write it; 0 for anything else."""
    if isinstance(amount, str):
        thousands = amount.endswith("k")
        digits = amount.removesuffix("k")
        if digits.isascii() and digits.isdigit() and len(digits) <= 18:  # noqa: PLR2004 - as many as a quantity can have
            return int(digits) * (1000 if thousands else 1)
        return 0
    return int(amount) if isinstance(amount, int | float) and 0 <= amount < 1e18 else 0  # noqa: PLR2004 - see above
