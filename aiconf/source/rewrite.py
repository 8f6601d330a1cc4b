"""Replaces a part of a text value inside a YAML file, as an edit of the file's text that keeps the value's style.

What stands before and behind that part stays as it is, byte for byte: its folding, escapes, comments and line ends.
`edited` proves each edit by reading the new text: nothing but the value may be another one, or the edit is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError
from aiconf.source import parse_source
from aiconf.source.spans import character_offsets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.source.document import Source
    from aiconf.source.nodes import Node

_BREAK = re.compile(r"\r\n|\n|\r")
_WIDTH = 80  # columns; where a folded block is wrapped already, what is put into it is wrapped too
_ESCAPED = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}
_CODE = re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|.)", re.DOTALL)  # an escape in double quotes
# What sets one paragraph apart from the next in the value: a folded block shows one line break as an empty line, and
# a flow scalar in other than double quotes stays on its line.
PARAGRAPH = {"|": "\n\n", ">": "\n", '"': "\n\n", "'": " ", "": " "}


class Edit(NamedTuple):
    """The characters ``start`` to ``end`` (exclusive) of a text become ``text``."""

    start: int
    end: int
    text: str


class RewriteError(InputError):
    """A value cannot be rewritten without guessing; the text names the place and says why."""


def paragraph(source: Source, pointer: str) -> str:
    """What separates paragraphs within a value, given its style."""
    node = source.node(pointer)
    return PARAGRAPH[node.style] if node is not None and node.style in PARAGRAPH and node.kind == "string" else "\n\n"


def replaced(source: Source, pointer: str, start: int, end: int, new: str) -> Edit:
    """The edit by which characters ``start`` to ``end`` of a text value become ``new``.

    Args:
        source: The file; its text must be free of problems.
        pointer: The value. One that is absent or null becomes ``new`` as a whole.
        start: First character; neither it nor the last may be white space.
        end: Behind the last; ``start`` itself to insert at the head.
        new: Printable text and line feeds.

    Raises:
        RewriteError: The value is of a form that is not edited.
    """
    if source.problems:
        first = source.problems[0]
        raise RewriteError(f"{source.path}:{first.line}: {first.message} Mend this first.")
    node = source.node(pointer)
    if node is None or (node.kind == "null" and not node.style):
        return _given(source, pointer, node, new)
    if node.kind != "string" or node.style == "*":
        what = "is an alias of another value" if node.style == "*" else f"is of type {node.kind}, not text"
        raise _refusal(source, pointer, f"it {what}; write it out in quotes")
    return _within(source, pointer, node, (start, end), new)


def edited(source: Source, edits: Iterable[Edit], values: dict[str, str]) -> str:
    """The text of a file with edits made, after a proof that they do what they are meant to do.

    Args:
        source: The file.
        edits: They do not overlap.
        values: Every value that changes, by pointer, and what it becomes.

    Raises:
        RewriteError: The new text would not hold these values, or another one would change.
    """
    text, done = "", 0
    for edit in sorted(edits):
        text += source.text[done : edit.start] + edit.text
        done = edit.end
    text += source.text[done:]
    again = parse_source(text.encode("utf-8", "surrogatepass"), source.path)
    expected, found = _leaves(source.data), _leaves(again.data)
    for pointer, value in values.items():
        if found.get(pointer) != value:
            raise _refusal(source, pointer, "its form cannot be kept; write it as a literal block (|)")
    different = sorted((expected.items() ^ found.items()), key=lambda item: item[0])
    stray = next((pointer for pointer, _ in different if pointer not in values), None)
    if stray is not None or again.problems:
        raise _refusal(source, next(iter(values)), f"{stray or 'something else'} would change with it")
    return text


def _within(source: Source, pointer: str, node: Node, part: tuple[int, int], new: str) -> Edit:
    text = source.text
    start, end = part
    offsets = character_offsets(text, node)
    if offsets is None or (not offsets and node.style not in ("'", '"')):
        raise _refusal(source, pointer, "its characters cannot be placed; write it as a literal block (|)")
    if not offsets:
        first = last = node.start + 1
    else:
        first = offsets[start] if start < len(offsets) else node.end
        last = offsets[end - 1] + _length(text, offsets[end - 1], node.style) if end > start else first
    if node.style == '"':
        return Edit(first, last, "".join(_ESCAPED.get(character, character) for character in new))
    if node.style in ("|", ">"):
        return Edit(first, last, _lines(text, first, new, folded=node.style == ">"))
    if "\n" in new:
        raise _refusal(source, pointer, "it stands on one line; write it as a literal block (|)")
    if node.style == "'":
        return Edit(first, last, new.replace("'", "''"))
    # A plain scalar cannot hold ": ": it goes into quotes, which fold lines as it did.
    whole = text[node.start : first] + new + text[last : node.end]
    return Edit(node.start, node.end, "'" + whole.replace("'", "''") + "'")


def _length(text: str, offset: int, style: str) -> int:
    """How many characters of the text stand for the one there."""
    if style == '"' and (escape := _CODE.match(text, offset)):
        return len(escape[0])
    return 2 if style == "'" and text[offset] == "'" else 1


def _lines(text: str, offset: int, new: str, *, folded: bool) -> str:
    """A text as lines of a block, in which the block's indentation and line ends go on."""
    line = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    indent = re.match(r" *", text[line:offset])[0]  # type: ignore[index]  # it matches always
    newline = found[0] if (found := _BREAK.search(text)) else "\n"
    if not folded:
        return (newline + indent).join(new.split("\n")).replace(newline + indent + newline, newline + newline)
    taken = offset - line - len(indent)  # what stands before it on its line
    parts = [_wrapped(part, len(indent), 0 if n else taken) for n, part in enumerate(new.split("\n"))]
    return (newline + newline + indent).join((newline + indent).join(lines) for lines in parts)


