"""A lowered tree to Python closures: the default engine.

Each node becomes a function of one *frame*: a list of the bindings, the meter, and one slot per macro variable in
scope. Closures cost a call per node and nothing else, work on plain data without conversion, and carry their place in
the text into every error. Semantics are those of https://github.com/google/cel-spec/blob/master/doc/langdef.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aiconf.cel import access, calls, comprehensions, construct, logic
from aiconf.cel.budget import DEFAULT, Budget, Meter
from aiconf.cel.values import TYPES, UNSET, UInt, located
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

__all__ = ["Budget", "Program", "compile_node"]

Frame = list[Any]
Closure = Callable[[Frame], Any]

# Slots of a frame; macro variables follow.
_RESERVED_SLOTS = 2


class Program:
    """A compiled expression; it holds no state between evaluations and may be shared between threads."""

    __slots__ = ("_closure", "_place", "_slots")

    def __init__(self, closure: Closure, slots: int, place: tuple[int, int]) -> None:
        self._closure = closure
        self._place = place
        self._slots = [None] * slots

    def evaluate(self, bindings: Mapping[str, object], budget: Budget | None = None) -> Any:
        """Return the value of the expression: plain data, or one of the types of ``aiconf.cel.values``.

        Args:
            bindings: The variables it may read.
            budget: What it may cost; ``Budget()`` when None.

        Raises:
            CelError: The evaluation failed; with the place in the expression.
            BudgetExceededError: It asked for more than the budget allows.
        """
        frame = [bindings, Meter(budget or DEFAULT), *self._slots]
        try:
            return self._closure(frame)
        except CelError as error:
            raise located(error, *self._place) from None
        except RecursionError:
            raise BudgetExceededError("the evaluation is nested too deeply", *self._place) from None


def compile_node(node: Node) -> Program:
    """Compile a tree made by ``aiconf.cel.parse.parse``, or read back from JSON.

    Raises:
        CelError: An unknown function, a wrong number of arguments, a bad literal pattern; with the place.
    """
    compiler = Compiler()
    closure = compiler.compile(node)
    return Program(closure, compiler.most_slots, (node[1], node[2]))


class Compiler:
    """Compiles nodes and hands out slots to macro variables.

    Attributes:
        scope: The slot of each macro variable in scope.
        lazy: For the slots of ``cel.bind``, what gives their value.
        most_slots: How many slots were ever in use at once.
    """

    def __init__(self) -> None:
        self.scope: dict[str, int] = {}
        self.most_slots = 0
        self.lazy: dict[int, Closure] = {}
        self._used = 0

    def compile(self, node: Node) -> Closure:
        """Return the closure of a node."""
        return _COMPILERS[node[0]](self, node)

    @contextmanager
    def binding(self, *names: str, unused: bool = False) -> Iterator[list[int]]:
        """Put macro variables into scope and give their slots.

        Args:
            names: The variables.
            unused: Take slots that no code compiled before uses, not only none that encloses these variables.
        """
        outer_scope, outer_used = self.scope, self._used
        first = self.most_slots if unused else self._used
        self._used = first + len(names)
        self.most_slots = max(self.most_slots, self._used)
        slots = [_RESERVED_SLOTS + first + index for index in range(len(names))]
        self.scope = {**outer_scope, **dict(zip(names, slots, strict=True))}
        yield slots
        self.scope, self._used = outer_scope, outer_used


def _literal(_: Compiler, node: Node) -> Closure:
    value = constant(node)
    return lambda _: value


def constant(node: Node) -> Any:
    """Return the Python value of a literal node."""
    kind, value = node[3], node[4]
    if kind == "uint":
        return UInt(value)
    return value.encode("latin-1") if kind == "bytes" else value


def _name(compiler: Compiler, node: Node) -> Closure:
    _, line, column, name = node
    slot = compiler.scope.get(name)
    if slot is not None:
        return _lazy(slot, compiler.lazy[slot]) if slot in compiler.lazy else lambda frame: frame[slot]
    variable = name.lstrip(".")
    type_value = TYPES.get(variable)

    def read(frame: Frame) -> Any:
        try:
            return frame[0][variable]
        except KeyError:
            if type_value is not None:
                return type_value
            raise CelError(f"unknown name {variable!r}", line, column) from None

    return read


def _lazy(slot: int, value: Closure) -> Closure:
    def read(frame: Frame) -> Any:
        if frame[slot] is UNSET:
            frame[slot] = value(frame)
        return frame[slot]

    return read


_COMPILERS: dict[str, Callable[[Any, Node], Closure]] = {
    "literal": _literal,
    "name": _name,
    "select": access.select,
    "has": access.has,
    "index": access.index,
    "list": construct.list_literal,
    "map": construct.map_literal,
    "bind": construct.bind,
    "optional_map": construct.optional_map,
    "unary": logic.unary,
    "binary": logic.binary,
    "and": logic.all_of,
    "or": logic.any_of,
    "if": logic.conditional,
    "call": calls.call,
    "method": calls.method,
    "comprehension": comprehensions.comprehension,
}
