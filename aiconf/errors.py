"""The errors aiconf raises and the exit codes it ends with.

AiconfError
 +-- UsageError        the caller asked for something that makes no sense (unknown id, bad option value)
 +-- InputError        an input file cannot be read at all
 +-- ConfigError       a configuration or exceptions file is wrong; its text starts with file:line:column
 +-- CatalogError      a rule or policy file is wrong; carries file, line and column
      +-- CatalogErrors    the same for all of them at once
 +-- CelError          a CEL expression cannot be parsed, checked or evaluated; carries line and column
      +-- BudgetExceededError   it asked for more steps, depth, time or memory than allowed
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class ExitCode(IntEnum):
    """Exit codes (design contract, the same for every command and format)."""

    OK = 0
    FINDINGS = 1
    COULD_NOT_CHECK = 2
    NOTHING_CHECKED = 3
    INTERRUPTED = 130


class AiconfError(Exception):
    """Base of every error aiconf raises on purpose; its text is meant for the user."""


class UsageError(AiconfError):
    """The request itself is wrong; the text says what to ask instead."""


class InputError(AiconfError):
    """An input cannot be read: absent, not a file, no permission."""


class ConfigError(AiconfError):
    """A configuration or exceptions file is wrong; the text starts with the file, and the line where it is known."""


class CatalogError(AiconfError):
    """A rule or policy file is wrong.

    Attributes:
        path: The file, as it should be shown.
        line: 1-based line in that file, 0 when unknown.
        column: 1-based column, 0 when unknown.
    """

    def __init__(self, message: str, path: str = "", line: int = 0, column: int = 0) -> None:
        self.path, self.line, self.column = path, line, column
        self.message = message
        place = ":".join(str(part) for part in (path, line, column) if part)
        super().__init__(f"{place}: {message}" if place else message)


class CatalogErrors(CatalogError):  # noqa: N818 - the plural says what it is
    """Everything that is wrong with the rule and policy files, one line each.

    Attributes:
        errors: The single errors, file by file; at least one.
    """

    def __init__(self, errors: Sequence[CatalogError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__("\n".join(map(str, self.errors)))
        self.path, self.line, self.column = first.path, first.line, first.column


class CelError(AiconfError):
    """A CEL expression is wrong or failed.

    Attributes:
        message: What is wrong, never containing the evaluated data at length.
        line: 1-based line inside the expression text, 0 when unknown.
        column: 1-based column inside the expression text, 0 when unknown.
    """

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        self.message, self.line, self.column = message, line, column
        super().__init__(f"{message} (at {line}:{column})" if line else message)


class BudgetExceededError(CelError):
    """An evaluation asked for more steps, depth, time or memory than it is allowed."""
