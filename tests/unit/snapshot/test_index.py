"""Finding objects."""

import json

import pytest

from aiconf.cel.kubernetes import selects
from aiconf.snapshot.index import Index, kind_key
from tests.clusters import (
    Cluster,
    daemon_set,
    deployment,
    endpoint_slice,
    job,
    node,
    pod,
    pods_of,
    reference,
    service,
    thing,
)

OPERATOR = deployment("operator", "ops", replicas=2)
SET, *PODS = pods_of(OPERATOR, ["node-1", "node-2"])
SERVICE = service("hook", "ops", selector={"app": "operator"})


@pytest.fixture
def index(read):
    objects = [
        node("node-1"),
        OPERATOR,
        SET,
        *PODS,
        SERVICE,
        endpoint_slice(SERVICE, PODS),
        pod("alone"),
        daemon_set("plugin"),
    ]
    return read(alone=Cluster().add(*objects).snapshot())


def test_objects_are_found_by_kind_and_name(index):
    assert index.count("Pod") == 3
    assert index.count("Job.batch") == 0
    assert list(index.each("Job.batch")) == []
    assert index.find("Node", None, "node-1")["kind"] == "Node"
    assert index.find("Node", "", "node-1") == index.find("Node", None, "node-1")
    assert index.find("Pod", "ops", "alone") is None
    assert index.find("Pod", "default", "alone")["metadata"]["name"] == "alone"
    assert index.kinds() == (
        "DaemonSet.apps",
        "Deployment.apps",
        "EndpointSlice.discovery.k8s.io",
        "Node",
        "Pod",
        "ReplicaSet.apps",
        "Service",
    )


def test_objects_can_be_picked_by_a_text_in_them(index):
    assert [one["metadata"]["name"] for one in index.each("Pod", containing='"alone"')] == ["alone"]
    assert list(index.each("Pod", containing="nowhere")) == []


def test_objects_are_decoded_once_where_that_is_asked_for(index):
    assert index.objects("Pod") is index.objects("Pod")
    assert index.objects("Pod") == list(index.each("Pod"))
    assert index.objects("Nothing") == []


def test_owners_are_followed_to_the_top(index):
    one = index.find("Pod", "ops", PODS[0]["metadata"]["name"])
    assert [(owner["kind"], owner["metadata"]["name"]) for owner in index.owners(one)] == [
        ("ReplicaSet", SET["metadata"]["name"]),
        ("Deployment", "operator"),
    ]
    assert index.owners(index.find("Pod", "default", "alone")) == []


def test_an_owner_of_the_same_name_with_another_uid_is_none(read):
    other = json.loads(json.dumps(SET))
    other["metadata"]["uid"] = "another"
    index = read(alone=Cluster().add(OPERATOR, other, *PODS).snapshot())
    assert index.owners(next(index.each("Pod"))) == []


def test_owners_that_go_in_circles_come_to_an_end(read):
    first, second = job("a"), job("b")
    first["metadata"]["ownerReferences"] = [reference(second)]
    second["metadata"]["ownerReferences"] = [reference(first)]
    index = read(alone=Cluster().add(first, second).snapshot())
    assert len(index.owners(next(index.each("Job.batch")))) == 16


def test_an_owner_may_lie_in_no_namespace(read):
    policy = thing("nvidia.com/v1", "ClusterPolicy", "cluster-policy")
    owned = daemon_set("plugin", "gpu-operator")
    owned["metadata"]["ownerReferences"] = [reference(policy)]
    index = read(alone=Cluster().add(policy, owned).snapshot())
    assert [owner["kind"] for owner in index.owners(next(index.each("DaemonSet.apps")))] == ["ClusterPolicy"]


@pytest.mark.parametrize(
    "references",
    [
        None,
        [],
        [{"kind": "X"}],
        [{"controller": True}],
        [{"controller": True, "apiVersion": None, "kind": None, "name": None}],
    ],
)
def test_malformed_owners_are_none(index, references):
    assert index.owners({"metadata": {"ownerReferences": references}}) == []
    assert index.owners({}) == []


