"""What the commands that report have in common: exit codes, and how options are read."""

from __future__ import annotations

from aiconf.errors import ExitCode, UsageError
from aiconf.model import Severity, Verdict

EXITS = {
    Verdict.PASS: ExitCode.OK,
    Verdict.FAIL: ExitCode.FINDINGS,
    Verdict.ERROR: ExitCode.COULD_NOT_CHECK,
    Verdict.NOTHING_CHECKED: ExitCode.NOTHING_CHECKED,
}
FAIL_ON = [*(word.value for word in Severity), "never"]


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
