"""Annotations, read as actions/runner reads them."""

import re
from dataclasses import replace

from aiconf.model import Severity
from aiconf.reporters import Style, render
from aiconf.reporters.github import ANNOTATIONS

COMMAND = re.compile(r"::(?P<name>[a-z-]+)(?: (?P<properties>[^\n]*?))?::(?P<data>.*)")


def unescaped(text):
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def commands(text):
    """The workflow commands in an output: name, properties, message."""
    found = []
    for line in text.splitlines():
        if (match := COMMAND.match(line)) and match["name"] not in ("group", "endgroup"):
            pairs = (pair.split("=", 1) for pair in match["properties"].split(","))
            found.append((match["name"], {key: unescaped(value) for key, value in pairs}, unescaped(match["data"])))
    return found


def test_each_finding_that_counts_is_an_annotation_worst_first(report):
    found = commands(render("github", report))
    assert [name for name, _, _ in found] == ["error", "error", "warning", "notice"]
    assert found[2][1] == {
        "file": "v1.37/heron/PRODUCT.yaml",
        "line": "41",
        "col": "16",
        "endLine": "41",
        "endColumn": "51",
        "title": "layered/deficiency_framed",
    }
    assert found[0][2] == f"{report.findings[0].message}\n{report.findings[0].remediation}"


def test_at_most_ten_are_annotations_and_the_log_holds_the_rest(report):
    many = [replace(report.findings[3], line=line, severity=Severity.NOTE) for line in range(1, 30)]
    text = render("github", replace(report, findings=(*many, report.findings[0])))
    found = commands(text)
    assert len(found) == ANNOTATIONS == 10
    assert found[0][0] == "error"
    group = text[text.index("::group::") : text.index("::endgroup::")].splitlines()
    assert group[0] == "::group::20 more, which GitHub would not annotate"
    assert len(group[1:]) == 20
    assert group[-1].startswith("- v1.37/heron/PRODUCT.yaml:29:16: notice[layered/deficiency_framed]")
    assert "--format markdown=FILE" in text


def test_what_could_not_be_checked_comes_first(broken):
    found = commands(render("github", broken))
    assert [properties["title"] for _, properties, _ in found[:2]] == [
        "evidence/blank could not be checked",
        "could not check",
    ]
    assert found[1][1]["file"] == "gone.yaml"


def test_no_text_becomes_a_command(hostile):
    many = tuple(replace(f, line=line) for line in range(1, 9) for f in hostile.findings)
    text = render("github", replace(hostile, findings=many))
    assert {name for name, _, _ in commands(text)} <= {"error", "warning", "notice"}
    assert len(commands(text)) == ANNOTATIONS
    commandless = [line for line in text.split("\n") if not line.startswith("::")]
    assert not any(line.lstrip().startswith("::") or "##[" in line for line in commandless)
    assert all(char.isprintable() or char == "\n" for char in text)


def test_a_message_survives_its_escapes(report):
    message = "100% of a:b, c\n::error::d %0A"
    text = render(
        "github",
        replace(report, findings=(replace(report.findings[0], message=message, remediation=""),), requirements=()),
    )
    assert commands(text)[0][2] == message
    assert len(text.splitlines()) == 3


def test_a_path_survives_its_escapes(report):
    path = "100%::a,b=c/PRODUCT.yaml"
    text = render("github", replace(report, findings=(replace(report.findings[0], path=path),)))
    (_, properties, message) = commands(text)[-1]
    assert properties["file"] == path
    assert message.startswith(report.findings[0].message)


def test_a_long_message_is_cut(report):
    text = render("github", replace(report, findings=(replace(report.findings[0], message="x" * 100_000),)))
    assert len(text) < 3000


def test_quiet_leaves_only_annotations(report, empty):
    assert all(line.startswith("::") for line in render("github", report, Style(quiet=True)).splitlines())
    assert "verdict: nothing checked" in render("github", empty)
