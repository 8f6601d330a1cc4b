"""What a scalar means, as the programme's Go validator (gopkg.in/yaml.v3, resolving into ``interface{}``) would say.

Rules of that library's ``resolve.go``: booleans are true and false only; a leading zero is octal, and ``08``, which is
no octal, a float; integers beyond 64 bits are floats; plain dates are timestamps.
"""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_WORDS: dict[str, tuple[str, Scalar]] = {
    **dict.fromkeys(("true", "True", "TRUE"), ("bool", True)),
    **dict.fromkeys(("false", "False", "FALSE"), ("bool", False)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), ("null", None)),
}
# Data must fit JSON, which knows no infinity: these keep their text.
_UNBOUNDED = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_FIRST = frozenset("+-.0123456789~nNtTfF")
_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_TIMESTAMP = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})"
    r"(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d))"
    r"|(?: +(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,]\d+)?))?",
    re.ASCII,
)
_LOWEST, _HIGHEST = -(2**63), 2**64 - 1
_CORE = "tag:yaml.org,2002:"
_RESOLVED = frozenset({"bool", "float", "int", "null", "timestamp"})


def resolve_plain(text: str) -> tuple[str, Scalar]:
    """Type and value of an unquoted scalar without a tag.

    Returns:
        The type is ``string``, ``int``, ``float``, ``bool``, ``null`` or ``timestamp``. Timestamps, infinities and NaN
        keep their text as value, so that the data fits JSON.
    """
    if text and text[0] not in _FIRST:
        return "string", text
    if text in _WORDS:
        return _WORDS[text]
    return _resolve_number(text, dates=True)


def resolve_tagged(tag: str, text: str) -> tuple[str, Scalar] | None:
    """Type and value of a scalar with an explicit tag; None when the text does not fit the tag.

    Tags other than YAML's own make a string, as they do in Go; so does ``!!binary``, whose text is left encoded.
    """
    wanted = tag.removeprefix(_CORE)
    if wanted == tag or wanted not in _RESOLVED:
        return "string", text
    found, value = _WORDS[text] if text in _WORDS else _resolve_number(text, dates=wanted == "timestamp")
    if found == wanted:
        return found, value
    if (wanted, found) == ("float", "int") and isinstance(value, int):
        return "float", float(value)
    return None


def _resolve_number(text: str, *, dates: bool) -> tuple[str, Scalar]:
    if _UNBOUNDED.fullmatch(text):
        return "float", text
    if dates and _is_timestamp(text):
        return "timestamp", text
    # Only after a digit or a sign does Go's library ignore underscores.
    plain = text if text[:1] == "." else text.replace("_", "")
    if len(plain) <= 66 and _INTEGER.fullmatch(plain):  # noqa: PLR2004 - 64 binary digits behind 0b
        number = _integer(plain)
        if _LOWEST <= number <= _HIGHEST:
            return "int", number
    if _FLOAT.fullmatch(plain) and math.isfinite(value := float(plain)):
        return "float", value
    return "string", text


def _integer(text: str) -> int:
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    if digits.isdigit() and digits[0] == "0":
        return sign * int(digits, 8)
    return sign * int(digits, 0)


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return False
    year, month, day, *clock = (int(part or 0) for part in match.groups())
    hour, minute, second = max(clock[0], clock[3]), max(clock[1], clock[4]), max(clock[2], clock[5])
    days = (31, 29 if _is_leap(year) else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= days[month - 1] and hour < 24 and minute < 60 and second < 60  # noqa: PLR2004


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
