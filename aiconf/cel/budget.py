"""What one evaluation may cost, and the meter that counts it."""

from __future__ import annotations

from time import monotonic
from typing import NamedTuple

from aiconf.errors import BudgetExceededError

# Looking at the clock costs as much as a small step, so it is looked at once in so many.
_STEPS_BETWEEN_LOOKS = 16


class Budget(NamedTuple):
    """Limits of one evaluation.

    Attributes:
        steps: Loop iterations, function calls, and elements compared.
        seconds: Wall-clock time.
        depth: Nesting of the data that is compared or turned into text.
        memory: Characters, bytes and elements of all strings and lists that are produced.
    """

    steps: int = 1_000_000
    seconds: float = 2.0
    depth: int = 200
    memory: int = 16_000_000


DEFAULT = Budget()


class Meter:
    """Counts down a budget; ``steps`` and ``look_at`` are read directly where a call would cost too much."""

    __slots__ = ("deadline", "depth", "look_at", "memory", "steps")

    def __init__(self, budget: Budget) -> None:
        self.steps = budget.steps
        self.look_at = max(0, budget.steps - _STEPS_BETWEEN_LOOKS)
        self.deadline = monotonic() + budget.seconds
        self.depth = budget.depth
        self.memory = budget.memory

    def step(self, count: int = 1) -> None:
        """Count ``count`` steps.

        Raises:
            BudgetExceededError: No steps or no time left.
        """
        self.steps -= count
        if self.steps <= self.look_at:
            self.look()

    def look(self) -> None:
        """Compare steps and clock with the limits; called when ``steps`` has come down to ``look_at``.

        Raises:
            BudgetExceededError: No steps or no time left.
        """
        if self.steps <= 0:
            raise BudgetExceededError("the evaluation takes too many steps")
        if monotonic() > self.deadline:
            raise BudgetExceededError("the evaluation takes too long")
        self.look_at = max(0, self.steps - _STEPS_BETWEEN_LOOKS)

    def produce(self, size: int) -> None:
        """Count a string or list of ``size`` elements, before it is made where it may outgrow its sources.

        Raises:
            BudgetExceededError: No memory left.
        """
        self.memory -= size
        if self.memory < 0:
            raise BudgetExceededError("the evaluation produces too much data")
