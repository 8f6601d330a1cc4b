"""Runs git so that neither the repository nor the user's settings decide what comes out.

The repository may be a stranger's: nothing that it names is run (hooks, file monitor, external diff, text conversion,
signature checks), nothing is fetched, nothing is written, and what git says is bounded in size and time. A ``clean``
filter that the user's own configuration names is still git's affair: without it, every Git LFS file would seem changed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import TYPE_CHECKING

from aiconf.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# A pull request of three thousand files has about 300 kB of names.
_OUTPUT_LIMIT = 32_000_000
_SECONDS = 60
_SHOWN = 400

_SETTINGS = {
    "core.fsmonitor": "false",
    "core.hooksPath": os.devnull,
    "core.pager": "cat",
    "diff.orderFile": os.devnull,
    "log.showSignature": "false",
    "protocol.allow": "never",
    "submodule.recurse": "false",
}
_ENVIRONMENT = {
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class GitError(InputError):
    """Git could not answer; the text says why in its words."""


class Git:
    """Git in one folder.

    Args:
        folder: Where it runs.
        environment: The caller's; of git's own variables only its configuration is handed on.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        kept = {
            name: value
            for name, value in environment.items()
            if not name.startswith("GIT_") or name.startswith("GIT_CONFIG")
        }
        self._folder, self._environment = folder, {**kept, **_ENVIRONMENT}
        self._program = shutil.which("git", path=environment.get("PATH"))

    def at(self, folder: Path) -> Git:
        """The same git in another folder."""
        return Git(folder, self._environment)

    def line(self, *arguments: str) -> str:
        """The one line that a command prints, as a path would be written.

        Raises:
            GitError: It failed.
        """
        return os.fsdecode(self.run(*arguments).removesuffix(b"\n"))

    def run(self, *arguments: str) -> bytes:
        """What a command prints.

        Raises:
            GitError: It failed, took too long, or printed too much.
        """
        if self._program is None:
            raise GitError("git was not found; --changed-since asks it what changed")
        settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [self._program, "--no-pager", *settings, *arguments]
        with TemporaryFile() as complaints:
            try:
                process = subprocess.Popen(  # noqa: S603 - a fixed program, no shell, and arguments that are no options
                    command,
                    cwd=self._folder,
                    env=self._environment,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=complaints,
                )
            except (OSError, ValueError) as error:
                raise GitError(f"git {arguments[0]} could not be started: {error}") from error
            output, in_time = _output(process)
            complaints.seek(0)
            said = complaints.read(_SHOWN).decode("utf-8", "replace").strip()
        if not in_time:
            raise GitError(f"git {arguments[0]} gave no answer within {_SECONDS} seconds")
        if len(output) > _OUTPUT_LIMIT:
            raise GitError(f"git {arguments[0]} printed more than {_OUTPUT_LIMIT:,} bytes")
        if process.returncode:
            raise GitError(f"git {arguments[0]} failed: {said or f'exit {process.returncode}'}")
        return output


def _output(process: subprocess.Popen[bytes]) -> tuple[bytes, bool]:
    """What a process prints, one byte more than allowed at most, and whether it ended by itself."""
    overdue = Event()

    def end() -> None:
        overdue.set()
        process.kill()

    timer = Timer(_SECONDS, end)
    timer.daemon = True
    timer.start()
    try:
        with process:
            output = process.stdout.read(_OUTPUT_LIMIT + 1) if process.stdout else b""
            if len(output) > _OUTPUT_LIMIT:
                process.kill()
    finally:
        timer.cancel()
    return output, not overdue.is_set()
