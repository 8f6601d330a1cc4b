"""The Reviewdog Diagnostic Format."""

import json
import subprocess
from dataclasses import replace

import pytest

from aiconf.model import Position, Span
from aiconf.reporters import render


def diagnostics(report):
    return json.loads(render("rdjson", report))["diagnostics"]


def only(report, **changes):
    return replace(report, findings=(replace(report.findings[3], **changes),))


def test_each_finding_that_counts_is_a_diagnostic(report):
    found = diagnostics(report)
    assert [(d["severity"], d["code"]["value"]) for d in found] == [
        ("ERROR", "metadata/field_missing"),
        ("INFO", "metadata/placeholder"),
        ("WARNING", "layered/deficiency_framed"),
        ("ERROR", "evidence/file_missing"),
    ]
    assert found[0]["code"]["url"].startswith("https://")
    assert "url" not in found[1]["code"]


def test_columns_count_bytes_of_utf_8(report):
    span = diagnostics(report)[2]["location"]["range"]
    assert span == {
        "start": {"line": 41, "column": 18},
        "end": {"line": 41, "column": 53},
    }  # Größe holds two bytes more


def test_a_column_that_cannot_be_counted_is_left_out(report):
    assert diagnostics(only(report, excerpt="short"))[0]["location"]["range"] == {"start": {"line": 41}}
    assert "range" not in diagnostics(only(report, line=0))[0]["location"]


def test_a_span_over_lines_covers_them_whole(report):
    found = diagnostics(only(report, span=Span(Position(41, 16), Position(43, 5))))
    assert found[0]["location"]["range"] == {"start": {"line": 41}, "end": {"line": 43}}


def test_what_could_not_be_checked_is_a_diagnostic_without_a_range(broken):
    assert diagnostics(broken)[-1] == {
        "message": "gone.yaml: no permission",
        "location": {"path": "gone.yaml"},
        "severity": "ERROR",
    }


@pytest.mark.parametrize("name", ["report", "clean", "broken", "empty", "hostile"])
def test_a_validator_of_the_format_accepts_it(name, request, node_package, tmp_path):
    validator = node_package("@umbrelladocs/rdformat-validator") / "bin" / "rdformat-validator.js"
    path = tmp_path / "report.json"
    path.write_text(render("rdjson", request.getfixturevalue(name)), encoding="utf-8")
    done = subprocess.run(["node", validator, path], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "Valid files: 1" in done.stdout
