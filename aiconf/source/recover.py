"""Reading a text as far as it can be read.

A YAML parser stops at the first error, often far from the slip that caused it, and says nothing of the rest. Here a
text that does not parse is mended in a draft (``aiconf.source.mending``) and read to its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from aiconf.source.compose import compose
from aiconf.source.decode import replace_unprintable

if TYPE_CHECKING:
    from aiconf.source.nodes import Composition
    from aiconf.source.problem import Problem
    from aiconf.source.text import Text


class Reading:
    """A text read as far as it could be.

    Attributes:
        text: The text with its draft as it was parsed in the end.
        composition: What the draft holds.
        problems: The slips found on the way.
        lost: First and last line (1-based) of each stretch that was left out.
    """

    __slots__ = ("composition", "lost", "problems", "text")

    def __init__(self, text: Text, composition: Composition) -> None:
        self.text, self.composition = text, composition
        self.problems: list[Problem] = []
        self.lost: list[tuple[int, int]] = []


def read(text: Text) -> Reading:
    """Parse a text, mending its draft where it breaks YAML's syntax or its keys show that a dash is missing."""
    reading = Reading(text, compose(text.draft, text.position))
    if isinstance(reading.composition.error, yaml.reader.ReaderError):
        text, problems = replace_unprintable(text)
        reading = Reading(text, compose(text.draft, text.position))
        reading.problems = problems
    if reading.composition.error is not None or len(reading.composition.defects) > 1:
        from aiconf.source.mending import mend  # noqa: PLC0415 - only for a text that needs it

        mend(reading)
    return reading
