"""The parsed file as the rest of aiconf sees it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.model import Position, Span
from aiconf.source.comments import find_comments
from aiconf.source.nodes import ListNode, MapNode
from aiconf.source.spans import character_offsets

if TYPE_CHECKING:
    from aiconf.source.blocks import Block
    from aiconf.source.nodes import Composition, Node
    from aiconf.source.problem import Comment, Problem
    from aiconf.source.text import Text

Verdict = tuple[tuple["Problem", ...], tuple[tuple[int, int], ...]]


class Source:
    """A file's data and where each part of it stands.

    Attributes:
        path: The file as it should be shown.
        sha256: Digest of the bytes that were read, in hexadecimal.
        text: The file's text, undecodable bytes replaced, without byte order mark.
        data: The root mapping as dict, list, str, int, float, bool and None; empty when the file has no mapping.
            Timestamps, infinities and NaN are kept as they are written, as strings.
        items: The root list of a file that holds one, None for any other; the pointers are ``/0``, ``/1`` and so on.
        problems: What is wrong with the file itself, in the order of the text.
        uncertain: First and last line of each stretch that could not be understood or that was left out; what
            seems to be missing may stand there.
    """

    def __init__(self, path: str, sha256: str, text: Text, composition: Composition, verdict: Verdict) -> None:
        self.path, self.sha256 = path, sha256
        self.problems, self.uncertain = verdict
        self.text = text.original
        self._text, self._scalars = text, composition.scalars
        self._root = composition.root if isinstance(composition.root, MapNode | ListNode) else None
        self.data: dict[str, Any] = self._root.value if isinstance(self._root, MapNode) else {}
        self.items: list[Any] | None = self._root.value if isinstance(self._root, ListNode) else None
        self._offsets: dict[str, list[int] | None] = {}

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """All comments in the order of the text."""
        return tuple(find_comments(self._text, self._scalars))

    @cached_property
    def blocks(self) -> dict[int, Block]:
        """What a comment on a line, or above it, speaks of, by line."""
        from aiconf.source.blocks import find_blocks  # noqa: PLC0415 - only where a comment speaks to aiconf

        return find_blocks(self._root, self._text)

    def position(self, pointer: str) -> Position:
        """Where a value stands; when there is none, the key of the nearest parent that exists."""
        node, key, complete = self._find(pointer)
        if complete and node is not None:
            return self._text.position(node.start)
        return self._text.position(key)

    def key_position(self, pointer: str) -> Position:
        """Where a value's key (for a list, the item) stands, or that of the nearest parent that exists."""
        return self._text.position(self._find(pointer)[1])

    def span(self, pointer: str, start: int, end: int) -> Span | None:
        """Where the characters ``start`` to ``end`` (exclusive) of a string value stand in the text.

        Returns:
            None when the value is not a string, the range is empty or outside it, or its place cannot be told.
        """
        node, _, complete = self._find(pointer)
        if not complete or node is None or not isinstance(node.value, str) or not 0 <= start < end <= len(node.value):
            return None
        if pointer not in self._offsets:
            self._offsets[pointer] = character_offsets(self._text.draft, node)
        offsets = self._offsets[pointer]
        if offsets is None:
            return None
        first, last = self._text.position(offsets[start]), self._text.position(offsets[end - 1])
        return Span(first, Position(last.line, last.column + 1))

    def scalar_type(self, pointer: str) -> str:
        """The type the programme's Go validator sees.

        Returns:
            ``string``, ``int``, ``float``, ``bool``, ``null``, ``timestamp``, ``map`` or ``list``; ``absent`` when
            there is no such value.
        """
        node, _, complete = self._find(pointer)
        return node.kind if complete and node is not None else "absent"

    @property
    def root(self) -> MapNode | None:
        """The root mapping as a tree with places, None when the file has none."""
        return self._root if isinstance(self._root, MapNode) else None

    def node(self, pointer: str) -> Node | None:
        """A value's node, None when there is none; its offsets are those of the text where there are no problems."""
        node, _, complete = self._find(pointer)
        return node if complete else None

    def keys(self, pointer: str) -> dict[str, tuple[int, int]]:
        """Start and end of each key of a mapping, as for `node`; empty for anything else."""
        node = self.node(pointer)
        return dict(node.keys) if isinstance(node, MapNode) else {}

    def written(self, pointer: str) -> str:
        """A scalar as it stands in the file (2.10, of which YAML makes the number 2.1), empty when there is none."""
        node, _, complete = self._find(pointer)
        return self._text.draft[node.start : node.end].strip() if complete and node is not None else ""

    def line_text(self, line: int) -> str:
        """The text of a 1-based line without its line break, empty when there is no such line."""
        return self._text.line(line)

    def _find(self, pointer: str) -> tuple[Node | None, int, bool]:
        """The deepest node on the way of a pointer, the offset of its key, and whether it is the one asked for."""
        node: Node | None = self._root
        key = 0 if node is None else node.start
        for raw in pointer.split("/")[1:]:
            part = raw.replace("~1", "/").replace("~0", "~")
            if isinstance(node, MapNode) and part in node.fields:
                key, node = node.keys[part][0], node.fields[part]
            elif isinstance(node, ListNode) and (index := _index(part, len(node.items))) is not None:
                node = node.items[index]
                key = node.start
            else:
                return node, key, False
        return node, key, True


def _index(part: str, length: int) -> int | None:
    """A list index as RFC 6901 writes it: decimal digits without leading zeros."""
    if not part.isascii() or not part.isdigit() or (part[0] == "0" and part != "0") or len(part) > 9:  # noqa: PLR2004
        return None
    return int(part) if int(part) < length else None
