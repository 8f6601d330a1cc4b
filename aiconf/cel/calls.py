"""Closures of function and method calls: argument types by the table, then the implementation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from aiconf.cel.functions import FUNCTIONS, Function
from aiconf.cel.patterns import compiled
from aiconf.cel.signatures import accepted, problem_with_call
from aiconf.cel.values import Optional, located, no_overload, shown_type
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

Closure = Callable[[list[Any]], Any]
Place = tuple[int, int]


def call(compiler: Any, node: Node) -> Closure:
    """``f(a)`` or ``namespace.f(a)``."""
    _, line, column, name, argument_nodes = node
    return _call(compiler, name, argument_nodes, (line, column), as_method=False)


def method(compiler: Any, node: Node) -> Closure:
    """``target.f(a)``; the target is the first argument."""
    _, line, column, name, target_node, argument_nodes = node
    if name in ("or", "orValue") and len(argument_nodes) == 1:
        return _or_value(compiler, name, target_node, argument_nodes[0], (line, column))
    if len(argument_nodes) == 1 and argument_nodes[0][0] == "literal" and argument_nodes[0][3] == "string":
        quick = _with_constant(name, compiler.compile(target_node), argument_nodes[0][4], (line, column))
        if quick:
            return quick
    return _call(compiler, name, [target_node, *argument_nodes], (line, column), as_method=True)


def _call(compiler: Any, name: str, nodes: Sequence[Node], place: Place, *, as_method: bool) -> Closure:
    function = FUNCTIONS.get(name)
    if problem := problem_with_call(name, function, len(nodes), as_method=as_method):
        raise CelError(problem, *place)
    assert function is not None  # noqa: S101 - else there was a problem
    arguments = [compiler.compile(node) for node in nodes]
    types = [accepted(function.parameter(index)) for index in range(len(nodes))]
    if len(arguments) == 1 and not function.metered:
        return _unary_call(function, arguments[0], types[0], place)
    return _general_call(function, arguments, types, place)


def _unary_call(function: Function, argument: Closure, types: frozenset[type] | None, place: Place) -> Closure:
    implementation, sized = function.implementation, function.makes_data

    def evaluate(frame: list[Any]) -> Any:
        value = argument(frame)
        if types is not None and type(value) not in types:
            raise located(no_overload(function.name, value), *place)
        meter = frame[1]
        try:
            meter.step()
            result = implementation(value)
            if sized:
                meter.produce(len(result))
        except CelError as error:
            raise located(error, *place) from None
        return result

    return evaluate


def _general_call(
    function: Function, arguments: Sequence[Closure], types: Sequence[frozenset[type] | None], place: Place
) -> Closure:
    implementation, sized, metered = function.implementation, function.makes_data, function.metered

    def evaluate(frame: list[Any]) -> Any:
        values = [argument(frame) for argument in arguments]
        for value, allowed in zip(values, types, strict=True):
            if allowed is not None and type(value) not in allowed:
                raise located(no_overload(function.name, *values), *place)
        meter = frame[1]
        try:
            meter.step()
            result = implementation(meter, *values) if metered else implementation(*values)
            if sized:
                meter.produce(len(result))
        except CelError as error:
            raise located(error, *place) from None
        return result

    return evaluate


def _or_value(compiler: Any, name: str, target_node: Node, default_node: Node, place: Place) -> Closure:
    """``target.or(other)`` and ``target.orValue(default)``: the argument is evaluated only when needed."""
    target, default = compiler.compile(target_node), compiler.compile(default_node)

    def evaluate(frame: list[Any]) -> Any:
        value = target(frame)
        if type(value) is not Optional:
            raise located(no_overload(name, value), *place)
        if value.present:
            return value.value if name == "orValue" else value
        other = default(frame)
        if name == "or" and type(other) is not Optional:
            raise located(no_overload(name, other), *place)
        return other

    return evaluate


def _with_constant(name: str, target: Closure, constant: str, place: Place) -> Closure | None:
    """A closure for the string tests whose argument is a literal, the commonest calls of rules; None for others."""
    test = _CONSTANT_TESTS.get(name)
    if test is None:
        return None
    check = test(constant, place)

    def evaluate(frame: list[Any]) -> Any:
        value = target(frame)
        if type(value) is not str:
            raise CelError(f"{name} does not take ({shown_type(value)}, string)", *place)
        frame[1].step()
        return check(value)

    return evaluate


def _matches(pattern: str, place: Place) -> Callable[[str], bool]:
    """Compiled at the first match: importing RE2 and compiling cost more than most evaluations."""
    search: Callable[[str], bool] | None = None

    def test(value: str) -> bool:
        nonlocal search
        if search is None:
            try:
                search = compiled(pattern)
            except CelError as error:
                raise located(error, *place) from None
        return search(value)

    return test


_CONSTANT_TESTS: dict[str, Callable[[str, Place], Callable[[str], bool]]] = {
    "contains": lambda part, _: lambda value: part in value,
    "startsWith": lambda part, _: lambda value: value.startswith(part),
    "endsWith": lambda part, _: lambda value: value.endswith(part),
    "matches": _matches,
}
