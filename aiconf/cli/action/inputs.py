"""The inputs of the action, as environment variables that ``action.yml`` fills: never pasted into a script."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aiconf.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PREFIX = "ACTION_"
# Handed to `aiconf lint` as they are, by the name of the flag.
_VALUES = ("snapshot", "registry", "members", "config", "kubernetes-version", "fail-on")
_LISTS = ("select", "ignore", "authority")


class Inputs:
    """What the workflow gives under ``with``; `check` says what is wrong with it."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    @property
    def paths(self) -> list[str]:
        """One a line; names may have spaces and commas in them."""
        return [line.strip() for line in self._text("paths").splitlines() if line.strip()]

    @property
    def sarif_file(self) -> Path | None:
        """Where SARIF is wanted, None for a temporary file."""
        return Path(text) if (text := self._text("sarif-file")) else None

    @property
    def comment(self) -> bool:
        """Whether a comment is wanted."""
        return self._flag("comment")

    @property
    def has_config(self) -> bool:
        """Whether a settings file is named."""
        return bool(self._text("config"))

    def flags(self) -> Iterator[str]:
        """The arguments for ``aiconf lint``; a value cannot become a flag of its own."""
        for name in _VALUES:
            if text := self._text(name):
                yield f"--{name}={text}"
        for name in _LISTS:
            for part in self._text(name).replace(",", "\n").splitlines():
                if part.strip():
                    yield f"--{name}={part.strip()}"
        if self._flag("online"):
            yield "--online"

    def check(self, version: str) -> None:
        """Refuse to go on with inputs that make no sense, or that were written for another version of aiconf.

        Raises:
            UsageError: One is neither true nor false, or the workflow expects another version.
        """
        for name in ("comment", "online"):
            if self._text(name).lower() not in ("true", "false", ""):
                raise UsageError(f"{name}: {self._text(name)} is neither true nor false")
        wanted = self._text("version").removeprefix("v")
        if wanted and wanted != version:
            raise UsageError(
                f"version: {wanted} is expected, and the action carries aiconf {version}; "
                "pin the action to the release that you expect"
            )

    def _text(self, name: str) -> str:
        return self._environment.get(PREFIX + name.upper().replace("-", "_"), "").strip()

    def _flag(self, name: str) -> bool:
        return self._text(name).lower() == "true"
