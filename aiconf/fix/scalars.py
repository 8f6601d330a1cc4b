"""A new text for a scalar, written the way the old one was."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from aiconf.fix.text import CannotFixError, Edit, line_end
from aiconf.source.scalars import resolve_plain

if TYPE_CHECKING:
    from aiconf.source.nodes import Node

# Fewer than YAML allows without quotes, and none that could mean anything else; a comma does inside [] and {}.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_./()+;=,@-]|:(?=[^\s,])| (?=[^\s#]))*")
_HEADER = re.compile(r"[|>][-+]?(?=[ \t\r\n]|\Z)")


def written(value: str, like: str, *, flow: bool) -> str:
    """A text as a scalar.

    Args:
        value: The text.
        like: The style to keep where the text allows it: ``'``, ``"``, or empty for plain.
        flow: It stands inside ``[]`` or ``{}``.
    """
    is_plain = _PLAIN.fullmatch(value) and value[-1] != ":" and not (flow and "," in value)
    if like == "" and is_plain and resolve_plain(value) == ("string", value):
        return value
    if like == "'" and value.isprintable():
        return "'" + value.replace("'", "''") + "'"
    return quoted(value)


def quoted(value: str) -> str:
    """A text in double quotes, on one line."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else _escaped(character) for character in text)


def _escaped(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - widths


def rewritten(text: str, node: Node, value: str, *, flow: bool) -> list[Edit]:
    """The edits that give an existing scalar another value.

    Raises:
        CannotFixError: It is an alias, or no scalar.
    """
    if node.kind in ("map", "list"):
        raise CannotFixError(f"a {node.kind} stands where a text is wanted")
    if node.style == "*":
        raise CannotFixError("the value is an alias of another one")
    if node.style in ("|", ">"):
        return _block(text, node, value)
    # Within brackets a null or a number may be JSON's, which knows no text without quotes.
    style = '"' if flow and not node.style and node.kind != "string" else node.style
    new = written(value, style, flow=flow)
    if node.start == node.end and text[node.start - 1 : node.start] not in (" ", "\t"):
        new = " " + new
    return [Edit(node.start, node.end, new)]


def _block(text: str, node: Node, value: str) -> list[Edit]:
    """Change the header alone where that is all there is to do; else keep the block, on one line; else quote."""
    header = _HEADER.match(text, node.start)
    if header is None:
        raise CannotFixError("the block has an indentation of its own")
    body, end = line_end(text, header.end()), _content_end(text, node)
    if node.value.rstrip("\n") == value:
        return [Edit(node.start + 1, header.end(), "-")]
    lines = text[body:end].lstrip("\r\n")
    indent = lines[: len(lines) - len(lines.lstrip(" "))]
    if indent and value == value.strip() and value.isprintable() and value:
        first = end - len(lines)
        return [Edit(node.start + 1, header.end(), "-"), Edit(first, end, indent + value)]
    return [Edit(node.start, header.end(), quoted(value)), Edit(body, max(body, end), "")]


def _content_end(text: str, node: Node) -> int:
    """The end of the last line of a block that is not blank; the parser counts the blank ones behind it too."""
    return len(text[: node.end].rstrip(" \t\r\n"))
