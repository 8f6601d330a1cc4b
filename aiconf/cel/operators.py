"""Arithmetic: what ``+ - * / %`` and unary minus do to two values, types distinct and overflow an error."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiconf.cel.literals import UINT_MAX
from aiconf.cel.values import UInt, int64, no_overload
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.budget import Meter

# The specification's range of durations is that of protobuf.
_LONGEST = timedelta(seconds=315_576_000_000)


def add(left: Any, right: Any, meter: Meter) -> Any:
    """``left + right``: numbers, strings, bytes, lists, timestamps and durations.

    Raises:
        CelError: Overflow, or types that do not add.
        BudgetExceededError: The result is too large.
    """
    kind = type(left)
    if kind is type(right):
        if kind in (str, bytes, list):
            meter.produce(len(left) + len(right))
            return left + right
        if kind in _ARITHMETIC:
            return _ARITHMETIC[kind]("+", left, right)
    return _add_times(left, right)


def arithmetic(operator: str, left: Any, right: Any) -> Any:
    """``left`` and ``right`` under one of ``- * / %``.

    Raises:
        CelError: Overflow, division by zero, or types without that operator.
    """
    kind = type(left)
    if kind is type(right) and kind in _ARITHMETIC and not (kind is float and operator == "%"):
        return _ARITHMETIC[kind](operator, left, right)
    if operator == "-":
        return _subtract_times(left, right)
    raise no_overload(operator, left, right)


def negate(value: Any) -> Any:
    """``-value``.

    Raises:
        CelError: Overflow, or neither int nor double.
    """
    if type(value) is int:
        return int64(-int64(value))
    if type(value) is float:
        return -value
    raise no_overload("-", value)


def _integers(operator: str, left: int, right: int) -> int:
    int64(left), int64(right)  # documents may hold larger ones
    if operator == "%" and right == -1:
        int64(-left)  # the quotient overflows, and with it the remainder
    return int64(_whole(operator, left, right))


def _unsigned(operator: str, left: UInt, right: UInt) -> UInt:
    result = _whole(operator, int(left), int(right))
    if 0 <= result <= UINT_MAX:
        return UInt(result)
    raise CelError("unsigned integer overflow")


def _whole(operator: str, left: int, right: int) -> int:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right == 0:
        raise CelError("division by zero" if operator == "/" else "modulus by zero")
    # CEL truncates towards zero where Python floors.
    quotient = abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)
    return quotient if operator == "/" else left - quotient * right


def _doubles(operator: str, left: float, right: float) -> float:
    if operator == "+":
        return left + right
    if operator == "-":
        return left - right
    if operator == "*":
        return left * right
    if right:
        return left / right
    return math.nan if left == 0 or math.isnan(left) else math.copysign(math.inf, left) * math.copysign(1, right)


_ARITHMETIC: dict[type, Any] = {int: _integers, UInt: _unsigned, float: _doubles}


def _add_times(left: Any, right: Any) -> datetime | timedelta:
    if type(left) is timedelta and type(right) is timedelta:
        return duration_in_range(left + right)
    if type(left) is timedelta and type(right) is datetime:
        left, right = right, left
    if type(left) is datetime and type(right) is timedelta:
        return _moved(left, right)
    raise no_overload("+", left, right)


def _subtract_times(left: Any, right: Any) -> datetime | timedelta:
    if type(right) is timedelta:
        if type(left) is timedelta:
            return duration_in_range(left - right)
        if type(left) is datetime:
            return _moved(left, -right)
    if type(left) is datetime and type(right) is datetime:
        return left - right
    raise no_overload("-", left, right)


def _moved(moment: datetime, by: timedelta) -> datetime:
    try:
        return moment.astimezone(UTC) + by
    except OverflowError:
        raise CelError("timestamp out of range") from None


def duration_in_range(value: timedelta) -> timedelta:
    """Return ``value`` when it is a CEL duration.

    Raises:
        CelError: It is longer than ten thousand years.
    """
    if -_LONGEST <= value <= _LONGEST:
        return value
    raise CelError("duration out of range")
