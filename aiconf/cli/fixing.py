"""``aiconf lint --fix`` and ``--diff``: mend what has one right answer, or show what would be mended."""

from __future__ import annotations

import sys
from difflib import unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from aiconf.errors import ExitCode, InputError, UsageError
from aiconf.fix import Fixed, Fixer, replace_file
from aiconf.model import CheckError
from aiconf.reporters.phrases import counted
from aiconf.reporters.plain import one_line
from aiconf.source import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiconf.cli.output import Output
    from aiconf.linter import Options


class Work(NamedTuple):
    """One file to fix: how it is named, where it lies or would lie, and its bytes."""

    display: str
    path: Path | None
    raw: bytes


def read(path: Path) -> Work:
    """A file to fix; of one that is too large to be a submission no more than that is read.

    Raises:
        InputError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    return Work(str(path), path.absolute(), raw)


def fix_files(options: Options, files: Sequence[Path], output: Output) -> list[CheckError]:
    """Fix files where they lie, and say on standard error what was fixed; gives what could not be written."""
    fixer, errors, counts = Fixer(options), [], _Counts()
    with output.progress("fixing") as progress:
        for done, path in enumerate(files, 1):
            try:
                work = read(path)
                fixed = fixer.fix(work.raw, work.display, work.path)
                if fixed.raw != work.raw:
                    replace_file(path, work.raw, fixed.raw)
            except InputError as error:
                errors.append(CheckError(None, path.as_posix(), str(error)))
            else:
                counts.add(fixed)
                _tell(fixed, output)
            progress(done, len(files))
    counts.tell("Fixed", output)
    return errors


def fix_stdin(options: Options, name: str | None, output: Output) -> bytes:
    """Fix standard input, write it to standard output, and give it back to be linted."""
    work = _stdin(name)
    fixed = Fixer(options).fix(work.raw, work.display, work.path)
    sys.stdout.buffer.write(fixed.raw)
    sys.stdout.buffer.flush()
    _tell(fixed, output)
    _Counts().add(fixed).tell("Fixed", output)
    return fixed.raw


def show_diff(options: Options, files: Sequence[Path] | None, name: str | None, output: Output) -> ExitCode:
    """Print what fixing would change, and write nothing.

    Args:
        options: As for linting.
        files: The files, None for standard input.
        name: Where standard input would lie.
        output: The manners of the command line.

    Returns:
        1 when something would change, else 2 when a file could not be read, 3 when there was none, or 0.
    """
    fixer, counts, unread = Fixer(options), _Counts(), 0
    for path in [None] if files is None else files:
        try:
            work = _stdin(name) if path is None else read(path)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            unread += 1
            continue
        fixed = fixer.fix(work.raw, work.display, work.path)
        counts.add(fixed)
        _tell(fixed, output, kept_only=True)
        sys.stdout.buffer.write(_diff(work, fixed.raw))
    sys.stdout.buffer.flush()
    counts.tell("Would fix", output)
    if unread:
        return ExitCode.COULD_NOT_CHECK
    if counts.fixed:
        return ExitCode.FINDINGS
    return ExitCode.OK if files is None or files else ExitCode.NOTHING_CHECKED


def _stdin(name: str | None) -> Work:
    return Work(name or "<stdin>", Path(name).absolute() if name else None, sys.stdin.buffer.read(MAX_BYTES + 1))


def _diff(work: Work, new: bytes) -> bytes:
    """A unified diff that ``patch`` and ``git apply`` take, byte for byte: line ends are those of the file."""
    old_lines, new_lines = (text.decode().splitlines(keepends=True) for text in (work.raw, new)) if work.raw != new else ([], [])
    name = work.display.removeprefix("./")
    lines = unified_diff(_at_feeds(old_lines), _at_feeds(new_lines), name, name)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines).encode()


def _at_feeds(lines: list[str]) -> list[str]:
    """Lines as ``patch`` counts them, which end in a line feed alone."""
    return [line for line in "".join(lines).replace("\n", "\n\0").split("\0") if line]


class _Counts:
    """How much was fixed, over all files."""

    def __init__(self) -> None:
        self.fixed = self.files = self.kept = 0

    def add(self, fixed: Fixed) -> _Counts:
        self.fixed += len(fixed.findings)
        self.files += bool(fixed.findings)
        self.kept += len(fixed.kept)
        return self

    def tell(self, verb: str, output: Output) -> None:
        if not output.quiet:
            left = f"; {self.kept} with a fix left as they are" if self.kept else ""
            where = f" in {counted(self.files, 'file')}" if self.fixed else ""
            click.echo(f"{verb} {counted(self.fixed, 'finding')}{where}{left}.", err=True)


def _tell(fixed: Fixed, output: Output, *, kept_only: bool = False) -> None:
    if output.quiet:
        return
    for finding in () if kept_only else fixed.findings:
        place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
        click.echo(f"{place}: fixed[{finding.id}] {one_line(finding.message)}", err=True)
    for finding, reason in fixed.kept:
        place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
        click.echo(f"{place}: not fixed[{finding.id}] {one_line(finding.message)} Left as it is: {reason}.", err=True)


def refuse_online(*, online: bool) -> None:
    """Fixing asks no network.

    Raises:
        UsageError: It was wanted.
    """
    if online:
        raise UsageError("--online does not go with --fix or --diff; lint with --online afterwards")
