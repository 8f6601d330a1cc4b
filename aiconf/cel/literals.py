"""Literals of CEL texts: lark tokens to a type and a plain value."""

from __future__ import annotations

import re
from math import isinf
from typing import TYPE_CHECKING, Any

from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Callable

INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1

_ESCAPE = re.compile(
    r"\\(?:(?P<simple>[abfnrtv\\?\"'`])|x(?P<x>[0-9a-fA-F]{2})|X(?P<X>[0-9a-fA-F]{2})"
    r"|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|(?P<octal>[0-3][0-7]{2})|(?P<bad>[\s\S]?))"
)
_LAST_CHARACTER, _SURROGATES = 0x10FFFF, range(0xD800, 0xE000)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def literal(token: Any) -> tuple[str, str | int | float | bool | None]:
    """Return the type and value of a literal token; bytes come as latin-1 text.

    Raises:
        CelError: A number out of range or a bad escape; with the place.
    """
    read: Callable[[Any], tuple[str, str | int | float | bool | None]] = _READERS[token.type]
    return read(token)


def _error(token: Any, message: str, offset: int = 0) -> CelError:
    before = token[:offset]
    lines = before.count("\n")
    column = offset - before.rfind("\n") if lines else token.column + offset
    return CelError(message, token.line + lines, column)


def _integer(token: Any) -> tuple[str, int]:
    value = _number(token)
    if not INT_MIN <= value <= INT_MAX:
        raise _error(token, "the integer is out of range")
    return "int", value


def _unsigned(token: Any) -> tuple[str, int]:
    value = _number(token[:-1])
    if not 0 <= value <= UINT_MAX:
        raise _error(token, "the unsigned integer is out of range")
    return "uint", value


def _number(text: str) -> int:
    # Longer ones are out of range anyway, and Python refuses to convert very long ones.
    return int(text, 16 if "x" in text else 10) if len(text.lstrip("-0")) < 30 else UINT_MAX + 1  # noqa: PLR2004


def _double(token: Any) -> tuple[str, float]:
    value = float(token)
    if isinf(value):
        raise _error(token, "the number is out of range")
    return "double", value


def _string(token: Any) -> tuple[str, str]:
    return "string", _text(token, 0, as_bytes=False)


def _bytes(token: Any) -> tuple[str, str]:
    return "bytes", _text(token, 1, as_bytes=True)


def _text(token: Any, start: int, *, as_bytes: bool) -> str:
    """The content of a quoted token whose ``start`` first characters are a bytes prefix."""
    raw = token[start] in "rR"
    start += raw
    width = 3 if token[start : start + 3] == token[start] * 3 and len(token) - start >= 6 else 1  # noqa: PLR2004
    start += width
    # The specification reads every newline in a string as a line feed.
    body = token[start:-width].replace("\r\n", "\n").replace("\r", "\n")
    encode = _encoded if as_bytes else str
    if raw:
        return encode(body)
    parts: list[str] = []
    end = 0
    for match in _ESCAPE.finditer(body):
        parts += (encode(body[end : match.start()]), _unescaped(token, match, start, as_bytes=as_bytes))
        end = match.end()
    return "".join((*parts, encode(body[end:])))


def _encoded(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


def _unescaped(token: Any, match: re.Match[str], start: int, *, as_bytes: bool) -> str:
    kind = match.lastgroup or ""
    digits = match[kind]
    if kind == "simple":
        return _SIMPLE.get(digits, digits)
    if kind == "bad" or (as_bytes and kind in "uU"):
        raise _error(token, f"unknown escape {match[0]!r}", start + match.start())
    code = int(digits, 8 if kind == "octal" else 16)
    if code > _LAST_CHARACTER or code in _SURROGATES:
        raise _error(token, f"{match[0]!r} is no Unicode character", start + match.start())
    return chr(code)


_READERS: dict[str, Any] = {
    "INT_LIT": _integer,
    "UINT_LIT": _unsigned,
    "FLOAT_LIT": _double,
    "STRING_LIT": _string,
    "MLSTRING_LIT": _string,
    "BYTES_LIT": _bytes,
    "BOOL_LIT": lambda token: ("bool", token[0] == "t"),
    "NULL_LIT": lambda _: ("null", None),
}
