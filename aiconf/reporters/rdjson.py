"""The Reviewdog Diagnostic Format, one JSON document (``reviewdog -f=rdjson``); accepted findings stay out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.model import Severity
from aiconf.reporters.phrases import active
from aiconf.reporters.plain import json_text

if TYPE_CHECKING:
    from aiconf.model import CheckError, Finding, Report
    from aiconf.reporters import Style

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program does not care for style
    """The report as one DiagnosticResult."""
    diagnostics = [*map(_finding, active(report)), *map(_error, report.errors)]
    return json_text({"source": {"name": "aiconf"}, "diagnostics": diagnostics})


def _finding(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {"path": finding.path}
    if finding.line >= 1:
        location["range"] = _range(finding)
    return {
        "message": f"{finding.message}\n{finding.remediation}".strip() or finding.id,
        "location": location,
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.id, **({"url": finding.sources[0]} if finding.sources else {})},
    }


def _error(error: CheckError) -> dict[str, Any]:
    code = {"code": {"value": error.id}} if error.id else {}
    return {"message": error.message, "location": {"path": error.path}, "severity": "ERROR"} | code


def _range(finding: Finding) -> dict[str, Any]:
    start = {"line": finding.line} | _column(finding, finding.column)
    if finding.span is None or "column" not in start:
        return {"start": start}
    end = finding.span.end
    if end.line != finding.line:  # whole lines: the report does not hold the last one, to count its bytes
        return {"start": {"line": finding.line}, "end": {"line": end.line}}
    return {"start": start, "end": {"line": end.line} | _column(finding, end.column)}


def _column(finding: Finding, column: int) -> dict[str, int]:
    """The column in bytes of UTF-8, as the format counts; nothing when the line is not known that far."""
    before = finding.excerpt[: max(column - 1, 0)]
    if column < 1 or len(before) < column - 1:
        return {}
    return {"column": len(before.encode("utf-8", "surrogatepass")) + 1}
