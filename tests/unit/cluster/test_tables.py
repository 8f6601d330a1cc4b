"""The shipped tables are of their shape and hang together; wrong ones are refused with their name."""

from copy import deepcopy
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
import yaml

from aiconf.cluster.images import Images, image_path, image_version
from aiconf.cluster.tables import read_tables
from aiconf.errors import CatalogError

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        (lambda data: data.pop("access"), "access", "is missing"),
        (lambda data: data["components"].pop("components"), "components", "expected shape"),
        (lambda data: data["components"]["components"][0].update(layer="middle"), "components", "layer"),
        (lambda data: data["accelerators"]["fakes"][0].pop("why"), "accelerators", "why"),
        (
            lambda data: data["distributions"]["distributions"][0]["signs"].update(git_version="("),
            "distributions",
            "no regular",
        ),
        (lambda data: data["exporters"]["exporters"][0].update(keep="("), "exporters", "no regular expression"),
        (lambda data: data.pop("autoscaling"), "autoscaling", "is missing"),
        (lambda data: data["autoscaling"].pop("status"), "autoscaling", "missing required field `status`"),
        (lambda data: data["autoscaling"]["status"].update(seconds="1h"), "autoscaling", r"int.*\$\.status\.seconds"),
        (lambda data: data["gateways"]["controllers"][2].pop("name"), "gateways", r"`name`.*\$\.controllers\[2\]"),
        (lambda data: data["gateways"].update(carriers={}), "gateways", "carriers"),
        (
            lambda data: data["monitoring"]["monitors"]["PodMonitor.monitoring.coreos.com"].update(of="nodes"),
            "monitoring",
            "nodes",
        ),
        (
            lambda data: data["monitoring"]["monitors"]["PodMonitor.monitoring.coreos.com"].pop("selected_by"),
            "monitoring",
            "PodMonitor.monitoring.coreos.com` has neither `selected_by` nor `managed_by`",
        ),
        (lambda data: data["operators"]["operators"][0].pop("groups"), "operators", "groups"),
        (
            lambda data: data["operators"]["operators"][0]["resources"].update(
                {"RayJob.ray.io": [{"path": "status.x"}]}
            ),
            "operators",
            r"operators\[0\]\.resources\.RayJob\.ray\.io\[0\]` has neither",
        ),
        (lambda data: data["disaggregation"]["stacks"][0].update(roles={"x": "encode"}), "disaggregation", "encode"),
        (lambda data: data["disaggregation"]["stacks"][0].pop("roles"), "disaggregation", "neither `arguments` nor"),
        (lambda data: data["scaling_metrics"].update(serving="x"), "scaling_metrics", "serving"),
        (lambda data: data["scaling_metrics"].update(serving=["("]), "scaling_metrics", "no regular expression"),
    ],
)
def test_a_wrong_table_is_refused(tables, change, path, message):
    data = deepcopy(tables)
    change(data)
    with pytest.raises(CatalogError, match=message) as caught:
        read_tables(data)
    assert caught.value.path == f"policies/{path}.yaml"


def test_vendors_of_tables_agree(tables):
    vendors = {row["vendor"] for row in tables["accelerators"]["vendors"]} | {""}
    assert {row["vendor"] for row in tables["accelerators"]["drivers"]} <= vendors
    accelerators = [row for row in tables["exporters"]["exporters"] if row["serves"] == "accelerator"]
    assert {row["vendor"] for row in accelerators} <= vendors
    for row in accelerators:
        assert row["device"], row["id"]
        assert row["families"].keys() == {"utilization", "memory", "temperature", "power", "interconnect"}, row["id"]


def test_drivers_of_components_are_known(tables):
    known = {row["driver"] for row in tables["accelerators"]["drivers"]}
    assert {one for row in tables["components"]["components"] for one in row.get("drivers", ())} <= known


def test_components_serve_requirements_of_the_checklists(tables):
    checklists = yaml.safe_load((ROOT / "rules" / "checklists.yaml").read_text(encoding="utf-8"))
    text = str(checklists)
    named = {one for row in tables["components"]["components"] for one in row["requirements"]}
    assert {one for one in named if f"'{one}'" not in text} == set()


def test_names_that_detection_rests_on_stay_when_names_are_replaced(tables):
    public = tables["collection"]["public_names"]
    names = {
        name
        for row in tables["components"]["components"]
        for workload in row.get("workloads", ())
        for name in workload.get("names", ())
    }
    names |= {
        sign.partition("/")[2]
        for row in tables["distributions"]["distributions"]
        for sign in row.get("signs", {}).get("workloads", ())
    }
    names |= set(tables["access"]["namespaces"])
    assert sorted(name for name in names if not any(fnmatchcase(name, glob) for glob in public)) == []


@pytest.mark.parametrize(
    ("image", "path", "version"),
    [
        ("registry.example:5000/a/b:v1.2.3", "registry.example:5000/a/b", "v1.2.3"),
        ("a/b@sha256:00", "a/b", None),
        ("a/b:v1.2@sha256:00", "a/b", "v1.2"),
        ("a/b", "a/b", None),
        ("a/b:latest", "a/b", None),
        ("a/b:4.5.3-4.8.2-ubi9", "a/b", "4.5.3-4.8.2-ubi9"),
        ("a/b:v1", "a/b", "v1"),
        ("a/b:main", "a/b", None),
        ("", "", None),
    ],
)
def test_images_have_a_path_and_a_version(image, path, version):
    assert (image_path(image), image_version(image)) == (path, version)


def test_images_are_known_by_whole_parts_of_their_path():
    images = Images({"a": ["x/y"], "b": ["y*"], "c": ["x/*"]})
    assert images.of("registry/x/y:v1") == {"a", "b", "c"}
    assert images.of("y") == {"b"}
    assert images.of("registry/nox/y2") == {"b"}
    assert images.of("xx/y/z") == frozenset()
    assert Images({}).of("x") == frozenset()
