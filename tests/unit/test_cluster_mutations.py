"""What the clusters show is said of all of them, and every mutation breaks something."""

import functools

import pytest

from tests.clusters.catalog import CLUSTERS
from tests.clusters.mutations import mutations
from tests.clusters.shows import SHOWS, table

IDS = {
    "dra_support",
    "driver_runtime_management",
    "gpu_sharing",
    "virtualized_accelerator",
    "ai_inference",
    "advanced_inference_ingress",
    "high_performance_networking",
    "disaggregated_inference",
    "gang_scheduling",
    "cluster_autoscaling",
    "pod_autoscaling",
    "accelerator_metrics",
    "ai_service_metrics",
    "secure_accelerator_access",
    "robust_controller",
    "workload_sandboxing",
}


@functools.cache
def made(name):
    return CLUSTERS[name]()


def test_every_cluster_and_requirement_is_in_the_table():
    assert SHOWS.keys() == CLUSTERS.keys()
    assert {id_ for shown in SHOWS.values() for id_ in shown} == IDS
    assert table().count("\n") == len(IDS) + 2


@pytest.mark.parametrize("name", CLUSTERS)
def test_every_mutation_changes_the_cluster(name):
    cluster, seen = made(name), set()
    for mutation in mutations({name: cluster}):
        broken = cluster.copy()
        broken.results = [row for row in broken.results if row["requirement"] != mutation.requirement]
        before = broken.copy()
        if mutation.requirement == "secure_accelerator_access":
            broken = cluster.copy()
            before = cluster
        mutation.edit(broken)
        assert broken != before, mutation.name
        seen.add((mutation.requirement, mutation.name))
    passing = {id_ for id_, shown in SHOWS[name].items() if shown.result == "pass"}
    assert {id_ for id_, _ in seen} == passing
