"""Devices that DRA drivers publish in ResourceSlices, in both of the shapes that the API has had.

Only slices that the scheduler would allocate from count: of a pool those of its highest generation, when all of them
are there, and none of a node that is gone.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import field, maps, number, ref, text
from aiconf.cluster.nodes import selected

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Plain = dict[str, Any]

_ACCELERATOR = "accelerator"
_REPELLING = ("NoSchedule", "NoExecute")


class Devices:
    """The devices of a cluster.

    Attributes:
        all: One map for each device of a current slice; see `facts`.
        stale: References to the slices that do not count.
    """

    def __init__(
        self,
        slices: Iterable[Plain],
        nodes: Sequence[Plain],
        fakes: Mapping[str, Any],
        data: Mapping[str, Any],
        *,
        all_nodes: bool,
    ) -> None:
        """Sort the slices.

        Args:
            slices: The ResourceSlices.
            nodes: All nodes.
            fakes: By name, the nodes whose accelerators are made up.
            data: ``policies/accelerators.yaml``.
            all_nodes: Whether ``nodes`` are all there are, so that a slice of another one is left over.
        """
        self._nodes, self._fakes = nodes, fakes
        self._names = {text(node, "metadata", "name") for node in nodes} if all_nodes else None
        self._drivers = {row["driver"]: row for row in data["drivers"]}
        current, stale = self._sorted(slices)
        self.stale = sorted(map(ref, stale))
        self.all = sorted(
            (device for one in current for device in self._devices(one)),
            key=lambda device: (device["driver"], device["pool"], device["name"]),
        )

    def accelerators(self) -> dict[str, list[Plain]]:
        """The accelerators of each node, fake ones included."""
        found: dict[str, list[Plain]] = defaultdict(list)
        for device in self.all:
            if device["node"] and device["kind"] == _ACCELERATOR:
                found[device["node"]].append(device)
        return found

    def _sorted(self, slices: Iterable[Plain]) -> tuple[list[Plain], list[Plain]]:
        pools: dict[tuple[str, str], list[Plain]] = defaultdict(list)
        for one in slices:
            pools[text(one, "spec", "driver"), text(one, "spec", "pool", "name")].append(one)
        current: list[Plain] = []
        stale: list[Plain] = []
        for pool in pools.values():
            newest = max(map(_generation, pool))
            valid = [one for one in pool if _generation(one) == newest]
            whole = len(valid) >= max(number(one, "spec", "pool", "resourceSliceCount", default=1) for one in valid)
            for one in pool:
                counts = whole and _generation(one) == newest and not self._left_over(one)
                (current if counts else stale).append(one)
        return current, stale

    def _left_over(self, one: Plain) -> bool:
        name = text(one, "spec", "nodeName")
        return bool(name) and self._names is not None and name not in self._names

    def _devices(self, one: Plain) -> Iterator[Plain]:
        driver, pool = text(one, "spec", "driver"), text(one, "spec", "pool", "name")
        row = self._drivers.get(driver, {})
        shared = self._node_of(field(one, "spec"))
        for device in maps(one, "spec", "devices"):
            basic = field(device, "basic")
            body = device | basic if isinstance(basic, dict) else device  # v1beta1
            node = self._node_of(body) if field(one, "spec", "perDeviceNodeSelection") is True else shared
            attributes = _attributes(body)
            fake = row.get("kind") == "test" or node in self._fakes
            yield {
                "driver": driver,
                "pool": pool,
                "node": node,
                "name": text(device, "name"),
                "type": str(attributes.get("type", "")),
                "kind": row.get("kind", ""),
                "vendor": row.get("vendor", ""),
                "attributes": attributes,
                "capacity": _capacity(body),
                "accelerator": row.get("kind") == _ACCELERATOR and not fake,
                "fake": fake,
                "healthy": not any(taint.get("effect") in _REPELLING for taint in maps(body, "taints")),
                "shareable": field(body, "allowMultipleAllocations") is True,
                "slice": ref(one),
            }

    def _node_of(self, body: Any) -> str | None:
        """The one node that a slice or device belongs to; None for devices that several nodes can reach."""
        if name := text(body, "nodeName"):
            return name
        names = selected(field(body, "nodeSelector"), self._nodes)
        return names[0] if len(names) == 1 else None


def _generation(one: Plain) -> int:
    return number(one, "spec", "pool", "generation")


def _attributes(body: Any) -> Plain:
    """Attributes by name, each as the plain value in its one-of."""
    found = field(body, "attributes")
    plain = ((name, _value(value)) for name, value in (found if isinstance(found, dict) else {}).items())
    return {name: value for name, value in plain if value is not None}


def _value(value: Any) -> str | int | bool | None:
    for kind, expected in (("string", str), ("version", str), ("int", int), ("bool", bool)):
        inner = field(value, kind)
        if type(inner) is expected:
            return inner
    return None


def _capacity(body: Any) -> Plain:
    found = field(body, "capacity")
    plain: Plain = {}
    for name, value in (found if isinstance(found, dict) else {}).items():
        inner = field(value, "value") if isinstance(value, dict) else value
        if isinstance(inner, str | int) and not isinstance(inner, bool):
            plain[name] = str(inner)
    return plain
