"""Closures that reach into data: ``a.b``, ``a.?b``, ``has(a.b)``, ``a[k]``, ``a[?k]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiconf.cel.values import NONE, NUMBERS, TYPES, Optional, find_key, located, no_overload, shown_type
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

Closure = Callable[[list[Any]], Any]

# Keys are data: enough is shown to recognise one, not to flood a report.
_SHOWN = 60


def select(compiler: Any, node: Node) -> Closure:
    """``operand.field`` or ``operand.?field``; a chain of plain ones becomes one closure."""
    if node[5]:
        return _optional_select(compiler, node)
    steps: list[tuple[str, int, int]] = []
    base = node
    while base[0] == "select" and not base[5]:
        steps.append((base[4], base[1], base[2]))
        base = base[3]
    steps.reverse()
    if (type_value := _type_called(base, steps)) and base[3] not in compiler.scope:
        return lambda _: type_value
    operand = compiler.compile(base)
    root = base[3].lstrip(".") if base[0] == "name" and base[3] not in compiler.scope else None
    return _from_binding(operand, root, steps) if root else _from_value(operand, steps)


def _type_called(base: Node, steps: Sequence[tuple[str, int, int]]) -> Any:
    """The type when the chain is the name of one, such as ``google.protobuf.Timestamp``."""
    return TYPES.get(".".join((base[3].lstrip("."), *(step[0] for step in steps)))) if base[0] == "name" else None


def _from_binding(operand: Closure, root: str, steps: Sequence[tuple[str, int, int]]) -> Closure:
    """A path from a variable. It is simply tried; what is no map or lacks the key raises and is then looked at."""
    walk = _walk(operand, steps)
    first, *rest = (step[0] for step in steps)

    def one(frame: list[Any]) -> Any:
        try:
            return frame[0][root][first]
        except (KeyError, TypeError):
            return walk(frame)

    if not rest:
        return one
    second, *more = rest

    def two(frame: list[Any]) -> Any:
        try:
            return frame[0][root][first][second]
        except (KeyError, TypeError):
            return walk(frame)

    if not more:
        return two

    def many(frame: list[Any]) -> Any:
        try:
            value = frame[0][root][first][second]
            for field in more:
                value = value[field]
        except (KeyError, TypeError):
            return walk(frame)
        return value

    return many


def _from_value(operand: Closure, steps: Sequence[tuple[str, int, int]]) -> Closure:
    if len(steps) > 1:
        return _walk(operand, steps)
    ((field, line, column),) = steps

    def one(frame: list[Any]) -> Any:
        value = operand(frame)
        try:
            return value[field]
        except (KeyError, TypeError):
            return _field(value, field, line, column)

    return one


def _walk(operand: Closure, steps: Sequence[tuple[str, int, int]]) -> Closure:
    def walk(frame: list[Any]) -> Any:
        value = operand(frame)
        for field, line, column in steps:
            value = _field(value, field, line, column)
        return value

    return walk


def _field(value: Any, field: str, line: int, column: int) -> Any:
    if isinstance(value, dict):
        try:
            return value[field]
        except KeyError:
            raise CelError(f"no such key: {field!r}", line, column) from None
    if type(value) is Optional:
        return _try_key(value, field, line, column)
    raise CelError(f"{shown_type(value)} has no fields, so no {field!r}", line, column)


def _optional_select(compiler: Any, node: Node) -> Closure:
    _, line, column, operand_node, field, _ = node
    operand = compiler.compile(operand_node)
    return lambda frame: _try_key(operand(frame), field, line, column)


def _try_key(value: Any, key: Any, line: int, column: int) -> Optional:
    """The value at ``key`` of a map or list, or of the one inside an optional; absent when there is none."""
    if type(value) is Optional:
        return _try_key(value.value, key, line, column) if value.present else NONE
    if isinstance(value, dict):
        found = find_key(value, key)
        return NONE if found is None else Optional.of(found[0])
    if isinstance(value, list | tuple) and type(key) in NUMBERS:
        position = _position(key, line, column)
        return Optional.of(value[position]) if 0 <= position < len(value) else NONE
    raise located(no_overload("optional selection", value, key), line, column)


def has(compiler: Any, node: Node) -> Closure:
    """``has(operand.field)``: whether a map has the key; an error when the operand is no map."""
    _, line, column, operand_node, field = node
    operand = compiler.compile(operand_node)

    def test(frame: list[Any]) -> bool:
        value = operand(frame)
        if isinstance(value, dict):
            return field in value
        if type(value) is Optional:
            return _try_key(value, field, line, column).present
        raise CelError(f"{shown_type(value)} has no fields, so no {field!r}", line, column)

    return test


def index(compiler: Any, node: Node) -> Closure:
    """``operand[key]`` or ``operand[?key]``."""
    _, line, column, operand_node, key_node, optional = node
    operand, key = compiler.compile(operand_node), compiler.compile(key_node)
    if optional:
        return lambda frame: _try_key(operand(frame), key(frame), line, column)

    def read(frame: list[Any]) -> Any:
        value, at = operand(frame), key(frame)
        if type(value) is dict and type(at) is str:
            try:
                return value[at]
            except KeyError:
                raise _no_key(at, line, column) from None
        return _element(value, at, line, column)

    return read


def _element(value: Any, key: Any, line: int, column: int) -> Any:
    if isinstance(value, dict):
        found = find_key(value, key)
        if found is None:
            raise _no_key(key, line, column)
        return found[0]
    if isinstance(value, list | tuple) and type(key) in NUMBERS:
        position = _position(key, line, column)
        if 0 <= position < len(value):
            return value[position]
        raise CelError(f"index {_shown(position)} is out of range, the list has {len(value)}", line, column)
    if type(value) is Optional:
        return _try_key(value, key, line, column)
    raise located(no_overload("[]", value, key), line, column)


def _position(key: float, line: int, column: int) -> int:
    if type(key) is float and not key.is_integer():
        raise CelError("a list index must be a whole number", line, column)
    return int(key)


def _no_key(key: Any, line: int, column: int) -> CelError:
    return CelError(f"no such key: {_shown(key)}", line, column)


def _shown(key: Any) -> str:
    if isinstance(key, int) and abs(key) > 1 << 64:
        return "a very large number"  # Python refuses to write out the largest
    text = repr(key[:_SHOWN]) if isinstance(key, str | bytes) else str(key) if isinstance(key, int | float) else ""
    return text or shown_type(key)
