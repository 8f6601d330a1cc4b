"""JUnit XML, as Jenkins and its kin read it: a suite for each input, a test case for each rule and requirement.

A rule that found nothing is a case that passed. Each finding is a case of its own: failed when it fails the run,
skipped when it was accepted, passed with its text as output when it weighs less than ``--fail-on``; so the counts and
the exit code agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from aiconf.model import Result
from aiconf.reporters.phrases import DEMANDED_BY, outcome, paths, rules_for
from aiconf.reporters.plain import one_line, shortened, tool_version, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import CheckError, Finding, Report, RequirementRow
    from aiconf.reporters import Style

_LINE_LENGTH = 200


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program does not care for style
    """The report as one XML document."""
    root = Element("testsuites", name="aiconf")
    for path in paths(report):
        root.append(_suite(report, path))
    for count in ("tests", "failures", "errors"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _suite(report: Report, path: str) -> Element:
    suite = Element("testsuite", name=one_line(path))
    properties = SubElement(suite, "properties")
    for name, value in (("aiconf.version", tool_version()), ("aiconf.catalog", report.catalog)):
        SubElement(properties, "property", name=name, value=one_line(value))
    suite.extend(_cases(report, path))
    suite.set("tests", str(len(suite.findall("testcase"))))
    for count, outcome_name in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(count, str(len(suite.findall(f"testcase/{outcome_name}"))))
    return suite


def _cases(report: Report, path: str) -> Iterator[Element]:
    findings = [finding for finding in report.findings if finding.path == path]
    for finding in findings:
        yield _finding_case(finding, fails=report.fails(finding))
    yield from _passed_cases(report, path, {finding.id for finding in findings})
    yield from (_requirement_case(row) for row in report.requirements if row.input == path and row.result)
    yield from (_error_case(error) for error in report.errors if error.path == path)


def _passed_cases(report: Report, path: str, found: set[str]) -> Iterator[Element]:
    failed = {error.id for error in report.errors if error.path == path}
    yield from (_case(path, rule.id) for rule in rules_for(report, path) if rule.id not in found | failed)


def _finding_case(finding: Finding, *, fails: bool) -> Element:
    case = _case(finding.path, f"{finding.id} {finding.pointer}")
    if finding.suppressed is not None:
        SubElement(case, "skipped").text = one_line(f"accepted: {finding.suppressed}")
        return case
    text = visible(_report_text(finding))
    if fails:
        SubElement(case, "failure", type=finding.severity, message=one_line(finding.message)).text = text
    else:
        SubElement(case, "system-out").text = text
    return case


def _report_text(finding: Finding) -> str:
    lines = [
        f"{finding.path}:{finding.line}:{finding.column}: {finding.severity}[{finding.id}] {finding.message}",
        shortened(finding.excerpt.strip(), _LINE_LENGTH),
        finding.remediation,
        f"Demanded by {DEMANDED_BY[finding.authority]}.",
        *finding.sources[:1],
    ]
    return "\n".join(line for line in lines if line)


def _requirement_case(row: RequirementRow) -> Element:
    case = _case(row.input, f"requirement {row.id}")
    text = visible("\n".join([outcome(row), *row.reasons, *row.objects]))
    message = one_line(row.reasons[0] if row.reasons else outcome(row))
    if row.refuted:
        SubElement(case, "failure", type="requirement", message=message).text = text
    elif row.result is Result.ERROR:
        SubElement(case, "error", type="requirement", message=message).text = text
    elif row.result in (Result.INCONCLUSIVE, Result.NOT_APPLICABLE):
        SubElement(case, "skipped").text = text
    else:
        SubElement(case, "system-out").text = text
    return case


def _error_case(error: CheckError) -> Element:
    case = _case(error.path, error.id or "input")
    SubElement(case, "error", type="could not check", message=one_line(error.message)).text = visible(error.message)
    return case


def _case(path: str, name: str) -> Element:
    return Element("testcase", classname=one_line(path), name=one_line(name))
