"""What adds nodes to a cluster: groups of nodes with bounds, who scales them, and whether they have accelerators."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, ref, text, texts
from aiconf.cluster.nodes import has_label, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_BOUNDS = ("min", "max")


class NodeGroups:
    """The groups of nodes that something scales.

    Args:
        index: The snapshot.
        data: ``policies/autoscaling.yaml``.
        accelerator_nodes: See ``aiconf.cluster.accelerators``.
        configuration: See ``aiconf.cluster.configuration``.
    """

    def __init__(
        self,
        index: Index,
        data: Mapping[str, Any],
        accelerator_nodes: Iterable[Plain],
        configuration: Iterable[Plain],
    ) -> None:
        self._index, self._data, self._configuration = index, data, list(configuration)
        nodes = list(accelerator_nodes)
        self._with_accelerators = {node["name"] for node in nodes if not node["fake"]}
        self._simulated = {node["name"] for node in nodes if node["fake"]}

    def groups(self) -> list[Plain]:
        """Every group: ``{by, name, ref, min, max, healthy, current, accelerator, room}``.

        ``by`` is what scales it, ``accelerator`` whether its nodes have accelerators now or are made with them (null
        when that cannot be told), ``current`` whether its status is recent, and ``room`` whether it can grow at all.
        """
        found = [*self._of_autoscaler(), *self._of_karpenter(), *self._of_openshift(), *self._of_annotations()]
        found += self._of_pools()
        return sorted(found, key=lambda group: (group["by"], group["name"]))

    def _of_autoscaler(self) -> Iterator[Plain]:
        """The Cluster Autoscaler's, from the status that it writes."""
        for entry in self._configuration:
            if entry["key"] != self._data["status"]["key"]:
                continue
            value = entry["value"]
            running = text(value, "autoscalerStatus") == "Running"
            healthy = text(value, "clusterWide", "health", "status") == "Healthy"
            current = self._is_recent(value)
            for group in maps(value, "nodeGroups"):
                health = field(group, "health")
                yield _group(
                    "cluster-autoscaler",
                    text(group, "name"),
                    entry["ref"],
                    bounds=(field(health, "minSize"), field(health, "maxSize")),
                    healthy=running and healthy and text(health, "status") == "Healthy",
                    current=current,
                    accelerator=self._by_name(text(group, "name")),
                )

    def _is_recent(self, value: Plain) -> bool:
        """Whether the status was written within an hour of the snapshot: a map outlives its autoscaler."""
        probed = [text(value, "clusterWide", "health", "lastProbeTime"), text(value, "time")]
        collected = _time(self._index.metadata.get("collectedAt"))
        times = [time for each in probed if (time := _time(each))]
        if not times or collected is None:
            return False
        return collected - max(times) <= timedelta(seconds=self._data["status"]["seconds"])

    def _of_karpenter(self) -> Iterator[Plain]:
        """NodePools, whose accelerators are what their claims got, their nodes have, or they demand.

        One whose nodes are simulated brings nothing, whatever it is said to bring.
        """
        claims = {
            labels_of(claim).get(self._data["node_pool_label"])
            for claim in self._index.each("NodeClaim.karpenter.sh")
            if self._has_accelerator(field(claim, "status", "capacity")) and condition(claim, "Registered") == "True"
        }
        for pool in self._index.each("NodePool.karpenter.sh"):
            name = text(pool, "metadata", "name")
            if self._is_simulated(name):
                continue
            made = name in claims or self._asks_for_accelerators(pool)
            limits = field(pool, "spec", "limits")
            yield _group(
                "karpenter",
                name,
                ref(pool),
                bounds=(0, 0 if self._is_off(limits) or _is_static(pool) else None),
                healthy=condition(pool, "Ready") == "True",
                current=True,
                accelerator=made or self._by_label(self._data["node_pool_label"], name) or None,
            )

    def _is_simulated(self, pool: str) -> bool:
        """Whether nodes of a NodePool are simulated ones."""
        key = self._data["node_pool_label"]
        nodes = (one for one in self._index.each("Node") if labels_of(one).get(key) == pool)
        return any(text(node, "metadata", "name") in self._simulated for node in nodes)

    def _asks_for_accelerators(self, pool: Plain) -> bool:
        """Whether a NodePool is for accelerators: a limit on them, or a demand that only nodes with them meet."""
        if self._has_accelerator(field(pool, "spec", "limits")):
            return True
        known = self._data["accelerator_requirements"]
        demands = maps(pool, "spec", "template", "spec", "requirements")
        return any(_is_met(demand, known[key]) for demand in demands if (key := text(demand, "key")) in known)

    def _is_off(self, limits: Any) -> bool:
        """Whether limits forbid any node: none of a resource that every node has, or no accelerator at all."""
        found = limits.items() if isinstance(limits, dict) else ()
        return any(_is_zero(value) for key, value in found if key in ("cpu", "memory") or self._is_accelerator(key))

    def _of_openshift(self) -> Iterator[Plain]:
        """MachineAutoscalers, as long as there is a ClusterAutoscaler that acts on them."""
        acting = self._index.count("ClusterAutoscaler.autoscaling.openshift.io") > 0
        for one in self._index.each("MachineAutoscaler.autoscaling.openshift.io"):
            namespace, target = text(one, "metadata", "namespace"), text(one, "spec", "scaleTargetRef", "name")
            machines = self._index.find("MachineSet.machine.openshift.io", namespace, target)
            labels = field(machines, "spec", "template", "spec", "metadata", "labels")
            yield _group(
                "openshift",
                target,
                ref(one),
                bounds=(field(one, "spec", "minReplicas"), field(one, "spec", "maxReplicas")),
                healthy=acting and machines is not None,
                current=True,
                accelerator=self._by_template(labels) or self._by_capacity(machines) or self._by_name(target),
            )

    def _of_annotations(self) -> Iterator[Plain]:
        """MachineDeployments of Cluster API with bounds for the Cluster Autoscaler."""
        for one in self._index.each("MachineDeployment.cluster.x-k8s.io"):
            annotations = field(one, "metadata", "annotations")
            bounds = [_bound(annotations, self._data["bounds"][end]) for end in _BOUNDS]
            if None in bounds:
                continue
            labels = field(one, "spec", "template", "metadata", "labels")
            yield _group(
                "cluster-api",
                text(one, "metadata", "name"),
                ref(one),
                bounds=(bounds[0], bounds[1]),
                healthy=text(one, "status", "phase") in ("Running", "ScalingUp", "ScalingDown"),
                current=True,
                accelerator=self._by_template(labels)
                or self._by_capacity(one)
                or self._by_name(text(one, "metadata", "name")),
            )

    def _of_pools(self) -> Iterator[Plain]:
        """Pools that a provider scales, where the pool itself says so."""
        for kind, row in self._data["pools"].items():
            for one in self._index.each(kind):
                if field(one, *row["enabled"].split(".")) is True:
                    name = text(one, "metadata", "name")
                    yield _group(
                        row["by"],
                        name,
                        ref(one),
                        bounds=(field(one, *row["min"].split(".")), field(one, *row["max"].split("."))),
                        healthy=True,
                        current=True,
                        accelerator=self._by_template(field(one, *row["labels"].split("."))) or self._by_name(name),
                    )

    def _has_accelerator(self, quantities: Any) -> bool:
        found = quantities.items() if isinstance(quantities, dict) else ()
        return any(self._is_accelerator(key) and not _is_zero(value) for key, value in found)

    def _is_accelerator(self, resource: str) -> bool:
        return _matches(resource, self._data["resources"])

    def _by_template(self, labels: Any) -> bool:
        found = labels if isinstance(labels, dict) else {}
        return any(has_label(found, wanted) for wanted in self._data["accelerator_labels"])

    def _by_capacity(self, machines: Plain | None) -> bool:
        """Whether a set of machines says how many accelerators each has, for the autoscaler to scale it from none."""
        annotations = field(machines, "metadata", "annotations")
        return any(_count(text(annotations, key)) > 0 for key in self._data["capacity"])

    def _by_label(self, key: str, value: str) -> bool:
        return any(labels.get(key) == value for labels in self._accelerated)

    def _by_name(self, group: str) -> bool | None:
        """Whether a group is one whose nodes have accelerators now: a provider names it after their pool's label.

        The longest pool name that stands in the group's name is its pool, so ``gpu`` is not taken for ``gpu-spot``.
        """
        named = [
            (len(value), name in self._with_accelerators)
            for name, value in self._pool_names
            if value and _stands_in(value, group)
        ]
        if not named:
            return self._by_nodes(group)
        longest = max(length for length, _ in named)
        return any(accelerated for length, accelerated in named if length == longest)

    def _by_nodes(self, group: str) -> bool | None:
        """The same for a group whose name its nodes begin with, or the machines that its nodes are."""
        ends = self._data["group_ends"]
        stem = group.rpartition("/")[2]
        stem = next((stem.removesuffix(end) for end in ends if stem.endswith(end)), stem)
        own = [name for name, machine in self._machines if _begins(name, stem) or _begins(machine, stem)]
        return any(name in self._with_accelerators for name in own) if own else None

    @cached_property
    def _machines(self) -> list[tuple[str, str]]:
        """Each node with the name of the machine that it is, where its provider notes that."""
        return [
            (text(node, "metadata", "name"), text(machine, self._data["machine"]).rpartition("/")[2])
            for node in self._index.each("Node")
            for machine in [field(node, "metadata", "annotations")]
        ]

    @cached_property
    def _pool_names(self) -> list[tuple[str, str]]:
        """Each node with the name of the pool it is of, once for each label that gives one."""
        return [
            (text(node, "metadata", "name"), str(labels_of(node)[key]))
            for node in self._index.each("Node")
            for key in self._data["pool_labels"]
            if key in labels_of(node)
        ]

    @cached_property
    def _accelerated(self) -> list[Mapping[str, Any]]:
        """The labels of the nodes that have accelerators."""
        nodes = self._index.each("Node")
        return [labels_of(node) for node in nodes if text(node, "metadata", "name") in self._with_accelerators]


