"""Slips one cannot see: tabs, non-breaking spaces, and their kin."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_ODD = "\xa0\u1680\u2000-\u200b\u202f\u205f\u3000\ufeff"
_STRUCTURE = re.compile(rf"^[ \t{_ODD}]*(?:-[ \t{_ODD}]+)*(?:\w+[ {_ODD}]*:[ \t{_ODD}]*)?", re.MULTILINE)
_ODD_RUN = re.compile(f"[{_ODD}]")
_LEADING_TAB = re.compile(r" *\t[ \t]*")
_DASH_TAB = re.compile(r"(?: *-)+(\t[ \t]*)")
_WIDE_COLON = re.compile(r"[ \t]*(?:- +)*[\w]+[ ]*(：\s*)")  # noqa: RUF001 - the full-width colon is the slip
_WIDTHS = (2, 4, 8)


def tabs(view: View) -> Iterator[Mend]:
    """A tab in the indentation, or between a dash and its item."""
    for line in view.suspects:
        if match := _DASH_TAB.match(line.text):
            start, end = line.start + match.start(1), line.start + match.end(1)
            message = "A tab follows the dash; YAML wants a space."
            yield Mend(start, message, "Replace the tab by one space.", ((start, end, " " * (end - start)),))
        if _LEADING_TAB.match(line.text):
            run = list(_tabbed(view, line))
            more = f" (so in {len(run)} lines)" if len(run) > 1 else ""
            message = f"A tab is used for indentation; YAML wants spaces{more}."
            at = run[0].start + run[0].text.index("\t")
            for width in _WIDTHS:
                yield Mend(at, message, "Replace each tab by spaces.", tuple(_expanded(line, width) for line in run))


def _tabbed(view: View, line: Line) -> Iterator[Line]:
    """The lines from one on that are indented by tabs, as long as no other kind comes between."""
    yield line
    for following in view.after(line):
        if _LEADING_TAB.match(following.text):
            yield following
        elif following.text.strip():
            return


def _expanded(line: Line, width: int) -> tuple[int, int, str]:
    blanks = line.text[: line.indent]
    return line.start, line.start + line.indent, blanks.expandtabs(width) if line.text.strip() else ""


def odd_spaces(view: View) -> Iterator[Mend]:
    """A non-breaking, wide or zero-width space where YAML's structure needs a plain one."""
    places = [
        match.start() + odd.start()
        for match in _STRUCTURE.finditer(view.draft)
        for odd in _ODD_RUN.finditer(match.group())
    ]
    if not places:
        return
    code = ord(view.draft[places[0]])
    message = f"The character U+{code:04X} stands where YAML wants a space; it looks like one."
    hint = "Replace it by a space; it often comes from a copied web page or document."
    edits = tuple((at, at + 1, "" if view.draft[at] in "\u200b\ufeff" else " ") for at in places)
    yield Mend(places[0], message, hint, edits)


def wide_colon(view: View) -> Iterator[Mend]:
    """A full-width colon, as Chinese and Japanese keyboards give it, behind a key."""
    for line in view.suspects:
        if match := _WIDE_COLON.match(line.text):
            start, end = line.start + match.start(1), line.start + match.end(1)
            message = "The key is followed by a full-width colon; YAML wants `:` and a space."
            yield Mend(start, message, "Replace it by `: `.", ((start, end, ": "),))
