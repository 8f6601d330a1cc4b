"""Data between plain Python and cel-python's types."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from celpy import celtypes

from aiconf.cel.literals import INT_MAX, INT_MIN
from aiconf.cel.values import TYPES, CelType, UInt, type_name
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# As deep as the default engine compares; cel-python itself recurses a few frames a level.
_DEPTH = 200

_TYPE_CLASSES = {
    celtypes.BoolType: "bool",
    celtypes.IntType: "int",
    celtypes.UintType: "uint",
    celtypes.DoubleType: "double",
    celtypes.StringType: "string",
    celtypes.BytesType: "bytes",
    celtypes.ListType: "list",
    celtypes.MapType: "map",
    celtypes.TimestampType: "google.protobuf.Timestamp",
    celtypes.DurationType: "google.protobuf.Duration",
    celtypes.TypeType: "type",
    type(None): "null_type",
}
TYPE_CLASSES = {name: kind for kind, name in _TYPE_CLASSES.items()}


def project(bindings: Mapping[str, Any], paths: Iterable[str]) -> dict[str, Any]:
    """Return only what the dotted paths reach, so that one field of a document does not cost all of it.

    Selections never see the difference: along a path every map that is passed is cut down to the keys that are read.
    """
    tree: dict[str, Any] = {}
    for path in sorted(paths):
        _plant(tree, path.split("."))
    return {name: _cut(bindings[name], below) for name, below in tree.items() if name in bindings}


def _plant(tree: dict[str, Any], steps: list[str]) -> None:
    """Add a path to a tree of names; an empty tree below a name stands for all of it."""
    for index, step in enumerate(steps):
        whole = step in tree and not tree[step]
        if whole:
            return
        tree = tree.setdefault(step, {})
        if index == len(steps) - 1:
            tree.clear()


def _cut(value: Any, below: dict[str, Any]) -> Any:
    if not below or not isinstance(value, dict):
        return value
    return {name: _cut(value[name], deeper) for name, deeper in below.items() if name in value}


def to_cel(value: Any, depth: int = _DEPTH) -> Any:
    """Return cel-python's form of a plain value.

    Raises:
        BudgetExceededError: Nested too deeply.
        CelError: A Python value that CEL does not know.
    """
    if depth <= 0:
        raise BudgetExceededError("the data is nested too deeply")
    convert = _TO_CEL.get(type(value))
    if convert:
        return convert(value)
    if isinstance(value, dict):
        return celtypes.MapType({to_cel(key): to_cel(item, depth - 1) for key, item in value.items()})
    if isinstance(value, list | tuple):
        return celtypes.ListType([to_cel(item, depth - 1) for item in value])
    raise CelError(f"a {type_name(value)} is nothing cel-python knows")


def _integer(value: int) -> Any:
    if INT_MIN <= value <= INT_MAX:
        return celtypes.IntType(value)
    # The constructor refuses these. As data they may pass; arithmetic on them overflows.
    return int.__new__(celtypes.IntType, value)


_TO_CEL: dict[type, Any] = {
    type(None): lambda _: None,
    bool: celtypes.BoolType,
    int: _integer,
    UInt: celtypes.UintType,
    float: celtypes.DoubleType,
    str: celtypes.StringType,
    bytes: celtypes.BytesType,
    datetime: celtypes.TimestampType,
    timedelta: celtypes.DurationType,
    CelType: lambda value: TYPE_CLASSES[value.name],
}


def to_plain(value: Any) -> Any:
    """Return the plain form of cel-python's value.

    Raises:
        CelError: It is no value.
    """
    convert = _TO_PLAIN.get(type(value))
    if convert:
        return convert(value)
    if isinstance(value, type) and value in _TYPE_CLASSES:
        return TYPES[_TYPE_CLASSES[value]]
    raise CelError(f"cel-python gave a {type(value).__name__}, which is no value")


_TO_PLAIN: dict[type, Any] = {
    type(None): lambda _: None,
    celtypes.BoolType: bool,
    celtypes.IntType: int,
    celtypes.UintType: UInt,
    celtypes.DoubleType: float,
    celtypes.StringType: str.__str__,
    celtypes.BytesType: bytes,
    celtypes.ListType: lambda value: [to_plain(item) for item in value],
    celtypes.MapType: lambda value: {to_plain(key): to_plain(item) for key, item in value.items()},
    celtypes.TimestampType: lambda value: datetime.fromisoformat(value.isoformat()),
    celtypes.DurationType: lambda value: timedelta(value.days, value.seconds, value.microseconds),
}
