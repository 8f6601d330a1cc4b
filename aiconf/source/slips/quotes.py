"""Slips with quotes: never closed, closed too early, a wrong escape."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from aiconf.source.slips.view import Mend

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.slips.view import Line, View

_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' r"'(?:[^']|'')*'")
_HIGH_LOW = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
# A quote that is neither escaped nor doubled.
_BARE = {'"': re.compile(r'\\.|"'), "'": re.compile(r"''|'")}
_ESCAPE = re.compile(
    r"""\\(?:(?P<known>[0abt\tnvfre "/\\N_LP]|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|$)|.?)""", re.MULTILINE
)
_LATEST = 3
_MANY = 100  # more in one line are no slip
_SHORTEST = 3  # two quotes and something between them


def unclosed_quote(view: View) -> Iterator[Mend]:
    """A quote without its partner: the value swallows the lines up to the next quote, or the rest of the file."""
    for start in _suspicious(view):
        quote, line = view.draft[start], view.line_at(start)
        last = view.run_end(line)
        for end in dict.fromkeys((last.end, line.end, *_before_flow_tail(line))):
            stop = start + len(view.draft[start:end].rstrip())
            if stop <= start or (quote == '"' and quote in view.draft[start + 1 : stop]):
                continue
            where = "at the end of the line" if stop <= line.end else "at the end of the text"
            hint = f"Close it {where} with {quote}."
            yield Mend(start, "The quote that opens here is never closed.", hint, _closed(view, start, stop, quote))


def _suspicious(view: View) -> Iterator[int]:
    """Offsets of opening quotes of values that run over a line's end, the latest first."""
    if view.draft[view.began : view.began + 1] in ("'", '"'):
        yield view.began
    spanning = (
        node.start
        for node in reversed(view.scalars)
        if node.style in ("'", '"') and node.start < view.at and "\n" in view.draft[node.start : node.end]
    )
    yield from islice(spanning, _LATEST)


def _before_flow_tail(line: Line) -> list[int]:
    """The end of a line without the brackets and commas that end it, as in ``["a, b],``."""
    content = line.text.rstrip("]}, \t")
    return [line.start + len(content)] if content != line.text.rstrip() else []


def _closed(view: View, start: int, stop: int, quote: str) -> tuple[tuple[int, int, str], ...]:
    if quote == '"':
        return ((stop, stop, quote),)
    # Apostrophes inside would close it again.
    inner = view.draft[start + 1 : stop].replace("''", "'").replace("'", "''")
    return ((start + 1, stop, inner + quote),)


def inner_quote(view: View) -> Iterator[Mend]:
    """The same quote inside the value: ``"the "best" one"``, ``'the platform's one'``."""
    for line in view.suspects:
        start, quote = line.start + line.value, line.rest[:1]
        if quote not in ("'", '"') or len(line.rest) < _SHORTEST or line.rest[-1] != quote:
            continue
        bare = [start + 1 + m.start() for m in _BARE[quote].finditer(line.rest[1:-1]) if m[0] == quote]
        if not 0 < len(bare) <= _MANY:
            continue
        message = "A quote inside the quoted text ends it too early."
        if quote == '"':
            hint = 'Write \\" for a quote inside double quotes, or use single quotes around the text.'
            edits = tuple((at, at, "\\") for at in bare)
        else:
            hint = "Write two single quotes for one inside single quotes, or use double quotes around the text."
            edits = tuple((at, at, "'") for at in bare)
        yield Mend(bare[0], message, hint, edits)


def text_after_quote(view: View) -> Iterator[Mend]:
    """Text behind a closed quote: ``"v1.35" (GA)``, ``"Acme",``; the quoted value is kept."""
    for line in view.suspects:
        match = _QUOTED.match(line.text, line.value)
        if match is None or not (tail := line.text[match.end() :].strip()) or tail.startswith(("#", ":")):
            continue
        start = line.start + line.text.index(tail, match.end())
        what = "A comma" if tail == "," else f"`{tail[:40]}`"
        message, hint = f"{what} follows the closing quote.", "Remove it, or put it inside the quotes."
        lost = () if tail == "," else ((line.start, line.end),)
        yield Mend(start, message, hint, ((line.start + match.end(), line.end, ""),), lost)


def surrogates(view: View) -> Iterator[Mend]:
    r"""Characters beyond U+FFFF escaped as JSON does, in two halves: ``\ud83d\ude00``."""
    pairs = list(_HIGH_LOW.finditer(view.draft))
    if not pairs or "escape" not in view.complaint:
        return
    edits = tuple((m.start(), m.end(), f"\\U{_joined(m[1], m[2]):08x}") for m in pairs)
    message = f"`{pairs[0].group()}` is JSON's way to write a character; YAML does not accept it."
    yield Mend(pairs[0].start(), message, "Write the character itself.", edits)


def _joined(high: str, low: str) -> int:
    return 0x10000 + ((int(high, 16) - 0xD800) << 10) + (int(low, 16) - 0xDC00)


def wrong_escape(view: View) -> Iterator[Mend]:
    r"""A backslash in double quotes that begins no escape of YAML's: ``"C:\path"``; all of one line are one slip."""
    if "escape" not in view.complaint:
        return
    line = view.line_at(view.at)
    found = [m for m in _ESCAPE.finditer(view.draft, max(view.began, line.start), line.end) if not m["known"]]
    if 0 < len(found) <= _MANY:
        message = f"`{found[0].group()}` is not an escape that YAML knows."
        edits = tuple((match.start(), match.start(), "\\") for match in found)
        yield Mend(found[0].start(), message, "Write \\\\ for a backslash, or use single quotes.", edits)
