"""Pods that show how something is used: accelerators and shares of them, further networks, sandboxes, exporters.

A cluster may have a hundred thousand pods. Each fact decodes only those whose JSON text holds what it is about, and
looks for no more than the accelerators of the cluster call for, since each text to find is a pass over all pods.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import field, maps, ref, text, unready
from aiconf.cluster.accelerators import count
from aiconf.snapshot.metrics import is_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.cluster.accelerators import Accelerators
    from aiconf.cluster.tables import Tables
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_RUNTIME = '"runtimeClassName"'
_CLAIM = "ResourceClaim.resource.k8s.io"


class Usage:
    """The pods of a snapshot by what they use.

    Args:
        index: The snapshot.
        accelerators: Knows the extended resources of accelerators.
        tables: Those used are exporters and usage.
        nodes: The nodes with accelerators, fake ones included.
    """

    def __init__(self, index: Index, accelerators: Accelerators, tables: Tables, nodes: Sequence[Plain]) -> None:
        self._index, self._accelerators, self._table = index, accelerators, tables.usage
        self._nodes = nodes
        vendors = {"", *(node["vendor"] for node in nodes)} if nodes else set()
        self._exporters = [
            row
            for row in tables.exporters["exporters"]
            if row["serves"] == "accelerator" and row.get("vendor", "") in vendors
        ]

    @cached_property
    def accelerator_pods(self) -> list[Plain]:
        """Pods that ask for accelerators as extended resources, or for shares of one in a scheduler's own way.

        Each has ``resources`` (name to how many of all its containers), ``shares`` (the signs of a share) and its
        ``scheduler``.
        """
        shares = self._table["shares"]
        offered = {name for node in self._nodes for name in node["resources"]}
        wanted = {*offered, *shares["annotations"], *shares["resources"]} if self._nodes else set()
        found = (self._accelerator_pod(pod) for pod in self._pods(_least(wanted)))
        return _sorted(one for one in found if one["resources"] or one["shares"])

    @cached_property
    def share_pods(self) -> list[Plain]:
        """Those of the accelerator pods that ask for shares in a scheduler's own way: among many pods, few or none."""
        shares = self._table["shares"]
        wanted = {*shares["annotations"], *shares["resources"]} if self._nodes else set()
        found = (self._accelerator_pod(pod) for pod in self._pods(_least(wanted)))
        return _sorted(one for one in found if one["shares"])

    def _accelerator_pod(self, pod: Plain) -> Plain:
        resources: dict[str, int] = {}
        shares: list[str] = []
        annotations = field(pod, "metadata", "annotations") or {}
        shares += [key for key in self._table["shares"]["annotations"] if key in annotations]
        for part in maps(pod, "spec", "containers"):
            limits = field(part, "resources", "limits")
            for name, amount in (limits if isinstance(limits, dict) else {}).items():
                if name in self._table["shares"]["resources"]:
                    shares.append(name)
                elif self._accelerators.resource(name) and count(amount):
                    resources[name] = resources.get(name, 0) + count(amount)
        scheduler = text(pod, "spec", "schedulerName")
        return _fact(pod) | {"resources": resources, "shares": sorted(set(shares)), "scheduler": scheduler}

    @cached_property
    def attached_pods(self) -> list[Plain]:
        """Pods that are attached to further networks, with the names of these as ``networks``."""
        found = (_fact(pod) | {"networks": self._networks(pod)} for pod in self._pods(_texts_of_networks(self._table)))
        return _sorted(one for one in found if one["networks"])

    def _networks(self, pod: Plain) -> list[str]:
        annotations = field(pod, "metadata", "annotations")
        for key in self._table["network_status"]:
            try:
                entries = msgspec.json.decode(text(annotations, key))
            except msgspec.DecodeError:
                continue
            # The first network is the cluster's own, whether or not it says so.
            further = [one for one in maps({"all": entries}, "all") if one.get("default") is not True]
            marked = len(further) < len(entries)
            return sorted(text(one, "name") for one in (further if marked else further[1:]))
        return []

    @cached_property
    def class_pods(self) -> list[Plain]:
        """Pods that name a RuntimeClass, as ``runtime_class``."""
        found = (
            _fact(pod) | {"runtime_class": text(pod, "spec", "runtimeClassName")} for pod in self._pods([_RUNTIME])
        )
        return _sorted(one for one in found if one["runtime_class"])

    @cached_property
    def exporter_pods(self) -> list[Plain]:
        """Pods of programs that serve metrics of accelerators, with the program as ``exporter`` and whose they are."""
        fragments = [fragment for row in self._exporters for fragment in row["images"]]
        return _sorted(one for pod in self._pods(fragments) for one in self._exporter_pod(pod))

    def _exporter_pod(self, pod: Plain) -> Iterator[Plain]:
        images = [text(part, "image") for part in maps(pod, "spec", "containers")]
        for row in self._exporters:
            if any(is_of(tuple(row["images"]), image) for image in images):
                yield _fact(pod) | {"exporter": row["id"], "vendor": row.get("vendor", "")}
                return

    def allocations(self, devices: Iterable[Plain]) -> list[Plain]:
        """The devices that ResourceClaims hold, one map for each, with the pods the claim is reserved for.

        Args:
            devices: The devices of current slices; one that is not among them is of no known ``kind``.
        """
        known = {(one["driver"], one["pool"], one["name"]): one for one in devices}
        rows = [
            self._allocation(claim, result, known)
            for claim in self._index.each(_CLAIM, containing='"results"')
            for result in maps(claim, "status", "allocation", "devices", "results")
        ]
        return sorted(rows, key=lambda row: (row["claim"], row["driver"], row["pool"], row["device"]))

    def _allocation(self, claim: Plain, result: Plain, known: Mapping[tuple[str, str, str], Plain]) -> Plain:
        key = text(result, "driver"), text(result, "pool"), text(result, "device")
        device = known.get(key, {})
        return {
            "claim": ref(claim),
            "version": text(claim, "apiVersion").rpartition("/")[2],
            "driver": key[0],
            "pool": key[1],
            "device": key[2],
            "kind": device.get("kind", ""),
            "accelerator": device.get("accelerator", False),
            "admin": result.get("adminAccess") is True,
            "pods": [self._consumer(claim, one) for one in maps(claim, "status", "reservedFor")],
        }

    def _consumer(self, claim: Plain, consumer: Plain) -> Plain:
        """A pod that a claim is reserved for; ``running`` is None when the snapshot does not hold it."""
        namespace, name = text(claim, "metadata", "namespace"), text(consumer, "name")
        pod = self._index.find("Pod", namespace, name) if consumer.get("resource") == "pods" else None
        if pod is None or text(pod, "metadata", "uid") != text(consumer, "uid"):
            return {"pod": f"v1 Pod {namespace}/{name}", "running": None, "reason": "it is not in the snapshot"}
        return _fact(pod)

    def _pods(self, needles: Iterable[str]) -> Iterator[Plain]:
        return self._index.each("Pod", containing=needles)


