"""``# aiconf: ignore[id, ...] reason``: what the comments of an input accept, and where.

- at the end of a line: what that line says;
- on a line of its own: what the next line says, with only comments between;
- on or above the first line of a list entry: the whole entry; of a key whose value is text or a list of texts: all of
  the value;
- ``ignore-file[id]``: the whole file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.model import Finding
    from aiconf.source import Comment, Source
    from aiconf.source.blocks import Block

MARK = "aiconf:"
MAX_SUPPRESSIONS = 500
"""More than any person writes; each is compared with findings, and a hostile file may hold forty thousand."""

_TO_US = re.compile(r"(?:\A|#\s*)aiconf:\s*(.*)", re.DOTALL)
_IGNORE = re.compile(r"ignore(-file)?\s*\[([^\[\]]*)\]\s*(?:[:\u2013\u2014-]\s*)?(.*)", re.DOTALL)
_COMMENTS_BETWEEN = 50
_SHOWN = 100  # characters of what a stranger wrote
_FORM = "write `# aiconf: ignore[id] reason`"


class Scope(NamedTuple):
    """The part of a file that a comment speaks of; ``block`` is what begins on ``line``, 0 for no line at all."""

    whole_file: bool
    line: int
    block: Block | None

    def covers(self, finding: Finding) -> bool:
        """Whether a finding in the same file lies in it."""
        if self.whole_file or finding.line == self.line:
            return True
        return self.block is not None and self.block.holds(finding.pointer, finding.line)


class CommentSuppression(NamedTuple):
    """One id of one comment.

    Attributes:
        line: Line of the comment.
        column: Its column.
        id: The id as written, empty where ``problem`` says why there is none.
        reason: The reason given.
        scope: What it covers.
        problem: Why the comment is not understood, empty when it is.
    """

    line: int
    column: int
    id: str
    reason: str
    scope: Scope
    problem: str = ""


_NOWHERE = Scope(whole_file=False, line=0, block=None)


def read_comments(source: Source) -> list[CommentSuppression]:
    """What the comments of a file accept, in the order of the text; one value for each id."""
    if MARK not in source.text:
        return []
    found: list[CommentSuppression] = []
    for comment in source.comments:
        if (to_us := _TO_US.search(comment.text)) is None:
            continue
        found += _of(source, comment, to_us[1])
        if len(found) > MAX_SUPPRESSIONS:
            problem = f"more than {MAX_SUPPRESSIONS} suppressions stand in the file, and those from here on do nothing"
            place = found[MAX_SUPPRESSIONS]
            return [*found[:MAX_SUPPRESSIONS], _misunderstood(place.line, place.column, problem)]
    return found


def _of(source: Source, comment: Comment, text: str) -> Iterator[CommentSuppression]:
    match = _IGNORE.fullmatch(text)
    if match is None:
        yield _misunderstood(comment.line, comment.column, _what_is_wrong(text))
        return
    whole_file, ids, reason = bool(match[1]), [part.strip() for part in match[2].split(",")], match[3].strip()
    if not all(ids):
        yield _misunderstood(comment.line, comment.column, f"an id is missing between the brackets; {_FORM}")
        return
    scope = Scope(whole_file=True, line=0, block=None) if whole_file else _scope(source, comment)
    for id_ in ids:
        yield CommentSuppression(comment.line, comment.column, id_[:_SHOWN], reason, scope)


def _misunderstood(line: int, column: int, problem: str) -> CommentSuppression:
    return CommentSuppression(line, column, "", "", _NOWHERE, problem)


def _what_is_wrong(text: str) -> str:
    said = re.split(r"[\s\[]", text, maxsplit=1)[0][:_SHOWN]
    if said in ("ignore", "ignore-file"):
        return f"the ids to ignore must stand in brackets, since nothing is ignored wholesale; {_FORM}"
    return f"{said!r} is nothing that a comment can ask for; {_FORM}" if said else f"it asks for nothing; {_FORM}"


def _scope(source: Source, comment: Comment) -> Scope:
    line = _target(source, comment)
    return Scope(whole_file=False, line=line, block=source.blocks.get(line))


def _target(source: Source, comment: Comment) -> int:
    """The line that a comment speaks of, 0 when there is none."""
    before = source.line_text(comment.line)[: comment.column - 1].strip(" \t\ufeff")
    if not before:
        return _next_content(source, comment.line)
    return _past_dash(source, comment.line, before)


def _next_content(source: Source, line: int) -> int:
    for number in range(line + 1, line + _COMMENTS_BETWEEN):
        text = source.line_text(number).strip()
        if not text:
            return 0
        if not text.startswith("#"):
            return _past_dash(source, number, text.split(" #")[0].strip())
    return 0


def _past_dash(source: Source, line: int, text: str) -> int:
    """A dash alone on its line: the entry begins on the next one."""
    return _next_content(source, line) if text == "-" else line
