"""The form for people at a terminal: where, what, the line itself, how to mend it, and who says so.

v1.37/acme/PRODUCT.yaml:12:3: error[metadata/field_missing] The required metadata field description is empty.
   |
12 |   description: ""
   |                ^^
   = help: Give metadata.description a value.
   = source: validator, https://github.com/…
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from aiconf.model import Result, Severity, Status, Verdict
from aiconf.reporters.excerpt import excerpt
from aiconf.reporters.matrix import named_objects
from aiconf.reporters.phrases import VERDICTS, active, counted, counted_inputs, counts, outcome, refutations, suppressed
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import Finding, Report
    from aiconf.reporters import Style

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_RESULT_COLORS = {Result.PASS: "green", Result.FAIL: "red", Result.INCONCLUSIVE: "yellow", Result.ERROR: "magenta"}
_REASONS = 5
_VERDICT_COLORS = {Verdict.PASS: "green", Verdict.FAIL: "red"}


def render(report: Report, style: Style) -> str:
    """Findings in full, then what could not be checked, then a summary that counts everything."""
    lines: list[str] = []
    for finding in active(report):
        lines += [header(finding, style), *_details(finding, style), ""]
    if style.show_suppressed:
        lines += accepted(report, style)
    lines += outcome_lines(report, style)
    if style.verbose or (not style.quiet and any(row.result for row in report.requirements)):
        lines += [*_requirements(report, style), ""]
    if not style.quiet:
        lines += summary(report, style)
    return "".join(line + "\n" for line in lines)


def header(finding: Finding, style: Style) -> str:
    """``path:line:column: severity[id] message``, which terminals and editors make clickable."""
    place = f"{one_line(finding.path)}:{finding.line}:{finding.column}:"
    label = _styled(f"{finding.severity}[{finding.id}]", style, fg=_COLORS[finding.severity], bold=True)
    return f"{_styled(place, style, bold=True)} {label} {one_line(finding.message)}"


def _details(finding: Finding, style: Style) -> Iterator[str]:
    number = str(finding.line)
    gutter = " " * len(number)
    if (shown := excerpt(finding)) is not None:
        caret = _styled("^" * max(1, len(shown.marked)), style, fg=_COLORS[finding.severity], bold=True)
        yield f"{gutter} |"
        yield f"{number} | {shown.before}{shown.marked}{shown.after}"
        yield f"{gutter} | {' ' * len(shown.before)}{caret}"
    yield f"{gutter} = help: {one_line(finding.remediation)}{' [fixable]' if finding.fix else ''}"
    yield f"{gutter} = source: {', '.join((str(finding.authority), *finding.sources[:1]))}"


def accepted(report: Report, style: Style) -> list[str]:
    """The findings that are accepted, and why."""
    return [
        f"{header(finding, style)} [accepted: {one_line(finding.suppressed or '')}]" for finding in suppressed(report)
    ]


def outcome_lines(report: Report, style: Style) -> list[str]:
    """The requirements that fail the run, and what could not be checked, and why."""
    failed = _styled("fail", style, fg="red", bold=True)
    label = _styled("could not check", style, fg="magenta", bold=True)
    lines = [f"{one_line(row.input)}: {failed}: {one_line(why)}" for row, why in refutations(report)]
    return lines + [
        f"{one_line(error.path)}: {label}: {f'{error.id}: ' if error.id else ''}{one_line(error.message)}"
        for error in report.errors
    ]


def _requirements(report: Report, style: Style) -> Iterator[str]:
    """A line for each requirement; where a cluster was judged, why, and the objects that show it."""
    width = max((len(row.id) for row in report.requirements), default=0)
    headed = ""
    for row in report.requirements:
        claim = one_line(row.status) if row.status else "not claimed"
        line = f"{one_line(row.id):<{width}}  {row.level or '-':<6}"
        if row.result is None:
            yield f"{one_line(row.input)}: {line}  {claim}"
            continue
        if row.input != headed:
            headed = row.input
            yield _styled(f"{one_line(row.input)}:", style, bold=True)
        result = _styled(f"{outcome(row):<23}", style, fg=_RESULT_COLORS.get(row.result), bold=row.refuted)
        said = [claim] if row.status else []
        said += [one_line(row.component)] if row.component else []
        yield f"  {line}  {result} {', '.join(said)}".rstrip()
        yield from (f"      {one_line(reason)}" for reason in row.reasons[:_REASONS])
        if objects := named_objects(row):
            yield f"      = {one_line(objects)}"


def summary(report: Report, style: Style) -> list[str]:
    """One line of counts and one of the verdict."""
    parts = [counts(report), counted_inputs(report)]
    if report.requirements:
        parts.append(f"{counted(len(report.requirements), 'requirement')} ({_claims(report)})")
    if fixable := sum(finding.fix is not None for finding in active(report)):
        parts.append(f"{fixable} fixable with --fix")
    if report.errors:
        parts.append(f"{len(report.errors)} could not be checked")
    word, meaning = VERDICTS[report.verdict]
    styled = _styled(word, style, fg=_VERDICT_COLORS.get(report.verdict, "magenta"), bold=True)
    return ["; ".join(parts) + ".", f"verdict: {styled} ({meaning})"]


def _claims(report: Report) -> str:
    """How many requirements were concluded on how, or else claimed how."""
    if any(row.result for row in report.requirements):
        results = Counter(row.result for row in report.requirements)
        known = [f"{results[result]} {result.replace('_', ' ')}" for result in Result if results[result]]
        return ", ".join([*known, f"{results[None]} not judged"] if results[None] else known)
    statuses = Counter(row.status for row in report.requirements)
    claims = [f"{statuses[status]} {status}" for status in Status if statuses[status]]
    unclaimed = len(report.requirements) - sum(statuses[status] for status in Status)
    return ", ".join([*claims, f"{unclaimed} not claimed"] if unclaimed else claims)


def _styled(text: str, style: Style, **attributes: object) -> str:
    return click.style(text, **attributes) if style.color else text  # type: ignore[arg-type]  # passed through
