"""Functions of lists, sets and numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from aiconf.cel.values import NONE, NUMBERS, Optional, compare, contains, no_overload
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.budget import Meter


def reverse(value: Any) -> Any:
    """``value.reverse()`` of a string or list."""
    return value[::-1]


def distinct(meter: Meter, values: list[Any]) -> list[Any]:
    """``values.distinct()``, in the order of first appearance."""
    result: list[Any] = []
    texts: set[str] = set()
    for value in values:
        meter.step()
        if type(value) is str:  # the usual case, without comparing each with each
            if value not in texts:
                texts.add(value)
                result.append(value)
        elif not contains(result, value, meter):
            result.append(value)
    meter.produce(len(result))
    return result


def flatten(meter: Meter, values: list[Any], depth: int = 1) -> list[Any]:
    """``values.flatten(depth)``."""
    if depth < 0:
        raise CelError("flatten takes no negative depth")
    while depth > 0 and any(isinstance(value, list) for value in values):
        size = sum(len(value) if isinstance(value, list) else 1 for value in values)
        meter.step(1 + len(values) // 64)
        meter.produce(size)
        values = [item for value in values for item in (value if isinstance(value, list) else (value,))]
        depth -= 1
    return values


def sort(values: list[Any]) -> list[Any]:
    """``values.sort()`` of elements of one ordered type."""
    for first, second in pairwise(values):
        if type(first) is not type(second):
            raise no_overload("sort", first, second)
    if values:
        compare("<", values[0], values[0])  # raises where the type has no order
    return sorted(values)


def slice_(values: list[Any], start: int, end: int) -> list[Any]:
    """``values.slice(start, end)``."""
    if 0 <= start <= end <= len(values):
        return values[start:end]
    raise CelError("the slice is out of range")


def first(values: list[Any]) -> Optional:
    """``values.first()``."""
    return Optional.of(values[0]) if values else NONE


def last(values: list[Any]) -> Optional:
    """``values.last()``."""
    return Optional.of(values[-1]) if values else NONE


def range_(meter: Meter, count: int) -> list[int]:
    """``lists.range(count)``."""
    if count < 0:
        raise CelError("lists.range takes no negative number")
    meter.produce(count)
    return list(range(count))


def set_contains(meter: Meter, values: list[Any], others: list[Any]) -> bool:
    """``sets.contains(values, others)``."""
    return all(contains(values, other, meter) for other in others)


def set_equivalent(meter: Meter, values: list[Any], others: list[Any]) -> bool:
    """``sets.equivalent(values, others)``."""
    return set_contains(meter, values, others) and set_contains(meter, others, values)


def set_intersects(meter: Meter, values: list[Any], others: list[Any]) -> bool:
    """``sets.intersects(values, others)``."""
    return any(contains(values, other, meter) for other in others)


def greatest(*numbers: Any) -> Any:
    """``math.greatest(numbers)``; the first of equals."""
    return _extreme("math.greatest", ">", numbers)


def least(*numbers: Any) -> Any:
    """``math.least(numbers)``; the first of equals."""
    return _extreme("math.least", "<", numbers)


def _extreme(name: str, order: str, numbers: Any) -> Any:
    if len(numbers) == 1 and isinstance(numbers[0], list):
        (numbers,) = numbers
    if not numbers:
        raise CelError(f"{name} needs at least one number")
    result = numbers[0]
    for number in numbers:
        if type(number) not in NUMBERS:
            raise no_overload(name, number)
        if compare(order, number, result):
            result = number
    return result
