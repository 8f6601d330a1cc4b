"""The text being parsed: what the file says, and the mended draft that the YAML parser sees."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from aiconf.model import Position

if TYPE_CHECKING:
    from collections.abc import Iterable

Edit = tuple[int, int, str]
"""A replacement: start and end offset in the draft, and the new text."""

# What editors and code review pages count as the end of a line; libyaml also counts U+0085, U+2028 and U+2029, so
# that its own line numbers cannot be used.
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Text:
    """A file's text and a draft of it, with the way back from any place of the draft to the file.

    Immutable: an edit gives a new value. Offsets count code points, from 0; positions are 1-based and always those of
    the file as it stands on disk.

    Attributes:
        original: The file's text.
        draft: The text to parse; the same string as ``original`` until the first edit.
    """

    def __init__(self, original: str, draft: str | None = None, origins: array[int] | None = None) -> None:
        self.original = original
        self.draft = original if draft is None else draft
        self.origins = origins  # by draft offset, None while the draft is the original

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets in the original at which its lines start."""
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.original))]

    def origin(self, offset: int) -> int:
        """The offset in the original of an offset in the draft; inserted text maps to the place of its insertion."""
        return offset if self.origins is None else self.origins[min(offset, len(self.origins) - 1)]

    def position(self, offset: int) -> Position:
        """The position in the file of an offset in the draft."""
        return self.original_position(self.origin(offset))

    def original_position(self, offset: int) -> Position:
        """The position in the file of an offset in the original."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The original's line of that 1-based number without its line break; empty when there is none."""
        if not 1 <= number <= len(self.line_starts):
            return ""
        start = self.line_starts[number - 1]
        end = self.line_starts[number] if number < len(self.line_starts) else len(self.original)
        return self.original[start:end].rstrip("\r\n")

    def edited(self, edits: Iterable[Edit]) -> Text:
        """This text with stretches of its draft replaced; the edits are in order and do not overlap."""
        origins = array("I", range(len(self.original) + 1)) if self.origins is None else self.origins
        draft: list[str] = []
        back = array("I")
        done = 0
        for start, end, new in edits:
            draft += (self.draft[done:start], new)
            back += origins[done:start]
            back += _origins_of(origins, start, end, len(new))
            done = end
        return Text(self.original, "".join([*draft, self.draft[done:]]), back + origins[done:])


def _origins_of(origins: array[int], start: int, end: int, length: int) -> array[int]:
    """Where the characters of a replacement come from: one by one while they last, then the end of the replaced."""
    kept = origins[start : min(end, start + length)]
    return kept + array("I", [origins[end]]) * (length - len(kept))
