"""The expressions of one rule or policy file over one set of facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.catalog.roots import ROOTS
from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiconf.catalog.runtime import Expression, MatchCondition, RuleFile, Validation, Variable


class Evaluation:
    """Evaluates expressions of a file; each variable is evaluated at most once, and only when it is needed.

    Attributes:
        bindings: What expressions see, without ``item``.
        variables: The variables evaluated so far, by name.
    """

    def __init__(self, facts: Mapping[str, Any], *, reference: bool = False) -> None:
        """Take the facts.

        Args:
            facts: Values of the roots; a root that is not among them is null.
            reference: Evaluate with the reference engine instead of aiconf's own.
        """
        self.reference = reference
        self.variables: dict[str, Any] = {}
        self.bindings: dict[str, Any] = {**dict.fromkeys(ROOTS), **facts, "variables": self.variables}

    def with_item(self, item: Any) -> dict[str, Any]:
        """What expressions see that are evaluated for an item."""
        return {**self.bindings, "item": item}

    def define(self, variables: Iterable[Variable]) -> None:
        """Evaluate variables, each behind those it reads.

        Raises:
            CelError: One of them cannot be evaluated.
        """
        for variable in variables:
            if variable.name not in self.variables:
                self.variables[variable.name] = self.value(variable.expression, self.bindings)

    def value(self, expression: Expression, bindings: Mapping[str, Any]) -> Any:
        """The value of an expression.

        Raises:
            CelError: It cannot be evaluated.
        """
        return expression.evaluate(bindings, reference=self.reference)

    def boolean(self, expression: Expression, bindings: Mapping[str, Any]) -> bool:
        """The value of a condition.

        Raises:
            CelError: It cannot be evaluated, or is neither true nor false.
        """
        value = self.value(expression, bindings)
        if not isinstance(value, bool):
            raise CelError(f"{expression.path}:{expression.line}: the expression gives neither true nor false")
        return value

    def items(self, validation: Validation) -> list[Any]:
        """What a validation is evaluated for: its ``for_each``, or else None once.

        Raises:
            CelError: The expression cannot be evaluated, or gives no list.
        """
        if validation.for_each is None:
            return [None]
        items = self.value(validation.for_each, self.bindings)
        if not isinstance(items, list):
            raise CelError(f"{validation.for_each.path}:{validation.for_each.line}: for_each gives no list")
        return items

    def unmet(self, file: RuleFile) -> MatchCondition | None:
        """The first condition of a file that is false, None when it applies.

        Raises:
            CelError: A condition cannot be evaluated; the text names it.
        """
        for condition in file.match_conditions:
            try:
                if not self.boolean(condition.expression, self.bindings):
                    return condition
            except CelError as error:
                raise CelError(f"match condition {condition.name}: {error.message}") from error
        return None
