"""Closures that make things: list and map literals, ``cel.bind``, ``optMap`` and ``optFlatMap``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from aiconf.cel.values import UNSET, Optional, UInt, find_key, located, no_overload
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

Closure = Callable[[list[Any]], Any]

_KEYS = frozenset((str, int, UInt, bool))


def list_literal(compiler: Any, node: Node) -> Closure:
    """``[a, ?b]``: an optional element stands only if it is present."""
    _, line, column, item_nodes, optional_positions = node
    items = [compiler.compile(item) for item in item_nodes]
    if not optional_positions:
        return lambda frame: [item(frame) for item in items]
    optional = frozenset(optional_positions)

    def build(frame: list[Any]) -> list[Any]:
        result = []
        for position, item in enumerate(items):
            value = item(frame)
            if position not in optional:
                result.append(value)
            elif _is_present(value, line, column):
                result.append(value.value)
        return result

    return build


def map_literal(compiler: Any, node: Node) -> Closure:
    """``{k: v, ?k: v}``: a key may stand once."""
    _, line, column, entry_nodes = node
    entries = [(compiler.compile(key), compiler.compile(value), optional) for key, value, optional in entry_nodes]

    def build(frame: list[Any]) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for key_of, value_of, optional in entries:
            key, value = key_of(frame), value_of(frame)
            if optional:
                if not _is_present(value, line, column):
                    continue
                value = value.value
            put(result, key, value, line, column)
        return result

    return build


def put(result: dict[Any, Any], key: Any, value: Any, line: int, column: int) -> None:
    """Add an entry to a map under construction.

    Raises:
        CelError: The key is there already, or is of a type that cannot be one.
    """
    if type(key) not in _KEYS:
        raise located(no_overload("a map key", key), line, column)
    if key in result:
        if find_key(result, key) is None:  # for Python, not for CEL, true is 1
            raise CelError("a map with both true (or false) and 1 (or 0) as keys is not supported", line, column)
        raise CelError("the same key stands twice in a map", line, column)
    result[key] = value


def _is_present(value: Any, line: int, column: int) -> bool:
    if type(value) is not Optional:
        raise located(no_overload("an optional entry", value), line, column)
    return value.present


def bind(compiler: Any, node: Node) -> Closure:
    """``cel.bind(name, value, body)``: the value is evaluated when it is first read, or never, and once."""
    _, _, _, name, value_node, body_node = node
    value = compiler.compile(value_node)
    # The value may be evaluated in the middle of the body, so its own loops must not use the slots of the body's.
    with compiler.binding(name, unused=True) as (slot,):
        compiler.lazy[slot] = value
        body = compiler.compile(body_node)
        del compiler.lazy[slot]

    def evaluate(frame: list[Any]) -> Any:
        frame[slot] = UNSET
        return body(frame)

    return evaluate


def optional_map(compiler: Any, node: Node) -> Closure:
    """``target.optMap(name, body)`` and ``optFlatMap``, whose body is an optional itself."""
    _, line, column, macro, target_node, name, body_node = node
    target = compiler.compile(target_node)
    with compiler.binding(name) as (slot,):
        body = compiler.compile(body_node)

    def evaluate(frame: list[Any]) -> Optional:
        value = target(frame)
        if type(value) is not Optional:
            raise located(no_overload(macro, value), line, column)
        if not value.present:
            return value
        frame[slot] = value.value
        result = body(frame)
        if macro == "optMap":
            return Optional.of(result)
        if type(result) is not Optional:
            raise located(no_overload(f"the body of {macro}", result), line, column)
        return result

    return evaluate
