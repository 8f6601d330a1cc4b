"""cel-python brought closer to the specification, by the means it documents for extension.

``Environment(runner_class=...)`` takes a runner whose evaluator counts steps and knows what ``has()`` of an absent
parent is. ``Environment.program(..., functions=...)`` takes functions, and operators are functions there (``_==_``):
the ones that follow other rules than CEL's are replaced, and those of our table that cel-python lacks are added.
"""

from __future__ import annotations

import math
import operator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import celpy
from celpy import celtypes
from celpy.celparser import CELParser
from celpy.evaluation import CELEvalError, Evaluator

from aiconf.cel.functions import FUNCTIONS, Function
from aiconf.cel.literals import INT_MAX, INT_MIN
from aiconf.cel.parse import parser
from aiconf.cel.reference.data import to_cel, to_plain
from aiconf.cel.signatures import accepted
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiconf.cel.budget import Meter

_NUMBERS = (celtypes.IntType, celtypes.UintType, celtypes.DoubleType)
# Functions cel-python has but reads differently, or (duration) in exponential time; ours take their place.
_OURS_INSTEAD = frozenset(
    [
        "string",
        "timestamp",
        "duration",
        "matches",
        "bool",
        "int",
        "uint",
        "double",
        "bytes",
        "size",
        "contains",
        "getMilliseconds",
        "getHours",
        "getMinutes",
        "getSeconds",
    ]
)


NAMESPACES = sorted({name.partition(".")[0] for name in FUNCTIONS if "." in name})


class _Evaluator(Evaluator):
    """cel-python's evaluator, counting the steps of loops, and with the specification's ``has()``."""

    meter: Meter

    def sub_evaluator(self, ast: Any) -> _Evaluator:
        nested = _Evaluator(ast, activation=self.activation)
        nested.meter = self.meter
        return nested

    def evaluate(self, context: Any = None) -> Any:
        self.meter.step()
        return super().evaluate(context)

    def member_dot_arg(self, tree: Any) -> Any:
        """An error inside ``map`` or ``filter`` as a value, which ``||`` may absorb; cel-python lets it escape."""
        try:
            return super().member_dot_arg(tree)
        except CELEvalError as error:
            return error
        except TypeError as error:  # a loop over null or a number
            return CELEvalError("no such overload", TypeError, error.args, tree=tree)

    def mapinits(self, tree: Any) -> Any:
        """An error among the entries is the result; cel-python puts it into the map."""
        result = super().mapinits(tree)
        errors = (part for entry in result.items() for part in entry if isinstance(part, CELEvalError))
        return next(errors, result)

    def macro_has_eval(self, exprlist: Any) -> Any:
        """True or false for a map, an error for anything else; cel-python calls every error an absence."""
        selection = exprlist
        while selection.data != "member_dot":
            selection = selection.children[0]
        operand, field = selection.children
        value = self.visit(operand)
        if isinstance(value, CELEvalError):
            return value
        if isinstance(value, celtypes.MapType):
            return celtypes.BoolType(field.value in value)
        return CELEvalError("has() takes a field of a map", TypeError, None, tree=selection)


class _Runner(celpy.Runner):
    """Like ``celpy.InterpretedRunner``, with the evaluator above."""

    meter: Meter

    def evaluate(self, context: Any) -> Any:
        evaluator = _Evaluator(ast=self.ast, activation=self.new_activation())
        evaluator.meter = self.meter
        return evaluator.evaluate(context)


def environment() -> Any:
    """Return cel-python's environment, sharing our parser's tables instead of building its own."""
    if CELParser.CEL_PARSER is None:
        CELParser.CEL_PARSER = parser()
    return celpy.Environment(runner_class=_Runner)


def functions(meter: Meter) -> dict[str, Callable[..., Any]]:
    """Return what is given to ``Environment.program``: repaired operators, and the functions of our table."""
    repaired = {name: _counted(function, meter) for name, function in _OPERATORS.items()}
    named: dict[str, dict[str, Function]] = {}
    for function in FUNCTIONS.values():
        namespace, _, name = function.name.rpartition(".")
        if namespace or name in _OURS_INSTEAD or name not in celpy.evaluation.base_functions:
            named.setdefault(name, {})[namespace] = function
    return repaired | _CONNECTIVES | {name: _dispatched(choices, meter) for name, choices in named.items()}


class Namespace:
    """What ``sets`` in ``sets.contains(a, b)`` is bound to: cel-python evaluates it as the target of a method."""

    def __init__(self, name: str) -> None:
        self.name = name


def _counted(function: Callable[..., Any], meter: Meter) -> Callable[..., Any]:
    def counted(*operands: Any) -> Any:
        meter.step()
        for operand in operands:
            if isinstance(operand, CELEvalError):
                return operand
        return function(*operands)

    return counted


def _dispatched(choices: Mapping[str, Function], meter: Meter) -> Callable[..., Any]:
    """One function for all namespaces that have a function of this name."""

    def call(*arguments: Any) -> Any:
        meter.step()
        namespace = ""
        if arguments and isinstance(arguments[0], Namespace):
            namespace, arguments = arguments[0].name, arguments[1:]
        for argument in arguments:
            if isinstance(argument, CELEvalError):
                return argument
        function = choices.get(namespace)
        if function is None:
            return CELEvalError("no such function", TypeError, None)
        return _applied(function, arguments, meter)

    return call


