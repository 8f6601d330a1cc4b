"""What a detector of slips looks at, and what it proposes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.source.nodes import Composition
    from aiconf.source.text import Edit

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_LINE = re.compile(
    r"""(?P<indent>[ \t]*)(?P<dashes>(?:-[ \t]+|-$)*)
    (?:(?P<key>"[^"]*"|'[^']*'|[\w$./-]+)[ \t]*:(?:[ \t]+|$))?""",
    re.VERBOSE,
)
_COMMENT = re.compile(r"(?:^|(?<=[ \t]))#")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the draft, read on its own.

    Attributes:
        index: 0-based number.
        start: Offset of its first character.
        text: The line without its break.
        indent: Number of leading blanks.
        inner: Column, 0-based, of what follows the leading dashes: where a mapping in a list item has its keys.
        key: The key it begins with, empty when it begins with none.
        value: Column, 0-based, of what follows the key, or of the content when there is no key.
    """

    index: int
    start: int
    text: str
    indent: int
    inner: int
    key: str
    value: int

    @property
    def end(self) -> int:
        """Offset behind its last character, before the line break."""
        return self.start + len(self.text)

    @property
    def rest(self) -> str:
        """What follows the key, without blanks around it."""
        return self.text[self.value :].rstrip()

    @property
    def is_blank(self) -> bool:
        """Whether it holds nothing but blanks or a comment."""
        return self.indent == len(self.text) or self.text[self.indent] == "#"

    @property
    def is_structural(self) -> bool:
        """Whether it begins like a list item or a key, rather than like running text."""
        return bool(self.key) or self.inner > self.indent

    @property
    def content_end(self) -> int:
        """Offset behind its unquoted content: trailing blanks and a trailing comment left off."""
        comment = _COMMENT.search(self.text, self.value)
        return self.start + len(self.text[: comment.start() if comment else None].rstrip())


@dataclass(frozen=True, slots=True)
class Mend:
    """A slip that may explain a syntax error, and the edits of the draft that would mend it.

    Attributes:
        offset: Where the slip is, in the draft before the edits.
        message: What is wrong, one sentence.
        hint: How to mend it, one sentence.
        edits: Replacements ``(start, end, text)``, in order, not overlapping.
        lost: Stretches of the draft whose content is not understood after the edits.
        weight: Of proposals that get the parser equally far, the lightest is taken, then the first.
    """

    offset: int
    message: str
    hint: str
    edits: tuple[Edit, ...]
    lost: tuple[tuple[int, int], ...] = ()
    weight: int = 0


class View:
    """A draft that does not parse.

    Attributes:
        draft: The text.
        at: Offset at which the YAML parser gave up.
        began: Offset of the construct it was in (the opening quote, the bracket, the key); ``at`` when unknown.
        complaint: What it said.
        scalars: The scalars it had read.
        unfinished: Starts of the maps and lists it was in, the outermost first.
    """

    def __init__(self, draft: str, at: int, began: int, complaint: str, composition: Composition) -> None:
        self.draft, self.at, self.began, self.complaint = draft, at, began, complaint
        self.scalars, self.unfinished = composition.scalars, composition.unfinished

    @cached_property
    def lines(self) -> list[Line]:
        """The draft's lines."""
        ends = [match.span() for match in _LINE_BREAK.finditer(self.draft)]
        starts = [0, *(end for _, end in ends)]
        stops = [*(start for start, _ in ends), len(self.draft)]
        return [
            _read(index, start, self.draft[start:stop])
            for index, (start, stop) in enumerate(zip(starts, stops, strict=True))
        ]

    def line_at(self, offset: int) -> Line:
        """The line an offset is in."""
        low, high = 0, len(self.lines) - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.lines[middle].start <= offset else (low, middle - 1)
        return self.lines[low]

    def before(self, line: Line) -> Iterator[Line]:
        """The lines before one that are not blank, nearest first."""
        return (self.lines[i] for i in range(line.index - 1, -1, -1) if not self.lines[i].is_blank)

    def after(self, line: Line) -> Iterable[Line]:
        """The lines behind one, in order."""
        return (self.lines[i] for i in range(line.index + 1, len(self.lines)))

    def next(self, line: Line) -> Line:
        """The next line that is not blank; the line itself when there is none."""
        return next((following for following in self.after(line) if not following.is_blank), line)

    @cached_property
    def suspects(self) -> list[Line]:
        """Lines near which the slip may be: where the parser stopped, where the construct began, the line before."""
        here = self.line_at(self.at)
        found = [here, self.line_at(self.began), *[line for line, _ in zip(self.before(here), range(1), strict=False)]]
        unique = {line.index: line for line in found if line.text.strip()}
        return list(unique.values())

    def run_end(self, line: Line) -> Line:
        """The last line of the value that begins on a line: lines indented deeper than its key that go on with text."""
        last = line
        for following in self.after(line):
            if following.is_blank:
                continue
            if following.indent <= line.inner or following.is_structural:
                break
            last = following
        return last

    def block_end(self, line: Line) -> Line:
        """The last line of the block that hangs on a line: all that is indented deeper than it."""
        last = line
        for following in self.after(line):
            if following.is_blank:
                continue
            if following.indent <= line.indent:
                break
            last = following
        return last


def _read(index: int, start: int, text: str) -> Line:
    match = _LINE.match(text)
    if match is None:  # cannot be: every part is optional
        return Line(index, start, text, 0, 0, "", 0)
    return Line(
        index, start, text, match.end("indent"), match.end("dashes"), (match["key"] or "").strip("\"'"), match.end()
    )
