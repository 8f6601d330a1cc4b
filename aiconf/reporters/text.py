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

from aiconf.model import Severity, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import Finding, Report
    from aiconf.reporters import Style

_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
# Longer lines are cut around the place: a description can be one line of a thousand characters.
_WIDTH = 110
_BEFORE = 40
_SHOWN_STATUSES = ("Implemented", "Partially Implemented", "Not Implemented", "N/A")


def render(report: Report, style: Style) -> str:
    """Findings in full, then what could not be checked, then a summary that counts everything."""
    lines: list[str] = []
    for finding in report.findings:
        if finding.suppressed is None:
            lines += [header(finding, style), *_details(finding, style), ""]
    lines += error_lines(report, style)
    if style.verbose:
        lines += [*_requirements(report), ""]
    if not style.quiet:
        lines += summary(report, style)
    return "".join(line + "\n" for line in lines)


def header(finding: Finding, style: Style) -> str:
    """``path:line:column: severity[id] message``, which terminals and editors make clickable."""
    place = f"{finding.path}:{finding.line}:{finding.column}:"
    label = _styled(f"{finding.severity}[{finding.id}]", style, fg=_COLORS[finding.severity], bold=True)
    return f"{_styled(place, style, bold=True)} {label} {finding.message}"


def _details(finding: Finding, style: Style) -> Iterator[str]:
    number = str(finding.line)
    gutter = " " * len(number)
    if finding.excerpt.strip():
        text, start, length = _window(finding)
        caret = _styled("^" * length, style, fg=_COLORS[finding.severity], bold=True)
        yield f"{gutter} |"
        yield f"{number} | {text}"
        yield f"{gutter} | {' ' * start}{caret}"
    yield f"{gutter} = help: {finding.remediation}"
    yield f"{gutter} = source: {', '.join((str(finding.authority), *finding.sources[:1]))}"


def _window(finding: Finding) -> tuple[str, int, int]:
    """The part of the line to show, and where in it the marks begin and how many there are."""
    line = "".join(c if c.isprintable() else " " for c in finding.excerpt.expandtabs(1))
    start = min(finding.column - 1, len(line))
    length = _marked(finding, line[start:])
    cut = max(0, start - _BEFORE) if len(line) > _WIDTH else 0
    text = line[cut : cut + _WIDTH]
    head, tail = "…" if cut else "", "…" if cut + _WIDTH < len(line) else ""
    start = start - cut + len(head)
    return head + text + tail, start, max(1, min(length, len(head + text) - start))


def _marked(finding: Finding, rest: str) -> int:
    """How many characters to underline: the span on its first line, else the word or value that begins there."""
    span = finding.span
    if span is not None:
        return span.end.column - span.start.column if span.end.line == span.start.line else len(rest)
    if rest[:1] in ("'", '"') and (closing := rest.find(rest[0], 1)) > 0:
        return closing + 1
    return len(rest.split(" #")[0].rstrip()) if rest[:1] not in ("", " ") else 1


def error_lines(report: Report, style: Style) -> list[str]:
    """What could not be checked, and why."""
    label = _styled("could not check", style, fg="magenta", bold=True)
    return [f"{error.path}: {label}: {f'{error.id}: ' if error.id else ''}{error.message}" for error in report.errors]


def _requirements(report: Report) -> Iterator[str]:
    width = max((len(row.id) for row in report.requirements), default=0)
    for row in report.requirements:
        yield f"{row.input}: {row.id:<{width}}  {row.level or '-':<6}  {row.status or 'not claimed'}"


def summary(report: Report, style: Style) -> list[str]:
    """One line of counts and one of the verdict."""
    counts = ", ".join(_counted(report.count(severity), str(severity)) for severity in Severity)
    statuses = Counter(row.status for row in report.requirements)
    claims = ", ".join(f"{statuses[status]} {status}" for status in _SHOWN_STATUSES if statuses[status])
    parts = [f"{counts}, {report.suppressed} suppressed", _counted(len(report.inputs), "submission")]
    if report.requirements:
        unclaimed = len(report.requirements) - sum(statuses[status] for status in _SHOWN_STATUSES)
        rest = f"{unclaimed} not claimed" if unclaimed else ""
        parts.append(f"{_counted(len(report.requirements), 'requirement')} ({', '.join(filter(None, (claims, rest)))})")
    if report.errors:
        parts.append(f"{len(report.errors)} could not be checked")
    return ["; ".join(parts) + ".", _verdict(report, style)]


def _verdict(report: Report, style: Style) -> str:
    texts = {
        Verdict.PASS: ("pass", "green", "nothing that fails this run"),
        Verdict.FAIL: ("fail", "red", "mend the findings above"),
        Verdict.ERROR: ("error", "magenta", "not everything could be checked"),
        Verdict.NOTHING_CHECKED: ("nothing checked", "magenta", "no submission was found, or no rule was selected"),
    }
    word, color, meaning = texts[report.verdict]
    return f"verdict: {_styled(word, style, fg=color, bold=True)} ({meaning})"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _styled(text: str, style: Style, **attributes: object) -> str:
    return click.style(text, **attributes) if style.color else text  # type: ignore[arg-type]  # passed through
