"""The options that say which findings are accepted, and ``--write-baseline``, which accepts all there are."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from aiconf.cli.output import write_file
from aiconf.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiconf.model import Report
    from aiconf.options import Options


class Accepting(NamedTuple):
    """What the options say; ``baseline`` is the file to write, with the words that its new entries carry."""

    exceptions: Path | None = None
    inline: bool = True
    baseline: Path | None = None
    reason: str = ""
    owner: str = ""
    expires: str = ""

    def applied(self, options: Options) -> Options:
        """The options of a run that accepts what is to be accepted."""
        if self.exceptions is not None:
            options = replace(options, exceptions=self.exceptions, today=_today())
        return replace(options, inline_ignores=self.inline)

    def run(self, options: Options, run: Callable[[Options], Report]) -> Report:
        """The report; with ``--write-baseline``, that of a second run, which accepts what the first one found."""
        if self.baseline is None:
            return run(self.applied(options))
        before = self._replace(exceptions=self.baseline if self.baseline.exists() else None)
        self._write(self.baseline, run(before.applied(options)))
        return run(self._replace(exceptions=self.baseline).applied(options))

    def _write(self, path: Path, report: Report) -> None:
        from aiconf.suppression.baseline import Debt, baseline, written  # noqa: PLC0415 - only to write one
        from aiconf.suppression.exceptions import load_exceptions  # noqa: PLC0415 - as above

        exceptions = load_exceptions(path, _today(), may_be_absent=True)
        entries, new = baseline(exceptions, report.findings, Debt(self.reason, self.owner, self.expires))
        write_file(path, written(entries))
        click.echo(f"{path}: {len(entries)} exceptions, {new} of them new", err=True)


def acceptance_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; the command gets them as one ``accepting``."""

    @click.option("--exceptions", type=click.Path(path_type=Path), metavar="FILE",
                  help="Findings that are accepted, each with a reason.")  # fmt: skip
    @click.option("--inline-ignores/--no-inline-ignores", default=True, show_default=True,
                  help="Whether comments `# aiconf: ignore[id] reason` in the inputs accept findings.")  # fmt: skip
    @click.option("--write-baseline", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
                  help="Write an exceptions file that accepts what there is; entries still needed stay.")  # fmt: skip
    @click.option("--reason", metavar="TEXT", help="With --write-baseline: why it is accepted.")
    @click.option("--owner", metavar="TEXT", help="With --write-baseline: who answers for it.")
    @click.option(
        "--expires", metavar="DAY", help="With --write-baseline: the last day, YYYY-MM-DD, on which it counts."
    )
    @wraps(function)
    def wrapper(  # noqa: PLR0913 - click hands every option over by itself
        *,
        exceptions: Path | None,
        inline_ignores: bool,
        write_baseline: Path | None,
        reason: str | None,
        owner: str | None,
        expires: str | None,
        **rest: Any,
    ) -> Any:
        words = (reason or "", owner or "", expires or "")
        accepting = Accepting(exceptions, inline_ignores, write_baseline, *(" ".join(word.split()) for word in words))
        _check(accepting, rest)
        return function(accepting=accepting, **rest)

    return wrapper


def _check(accepting: Accepting, rest: dict[str, Any]) -> None:
    if accepting.baseline is None:
        if accepting.reason or accepting.owner or accepting.expires:
            raise UsageError("--reason, --owner and --expires go with --write-baseline")
        return
    if not accepting.reason:
        raise UsageError("--write-baseline needs a --reason: why is what there is accepted?")
    if "-" in rest["paths"]:
        raise UsageError("--write-baseline needs files, not standard input")
    if accepting.exceptions is not None and accepting.exceptions.absolute() != accepting.baseline.absolute():
        raise UsageError(
            f"--write-baseline {accepting.baseline} and the exceptions {accepting.exceptions} are two files; name one"
        )
    if accepting.expires:
        _check_day(accepting.expires)


def _check_day(day: str) -> None:
    from datetime import date  # noqa: PLC0415 - only with --expires

    with suppress(ValueError):
        if date.fromisoformat(day).isoformat() == day:
            return
    raise UsageError(f"--expires {day}: write a day as YYYY-MM-DD")


def _today() -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - only where something may have expired

    return datetime.now(tz=UTC).date().isoformat()