def _applied(function: Function, arguments: tuple[Any, ...], meter: Meter) -> Any:
    values = [to_plain(argument) for argument in arguments]
    types = [accepted(function.parameter(index)) for index in range(len(values))]
    if not function.least <= len(values) <= function.most or any(
        allowed is not None and type(value) not in allowed for value, allowed in zip(values, types, strict=True)
    ):
        return CELEvalError(f"no such overload: {function.name}", TypeError, None)
    try:
        result = function.implementation(meter, *values) if function.metered else function.implementation(*values)
    except BudgetExceededError:
        raise
    except CelError as error:
        return CELEvalError(error.message, ValueError, None)
    return to_cel(result)


def _equal(left: Any, right: Any) -> bool:
    """Heterogeneous equality, written anew on cel-python's types rather than shared with the default engine."""
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return _number(left) == _number(right)
    if isinstance(left, type) or isinstance(right, type):
        return left is right
    if type(left) is not type(right):
        return False
    if isinstance(left, celtypes.ListType):
        return len(left) == len(right) and all(map(_equal, left, right))
    if isinstance(left, celtypes.MapType):
        return len(left) == len(right) and all(
            any(_equal(key, other) and _equal(value, right[other]) for other in right) for key, value in left.items()
        )
    return bool(left == right)


def _number(value: Any) -> int | float:
    return float(value) if isinstance(value, float) else int(value)


def _ordering(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], Any]:
    def ordered(left: Any, right: Any) -> Any:
        if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
            return celtypes.BoolType(compare(_number(left), _number(right)))
        if type(left) is not type(right) or isinstance(left, celtypes.ListType | celtypes.MapType | type | None):
            raise TypeError("no such overload")
        return celtypes.BoolType(compare(left, right))

    return ordered


def _in(item: Any, container: Any) -> Any:
    if not isinstance(container, celtypes.ListType | celtypes.MapType):
        raise TypeError("no such overload")
    return celtypes.BoolType(any(_equal(item, element) for element in container))


def _element(container: Any, key: Any) -> Any:
    if isinstance(container, celtypes.ListType):
        if not isinstance(key, _NUMBERS) or _number(key) != int(key):
            raise TypeError("no such overload")
        if not 0 <= int(key) < len(container):
            raise IndexError("out of range")  # Python counts negative ones from the end
        return container[int(key)]
    if not isinstance(container, celtypes.MapType):
        raise TypeError("no such overload")
    for known, value in container.items():
        if _equal(known, key):
            return value
    raise KeyError(str(key)[:60])


def _same_type(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Arithmetic only between equals, times and durations apart; the result in cel-python's types again."""

    def operate(left: Any, right: Any) -> Any:
        times = (celtypes.TimestampType, celtypes.DurationType)
        same = type(left) is type(right) and not isinstance(left, celtypes.BoolType | celtypes.MapType | type(None))
        if not same and not (isinstance(left, times) and isinstance(right, times)):
            raise TypeError("no such overload")
        return _typed(function(_in_range(left), _in_range(right)))

    return operate


def _in_range(value: Any) -> Any:
    if isinstance(value, celtypes.IntType) and not INT_MIN <= value <= INT_MAX:
        raise ValueError("overflow")  # a document may hold such a number
    return value


def _typed(value: Any) -> Any:
    """Python's own operators forget cel-python's types."""
    for plain, kind in _TYPED:
        if type(value) is plain:
            return kind(value)
    return value


def _connective(*, decisive: bool) -> Callable[[Any, Any], Any]:
    """``&&`` and ``||``: one operand may decide though the other failed; cel-python lets a string pass as a result."""

    def connect(left: Any, right: Any) -> Any:
        operands = (left, right)
        if any(isinstance(operand, celtypes.BoolType) and bool(operand) is decisive for operand in operands):
            return celtypes.BoolType(decisive)
        for operand in operands:
            if isinstance(operand, CELEvalError):
                return operand
            if not isinstance(operand, celtypes.BoolType):
                raise TypeError("no such overload")
        return celtypes.BoolType(not decisive)

    return connect


def _quotient(left: Any, right: Any) -> Any:
    if not isinstance(left, celtypes.DoubleType) or right:
        return left / right
    # cel-python says infinity whatever the signs, and for zero by zero.
    infinite = float("nan") if left == 0.0 or left != left else math.copysign(math.inf, left) * math.copysign(1, right)  # noqa: PLR0124
    return celtypes.DoubleType(infinite)


_TYPED: tuple[tuple[type, Any], ...] = (
    (float, celtypes.DoubleType),
    (str, celtypes.StringType),
    (bytes, celtypes.BytesType),
    (list, celtypes.ListType),
    (timedelta, celtypes.DurationType),
)
_OPERATORS: dict[str, Callable[..., Any]] = {
    "_==_": lambda left, right: celtypes.BoolType(_equal(left, right)),
    "_!=_": lambda left, right: celtypes.BoolType(not _equal(left, right)),
    "_<_": _ordering(operator.lt),
    "_<=_": _ordering(operator.le),
    "_>_": _ordering(operator.gt),
    "_>=_": _ordering(operator.ge),
    "_in_": _in,
    "_[_]": _element,
    "_+_": _same_type(operator.add),
    "_-_": _same_type(operator.sub),
    "_*_": _same_type(operator.mul),
    "_/_": _same_type(_quotient),
    "_%_": _same_type(operator.mod),
    "-_": lambda value: -_in_range(value),
}
_CONNECTIVES = {"_&&_": _connective(decisive=False), "_||_": _connective(decisive=True)}
