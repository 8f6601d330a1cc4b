"""The JSON report, format ``aiconf/report/v1``: a contract with programs outside the project.

Built key by key rather than dumped from the model, so that a change inside aiconf cannot change the contract unseen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.model import Severity
from aiconf.reporters.plain import json_text, tool_version, well_formed

if TYPE_CHECKING:
    from aiconf.model import CheckError, Finding, Report, RequirementRow
    from aiconf.reporters import Style

FORMAT = "aiconf/report/v1"


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program does not care for style
    """The report as indented JSON in ASCII; texts stand as they are, but for lone surrogates."""
    return json_text(document(report), well_formed)


def document(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "format": FORMAT,
        "tool": {"name": "aiconf", "version": tool_version(), "engine": report.engine, "catalog": report.catalog},
        "inputs": [{"path": record.path, "kind": record.kind, "sha256": record.sha256} for record in report.inputs],
        "verdict": str(report.verdict),
        "summary": {**{str(s): report.count(s) for s in Severity}, "suppressed": report.suppressed},
        "findings": [_finding(finding) for finding in report.findings],
        "requirements": [_requirement(row) for row in report.requirements],
        "errors": [_error(error) for error in report.errors],
        "options": _options(report),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "severity": str(finding.severity),
        "authority": str(finding.authority),
        "message": finding.message,
        "path": finding.path,
        "line": finding.line,
        "column": finding.column,
        "pointer": finding.pointer,
        "requirement": finding.requirement,
        "remediation": finding.remediation,
        "suppressed": finding.suppressed,
        "fixable": finding.fix is not None,
    }


def _requirement(row: RequirementRow) -> dict[str, Any]:
    return {
        "input": row.input,
        "id": row.id,
        "level": row.level,
        "status": row.status,
        "result": row.result,
        "proof": row.proof,
        "owner": row.owner,
        "component": row.component,
        "contribution": row.contribution,
        "objects": list(row.objects),
        "reasons": list(row.reasons),
    }


def _options(report: Report) -> dict[str, Any]:
    """What was chosen, as far as it changes what is found: `aiconf verify` runs with the same."""
    run = report.options
    return {
        "select": list(run.select),
        "ignore": list(run.ignore),
        "authority": [str(word) for word in run.authorities],
        "fail_on": str(report.fail_on) if report.fail_on else "never",
        "kubernetes_version": run.kubernetes_version,
        "registry": run.registry,
        "checklists": run.checklists,
        "members": {"source": run.members[0], "sha256": run.members[1]} if run.members else None,
        "online": run.online,
        "snapshots": list(run.snapshots),
        "require": str(run.require) if run.require else None,
        "policies_only": run.policies_only,
        "layered": run.layered,
        "base": run.base,
        "layers": run.layers,
        "inline_ignores": run.inline_ignores,
        "today": run.today,
    }


def _error(error: CheckError) -> dict[str, Any]:
    return {"id": error.id, "path": error.path, "message": error.message}
