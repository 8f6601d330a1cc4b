"""Slips where a line break or a dash got lost, so that two lines stand in one or an entry lacks its beginning."""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_KEY_AND_MORE = re.compile(r"[ \t]*(?:- +)*[A-Za-z_]\w*:(?P<gap>[ \t]*)(?=(?P<item>- +\S)|[A-Za-z_]\w*:(?:[ \t]|$))")
_QUOTED_AND_KEY = re.compile(
    r"""[ \t]*(?:-[ ]+)*(?:\w+:[ ]+)?(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(?P<gap>[ \t]*)(?=[A-Za-z_]\w*:(?:[ \t]|$))""",
    re.VERBOSE,
)
_WORD_AND_KEY = re.compile(
    r"[ \t]*(?:- +)*\w+:[ \t]+[^\s\"'|>\[{]\S*(?P<gap>[ \t]+)(?=(?P<second>[A-Za-z_]\w*):(?:[ \t]|$))"
)
_HEADER = re.compile(r"([|>][-+]?)[ \t]*(?=[^\s#])")
# An unquoted text with a colon, and a line that is merely indented wrongly, are far more common.
_UNLIKELY = 2
_NEAR = 40
_VERY_UNLIKELY = 50


def item_on_key_line(view: View) -> Iterator[Mend]:
    """``evidence: - "https://…"``, where the key holds a list elsewhere or more items follow."""
    lists = {line.key for line in view.lines if line.key and _holds_list(view, line)}
    for line in view.suspects:
        match = _KEY_AND_MORE.match(line.text)
        if match is not None and match["item"]:
            weight = 0 if line.key in lists or _is_item(view.next(line)) else _UNLIKELY
            message = "A list item begins on the line of its key."
            yield from _parted(view, line, match.span("gap"), message, weight)


def key_on_key_line(view: View) -> Iterator[Mend]:
    """``spec: accelerators:``, ``level: MUST status: Implemented`` or ``notes: "one"metadata:``."""
    for line in view.suspects:
        if match := _QUOTED_AND_KEY.match(line.text):
            gap, weight = match.span("gap"), 0
        elif (match := _KEY_AND_MORE.match(line.text)) and not match["item"]:
            gap, weight = match.span("gap"), _UNLIKELY
        elif (match := _WORD_AND_KEY.match(line.text)) and any(other.key == match["second"] for other in view.lines):
            gap, weight = match.span("gap"), 0
        elif known := _known_at_end(view, line):
            gap, weight = (len(line.text.rstrip()) - len(known) - 1,) * 2, _UNLIKELY
        else:
            continue
        yield from _parted(view, line, gap, "A second key begins on this line.", weight)


def _known_at_end(view: View, line: Line) -> str:
    """The key, used elsewhere too, that ends an unquoted value: the end of ``notes: text.metadata:``."""
    text = line.rest.removesuffix(":")
    if text == line.rest or not line.key:
        return ""
    return max((other.key for other in view.lines if other.key and text.endswith(other.key)), key=len, default="")


def _parted(view: View, line: Line, gap: tuple[int, int], message: str, weight: int) -> Iterator[Mend]:
    """Proposals that begin a new line in the gap, at the columns that make sense there."""
    start, end = line.start + gap[0], line.start + gap[1]
    below = view.next(line).indent
    for column in dict.fromkeys((line.inner, line.inner + 2, below, max(below - 2, 0))):
        yield Mend(end, message, "Begin a new line for it.", ((start, end, "\n" + " " * column),), (), weight)


def text_on_header_line(view: View) -> Iterator[Mend]:
    """A block text that begins on the line of its indicator: ``notes: >- The driver``, with more lines below."""
    for line in view.suspects:
        match = _HEADER.match(line.rest)
        below = view.next(line)
        if match is not None and below.indent > line.inner:
            start = line.start + line.value
            message = f"The text of a block begins on the line below `{match[1]}`."
            edit = (start + match.end(1), start + match.end(), "\n" + " " * below.indent)
            yield Mend(start + match.end(), message, "Begin a new line for the text.", (edit,))


def missing_dash(view: View) -> Iterator[Mend]:
    """A list item without its dash: the lines that follow stand deeper than its first key, or are items themselves."""
    for line in view.suspects:
        below = view.next(line)
        column = below.indent if _is_item(below) and not line.key else below.indent - 2
        if not _is_item(line) and column >= 0 and (line.rest or not line.key):
            yield _with_dash(view, line, column)
    # Or the list's first item lacks it, and the parser stopped at the next item.
    here = view.line_at(view.at)
    if _is_item(here):
        above = list(takewhile(lambda line: line.indent > here.indent, islice(view.before(here), _NEAR)))
        if above and not _is_item(above[-1]):
            yield _with_dash(view, above[-1], here.indent)


def dash_before(view: View, offset: int) -> Mend:
    """The dash of a new list item before the key at an offset, whose map has that key already."""
    line = view.line_at(offset)
    edit = (line.start, line.start + line.indent, " " * max(line.inner - 2, 0) + "- ")
    message = f"The key `{line.key[:40]}` and those that follow are given twice: a new list item lacks its dash."
    return Mend(offset, message, "Write `- ` before the key, in the column of the other dashes.", (edit,))


def _with_dash(view: View, line: Line, column: int) -> Mend:
    # A key that begins every other entry most likely begins this one.
    same = [other for other in view.lines if other.key == line.key and other is not line]
    begins = bool(line.key and same) and all(_is_item(other) for other in same)
    edit = (line.start, line.start + line.indent, " " * column + "- ")
    message, hint = "A dash is missing at the beginning of the list item.", "Write `- ` before it."
    return Mend(line.start + line.indent, message, hint, (edit,), (), 0 if begins else _VERY_UNLIKELY)


def _holds_list(view: View, line: Line) -> bool:
    return line.rest.startswith("[") or (not line.rest and _is_item(view.next(line)))


def _is_item(line: Line) -> bool:
    return line.inner > line.indent
