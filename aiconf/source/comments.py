"""Comments of a YAML text: every ``#`` that begins one and does not stand inside a scalar."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.source.problem import Comment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.nodes import Node
    from aiconf.source.text import Text

_COMMENT = re.compile(r"(?:(?<=[ \t\r\n\ufeff])|\A)#([^\r\n]*)")
_HEADER = re.compile(r"[|>][-+0-9]*")


def find_comments(text: Text, scalars: list[Node]) -> Iterator[Comment]:
    """All comments in the order of the text; ``#`` inside one of the scalars is none."""
    draft, offset = text.draft, 0
    for start, end in [*(_content(draft, node) for node in scalars), (len(draft), len(draft))]:
        for match in _COMMENT.finditer(draft, offset, max(offset, start)):
            place = text.position(match.start())
            yield Comment(place.line, place.column, match[1].strip())
        offset = max(offset, end)


def _content(draft: str, node: Node) -> tuple[int, int]:
    """A block scalar's header line may end in a comment, so its content starts on the next line."""
    if node.style not in ("|", ">"):
        return node.start, node.end
    header = _HEADER.match(draft, node.start)
    line_end = draft.find("\n", node.start)
    if header is None or line_end < 0:
        return node.start, node.end
    return line_end, max(node.end, line_end)
