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
from aiconf.source.slips import DETECTORS, View, dropped_lines, dropped_rest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.source.nodes import Composition
    from aiconf.source.recover import Reading
    from aiconf.source.slips import Mend
    from aiconf.source.text import Text

_MAX_MENDS = 20
# So many lines left out one after the other say that this is no YAML, rather than YAML with slips.
_MAX_DROPS = 4
# Characters parsed in trying proposals, over all slips: one or two seconds. A count and not a clock, so that the same
# file always gives the same report. Every attempt costs something besides.
_MAX_WORK = 10_000_000
_ATTEMPT = 1000


# Better is more: how far the text is understood, how far the parser gets, how little is changed.
_Rank = tuple[float, float, int]
_BEST: _Rank = (math.inf, math.inf, 0)
_STRUCTURAL = re.compile(r"^([ \t]*)(?:-[ \t]|[\w$./-]+:(?:[ \t\r]|$))", re.MULTILINE)


class _Attempt(NamedTuple):
    mend: Mend
    text: Text
    composition: Composition

    rank: _Rank


def mend(reading: Reading) -> None:
    """Bring a text that does not parse to parse, noting what is wrong with it."""
    _Mender(reading).run()


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

    def _next(self) -> _Attempt | None:
        """The best mend of the slip at hand, else the best thing to leave out; None when it is time to stop."""
        view = _view(self._reading)
        if best := self._best(mend for detector in DETECTORS for mend in detector(view)):
            self._drops = 0
            return best
        self._drops += 1
        return self._best(dropped_lines(view)) if self._drops <= _MAX_DROPS else None

    def _best(self, mends: Iterable[Mend]) -> _Attempt | None:
        """The proposal that lets the parser get furthest, the first of equals; None when none gets it any further."""
        best: _Attempt | None = None
        understood, stopped = _reach(self._reading.text, self._reading.composition)
        rank: _Rank = (understood, stopped, 0)
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
        self._work -= len(text.draft) + _ATTEMPT
        composition = compose(text.draft, text.position)
        return _Attempt(proposal, text, composition, (*_reach(text, composition), -proposal.weight))

    def _keep(self, attempt: _Attempt) -> None:
        reading, kept = self._reading, attempt.mend
        at = reading.text.position(kept.offset)
        reading.problems.append(Problem("yaml_syntax", kept.message, at.line, at.column, hint=kept.hint))
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
