"""Whether the place in a file that a GitHub link points at is there: lines, and headings of Markdown.

A heading's anchor follows the rule of GitHub's table-of-contents filter: lower case, everything but letters, marks,
digits, connectors, hyphens and spaces removed, spaces to hyphens, ``-1``, ``-2`` … for repetitions. The headings are
found by looking at lines rather than by parsing Markdown, and anything that could be a heading counts as one: a
stranger's text then costs time in proportion to its length, and a mistake rather believes in an anchor that is not
there than misses one that is.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

Anchor = Literal["ok", "missing", "unknown"]

_LINES = re.compile(r"L(\d{1,9})(?:C\d{1,9})?(?:-L?(\d{1,9})(?:C\d{1,9})?)?\Z")
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
_LONGEST_HEADING = 1000  # characters; keeps the expressions below from costing more than that squared
_MARKER = re.compile(r"[\s>*+-]*(?:\d{1,9}[.)]\s+)?#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*\Z")
_IMAGE = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?")
_LINK = re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?")
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_EMPHASIS = re.compile(r"(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])")
_ATTRIBUTE = re.compile(r"""\b(?:id|name)[ ]?=[ ]?["']?([^"'\s>]+)""")
_REPEATED = re.compile(r"(.+)-(\d{1,6})\Z")
_ALWAYS_THERE = frozenset({"", "readme", "readme-ov-file", "top"})


def line_range(fragment: str) -> tuple[int, int] | None:
    """The lines that a fragment such as ``L10``, ``L10-L20`` or ``L1C2-L3C4`` names, None when it names none."""
    found = _LINES.match(fragment)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return min(first, last), max(first, last)


def count_lines(body: bytes) -> int:
    """The lines of a text, the last one with or without its line break."""
    return body.count(b"\n") + (not body.endswith(b"\n") and body != b"")


def judge_lines(lines: tuple[int, int], body: bytes, *, complete: bool) -> Anchor:
    """Whether lines are in a text that may have been cut off."""
    if lines[0] > 0 and lines[1] <= count_lines(body):
        return "ok"
    return "missing" if complete else "unknown"


def judge_heading(fragment: str, path: str, body: bytes, *, complete: bool) -> Anchor:
    """Whether a fragment names a heading, or another anchor, of a file that may have been cut off.

    Args:
        fragment: What stands behind ``#`` in the link.
        path: The file's path; only the headings of Markdown are known.
        body: The file.
        complete: It is all there.
    """
    if not path.lower().endswith(_MARKDOWN):
        return "unknown"
    wanted = _fold(unquote(fragment)).removeprefix("user-content-")
    if wanted in _ALWAYS_THERE:
        return "ok"
    text = body.decode("utf-8", "replace")
    slugs = Counter(slug for heading in _headings(text) for slug in {slugify(plain) for plain in _renderings(heading)})
    if wanted in slugs or wanted in {_fold(name) for name in _ATTRIBUTE.findall(text)}:
        return "ok"
    repeated = _REPEATED.match(wanted)
    if repeated and slugs[repeated[1]] > int(repeated[2]) > 0:
        return "ok"
    return "missing" if complete else "unknown"


def slugify(heading: str) -> str:
    """The anchor GitHub gives to a heading's text, as if it were the only one of its kind."""
    kept = (
        c
        for c in _fold(heading.strip())
        if c in "- " or unicodedata.category(c)[0] in "LM" or unicodedata.category(c) in ("Nd", "Pc")
    )
    return "".join(kept).replace(" ", "-")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())


def _headings(text: str) -> Iterator[str]:
    """Every piece of text that could be a heading."""
    previous = ""
    for line in text.splitlines():
        if len(line) <= _LONGEST_HEADING:
            if marker := _MARKER.match(line):
                yield line[marker.end() :].rstrip().rstrip("#")
            elif _UNDERLINE.match(line):
                yield previous
        previous = line if len(line) <= _LONGEST_HEADING else ""
    for piece in text.split("</h")[:-1]:
        inside = piece.rpartition("<h")[2].partition(">")[2]
        if len(inside) <= _LONGEST_HEADING:
            yield " ".join(inside.split())


def _renderings(heading: str) -> Iterator[str]:
    """What a heading's markup may come to as text: underscores may be emphasis or part of a name, and so on."""
    plain = html.unescape(_TAG.sub("", _LINK.sub(r"\1", _IMAGE.sub("", heading))))
    yield heading
    yield plain
    yield _EMPHASIS.sub("", plain)