def _group(  # noqa: PLR0913 - the keys of the fact
    by: str,
    name: str,
    reference: str,
    *,
    bounds: tuple[Any, Any],
    healthy: bool,
    current: bool,
    accelerator: bool | None,
) -> Plain:
    low, high = bounds
    return {
        "by": by,
        "name": name,
        "ref": reference,
        "min": low if isinstance(low, int) else 0,
        "max": high,
        "healthy": healthy,
        "current": current,
        "accelerator": accelerator,
        "room": high is None or (isinstance(high, int) and high > (low if isinstance(low, int) else 0)),
    }


def _bound(annotations: Any, keys: Sequence[str]) -> int | None:
    found = next((text(annotations, key) for key in keys if text(annotations, key)), "")
    return int(found) if found.isascii() and found.isdigit() else None


def _count(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() else 0


def _is_static(pool: Plain) -> bool:
    """Whether a NodePool keeps a number of nodes, whatever waits for some."""
    return isinstance(field(pool, "spec", "replicas"), int)


def _is_met(demand: Plain, patterns: Sequence[str]) -> bool:
    """Whether a demand of a NodePool is one for accelerators: for a value of some pattern, or for any but none."""
    values = [value for value in texts(demand, "values") if not _is_zero(value)]
    if demand.get("operator") == "In":
        return any(_matches(value, patterns) for value in values) if patterns else bool(values)
    return demand.get("operator") in ("Exists", "Gt") and not patterns


def _begins(name: str, stem: str) -> bool:
    """Whether a name is a stem and one generated part more: ``gke-a-tpu-1f2e-x9k3`` of ``gke-a-tpu-1f2e``."""
    return bool(stem) and name.startswith(f"{stem}-") and name[len(stem) + 1 :].isalnum()


def _is_zero(value: Any) -> bool:
    return str(value).strip() in ("0", "0m", "0Gi", "0Mi")


def _matches(value: str, patterns: Iterable[str]) -> bool:
    from fnmatch import fnmatchcase  # noqa: PLC0415 - few values come this far

    return any(fnmatchcase(value, pattern) for pattern in patterns)


def _stands_in(part: str, whole: str) -> bool:
    """Whether a name stands in another between its separators: ``gpu`` in ``eks-gpu-4c1f``, not in ``gpus``."""
    before, found, behind = whole.partition(part)
    return bool(found) and not before[-1:].isalnum() and not behind[:1].isalnum()


def _time(value: Any) -> datetime | None:
    """A time as Kubernetes and Go write it; None when it is none."""
    if not isinstance(value, str):
        return None
    parts = value.split(" m=")[0].split(" ")
    joined = f"{parts[0]}T{parts[1]}{parts[2]}" if len(parts) > 2 else value  # noqa: PLR2004 - day, time, zone
    try:
        time = datetime.fromisoformat(joined)
    except ValueError:
        return None
    return time if time.tzinfo else None
