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
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator

Anchor = Literal["ok", "missing", "unknown"]

_LINES = re.compile(r"L(\d{1,9})(?:C\d{1,9})?(?:-L?(\d{1,9})(?:C\d{1,9})?)?\Z", re.ASCII)
_MARKDOWN = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
_LONGEST_HEADING = 300  # characters; the expressions below may cost that many steps for each of them
_MARKER = re.compile(r"[\s>*+-]*(?:\d{1,9}[.)]\s+)?#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"[ ]{0,3}(?:=+|-+)[ \t]*\Z")
# Neither brackets nor angles inside themselves, so that no expression looks ahead further than to the next one.
_IMAGE = re.compile(r"!\[[^\[\]]*\](?:\([^)]*\)|\[[^\[\]]*\])?")
_LINK = re.compile(r"\[([^\[\]]*)\](?:\([^)]*\)|\[[^\[\]]*\])?")
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_EMPHASIS = re.compile(r"(?<![^\W_])_{1,3}|_{1,3}(?![^\W_])")
_ATTRIBUTE = re.compile(r"""\b(?:id|name)[ ]?=[ ]?["']?([^"'\s>]+)""")
_DROPPED_ASCII = re.compile(r"[^a-z0-9_ -]")
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
    slugs, names = _anchors_in(body)
    if wanted in slugs or wanted in names:
        return "ok"
    repeated = _REPEATED.match(wanted)
    if repeated and slugs[repeated[1]] > int(repeated[2]) > 0:
        return "ok"
    return "missing" if complete else "unknown"


@lru_cache(maxsize=8)
def _anchors_in(body: bytes) -> tuple[Counter[str], frozenset[str]]:
    """How often each anchor of a heading is given, and the anchors written out as HTML; many links share a file."""
    text = body.decode("utf-8", "replace")
    slugs: Counter[str] = Counter()
    for heading, times in Counter(_headings(text)).items():
        slugs.update(dict.fromkeys(map(slugify, _renderings(heading)), times))
    return slugs, frozenset(map(_fold, _ATTRIBUTE.findall(text)))


def slugify(heading: str) -> str:
    """The anchor GitHub gives to a heading's text, as if it were the only one of its kind."""
    text = _fold(heading)
    if text.isascii():
        return _DROPPED_ASCII.sub("", text).replace(" ", "-")
    return "".join(c for c in text if c in "- " or _stays(unicodedata.category(c))).replace(" ", "-")


def _stays(category: str) -> bool:
    r"""Letters, marks, decimal digits and connectors: what Ruby's ``\p{Word}`` matches."""
    return category[0] in "LM" or category in ("Nd", "Pc")


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())


def _headings(text: str) -> Iterator[str]:
    """Every piece of text that could be a heading."""
    previous = ""
    for line in text.splitlines():
        if len(line) <= _LONGEST_HEADING:
            if marker := _MARKER.match(line):
                yield line[marker.end() :].rstrip().rstrip("#").rstrip()
            elif _UNDERLINE.match(line):
                yield previous.strip()
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
    yield plain.strip()
    yield _EMPHASIS.sub("", plain)
