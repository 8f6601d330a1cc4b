"""The part of a source line to show with a finding, and which of its characters to mark."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aiconf.model import Finding

# Longer lines are cut around the place: a description can be one line of a thousand characters.
_WIDTH = 110
_BEFORE = 40


class Excerpt(NamedTuple):
    """A piece of one line: ``marked`` stands between ``before`` and ``after``; cut ends are ellipses."""

    before: str
    marked: str
    after: str


def excerpt(finding: Finding) -> Excerpt | None:
    """What to show of the line a finding stands at, None when there is nothing to see in it.

    Every character stays one column wide, so that marks below the text line up; what would not be is a space.
    """
    line = "".join(c if c.isprintable() else " " for c in finding.excerpt.expandtabs(1))
    if not line.strip():
        return None
    start = min(max(finding.column - 1, 0), len(line))
    length = max(1, _marked(finding, line[start:]))
    cut = max(0, start - _BEFORE) if len(line) > _WIDTH else 0
    end = min(cut + _WIDTH, len(line))
    stop = min(start + length, end)
    head, tail = "…" if cut else "", "…" if end < len(line) else ""
    return Excerpt(head + line[cut:start], line[start:stop], line[stop:end] + tail)


def _marked(finding: Finding, rest: str) -> int:
    """How many characters to mark: the span on its first line, else the word or value that begins there."""
    span = finding.span
    if span is not None:
        return span.end.column - span.start.column if span.end.line == span.start.line else len(rest)
    if rest[:1] in ("'", '"') and (closing := rest.find(rest[0], 1)) > 0:
        return closing + 1
    return len(rest.split(" #", maxsplit=1)[0].rstrip()) if rest[:1] not in ("", " ") else 1
