"""What differs between two snapshots, and what counts as different."""

import json

import pytest

from aiconf.catalog.load import load_catalog
from aiconf.comparison import compare, find
from aiconf.model import Proof, RequirementRow, Result
from aiconf.observer import read_document
from tests.clusters import Cluster, condition, deployment

REF = "apps/v1 Deployment kennel/red"


@pytest.fixture(scope="module")
def seen():
    catalog = load_catalog()

    def go(*objects):
        raw = json.dumps(Cluster().add(*objects).snapshot()).encode()
        return read_document(raw, catalog, "snapshot.json")

    return go


@pytest.fixture
def red():
    return deployment("red", "kennel")


def row(result=Result.PASS, proof=Proof.OPERATIONAL, objects=(REF,), **more):
    return RequirementRow("snapshot.json", "gang_scheduling", None, None, result, proof, objects=objects, **more)


def test_what_is_judged_alike_is_no_change(seen, red):
    assert compare(seen(red), [row()], seen(red), [row(reasons=("in other words",))]) == []


@pytest.mark.parametrize("now", [row(Result.FAIL), row(proof=Proof.INSTALLED)])
def test_result_and_proof_are_the_verdict(seen, red, now):
    (change,) = compare(seen(red), [row()], seen(red), [now])
    assert change.verdict_changed


def test_another_component_alone_is_no_other_verdict(seen, red):
    (change,) = compare(seen(red), [row()], seen(red), [row(component="Kueue")])
    assert not change.verdict_changed


def test_a_requirement_on_one_side_alone_is_a_change(seen, red):
    (gone,) = compare(seen(red), [row()], seen(red), [])
    (come,) = compare(seen(red), [], seen(red), [row()])
    assert (gone.verdict_changed, gone.new, come.verdict_changed, come.old) == (True, None, True, None)


def test_objects_appear_vanish_and_change(seen, red):
    other = deployment("blue", "kennel")
    scaled = deployment("red", "kennel")
    scaled["spec"]["replicas"] = 7
    both = row(Result.FAIL, objects=(REF, "apps/v1 Deployment kennel/blue", "said in words"))
    (change,) = compare(seen(red), [row()], seen(scaled, other), [both])
    assert [(one.reference, one.how) for one in change.objects] == [
        (REF, "changed"),
        ("apps/v1 Deployment kennel/blue", "appeared"),
    ]
    assert ("/spec/replicas", 1, 7) in change.objects[0].fields
    (back,) = compare(seen(red, other), [both], seen(red), [row()])
    assert [one.how for one in back.objects] == ["same", "vanished"]


def test_the_order_of_conditions_and_their_times_are_no_change(seen):
    one, two = deployment("red", "kennel"), deployment("red", "kennel")
    one["status"]["conditions"] = [condition("Available"), condition("Progressing")]
    two["status"]["conditions"] = [condition("Progressing"), condition("Available", lastTransitionTime="2026-12-01")]
    (change,) = compare(seen(one), [row()], seen(two), [row(Result.FAIL)])
    assert [found.how for found in change.objects] == ["same"]


@pytest.mark.parametrize("reference", ["", "a", "a b", "a b c d", "apps/v1 Deployment kennel/absent"])
def test_what_names_no_object_finds_none(seen, red, reference):
    assert find(reference, seen(red)) is None
