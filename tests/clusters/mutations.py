"""Single breakages of what a passing cluster shows: `mutations()` gives them all.

None of them may leave the result of its requirement at `pass`, except where another thing still shows it (`stands`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.clusters.breakages import of_cluster
from tests.clusters.edits import (
    condition_is,
    crashing,
    named,
    scaled_to_zero,
    unobserved,
    without,
    without_condition,
)
from tests.clusters.shows import SHOWS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clusters.cluster import Cluster
    from tests.clusters.edits import Edit

_WORKLOADS = ("Deployment.apps", "StatefulSet.apps", "DaemonSet.apps")
# Conditions that say nothing of whether an object works.
_IDLE = frozenset(
    {
        "Reconciled",
        "PredictorReady",
        "IngressReady",
        "HeadPodReady",
        "NodeClassReady",
        "ValidationSucceeded",
        "ResourceReady",
        "InferenceReady",
    }
)
# Kinds whose controllers do not write which generation they have seen, or that a policy cannot hold to it.
_UNDATED = frozenset({"HorizontalPodAutoscaler", "ConfigMap", "DaemonSet"})


class Mutation(NamedTuple):
    """A breakage.

    Attributes:
        cluster: The cluster that is broken.
        requirement: What it then no longer shows.
        name: What is broken.
        edit: Breaks a copy of the cluster.
        stands: Why the requirement is still shown; empty when it is not.
    """

    cluster: str
    requirement: str
    name: str
    edit: Edit
    stands: str = ""


def mutations(clusters: dict[str, Cluster]) -> Iterator[Mutation]:
    """All mutations.

    Args:
        clusters: The clusters as they are built; which mutations there are follows from what is in them.
    """
    for name, cluster in clusters.items():
        for requirement, shown in SHOWS[name].items():
            if shown.result == "pass":
                for relied in shown.relies:
                    yield from _generic(name, requirement, relied, cluster)
        for requirement, what, edit in of_cluster(name):
            yield Mutation(name, requirement, what, edit)


def _generic(name: str, requirement: str, relied: str, cluster: Cluster) -> Iterator[Mutation]:
    one = named(cluster, relied)
    yield Mutation(name, requirement, f"{relied}: gone", without(relied))
    if relied.startswith(_WORKLOADS):
        yield Mutation(name, requirement, f"{relied}: crashes", crashing(relied))
        yield Mutation(name, requirement, f"{relied}: scaled to zero", scaled_to_zero(relied))
    else:
        for condition in one.get("status", {}).get("conditions", ()):
            if condition["status"] == "True" and condition["type"] not in _IDLE:
                kind = condition["type"]
                for status in ("False", "Unknown"):
                    edit = condition_is(relied, kind, status)
                    yield Mutation(name, requirement, f"{relied}: {kind} {status}", edit)
                yield Mutation(name, requirement, f"{relied}: without {kind}", without_condition(relied, kind))
    if one["kind"] not in _UNDATED and _is_dated(one):
        yield Mutation(name, requirement, f"{relied}: newer than observed", unobserved(relied))


def _is_dated(one: dict[str, dict[str, object]]) -> bool:
    return "observedGeneration" in str(one.get("status"))
