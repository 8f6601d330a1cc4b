"""Text in other encodings, as PowerShell's ``>`` writes it, to UTF-8."""

from __future__ import annotations

import codecs
import io
from typing import Any

from aiconf.errors import InputError

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def as_utf8(stream: io.BufferedReader) -> tuple[io.BufferedReader, int]:
    """The stream without a byte order mark, recoded when the mark says UTF-16; and how many bytes were left out."""
    head = stream.peek(4)
    if head.startswith(codecs.BOM_UTF8):
        return stream, len(stream.read(len(codecs.BOM_UTF8)))
    if head.startswith(_UTF16):
        return io.BufferedReader(_Recoded(stream), 64 * 1024), 0
    return stream, 0


class _Recoded(io.RawIOBase):
    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder("utf-16")()
        self._ready = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready:
            raw = self._stream.read(32 * 1024)
            try:
                self._ready = self._decoder.decode(raw, final=not raw).encode("utf-8")
            except UnicodeDecodeError as error:
                raise InputError(f"this is no UTF-16 text ({error.reason})") from error
            if not raw:
                break
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count
