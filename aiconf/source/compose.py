"""YAML events to plain data and a tree of positions, within bounds.

libyaml's own composer recurses and dies of deep nesting (SIGSEGV at 50,000 brackets), and its cost grows with the
square of the depth; so the event stream is read one event at a time and left as soon as a bound is reached.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from aiconf.source.nodes import Composition, Defect, ListNode, MapNode, Node, alias_of
from aiconf.source.scalars import resolve_plain, resolve_tagged

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiconf.model import Position

MAX_DEPTH = 100
MAX_NODES = 100_000
MAX_SCALAR = 100_000
_MAX_DEFECTS = 100
# Anchor and tag before a value, with the comments and line breaks behind them.
_PROPERTIES = re.compile(r"(?:[&!]\S*(?:\s|(?<=\s)#[^\r\n]*)*)*")
_TOO_DEEP = f"Values are nested more than {MAX_DEPTH} levels deep; the rest is ignored."
_STARTS = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_ENDS = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
# libyaml's parser is several times faster than PyYAML's own, which is there on every platform.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _BoundError(Exception):
    """The text asks for more than the bounds allow; a defect says which."""


class _Frame:
    """A map or list being filled."""

    __slots__ = ("anchor", "before", "key", "merges", "name", "node")

    def __init__(self, node: MapNode | ListNode, anchor: str | None, before: int) -> None:
        self.node, self.anchor = node, anchor
        self.before = before  # nodes counted before it
        self.key: Node | None = None  # the key whose value comes next
        self.name = ""  # the key placed last
        self.merges: list[Node] = []

    @property
    def last(self) -> str:
        """The pointer part of what was placed last."""
        return str(len(self.node.items) - 1) if isinstance(self.node, ListNode) else self.name


def compose(text: str, position: Callable[[int], Position]) -> Composition:
    """Read the first document of a text.

    Args:
        text: The draft.
        position: Gives the place in the file of an offset in ``text``, for messages that name a second place.
    """
    return _Composer(text, position).run()


class _Composer:
    def __init__(self, text: str, position: Callable[[int], Position]) -> None:
        self._text, self._position = text, position
        self._stack: list[_Frame] = []
        self._anchors: dict[str, Node] = {}
        self._count = 0
        self._out = Composition()

    def run(self) -> Composition:
        try:
            loader = _LOADER(self._text)
            try:
                self._read(loader.get_event)
            finally:
                loader.dispose()
        except _BoundError:
            self._out.dropped.append((self._stack[-1].node.start if self._stack else 0, len(self._text)))
        except yaml.YAMLError as error:
            self._stopped(error)
        return self._out

    def _stopped(self, error: yaml.YAMLError) -> None:
        # libyaml has a bound of its own, which it may meet first while looking ahead.
        if "nesting depth" in str(getattr(error, "problem", "")):
            self._defect("wrong_shape", _TOO_DEEP, 0)
            self._out.dropped.append((0, len(self._text)))
            return
        self._out.error = error
        self._out.unfinished = [frame.node.start for frame in self._stack]

    def _read(self, next_event: Callable[[], Any]) -> None:
        documents = 0
        while (event := next_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self._add(self._scalar(event))
            elif kind in _STARTS:
                self._open(event)
            elif kind in _ENDS:
                self._close(event.end_mark.index)
            elif kind is yaml.AliasEvent:
                self._add(self._alias(event))
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1 and not self._goes_on(event.start_mark.index):
                    return

    def _goes_on(self, start: int) -> bool:
        """Whether the document at ``start`` is the first with content; otherwise it is a defect."""
        if self._out.root is None or self._out.root.kind == "null":
            self._out.root = None
            return True
        message = "A second document starts here; only the first one is read."
        self._defect("wrong_shape", message, start, hint="Keep one document in the file and remove the `---` line.")
        self._out.dropped.append((start, len(self._text)))
        return False

    # -- one event to one node

    def _scalar(self, event: Any) -> Node:
        start, end, style, text = event.start_mark.index, event.end_mark.index, event.style or "", event.value
        if event.anchor is not None or event.tag is not None:
            start = min(_behind_properties(self._text, start), end)
        if event.tag is not None:
            kind, value = self._tagged(event.tag, text, start)
        else:
            kind, value = ("string", text) if style else resolve_plain(text)
        if len(text) > MAX_SCALAR:
            self._defect("wrong_shape", f"The text is longer than {MAX_SCALAR} characters; the rest is ignored.", start)
            kind, value = "string", text[:MAX_SCALAR]
        node = Node(start, end, kind, value, style)
        self._out.scalars.append(node)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _tagged(self, tag: str, text: str, start: int) -> tuple[str, Any]:
        if (resolved := resolve_tagged(tag, text)) is not None:
            return resolved
        message = f"`{_short(text)}` is tagged `!!{tag.rpartition(':')[2]}` but is not one."
        self._defect("wrong_shape", message, start, self._next(), "Remove the tag.")
        return "string", text

    def _open(self, event: Any) -> None:
        start = event.start_mark.index
        if len(self._stack) >= MAX_DEPTH:
            self._give_up(_TOO_DEEP, start)
        if event.anchor is not None or event.tag is not None:
            start = _behind_properties(self._text, start)
        node = (MapNode if type(event) is yaml.MappingStartEvent else ListNode)(start, start)
        frame = _Frame(node, event.anchor, self._count)
        # A container is placed while still empty, so that what was read before an error is in the tree.
        self._add(node)
        self._stack.append(frame)

    def _close(self, end: int) -> None:
        frame = self._stack.pop()
        node = frame.node
        node.end, node.size = end, self._count - frame.before
        if isinstance(node, MapNode):
            for merged in frame.merges:
                _merge(node, merged)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = node

    def _alias(self, event: Any) -> Node:
        start, end = event.start_mark.index, event.end_mark.index
        target = self._anchors.get(event.anchor)
        if target is None:
            self._unknown_alias(event.anchor, start)
            return Node(start, end, "null", None, "*")
        self._count += target.size - 1
        return alias_of(target, start, end)

    def _unknown_alias(self, name: str, start: int) -> None:
        if any(frame.anchor == name for frame in self._stack):
            message = f"`*{name}` stands inside `&{name}`, which would repeat itself without end."
            self._defect("wrong_shape", message, start, self._next(), "Write the value out.")
            return
        message = f"`*{name}` refers to `&{name}`, which is not defined before it."
        hint = "Put the value in quotes if the asterisk is part of it."
        self._defect("yaml_syntax", message, start, self._next(), hint)

    # -- placing nodes

    def _add(self, node: Node) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            self._give_up(
                f"The file has more than {MAX_NODES} values, aliases expanded; the rest is ignored.", node.start
            )
        if not self._stack:
            self._out.root = node
            return
        frame = self._stack[-1]
        parent = frame.node
        if isinstance(parent, ListNode):
            parent.items.append(node)
            parent.value.append(node.value)
        elif frame.key is None:
            frame.key = node
        else:
            key, frame.key = frame.key, None
            self._place(frame, parent, key, node)

    def _place(self, frame: _Frame, parent: MapNode, key: Node, node: Node) -> None:
        if key.value == "<<" and not key.style:
            frame.merges.append(node)
            return
        name = frame.name = self._written(key)
        if key.kind != "string":
            message = f"The key `{_short(name)}` is of type {key.kind}, not a string."
            self._defect(
                "wrong_shape", message, key.start, self._pointer(name), "Put the key in quotes, or use a word."
            )
        if name in parent.keys:
            self._duplicate(parent, name, key.start)
        parent.put(name, (key.start, key.end), node)

    def _duplicate(self, parent: MapNode, name: str, start: int) -> None:
        first = parent.keys[name][0]
        line = self._position(first).line
        message = f"The key `{_short(name)}` is given twice, first in line {line}; this one counts."
        self._defect("duplicate_key", message, start, self._pointer(name), "Keep one of the two.")
        self._out.dropped.append((first, max(first, parent.fields[name].end)))

    def _written(self, key: Node) -> str:
        """A key as a string: its text when it is of another type."""
        return str(key.value) if key.kind == "string" else self._text[key.start : key.end].strip()[:200]

    # -- what is wrong

    def _pointer(self, last: str) -> str:
        """Pointer of an item of the innermost map or list."""
        parts = [*(frame.last for frame in self._stack[:-1]), last]
        return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)

    def _next(self) -> str:
        """Pointer of the value about to be placed."""
        if not self._stack:
            return ""
        frame = self._stack[-1]
        if isinstance(frame.node, ListNode):
            return self._pointer(str(len(frame.node.items)))
        return self._pointer("" if frame.key is None else self._written(frame.key))

    def _defect(self, kind: str, message: str, offset: int, pointer: str = "", hint: str = "") -> None:
        if len(self._out.defects) < _MAX_DEFECTS:
            self._out.defects.append(Defect(kind, message, offset, pointer, hint))

    def _give_up(self, message: str, offset: int) -> None:
        self._defect("wrong_shape", message, offset, self._next())
        raise _BoundError


def _behind_properties(text: str, start: int) -> int:
    """Offset of the value itself behind its anchor and tag."""
    match = _PROPERTIES.match(text, start)
    return match.end() if match else start


def _merge(node: MapNode, merged: Node) -> None:
    """Add what ``<<`` brings in: keys that are there stay, so the map's own win, then the earlier source."""
    for source in merged.items if isinstance(merged, ListNode) else [merged]:
        if not isinstance(source, MapNode):
            continue
        for name, value in source.fields.items():
            if name not in node.keys:
                node.put(name, source.keys[name], value)


def _short(text: str, width: int = 60) -> str:
    """Text cut to what fits a message."""
    return text if len(text) <= width else text[: width - 1] + "…"
