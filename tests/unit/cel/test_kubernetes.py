"""What objects say of themselves: the ready tests, conditions, references, selectors."""

import pytest

from aiconf.cel import reference
from aiconf.cel.compile import compile_node
from aiconf.cel.kubernetes import condition, field, maps, number, ready, ref, selects, texts, unready
from aiconf.cel.parse import parse
from aiconf.errors import CelError
from tests.clusters import (
    api_service,
    crd,
    daemon_set,
    deployment,
    gateway,
    node,
    pod,
    service,
    stateful_set,
)
from tests.clusters import (
    condition as cond,
)


def without(thing, *path):
    below = field(thing, *path[:-1])
    del below[path[-1]]
    return thing


def available_at_zero():
    """Scaled away: its controller still calls it Available."""
    return deployment("a", replicas=0)


@pytest.mark.parametrize(
    ("thing", "reason"),
    [
        (deployment("a", replicas=3), ""),
        (deployment("a", replicas=3, available=1), "1 of 3 replicas is available"),
        (deployment("a", replicas=3, available=2), "2 of 3 replicas are available"),
        (available_at_zero(), "it is scaled to no replicas"),
        (deployment("a", generation=2, observed=1), "generation 2 is not observed yet, but 1"),
        (without(deployment("a"), "status", "observedGeneration"), "generation 1 is not observed yet, but 0"),
        (without(deployment("a"), "status", "conditions"), "its condition Available is not set"),
        (without(deployment("a"), "spec", "replicas"), ""),  # one, by default
        (without(deployment("a"), "status"), "0 of 1 replicas are available"),
        (daemon_set("a", desired=2), ""),
        (daemon_set("a", desired=2, ready=1), "it is ready on 1 of 2 nodes"),
        (daemon_set("a", desired=0), "no node is meant to run it"),
        (stateful_set("a", replicas=2), ""),
        (stateful_set("a", replicas=2, ready=0), "0 of 2 replicas are ready"),
        (stateful_set("a", replicas=0), "it is scaled to no replicas"),
        (crd("things.example.com"), ""),
        (crd("things.example.com", established=False), "its condition Established is False (Established)"),
        (api_service("v1.example.com"), ""),
        (
            api_service("v1.example.com", available=False, reason="MissingEndpoints"),
            "its condition Available is False (MissingEndpoints)",
        ),
        (pod("a"), ""),
        (pod("a", phase="Pending"), "its phase is Pending"),
        (pod("a", ready=False), "its condition Ready is False (CrashLoopBackOff)"),
        (node("a"), ""),
        (node("a", ready=False), "its condition Ready is False (KubeletNotReady)"),
        (None, "it does not exist"),
    ],
)
def test_an_object_is_ready_by_the_strict_definition_or_says_why_not(thing, reason):
    assert unready(thing) == reason
    assert ready(thing) == {"ready": not reason, "reason": reason}


def test_a_definition_of_which_no_version_is_served_is_not_ready():
    one = crd("things.example.com")
    one["spec"]["versions"][0]["served"] = False
    assert unready(one) == "no version of it is served"


def test_a_definition_whose_names_clash_is_not_ready():
    one = crd("things.example.com")
    one["status"]["conditions"][0]["status"] = "False"
    assert "NamesAccepted is False" in unready(one)


@pytest.mark.parametrize("thing", [service("a"), {}, {"kind": 1}, [], "text"])
def test_what_has_no_ready_test_is_an_error(thing):
    with pytest.raises(CelError, match=r"ready\(\) knows Deployment"):
        ready(thing)


def test_a_condition_of_an_earlier_generation_is_unknown():
    one = gateway("g", of="c")
    assert condition(one, "Programmed") == "True"
    one["metadata"]["generation"] = 2
    assert condition(one, "Programmed") == "Unknown"


def test_a_condition_of_a_part_is_held_against_the_generation_of_the_whole():
    listener = {"conditions": [cond("Programmed", observedGeneration=1)]}
    assert condition(listener, "Programmed") == "True"
    assert condition(listener, "Programmed", 2) == "Unknown"


def test_a_condition_that_never_says_its_generation_counts():
    one = {"metadata": {"generation": 5}, "status": {"conditions": [cond("Ready")]}}
    assert condition(one, "Ready") == "True"
    assert condition(one, "Absent") == ""


@pytest.mark.parametrize(
    ("thing", "expected"),
    [
        (deployment("binder", "kai-scheduler"), "apps/v1 Deployment kai-scheduler/binder"),
        (node("gpu-0"), "v1 Node gpu-0"),
        ({}, ""),
        (None, ""),
        ({"metadata": {"name": 1}, "kind": ["x"]}, ""),
    ],
)
def test_references_have_one_form(thing, expected):
    assert ref(thing) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        (None, False),
        ({}, True),
        ("text", False),
        ({"matchLabels": {"a": "1"}}, True),
        ({"matchLabels": ["a"]}, False),
        ({"matchLabels": {"a": {}}}, False),
        ({"matchExpressions": [{"key": "a", "operator": "In", "values": "1"}]}, False),
        ({"matchExpressions": ["x"]}, True),
    ],
)
def test_selectors_of_any_shape_are_answered(selector, expected):
    assert selects(selector, {"a": "1"}) is expected


def test_labels_of_any_shape_are_answered():
    assert selects({"matchLabels": {"a": "1"}}, None) is False
    assert selects({}, 1) is True


@pytest.mark.parametrize("thing", [None, [], "x", 1, {"a": None}, {"a": []}, {"a": [None, 1, "t", {"b": True}]}])
def test_looking_into_anything_never_fails(thing):
    assert field(thing, "a", "b") is None
    assert all(isinstance(one, dict) for one in maps(thing, "a"))
    assert all(isinstance(one, str) for one in texts(thing, "a"))
    assert number(thing, "a", default=3) == 3


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("ready(x).ready", False),
        ("ready(x).reason", "1 of 3 replicas is available"),
        ("condition(x, 'Available')", "False"),
        ("condition(x, 'Available', 3)", "False"),
        ("condition(x, 'No')", ""),
        ("ref(x)", "apps/v1 Deployment default/a"),
        ("selects(x.spec.selector, {'app': 'a'})", True),
        ("selects(null, {'app': 'a'})", False),
        ("ready(null).ready", False),
    ],
)
def test_both_engines_have_them(expression, expected):
    bindings = {"x": deployment("a", replicas=3, available=1)}
    assert compile_node(parse(expression)).evaluate(bindings) == expected
    assert reference.evaluate(expression, bindings) == expected


@pytest.mark.parametrize("expression", ["ready({})", "ready(1)", "condition(x, 1)", "ref()"])
def test_wrong_uses_are_errors_on_both_engines(expression):
    bindings = {"x": deployment("a")}
    for evaluate in (
        lambda: compile_node(parse(expression)).evaluate(bindings),
        lambda: reference.evaluate(expression, bindings),
    ):
        with pytest.raises(CelError):
            evaluate()
