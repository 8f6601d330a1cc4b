"""The text being parsed: what the file says, and the mended draft that the YAML parser sees."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from aiconf.model import Position

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

    def __init__(self, original: str, draft: str | None = None, origins: list[int] | None = None) -> None:
        self.original = original
        self.draft = original if draft is None else draft
        self.origins = origins

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

    def edited(self, start: int, end: int, new: str) -> Text:
        """This text with ``draft[start:end]`` replaced by ``new``."""
        origins = list(range(len(self.original) + 1)) if self.origins is None else self.origins
        middle = origins[start : start + len(new)] if len(new) == end - start else [origins[start]] * len(new)
        return Text(
            self.original, self.draft[:start] + new + self.draft[end:], [*origins[:start], *middle, *origins[end:]]
        )
