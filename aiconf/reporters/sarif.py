"""SARIF 2.1.0 (OASIS), as GitHub code scanning and editors read it.

What GitHub accepts is in its documentation, "SARIF support for code scanning"; section numbers are the standard's.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiconf.model import RuleInfo, Verdict
from aiconf.reporters.phrases import DEMANDED_BY, VERDICTS
from aiconf.reporters.plain import json_text, tool_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import CheckError, Finding, Report
    from aiconf.reporters import Style

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
# Not `primaryLocationLineHash`: GitHub's upload action computes that one and warns about any other value.
_FINGERPRINT = "aiconf/v1"
# Longer lines are not quoted: a hostile one is repeated for each finding in it.
_LINE_LENGTH = 2000


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program does not care for style
    """The report as one SARIF log with one run."""
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]})


def _run(report: Report) -> dict[str, Any]:
    rules = _rules(report)
    index = {rule["id"]: number for number, rule in enumerate(rules)}
    return {
        "tool": {"driver": {"name": "aiconf", "version": tool_version(), "rules": rules}},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(report)],
        "artifacts": [
            {"location": _location(record.path), "hashes": {"sha-256": record.sha256}}
            for record in report.inputs
            if record.kind != "pull_request"  # no file
        ],
        "results": list(_results(report, index)),
        "properties": {"verdict": report.verdict, "engine": report.engine, "catalog": report.catalog},
    }


def _invocation(report: Report) -> dict[str, Any]:
    notifications = [_notification(error) for error in report.errors]
    if report.verdict is Verdict.NOTHING_CHECKED:
        notifications.append({"level": "warning", "message": {"text": "{}: {}".format(*VERDICTS[report.verdict])}})
    return {"executionSuccessful": not report.errors, "toolExecutionNotifications": notifications}


def _notification(error: CheckError) -> dict[str, Any]:
    notification = {
        "level": "error",
        "message": {"text": _message(error.message)},
        "locations": [{"physicalLocation": {"artifactLocation": _location(error.path)}}],
    }
    return notification | ({"associatedRule": {"id": error.id}} if error.id else {})


def _rules(report: Report) -> list[dict[str, Any]]:
    """The rules that ran, and those of findings that come from no rule file; each id once, sorted."""
    rules = {f.id: RuleInfo(f.id, "", "", f.authority, f.severity, f.sources) for f in reversed(report.findings)}
    rules |= {rule.id: rule for rule in report.rules}
    return [_rule(rules[id_]) for id_ in sorted(rules)]


def _rule(rule: RuleInfo) -> dict[str, Any]:
    summary = rule.summary or rule.id
    demand = f"Demanded by {DEMANDED_BY[rule.authority]}."
    paragraphs = [text for text in (summary, rule.rationale, demand) if text]
    described = {
        "id": rule.id,
        "name": "".join(re.findall("[A-Za-z0-9]+", rule.id.title())),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": rule.rationale or summary},
        "help": {
            "text": "\n\n".join([*paragraphs, *rule.sources]),
            "markdown": "\n\n".join([*paragraphs, *(f"<{source}>" for source in rule.sources)]),
        },
        "defaultConfiguration": {"level": rule.severity},
        "properties": {"tags": [rule.authority, rule.id.split("/")[0]]},
    }
    return described | ({"helpUri": rule.sources[0]} if rule.sources else {})


def _results(report: Report, index: dict[str, int]) -> Iterator[dict[str, Any]]:
    seen: Counter[tuple[str, str]] = Counter()
    for finding in report.findings:
        name = (finding.path, finding.fingerprint)
        seen[name] += 1
        yield _result(finding, index[finding.id], f"{finding.fingerprint}:{seen[name]}")


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, Any]:
    result = {
        "ruleId": finding.id,
        "ruleIndex": rule_index,
        "level": finding.severity,
        "message": {"text": _message(f"{finding.message}\n{finding.remediation}".strip() or finding.id)},
        "locations": [_place(finding)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
        "properties": {"authority": finding.authority, "requirement": finding.requirement},
    }
    if finding.suppressed is not None:
        kind = "inSource" if finding.suppressed_inline else "external"
        result["suppressions"] = [{"kind": kind, "status": "accepted", "justification": finding.suppressed}]
    return result


def _place(finding: Finding) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _location(finding.path)}
    if region := _region(finding):
        physical["region"] = region
    place: dict[str, Any] = {"physicalLocation": physical}
    if finding.pointer:
        place["logicalLocations"] = [{"fullyQualifiedName": finding.pointer}]
    return place


def _region(finding: Finding) -> dict[str, Any]:
    """Where it stands, as far as that is known; a region that nobody knows is left out, never invented (§3.30)."""
    if finding.line < 1:
        return {}
    if finding.column < 1:
        return {"startLine": finding.line}
    region: dict[str, Any] = {"startLine": finding.line, "startColumn": finding.column}
    end = finding.span.end if finding.span else None
    if end is not None:
        region |= {"endLine": end.line, "endColumn": end.column}
    # Without an end, a region goes on to the end of its line.
    if len(finding.excerpt) <= _LINE_LENGTH and (end is None or end.line == finding.line):
        snippet = finding.excerpt[finding.column - 1 : end.column - 1 if end else None]
        region |= {"snippet": {"text": snippet}} if snippet else {}
    return region


def _location(path: str) -> dict[str, str]:
    """A URI reference, relative to the root of the sources wherever the path is (§3.4)."""
    uri = quote(path.removeprefix("./"), safe="/!$&'()*+,;=@-._~", errors="backslashreplace")
    if path.startswith("/"):
        return {"uri": "file://" + uri}
    if path[1:3] == ":/":  # a drive letter
        return {"uri": "file:///" + uri.replace("%3A", ":", 1)}
    return {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _message(text: str) -> str:
    """Plain text: the brackets of what would be an embedded link are parted (§3.11.6)."""
    return text.replace("](", "] (")
