"""Slips in lists and maps written in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_PARTNERS = {"[": "]", "{": "}"}


def unclosed_bracket(view: View) -> Iterator[Mend]:
    """A bracket without its partner."""
    starts = [at for at in (view.began, *reversed(view.unfinished)) if view.draft[at : at + 1] in tuple(_PARTNERS)]
    for start in dict.fromkeys(starts):
        opening, line = view.draft[start], view.line_at(start)
        closing = _PARTNERS[opening]
        message = f"The {opening} that opens here is never closed."
        for last in dict.fromkeys((line, _hanging(view, line), view.line_at(view.at))):
            end = last.content_end
            stop = start + len(view.draft[start:end].rstrip(" ,"))
            if stop > start:
                yield Mend(start, message, f"Add {closing} behind the last item.", ((stop, end, closing),))


def _hanging(view: View, line: Line) -> Line:
    """The last line of a bracketed value that goes on over lines indented deeper than its key."""
    last = line
    for following in view.after(line):
        if following.is_blank:
            continue
        if following.indent <= line.inner:
            break
        last = following
    return last


def wrong_bracket(view: View) -> Iterator[Mend]:
    """A list closed as a map or the other way round."""
    opening, found = view.draft[view.began : view.began + 1], view.draft[view.at : view.at + 1]
    if opening in _PARTNERS and found and found in "]}" and found != _PARTNERS[opening]:
        closing = _PARTNERS[opening]
        message = f"`{found}` does not close the `{opening}` opened before."
        yield Mend(view.at, message, f"Write {closing} for it.", ((view.at, view.at + 1, closing),))


def missing_comma(view: View) -> Iterator[Mend]:
    """Two items in brackets without a comma between them."""
    if "expected ','" not in view.complaint or view.draft[view.at : view.at + 1] in ("", "]", "}"):
        return
    before = len(view.draft[: view.at].rstrip())
    message = "A comma is missing between two items."
    yield Mend(before, message, "Write a comma between the items.", ((before, before, ","),))


def stray_bracket(view: View) -> Iterator[Mend]:
    """A closing bracket that nothing opened, perhaps with a comma."""
    found = view.draft[view.at : view.at + 1]
    line = view.line_at(view.at)
    tail = view.draft[view.at : line.end]
    if found and found in "]}" and not tail.strip("]}, \t;"):
        message = f"`{found}` closes nothing."
        yield Mend(view.at, message, "Remove it.", ((view.at, line.end, ""),))
