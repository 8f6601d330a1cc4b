"""Which accelerators of each node metrics speak of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Plain = dict[str, Any]

# Labels by which exporters name their node, for metrics that come from elsewhere than the exporter's pod.
_NODE_LABELS = ("Hostname", "hostname", "node", "node_name", "instance")
_FURTHER = ("temperature", "power", "interconnect")


def metric_coverage(nodes: Iterable[Plain], sources: Iterable[Plain], pods: Iterable[Plain]) -> list[Plain]:
    """For each real node with accelerators, what metrics there are of them.

    ``shown`` counts the devices with samples of both utilization and memory; partitions and cores stand for their
    device. ``in_use`` is whether an exporter tells only of accelerators that something uses.

    Args:
        nodes: See ``cluster.accelerator_nodes``.
        sources: See ``metrics.sources``.
        pods: See ``cluster.exporter_pods``.
    """
    real = [one for one in sources if one["serves"] == "accelerator" and not one["fake"]]
    known = list(pods)
    return [_of_node(node, real, known) for node in nodes if not node["fake"]]


def _of_node(node: Plain, sources: list[Plain], pods: list[Plain]) -> Plain:
    own = [one for one in sources if one["vendor"] in (node["vendor"], "")]
    found = [(device, _cores(node, one)) for one in own for device in _on(node["name"], one)]
    devices = [device for device, _ in found]
    utilized, filled = (
        {_physical(device, cores) for device, cores in found if device[need]} for need in ("utilization", "memory")
    )
    return {
        "name": node["name"],
        "ref": node["ref"],
        "vendor": node["vendor"],
        "devices": node["devices"],
        "shown": len(utilized & filled),
        "in_use": any(one["in_use"] for one in own if one["node"] == node["name"]),
        "further": [need for need in _FURTHER if any(device[need] for device in devices)],
        # A collector of anything is an exporter of accelerators only when it speaks of them.
        "sources": sorted(
            one["source"] for one in own if one["node"] == node["name"] and (one["vendor"] or one["devices"])
        ),
        "pods": [pod for pod in pods if pod["node"] == node["name"] and pod["vendor"] == node["vendor"]],
    }


def _on(node: str, source: Plain) -> Iterator[Plain]:
    for device in source["devices"]:
        if source["node"] == node or (source["node"] is None and _names(device["labels"], node)):
            yield device


def _names(labels: Mapping[str, str], node: str) -> bool:
    return any(labels.get(key) == node for key in _NODE_LABELS)


def _cores(node: Plain, source: Plain) -> int:
    """How many of what an exporter tells apart make up a device: 2 where it counts the cores of Neuron devices."""
    return int(node["resources"].get(source["unit"], 0)) // (node["devices"] or 1) or 1


def _physical(device: Plain, cores: int) -> str:
    identity = str(device["id"]).partition("/")[0]
    return str(int(identity) // cores) if cores > 1 and identity.isascii() and identity.isdigit() else identity
