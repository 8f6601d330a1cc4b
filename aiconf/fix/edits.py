"""From a fix to the replacements in the text that make it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aiconf.fix.scalars import quoted, rewritten, written
from aiconf.fix.text import CannotFixError, Edit, line_end, line_start, newline, next_line
from aiconf.model import FixAction
from aiconf.source.nodes import ListNode, MapNode

if TYPE_CHECKING:
    from aiconf.model import Fix
    from aiconf.source import Source
    from aiconf.source.nodes import Node

_REST = re.compile(r"[ \t]*(?:(?<=[ \t])#[^\r\n]*)?")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


def segments(pointer: str) -> list[str]:
    """The parts of a JSON Pointer (RFC 6901)."""
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def edits_for(source: Source, fix: Fix) -> list[Edit]:
    """What to replace in the text of a source that has no problems.

    Raises:
        CannotFixError: It cannot be done by editing a few characters; the text says why.
    """
    place = _Place.of(source, fix.pointer)
    actions = {FixAction.SET: _set, FixAction.REMOVE: _remove, FixAction.MOVE_TO: _move, FixAction.IN_LIST: _in_list}
    return actions[fix.action](source, place, fix.value)


class _Place(NamedTuple):
    """A node, which need not exist, and where it stands.

    Attributes:
        parents: From the root to the map or list it belongs to.
        key: Its last segment.
        node: None when it does not exist.
        flow: Whether it stands inside ``[]`` or ``{}``.
    """

    parents: tuple[MapNode | ListNode, ...]
    key: str
    node: Node | None
    flow: bool

    @classmethod
    def of(cls, source: Source, pointer: str) -> _Place:
        node: Node | None = source.root
        parents: list[MapNode | ListNode] = []
        parts = segments(pointer)
        for part in parts:
            if not isinstance(node, MapNode | ListNode):
                raise CannotFixError(f"there is no place {pointer}")
            parents.append(node)
            node = _child(node, part)
        if not parents:
            raise CannotFixError("the whole document would change")
        flow = any(source.text[parent.start : parent.start + 1] in ("{", "[") for parent in parents)
        return cls(tuple(parents), parts[-1], node, flow)

    @property
    def parent(self) -> MapNode | ListNode:
        return self.parents[-1]

    @property
    def found(self) -> Node:
        if self.node is None:
            raise CannotFixError(f"there is no {self.key}")
        return self.node


def _child(node: MapNode | ListNode, part: str) -> Node | None:
    if isinstance(node, MapNode):
        return node.fields.get(part)
    return node.items[int(part)] if part.isdigit() and int(part) < len(node.items) else None


def _set(source: Source, place: _Place, value: str) -> list[Edit]:
    if place.node is not None:
        return rewritten(source.text, place.node, value, flow=place.flow)
    parent = place.parent
    if not isinstance(parent, MapNode) or not parent.keys or not _KEY.fullmatch(place.key):
        raise CannotFixError(f"there is no place for {place.key}")
    starts = {start: key for key, (start, _) in parent.keys.items()}
    first = starts[min(starts)]
    if place.flow:
        end = parent.fields[first].end
        quote = '"' if source.text[min(starts)] == '"' else ""
        return [Edit(end, end, f", {quote}{place.key}{quote}: {written(value, quote, flow=True)}")]
    return [_line_behind(source.text, parent, first, f"{place.key}: {written(value, '', flow=False)}")]


def _line_behind(text: str, parent: MapNode, key: str, content: str) -> Edit:
    """A line of its own behind the one line of a key and its value."""
    start, end = parent.keys[key][0], parent.fields[key].end
    stop = line_end(text, start)
    if end > stop or parent.fields[key].style in ("|", ">", "*") or parent.fields[key].kind in ("map", "list"):
        raise CannotFixError(f"{key}, behind which it would be written, is not on one line")
    indent = re.sub(r"[^ \t]", " ", text[line_start(text, start) : start])
    return Edit(stop, stop, newline(text) + indent + content)


def _remove(source: Source, place: _Place, _: str) -> list[Edit]:
    node, siblings = place.found, place.parent
    if not isinstance(siblings, ListNode):
        raise CannotFixError("only a list item can be taken away")
    index = int(place.key)
    if text_starts(source.text, siblings.start, "["):
        return [_cut_from_flow(siblings, index)]
    start, end, left = _item_lines(source.text, node)
    edits = [Edit(start, end, left)]
    if len(siblings.items) == 1:
        edits.append(_empty_list(source.text, place))
    return edits


def text_starts(text: str, offset: int, what: str) -> bool:
    """Whether a text stands at an offset."""
    return text.startswith(what, offset)


def _cut_from_flow(siblings: ListNode, index: int) -> Edit:
    items = siblings.items
    if index + 1 < len(items):
        return Edit(items[index].start, items[index + 1].start, "")
    return Edit(items[index - 1].end if index else items[index].start, items[index].end, "")


def _item_lines(text: str, node: Node) -> tuple[int, int, str]:
    """The lines of a block list's scalar item, and what stays of them: a comment."""
    if node.kind in ("map", "list") or node.style in ("|", ">"):
        raise CannotFixError("the item is more than one value on its own lines")
    begin = len(text[: node.start].rstrip(" \t")) - 1
    first = line_start(text, begin)
    rest = _REST.match(text, node.end)
    stop = line_end(text, node.end)
    if text[begin : begin + 1] != "-" or text[first:begin].strip(" ") or rest is None or rest.end() != stop:
        raise CannotFixError("something else stands on the line of the item")
    comment = rest[0].strip()
    if comment:
        return begin, stop, comment
    after = next_line(text, node.end)
    if after > stop or first == 0:
        return first, after, ""
    return len(text[:first].removesuffix("\n").removesuffix("\r")), stop, ""


