"""Options and manners that commands share: formats, files, colour, progress."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from aiconf.errors import UsageError
from aiconf.reporters import FORMATS, Style, render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiconf.model import Report

# A run that ends sooner than this shows no progress.
_PATIENCE_SECONDS = 1.0


class Target(NamedTuple):
    """One form of the report, and the file it goes to, None for standard output."""

    format: str
    file: Path | None


class Output(NamedTuple):
    """Where the report goes, and in which forms."""

    targets: tuple[Target, ...]
    color: bool
    quiet: bool
    verbose: bool
    show_suppressed: bool = False

    def write(self, report: Report, *, err: bool = False) -> None:
        """Write every form; a file is complete or not there at all.

        Args:
            report: What to write.
            err: Standard error stands in for standard output, which holds something else.
        """
        for target in self.targets:
            style = Style(self.color and target.file is None, self.quiet, self.verbose, self.show_suppressed)
            text = render(target.format, report, style)
            if target.file is None:
                echo(text, err=err)
            else:
                write_file(target.file, text)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """A counter on a terminal's standard error, for runs that take their time."""
        if self.quiet or not sys.stderr.isatty():
            yield lambda _done, _total: None
            return
        counter = _Counter(what)
        yield counter.show
        counter.clear()

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """A word on a terminal's standard error while something takes its time."""
        if self.quiet or not sys.stderr.isatty():
            yield
            return
        click.echo(what, err=True, nl=False)
        yield
        click.echo("\r\x1b[K", err=True, nl=False)


class _Counter:
    def __init__(self, what: str) -> None:
        self.what, self.next, self.shown = what, time.monotonic() + _PATIENCE_SECONDS, False

    def show(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now >= self.next:
            self.next, self.shown = now + 0.2, True
            click.echo(f"\r{self.what} {done}/{total}", err=True, nl=False)

    def clear(self) -> None:
        if self.shown:
            click.echo("\r\x1b[K", err=True, nl=False)


def echo(text: str, *, err: bool = False) -> None:
    """Write to standard output, or standard error; what its encoding cannot hold is escaped rather than an error."""
    stream = sys.stderr if err else sys.stdout
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
    stream.flush()


def write_file(path: Path, text: str) -> None:
    """Write a file; it is complete or not there at all.

    Raises:
        UsageError: It cannot be written.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    content = text.encode("utf-8", "backslashreplace")
    try:
        if path.exists() and not path.is_file():  # a device or a pipe: written to, never put out of its place
            path.write_bytes(content)
            return
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise UsageError(f"cannot write {path}: {error.strerror}") from error


def output_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of a report; the command gets them as one ``output``."""

    @click.option("--format", "formats", metavar="FORMAT[=FILE]", multiple=True,
                  help=f"One of {', '.join(FORMATS)}, or auto (default): github inside GitHub Actions, else text. "
                       "Repeatable; with =FILE, into that file.")  # fmt: skip
    @click.option(
        "--output-file", type=click.Path(path_type=Path), help="Write the report there, not to standard output."
    )
    @click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
                  help="NO_COLOR and FORCE_COLOR are heeded too.")  # fmt: skip
    @click.option("-q", "--quiet", is_flag=True, help="Findings alone: no summary, no progress.")
    @click.option("-v", "--verbose", is_flag=True, help="Also what is claimed for each requirement.")
    @click.option("--show-suppressed", is_flag=True, help="Also the findings that are accepted, with the reason.")
    @wraps(function)
    def wrapper(  # noqa: PLR0913 - click hands every option over by itself
        formats: tuple[str, ...],
        output_file: Path | None,
        color: str,
        *,
        quiet: bool,
        verbose: bool,
        show_suppressed: bool,
        **rest: Any,
    ) -> Any:
        output = Output(_targets(formats, output_file), wants_color(color), quiet, verbose, show_suppressed)
        return function(output=output, **rest)

    return wrapper


def _targets(formats: tuple[str, ...], output_file: Path | None) -> tuple[Target, ...]:
    targets = []
    for text in formats or ("auto",):
        name, _, file = text.partition("=")
        if name == "auto":
            name = "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
        if name not in FORMATS:
            raise UsageError(f"there is no format {name!r}: choose from {', '.join(FORMATS)}, auto")
        targets.append(Target(name, Path(file) if file else output_file))
    places = [target.file for target in targets]
    if len(set(places)) < len(places):
        where = "standard output" if None in places else "one file"
        raise UsageError(f"two formats go to {where}; give all but one a file, as in --format json=report.json")
    return tuple(targets)


def wants_color(choice: str) -> bool:
    """Whether to colour standard output: the option, else NO_COLOR, else FORCE_COLOR, else on a terminal."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout is not None and sys.stdout.isatty()
