"""Applies fixes in rounds, each of which is held against every rule before it counts."""

from __future__ import annotations

import codecs
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from aiconf.engine import MOST_FINDINGS
from aiconf.fix.edits import edits_for
from aiconf.fix.proof import flaw
from aiconf.fix.text import CannotFixError, Edit, apply_edits, collide
from aiconf.linter import FileResult, Linter
from aiconf.selection import select
from aiconf.source import Source, parse_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from aiconf.model import Finding, Fix
    from aiconf.options import Options

# A fix may make room for another one: a state becomes a status, and the status is then written right.
_MOST_ROUNDS = 20
# How often a file is linted anew while the fixes that do not hold are looked for; less often for a very long one.
_MOST_TRIALS = 200
_MOST_BYTES = 4_000_000


class Kept(NamedTuple):
    """A finding that was not fixed though its rule has a fix, and why, as the rest of a sentence."""

    finding: Finding
    reason: str


class Fixed(NamedTuple):
    """What came of one file.

    Attributes:
        raw: The file's new bytes, the old ones where nothing was fixed.
        findings: What was fixed, round by round, each at the place it had at the start of its round.
        kept: What has a fix that could not be made.
        skipped: Why nothing in the file is fixed, empty when it was tried.
    """

    raw: bytes
    findings: tuple[Finding, ...] = ()
    kept: tuple[Kept, ...] = ()
    skipped: str = ""


class Fixer:
    """Fixes files by the rules of a catalog.

    Args:
        options: As for linting. What is selected is fixed; no fix may bring up anything, selected or not.

    Raises:
        UsageError: An option names something that does not exist.
        CatalogError: A rule file is wrong.
    """

    def __init__(self, options: Options) -> None:
        self.linter = Linter(replace(options, select=(), ignore=(), authorities=()))
        self.selection = select(self.linter.catalog, options.select, options.ignore, options.authorities)

    def fix(self, raw: bytes, display: str, path: Path | None) -> Fixed:
        """Fix one file's bytes; nothing is written.

        Args:
            raw: What it holds.
            display: How to name it.
            path: Where it lies, or would lie; None when that is not known.
        """
        if problems := parse_source(raw, display).problems:
            return Fixed(raw, skipped=f"line {problems[0].line}: {problems[0].message}")
        done: list[Finding] = []
        kept: list[Kept] = []
        trials = min(_MOST_TRIALS, 2 + _MOST_BYTES // (len(raw) + 1))
        for _ in range(_MOST_ROUNDS):
            source = parse_source(raw, display)
            attempt = _Round(self.linter, source, path, trials)
            groups = self._wanted(attempt.before)
            kept, done_now = attempt.run(groups)
            trials = attempt.trials
            done += done_now
            if not done_now:
                break
            mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
            raw = mark + attempt.text.encode()
        return Fixed(raw, tuple(done), tuple(kept))

    def _wanted(self, result: FileResult) -> dict[Fix, list[Finding]]:
        """The findings to fix by what fixes them: two rules may ask for the same."""
        groups: dict[Fix, list[Finding]] = {}
        for finding in result.findings:
            wanted = finding.id in self.selection.ids and self.selection.admits(finding.authority)
            if finding.fix is not None and wanted and finding.suppressed is None:
                groups.setdefault(finding.fix, []).append(finding)
        return groups


class _Change(NamedTuple):
    """One fix, the findings it mends and the edits that make it."""

    fix: Fix
    findings: tuple[Finding, ...]
    edits: tuple[Edit, ...]


class _Round:
    """The fixes of one text that do not get into one another's way."""

    def __init__(self, linter: Linter, source: Source, path: Path | None, trials: int) -> None:
        self.linter, self.source, self.path, self.trials = linter, source, path, trials
        self.text = source.text
        self.before = linter.lint_source(source, path)
        self._counts = _counted(self.before.findings)
        # Of more findings of one rule than are reported, nobody can count how many are gone.
        by_rule = Counter(finding.id for finding in self.before.findings)
        self._full = {id_ for id_, number in by_rule.items() if number >= MOST_FINDINGS}
        self._kept: list[Kept] = []

    def run(self, groups: dict[Fix, list[Finding]]) -> tuple[list[Kept], list[Finding]]:
        """What was kept and what was fixed; the new text is in ``text``."""
        accepted = self._settled([], self._changes(groups))
        self.text = _edited(self.source, accepted)
        return self._kept, [finding for change in accepted for finding in change.findings]

    def _changes(self, groups: dict[Fix, list[Finding]]) -> list[_Change]:
        """A change for each fix that can be made by itself and meets none before it."""
        changes: list[_Change] = []
        taken: list[Edit] = []
        for fix, findings in groups.items():
            try:
                edits = edits_for(self.source, fix)
            except CannotFixError as error:
                self._keep(findings, str(error))
                continue
            if collide(edits, taken):
                self._keep(findings, "it overlaps another fix")
                continue
            taken += edits
            changes.append(_Change(fix, tuple(findings), tuple(edits)))
        return changes

    def _settled(self, accepted: list[_Change], changes: Sequence[_Change]) -> list[_Change]:
        """The accepted changes and those of the others that hold with them; those that do not are found by halving."""
        if not changes:
            return accepted
        together = [*accepted, *changes]
        reason = self._reason_against(together)
        if not reason:
            return together
        if len(changes) == 1:
            self._keep(changes[0].findings, reason)
            return accepted
        middle = len(changes) // 2
        return self._settled(self._settled(accepted, changes[:middle]), changes[middle:])

    def _reason_against(self, changes: Sequence[_Change]) -> str:
        if self.trials <= 0:
            return "the file has too many fixes that do not hold"
        self.trials -= 1
        after = parse_source(_edited(self.source, changes).encode("utf-8", "surrogatepass"), self.source.path)
        if reason := flaw(self.source, after, [change.fix for change in changes]):
            return reason
        result = self.linter.lint_source(after, self.path)
        if len(result.errors) > len(self.before.errors):
            return "it could not be checked afterwards"
        mended = [finding for change in changes for finding in change.findings if finding.id not in self._full]
        wanted = Counter(self._counts)
        wanted.subtract(_counted(mended))
        more = sorted({id_ for id_, _ in _counted(result.findings) - wanted} - self._full)
        if not more:
            return ""
        new = sorted(set(more) - {finding.id for finding in mended})
        return f"it would bring up {new[0]}" if new else "it would not be mended by it"

    def _keep(self, findings: Iterable[Finding], reason: str) -> None:
        self._kept += [Kept(finding, reason) for finding in findings]


def _edited(source: Source, changes: Iterable[_Change]) -> str:
    return apply_edits(source.text, [edit for change in changes for edit in change.edits])


def _counted(findings: Iterable[Finding]) -> Counter[tuple[str, str | None]]:
    """Findings by what survives an edit: pointers move with the items of a list, and keys are renamed."""
    return Counter((finding.id, finding.requirement) for finding in findings)