def texts_of_usage(tables: Tables) -> list[str]:
    """What pods are found by here, but for the names of the extended resources that nodes offer."""
    shares = tables.usage["shares"]
    exporters = [fragment for row in tables.exporters["exporters"] for fragment in row["images"]]
    return [*shares["annotations"], *shares["resources"], *_texts_of_networks(tables.usage), *exporters, _RUNTIME]


def _least(needles: Iterable[str]) -> list[str]:
    """Texts of which one is in whatever one of the given texts is in."""
    every = sorted(set(needles))
    return [one for one in every if not any(other in one and other != one for other in every)]


def _texts_of_networks(table: Mapping[str, Any]) -> list[str]:
    """What stands in the JSON text of every pod with one of the annotations about networks."""
    return list(table["network_status"])


def _fact(pod: Plain) -> Plain:
    phase = text(pod, "status", "phase")
    waiting = (text(one, "state", "waiting", "reason") for one in maps(pod, "status", "containerStatuses"))
    problem = "" if phase == "Succeeded" else unready(pod)
    return {
        "pod": ref(pod),
        "namespace": text(pod, "metadata", "namespace"),
        "node": text(pod, "spec", "nodeName"),
        "phase": phase,
        "running": not problem,
        "reason": problem,
        "waiting": next(filter(None, waiting), ""),
        "since": text(pod, "status", "startTime") or text(pod, "metadata", "creationTimestamp"),
    }


def _sorted(facts: Iterable[Plain]) -> list[Plain]:
    return sorted(facts, key=lambda one: str(one["pod"]))
