"""Mending a draft that does not parse, slip by slip.

The detectors of ``aiconf.source.slips`` propose what may be wrong near the place where the parser gave up. Each
proposal is tried out on the draft, and the one that lets the parser get furthest is kept and is one problem. Where none
helps, the least that lets it go on is left out and marked, so that nobody reports it missing.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, NamedTuple

import yaml

from aiconf.source.compose import compose
from aiconf.source.problem import Problem
from aiconf.source.slips import DETECTORS, View, dash_before, dropped_lines, dropped_rest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.source.nodes import Composition
    from aiconf.source.recover import Reading
    from aiconf.source.slips import Mend
    from aiconf.source.text import Text

_MAX_MENDS = 20
# So many lines left out one after the other say that this is no YAML, rather than YAML with slips.
_MAX_DROPS = 4
# What may be spent on trying proposals, over all slips, in characters parsed: about a second. A count and not a clock,
# so that the same file always gives the same report. A scalar, a line, an attempt cost as much as so many characters.
_MAX_WORK = 12_000_000
_SCALAR = 30
_LINE = 60
_ATTEMPT = 1000
# A mend after which keys are given twice has most likely put lines where they do not belong.
_DUPLICATE = 60


# Better is more: how far the text is understood, how far the parser gets, how little is changed.
_Rank = tuple[float, float, float]
# So many keys given twice in a list item are no accident but another item.
_ENTRY = 2
_ITEM = re.compile(r"/\d+/[^/]*$")
_BEST: _Rank = (math.inf, math.inf, 0)
_STRUCTURAL = re.compile(r"^([ \t]*)(?:-[ \t]|[\w$./-]+:(?:[ \t\r]|$))", re.MULTILINE)


class _Attempt(NamedTuple):
    mend: Mend
    text: Text
    composition: Composition

    rank: _Rank


def mend(reading: Reading) -> None:
    """Bring a text that does not parse to parse, noting what is wrong with it; then part entries that ran together."""
    mender = _Mender(reading)
    mender.run()
    mender.part_entries()


class _Mender:
    """Mends one slip after the other within the bounds."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._work = _MAX_WORK
        self._drops = 0

    def run(self) -> None:
        reading = self._reading
        for _ in range(_MAX_MENDS - 1):
            if reading.composition.error is None:
                return
            best = self._next()
            if best is None:
                break
            self._keep(best)
        if reading.composition.error is not None:
            self._keep(self._try(dropped_rest(_view(reading))))

    def part_entries(self) -> None:
        """Put the dash before list items that lack it: there the keys of two entries stand in one map."""
        reading = self._reading
        for _ in range(_MAX_MENDS):
            found = [defect for defect in reading.composition.defects if defect.kind == "duplicate_key"]
            if len(found) < _ENTRY or self._work <= 0 or not _ITEM.search(found[0].pointer):
                return
            proposal = dash_before(_view(reading), found[0].offset)
            attempt = self._try(proposal)
            left = sum(defect.kind == "duplicate_key" for defect in attempt.composition.defects)
            if attempt.composition.error is not None or left > len(found) - _ENTRY:
                return
            self._keep(attempt, "duplicate_key", found[0].pointer)

    def _next(self) -> _Attempt | None:
        """The best mend of the slip at hand, else the best thing to leave out; None when it is time to stop."""
        view = _view(self._reading)
        self._work -= _LINE * view.draft.count("\n")
        if best := self._best(mend for detector in DETECTORS for mend in detector(view)):
            self._drops = 0
            return best
        self._drops += 1
        return self._best(dropped_lines(view)) if self._drops <= _MAX_DROPS else None

    def _best(self, mends: Iterable[Mend]) -> _Attempt | None:
        """The proposal that lets the parser get furthest, the first of equals; None when none gets it any further."""
        best: _Attempt | None = None
        understood, stopped = _reach(self._reading.text, self._reading.composition)
        rank: _Rank = (understood, stopped, -math.inf)
        for proposal in mends:
            if self._work <= 0:
                break
            attempt = self._try(proposal)
            # What leaves the parser where it was mends nothing, though it may cut a long text short.
            if attempt.rank > rank and attempt.rank[1] != stopped:
                best, rank = attempt, attempt.rank
            if rank == _BEST:
                break
        return best

    def _try(self, proposal: Mend) -> _Attempt:
        text = self._reading.text.edited(proposal.edits)
        composition = compose(text.draft, text.position)
        self._work -= len(text.draft) + _SCALAR * len(composition.scalars) + _ATTEMPT
        weight = proposal.weight + _DUPLICATE * sum(found.kind == "duplicate_key" for found in composition.defects)
        return _Attempt(proposal, text, composition, (*_reach(text, composition), -weight))

    def _keep(self, attempt: _Attempt, kind: str = "yaml_syntax", pointer: str = "") -> None:
        reading, kept = self._reading, attempt.mend
        at = reading.text.position(kept.offset)
        reading.problems.append(Problem(kind, kept.message, at.line, at.column, pointer, kept.hint))
        reading.lost += [(reading.text.position(a).line, reading.text.position(b).line) for a, b in kept.lost]
        reading.text, reading.composition = attempt.text, attempt.composition


def _reach(text: Text, composition: Composition) -> tuple[float, float]:
    """How far the text is understood and how far the parser got, as offsets in the original."""
    if composition.error is None:
        at = math.inf
    else:
        stopped, began = _marks(composition)
        # At the end of the text it gives up on what it could not find an end of: that is where it is stuck.
        at = text.origin(began if stopped >= len(text.draft) else stopped)
    return min(at, _swallowed(text, composition)), at


def _swallowed(text: Text, composition: Composition) -> float:
    """Where a quoted scalar begins that runs over lines which look like keys or items no deeper than its own line."""
    for node in composition.scalars:
        if node.style in ("'", '"') and "\n" in (inside := text.draft[node.start : node.end]):
            line = text.draft[text.draft.rfind("\n", 0, node.start) + 1 : node.start]
            indent = len(line) - len(line.lstrip(" \t"))
            if any(len(m[1]) <= indent for m in _STRUCTURAL.finditer(inside, inside.index("\n") + 1)):
                return text.origin(node.start)
    return math.inf


def _marks(composition: Composition) -> tuple[int, int]:
    """Offsets in the draft of where the parser gave up and where the construct began that it was in."""
    error = composition.error
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 0, 0
    at, began = error.problem_mark.index, error.context_mark
    # A block's context is its first line, which says nothing.
    in_block = error.context is not None and "block" in error.context and "scalar" not in error.context
    return at, at if began is None or in_block else began.index


def _view(reading: Reading) -> View:
    composition, error = reading.composition, reading.composition.error
    at, began = _marks(composition)
    complaint = " ".join(str(error.problem).split())[:120] if isinstance(error, yaml.MarkedYAMLError) else ""
    return View(reading.text.draft, at, began, complaint, composition)
