"""A JSON document too large to hold: its list of items in pieces, each checked to be whole items.

The text is read window by window. A window is cut where an item seems to begin; that the cut is right is then proved,
not assumed: what stands before it, put in brackets, must be a JSON list. The head must be an object up to the list,
and the tail the rest of that object. Together they are a complete parse, in a memory of a few windows.

Who decodes the pieces anyhow can give the proof as well (`JsonStream.trusting`): what follows a right cut and ends at a
wrong one is no list, since it ends inside an item. From that piece on the document is then read again (`read_again`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from aiconf.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

WINDOW = 8 * 1024 * 1024
# A document that is no list of items, or whose items cannot be told apart, is held whole.
WHOLE_LIMIT = 512 * 1024 * 1024
_LIST = re.compile(rb'"(items|objects)"\s*:\s*\[')
# The first key of an item, with the white space before it: what the beginnings of items have in common.
_BEGINNING = re.compile(rb'\s*\{\s*"[^"\\]*"')
_SPACE = re.compile(rb"\s*")
# How many places are tried, and how far the comma may stand before an item.
_CUTS = 16
_LISTS = 8
_GAP = 64
# What decoding raises: of malformed JSON or a wrong type, of bytes that are no UTF-8, and of deep nesting.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_raws = msgspec.json.Decoder(list[msgspec.Raw])
_object = msgspec.json.Decoder(dict[str, msgspec.Raw])


class Place(NamedTuple):
    """Where in a file some bytes stand."""

    path: Path
    offset: int
    length: int

    def read_list(self) -> bytearray:
        """Those bytes in brackets; when the file has become shorter, what was not read is zero."""
        text = bytearray(self.length + 2)
        with self.path.open("rb", buffering=0) as file, memoryview(text) as view:
            file.seek(self.offset)
            file.readinto(view[1:-1])
        text[0], text[-1] = b"[]"
        return text


class Piece(NamedTuple):
    """Some of the items.

    Attributes:
        text: The text of a JSON list.
        place: Where it stands without its brackets, when it does in a file.
    """

    text: memoryview
    place: Place | None = None


class JsonStream:
    """One JSON document.

    Attributes:
        keys: The top-level keys read so far, as JSON text, without the list of items; all of them when `pieces` has
            ended. Empty when the document is a list.
        display: How to name the document.
        trusting: Whether cuts may be left unproved; only of a document in a file.
    """

    def __init__(self, stream: BinaryIO, display: str, window: int = WINDOW, start: Place | None = None) -> None:
        """Take the document.

        Args:
            stream: Its text.
            display: How to name it.
            window: How many bytes to look at together.
            start: Where the text begins, when it stands in a file.
        """
        self.keys: dict[str, msgspec.Raw] = {}
        self.display, self.trusting = display, False
        self._stream, self._window = stream, window
        # A bracket, and what was read but not handed on: ready to be a list. A piece keeps its buffer.
        self._buffer = bytearray(b"[")
        self._ended = False
        # Where the second byte of the buffer stands.
        self._start = start

    @property
    def whole(self) -> memoryview:
        """The text of a document without a list of items."""
        return memoryview(self._buffer)[1:]

    def pieces(self) -> Iterator[Piece]:
        """The items, some at a time; without a list of items, nothing.

        Raises:
            InputError: The text is no JSON, or breaks off.
        """
        self._fill(self._window)
        name = self._enter()
        if name is None:
            yield from self._read_whole()
            return
        yield from self._rest(name)

    def read_again(self, place: Place) -> Iterator[Piece]:
        """The items from the beginning of a piece on; every cut is proved.

        Raises:
            InputError: See `pieces`.
        """
        with place.path.open("rb", buffering=0) as file:
            file.seek(place.offset)
            self._stream, self._start, self.trusting = file, place, False
            self._buffer, self._ended = bytearray(b"["), False
            self._fill(self._window)
            yield from self._rest(self._name)

    def _rest(self, name: str) -> Iterator[Piece]:
        self._name = name
        while not self._ended:
            if piece := self._cut():
                yield piece
            self._fill(max(self._window, 2 * len(self._buffer)))
        yield self._last(name)

    def _fill(self, size: int) -> None:
        """Read until the buffer has this size or the text ends."""
        if size > WHOLE_LIMIT:
            most = f"{WHOLE_LIMIT // 2**20} MiB"
            raise InputError(f"{self.display}: more than {most} in which no item can be told from the next.")
        have = len(self._buffer)
        buffer = bytearray(size)
        buffer[:have] = self._buffer
        view = memoryview(buffer)
        while have < size and not self._ended:
            count = self._stream.readinto(view[have:])  # type: ignore[attr-defined] # BinaryIO lacks it; streams do not
            have += count
            self._ended = not count
        view.release()
        del buffer[have:]
        self._buffer = buffer

    def _enter(self) -> str | None:
        """Put the head aside; the key of the list of items, None when there is no such list."""
        start = _SPACE.match(self._buffer, 1).end()  # type: ignore[union-attr] # no space matches too
        if self._buffer[start : start + 1] == b"[":
            del self._buffer[1 : start + 1]
            self._move(start)
            return ""
        for match in islice(_LIST.finditer(self._buffer), _LISTS):
            name = match[1].decode()
            try:
                head = _object.decode(self._buffer[1 : match.end()] + b"]}")
            except UNREADABLE:
                continue
            if bytes(head.pop(name, b"")) == b"[]":
                self.keys = head
                self._buffer = bytearray(b"[") + self._buffer[match.end() :]
                self._move(match.end() - 1)
                return name
        return None

    def _cut(self) -> Piece | None:
        """Take whole items from the buffer, None when the end of none is found."""
        beginning = _BEGINNING.match(self._buffer, 1)
        if beginning is None:
            return None
        end = len(self._buffer)
        for _ in range(_CUTS):
            end = self._buffer.rfind(beginning[0], 1, end)
            if end < 0:
                return None
            before = self._buffer[max(0, end - _GAP) : end].rstrip()
            if before.endswith(b",") and (piece := self._try(max(0, end - _GAP) + len(before) - 1)):
                return piece
        return None

    def _try(self, comma: int) -> Piece | None:
        """The items before a comma, None when it does not stand between two of them."""
        self._buffer[comma : comma + 1] = b"]"
        text = memoryview(self._buffer)[: comma + 1]
        if not (self.trusting and self._start):
            try:
                _raws.decode(text)
            except UNREADABLE:
                self._buffer[comma : comma + 1] = b","
                return None
        piece = Piece(text, self._place(comma - 1))
        self._buffer = bytearray(b"[") + self._buffer[comma + 1 :]
        self._move(comma)
        return piece

    def _place(self, length: int) -> Place | None:
        return self._start and self._start._replace(length=length)

    def _move(self, count: int) -> None:
        if self._start:
            self._start = self._start._replace(offset=self._start.offset + count)

    def _last(self, name: str) -> Piece:
        """The items left, and the keys behind the list."""
        try:
            if not name:
                _raws.decode(self._buffer)
                return Piece(memoryview(self._buffer))
            tail = _object.decode(b'{"":' + self._buffer)
            text = memoryview(bytes(tail.pop("")))
            _raws.decode(text)
        except UNREADABLE as error:
            if self.trusting and self._start:  # perhaps it is a cut before this that was wrong
                return Piece(memoryview(self._buffer), self._place(len(self._buffer) - 1))
            raise InputError(f"{self.display}: {_reason(error)}") from error
        self.keys |= tail
        return Piece(text)

    def _read_whole(self) -> Iterator[Piece]:
        """All keys; of a list that begins only behind the first window, the items at once."""
        while not self._ended:
            self._fill(max(self._window, 2 * len(self._buffer)))
        try:
            self.keys = _object.decode(self.whole)
            late = [name for name in ("items", "objects") if bytes(self.keys.get(name, b""))[:1] == b"["]
            for name in late:
                text = memoryview(bytes(self.keys.pop(name)))
                _raws.decode(text)
                yield Piece(text)
        except UNREADABLE as error:
            raise InputError(f"{self.display}: {_reason(error)}") from error


def split(text: bytes | memoryview) -> list[msgspec.Raw]:
    """The items of the text of a piece.

    Raises:
        msgspec.DecodeError: It is no JSON list.
    """
    return _raws.decode(text)


def _reason(error: Any) -> str:
    if isinstance(error, RecursionError):
        return "the JSON is nested too deeply"
    text = str(error)
    if "truncated" in text:
        return "the JSON breaks off; the file is not complete"
    if "trailing characters" in text:
        return "there is more behind the end of the JSON document; write one document to a file"
    return f"this is no JSON ({text[:200]})"
