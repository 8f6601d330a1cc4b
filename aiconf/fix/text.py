"""Replacements in a text, and the lines around a place in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BREAK = re.compile(r"\r\n|\n|\r")


class CannotFixError(Exception):
    """A fix cannot be made; its text says why, as the rest of a sentence."""


class Edit(NamedTuple):
    """The characters ``start`` to ``end`` (exclusive) become ``text``."""

    start: int
    end: int
    text: str

    def meets(self, other: Edit) -> bool:
        """Whether the two touch the same characters, or write at the same place."""
        return (self.start < other.end and other.start < self.end) or self.start == other.start


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with edits made that do not meet one another."""
    parts, done = [], 0
    for edit in sorted(edits):
        parts += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*parts, text[done:]])


def collide(edits: Iterable[Edit], others: Sequence[Edit]) -> bool:
    """Whether any edit of the one group meets any of the other."""
    return any(edit.meets(other) for edit in edits for other in others)


def line_start(text: str, offset: int) -> int:
    """Where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Where the line of an offset ends, before its line break."""
    found = _BREAK.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """Where the line after that of an offset begins, the end of the text behind the last one."""
    found = _BREAK.search(text, offset)
    return found.end() if found else len(text)


def newline(text: str) -> str:
    """The line break that the text uses first, a line feed where it has none."""
    found = _BREAK.search(text)
    return found[0] if found else "\n"
