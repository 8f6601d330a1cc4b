"""What begins on a line: the values that a comment on that line, or above it, speaks of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiconf.source.nodes import ListNode, MapNode

if TYPE_CHECKING:
    from aiconf.source.nodes import Node
    from aiconf.source.text import Text


class Block(NamedTuple):
    """A value that begins on a line.

    Attributes:
        pointer: JSON Pointer of the value.
        first: The line that it begins on; for a value of a map, that of its key.
        last: Its last line; of a map or a list of them that a key names, the line of the key alone.
        whole: Whether what is inside the value belongs to the block.
    """

    pointer: str
    first: int
    last: int
    whole: bool

    def holds(self, pointer: str, line: int) -> bool:
        """Whether a place belongs to the block."""
        inside = self.whole and pointer.startswith(self.pointer + "/")
        return inside or pointer == self.pointer or self.first <= line <= self.last


def find_blocks(root: Node | None, text: Text) -> dict[int, Block]:
    """The outermost list item that begins on each line, or else the value whose key stands there."""
    blocks: dict[int, Block] = {}
    if root is not None:
        _walk(root, "", text, blocks)
    return blocks


def _walk(node: Node, pointer: str, text: Text, blocks: dict[int, Block]) -> int:
    """Note what begins within a node, and give its last line."""
    last = _last_line(node, text)
    if node.style == "*":  # what an alias stands for was met where it is defined
        return last
    if isinstance(node, MapNode):
        for key, value in node.fields.items():
            inner = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
            line = text.position(node.keys[key][0]).line
            end = _walk(value, inner, text, blocks)
            whole = _is_plain(value)
            blocks.setdefault(line, Block(inner, line, end if whole else line, whole))
            last = max(last, end)
    elif isinstance(node, ListNode):
        for index, item in enumerate(node.items):
            line = text.position(item.start).line
            end = _walk(item, f"{pointer}/{index}", text, blocks)
            blocks[line] = Block(f"{pointer}/{index}", line, end, whole=True)
            last = max(last, end)
    return last


def _is_plain(value: Node) -> bool:
    """Whether a value is a scalar or a list of scalars, which its key stands for as a whole."""
    items = value.items if isinstance(value, ListNode) else [value]
    return not any(isinstance(item, (MapNode, ListNode)) for item in items)


def _last_line(node: Node, text: Text) -> int:
    """The last line of a scalar; a block map or list ends where the next thing begins, so that of its start."""
    if isinstance(node, (MapNode, ListNode)):
        return text.position(node.start).line
    written = len(text.draft[node.start : node.end].rstrip())
    return text.position(node.start + max(written - 1, 0)).line
