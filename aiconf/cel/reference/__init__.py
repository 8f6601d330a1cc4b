"""The reference engine: the same expression evaluated by cel-python's interpreter.

It is slow and it is not ours, which is the point: ``--engine reference`` shows that a verdict does not depend on our
compiler. cel-python departs from the specification in places; what its documented extension points can repair
(functions given to the environment, a runner class) is repaired in ``repairs``, the rest is listed in ``deviations``.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aiconf.cel.budget import DEFAULT, Budget, Meter
from aiconf.cel.check import references
from aiconf.cel.parse import parse, parse_tree, parser
from aiconf.cel.reference.unsupported import reject_unsupported
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.cel.macros import Node

# cel-python takes some 25 Python frames for one level of an expression, and sets this limit itself.
_RECURSION_LIMIT = 2_500
# An evaluation takes a few hundred times as long as with the default engine.
_SLOWER = 100
_SHOWN = 200


class ReferenceProgram:
    """An expression in cel-python's hands."""

    def __init__(self, text: str) -> None:
        from aiconf.cel.reference.repairs import environment  # noqa: PLC0415 - imports celpy

        node: Node = parse(text)
        reject_unsupported(node)
        self._paths = references(node)
        with _recursion_limit():
            self._environment = environment()
        self._tree = parse_tree(parser(), text)
        for selection in self._tree.find_data("member_dot"):
            name = selection.children[1]
            if name.type == "QUOTED_IDENT":
                raise CelError("the reference engine does not support quoted field names", name.line, name.column)

    def evaluate(self, bindings: Mapping[str, Any], budget: Budget | None = None) -> Any:
        """Return the value, as plain data.

        Args:
            bindings: The variables it may read.
            budget: Steps and seconds it may take, multiplied by what this engine is slower.

        Raises:
            CelError: The evaluation failed; with the place where cel-python tells one.
            BudgetExceededError: It asked for too much.
        """
        from celpy.evaluation import CELEvalError  # noqa: PLC0415 - imported on request only

        from aiconf.cel.reference.data import TYPE_CLASSES, project, to_cel, to_plain  # noqa: PLC0415 - imports celpy
        from aiconf.cel.reference.repairs import NAMESPACES, Namespace, functions  # noqa: PLC0415 - imports celpy

        budget = budget or DEFAULT
        meter = Meter(Budget(budget.steps, budget.seconds * _SLOWER, budget.depth, budget.memory))
        context = {name: to_cel(value) for name, value in project(bindings, self._paths).items()}
        # Names of types and namespaces are variables to cel-python.
        context = {**TYPE_CLASSES, **{name: Namespace(name) for name in NAMESPACES}, **context}
        try:
            with _recursion_limit():
                program = self._environment.program(self._tree, functions(meter))
                program.meter = meter
                return to_plain(program.evaluate(context))
        except CELEvalError as error:
            raise CelError(_short(error), error.line or 0, error.column or 0) from None
        except RecursionError:
            raise BudgetExceededError("the evaluation is nested too deeply for cel-python") from None
        except CelError:
            raise
        except Exception as error:  # noqa: BLE001 - cel-python lets many Python errors through
            raise CelError(f"cel-python failed with {type(error).__name__}: {_short(error)}") from None


@lru_cache(maxsize=1024)
def compile_reference(text: str) -> ReferenceProgram:
    """Return the program of an expression.

    Raises:
        CelError: It cannot be parsed, or uses what cel-python does not know.
    """
    return ReferenceProgram(text)


def evaluate(text: str, bindings: Mapping[str, Any]) -> Any:
    """Return the value of an expression; see ``ReferenceProgram.evaluate``."""
    return compile_reference(text).evaluate(bindings)


def _short(error: Exception) -> str:
    """The start of an error's text; cel-python puts whole documents into some."""
    text = str(error.args[0] if error.args else "")
    return text.partition(" (in activation")[0][:_SHOWN]


@contextmanager
def _recursion_limit() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
