"""Workflow commands: annotations in GitHub Actions, and the rest of the findings in the job's log.

GitHub shows ten annotations of each kind per step and drops the others without a word, so the ten that are emitted are
the worst ones, and the log holds the rest. The commands are documented under "Workflow commands for GitHub Actions";
how they are read is `ActionCommand.cs` of actions/runner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aiconf.model import Severity
from aiconf.reporters.phrases import counts, refutations, verdict, worst_first
from aiconf.reporters.plain import one_line, shortened, visible

if TYPE_CHECKING:
    from aiconf.model import CheckError, Finding, Report, RequirementRow, Span
    from aiconf.reporters import Style

ANNOTATIONS = 10
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
# An annotation holds 64 KiB, and far less is read.
_MESSAGE_LENGTH = 2000


def render(report: Report, style: Style) -> str:
    """What could not be checked and the worst findings as annotations, the others as lines of the log."""
    notices = [*map(_error, report.errors), *map(_refutation, refutations(report)), *map(_finding, worst_first(report))]
    lines = [notice.command() for notice in notices[:ANNOTATIONS]]
    if others := notices[ANNOTATIONS:]:
        lines.append(f"::group::{len(others)} more, which GitHub would not annotate")
        lines += [*(notice.line() for notice in others), "::endgroup::"]
        lines.append("All of them are in the job summary too, when the run writes one: --format markdown=FILE.")
    if not style.quiet:
        lines += [f"aiconf: {counts(report)}.", f"aiconf: verdict: {verdict(report)}"]
    return "".join(line + "\n" for line in lines)


def command(kind: str, title: str, message: str) -> str:
    """One annotation of the job as a whole, a line: ``kind`` is error, warning or notice."""
    return _Notice(kind, title, message).command() + "\n"


@dataclass(frozen=True, slots=True)
class _Notice:
    """One thing to say: as an annotation, or as a line of the log."""

    kind: str
    title: str
    message: str
    path: str = ""
    place: tuple[int, int] | None = None
    span: Span | None = None
    remediation: str = ""

    def command(self) -> str:
        properties = {"file": visible(self.path)} if self.path else {}
        if self.place is not None:
            properties |= {"line": str(self.place[0]), "col": str(self.place[1])}
        if self.span is not None:
            properties |= {"endLine": str(self.span.end.line), "endColumn": str(self.span.end.column)}
        properties["title"] = one_line(self.title)
        message = shortened(visible(f"{self.message}\n{self.remediation}".strip()), _MESSAGE_LENGTH)
        return f"::{self.kind} {','.join(f'{k}={_property(v)}' for k, v in properties.items())}::{_data(message)}"

    def line(self) -> str:
        place = ":".join(map(str, (self.path, *(self.place or ()))))
        return _inert(f"- {place}: {self.kind}[{self.title}] {self.message}")


def _finding(finding: Finding) -> _Notice:
    kind, place = _COMMANDS[finding.severity], (finding.line, finding.column)
    return _Notice(kind, finding.id, finding.message, finding.path, place, finding.span, finding.remediation)


def _refutation(refuted: tuple[RequirementRow, str]) -> _Notice:
    return _Notice("error", refuted[0].id, refuted[1], refuted[0].input)


def _error(error: CheckError) -> _Notice:
    title = f"{error.id} could not be checked" if error.id else "could not check"
    return _Notice("error", title, error.message, error.path)


def _inert(text: str) -> str:
    """A line that is no command: the older form, ``##[name]``, counts wherever it stands in a line."""
    return one_line(text).replace("##[", "## [")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
