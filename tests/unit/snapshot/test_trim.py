"""Cutting objects down."""

import json
from typing import Any

import msgspec
import pytest

from aiconf.snapshot.format import Item
from aiconf.snapshot.trim import Default
from tests.clusters import deployment, job, node, pod, thing


def raw(one):
    return json.dumps(one).encode()


def kept(trimmer, one, default=None):
    item = trimmer.trim(raw(one), default)
    assert isinstance(item, Item), item
    return json.loads(item.raw)


def test_an_item_knows_its_kind_namespace_and_name(trimmer):
    assert trimmer.trim(raw(deployment("a", "b")))[:3] == ("Deployment.apps", "b", "a")
    assert trimmer.trim(raw(node("n")))[:3] == ("Node", "", "n")


def test_only_fields_of_the_collection_are_kept(trimmer):
    one = pod("p", serviceAccountName="x", dnsPolicy="Default")
    one["extra"] = {"deep": [1]}
    result = kept(trimmer, one)
    assert set(result) == {"apiVersion", "kind", "metadata", "spec", "status"}
    assert set(result["spec"]) == {"containers", "nodeName", "schedulerName"}


def test_null_stays_null_and_absent_stays_absent(trimmer):
    one = thing("v1", "Pod", "p", "d", spec={"nodeName": None, "hostPID": False, "volumes": [{"emptyDir": {}}]})
    assert kept(trimmer, one)["spec"] == {"nodeName": None, "hostPID": False, "volumes": [{}]}


def test_every_type_of_field_keeps_its_values(trimmer):
    one = thing(
        "nvidia.com/v1alpha1", "DynamoGraphDeployment", "g", "d",
        spec={"services": {"a": {"replicas": 2, "other": 1},
                           "b": {"componentType": "worker", "resources": {"limits": {"gpu": 1}}}}},
    )  # fmt: skip
    assert kept(trimmer, one)["spec"] == {
        "services": {
            "a": {"replicas": 2},
            "b": {"componentType": "worker", "resources": {"limits": {"gpu": 1}}},
        }
    }
    sized = thing("v1", "Node", "n", status={"allocatable": {"cpu": 4, "memory": "1Gi", "x": 0.5}})
    assert kept(trimmer, sized)["status"]["allocatable"] == {"cpu": 4, "memory": "1Gi", "x": 0.5}


def test_what_is_not_collected_is_nothing(trimmer):
    assert trimmer.trim(raw(thing("v1", "Secret", "s", "d", data={}))) is None
    assert trimmer.trim(raw(thing("example.org/v1", "Pod", "p", "d"))) is None
    assert trimmer.trim(b'{"kind": "List", "apiVersion": "v1"}') is None


def test_a_config_map_or_event_is_collected_by_name_or_reason(trimmer):
    assert trimmer.trim(raw(thing("v1", "ConfigMap", "kubeadm-config", "kube-system"))) is not None
    assert trimmer.trim(raw(thing("v1", "ConfigMap", "other", "kube-system"))) is None
    assert trimmer.trim(raw(thing("v1", "ConfigMap", "night-scheduler-configmap", "batch"))) is not None
    assert trimmer.trim(raw(thing("v1", "Event", "e", "d", reason="ScaleDown"))) is not None
    assert trimmer.trim(raw(thing("v1", "Event", "e", "d", reason=["ScaleDown"]))) is None


def test_a_list_says_what_its_items_are(trimmer):
    one = {"metadata": {"name": "p", "namespace": "d"}}
    result = kept(trimmer, one, Default("v1", "Pod"))
    assert (result["apiVersion"], result["kind"]) == ("v1", "Pod")
    # An item that says so itself is what it says.
    assert trimmer.trim(raw(job("j")), Default("v1", "Pod")).kind == "Job.batch"


def test_items_of_a_typed_list_one_after_the_other_are_all_of_its_kind(trimmer):
    for name in "abc":
        one = {"metadata": {"name": name}}
        assert kept(trimmer, one, Default("v1", "Node"))["kind"] == "Node"
        assert kept(trimmer, one, Default("v1", "Pod"))["kind"] == "Pod"
    assert trimmer.trim(raw({"metadata": {"name": "x"}}))["reason"] == "Malformed"


