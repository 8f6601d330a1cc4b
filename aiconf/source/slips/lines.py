"""Lines that do not belong into a YAML file, and leaving out what cannot be understood."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_FENCE = re.compile(r"(?:```|~~~)[\w-]*[ \t]*")
_CONFLICT = "<<<<<<<"


def conflict_markers(view: View) -> Iterator[Mend]:
    """A merge conflict left in the file: the first version is kept, the second left out."""
    begin = next((line for line in view.lines if line.text.startswith(_CONFLICT)), None)
    if begin is None:
        return
    end = next((line for line in view.after(begin) if line.text.startswith(">>>>>>>")), begin)
    divider = next((line for line in view.after(begin) if line.text.startswith(("=======", "|||||||"))), end)
    second = view.lines[divider.index : end.index + 1] if divider.index <= end.index else [end]
    message = "A merge conflict was left in the file; the first of the two versions is read."
    hint = "Keep one version and remove the lines that begin with <<<<<<<, ======= and >>>>>>>."
    edits = [(line.start, line.end, "") for line in dict.fromkeys((begin, *second)) if line.text]
    yield Mend(begin.start, message, hint, tuple(edits), ((second[0].start, second[-1].end),))


def code_fence(view: View) -> Iterator[Mend]:
    """The fences of a Markdown code block around the text."""
    fences = [line for line in view.lines if _FENCE.fullmatch(line.text)]
    if fences:
        message = "A Markdown code fence stands in the file."
        edits = tuple((line.start, line.end, "") for line in fences)
        yield Mend(fences[0].start, message, "Remove the lines of backticks around the text.", edits)


def directive(view: View) -> Iterator[Mend]:
    """A line that begins with a percent sign, which YAML keeps for directives."""
    for line in view.suspects:
        if line.text.startswith("%"):
            message = "A line that begins with `%` is a directive to the YAML parser, and it knows no such one here."
            lost = ((line.start, line.end),)
            yield Mend(line.start, message, "Remove the line.", ((line.start, line.end, ""),), lost)


def dropped_lines(view: View) -> Iterator[Mend]:
    """Leave out the least that lets the parser go on: a line, or a line and what hangs on it."""
    for line in view.suspects:
        for last in dict.fromkeys((line, view.block_end(line))):
            yield _dropped(view, line, last)


def dropped_rest(view: View) -> Mend:
    """Leave out everything from the line where the parser stopped."""
    start = view.draft.rfind("\n", 0, min(view.at, view.began)) + 1
    at = max(start, min(view.at, len(view.draft.rstrip()) - 1))
    message = f"The text cannot be understood as YAML ({view.complaint}); the rest of the file is not read."
    hint = "Mend what is reported above first, then compare this line with the ones around it."
    return Mend(at, message, hint, ((start, len(view.draft), ""),), ((start, len(view.draft)),))


def _dropped(view: View, first: Line, last: Line) -> Mend:
    if first.is_structural:
        message = f"The line cannot be understood as YAML ({view.complaint})."
        hint = "Compare its indentation, quotes and colons with the lines around it."
    else:
        message = "The line is neither a key with its value nor an item of a list."
        hint = "Remove it, or write it as `key: value`."
    edits = ((first.start, last.end, ""),)
    return Mend(first.start + first.indent, message, hint, edits, ((first.start, last.end),))
