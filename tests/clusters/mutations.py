"""Single breakages of what a passing cluster shows: `mutations()` gives them all.

None of them may leave the result of its requirement at `pass`, except where another thing still shows it (`stands`).
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from tests.clusters.breakages import of_cluster
from tests.clusters.edits import (
    condition_is,
    crashing,
    named,
    scaled_to_zero,
    several,
    unobserved,
    without,
    without_condition,
    without_results,
)
from tests.clusters.shows import SHOWS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.clusters.breakages import Row
    from tests.clusters.cluster import Cluster
    from tests.clusters.edits import Edit
    from tests.clusters.parts import Plain

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


# Cluster, requirement and name (globs) of what leaves something that shows the requirement, and what that is.
_STANDS = (
    ("*", "pod_autoscaling", "Deployment.apps *: newer than observed", "the APIService still answers"),
    ("*", "advanced_inference_ingress", "Deployment.apps *: newer than observed", "the endpoint picker still answers"),
    ("*", "ai_service_metrics", "Prometheus.*: without Available", "its replicas say the same"),
    ("*", "gang_scheduling", "ClusterQueue.*: gone", "Kueue is ready, and a gang has run"),
    ("*", "gang_scheduling", "a definition is gone", "Kueue is ready, and a gang has run"),
    # All but "every operator crashes".
    ("onprem", "robust_controller", "[!e]*", "Dynamo and Grove are operators too"),
    (
        "*",
        "robust_controller",
        "RayCluster.*: *RayClusterProvisioned*",
        "its state is ready, and that condition is of once",
    ),
)


def mutations(clusters: Mapping[str, Cluster]) -> Iterator[Mutation]:
    """All mutations.

    A test that passed shows a requirement whatever objects are absent, so each takes the results of tests of its
    requirement away too, except where these are all that shows it.

    Args:
        clusters: The clusters as they are built; which mutations there are follows from what is in them.
    """
    for name, cluster in clusters.items():
        for requirement, what, edit in _rows(name, cluster):
            alone = edit if requirement == "secure_accelerator_access" else several(without_results(requirement), edit)
            yield Mutation(name, requirement, what, alone, _stands(name, requirement, what))


def _stands(*names: str) -> str:
    return next((row[3] for row in _STANDS if all(map(fnmatchcase, names, row[:3]))), "")


def _rows(name: str, cluster: Cluster) -> Iterator[Row]:
    for requirement, shown in SHOWS[name].items():
        for relied in shown.relies:
            for what, edit in _generic(relied, named(cluster, relied)):
                yield requirement, f"{relied}: {what}", edit
    yield from of_cluster(name)


def _generic(relied: str, one: Plain) -> Iterator[tuple[str, Edit]]:
    yield "gone", without(relied)
    if relied.startswith(_WORKLOADS):
        yield "crashes", crashing(relied)
        yield "scaled to zero", scaled_to_zero(relied)
    else:
        for condition in one.get("status", {}).get("conditions", ()):
            kind = condition["type"]
            if condition["status"] == "True" and kind not in _IDLE:
                yield f"{kind} False", condition_is(relied, kind, "False")
                yield f"without {kind}", without_condition(relied, kind)
    if one["kind"] not in _UNDATED and "observedGeneration" in str(one.get("status")):
        yield "newer than observed", unobserved(relied)
