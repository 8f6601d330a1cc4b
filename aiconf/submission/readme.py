"""What a README says of requirements, line by line: tables in any column order, and the sections they stand in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_DELIMITER_ROW = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"^\s{0,3}#{1,6}\s+(.*?)\s*#*\s*$")
_CELL_END = re.compile(r"(?<!\\)\|")
_LINK = re.compile(r"(?<!\\)\[([^\[\]]{0,300})\]\([^()\s]{0,500}(?:\([^()]{0,100}\))?[^()]{0,100}\)")
_MARKERS = re.compile(r"(?<!\\)(?:[`*]+|(?<![A-Za-z0-9])_+|_+(?![A-Za-z0-9]))")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")  # CommonMark: any punctuation
_MOST_CELLS = 40  # a table with more columns is no table for people


class Row(NamedTuple):
    """A row of a table.

    Attributes:
        line: 1-based line in the README.
        heading: The section it stands in.
        header: The table's header cells, plain text.
        cells: Its cells, plain text, as many as the header has.
    """

    line: int
    heading: str
    header: tuple[str, ...]
    cells: tuple[str, ...]


class Item(NamedTuple):
    """A list item or paragraph line of a section: plain text and 1-based line."""

    line: int
    heading: str
    text: str


def read_rows(text: str) -> Iterator[Row]:
    """The rows of every pipe table (GitHub's), in order; what stands in code blocks is none."""
    lines = list(_lines(text))
    header: tuple[str, ...] = ()
    for index, (number, heading, line) in enumerate(lines):
        if "|" not in line:
            header = ()
        elif _DELIMITER_ROW.match(line[:2000]):
            header = _cells(lines[index - 1][2]) if index and lines[index - 1][0] == number - 1 else ()
        elif header:
            cells = _cells(line)[: len(header)]
            yield Row(number, heading, header, cells + ("",) * (len(header) - len(cells)))


def read_items(text: str, under: Callable[[str], object]) -> Iterator[Item]:
    """Every line that is neither table, heading nor code, of the sections whose heading is wanted."""
    wanted = cache(under)
    for number, heading, line in _lines(text):
        if line.strip() and "|" not in line and wanted(heading):
            yield Item(number, heading, plain(line))


def plain(cell: str) -> str:
    """Markdown inline text as a reader sees it: links by their text, no markers."""
    return " ".join(_ESCAPED.sub(r"\1", _MARKERS.sub("", _LINK.sub(r"\1", cell))).split())


def _lines(text: str) -> Iterator[tuple[int, str, str]]:
    heading, fence = "", ""
    for number, line in enumerate(text.split("\n"), 1):  # as editors count
        marker = _FENCE.match(line)
        if marker and (not fence or marker[1].startswith(fence)):
            fence = "" if fence else marker[1]
        elif fence:
            continue
        elif title := _HEADING.match(line[:500]):
            heading = plain(title[1])
        else:
            yield number, heading, line


def _cells(line: str) -> tuple[str, ...]:
    inner = line.strip().removeprefix("|")
    inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
    parts: Sequence[str] = _CELL_END.split(inner, _MOST_CELLS)
    return tuple(plain(part) for part in parts)
