"""Importing test results."""

import json
import re
from pathlib import Path

import pytest
import yaml

from aiconf.errors import CatalogError, InputError
from aiconf.snapshot.results import ResultReader, read_results

FOCUS = "[It] [wg-ai-conformance] "
TAIL = " [Conformance] [AIConformance]"


@pytest.fixture
def imported(tmp_path, table):
    """Read one file: its rows as (test, requirement, outcome)."""

    def go(text, name="results"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return [(row["test"], row["requirement"], row["outcome"]) for row in read_results([path], table)]

    return go


def event(action, test=None, **more):
    event = {"Time": "2026-11-01T11:00:00.5+01:00", "Action": action, "Package": "sigs.k8s.io/ai-conformance/test"}
    return json.dumps(event | ({"Test": test} if test else {}) | more)


def junit(*cases, suite="p"):
    """A JUnit report of (name, status, seconds, child element)."""
    body = "".join(
        f'<testcase name="{name}" status="{status}" time="{seconds}">{child}</testcase>'
        for name, status, seconds, child in cases
    )
    opening = f'<?xml version="1.0"?><testsuites><testsuite name="{suite}" timestamp="2026-11-01T10:00:00">'
    return f"{opening}{body}</testsuite></testsuites>"


def spec(name, status="passed", seconds="1.5", message=""):
    """A Ginkgo spec of the AI conformance tests."""
    child = f'<skipped message="{message}"/>' if status == "skipped" else "<failure/>" if status == "failed" else ""
    return name, status, seconds, child


def rules(name):
    text = (Path(__file__).parents[3] / "rules" / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def test_every_row_of_the_table_is_sound(table):
    ResultReader(table)
    ids = {entry["id"] for version in rules("checklists")["versions"].values() for entry in version["requirements"]}
    for row in table["tests"]:
        assert row["requirement"] in ids
        assert row["suite"] in ("go", "ginkgo", "ctrf")
        assert set(row.get("as", {})) | set(row.get("as", {}).values()) <= {"passed", "failed", "skipped", "error"}
        assert ("as" in row) == ("why" in row)
    assert {row["requirement"] for row in table["tests"]} == ids


def test_the_programme_s_own_tests_are_all_mapped(table):
    autotests = rules("autotests")
    named = next(value for value in autotests.values() if isinstance(value, dict))
    for requirement, test in named.items():
        rows = [row for row in table["tests"] if row["suite"] == "go" and re.fullmatch(row["name"], f"{test}/Sub")]
        assert [row["requirement"] for row in rows] == [requirement]


def test_go_test_json_is_imported_with_time_and_package(tmp_path, table):
    path = tmp_path / "results.json"
    path.write_text("\n".join([event("run", "TestGangScheduling"), event("pass", "TestGangScheduling", Elapsed=3.2)]))
    assert read_results([path], table) == [
        {
            "suite": "sigs.k8s.io/ai-conformance/test",
            "test": "TestGangScheduling",
            "requirement": "gang_scheduling",
            "outcome": "passed",
            "time": "2026-11-01T10:00:00Z",
            "source": str(path),
        }
    ]


def test_go_test_text_is_imported(imported):
    lines = [
        "=== RUN   TestWorkloadSandboxing",
        "    --- SKIP: TestWorkloadSandboxing/NetworkIsolation (0.00s)",
        "--- FAIL: TestGangScheduling (1.00s)",
        "FAIL",
    ]
    assert imported("\n".join(lines)) == [
        ("TestWorkloadSandboxing/NetworkIsolation", "workload_sandboxing", "skipped"),
        ("TestGangScheduling", "gang_scheduling", "failed"),
    ]


def test_junit_of_go_tests_is_imported(imported):
    text = junit(("TestRobustCRDControllerOperation", "", "1", "<failure/>"))
    assert imported(text) == [("TestRobustCRDControllerOperation", "robust_controller", "failed")]


def test_the_suite_s_own_unit_tests_prove_nothing(imported):
    events = [
        event("pass", name)
        for name in ("TestDetectAllocationMode", "TestBuildTestPod", "TestSecureAcceleratorAccessHelper")
    ]
    assert imported("\n".join(events)) == []


def test_a_parent_that_passes_because_its_subtests_were_skipped_is_no_pass(imported):
    names = ["TestSecureAcceleratorAccess/PositiveAccessTest", "TestSecureAcceleratorAccess/NegativeIsolationTest"]
    text = "\n".join([event("skip", names[0]), event("skip", names[1]), event("pass", "TestSecureAcceleratorAccess")])
    assert imported(text) == [(name, "secure_accelerator_access", "skipped") for name in names]


def test_a_parent_that_fails_by_itself_is_a_failure(imported):
    text = "\n".join([event("pass", "TestGangScheduling/A"), event("fail", "TestGangScheduling")])
    assert imported(text) == [
        ("TestGangScheduling/A", "gang_scheduling", "passed"),
        ("TestGangScheduling", "gang_scheduling", "failed"),
    ]
    text = "\n".join([event("fail", "TestGangScheduling/A"), event("fail", "TestGangScheduling")])
    assert imported(text) == [("TestGangScheduling/A", "gang_scheduling", "failed")]


def test_specs_that_ginkgo_left_out_by_focus_are_no_results(imported):
    scaling, support = (
        f"{FOCUS}Cluster Autoscaling should provision{TAIL}",
        f"{FOCUS}DRA Support should support DRA{TAIL}",
    )
    text = junit(
        spec("[It] [sig-node] Pods should run [Conformance]", "skipped", "0", "skipped"),
        spec(
            "[It] [sig-node] [DRA] CRUD Tests resource.k8s.io/v1 DeviceClass [Conformance]", "skipped", "0", "skipped"
        ),
        spec(scaling, "skipped", "0.02", "skipped - no cluster autoscaler has been installed"),
        spec(support),
    )
    assert imported(text) == [(scaling, "cluster_autoscaling", "skipped"), (support, "dra_support", "passed")]


@pytest.mark.parametrize(
    ("name", "requirement", "outcome"),
    [
        ("AI Inference gateway crds should be available", "ai_inference", "skipped"),
        ("AI Service Metrics metrics should be collected from the AI service", "ai_service_metrics", "skipped"),
        ("Accelerator Metrics nvidia gpu metrics should be collected", "accelerator_metrics", "skipped"),
        ("Gang Scheduling kueue 2 jobs should be scheduled one by one", "gang_scheduling", "passed"),
        ("Pod Autoscaling should scale up and down the workload", "pod_autoscaling", "skipped"),
        ("Robust Controller All pods of the operator should be running", "robust_controller", "skipped"),
        ("Secure Accelerator Access kubelet registers plugin", "secure_accelerator_access", "skipped"),
        ("Secure Accelerator Access nvidia device plugin must map devices", "secure_accelerator_access", "passed"),
    ],
)
def test_specs_are_mapped_and_those_that_pass_without_showing_it_count_as_skipped(imported, name, requirement, outcome):
    full = f"{FOCUS}{name}{TAIL}"
    assert imported(junit(spec(full))) == [(full, requirement, outcome)]
    assert imported(junit(spec(full, "failed"))) == [(full, requirement, "failed")]


def test_the_conformance_tests_of_the_dra_api_show_it_and_others_do_not(imported):
    crud = "[sig-node] [DRA] CRUD Tests resource.k8s.io/v1 ResourceClaim [Conformance]"
    text = junit(spec(crud), spec("[sig-node] [DRA] kubelet [Feature:X] registers", "failed"))
    assert imported(text) == [(crud, "dra_support", "passed")]


@pytest.mark.parametrize(
    ("name", "status", "expected"),
    [
        ("dra-support", "passed", ("dra_support", "passed")),
        ("dra-support", "skipped", ("dra_support", "skipped")),
        ("gang-scheduling", "passed", ("gang_scheduling", "skipped")),
        ("gang-scheduling", "failed", ("gang_scheduling", "failed")),
        ("ai-service-metrics", "passed", ("ai_service_metrics", "skipped")),
        ("ai-service-metrics", "failed", ("ai_service_metrics", "skipped")),
        ("accelerator-metrics", "other", ("accelerator_metrics", "error")),
        ("secure-accelerator-access", "pending", ("secure_accelerator_access", "skipped")),
        ("gpu-operator-health", "passed", None),
    ],
)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_ctrf_is_imported_with_its_traps(imported, name, status, expected, form):
    report = {
        "reportFormat": "CTRF", "specVersion": "0.0.1",
        "results": {"tool": {"name": "aicr"}, "summary": {"start": 1793527200000},
                    "tests": [{"name": name, "status": status, "duration": 1500}]},
    }  # fmt: skip
    if form == "yaml":
        text = yaml.safe_dump(
            json.loads(json.dumps(report).replace("reportFormat", "reportformat").replace("specVersion", "specversion"))
        )
    else:
        text = json.dumps(report)
    assert imported(text) == ([(name, *expected)] if expected else [])


def test_the_moment_of_a_ctrf_report_may_be_in_seconds_or_milliseconds(tmp_path, table):
    for start in (1793527200, 1793527200000):
        path = tmp_path / "ctrf.json"
        report = {
            "results": {
                "tool": {"name": "t"},
                "summary": {"start": start},
                "tests": [{"name": "dra-support", "status": "passed"}],
            }
        }
        path.write_text(json.dumps({"reportFormat": "CTRF", **report}))
        assert [row["time"] for row in read_results([path], table)] == ["2026-11-01T10:00:00Z"]


@pytest.mark.parametrize(
    ("package", "test", "requirement"),
    [
        ("sigs.k8s.io/gateway-api-inference-extension/conformance", "TestConformance/A", "advanced_inference_ingress"),
        ("sigs.k8s.io/gateway-api/conformance", "TestConformance/HTTPRouteWeight", "ai_inference"),
        ("sigs.k8s.io/gateway-api/conformance", "TestConformance/TLSRoute", None),
        ("example.org/x", "TestConformance/HTTPRouteWeight", None),
    ],
)
def test_suites_with_the_same_test_name_are_told_apart_by_package(imported, package, test, requirement):
    assert imported(event("pass", test, Package=package)) == ([(test, requirement, "passed")] if requirement else [])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no test results"),
        (b"just text", "holds no test results"),
        (b'{"kind": "Pod"}', "holds no test results"),
        (b"<html></html>", "holds no test results"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><testsuites>&a;</testsuites>', "cannot be read as test results"),
        (b"<testsuites><testsuite>", "cannot be read as test results"),
        (b"<testsuites>" * 1000, "cannot be read as test results"),
        (b'{"Action":"pass"}\n{broken', "cannot be read as test results"),
        (b'{"reportFormat": "CTRF", "results": {"tests": 7}}', "cannot be read as test results"),
        (
            b'{"reportFormat": "CTRF", "results": {"tests": [{"name": "x", "status": "odd"}]}}',
            "cannot be read as test results",
        ),
        (b'{"reportFormat": "CTRF", ' + b"[" * 10**6, "cannot be read as test results"),
        (b"reportformat: CTRF\na: &b [*b]", "cannot be read as test results"),
    ],
)
def test_files_that_are_no_results_are_errors(imported, content, message):
    with pytest.raises(InputError, match=message):
        imported(content)


def test_a_wrong_table_is_an_error():
    for row in ("x", {"suite": "go"}, {"suite": "go", "name": "(", "requirement": "x"}):
        with pytest.raises(CatalogError, match="a row is wrong"):
            ResultReader({"tests": [row]})
