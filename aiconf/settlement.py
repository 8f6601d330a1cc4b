"""Settles what a run found: which findings are accepted with a reason, and what is wrong with what accepts them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiconf.engine import Outcome, Subject, evaluate_file
from aiconf.model import InputRecord
from aiconf.suppression.acceptance import (
    FILE,
    accept_by_comments,
    accept_by_exceptions,
    entries_in_reach,
    exception_rows,
)
from aiconf.suppression.comments import read_comments
from aiconf.suppression.reach import Reach

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from aiconf.catalog.runtime import Catalog
    from aiconf.model import CheckError, Finding
    from aiconf.selection import Selection
    from aiconf.suppression.exceptions import Exceptions


class Settlement(NamedTuple):
    """What came of it; ``used`` and ``ran`` are indices of entries of the exceptions file."""

    findings: tuple[Finding, ...]
    errors: tuple[CheckError, ...]
    used: frozenset[int] = frozenset()
    ran: frozenset[int] = frozenset()


class Settler(NamedTuple):
    """What accepts findings, and by which rules it is judged itself.

    Attributes:
        catalog: The rules.
        selection: Which of them run.
        exceptions: The exceptions file, None without one.
        inline: Whether comments accept findings.
        asked: Whether the network was asked.
        reference: Evaluate with the reference engines.
    """

    catalog: Catalog
    selection: Selection
    exceptions: Exceptions | None
    inline: bool
    asked: bool
    reference: bool

    def settle(self, subject: Subject, outcome: Outcome) -> Settlement:
        """The findings of one input, those that are accepted marked as such."""
        path, reach = subject.record.path, self._reach(subject, outcome)
        findings, rows = self._by_comments(subject, outcome, reach)
        told = self._judged(subject, rows) if rows else Outcome()
        findings = sorted([*findings, *told.findings], key=lambda finding: finding.sort_key)
        findings, used = self.accept(findings, outcome.cut)
        ran = entries_in_reach(self.exceptions, reach, path) if self.exceptions else frozenset()
        return Settlement(tuple(findings), (*outcome.errors, *told.errors), used, ran)

    def rows(self, subject: Subject, outcome: Outcome) -> list[dict[str, Any]]:
        """What rules see of the comments of an input, as `suppressions`."""
        return self._by_comments(subject, outcome, self._reach(subject, outcome))[1]

    def accept(self, findings: Iterable[Finding], cut: Iterable[str] = ()) -> tuple[list[Finding], frozenset[int]]:
        """Mark the findings that the exceptions file accepts; ``cut`` as in `accept_by_exceptions`."""
        if self.exceptions is None:
            return list(findings), frozenset()
        return accept_by_exceptions(findings, self.exceptions, self.catalog, cut)

    def judge_exceptions(self, used: frozenset[int], ran: frozenset[int]) -> tuple[InputRecord, Settlement] | None:
        """What is wrong with the exceptions file itself, after all inputs; None where there is no such file."""
        if self.exceptions is None or self.exceptions.source is None:
            return None
        source = self.exceptions.source
        record = InputRecord(source.path, "exceptions", source.sha256)
        rows = exception_rows(self.exceptions, self.catalog, used, ran)
        told = self._judged(Subject(record, source, {}), rows)
        return record, Settlement(tuple(told.findings), tuple(told.errors))

    def _by_comments(
        self, subject: Subject, outcome: Outcome, reach: Reach
    ) -> tuple[list[Finding], list[dict[str, Any]]]:
        comments = read_comments(subject.source) if self.inline else []
        if not comments:
            return outcome.findings, []
        return accept_by_comments(outcome.findings, comments, reach, subject.record.path)

    def _judged(self, subject: Subject, rows: Sequence[Mapping[str, Any]]) -> Outcome:
        file = self.catalog.file(FILE)
        if file is None:
            return Outcome()
        facts = {**subject.facts, "suppressions": rows}
        return evaluate_file(file, subject._replace(facts=facts), self.selection, reference=self.reference)

    def _reach(self, subject: Subject, outcome: Outcome) -> Reach:
        excluded = outcome.cut | {error.id for error in outcome.errors if error.id}
        return Reach(
            self.catalog,
            self.selection,
            subject.facts,
            outcome.files,
            excluded,
            asked=self.asked,
            whole=not (subject.source.problems or subject.source.uncertain),
        )
