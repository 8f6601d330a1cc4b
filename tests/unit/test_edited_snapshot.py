"""The edits that an example makes to a fixture."""

import json

import pytest

from aiconf.catalog.runtime import Test as Example
from aiconf.edited_snapshot import edited_snapshot, reference
from aiconf.errors import CatalogError
from tests.clusters import Cluster, deployment, node

RED = "apps/v1 Deployment kennel/red"


@pytest.fixture
def edited(tmp_path):
    document = Cluster().add(deployment("red", "kennel"), node("g")).snapshot()
    (tmp_path / "base.json").write_text(json.dumps(document), encoding="utf-8")
    return lambda snapshot="base", **edits: edited_snapshot(Example("e", "pass", snapshot=snapshot, **edits), tmp_path)


def names(document):
    return {reference(one) for one in document["objects"]}


def test_a_value_is_set_added_and_removed(edited):
    change = {RED: {"/spec/replicas": 7, "/metadata/labels/a~1b": "c", "/status/conditions/Available": None}}
    (red,) = (one for one in edited(change=change)["objects"] if reference(one) == RED)
    assert (red["spec"]["replicas"], red["metadata"]["labels"]["a/b"]) == (7, "c")
    assert "Available" not in [each["type"] for each in red["status"]["conditions"]]


def test_objects_go_and_come(edited):
    document = edited(remove_objects=("apps/v1 Deployment kennel/*",), add_objects=(node("h"),))
    assert names(document) == {"v1 Node g", "v1 Node h"}


def test_what_is_omitted_is_gone_and_said(edited):
    document = edited(omit=("Deployment.apps",))
    assert names(document) == {"v1 Node g"}
    assert (document["metadata"]["complete"], document["omissions"][-1]["kind"]) == (False, "Deployment")


@pytest.mark.parametrize(
    "edit",
    [
        {"snapshot": "absent"},
        {"remove_objects": ("v1 Pod *",)},
        {"change": {"v1 Pod a": {"/a": 1}}},
        {"change": {RED: {"/spec/replicas/below": 1}}},
        {"change": {RED: {"/spec/absent": None}}},
        {"replace_metrics": {"absent": "x"}},
        {"unserved": ("absent.example/v1",)},
    ],
)
def test_an_edit_that_changes_nothing_is_a_mistake(edited, edit):
    with pytest.raises(CatalogError):
        edited(**edit)
