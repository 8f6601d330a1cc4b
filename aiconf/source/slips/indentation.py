"""Slips of indentation: a line or a block moved by some blanks."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_NEAR = 40
_LEVELS = 3


def indentation(view: View) -> Iterator[Mend]:
    """A line, alone or with what hangs on it, that stands a little left or right of its siblings."""
    for line in view.suspects:
        if not line.is_structural:
            continue
        for level in _levels(view, line):
            message = f"The line is indented by {line.indent} spaces, its siblings by {level}."
            hint = f"Indent it by {level} spaces."
            for last in dict.fromkeys((line, view.block_end(line), _siblings_end(view, line))):
                yield Mend(line.start + line.indent, message, hint, _moved(view, line, last, level - line.indent))


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
    message = f"The line is indented by {first.indent} spaces, its siblings by {here.indent}."
    hint = f"Indent it by {here.indent} spaces."
    last = next(view.before(here))
    for end in dict.fromkeys((last, first)):
        yield Mend(first.start + first.indent, message, hint, _moved(view, first, end, here.indent - first.indent))


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
        yield Mend(line.start + line.indent, message, hint, _moved(view, line, last, deeper - line.indent))


def _levels(view: View, line: Line) -> list[int]:
    """The nearest columns at which earlier lines have keys or dashes."""
    columns = {column for before in islice(view.before(line), _NEAR) for column in (before.indent, before.inner)}
    following = next((after for after in view.after(line) if not after.is_blank), None)
    if following is not None:
        columns.add(following.indent)
    columns.discard(line.indent)
    return sorted(columns, key=lambda column: (abs(column - line.indent), -column))[:_LEVELS]


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
