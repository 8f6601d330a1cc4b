"""Slips around keys and unquoted values: what needs quotes, and missing colons and spaces."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_RESERVED = frozenset("@`%*&!|>[]{},?-")
_INNER_COLON = re.compile(r":(?=[ \t]|$)")
_TIGHT_COLON = re.compile(r"[ \t]*(?:- +)*[A-Za-z_]\w*(:)(?=[^\s:/])")
_TIGHT_DASH = re.compile(r"[ \t]*(-)(?=[^\s-])")
_NO_COLON = re.compile(r"(?P<before>[ \t]*(?:- +)*)(?P<key>[A-Za-z_]\w*)(?![\w:])(?P<gap>[ \t]*=?[ \t]*)")
_OTHER_DASH = re.compile(r"[ \t]*([*+\u2022\u2010-\u2015\u2212])(?=[ \t])")
_STRAY_START = re.compile(r"[ \t]*(?:- +)*([^\w\s\"'#-]+[ \t]*)(?=\w+:(?:[ \t]|$)|- )")
_UNLIKELY = 2


def colon_in_value(view: View) -> Iterator[Mend]:
    """An unquoted value that holds a colon and a space: ``notes: Layer: base``."""
    for line in view.suspects:
        start = line.start + line.value
        colon = _INNER_COLON.search(view.draft, start, line.end)
        if not line.is_structural or colon is None or line.rest[:1] in ("'", '"', "[", "{", "|", ">"):
            continue
        message = "The unquoted value holds a colon followed by a space, which YAML takes for another key."
        yield Mend(colon.start(), message, "Put the value in quotes.", _quoted(view, line))


def reserved_start(view: View) -> Iterator[Mend]:
    """An unquoted value that begins with a character YAML reserves, such as ``@``, a backtick, ``%`` or ``*``."""
    for line in view.suspects:
        first = line.rest[:1]
        if first not in _RESERVED or not first:
            continue
        message = f"The unquoted value begins with `{first}`, which has a meaning of its own in YAML."
        yield Mend(line.start + line.value, message, "Put the value in quotes.", _quoted(view, line))


def _quoted(view: View, line: Line) -> tuple[tuple[int, int, str], ...]:
    """Edits that put the value of a line, with the lines it goes on in, in single quotes."""
    start = line.start + line.value
    last = view.run_end(line)
    end = max(start, last.content_end)
    return ((start, end, "'" + view.draft[start:end].replace("'", "''") + "'"),)


def space_after_colon(view: View) -> Iterator[Mend]:
    """``key:value``, which is one word to YAML."""
    for line in view.suspects:
        if not line.key and (match := _TIGHT_COLON.match(line.text)):
            at = line.start + match.start(1)
            message = "A space is missing after the colon."
            yield Mend(at, message, "Write a space between the colon and the value.", ((at + 1, at + 1, " "),))


def space_after_dash(view: View) -> Iterator[Mend]:
    """``-item``, which is one word to YAML."""
    for line in view.suspects:
        if match := _TIGHT_DASH.match(line.text):
            at = line.start + match.start(1)
            message = "A space is missing after the dash of the list item."
            yield Mend(at, message, "Write a space between the dash and the item.", ((at + 1, at + 1, " "),))


def other_dash(view: View) -> Iterator[Mend]:
    """A bullet or a typographic dash in place of the hyphen that begins a list item."""
    for line in view.suspects:
        if match := _OTHER_DASH.match(line.text):
            start, end = line.start + match.start(1), line.start + match.end(1)
            message = f"`{match[1]}` stands where the hyphen of a list item belongs."
            yield Mend(start, message, "Write `-` for it.", ((start, end, "-"),))


def stray_start(view: View) -> Iterator[Mend]:
    """Characters before the key or the dash, such as the sign of a patch: ``+ level: MUST``."""
    for line in view.suspects:
        if match := _STRAY_START.match(line.text):
            start, end = line.start + match.start(1), line.start + match.end(1)
            characters = match[1].rstrip()
            message = f"`{characters[:20]}` stands before what belongs at the beginning of the line."
            for kept in (end - start - len(characters), end - start, 0):
                yield Mend(start, message, "Remove it.", ((start, end, " " * kept),), (), _UNLIKELY)


def missing_colon(view: View) -> Iterator[Mend]:
    """A key without its colon, ``spec``, ``level MUST`` or ``level = MUST``."""
    known = {line.key for line in view.lines}
    for line in view.suspects:
        match = _NO_COLON.match(line.text)
        if line.key or match is None:
            continue
        end = line.start + match.end("key")
        # Running text begins with a word too: only what looks like a key, or is the whole line, is taken for one.
        alone = line.content_end == end
        if not alone and "=" not in match["gap"] and match["key"] not in known and not _is_compound(match["key"]):
            continue
        edit = (end, line.start + match.end("gap"), ": " if not alone else ":")
        if "=" in match["gap"]:
            at = line.start + line.text.index("=")
            yield Mend(at, "`=` stands where a colon belongs.", "Write `: ` for it.", (edit,))
        else:
            message = f"A colon is missing after `{match['key'][:40]}`."
            yield Mend(line.start + match.start("key"), message, "Write a colon and a space after the key.", (edit,))


def _is_compound(word: str) -> bool:
    """Whether a word is written like an identifier: ``camelCase`` or ``snake_case``."""
    return "_" in word or any(c.isupper() for c in word[1:])
