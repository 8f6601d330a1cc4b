"""The contract with programs: keys, order and values of ``aiconf/report/v1``."""

import json

from aiconf.reporters import render


def test_the_keys_are_those_of_the_contract(report, broken):
    document = json.loads(render("json", broken))
    assert list(document) == [
        "format", "tool", "inputs", "verdict", "summary", "findings", "requirements", "errors", "options",
    ]  # fmt: skip
    assert document["format"] == "aiconf/report/v1"
    assert list(document["tool"]) == ["name", "version", "engine", "catalog"]
    assert list(document["summary"]) == ["error", "warning", "note", "suppressed"]
    assert list(document["findings"][0]) == [
        "id", "severity", "authority", "message", "path", "line", "column", "pointer", "requirement", "remediation",
        "suppressed", "fixable",
    ]  # fmt: skip
    assert list(document["requirements"][0]) == [
        "input", "id", "level", "status", "result", "proof", "owner", "component", "contribution", "objects", "reasons",
    ]  # fmt: skip
    assert len(document["findings"]) == len(report.findings)


def test_values_stand_as_they_are_in_the_report(report):
    document = json.loads(render("json", report))
    assert document["findings"][3]["message"] == report.findings[3].message
    assert document["requirements"][1]["objects"] == ["apps/v1 Deployment kai-scheduler/binder"]
    assert document["requirements"][5]["status"] is None
    assert document["summary"] == {"error": 2, "warning": 1, "note": 1, "suppressed": 1}


def test_every_json_reader_can_read_it(hostile):
    text = render("json", hostile)
    assert text.isascii()
    json.dumps(json.loads(text), ensure_ascii=False).encode()  # fails on a lone surrogate