def _empty_list(text: str, place: _Place) -> Edit:
    """``[]`` behind the key whose list loses its only item: nothing at all would be null."""
    if len(place.parents) < 2 or not isinstance(owner := place.parents[-2], MapNode):  # noqa: PLR2004 - list and owner
        raise CannotFixError("the list belongs to no key")
    end = next(owner.keys[key][1] for key, node in owner.fields.items() if node is place.parent)
    colon = text.find(":", end)
    if colon < 0 or text[end:colon].strip():
        raise CannotFixError("the list does not follow its key")
    return Edit(colon + 1, colon + 1, " []")


def _move(source: Source, place: _Place, target: str) -> list[Edit]:
    """Rename a key within its mapping, or move its line to another mapping."""
    node, text = place.found, source.text
    goal = _Place.of(source, target)
    parent, into = place.parent, goal.parent
    if goal.node is not None:
        raise CannotFixError(f"there is a {goal.key} already")
    if not isinstance(parent, MapNode) or not isinstance(into, MapNode) or not _KEY.fullmatch(goal.key):
        raise CannotFixError(f"{place.key} cannot become {goal.key}")
    start, end = parent.keys[place.key]
    if into is parent:
        quote = text[start] if text[start : start + 1] in ("'", '"') else ""
        return [Edit(start, end, quote + goal.key + quote)]
    first, stop = line_start(text, start), line_end(text, node.end)
    if place.flow or goal.flow or text[first:start].strip() or "\n" in text[start:stop] or node.kind in ("map", "list"):
        raise CannotFixError(f"{place.key} is not on one line of its own")
    return [
        _line_behind(text, into, _last_simple(text, into), goal.key + text[end:stop]),
        Edit(first, next_line(text, stop), ""),
    ]


def _last_simple(text: str, node: MapNode) -> str:
    """The last key of a mapping that stands with its value on one line."""
    fields = node.fields
    simple = [
        key
        for key, (start, _) in node.keys.items()
        if node.start <= start < node.end
        and fields[key].kind not in ("map", "list")
        and fields[key].style not in ("|", ">", "*")
        and fields[key].end <= line_end(text, start)
    ]
    if not simple:
        raise CannotFixError("there is no line behind which it could be written")
    return max(simple, key=lambda key: node.keys[key])


def _in_list(source: Source, place: _Place, _: str) -> list[Edit]:
    node = place.found
    if node.kind != "string" or node.style not in ("", "'", '"'):
        raise CannotFixError("the value is no text on one line")
    if node.style and line_end(source.text, node.start) >= node.end:
        return [Edit(node.start, node.end, f"[{source.text[node.start : node.end]}]")]
    return [Edit(node.start, node.end, f"[{quoted(node.value)}]")]
