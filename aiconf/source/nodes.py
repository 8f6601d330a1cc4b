"""The tree that composing a text gives: every value with its place in the draft."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import yaml


class Node:
    """One value and where it stands; a scalar unless it is of a subclass.

    Attributes:
        start: Offset of its first character in the draft.
        end: Offset behind its last one.
        kind: Its type, a word of ``Source.scalar_type``.
        value: The plain data.
        style: How it is written: ``'``, ``"``, ``|``, ``>``, ``*`` for an alias, empty for plain.
        size: Number of nodes it stands for, itself and expanded aliases included.
    """

    __slots__ = ("end", "kind", "size", "start", "style", "value")

    def __init__(self, start: int, end: int, kind: str, value: Any, style: str = "") -> None:
        self.start, self.end, self.kind, self.value, self.style = start, end, kind, value, style
        self.size = 1


class MapNode(Node):
    """A map: its values and the start and end offsets of its keys, by key."""

    __slots__ = ("fields", "keys")

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end, "map", {})
        self.fields: dict[str, Node] = {}
        self.keys: dict[str, tuple[int, int]] = {}

    def put(self, key: str, place: tuple[int, int], node: Node) -> None:
        """Set a key, the last one given counts."""
        self.fields[key], self.keys[key], self.value[key] = node, place, node.value


class ListNode(Node):
    """A list and its items."""

    __slots__ = ("items",)

    def __init__(self, start: int, end: int) -> None:
        super().__init__(start, end, "list", [])
        self.items: list[Node] = []


def alias_of(target: Node, start: int, end: int) -> Node:
    """A node at an alias's place that shares the content of what the alias names."""
    node = Node(start, end, target.kind, target.value)
    if isinstance(target, MapNode):
        node = MapNode(start, end)
        node.fields, node.keys = target.fields, target.keys
    elif isinstance(target, ListNode):
        node = ListNode(start, end)
        node.items = target.items
    node.value, node.size, node.style = target.value, target.size, "*"
    return node


class Defect(NamedTuple):
    """A problem at an offset of the draft; see ``Problem`` for the other fields."""

    kind: str
    message: str
    offset: int
    pointer: str = ""
    hint: str = ""


class Composition:
    """What came out of one text.

    Attributes:
        root: The tree, as far as it was read; None for a text without content.
        defects: What is wrong with it, in no order.
        error: What stopped the YAML parser, if anything did.
        dropped: Stretches of the draft whose content is not in the tree.
        scalars: Every scalar in the order of the text, keys included.
        unfinished: Starts of the maps and lists that were open when the parser stopped, the outermost first.
    """

    __slots__ = ("defects", "dropped", "error", "root", "scalars", "unfinished")

    def __init__(self) -> None:
        self.root: Node | None = None
        self.defects: list[Defect] = []
        self.error: yaml.YAMLError | None = None
        self.dropped: list[tuple[int, int]] = []
        self.scalars: list[Node] = []
        self.unfinished: list[int] = []
