"""Closures of operators: comparison, arithmetic, ``in``, ``!``, ``&&``, ``||`` and ``?:``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiconf.cel.operators import add, arithmetic, negate
from aiconf.cel.values import compare, contains, equal, located, no_overload
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

Closure = Callable[[list[Any]], Any]

_ORDERS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def unary(compiler: Any, node: Node) -> Closure:
    """``!a`` and ``-a``."""
    _, line, column, symbol, operand_node = node
    operand = compiler.compile(operand_node)

    def invert(frame: list[Any]) -> bool:
        value = operand(frame)
        if value is True or value is False:
            return not value
        raise located(no_overload("!", value), line, column)

    def minus(frame: list[Any]) -> Any:
        value = operand(frame)
        try:
            return negate(value)
        except CelError as error:
            raise located(error, line, column) from None

    return invert if symbol == "!" else minus


def binary(compiler: Any, node: Node) -> Closure:
    """A binary operator other than ``&&`` and ``||``."""
    _, line, column, symbol, left_node, right_node = node
    if symbol in ("==", "!="):
        return _equality(compiler, node, wanted=symbol == "==")
    left, right = compiler.compile(left_node), compiler.compile(right_node)
    if symbol == "in":
        return _membership(left, right, right_node, (line, column))
    if symbol in _ORDERS:
        return _order(symbol, left, right, (line, column))

    def compute(frame: list[Any]) -> Any:
        a, b = left(frame), right(frame)
        try:
            return add(a, b, frame[1]) if symbol == "+" else arithmetic(symbol, a, b)
        except CelError as error:
            raise located(error, line, column) from None

    return compute


def _equality(compiler: Any, node: Node, *, wanted: bool) -> Closure:
    _, line, column, _, left_node, right_node = node
    if left_node[0] == "literal":
        left_node, right_node = right_node, left_node  # a literal neither fails nor has effects
    left = compiler.compile(left_node)
    if right_node[0] == "literal" and right_node[3] in ("string", "bool", "null"):
        return _equality_with(left, right_node[4], wanted=wanted)
    right = compiler.compile(right_node)

    def compare_both(frame: list[Any]) -> bool:
        a, b = left(frame), right(frame)
        try:
            return equal(a, b, frame[1]) is wanted
        except CelError as error:
            raise located(error, line, column) from None

    return compare_both


def _equality_with(left: Closure, value: object, *, wanted: bool) -> Closure:
    """Against a constant that equals nothing of another type, in Python as in CEL."""
    if isinstance(value, str):
        return (lambda frame: left(frame) == value) if wanted else (lambda frame: left(frame) != value)
    return (lambda frame: left(frame) is value) if wanted else (lambda frame: left(frame) is not value)


def _membership(left: Closure, right: Closure, right_node: Node, place: tuple[int, int]) -> Closure:
    if right_node[0] == "list" and all(item[0] == "literal" and item[3] == "string" for item in right_node[3]):
        words = frozenset(item[4] for item in right_node[3])

        def among(frame: list[Any]) -> bool:
            value = left(frame)
            return type(value) is str and value in words

        return among

    def within(frame: list[Any]) -> bool:
        item, container = left(frame), right(frame)
        if type(container) is dict and type(item) is str:
            return item in container
        try:
            return contains(container, item, frame[1])
        except CelError as error:
            raise located(error, *place) from None

    return within


def _order(symbol: str, left: Closure, right: Closure, place: tuple[int, int]) -> Closure:
    operation = _ORDERS[symbol]

    def ordered(frame: list[Any]) -> bool:
        a, b = left(frame), right(frame)
        kind = type(a)
        if kind is type(b) and (kind is int or kind is str):
            return bool(operation(a, b))
        try:
            return compare(symbol, a, b)
        except CelError as error:
            raise located(error, *place) from None

    return ordered


def conditional(compiler: Any, node: Node) -> Closure:
    """``condition ? then : otherwise``; only the chosen branch is evaluated."""
    _, line, column, *parts = node
    condition, then, otherwise = (compiler.compile(part) for part in parts)

    def choose(frame: list[Any]) -> Any:
        value = condition(frame)
        if value is True:
            return then(frame)
        if value is False:
            return otherwise(frame)
        raise located(no_overload("?:", value), line, column)

    return choose


def all_of(compiler: Any, node: Node) -> Closure:
    """``a && b && ...``: false as soon as one is, even if others fail."""
    return _connective("&&", [compiler.compile(term) for term in node[3]], (node[1], node[2]), decisive=False)


def any_of(compiler: Any, node: Node) -> Closure:
    """``a || b || ...``: true as soon as one is, even if others fail."""
    return _connective("||", [compiler.compile(term) for term in node[3]], (node[1], node[2]), decisive=True)


def _connective(symbol: str, terms: Sequence[Closure], place: tuple[int, int], *, decisive: bool) -> Closure:
    neutral = not decisive

    def connect(frame: list[Any]) -> bool:
        failure: CelError | None = None
        for term in terms:
            try:
                value: object = term(frame)
            except BudgetExceededError:
                raise
            except CelError as error:
                failure = failure or error
                continue
            if value is decisive:
                return decisive
            if value is not neutral:
                failure = failure or located(no_overload(symbol, value), *place)
        if failure:
            raise failure
        return neutral

    return connect
