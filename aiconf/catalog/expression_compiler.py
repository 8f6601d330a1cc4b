"""Compiles the expressions and templates of one file and reports what is wrong with them, at their place in it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from aiconf.catalog.expression import offset_of, place_of
from aiconf.catalog.roots import ROOTS
from aiconf.catalog.shape import pointer_of
from aiconf.catalog.splitting import Hole, split
from aiconf.cel.check import Declarations, check, references
from aiconf.cel.parse import parse
from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiconf.catalog.shape import Location, Problems
    from aiconf.source import Source


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression may read beside the roots.

    Attributes:
        variables: How many of the file's variables, counted from the first.
        item: Whether ``item`` is bound.
    """

    variables: int
    item: bool = False


class ExpressionCompiler:
    """The expressions of one file.

    Attributes:
        problems: Where problems go.
        variables: The names of the file's variables, in order.
        references: The dotted paths that what was compiled so far reads from its roots.
    """

    def __init__(self, problems: Problems, variables: Sequence[str]) -> None:
        self.problems = problems
        self.variables = variables
        self._needs: dict[str, set[str]] = {}
        self.references: set[str] = set()

    def variable(self, index: int, text: str) -> list[Any]:
        """Compile the variable at ``index``; it may read the ones before it."""
        compiled = self.expression(("variables", index, "expression"), text, Scope(index))
        self._needs[self.variables[index]] = {self.variables[index], *self.needed_by([compiled])}
        return compiled

    def expression(self, location: Location, text: str, scope: Scope) -> list[Any]:
        """The compiled form of an expression; without a tree when it has none."""
        return self._expression(location, text, scope, self._runs(location, 0, len(text)))

    def template(self, location: Location, text: str, scope: Scope) -> list[Any]:
        """The compiled form of a template."""
        text = text.rstrip()
        try:
            parts = split(text)
        except CelError as error:
            self._report(location, error, text, self._runs(location, 0, len(text)))
            return [text, []]
        return [text, [part if isinstance(part, str) else self._hole(location, part, scope) for part in parts]]

    def needed_by(self, compiled: Iterable[list[Any]]) -> list[str]:
        """The variables that expressions and templates read, directly or through others, in the file's order."""
        needed: set[str] = set()
        for node in chain.from_iterable(map(_nodes, compiled)):
            for name in _variables_in(references(node)):
                needed |= self._needs.get(name, set())
        return [name for name in self.variables if name in needed]

    def _hole(self, location: Location, hole: Hole, scope: Scope) -> list[Any]:
        runs = self._runs(location, hole.offset, hole.offset + len(hole.text))
        return self._expression(location, hole.text, scope, runs)

    def _expression(self, location: Location, text: str, scope: Scope, runs: list[list[int]]) -> list[Any]:
        node: Any = None
        try:
            node = parse(text)
            paths = references(node)
            self.references |= paths
            self._check_names(paths, scope)
            check(node, self._declarations(scope))
        except CelError as error:
            self._report(location, error, text, runs)
        return [text, node, runs]

    def _declarations(self, scope: Scope) -> Declarations:
        names = (*ROOTS, "variables", *(["item"] if scope.item else []))
        return Declarations(frozenset(names))

    def _check_names(self, paths: frozenset[str], scope: Scope) -> None:
        """Variables must stand above their reader, and be read by name so that it is known which are needed."""
        known = self.variables[: scope.variables]
        for name in sorted(_variables_in(paths)):
            if not name:
                raise CelError("variables are read by name, as in variables.fields")
            if name not in known:
                raise CelError(self._unknown(name, known))

    def _unknown(self, name: str, known: Sequence[str]) -> str:
        if name in self.variables:
            return f"variables.{name} comes later: variables are evaluated after match_conditions, from top to bottom"
        return f"there is no variable '{name}'" + (f"; known here are {', '.join(known)}" if known else "")

    def _report(self, location: Location, error: CelError, text: str, runs: list[list[int]]) -> None:
        line, column = place_of(runs, offset_of(text, error.line or 1, error.column or 1))
        self.problems.add_at(location, error.message, line, column)

    def _runs(self, location: Location, start: int, end: int) -> list[list[int]]:
        return runs_of(self.problems.source, pointer_of(location), start, end)


def _variables_in(paths: Iterable[str]) -> set[str]:
    """The names read from ``variables``; an empty one where it is read as a whole."""
    parts = [path.split(".") for path in paths]
    return {"".join(rest[:1]) for root, *rest in parts if root == "variables"}


def _nodes(compiled: list[Any]) -> Iterator[Any]:
    """The trees in the compiled form of an expression or a template."""
    if len(compiled) == len(("text", "parts")):
        for part in compiled[1]:
            yield from () if isinstance(part, str) else _nodes(part)
    elif compiled[1] is not None:
        yield compiled[1]


def runs_of(source: Source, pointer: str, start: int, end: int) -> list[list[int]]:
    """Where the characters ``start`` to ``end`` of a string value stand; see ``Expression.runs``.

    Most texts stand on one line, and asking for both ends shows it; only where the columns do not add up (a block
    scalar, an escape in quotes) the stretch is halved until they do.
    """

    def place(index: int) -> tuple[int, int]:
        span = source.span(pointer, index, index + 1)
        found = span.start if span else source.position(pointer)
        return found.line, found.column

    def halve(low: int, at_low: tuple[int, int], high: int, at_high: tuple[int, int]) -> None:
        if at_high == (at_low[0], at_low[1] + high - low):
            return
        if high - low == 1:
            runs.append([high - start, *at_high])
            return
        middle = (low + high) // 2
        at_middle = place(middle)
        halve(low, at_low, middle, at_middle)
        halve(middle, at_middle, high, at_high)

    first = place(start)
    runs = [[0, *first]]
    if end - start > 1:
        halve(start, first, end - 1, place(end - 1))
    return runs
