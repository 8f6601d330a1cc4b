"""What is looked for in test output that is given as evidence."""

from pathlib import Path

import pytest
import yaml

from aiconf.submission.artifacts import artifact_rows
from aiconf.submission.evidence import EvidenceReader
from aiconf.submission.folder import ProductFolder
from aiconf.submission.placeholders import Placeholders

TOP = Path(__file__).parents[3]
AUTOTESTS, PATTERNS = (
    yaml.safe_load((TOP / f"rules/{name}.yaml").read_text(encoding="utf-8")) for name in ("autotests", "placeholders")
)


def rows(case, **evidence):
    folder = ProductFolder(TOP / "fixtures" / "artifacts" / case, None, None)
    reader = EvidenceReader(folder, Placeholders(PATTERNS), {})
    entries = [
        {
            "id": requirement,
            "status": "Implemented",
            "evidence": reader.read(items, requirement, f"/spec/{requirement}", absent=False)["items"],
        }
        for requirement, items in evidence.items()
    ]
    return artifact_rows(entries, folder, AUTOTESTS)


def test_the_fragment_is_looked_for_or_else_the_requirements_own_test():
    found = rows(
        "passed",
        gang_scheduling=["junit.xml", "results.json#TestGangScheduling/PositiveGangScheduling"],
        workload_sandboxing=["junit.xml"],
        dra_support=["junit.xml"],
    )
    assert [(row["test"], row["test_by"], row["outcome"], row["how"]) for row in found] == [
        ("TestGangScheduling", "validator", "passed", "exact"),
        ("TestGangScheduling/PositiveGangScheduling", "fragment", "passed", "exact"),
        ("TestWorkloadSandboxing", "suite", "absent", "absent"),
        ("", "", "", ""),
    ]
    assert [row["first"] for row in found] == [True, True, False, False]
    assert found[0]["pointer"] == "/spec/gang_scheduling/0"


def test_expected_subtests_that_are_left_out_or_skipped_are_named():
    assert rows("passed", gang_scheduling=["junit.xml"])[0]["subtests_unshown"] == []
    row = rows("subtests_only", secure_accelerator_access=["e2e.log"])[0]
    assert (row["outcome"], row["how"]) == ("passed", "subtests")
    assert row["subtests_unshown"] == ["NegativeIsolationTest", "MultiContainerIsolationTest"]


def test_a_file_that_lists_no_subtests_leaves_none_out(tmp_path):
    (tmp_path / "junit.xml").write_text('<testsuite><testcase name="TestGangScheduling"/></testsuite>')
    row = rows(tmp_path, gang_scheduling=["junit.xml"])[0]
    assert (row["outcome"], row["subtests_unshown"]) == ("passed", [])


@pytest.mark.parametrize(
    ("case", "evidence", "foreign"),
    [
        ("unit_tests_only", "e2e.log", "only the suite's own unit tests"),
        ("unit_tests_only", "e2e.log#TestBuildTestPod", ""),
        ("other_suite", "e2e.log", "the tests of corvid.example/gateway/conformance"),
        ("other_suite", "e2e.log#TestConformance", ""),
        ("passed", "results.json#TestWorkloadSandboxing", ""),
        ("ginkgo", "e2e.log", "the output of Ginkgo"),
        ("ginkgo", "junit.xml", "Ginkgo specs of the Kubernetes end-to-end suite"),
    ],
)
def test_output_of_another_suite_is_told_from_a_test_that_is_missing(case, evidence, foreign):
    assert rows(case, gang_scheduling=[evidence])[0]["foreign"] == foreign


def test_a_file_is_read_once_and_what_is_no_artifact_never(tmp_path, monkeypatch):
    for name in ("JUnit.XML", "notes.xml"):
        (tmp_path / name).write_text('<testsuite><testcase name="TestGangScheduling"/></testsuite>', encoding="utf-8")
    opened = []
    path_open = Path.open

    def noting(path, *rest):
        opened.append(path.name)
        return path_open(path, *rest)

    monkeypatch.setattr(Path, "open", noting)
    folder = ProductFolder(tmp_path, None, None)
    reader = EvidenceReader(folder, Placeholders(PATTERNS), {})
    items = reader.read(
        ["JUnit.XML", "./JUnit.XML#TestGangScheduling", "notes.xml", "gone/e2e.log"],
        "gang_scheduling",
        "/e",
        absent=False,
    )
    found = artifact_rows([{"id": "gang_scheduling", "status": "", "evidence": items["items"]}], folder, AUTOTESTS)
    assert [row["outcome"] for row in found] == ["passed", "passed"]
    assert opened == ["JUnit.XML"]


def test_a_long_list_of_failures_is_cut(tmp_path):
    lines = "".join(f"--- FAIL: Test{number} (0.00s)\n" for number in range(50))
    (tmp_path / "e2e.log").write_text(lines, encoding="utf-8")
    folder = ProductFolder(tmp_path, None, None)
    item = EvidenceReader(folder, Placeholders(PATTERNS), {}).item("e2e.log") | {"pointer": "/e/0"}
    row = artifact_rows([{"id": "dra_support", "status": "", "evidence": [item]}], folder, AUTOTESTS)[0]
    assert len(row["failed"]) == 21
    assert row["failed"][-1] == "and 30 more"


def test_the_data_of_tests_hangs_together():
    tests = [*AUTOTESTS["tests"].values(), *AUTOTESTS["suite"].values()]
    assert len(set(tests)) == len(tests)
    assert set(AUTOTESTS["subtests"]) <= set(tests)
    assert not set(AUTOTESTS["tests"]) & set(AUTOTESTS["suite"])