def test_what_an_object_owns_is_found_by_its_uid(index):
    found = index.owned("Pod", SET["metadata"]["uid"])
    assert [one["metadata"]["name"] for one in found] == [one["metadata"]["name"] for one in PODS]
    assert list(index.owned("Pod", OPERATOR["metadata"]["uid"])) == []
    assert list(index.owned("Pod", "")) == []
    assert list(index.owned("Job.batch", SET["metadata"]["uid"])) == []


def test_the_slices_behind_a_service(index):
    [found] = index.endpoint_slices("ops", "hook")
    assert [end["targetRef"]["name"] for end in found["endpoints"]] == [one["metadata"]["name"] for one in PODS]
    assert index.endpoint_slices("default", "hook") == []


def test_objects_are_selected_by_labels_and_namespace(index):
    selector = {"matchLabels": {"app": "operator"}}
    assert len(list(index.select("Pod", "ops", selector))) == 2
    assert len(list(index.select("Pod", None, selector))) == 2
    assert len(list(index.select("Pod", "default", selector))) == 0
    assert len(list(index.select("Pod", None, {}))) == 3
    both = {"matchLabels": {"app": "operator", "tier": "control"}}
    assert list(index.select("Pod", None, both)) == []
    assert list(index.select("Pod", None, {"matchLabels": {"app": None}})) == []


def test_objects_are_found_by_text_and_by_node(index):
    def names(**criteria):
        return sorted(one["metadata"]["name"] for one in index.each("Pod", **criteria))

    first, second = (one["metadata"]["name"] for one in PODS)
    assert names(containing="ReplicaSet") == sorted([first, second])
    assert names(containing=[first, '"alone"']) == sorted(["alone", first])
    assert names(containing="ReplicaSet", on={"node-2"}) == [second]
    assert names(on={"node-1"}) == sorted(["alone", first])
    assert names(containing=[]) == names(on=()) == []
    assert list(index.each("Job.batch", containing="x")) == []


def test_what_is_expected_makes_no_difference(read):
    index = read(alone=Cluster().add(OPERATOR, SET, *PODS, pod("alone")).snapshot())
    index.expect("Pod", ["ReplicaSet", "alone", "nowhere"])
    assert [len(list(index.each("Pod", one))) for one in ("ReplicaSet", "alone", "nowhere", '"Pod"')] == [2, 1, 0, 3]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (None, False),
        ({}, True),
        ({"matchLabels": None}, True),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": {"a": "2"}}, False),
        ({"matchLabels": {"a": "1", "c": "1"}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": ["0", "1"]}]}, True),
        ({"matchExpressions": [{"key": "c", "operator": "In", "values": ["0"]}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "NotIn", "values": ["1"]}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "NotIn", "values": ["1"]}]}, True),
        ({"matchExpressions": [{"key": "b", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "c", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "c", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "a", "operator": "DoesNotExist"}]}, False),
        ({"matchExpressions": [{"key": "a", "operator": "Gt", "values": ["0"]}]}, False),
        ({"matchExpressions": [{}]}, False),
        ({"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "DoesNotExist"}]}, False),
    ],
)
def test_selectors_match_as_in_kubernetes(selector, expected):
    assert selects(selector, {"a": "1", "b": ""}) is expected


def test_kinds_are_told_apart_by_group():
    assert kind_key("v1", "Pod") == "Pod"
    assert kind_key("apps/v1", "Deployment") == "Deployment.apps"
    assert kind_key("scheduling.run.ai/v2alpha2", "PodGroup") != kind_key("scheduling.volcano.sh/v1beta1", "PodGroup")


def test_what_is_served_is_unknown_without_discovery(read):
    assert read(alone={"kind": "List", "items": [node("n")]}).serves("apps") is None
    index = read(alone=Cluster(version="v1.34.2").add(node("n")).snapshot())
    assert index.serves("resource.k8s.io", "v1", "resourceslices") is True
    assert index.serves("resource.k8s.io", "v1beta1") is False


def test_an_omission_of_anything_is_one_of_every_kind(read):
    omission = {"kind": None, "group": None, "reason": "Unreadable", "message": "x"}
    index = read(alone=Cluster().add(node("n")).snapshot(omissions=[omission]))
    assert len(index.omitted("Pod")) == 1
    assert isinstance(index, Index)