def test_the_kind_of_the_last_object_is_not_taken_for_that_of_the_next(trimmer):
    for one in (pod("a"), node("b"), pod("c"), deployment("d"), node("e")):
        assert trimmer.trim(raw(one)).name == one["metadata"]["name"]
        assert kept(trimmer, one)["kind"] == one["kind"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("spec", []),
        ("spec", "text"),
        ("status", 7),
        ("metadata", {"name": 7}),
        ("metadata", {"name": "x", "labels": {"a": 1}}),
        ("metadata", {"name": "x", "annotations": [1]}),
        ("metadata", {"name": "x", "annotations": {"prometheus.io/scrape": True}}),
        ("spec", {"containers": {}}),
        ("spec", {"containers": [None]}),
        ("spec", {"containers": [{"env": {}}]}),
        ("spec", {"containers": [{"env": ["x"]}]}),
        ("spec", {"containers": [{"env": [{"name": "MIG_STRATEGY", "value": 1}]}]}),
        ("spec", {"containers": [{"args": [1]}]}),
        ("spec", {"containers": [{"args": "text"}]}),
        ("spec", {"hostPID": "yes"}),
        ("status", {"containerStatuses": [{"ready": "many"}]}),
    ],
)
def test_a_field_of_a_wrong_type_makes_an_omission_that_says_where(trimmer, where, value):
    found = trimmer.trim(raw(thing("v1", "Pod", "x", "d") | {where: value}))
    assert (found["kind"], found["reason"], found["version"]) == ("Pod", "Malformed", "v1")
    assert f"$.{where}" in found["message"]


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"7",
        b"null",
        b'{"kind"',
        b"\xff",
        b'{"metadata": []}',
        b"{}",
        b'{"kind": "Pod"}',
        b'{"kind": ["Pod"], "apiVersion": {"v1": 1}}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
    ],
)
def test_what_is_no_object_makes_an_omission(trimmer, text):
    found = trimmer.trim(text)
    assert (found["kind"], found["reason"]) == (None, "Malformed")


def test_an_object_without_a_name_makes_an_omission(trimmer):
    for meta in ({}, {"name": ""}, {"name": None}, None):
        found = trimmer.trim(raw({"apiVersion": "v1", "kind": "Pod", "metadata": meta}))
        assert found["message"] == "an object without a name"


def test_lone_surrogates_and_bytes_that_are_no_utf_8_make_an_omission(trimmer):
    for name in (b'"\\ud800"', b'"\xff"'):
        found = trimmer.trim(b'{"apiVersion":"v1","kind":"Node","metadata":{"name":' + name + b"}}")
        assert found["reason"] == "Malformed"


def test_trimming_what_was_trimmed_changes_nothing(trimmer):
    for one in (pod("p", gpus=1), deployment("d"), node("n", gpus=8)):
        once = trimmer.trim(raw(one))
        assert trimmer.trim(msgspec.Raw(once.raw)) == once


def test_a_list_is_cut_down_as_its_objects_are(trimmer):
    pods = [pod(f"p{number}") for number in range(3)]
    untyped = {"metadata": {"name": "u"}}
    lists: list[list[Any]] = [
        pods,
        [*pods, node("n"), *pods],
        [*pods, thing("v1", "Pod", "broken", spec=7)],
        [*pods, {"kind": "Pod", "apiVersion": "v1"}],
        [*pods, untyped],
        [untyped, untyped],
        [thing("v1", "Secret", "s")],
        [7, None],
        [],
    ]
    for default in (None, Default("v1", "Pod")):
        for objects in lists:
            one_by_one = [found for one in objects if (found := trimmer.trim(raw(one), default)) is not None]
            assert trimmer.trim_list(raw(objects), default) == one_by_one
            trimmer.trim(raw(pods[0]), default)  # the next list is met with pods in mind
            assert trimmer.trim_list(raw(objects), default) == one_by_one


@pytest.mark.parametrize("text", [b"[", b"{}", b'[{"a":1},]', b"", b"[1] 2"])
def test_what_is_no_list_is_an_error(trimmer, text):
    for _ in range(2):
        with pytest.raises(msgspec.DecodeError):
            trimmer.trim_list(text)
        trimmer.trim(raw(pod("p")))
