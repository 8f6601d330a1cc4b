"""What a rule file says about mending a finding, and what comes of it for the finding at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiconf.errors import CelError
from aiconf.model import Fix, FixAction

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.catalog.expression import Expression
    from aiconf.catalog.template import Template


class FixRule(NamedTuple):
    """The key ``fix`` of a validation; see ``aiconf.catalog.models.Fix``.

    Attributes:
        action: Which of the actions it is.
        value: For ``set``: gives the text.
        target: For ``move_to``: the pointer that the key is to have.
        at: The node that changes; None for the reported one.
        when: False where there is no single right answer; None for always.
    """

    action: FixAction
    value: Expression | None = None
    target: Template | None = None
    at: Template | None = None
    when: Expression | None = None

    def resolve(self, pointer: str, bindings: Mapping[str, object], *, reference: bool = False) -> Fix | None:
        """The fix of one finding, None when its condition is false.

        Args:
            pointer: The reported node.
            bindings: What the finding's templates are rendered with.
            reference: Evaluate with the reference engine.

        Raises:
            CelError: An expression fails, or gives something else than it must.
        """
        if self.when is not None and not self._applies(self.when, bindings, reference=reference):
            return None
        at = pointer if self.at is None else _pointer(self.at, bindings)
        if self.target is not None:
            return Fix(self.action, at, _pointer(self.target, bindings))
        if self.value is None:
            return Fix(self.action, at)
        text = self.value.evaluate(bindings, reference=reference)
        if not isinstance(text, str):
            raise CelError(f"{self.value.path}:{self.value.line}: the fix gives no text")
        return Fix(self.action, at, text)

    @staticmethod
    def _applies(when: Expression, bindings: Mapping[str, object], *, reference: bool) -> bool:
        found = when.evaluate(bindings, reference=reference)
        if not isinstance(found, bool):
            raise CelError(f"{when.path}:{when.line}: the condition of the fix gives neither true nor false")
        return found


def _pointer(template: Template, bindings: Mapping[str, object]) -> str:
    pointer = template.render_pointer(bindings)
    if pointer is None:
        raise CelError(f"the fix names no place: {template.text}")
    return pointer
