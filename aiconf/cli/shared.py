"""What the commands that report have in common: exit codes, and how options are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.errors import ExitCode, InputError, UsageError
from aiconf.model import Severity, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from aiconf.linter import Linter

EXITS = {
    Verdict.PASS: ExitCode.OK,
    Verdict.FAIL: ExitCode.FINDINGS,
    Verdict.ERROR: ExitCode.COULD_NOT_CHECK,
    Verdict.NOTHING_CHECKED: ExitCode.NOTHING_CHECKED,
}
FAIL_ON = [*(word.value for word in Severity), "never"]


def keep_policies_only(linter: Linter) -> None:
    """Leave out the rules that a cluster has no part in, as `aiconf check` does where nothing is selected."""
    linter.keep_policies_only()


def split(values: tuple[str, ...]) -> tuple[str, ...]:
    """Ids may be repeated or joined by commas."""
    return tuple(part.strip() for value in values for part in value.split(",") if part.strip())


def minor(text: str | None) -> str | None:
    """A Kubernetes version as its minor, ``v1.37``.

    Raises:
        UsageError: It is none.
    """
    from aiconf.cel.functions import minor_version  # noqa: PLC0415 - only when the option is given

    if text is None:
        return None
    if not (found := minor_version(text)):
        raise UsageError(f"--kubernetes-version {text}: write a Kubernetes version such as v1.37")
    return found


def read_members(path: Path | None) -> tuple[str, tuple[str, ...]] | None:
    """The names in a file, one a line, and how the file is called; None without one.

    Raises:
        InputError: It cannot be read as text.
    """
    if path is None:
        return None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as a list of member names: {error}") from error
    names = (line.strip().removesuffix(" (member)").removesuffix(" (supporter)") for line in lines)
    return path.as_posix(), tuple(name for name in names if name and not name.startswith("#"))
