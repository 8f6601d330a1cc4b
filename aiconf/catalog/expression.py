"""A CEL expression of a rule file that knows where it stands."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiconf.cel.compile import Budget, Program


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked CEL expression.

    Attributes:
        text: The expression as CEL sees it, after YAML has been decoded.
        node: Its lowered tree, see ``aiconf.cel.parse``.
        path: The file it stands in, relative to the catalog, such as ``rules/metadata.yaml``.
        runs: Where its characters stand in that file, as ``[offset, line, column]``, ascending; never empty.
    """

    text: str
    node: Sequence[object] = field(repr=False)
    path: str = ""
    runs: Sequence[Sequence[int]] = ((0, 0, 0),)
    _program: Program | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def line(self) -> int:
        """1-based line of its first character, 0 when unknown."""
        return self.runs[0][1]

    @property
    def column(self) -> int:
        """1-based column of its first character, 0 when unknown."""
        return self.runs[0][2]

    @property
    def program(self) -> Program:
        """The expression compiled, on first use."""
        if self._program is None:
            from aiconf.cel.compile import compile_node  # noqa: PLC0415 - not needed to list or explain rules

            # A frozen dataclass with slots has no other way to keep a value that it computes once.
            object.__setattr__(self, "_program", compile_node(self.node))
        return self._program  # type: ignore[return-value]  # set just above

    def place(self, line: int, column: int) -> tuple[int, int]:
        """Line and column in the file of a 1-based line and column inside ``text``; (0, 0) when unknown."""
        if not self.line:
            return 0, 0
        return place_of(self.runs, offset_of(self.text, line, column))

    def evaluate(
        self, bindings: Mapping[str, object], budget: Budget | None = None, *, reference: bool = False
    ) -> object:
        """The value of the expression.

        Args:
            bindings: The names it may read, and their values.
            budget: What it may ask for; the engine's default when None.
            reference: Evaluate the text with the reference engine instead.

        Raises:
            CelError: The evaluation failed; the message starts with ``file:line:column`` of the failing part.
            BudgetExceededError: It asked for more than ``budget`` allows.
        """
        try:
            return _by_reference(self.text, bindings) if reference else self.program.evaluate(bindings, budget)
        except CelError as error:
            raise self._placed(error) from error

    def _placed(self, error: CelError) -> CelError:
        line, column = self.place(error.line or 1, error.column or 1)
        place = ":".join(str(part) for part in (self.path, line, column) if part)
        return type(error)(f"{place}: {error.message}" if place else error.message)


def _by_reference(text: str, bindings: Mapping[str, object]) -> object:
    from aiconf.cel.reference import evaluate  # noqa: PLC0415 - imports celpy, and only on request

    return evaluate(text, bindings)


def offset_of(text: str, line: int, column: int) -> int:
    """Offset in characters of a 1-based line and column, clipped to the text."""
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
        if not start:
            return len(text)
    return min(start + column - 1, len(text))


def place_of(runs: Sequence[Sequence[int]], offset: int) -> tuple[int, int]:
    """Line and column of the character at ``offset``."""
    index = max(bisect_right(runs, offset, key=lambda run: run[0]) - 1, 0)
    start, line, column = runs[index]
    return line, column + offset - start
