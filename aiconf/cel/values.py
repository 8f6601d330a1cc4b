"""CEL's values in Python, and what holds between any two of them: types, equality, order.

null, bool, int, double, string, bytes, list and map are None, bool, int, float, str, bytes, list and dict, as YAML and
JSON give them, so that documents need no conversion. Timestamps are aware ``datetime``, durations ``timedelta``. CEL's
uint, types and optionals have no counterpart and are defined here.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from aiconf.cel.literals import INT_MAX, INT_MIN
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from aiconf.cel.budget import Meter


class UInt(int):
    """CEL's unsigned 64-bit integer; the caller keeps it in range."""

    __slots__ = ()


class CelType:
    """The value of ``type(x)``; there is one of each name."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Optional:
    """A value that may be absent, from ``.?``, ``[?`` and ``optional.of``."""

    __slots__ = ("present", "value")

    def __init__(self, *, present: bool, value: Any = None) -> None:
        self.present, self.value = present, value

    @classmethod
    def of(cls, value: Any) -> Optional:
        """Return an optional with a value."""
        return cls(present=True, value=value)


NONE = Optional(present=False)
# In the slot of a variable whose value nobody has read yet.
UNSET = object()

_TYPE_NAMES: dict[type, str] = {
    type(None): "null_type",
    bool: "bool",
    int: "int",
    UInt: "uint",
    float: "double",
    str: "string",
    bytes: "bytes",
    list: "list",
    tuple: "list",
    dict: "map",
    datetime: "google.protobuf.Timestamp",
    timedelta: "google.protobuf.Duration",
    CelType: "type",
    Optional: "optional_type",
}
TYPES = {name: CelType(name) for name in _TYPE_NAMES.values()}

_SHOWN_TYPES = {
    "null_type": "null",
    "optional_type": "optional",
    "google.protobuf.Timestamp": "timestamp",
    "google.protobuf.Duration": "duration",
}

NUMBERS = frozenset((int, UInt, float))
_ORDERED = frozenset((str, bytes, bool, datetime, timedelta))
_SCALARS = _ORDERED | NUMBERS | {type(None), CelType}


def type_name(value: object) -> str:
    """Return CEL's name of the value's type.

    Raises:
        CelError: A Python value that CEL does not know.
    """
    name = _TYPE_NAMES.get(type(value))
    if name is None:
        for known, name in _TYPE_NAMES.items():  # subclasses, such as an ordered dict
            if isinstance(value, known):
                return name
        raise CelError(f"a Python {type(value).__name__} is no CEL value")
    return name


def shown_type(value: object) -> str:
    """Return the type's name in messages: ``null`` and ``timestamp`` rather than what CEL's ``type()`` calls them."""
    return _SHOWN_TYPES.get(name := type_name(value), name)


def no_overload(function: str, *operands: object) -> CelError:
    """Return the error for operands of types that ``function`` does not take; values are never shown."""
    return CelError(f"{function} does not take ({', '.join(map(shown_type, operands))})")


def located(error: CelError, line: int, column: int) -> CelError:
    """Return ``error`` with a place, unless it has one."""
    return error if error.line else type(error)(error.message, line, column)


def equal(left: Any, right: Any, meter: Meter) -> bool:
    """CEL's heterogeneous equality: numbers by value, other types only among themselves.

    Raises:
        BudgetExceededError: Too many elements, or nested too deeply (a list may contain itself).
    """
    return _equal(left, right, meter, meter.depth)


def _equal(left: Any, right: Any, meter: Meter, depth: int) -> bool:
    kind = type(left)
    if kind in _SCALARS:
        other = type(right)
        return bool(left == right) if kind is other or (kind in NUMBERS and other in NUMBERS) else False
    if depth <= 0:
        raise BudgetExceededError("the data is nested too deeply to compare")
    if isinstance(left, dict):
        return isinstance(right, dict) and _equal_maps(left, right, meter, depth - 1)
    if isinstance(left, list | tuple):
        return isinstance(right, list | tuple) and _equal_lists(left, right, meter, depth - 1)
    if kind is Optional:
        if type(right) is not Optional or not (left.present and right.present):
            return type(right) is Optional and left.present == right.present
        return _equal(left.value, right.value, meter, depth - 1)
    type_name(left)
    return False


def _equal_lists(left: Any, right: Any, meter: Meter, depth: int) -> bool:
    if len(left) != len(right):
        return False
    for mine, other in zip(left, right, strict=True):
        meter.step()
        if not _equal(mine, other, meter, depth):
            return False
    return True


def _equal_maps(left: dict[Any, Any], right: dict[Any, Any], meter: Meter, depth: int) -> bool:
    if len(left) != len(right):
        return False
    for key, value in left.items():
        meter.step()
        found = find_key(right, key)
        if found is None or not _equal(value, found[0], meter, depth):
            return False
    return True


def find_key(mapping: dict[Any, Any], key: Any) -> tuple[Any] | None:
    """Return the value at ``key`` in a tuple of one, or None.

    Numeric keys are found by value whatever their type, as the specification says. For Python ``True`` is 1; for CEL
    it is not.
    """
    try:
        value = mapping[key]
    except (KeyError, TypeError):  # TypeError: a list or map as key
        return None
    if key in (0, 1) and type(key) is not str:
        boolean = type(key) is bool
        if not any(known == key and (type(known) is bool) is boolean for known in mapping):
            return None
    return (value,)


def contains(container: Any, item: Any, meter: Meter) -> bool:
    """``item in container``.

    Raises:
        CelError: The container is neither list nor map.
    """
    if isinstance(container, dict):
        return find_key(container, item) is not None
    if not isinstance(container, list | tuple):
        raise no_overload("in", item, container)
    if type(item) is str:
        meter.step(1 + len(container) // 64)  # Python compares these much faster than we count
        return item in container
    for element in container:
        meter.step()
        if equal(element, item, meter):
            return True
    return False


def compare(operator: str, left: Any, right: Any) -> bool:
    """``left < right`` and its siblings; numbers compare by value whatever their type.

    Raises:
        CelError: Types that have no order between them.
    """
    kind, other = type(left), type(right)
    if not ((kind is other and kind in _ORDERED) or (kind in NUMBERS and other in NUMBERS)):
        raise no_overload(operator, left, right)
    if operator == "<":
        return bool(left < right)
    if operator == "<=":
        return bool(left <= right)
    if operator == ">":
        return bool(left > right)
    return bool(left >= right)


def int64(value: int) -> int:
    """Return ``value`` when it fits CEL's int.

    Raises:
        CelError: It does not.
    """
    if INT_MIN <= value <= INT_MAX:
        return value
    raise CelError("integer overflow")
