"""Where each character of a string value stands in the YAML text.

The value is decoded a second time with the places kept; when the outcome is not the value the YAML parser gave, the
places are not trusted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.source.nodes import Node

# What libyaml takes for the end of a line.
_BREAKS = "\r\n\x85\u2028\u2029"
_BLANKS = " \t"
_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
_CODES = {"x": 2, "u": 4, "U": 8}
_BLOCK_HEADER = re.compile(r"[|>]([-+]?)([1-9]?)([-+]?)[^\r\n\x85\u2028\u2029]*")

_BREAK = re.compile(rf"\r\n|[{_BREAKS}]")

Piece = tuple[str, int]  # a decoded character and the offset of its first character in the text
Decoding = tuple[str, list[int]]  # a value, and the offset of each of its characters


def character_offsets(draft: str, node: Node) -> list[int] | None:
    """Offset in the draft of each character of a scalar; None when it cannot be told.

    A space that stands for a folded line break is placed at the break.
    """
    return next((offsets for value, offsets in _decodings(draft, node) if value == node.value), None)


def _decodings(draft: str, node: Node) -> Iterator[Decoding]:
    start, end = node.start, node.end
    if node.style == "*":
        return
    if node.style in ("'", '"'):
        yield _joined(_flow(draft, start + 1, end - 1, node.style))
    elif node.style in ("|", ">"):
        yield from _block_decodings(draft, node)
    else:
        yield _joined(_flow(draft, start, end, ""))


def _joined(pieces: Iterable[Piece]) -> Decoding:
    kept = list(pieces)
    return "".join(character for character, _ in kept), [offset for _, offset in kept]


def _break_length(text: str, offset: int) -> int:
    return 2 if text.startswith("\r\n", offset) else 1


def _broken(text: str, offset: int) -> str:
    """What a line break becomes in the value."""
    return text[offset] if text[offset] in "\u2028\u2029" else "\n"


def _flow(text: str, offset: int, end: int, quote: str) -> Iterator[Piece]:
    """Decode a plain or quoted scalar: escapes, doubled quotes, folded lines."""
    while offset < end:
        character = text[offset]
        if character in _BLANKS or character in _BREAKS:
            pieces, offset = _white(text, offset, end)
            yield from pieces
        elif quote == '"' and character == "\\":
            pieces, offset = _escape(text, offset, end)
            yield from pieces
        else:
            yield character, offset
            offset += 2 if quote == "'" and character == "'" else 1


def _white(text: str, offset: int, end: int, *, folded: bool = False) -> tuple[list[Piece], int]:
    """Decode a run of blanks and line breaks; ``folded`` when it follows an escaped line break."""
    blanks: list[Piece] = []
    breaks: list[Piece] = []
    first = offset
    while offset < end and (text[offset] in _BLANKS or text[offset] in _BREAKS):
        if text[offset] in _BREAKS:
            breaks.append((_broken(text, offset), offset))
            offset += _break_length(text, offset)
        else:
            if not breaks and not folded:
                blanks.append((text[offset], offset))
            offset += 1
    if folded:
        return breaks, offset
    if not breaks:
        return blanks, offset
    if len(breaks) > 1 or breaks[0][0] != "\n":
        return (breaks[1:] if breaks[0][0] == "\n" else breaks), offset
    return [(" ", breaks[0][1] if breaks else first)], offset


def _escape(text: str, offset: int, end: int) -> tuple[list[Piece], int]:
    letter = text[offset + 1 : offset + 2]
    if letter and letter in _BREAKS:
        return _white(text, offset + 1 + _break_length(text, offset + 1), end, folded=True)
    if letter in _CODES:
        digits = text[offset + 2 : offset + 2 + _CODES[letter]]
        return [(chr(int(digits, 16)), offset)], offset + 2 + len(digits)
    return [(_ESCAPES.get(letter, letter), offset)], offset + 2


def _block_decodings(draft: str, node: Node) -> Iterator[Decoding]:
    header = _BLOCK_HEADER.match(draft, node.start)
    if header is None or header.end() >= len(draft):
        return
    lines = list(_lines(draft, header.end() + _break_length(draft, header.end()), node.end))
    chomp = header[1] or header[3]
    indents = [len(line) - len(line.lstrip(" ")) for line, _, _ in lines]
    detected = next(
        (n for n, (line, _, _) in zip(indents, lines, strict=True) if line.strip(" ")), max(indents, default=0)
    )
    # An indentation indicator counts from the parent, which is not known here: try what fits.
    for indent in range(detected, 0, -1) if header[2] else [detected]:
        yield _block(lines, indent, chomp, literal=node.style == "|")


def _lines(text: str, offset: int, end: int) -> Iterator[tuple[str, int, Piece | None]]:
    """Content, start and line break of each line."""
    for found in _BREAK.finditer(text, offset, end):
        yield text[offset : found.start()], offset, (_broken(text, found.start()), found.start())
        offset = found.end()
    if offset < end:
        yield text[offset:end], offset, None


def _block(lines: list[tuple[str, int, Piece | None]], indent: int, chomp: str, *, literal: bool) -> Decoding:
    parts: list[str] = []
    offsets: list[int] = []

    def add(*pieces: Piece) -> None:
        parts.extend(character for character, _ in pieces)
        offsets.extend(offset for _, offset in pieces)

    leading: Piece | None = None  # the last content line's break
    trailing: list[Piece] = []  # breaks of the empty lines since
    was_blank = False
    for line, start, line_break in lines:
        content = line[indent:]
        if not content:
            if line_break:
                trailing.append(line_break)
            continue
        blank = content[0] in _BLANKS
        if leading and not literal and leading[0] == "\n" and not was_blank and not blank:
            if not trailing:
                add((" ", leading[1]))
        elif leading:
            add(leading)
        add(*trailing)
        trailing = []
        parts.append(content)
        offsets.extend(range(start + indent, start + len(line)))
        leading, was_blank = line_break, blank
    if chomp != "-" and leading:
        add(leading)
    if chomp == "+":
        add(*trailing)
    return "".join(parts), offsets
