"""Ways to break a cluster: each gives a function that edits it in place, and keeps what hangs together consistent.

An object is named `Kind.group namespace/name`, `Kind.group name` when it is in no namespace. An edit that finds nothing
to change raises, so that a mutation never leaves a cluster whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clusters.cluster import key_of
from tests.clusters.parts import Plain, container
from tests.clusters.workloads import pod

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.clusters.cluster import Cluster

    Edit = Callable[[Cluster], None]

CRASHING = {"waiting": {"reason": "CrashLoopBackOff"}}
_COUNTS = ("readyReplicas", "availableReplicas", "numberReady", "numberAvailable")


def name_of(one: Plain) -> str:
    """How an edit names an object."""
    meta = one["metadata"]
    return f"{key_of(one)} {'/'.join(filter(None, (meta.get('namespace'), meta['name'])))}"


def named(cluster: Cluster, name: str) -> Plain:
    """The object of a name.

    Raises:
        KeyError: There is none.
    """
    key, _, place = name.partition(" ")
    space, slash, own = place.rpartition("/")
    return cluster.get(key, own, space if slash else None)


def several(*edits: Edit) -> Edit:
    """One edit after another."""

    def edit(cluster: Cluster) -> None:
        for each in edits:
            each(cluster)

    return edit


def without(name: str) -> Edit:
    """The object is gone, and what it owns; with a definition everything of its kind."""

    def edit(cluster: Cluster) -> None:
        one = named(cluster, name)
        gone = {one["metadata"]["uid"]}
        if one["kind"] == "CustomResourceDefinition":
            kind = f"{one['spec']['names']['kind']}.{one['spec']['group']}"
            gone |= {each["metadata"]["uid"] for each in cluster.objects if key_of(each) == kind}
        _remove(cluster, gone)

    return edit


def _remove(cluster: Cluster, gone: set[str]) -> None:
    while below := {one["metadata"]["uid"] for one in cluster.objects if _owners(one) & gone} - gone:
        gone |= below
    pods = {place(one) for one in cluster.objects if one["kind"] == "Pod" and one["metadata"]["uid"] in gone}
    cluster.objects[:] = [one for one in cluster.objects if one["metadata"]["uid"] not in gone]
    for one in cluster.objects:
        if one["kind"] == "EndpointSlice":
            one["endpoints"] = [end for end in one["endpoints"] if _target(one, end) not in pods]
    for key in [key for key in cluster.metrics if key[:2] in pods]:
        del cluster.metrics[key]


def place(one: Plain) -> tuple[str, str]:
    """The namespace and name of an object."""
    return one["metadata"].get("namespace", ""), one["metadata"]["name"]


def _owners(one: Plain) -> set[str]:
    return {owner["uid"] for owner in one["metadata"].get("ownerReferences", ())}


def _target(slice_: Plain, end: Plain) -> tuple[str, str]:
    return slice_["metadata"]["namespace"], end["targetRef"]["name"]


def pods_behind(cluster: Cluster, workload: Plain) -> list[Plain]:
    """The pods of a workload, directly or by a ReplicaSet."""
    owners = {workload["metadata"]["uid"]}
    owners |= {
        one["metadata"]["uid"] for one in cluster.objects if one["kind"] == "ReplicaSet" and _owners(one) & owners
    }
    return [one for one in cluster.objects if one["kind"] == "Pod" and _owners(one) & owners]


def crashing(name: str) -> Edit:
    """The pods of a workload crash: none is ready, nothing answers, nothing is exposed."""

    def edit(cluster: Cluster) -> None:
        one = named(cluster, name)
        for count in _COUNTS:
            if count in one["status"]:
                one["status"][count] = 0
        for condition in one["status"].get("conditions", ()):
            condition |= {"status": "False", "reason": "MinimumReplicasUnavailable"}
        _crash(cluster, pods_behind(cluster, one))

    return edit


def crashing_pod(prefix: str) -> Edit:
    """The pods whose `namespace/name` starts so crash."""

    def edit(cluster: Cluster) -> None:
        found = [one for one in cluster.objects if one["kind"] == "Pod" and "/".join(place(one)).startswith(prefix)]
        _crash(cluster, found)

    return edit


def _crash(cluster: Cluster, pods: list[Plain]) -> None:
    if not pods:
        raise KeyError("no pods")
    broken = {place(one) for one in pods}
    for one in pods:
        one["status"]["conditions"] = [
            each | ({"status": "False"} if each["type"] == "Ready" else {}) for each in one["status"]["conditions"]
        ]
        for status in one["status"]["containerStatuses"]:
            status |= {"ready": False, "started": False, "restartCount": 23, "state": CRASHING}
    for one in cluster.objects:
        for end in one["endpoints"] if one["kind"] == "EndpointSlice" else ():
            if _target(one, end) in broken:
                end["conditions"] = {"ready": False, "serving": False, "terminating": False}
    for key in [key for key in cluster.metrics if key[:2] in broken]:
        del cluster.metrics[key]


def scaled_to_zero(name: str) -> Edit:
    """A workload has no replicas: its condition Available stays True, and its pods are gone."""

    def edit(cluster: Cluster) -> None:
        one = named(cluster, name)
        if one["kind"] == "DaemonSet":
            one["status"] |= dict.fromkeys(
                ("desiredNumberScheduled", "currentNumberScheduled", "updatedNumberScheduled", *_COUNTS[2:]), 0
            )
        else:
            one["spec"]["replicas"] = 0
            one["status"] |= {key: 0 for key in one["status"] if key.endswith(("eplicas", "replicas"))}
        _remove(cluster, {each["metadata"]["uid"] for each in pods_behind(cluster, one)})

    return edit


def unobserved(name: str) -> Edit:
    """The spec is newer than what the controller has seen of it."""

    def edit(cluster: Cluster) -> None:
        one = named(cluster, name)
        one["metadata"]["generation"] = one["metadata"].get("generation", 1) + 1

    return edit


def condition_is(name: str, kind: str, status: str) -> Edit:
    """A condition has another status."""

    def edit(cluster: Cluster) -> None:
        for condition in conditions_of(named(cluster, name), kind):
            condition |= {"status": status, "reason": "Broken"}

    return edit


def without_condition(name: str, kind: str) -> Edit:
    """A condition is not there, as before a controller has looked at an object."""

    def edit(cluster: Cluster) -> None:
        one = named(cluster, name)
        conditions_of(one, kind)
        for holder in _holders(one):
            holder["conditions"] = [each for each in holder["conditions"] if each["type"] != kind]

    return edit


def conditions_of(one: Plain, kind: str) -> list[Plain]:
    """The conditions of a type: of the object, or those that each of its parents gives.

    Raises:
        KeyError: There is none.
    """
    found = [each for holder in _holders(one) for each in holder["conditions"] if each["type"] == kind]
    if not found:
        raise KeyError(kind)
    return found


def _holders(one: Plain) -> Iterator[Plain]:
    status = one.get("status", {})
    for holder in (status, *status.get("parents", ())):
        if "conditions" in holder:
            yield holder


def field_is(name: str, path: tuple[str | int, ...], value: Any) -> Edit:
    """A field has another value, or is gone when that is None."""
    *way, last = path

    def edit(cluster: Cluster) -> None:
        node: Any = named(cluster, name)
        for part in way:
            node = node[part]
        if value is None:
            del node[last]
        elif node[last] == value:
            raise KeyError(path)
        else:
            node[last] = value

    return edit


def no_endpoints(service: str) -> Edit:
    """Nothing stands behind a Service (`namespace/name`): its slice is there, and empty."""
    return _on_slices(service, lambda one: one.update(endpoints=[]))


def unready_endpoints(service: str) -> Edit:
    """What stands behind a Service (`namespace/name`) is not ready."""

    def spoil(one: Plain) -> None:
        for end in one["endpoints"]:
            end["conditions"] = {"ready": False, "serving": False, "terminating": True}

    return _on_slices(service, spoil)


def _on_slices(service: str, spoil: Callable[[Plain], object]) -> Edit:
    space, _, name = service.partition("/")

    def edit(cluster: Cluster) -> None:
        found = [
            one
            for one in cluster.objects
            if one["kind"] == "EndpointSlice"
            and one["metadata"]["namespace"] == space
            and one["metadata"]["labels"]["kubernetes.io/service-name"] == name
        ]
        if not found:
            raise KeyError(service)
        for one in found:
            spoil(one)

    return edit


def on_accelerator_nodes(spoil: Callable[[Plain], object], *, first: bool = False) -> Edit:
    """Something happens to the nodes with accelerators, or to the first of them only."""

    def edit(cluster: Cluster) -> None:
        found = [one for one in cluster.objects if one["kind"] == "Node" and is_accelerated(one)]
        for one in found[:1] if first else found:
            spoil(one)

    return edit


def is_accelerated(node: Plain) -> bool:
    """Whether a node is one of those that were built with accelerators."""
    labels = node["metadata"]["labels"]
    return any("gpu" in key for key in labels) or "cloud.google.com/gke-accelerator" in labels


def drop_labels(*keys: str) -> Edit:
    """Nodes lose labels; with the `*` at its end a key stands for all that start so."""

    def spoil(node: Plain) -> None:
        labels = node["metadata"]["labels"]
        for key in list(labels):
            if any(key == wanted or (wanted.endswith("*") and key.startswith(wanted[:-1])) for wanted in keys):
                del labels[key]

    return on_accelerator_nodes(spoil)


def label(key: str, value: str) -> Edit:
    """The nodes with accelerators have a label with another value."""
    return on_accelerator_nodes(lambda node: node["metadata"]["labels"].update({key: value}))


def offers(resource: str, count: int) -> Edit:
    """The nodes with accelerators offer another number of a resource."""

    def spoil(node: Plain) -> None:
        for key in ("allocatable", "capacity"):
            if resource in node["status"][key]:
                node["status"][key][resource] = str(count)

    return on_accelerator_nodes(spoil)


def without_kind(*keys: str) -> Edit:
    """All objects of kinds (`Kind.group`) are gone."""

    def edit(cluster: Cluster) -> None:
        found = {one["metadata"]["uid"] for one in cluster.objects if key_of(one) in keys}
        if not found:
            raise KeyError(keys)
        _remove(cluster, found)

    return edit


def on_slices_of(driver: str, spoil: Callable[[Plain], object]) -> Edit:
    """Something happens to the ResourceSlices of a driver."""

    def edit(cluster: Cluster) -> None:
        found = [one for one in cluster.objects if one["kind"] == "ResourceSlice" and one["spec"]["driver"] == driver]
        if not found:
            raise KeyError(driver)
        for one in found:
            spoil(one)

    return edit


def stale_slices(driver: str) -> Edit:
    """Of each pool of a driver only a part is published: the rest is of a generation that is gone."""
    return on_slices_of(driver, lambda one: one["spec"]["pool"].update(resourceSliceCount=2))


def without_attributes(driver: str, *names: str) -> Edit:
    """The devices of a driver do not have some attributes."""

    def spoil(one: Plain) -> None:
        for device in one["spec"]["devices"]:
            for name in names:
                device["attributes"].pop(name, None)

    return on_slices_of(driver, spoil)


def not_served(group: str) -> Edit:
    """A group of the API is not served."""

    def edit(cluster: Cluster) -> None:
        cluster.unserved.add(group)

    return edit


def metrics_without(*needles: str) -> Edit:
    """What is exposed has no sample line with one of these texts."""

    def edit(cluster: Cluster) -> None:
        found = False
        for key, text in cluster.metrics.items():
            kept = [line for line in text.splitlines() if not any(needle in line for needle in needles)]
            found |= len(kept) < len(text.splitlines())
            cluster.metrics[key] = "".join(f"{line}\n" for line in kept)
        if not found:
            raise KeyError(needles)

    return edit


def metrics_as_help(prefix: str) -> Edit:
    """The names of series stand in HELP lines only."""

    def edit(cluster: Cluster) -> None:
        for key, text in cluster.metrics.items():
            lines = text.splitlines()
            names = sorted({line.partition("{")[0] for line in lines if line.startswith(prefix)})
            kept = [line for line in lines if not line.startswith(prefix)]
            cluster.metrics[key] = "".join(f"# HELP {name} A value.\n" for name in names) + "".join(
                f"{x}\n" for x in kept
            )

    return edit


def intruder(**spec: Any) -> Edit:
    """A pod of nobody on the first node with an accelerator; keywords go into its spec, `part` into its container."""
    part = spec.pop("part", {})

    def edit(cluster: Cluster) -> None:
        node = next(one for one in cluster.objects if one["kind"] == "Node" and is_accelerated(one))
        main = container("shell", "docker.io/library/debian:13", **part)
        cluster.add(pod("notebook-0", "default", node=node["metadata"]["name"], containers=[main], **spec))

    return edit


def result_is(requirement: str, outcome: str) -> Edit:
    """The imported tests of a requirement have another outcome."""

    def edit(cluster: Cluster) -> None:
        found = [row for row in cluster.results if row["requirement"] == requirement]
        if not found:
            raise KeyError(requirement)
        for row in found:
            row["outcome"] = outcome

    return edit


def without_results(requirement: str) -> Edit:
    """No tests of a requirement were imported."""

    def edit(cluster: Cluster) -> None:
        cluster.results = [row for row in cluster.results if row["requirement"] != requirement]

    return edit


def without_users() -> Edit:
    """No pod holds an accelerator."""

    def edit(cluster: Cluster) -> None:
        pods = [one for one in cluster.objects if one["kind"] == "Pod"]
        _remove(cluster, {one["metadata"]["uid"] for one in pods if '"nvidia.com/gpu":' in str(one).replace("'", '"')})

    return edit
