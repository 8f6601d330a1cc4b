"""Reading a report back, and what counts as a difference."""

import json
from pathlib import Path
from typing import Any

import pytest

from aiconf.errors import InputError
from aiconf.verify import decode_report, differences, inside, read_report

FINDING = {
    "id": "metadata/field_missing", "severity": "error", "authority": "validator", "message": "description is empty.",
    "path": "a.yaml", "line": 3, "column": 1, "pointer": "/metadata/description", "requirement": None,
    "remediation": "Fill it in.", "suppressed": None, "fixable": False,
}  # fmt: skip
ROW: dict[str, Any] = {
    "input": "a.yaml", "id": "gang_scheduling", "level": "MUST", "status": "Implemented", "result": None, "proof": None,
    "owner": "unstated", "component": None, "contribution": "unstated", "objects": [], "reasons": [],
}  # fmt: skip
REPORT = {
    "format": "aiconf/report/v1",
    "tool": {"name": "aiconf", "version": "1.0", "engine": "default", "catalog": "c1"},
    "inputs": [{"path": "a.yaml", "kind": "submission", "sha256": "d1"}],
    "verdict": "fail",
    "summary": {"error": 1, "warning": 0, "note": 0, "suppressed": 0},
    "findings": [FINDING],
    "requirements": [ROW],
    "errors": [],
    "options": {"select": [], "members": {"source": "m.txt", "sha256": "m1"}, "checklists": "k1"},
}


def report(**changed):
    return decode_report(json.dumps({**REPORT, **changed}), "report.json")


def told(anew, missing=()):
    return [f"{what}: {text}" for what, text in differences(report(), anew, missing)]


def test_the_same_report_has_no_differences_whatever_keys_stand_beside_those_compared():
    assert told(report(findings=[{**FINDING, "fixable": True}], extra=1)) == []


def test_causes_come_before_what_they_did():
    anew = report(
        tool={"name": "aiconf", "version": "1.1", "engine": "default", "catalog": "c2"},
        inputs=[{"path": "a.yaml", "kind": "submission", "sha256": "d2"}],
        options={"members": None, "checklists": "k2"},
        findings=[],
        verdict="pass",
        summary={"error": 0, "warning": 0, "note": 0, "suppressed": 0},
        errors=[{"id": None, "path": "a.yaml", "message": "no"}],
    )
    assert told(anew) == [
        "version: the tool's version: recorded 1.0, here 1.1",
        "catalog: the rules and policies: recorded c1, here c2",
        "input: a.yaml has changed: was d1, is d2",
        "checklists: the checklists of the registry have changed",
        "members: the member list (m.txt) has changed",
        "finding: vanished: a.yaml:3:1 error[metadata/field_missing] description is empty.",
        "error: appeared: a.yaml: input: no",
        (
            "verdict: was fail (1 error, 0 note, 0 suppressed, 0 warning), "
            "is pass (0 error, 0 note, 0 suppressed, 0 warning)"
        ),
    ]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"line": 4}, "line was 3, is 4"),
        ({"suppressed": "accepted"}, "suppressed was nothing, is accepted"),
        ({"pointer": "/metadata/summary"}, "pointer was /metadata/description, is /metadata/summary"),
        ({"severity": "note"}, "severity was error, is note"),
    ],
)
def test_a_finding_that_changed_is_told_by_what_changed(changed, says):
    line = "finding: changed: a.yaml:3:1 error[metadata/field_missing] description is empty.: "
    assert told(report(findings=[{**FINDING, **changed}])) == [line + says]


def test_of_two_alike_the_one_that_is_left_is_not_told():
    twice = [FINDING, {**FINDING, "line": 9}]
    assert told(report(findings=twice)) == [
        "finding: appeared: a.yaml:9:1 error[metadata/field_missing] description is empty."
    ]


def test_rows_are_compared_by_requirement():
    rows = [{**ROW, "status": "N/A"}, {**ROW, "id": "other"}]
    assert told(report(requirements=rows)) == [
        "requirement: a.yaml gang_scheduling changed: status was Implemented, is N/A",
        "requirement: a.yaml other appeared",
    ]
    assert told(report(requirements=[])) == ["requirement: a.yaml gang_scheduling vanished"]


def test_what_was_found_in_a_missing_input_is_not_compared():
    anew = report(inputs=[], findings=[], requirements=[], verdict="nothing_checked", options={})
    assert told(anew, ["a.yaml"]) == ["input: a.yaml is missing", "members: the member list (m.txt) has changed"]


def test_an_input_that_cannot_be_read_any_more_has_changed():
    assert told(report(inputs=[]))[0] == "input: a.yaml has changed: cannot be read"


HOSTILE = {
    "no JSON": b"{",
    "no object": b"[]",
    "no text": b"\xff\xfe{}",
    "deep": b"[" * 1_000_000,
    "deep, where nothing is looked at": b'{"extra":' + b"[" * 1_000_000,
    "another format": json.dumps({**REPORT, "format": "aiconf/report/v9"}).encode(),
    "a key left out": json.dumps({key: value for key, value in REPORT.items() if key != "findings"}).encode(),
    "a list for a text": json.dumps({**REPORT, "verdict": []}).encode(),
    "a text for a number": json.dumps({**REPORT, "findings": [{**FINDING, "line": "3"}]}).encode(),
    "an authority that is none": json.dumps({**REPORT, "options": {"authority": ["me"]}}).encode(),
    "a path that is empty": json.dumps({**REPORT, "inputs": [{"path": "", "kind": "", "sha256": ""}]}).encode(),
    "a path that is long": json.dumps({**REPORT, "inputs": [{"path": "x" * 9999, "kind": "", "sha256": ""}]}).encode(),
    "too many rules": json.dumps({**REPORT, "options": {"select": ["a"] * 2000}}).encode(),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_no_report_is_an_error_in_a_few_words(raw):
    with pytest.raises(InputError) as caught:
        decode_report(raw, "report.json")
    assert len(str(caught.value)) < 500


def test_a_threshold_that_is_none_is_an_error():
    recorded = report(options={"fail_on": "sometimes"})
    assert recorded.options is not None
    with pytest.raises(InputError, match="fail_on"):
        _ = recorded.options.threshold


def test_a_report_that_is_too_large_or_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="cannot read"):
        read_report(tmp_path / "absent.json")
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(InputError, match="larger than"):
        read_report(tmp_path / "large.json")


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", "link/x", "a\0b", "~root/../../x"])
def test_no_path_of_a_report_leads_outside(tmp_path, path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "link").symlink_to("..")
    with pytest.raises(InputError):
        inside(root, path)


def test_a_path_inside_is_given_as_it_is(tmp_path):
    (tmp_path / "a").mkdir()
    assert inside(tmp_path, "a/../b") == tmp_path.resolve() / "a/../b"
    assert inside(tmp_path, str(tmp_path / "a")) == Path(tmp_path / "a")
