"""``aiconf lint --fix`` and ``--diff``: mend what has one right answer, or show what would be mended."""

from __future__ import annotations

import re
import sys
from contextlib import suppress
from dataclasses import replace
from difflib import diff_bytes, unified_diff
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from aiconf.errors import ExitCode, InputError
from aiconf.fix import Fixed, Fixer, replace_file
from aiconf.linter import FileResult, Linter
from aiconf.model import CheckError
from aiconf.reporters.phrases import counted
from aiconf.reporters.plain import one_line
from aiconf.source import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiconf.cli.output import Output
    from aiconf.model import Report
    from aiconf.options import Options
    from aiconf.submission.search import Found


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


def fix(options: Options, found: Found | None, name: str | None, output: Output) -> Report:
    """Fix, say on standard error what was fixed, and report what is left.

    Args:
        options: As for linting.
        found: The files, mended where they lie; None for standard input, which goes mended to standard output.
        name: Where standard input would lie.
        output: The manners of the command line.
    """
    fixer, linter = Fixer(options), Linter(options)
    if found is None:
        results = [linter.lint_text(_fix_stdin(fixer, name, output), name)]
    else:
        errors = (*found.refused, *_fix_files(fixer, found.files, output))
        results = [*linter.lint_files(found.files, 1, None), FileResult(None, errors=errors)]
    report = linter.report(results)
    # What still has a fix could not be mended by it.
    return replace(report, findings=tuple(replace(finding, fix=None) for finding in report.findings))


def _fix_files(fixer: Fixer, files: Sequence[Path], output: Output) -> list[CheckError]:
    """Fix files where they lie; gives what could not be written."""
    errors, counts = [], _Counts()
    with output.progress("fixing") as progress:
        for done, path in enumerate(files, 1):
            with suppress(InputError):  # one that cannot be read is reported when it is linted
                work = read(path)
                fixed = fixer.fix(work.raw, work.display, work.path)
                try:
                    if fixed.raw != work.raw:
                        replace_file(path, work.raw, fixed.raw)
                except InputError as error:
                    errors.append(CheckError(None, path.as_posix(), str(error)))
                else:
                    counts.add(fixed)
                    _tell(work.display, fixed, output)
            progress(done, len(files))
    counts.tell("Fixed", output)
    return errors


def _fix_stdin(fixer: Fixer, name: str | None, output: Output) -> bytes:
    work = _stdin(name)
    fixed = fixer.fix(work.raw, work.display, work.path)
    sys.stdout.buffer.write(fixed.raw)
    sys.stdout.buffer.flush()
    _tell(work.display, fixed, output)
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
        _tell(work.display, fixed, output, kept_only=True)
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
    """A unified diff that ``patch -p0`` and ``git apply -p0`` take: byte for byte, with the line ends of the file."""
    if work.raw == new:
        return b""
    name = work.display.removeprefix("./").encode("utf-8", "backslashreplace")
    lines = diff_bytes(unified_diff, _lines(work.raw), _lines(new), name, name)
    return b"".join(line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n" for line in lines)


def _lines(raw: bytes) -> list[bytes]:
    """Lines as ``patch`` counts them, which end in a line feed alone."""
    return re.findall(rb"[^\n]*\n|[^\n]+", raw)


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


def _tell(name: str, fixed: Fixed, output: Output, *, kept_only: bool = False) -> None:
    if output.quiet:
        return
    if fixed.skipped:
        message = f"{one_line(name)}: not fixed: only a file that can be read in full is; {one_line(fixed.skipped)}"
        click.echo(message, err=True)
    for finding in () if kept_only else fixed.findings:
        place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
        click.echo(f"{place}: fixed[{finding.id}] {one_line(finding.message)}", err=True)
    for finding, reason in fixed.kept:
        place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
        click.echo(f"{place}: not fixed[{finding.id}] {one_line(finding.message)} Left as it is: {reason}.", err=True)
