"""Going on after a syntax error, so that one slip does not hide the defects behind it.

Where the parser gives up, the repairs that ``aiconf.source.repairs`` knows are tried on a draft, and the one is kept
after which the parser comes furthest. Where none helps, the line is left out, and is said to be uncertain.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import yaml

from aiconf.source.compose import compose
from aiconf.source.decode import replace_unprintable
from aiconf.source.nodes import Defect
from aiconf.source.problem import Problem

if TYPE_CHECKING:
    from aiconf.source.nodes import Composition
    from aiconf.source.repairs import Repair
    from aiconf.source.text import Text

_MOST_SLIPS = 20
# So many lines left out in a row say that it is not the lines that are wrong.
_MOST_LEFT_OUT = 3
# Characters parsed in trying repairs, over all slips: some two seconds of work.
_EFFORT = 20_000_000


class Recovery:
    """A text brought to parse as far as that is possible.

    Attributes:
        text: The text with its mended draft.
        composition: What the draft gives.
        problems: The slips, in the order in which the parser met them.
        left_out: Line ranges of the file (1-based, inclusive) that had to be left out.
    """

    def __init__(self, text: Text) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.left_out: list[tuple[int, int]] = []
        self._effort = _EFFORT
        self._in_a_row = 0
        self.composition = self._compose(text)
        self._run()

    def _run(self) -> None:
        if isinstance(self.composition.error, yaml.reader.ReaderError):
            self.text, self.problems = replace_unprintable(self.text)
            self.composition = self._compose(self.text)
        for _ in range(_MOST_SLIPS):
            error = self.composition.error
            if not isinstance(error, yaml.MarkedYAMLError) or self._effort <= 0 or self._in_a_row >= _MOST_LEFT_OUT:
                break
            self._mend(error)
        if isinstance(self.composition.error, yaml.MarkedYAMLError):
            self._give_up(self.composition.error)

    def _compose(self, text: Text) -> Composition:
        self._effort -= len(text.draft) + 1000
        return compose(text.draft, text.position)

    def _mend(self, error: yaml.MarkedYAMLError) -> None:
        from aiconf.source.repairs import leaving_out, repairs  # noqa: PLC0415 - only for a text that does not parse

        at = _offset(error.problem_mark)
        context = _offset(error.context_mark) if error.context_mark else None
        best: tuple[float, Repair, Text, Composition] | None = None
        for repair in repairs(self.text, at, context):
            if self._effort <= 0:
                break
            text = self.text.edited(repair.start, repair.end, repair.new)
            composition = self._compose(text)
            reached = self._reached(composition, repair)
            if reached > at and (best is None or reached > best[0]):
                best = (reached, repair, text, composition)
            if reached == math.inf:
                break
        self._in_a_row = self._in_a_row + 1 if best is None else 0
        if best is None:
            repair = leaving_out(self.text, at, _words(error))
            text = self.text.edited(repair.start, repair.end, repair.new)
            best = (0, repair, text, self._compose(text))
        self._keep(*best[1:])

    def _reached(self, composition: Composition, repair: Repair) -> float:
        """Where the parser gives up now, in the offsets of the draft before the repair; infinity when it does not."""
        if not isinstance(composition.error, yaml.MarkedYAMLError):
            return math.inf
        return _offset(composition.error.problem_mark) - (len(repair.new) - (repair.end - repair.start))

    def _keep(self, repair: Repair, text: Text, composition: Composition) -> None:
        place = self.text.position(repair.offset)
        self.problems.append(Problem("yaml_syntax", repair.message, place.line, place.column, hint=repair.hint))
        if not repair.certain:
            self.left_out.append((place.line, place.line))
        self.text, self.composition = text, composition

    def _give_up(self, error: yaml.MarkedYAMLError) -> None:
        offset = _offset(error.problem_mark)
        hint = "Mend the lines above first; the rest of the file was not read."
        self.composition.defects.append(Defect("yaml_syntax", f"{_words(error).capitalize()}.", offset, hint=hint))
        self.composition.dropped.append((offset, len(self.text.draft)))


def _offset(mark: yaml.Mark | None) -> int:
    return mark.index if mark else 0


def _words(error: yaml.MarkedYAMLError) -> str:
    """What the parser says, on one line."""
    return " ".join(str(error.problem).split())[:120]
