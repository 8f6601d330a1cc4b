"""Going on after a syntax error.

A YAML parser stops at the first error, often far from the slip that caused it, and says nothing of the rest. Here the
slip is looked for (``aiconf.source.slips``), mended in a draft of the text, and the draft parsed again, until it parses
or a bound is reached. Every mend is one problem; what had to be left out is marked, so that nobody reports it missing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

from aiconf.source.compose import compose
from aiconf.source.decode import replace_unprintable
from aiconf.source.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.source.nodes import Composition
    from aiconf.source.slips import Mend, View
    from aiconf.source.text import Text

MAX_MENDS = 20
# Characters parsed while mending, over all attempts: about a second. A count, not a clock, so that the same file
# always gives the same report.
MAX_WORK = 10_000_000
_COMPLAINTS = {"could not find expected ':'": "a key without a colon, or text that is not indented"}


@dataclass
class Reading:
    """A text read as far as it could be.

    Attributes:
        text: The text with its draft as it was parsed in the end.
        composition: What the draft held.
        problems: The slips found on the way.
        lost: First and last line of each stretch that was left out.
    """

    text: Text
    composition: Composition
    problems: list[Problem] = field(default_factory=list)
    lost: list[tuple[int, int]] = field(default_factory=list)


def read(text: Text) -> Reading:
    """Parse a text, mending its draft where it breaks YAML's syntax."""
    composition = compose(text.draft, text.position)
    if composition.error is None:
        return Reading(text, composition)
    reading = Reading(text, composition)
    if isinstance(composition.error, yaml.reader.ReaderError):
        reading.text, problems = replace_unprintable(text)
        reading.problems.extend(problems)
        reading.composition = compose(reading.text.draft, text.position)
    _Mender(reading).run()
    return reading


@dataclass(slots=True)
class _Attempt:
    mend: Mend
    text: Text
    composition: Composition
    reach: float


class _Mender:
    """Mends one slip after the other within the bounds."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._work = MAX_WORK

    def run(self) -> None:
        # Only for a text that does not parse: most do.
        from aiconf.source.slips import DETECTORS, dropped_lines, dropped_rest  # noqa: PLC0415

        for _ in range(MAX_MENDS - 1):
            if self._reading.composition.error is None:
                return
            view = _view(self._reading)
            best = self._best(mend for detector in DETECTORS for mend in detector(view)) or self._best(
                dropped_lines(view)
            )
            if best is None:
                break
            self._accept(best)
        if self._reading.composition.error is not None:
            self._accept(self._try(dropped_rest(_view(self._reading))))
        # What is left out may have been all that held the text together.
        self._reading.composition.error = None

    def _best(self, mends: Iterable[Mend]) -> _Attempt | None:
        """The proposal that lets the parser get furthest, the first of equals; None when none gets it any further."""
        best: _Attempt | None = None
        reach = _reach(self._reading.text, self._reading.composition)
        for mend in mends:
            if self._work <= 0:
                break
            attempt = self._try(mend)
            if attempt.reach > reach:
                best, reach = attempt, attempt.reach
        return best

    def _try(self, mend: Mend) -> _Attempt:
        text = self._reading.text.edited(mend.edits)
        self._work -= len(text.draft)
        composition = compose(text.draft, text.position)
        return _Attempt(mend, text, composition, _reach(text, composition))

    def _accept(self, attempt: _Attempt) -> None:
        reading, mend = self._reading, attempt.mend
        at = reading.text.position(mend.offset)
        reading.problems.append(Problem("yaml_syntax", mend.message, at.line, at.column, hint=mend.hint))
        reading.lost += [(reading.text.position(a).line, reading.text.position(b).line) for a, b in mend.lost]
        reading.text, reading.composition = attempt.text, attempt.composition


def _reach(text: Text, composition: Composition) -> float:
    """How far the parser got, as an offset in the original."""
    if composition.error is None:
        return float("inf")
    at, began = _marks(composition)
    return text.origin(began if at >= len(text.draft) else at)


def _marks(composition: Composition) -> tuple[int, int]:
    """Offsets in the draft of where the parser gave up and where the construct began that it was in."""
    error = composition.error
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 0, 0
    at = error.problem_mark.index
    whole_block = error.context is not None and "block" in error.context and "scalar" not in error.context
    return at, at if error.context_mark is None or whole_block else error.context_mark.index


def _view(reading: Reading) -> View:
    from aiconf.source.slips import View  # noqa: PLC0415 - only for a text that does not parse

    error = reading.composition.error
    at, began = _marks(reading.composition)
    complaint = (error.problem if isinstance(error, yaml.MarkedYAMLError) else None) or "it is not understood"
    construct = (error.context if isinstance(error, yaml.MarkedYAMLError) else None) or ""
    complaint = _COMPLAINTS.get(complaint, complaint)
    return View(reading.text.draft, at, began, complaint, construct, reading.composition.scalars)
