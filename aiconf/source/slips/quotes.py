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
_FLOW_TAIL = re.compile(r"[\]},\s]*$")
_HIGH_LOW = re.compile(r"\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)
_LATEST = 3


def unclosed_quote(view: View) -> Iterator[Mend]:
    """A quote without its partner: the value swallows the lines up to the next quote, or the rest of the file."""
    for start in _suspicious(view):
        quote, line = view.draft[start], view.line_at(start)
        message = f"The quote opened here is not closed: {quote} is missing at the end of the value."
        last = view.run_end(line)
        for end in dict.fromkeys((last.end, line.end, *_before_flow_tail(line))):
            stop = start + len(view.draft[start:end].rstrip())
            if quote not in view.draft[start + 1 : stop] or quote == "'":
                yield Mend(start, message, f"Close the value with {quote}.", _closed(view, start, stop, quote))


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
    tail = _FLOW_TAIL.search(line.text)
    return [line.start + tail.start()] if tail and tail.group().strip() else []


def _closed(view: View, start: int, stop: int, quote: str) -> tuple[tuple[int, int, str], ...]:
    if quote == '"':
        return ((stop, stop, quote),)
    # Apostrophes inside would close it again.
    inner = view.draft[start + 1 : stop].replace("''", "'").replace("'", "''")
    return ((start + 1, stop, inner + quote),)


def _escaped(match: re.Match[str]) -> str:
    """A double quote with a backslash before it; what is escaped already stays."""
    return match[1] or '\\"'


def inner_quote(view: View) -> Iterator[Mend]:
    """The same quote inside the value: ``"the "best" one"``, ``'the platform's one'``."""
    for line in view.suspects:
        start, quote = line.start + line.value, line.rest[:1]
        end = line.start + line.value + len(line.rest)
        inner = view.draft[start + 1 : end - 1]
        if quote not in ("'", '"') or len(line.rest) < 3 or line.rest[-1] != quote or quote not in inner:  # noqa: PLR2004
            continue
        escaped = '\\"' if quote == '"' else "''"
        mended = re.sub(r'(\\.)|"', _escaped, inner) if quote == '"' else inner.replace("'", "''")
        first = _first_bare(inner, quote)
        message = f"The {quote} here ends the value, yet text follows."
        yield Mend(
            start + 1 + first,
            message,
            f"Write {escaped} inside the value, or use the other kind of quotes.",
            ((start + 1, end - 1, mended),),
        )


def _first_bare(inner: str, quote: str) -> int:
    if quote == '"':
        return next((m.start() for m in re.finditer(r'\\.|"', inner) if m[0] == quote), 0)
    return inner.index("'")


def text_after_quote(view: View) -> Iterator[Mend]:
    """Text behind a closed quote: ``"v1.35" (GA)``, ``"Acme",``; the quoted value is kept."""
    for line in view.suspects:
        match = _QUOTED.match(line.text, line.value)
        if match is None or not (tail := line.text[match.end() :].strip()) or tail.startswith(("#", ":")):
            continue
        start = line.start + match.end() + len(line.text[match.end() :]) - len(line.text[match.end() :].lstrip())
        what = "A comma" if tail == "," else f"`{tail[:40]}`"
        message = f"{what} follows the closing quote; nothing may."
        yield Mend(
            start,
            message,
            "Remove it, or put it inside the quotes.",
            ((line.start + match.end(), line.end, ""),),
            () if tail == "," else ((line.start, line.end),),
        )


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
    r"""A backslash in double quotes that begins no escape of YAML's: ``"C:\\path"`` with one backslash."""
    at = view.draft.rfind("\\", 0, view.at + 1)
    if at < 0 or "escape" not in view.complaint:
        return
    message = f"`{view.draft[at : at + 2]}` is not an escape that YAML knows."
    yield Mend(at, message, "Write \\\\ for a backslash, or use single quotes.", ((at, at, "\\"),))
