"""``aiconf action``: what ``action.yml`` runs in a job of GitHub Actions. Hidden: nobody calls it by hand.

It makes the inputs into the arguments of ``aiconf lint``, finds out what the pull request is compared with, and takes
the outcome to where a workflow looks for it: annotations, summary, outputs, and a comment when one is wanted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from aiconf import __version__
from aiconf.cli.action.inputs import Inputs
from aiconf.cli.action.runner import Runner
from aiconf.cli.output import Output, Target, echo
from aiconf.errors import AiconfError, ExitCode, UsageError
from aiconf.model import CheckError, Report
from aiconf.registry import is_registry
from aiconf.reporters.github import command as workflow_command

if TYPE_CHECKING:
    from collections.abc import Sequence


class _Files(NamedTuple):
    report: Path
    sarif: Path
    page: Path

    @property
    def targets(self) -> tuple[Target, ...]:
        return (
            Target("github", None),
            Target("json", self.report),
            Target("sarif", self.sarif),
            Target("markdown", self.page),
        )


@click.command("action", hidden=True)
def command() -> int:
    """Check a pull request in a job of GitHub Actions; called by action.yml."""
    # The token is for the comment alone: git and other processes started from here do not get it.
    token = os.environ.pop("ACTION_TOKEN", "")
    inputs, runner = Inputs(os.environ), Runner(os.environ)
    folder = Path(mkdtemp(prefix="aiconf-report-", dir=runner.temporary))
    files = _Files(folder / "report.json", inputs.sarif_file or folder / "report.sarif", folder / "report.md")
    _make_folder(files.sarif.parent)
    code = _check(inputs, runner, files)
    report: dict[str, Any] = json.loads(files.report.read_text(encoding="utf-8"))
    page = files.page.read_text(encoding="utf-8")
    runner.set_output("verdict", report["verdict"])
    runner.set_output("report", str(files.report))
    runner.set_output("sarif", str(files.sarif))
    # A pull request without a submission is nobody's mistake; rules or paths that leave nothing to check are.
    nothing = code == ExitCode.NOTHING_CHECKED and not inputs.paths and not report["inputs"] and runner.compares
    if nothing:
        echo(
            workflow_command("notice", "aiconf", "This pull request changes no submission: there is nothing to check.")
        )
    problem = _comment(inputs, runner, token, page, create=not nothing)
    if problem:
        echo(workflow_command("notice", "aiconf", problem))
    runner.add_summary(page + (f"\n{problem}\n" if problem else ""))
    return ExitCode.OK if nothing else code


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"sarif-file: cannot make the folder {folder}: {error.strerror}") from error


def _check(inputs: Inputs, runner: Runner, files: _Files) -> int:
    """Lint, and write the report in every form; what cannot even begin is a report too."""
    try:
        inputs.check(__version__)
        scope = ["--", *inputs.paths] if inputs.paths else runner.scope()
        formats = [f"--format={form}" + (f"={file}" if file else "") for form, file in files.targets]
        return _lint([*inputs.flags(), *_distrust(inputs, runner), *formats, *scope])
    except click.ClickException as error:
        message = error.format_message()
    except AiconfError as error:
        message = str(error)
    report = Report("default", "", (), (), (), errors=(CheckError(None, ".", message),))
    Output(files.targets, color=False, quiet=False, verbose=False).write(report)
    return ExitCode.COULD_NOT_CHECK


def _distrust(inputs: Inputs, runner: Runner) -> list[str]:
    """What keeps a pull request to the programme's repository from judging itself.

    There the checkout is the submitter's, settings and comments that accept findings included.
    """
    if not (runner.compares and is_registry(Path.cwd())):
        return []
    return ["--no-inline-ignores", *([] if inputs.has_config else ["--no-config"])]


def _lint(arguments: Sequence[str]) -> int:
    from aiconf.cli.lint import command as lint  # noqa: PLC0415 - as late as for the command itself

    code = lint.main(list(arguments), prog_name="aiconf lint", standalone_mode=False)
    if not isinstance(code, int):
        raise UsageError("aiconf lint gave no exit code")
    return code


def _comment(inputs: Inputs, runner: Runner, token: str, page: str, *, create: bool) -> str:
    """Bring the comment up to date; gives why it could not be, "" when it was or none is wanted."""
    if not inputs.comment:
        return ""
    if runner.pull_request is None:
        return "No comment was written: this run is not of a pull request."
    from aiconf.cli.action.comment import put_comment  # noqa: PLC0415 - imports httpx

    return put_comment(runner.comments_of(token), page, create=create)
