"""Reports of openreports.io/v1alpha1; the words, names and types are those of its CustomResourceDefinition."""

import json
import re
from dataclasses import replace

from aiconf.reporters import render

KEYS = {
    "policy": str, "rule": str, "result": str, "category": str, "severity": str, "message": str, "scored": bool,
    "properties": dict, "resources": list,
}  # fmt: skip
DNS_NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")


def items(report):
    document = json.loads(render("policyreport", report))
    assert (document["apiVersion"], document["kind"]) == ("v1", "List")
    return document["items"]


def results(report):
    return {(r["policy"], r.get("rule")): r for item in items(report) for r in item["results"]}


def test_findings_rules_and_requirements_have_their_words(report, broken):
    words = {key: result["result"] for key, result in results(report).items()}
    assert words == {
        ("metadata", "field_missing"): "fail",
        ("evidence", "file_missing"): "fail",
        ("layered", "deficiency_framed"): "warn",
        ("metadata", "placeholder"): "warn",
        ("checklist", "notes_missing"): "skip",
        ("evidence", "blank"): "pass",
        ("ai_inference", None): "pass",
        ("gang_scheduling", None): "fail",
        ("cluster_autoscaling", None): "skip",
        ("pod_autoscaling", None): "warn",
    }
    assert results(broken)["evidence", "blank"]["result"] == "error"


def test_a_result_keeps_our_own_word_and_names_its_objects(report):
    result = results(report)["gang_scheduling", None]
    assert result["properties"]["result"] == "fail"
    assert result["properties"]["contribution"] == "must_replacement"
    assert result["resources"] == [
        {"apiVersion": "apps/v1", "kind": "Deployment", "name": "binder", "namespace": "kai-scheduler"}
    ]
    assert results(report)["ai_inference", None]["resources"][1] == {
        "apiVersion": "v1",
        "kind": "Node",
        "name": "worker-1",
    }


def test_the_shape_is_that_of_the_definition(report, broken, hostile, empty):
    assert items(empty) == []
    for item in (*items(report), *items(broken), *items(hostile)):
        assert (item["apiVersion"], item["kind"]) == ("openreports.io/v1alpha1", "Report")
        assert DNS_NAME.fullmatch(item["metadata"]["name"])
        assert len(item["metadata"]["name"]) <= 63
        for result in item["results"]:
            assert all(isinstance(value, KEYS[key]) for key, value in result.items())
            assert result["result"] in ("pass", "fail", "warn", "error", "skip")
            assert result.get("severity", "info") in ("critical", "high", "medium", "low", "info")
            assert all(isinstance(value, str) for value in result.get("properties", {}).values())
            assert all(
                set(subject) <= {"apiVersion", "kind", "name", "namespace"} for subject in result.get("resources", [])
            )


def test_the_summary_counts_every_result(report):
    (item,) = items(report)
    assert item["summary"] == {"error": 0, "fail": 3, "warn": 3, "skip": 2, "pass": 2}
    assert sum(item["summary"].values()) == len(item["results"])


def test_an_object_fits_into_kubectls_annotation_and_keeps_the_worst(report):
    many = tuple(replace(report.findings[3], line=line, message="x" * 5000) for line in range(1, 2000))
    (item,) = items(replace(report, findings=(*many, report.findings[0])))
    assert len(json.dumps(item)) < 256 * 1024
    assert item["results"][0]["result"] == "fail"
    assert item["configuration"]["limits"]["maxResults"] == len(item["results"])
    assert item["summary"]["warn"] == 1999 + 1


def test_the_name_is_the_inputs_own(report):
    (item,) = items(report)
    assert item["metadata"]["name"].startswith("aiconf-v1-37-heron-")
    other = replace(
        report, inputs=(replace(report.inputs[0], path="v1.36/heron/PRODUCT.yaml"),), findings=(), requirements=()
    )
    assert items(other)[0]["metadata"]["name"] != item["metadata"]["name"]
