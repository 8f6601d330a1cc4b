"""Conversions between types, types as values, and optionals."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import Any

from aiconf.cel.literals import INT_MAX, INT_MIN, UINT_MAX
from aiconf.cel.times import duration_text, timestamp_text, unix_seconds
from aiconf.cel.values import NONE, TYPES, CelType, Optional, UInt, int64, no_overload, type_name
from aiconf.errors import CelError

_INTEGER = re.compile(r"[+-]?[0-9]{1,20}")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?(?:inf(?:inity)?|nan)", re.IGNORECASE)
_SMALLEST_PLAIN_POWER, _SMALLEST_SCIENTIFIC_POWER = -4, 6
_TRUE, _FALSE = ("1", "t", "true", "TRUE", "True"), ("0", "f", "false", "FALSE", "False")


def identity(value: Any) -> Any:
    """``dyn(value)``."""
    return value


def type_of(value: Any) -> CelType:
    """``type(value)``."""
    return TYPES[type_name(value)]


def to_string(value: Any) -> str:  # noqa: PLR0911 - one for each type
    """``string(value)`` of a scalar."""
    kind = type(value)
    if kind is str:
        return str(value)
    if kind is bool:
        return "true" if value else "false"
    if kind is int or kind is UInt:
        return str(int64(value) if kind is int else int(value))
    if kind is float:
        return _double_text(value)
    if kind is bytes:
        try:
            return str(value, "utf-8")
        except UnicodeDecodeError:
            raise CelError("the bytes are no UTF-8") from None
    if kind is datetime:
        return timestamp_text(value)
    if kind is timedelta:
        return duration_text(value)
    raise no_overload("string", value)


def _double_text(value: float) -> str:
    """The shortest text that reads back as the same number, as Go and C++ write it: 1, 0.5, 1.5e+06."""
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "+Inf" if value > 0 else "-Inf"
    from decimal import Decimal  # noqa: PLC0415 - a slow import, and rules hardly ever show a double

    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    power = len(digits) - 1 + int(exponent)
    if value == 0 or _SMALLEST_PLAIN_POWER <= power < _SMALLEST_SCIENTIFIC_POWER:
        return repr(value).removesuffix(".0")
    first, *rest = map(str, digits)
    fraction = "." + "".join(rest) if rest else ""
    return f"{'-' * sign}{first}{fraction}e{power:+03}"


def to_bytes(value: str | bytes) -> bytes:
    """``bytes(value)``."""
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


def to_int(value: Any) -> int:
    """``int(value)``; a timestamp gives Unix seconds."""
    if type(value) is datetime:
        return unix_seconds(value)
    return int64(_whole(value, float(INT_MIN), float(INT_MAX)))


def to_uint(value: Any) -> UInt:
    """``uint(value)``."""
    # Excluding the limit below zero, so that -0.5 is out of range although it would truncate to 0.
    number = _whole(value, math.nextafter(0.0, -1.0), float(UINT_MAX))
    if 0 <= number <= UINT_MAX:
        return UInt(number)
    raise CelError("out of the range of uint")


def _whole(value: Any, low: float, high: float) -> int:
    """The integer part of a number or a decimal text; a double must lie between the limits, excluding them."""
    if isinstance(value, str):
        if not _INTEGER.fullmatch(value):
            raise CelError("the text is no integer")
        return int(value)
    if type(value) is float:
        if not low < value < high:  # false for NaN as well
            raise CelError("the double is out of the range of integers")
        return math.trunc(value)
    return int(value)


def to_double(value: Any) -> float:
    """``double(value)``."""
    if isinstance(value, str) and not _DOUBLE.fullmatch(value):
        raise CelError("the text is no number")
    return float(int64(value) if type(value) is int else value)


def to_bool(value: bool | str) -> bool:  # noqa: FBT001 - CEL's bool()
    """``bool(value)``."""
    if isinstance(value, bool):
        return value
    if value in _TRUE or value in _FALSE:
        return value in _TRUE
    raise CelError("the text is neither true nor false")


def optional_of(value: Any) -> Optional:
    """``optional.of(value)``."""
    return Optional.of(value)


def optional_none() -> Optional:
    """``optional.none()``."""
    return NONE


def optional_non_zero(value: Any) -> Optional:
    """``optional.ofNonZeroValue(value)``: absent for null, false, zero and what is empty."""
    if type(value) is datetime:  # the Unix epoch is the zero of its type
        return Optional.of(value) if value.timestamp() else NONE
    return Optional.of(value) if value else NONE


def has_value(value: Optional) -> bool:
    """``value.hasValue()``."""
    return value.present


def value_of(value: Optional) -> Any:
    """``value.value()``."""
    if value.present:
        return value.value
    raise CelError("the optional has no value")


def or_value(value: Optional, default: Any) -> Any:
    """``value.orValue(default)``; the compiler evaluates the default only when needed."""
    return value.value if value.present else default


def first_present(value: Optional, other: Optional) -> Optional:
    """``value.or(other)``."""
    return value if value.present else other
