"""Reports of openreports.io/v1alpha1, for ``kubectl apply -f``: one for each input, in a List.

OpenReports took over the PolicyReport of wgpolicyk8s.io, whose repository is retired; Kyverno, Kubewarden and Trivy's
adapter write it, Policy Reporter shows it. Its result words are not ours, so each result keeps ours as a property:

    finding:      fails the run → fail, else warn; accepted → skip
    rule:         nothing found → pass
    requirement:  pass → pass, fail → fail (a SHOULD: warn), inconclusive → warn, not applicable → skip, error → error
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aiconf.model import Result, Severity
from aiconf.reporters.phrases import outcome, paths, rules_for
from aiconf.reporters.plain import json_text, one_line, tool_version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import CheckError, Finding, Report, RequirementRow
    from aiconf.reporters import Style

WORST_FIRST = ("error", "fail", "warn", "skip", "pass")
_SEVERITIES = {Severity.ERROR: "high", Severity.WARNING: "medium", Severity.NOTE: "info"}
_RESULTS = {
    Result.PASS: "pass",
    Result.FAIL: "warn",
    Result.INCONCLUSIVE: "warn",
    Result.NOT_APPLICABLE: "skip",
    Result.ERROR: "error",
}
_MESSAGE_LENGTH = 1000
# `kubectl apply` keeps the whole object in an annotation, and annotations may hold 256 KiB. Worst results come first.
_RESULTS_LENGTH = 200_000
_SUBJECTS = 50


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a program does not care for style
    """The reports as one JSON document, which kubectl reads like YAML."""
    return json_text({"apiVersion": "v1", "kind": "List", "items": [_item(report, path) for path in paths(report)]})


def _item(report: Report, path: str) -> dict[str, Any]:
    results = sorted(_results(report, path), key=lambda result: WORST_FIRST.index(result["result"]))
    summary = Counter(result["result"] for result in results)
    kept = _fitting(results)
    limits = {"configuration": {"limits": {"maxResults": len(kept)}}} if len(kept) < len(results) else {}
    return {
        "apiVersion": "openreports.io/v1alpha1",
        "kind": "Report",
        "metadata": {
            "name": _name(path),
            "labels": {"app.kubernetes.io/managed-by": "aiconf"},
            "annotations": {"aiconf/path": path, "aiconf/version": tool_version(), "aiconf/catalog": report.catalog},
        },
        "source": "aiconf",
        **limits,
        "summary": {word: summary[word] for word in WORST_FIRST},
        "results": kept,
    }


def _fitting(results: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """As many of the first results as the object may hold; the summary counts all."""
    length = 0
    for number, result in enumerate(results):
        length += len(json_text(result))
        if length > _RESULTS_LENGTH:
            return results[:number]
    return results


def _name(path: str) -> str:
    """A name of the path's own that Kubernetes accepts: the same input replaces its earlier report."""
    words = re.sub(r"[^a-z0-9]+", "-", path.lower().removesuffix("/product.yaml"))[-40:].strip("-")
    digest = sha256(path.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return "-".join(filter(None, ("aiconf", words, digest)))


def _results(report: Report, path: str) -> Iterator[dict[str, Any]]:
    findings = [finding for finding in report.findings if finding.path == path]
    errors = [error for error in report.errors if error.path == path]
    yield from (_finding(finding, fails=report.fails(finding)) for finding in findings)
    yield from (_requirement(row) for row in report.requirements if row.input == path and row.result)
    yield from map(_error, errors)
    told = {finding.id for finding in findings} | {error.id for error in errors}
    for rule in rules_for(report, path):
        if rule.id not in told:
            yield _result(rule.id, "pass", rule.summary, category=rule.authority)


def _finding(finding: Finding, *, fails: bool) -> dict[str, Any]:
    word = "skip" if finding.suppressed is not None else "fail" if fails else "warn"
    details = {
        "line": str(finding.line),
        "column": str(finding.column),
        "pointer": finding.pointer,
        "requirement": finding.requirement,
        "remediation": one_line(finding.remediation, _MESSAGE_LENGTH),
        "severity": finding.severity,
        "suppressed": finding.suppressed,
    }
    result = _result(finding.id, word, finding.message, details, category=finding.authority)
    return result | {"severity": _SEVERITIES[finding.severity], "scored": fails}


def _requirement(row: RequirementRow) -> dict[str, Any]:
    result = row.result or Result.ERROR
    details = {
        "level": row.level,
        "status": row.status,
        "result": row.result,
        "proof": row.proof,
        "owner": row.owner,
        "component": row.component,
        "contribution": row.contribution,
    }
    told = _result(row.id, "fail" if row.refuted else _RESULTS[result], "; ".join(row.reasons) or outcome(row), details)
    subjects = [subject for subject in map(_subject, row.objects[:_SUBJECTS]) if subject]
    return told | {"category": "requirement", "scored": row.refuted} | ({"resources": subjects} if subjects else {})


def _error(error: CheckError) -> dict[str, Any]:
    return _result(error.id or "input", "error", error.message)


def _result(
    id_: str, word: str, message: str, details: dict[str, str | None] | None = None, category: str = ""
) -> dict[str, Any]:
    policy, _, rule = id_.partition("/")
    properties = {key: one_line(value, _MESSAGE_LENGTH) for key, value in (details or {}).items() if value}
    parts = {
        "rule": rule,
        "category": category,
        "message": one_line(message, _MESSAGE_LENGTH),
        "properties": properties,
    }
    return {"policy": policy, "result": word} | {key: part for key, part in parts.items() if part}


def _subject(text: str) -> dict[str, str] | None:
    """``apps/v1 Deployment namespace/name`` as a reference; None for a text of any other shape."""
    words = text.split(" ")
    if len(words) != 3:  # noqa: PLR2004 - version, kind, name
        return None
    version, kind, name = words
    namespace, _, last = name.rpartition("/")
    return {"apiVersion": version, "kind": kind, "name": last} | ({"namespace": namespace} if namespace else {})
