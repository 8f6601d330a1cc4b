"""Facts of clusters made with the builders, read back as a snapshot."""

import json
from pathlib import Path

import pytest
import yaml

from aiconf.cluster.facts import snapshot_facts
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import load_snapshot
from tests.clusters import Cluster

POLICIES = Path(__file__).parents[3] / "policies"
TABLES = (
    "accelerators",
    "access",
    "autoscaling",
    "components",
    "disaggregation",
    "distributions",
    "exporters",
    "gateways",
    "monitoring",
    "operators",
    "scaling_metrics",
    "usage",
)


@pytest.fixture(scope="session")
def tables():
    names = (*TABLES, "collection", "results")
    return {name: yaml.safe_load((POLICIES / f"{name}.yaml").read_text(encoding="utf-8")) for name in names}


@pytest.fixture(scope="session")
def collection(tables):
    return parse_collection(tables["collection"])


@pytest.fixture
def index(tmp_path, collection, tables):
    """The index of a cluster, or of objects."""

    def go(*objects, omissions=None, results=None):
        cluster = objects[0] if isinstance(objects[0], Cluster) else Cluster().add(*objects)
        path = tmp_path / "snapshot.json"
        path.write_text(json.dumps(cluster.snapshot(omissions=omissions, results=results)), encoding="utf-8")
        return Index(load_snapshot([path], collection, tables["results"]))

    return go


@pytest.fixture
def facts(index, tables):
    """The facts of a cluster, or of objects: those that are named, or all."""

    def go(*objects, wanted=None, omissions=None):
        return snapshot_facts(index(*objects, omissions=omissions), tables, wanted)

    return go


@pytest.fixture
def cluster_fact(facts):
    """One fact of ``cluster``."""

    def go(name, *objects, omissions=None):
        return facts(*objects, wanted=[f"cluster.{name}"], omissions=omissions)["cluster"][name]

    return go


@pytest.fixture
def omitted():
    """The omission of a kind that could not be read."""

    def go(kind, group=""):
        return {"group": group, "version": "v1", "kind": kind, "status": 403, "reason": "Forbidden", "message": "no"}

    return go
