"""Which pods use accelerators, networks, sandboxes and exporters, and what metrics say of each node."""

import json

import pytest

from aiconf.cluster.coverage import metric_coverage
from tests.clusters import container, node, pod, resource_claim, resource_slice

GPU_NODE = node("g", gpus=2)
STATUS = "k8s.v1.cni.cncf.io/network-status"
CLUSTER, FAST = {"name": "cilium", "interface": "eth0"}, {"name": "train/fast", "interface": "net1"}


def test_what_all_containers_of_a_pod_ask_for_is_added_up(cluster_fact):
    parts = [container("a", gpus=1), container("b", gpus=2), container("c")]
    (found,) = cluster_fact("accelerator_pods", GPU_NODE, pod("p", node="g", containers=parts), pod("q", node="g"))
    assert (found["pod"], found["node"], found["running"]) == ("v1 Pod default/p", "g", True)
    assert (found["resources"], found["shares"]) == ({"nvidia.com/gpu": 3}, [])
    assert found["scheduler"] == "default-scheduler"


@pytest.mark.parametrize(
    ("made", "share"),
    [
        (pod("p", annotations={"gpu-fraction": "0.5"}, schedulerName="kai-scheduler"), "gpu-fraction"),
        (pod("p", containers=[container(resources={"limits": {"nvidia.com/gpumem": "4000"}})]), "nvidia.com/gpumem"),
    ],
)
def test_shares_are_known_by_the_table(cluster_fact, made, share):
    (found,) = cluster_fact("accelerator_pods", GPU_NODE, made)
    assert found["shares"] == [share]


@pytest.mark.parametrize(
    ("entries", "networks"),
    [
        ([CLUSTER | {"default": True}, FAST], ["train/fast"]),
        ([CLUSTER, FAST], ["train/fast"]),
        ([CLUSTER | {"default": True}], None),
        ([CLUSTER], None),
        ({"name": "no list"}, None),
    ],
)
def test_a_further_network_is_one_beside_that_of_the_cluster(cluster_fact, entries, networks):
    found = cluster_fact("attached_pods", pod("p", annotations={STATUS: json.dumps(entries)}))
    assert [one["networks"] for one in found] == ([networks] if networks else [])


def test_a_pod_that_wishes_for_a_network_is_not_attached_to_it(cluster_fact):
    assert cluster_fact("attached_pods", pod("p", annotations={"k8s.v1.cni.cncf.io/networks": "train/fast"})) == []


def test_pods_that_name_a_runtime_class(cluster_fact):
    waiting = pod("p", phase="Pending", runtimeClassName="gvisor")
    ended = pod("q", phase="Succeeded", runtimeClassName="gvisor")
    first, second = cluster_fact("class_pods", waiting, ended, pod("r"))
    assert (first["runtime_class"], first["running"], first["reason"]) == ("gvisor", False, "its phase is Pending")
    assert first["waiting"] == "CrashLoopBackOff"
    assert (second["pod"], second["running"]) == ("v1 Pod default/q", True)


def test_exporters_are_known_by_their_image(cluster_fact):
    made = pod("e", node="g", image="mirror.example/nvidia/k8s/dcgm-exporter:4.5.3")
    other = pod("o", image="registry.example/not-dcgm-exporter-at-all:v1")
    (found,) = cluster_fact("exporter_pods", GPU_NODE, made, other)
    assert (found["pod"], found["exporter"], found["vendor"]) == ("v1 Pod default/e", "nvidia_dcgm", "nvidia")


def test_a_claim_is_held_for_a_pod_that_is_the_same(cluster_fact):
    user = pod("p", node="g")
    other = pod("p", node="g") | {"metadata": user["metadata"] | {"uid": "another"}}
    claim = resource_claim("c", pool="g", reserved_for=user)
    slices = resource_slice("g")
    (found,) = cluster_fact("allocations", GPU_NODE, slices, user, claim)
    assert (found["claim"], found["accelerator"], found["kind"]) == (
        "resource.k8s.io/v1 ResourceClaim default/c",
        True,
        "accelerator",
    )
    assert [one["running"] for one in found["pods"]] == [True]
    (found,) = cluster_fact("allocations", GPU_NODE, slices, other, claim)
    assert [one["running"] for one in found["pods"]] == [None]


def test_an_allocation_of_a_stale_slice_is_of_no_accelerator(cluster_fact):
    stale = resource_slice("g", slices=2)
    (found,) = cluster_fact("allocations", GPU_NODE, stale, resource_claim("c", pool="g", reserved_for=pod("p")))
    assert (found["kind"], found["accelerator"]) == ("", False)


def the_node(**more):
    plain = {"name": "g", "ref": "v1 Node g", "vendor": "nvidia", "devices": 2, "fake": False, "resources": {"core": 4}}
    return plain | more


def device(identity, *needs, **labels):
    every = ("utilization", "memory", "temperature", "power", "interconnect")
    return {"id": identity, "labels": labels, **{need: need in needs for need in every}}


def source(*devices, **more):
    plain = {"source": "v1 Pod a/e", "serves": "accelerator", "vendor": "nvidia", "node": "g", "fake": False}
    return plain | {"unit": "", "in_use": False, "devices": list(devices)} | more


BOTH = ("utilization", "memory")


@pytest.mark.parametrize(
    ("sources", "shown", "asked"),
    [
        ([source(device("A", *BOTH), device("B", *BOTH))], 2, True),
        ([source(device("A", *BOTH), device("B", "memory"))], 1, True),
        ([source(device("A/1", "utilization"), device("A/2", "memory"), device("B", *BOTH))], 2, True),
        ([source(device("A", *BOTH, Hostname="g"), device("B", *BOTH, Hostname="h"), node=None)], 1, False),
        ([source(device("A", *BOTH), node="h")], 0, False),
        ([source(device("A", *BOTH), vendor="amd")], 0, False),
        ([source(device("A", *BOTH), vendor="")], 1, True),
        ([source(vendor="")], 0, False),
        ([source(device("A", *BOTH), fake=True)], 0, False),
        ([source(device("A", *BOTH), serves="inference")], 0, False),
        ([source(device("0", *BOTH), device("1", *BOTH), unit="core")], 1, True),
        ([source(device("1", *BOTH), device("2", *BOTH), unit="core")], 2, True),
        ([source(device("A", *BOTH), device("B", *BOTH), unit="core")], 2, True),
        ([source(device("0", *BOTH), device("1", *BOTH), unit="other")], 2, True),
    ],
)
def test_devices_with_utilization_and_memory_are_counted(sources, shown, asked):
    (found,) = metric_coverage([the_node()], sources, [])
    assert (found["shown"], bool(found["sources"])) == (shown, asked)


def test_nodes_that_are_made_up_are_left_out():
    assert metric_coverage([the_node(fake=True)], [source(device("A", *BOTH))], []) == []


def test_what_is_exposed_beyond_the_core_and_by_which_pods():
    pods = [{"node": "g", "vendor": "nvidia", "pod": "v1 Pod a/e"}, {"node": "g", "vendor": "amd", "pod": "v1 Pod a/f"}]
    (found,) = metric_coverage([the_node()], [source(device("A", "power"))], pods)
    assert (found["further"], [one["pod"] for one in found["pods"]]) == (["power"], ["v1 Pod a/e"])
