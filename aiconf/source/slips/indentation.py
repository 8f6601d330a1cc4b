"""Slips of indentation: a line or a block moved by some blanks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_NEAR = 40
_LEVELS = 4
_MISFIT = 10
_BLOCKS = 3


def indentation(view: View) -> Iterator[Mend]:
    """A line, alone or with what hangs on it, that stands a little left or right of its siblings."""
    for line in view.suspects:
        if not line.is_structural or "\t" in line.text[: line.indent]:
            continue
        columns = _columns(view, line)
        ends = (line, _misfits_end(view, line, columns), view.block_end(line), _siblings_end(view, line))
        for level in _levels(view, line, columns):
            for last in dict.fromkeys(ends):
                yield _move(view, line, last, level)


def earlier_block(view: View) -> Iterator[Mend]:
    """The block before the line where the parser stopped stands wrong, not the line itself."""
    here = view.line_at(view.at)
    first: Line | None = None
    for line in islice(view.before(here), _NEAR):
        if line.indent <= here.indent:
            break
        if first is None or line.indent <= first.indent:
            first = line
    if first is None or not first.is_structural:
        return
    last = next(view.before(here))
    for end in dict.fromkeys((last, first)):
        yield _move(view, first, end, here.indent)


def _move(view: View, first: Line, last: Line, level: int) -> Mend:
    message = f"The line is indented by {_spaces(first.indent)}, its neighbours by {level}."
    edits = _moved(view, first, last, level - first.indent)
    weight = len(edits) + (_MISFIT if last is first and _parts_from_below(view, first, level) else 0)
    return Mend(first.start + first.indent, message, f"Indent it by {_spaces(level)}.", edits, weight=weight)


def _parts_from_below(view: View, line: Line, level: int) -> bool:
    """Whether a line moved alone would lose its children, or get some though it has a value."""
    below, inner = view.next(line), level + line.inner - line.indent
    takes_below = below.indent > inner or (below.indent == inner and below.inner > below.indent)
    return below.is_structural and takes_below != (bool(line.key) and not line.rest)


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def running_text(view: View) -> Iterator[Mend]:
    """A wrapped line of text that is not indented deeper than its key."""
    for line in view.suspects:
        previous = next(view.before(line), None)
        if line.is_structural or previous is None:
            continue
        deeper = previous.inner + 2 if previous.is_structural else previous.indent
        if deeper <= line.indent:
            continue
        last = line
        for following in view.after(line):
            if following.is_blank or following.is_structural or following.indent > line.indent:
                break
            last = following
        message = "The text goes on here, but is not indented deeper than its key."
        hint = f"Indent the line by {deeper} spaces."
        edits = _moved(view, line, last, deeper - line.indent)
        yield Mend(line.start + line.indent, message, hint, edits, weight=len(edits))


def block_text(view: View) -> Iterator[Mend]:
    """A line of a block text (``|``, ``>``) that is indented less than the text's first line, which ends the text."""
    blocks = (node for node in reversed(view.scalars) if node.style in ("|", ">") and node.start < view.at)
    for node in islice(blocks, _BLOCKS):
        level = view.next(view.line_at(node.start)).indent
        line = view.line_at(max(node.start, node.end - 1))
        line = view.next(line) if line.start < node.end else line
        if line.is_structural or line.indent >= level:
            continue
        message = "The text goes on here, but is indented less than its first line."
        last = line
        for following in view.after(line):
            if following.is_structural or (not following.is_blank and following.indent > line.indent):
                break
            last = following
        for end in dict.fromkeys((line, last)):
            edits = _moved(view, line, end, level - line.indent)
            hint = f"Indent it by {_spaces(level)}."
            yield Mend(line.start + line.indent, message, hint, edits, weight=len(edits) - 1)


def _columns(view: View, line: Line) -> set[int]:
    """Columns at which the lines before have keys or dashes."""
    return {column for before in islice(view.before(line), _NEAR) for column in (before.indent, before.inner)}


def _levels(view: View, line: Line, columns: set[int]) -> list[int]:
    """The columns to which a line may belong, the nearest first: by the lines before it, and by the next one."""
    below = view.next(line).indent
    found = columns | {0, below, max(below - 2, 0), max(below - (line.inner - line.indent), 0)}
    return sorted(found - {line.indent}, key=lambda column: (abs(column - line.indent), -column))[:_LEVELS]


def _misfits_end(view: View, line: Line, columns: set[int]) -> Line:
    """The last of the lines that follow and fit no column either."""
    last = line
    for following in view.after(line):
        if not following.is_blank:
            if following.indent in columns:
                break
            last = following
    return last


def _siblings_end(view: View, line: Line) -> Line:
    """The last of the lines that follow at the same or a deeper indentation."""
    last = line
    for following in view.after(line):
        if following.is_blank:
            continue
        if following.indent < line.indent:
            break
        last = following
    return last


def _moved(view: View, first: Line, last: Line, by: int) -> tuple[tuple[int, int, str], ...]:
    """Edits that move lines to the right, or to the left where ``by`` is negative."""
    lines = [line for line in view.lines[first.index : last.index + 1] if line.text.strip()]
    if by > 0:
        return tuple((line.start, line.start, " " * by) for line in lines)
    return tuple((line.start, line.start + min(-by, line.indent), "") for line in lines)