def _wrapped(text: str, indent: int, taken: int) -> list[str]:
    import textwrap  # noqa: PLC0415 - only where a folded block is written

    width = max(_WIDTH - indent, 20)
    # Characters that take the place of those on the first line are taken away again.
    taken = min(taken, width - 1)
    lines = textwrap.wrap(text, width, initial_indent="x" * taken, break_long_words=False, break_on_hyphens=False)
    return [lines[0][taken:], *lines[1:]] if lines else [""]


def _given(source: Source, pointer: str, node: Node | None, new: str) -> Edit:
    """A value for a key that has none, or with its key as a line behind a line of the same mapping."""
    head, _, key = pointer.rpartition("/")
    value = '"' + "".join(_ESCAPED.get(character, character) for character in new) + '"'
    keys = source.keys(head)
    if node is not None and key in keys and node.start == node.end:
        colon = source.text.find(":", keys[key][1])
        return Edit(colon + 1, colon + 1, f" {value}")
    if node is not None:  # null or ~, written out
        return Edit(node.start, node.end, value)
    behind = _last_line(source, head, keys)
    if behind is None:
        raise _refusal(source, pointer, f"there is no line behind which {key} could be written; add it by hand")
    indent, end = behind
    newline = found[0] if (found := _BREAK.search(source.text)) else "\n"
    return Edit(end, end, f"{newline}{indent}{key}: {value}")


def _last_line(source: Source, head: str, keys: dict[str, tuple[int, int]]) -> tuple[str, int] | None:
    """Indentation and end of the last line of a block mapping that holds a key with its whole value."""
    text = source.text
    parent = source.node(head)
    if parent is None or text[parent.start : parent.start + 1] in ("{", "["):
        return None
    for key, (start, _) in sorted(keys.items(), key=lambda item: item[1], reverse=True):
        node = source.node(f"{head}/{key}")
        line_end = found.start() if (found := _BREAK.search(text, start)) else len(text)
        scalar = node is not None and node.kind not in ("map", "list") and node.style not in ("|", ">", "*")
        if scalar and node is not None and start < node.end <= line_end and parent.start <= start < parent.end:
            line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
            return re.sub(r"[^ \t]", " ", text[line:start]), line_end
    return None


def _leaves(data: Any, pointer: str = "") -> dict[str, Any]:
    """Every scalar and empty container of a document by its pointer; null counts as absent."""
    if isinstance(data, dict | list) and data:
        items = data.items() if isinstance(data, dict) else enumerate(data)
        found: dict[str, Any] = {}
        for key, value in items:
            found.update(_leaves(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}"))
        return found
    return {} if data is None else {pointer: repr(data) if isinstance(data, dict | list) else data}


def _refusal(source: Source, pointer: str, why: str) -> RewriteError:
    line = source.key_position(pointer).line
    return RewriteError(f"{source.path}:{line}: {pointer} is left as it is: {why}.")
