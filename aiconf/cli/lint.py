"""``aiconf lint``: hold submissions against the programme's rules."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from aiconf.cli.accepting import Accepting, acceptance_options
from aiconf.cli.configured import ConfiguredCommand
from aiconf.cli.layering import LayerChoice, layer_options, note_unknown
from aiconf.cli.output import Output, output_options
from aiconf.cli.shared import EXITS, FAIL_ON, minor, read_members, split
from aiconf.errors import UsageError
from aiconf.linter import FileResult, Linter
from aiconf.model import Authority, Proof, Report, Severity
from aiconf.options import Options
from aiconf.submission.search import Found, find_submissions

if TYPE_CHECKING:
    from aiconf.pull_request import Changes


@click.command("lint", cls=ConfiguredCommand)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--stdin-filename", metavar="PATH", help="Where the file on standard input (PATH -) would lie.")
@click.option(
    "--select", metavar="ID", multiple=True, help="Run only these rules: an id or a file of rules. Repeatable."
)
@click.option("--ignore", metavar="ID", multiple=True, help="Do not run these rules. Repeatable.")
@click.option("--authority", "authorities", type=click.Choice([word.value for word in Authority]), multiple=True,
              help="Report only what this authority demands. Repeatable.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
              help="The mildest severity that makes the run fail.")  # fmt: skip
@click.option(
    "--registry",
    type=click.Path(path_type=Path),
    help="A checkout of cncf/k8s-ai-conformance; else looked for above each file.",
)
@click.option("--kubernetes-version", metavar="vX.Y", help="The version to judge by, in place of the folder's.")
@click.option(
    "--members",
    type=click.Path(path_type=Path),
    help="A file of CNCF member names, one a line, in place of the shipped list.",
)
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
@click.option("--engine", type=click.Choice(["default", "reference"]), default="default", show_default=True,
              help="Evaluate with aiconf's own engine or with the reference implementations.")  # fmt: skip
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Hold the claims against a cluster: what aiconf snapshot or kubectl wrote, test results too. Repeatable.",
)
@click.option(
    "--require",
    type=click.Choice([word.value for word in Proof if word is not Proof.NONE]),
    help="With --snapshot: how strongly every MUST has to be shown.",
)
@click.option("--changed-since", metavar="REF",
              help="Lint the submissions that this branch changes against REF, and the change as a whole.")  # fmt: skip
@layer_options
@click.option("--online/--no-online", help="Also ask whether the addresses open, and for today's member list.")
@click.option("--allow-private/--no-allow-private", help="With --online: also ask addresses inside your own network.")
@click.option("--fix", is_flag=True, help="Mend in place what has exactly one right answer, then report what is left.")
@click.option("--diff", is_flag=True, help="Print what --fix would change and write nothing; 1 when there is anything.")
@acceptance_options
@output_options
def command(  # noqa: PLR0913, PLR0917 - click hands every option over by itself
    paths: tuple[str, ...],
    stdin_filename: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    authorities: tuple[str, ...],
    fail_on: str,
    registry: Path | None,
    kubernetes_version: str | None,
    members: Path | None,
    catalog: Path | None,
    engine: str,
    snapshot: tuple[Path, ...],
    require: str | None,
    changed_since: str | None,
    *,
    online: bool,
    allow_private: bool,
    fix: bool,
    diff: bool,
    layering: LayerChoice,
    accepting: Accepting,
    output: Output,
) -> int:
    """Check submissions before the pull request, offline.

    PATH is a PRODUCT.yaml, or a product, version or registry folder; - reads standard input. Without a PATH, the
    current folder is searched. With --changed-since no PATH is given.
    """
    options = Options(
        catalog=catalog,
        select=split(select),
        ignore=split(ignore),
        authorities=tuple(Authority(word) for word in authorities),
        registry=registry,
        kubernetes_version=minor(kubernetes_version),
        members=read_members(members),
        reference=engine == "reference",
        fail_on=None if fail_on == "never" else Severity(fail_on),
        **layering._asdict(),
    )
    if require and not snapshot:
        raise UsageError("--require goes with --snapshot")
    cluster = _Cluster(snapshot, Proof(require) if require else None)
    changes = _changes(changed_since, paths, stdin_filename)
    paths = paths or (".",)
    if fix or diff:
        if online or snapshot or changed_since:
            raise UsageError("--online, --snapshot and --changed-since do not go with --fix or --diff; lint afterwards")
        return _mend(paths, stdin_filename, accepting.applied(options), output, diff=diff)
    around = _Around(_Online(online, allow_private), cluster, changes)

    def run(options: Options) -> Report:
        return _run(paths, stdin_filename, options, output, around)

    report = accepting.run(options, run)
    output.write(report)
    return EXITS[report.verdict]


class _Online(NamedTuple):
    wanted: bool
    allow_private: bool


class _Cluster(NamedTuple):
    snapshot: tuple[Path, ...]
    require: Proof | None


class _Around(NamedTuple):
    """What submissions are held against beside their rules."""

    online: _Online
    cluster: _Cluster
    changes: Changes | None


def _changes(base: str | None, paths: tuple[str, ...], stdin_filename: str | None) -> Changes | None:
    if base is None:
        return None
    from aiconf.pull_request import read_changes  # noqa: PLC0415 - starts git

    if paths or stdin_filename:
        raise UsageError("--changed-since finds the submissions that changed by itself; give it no PATH")
    return read_changes(base, Path.cwd(), os.environ)


def _run(
    paths: tuple[str, ...], stdin_filename: str | None, options: Options, output: Output, around: _Around
) -> Report:
    online, cluster, changes = around
    found = Found(changes.submissions()) if changes is not None else _found(paths, stdin_filename)
    if found is None:
        linter = _linter(options)
        if online.wanted or cluster.snapshot:
            raise UsageError("--online and --snapshot need files, not standard input")
        raw = sys.stdin.buffer.read()
        return linter.report([linter.lint_text(raw, stdin_filename)])
    if online.wanted:
        from aiconf.cli.online import asked  # noqa: PLC0415 - imports httpx when it asks

        options = asked(options, found.files, output, allow_private=online.allow_private)
    linter = _linter(options)
    whole = [FileResult(None, errors=found.refused)]
    if changes is not None:
        whole.append(linter.lint_changes(changes))
    if cluster.snapshot:
        return _with_cluster(linter, found.files, whole, cluster, output)
    with output.progress("linting") as progress:
        return linter.report([*linter.lint_files(found.files, os.cpu_count() or 1, progress), *whole])


def _linter(options: Options) -> Linter:
    linter = Linter(options)
    if options.base:
        note_unknown(options.base, linter.catalog)
    return linter


def _mend(paths: tuple[str, ...], stdin_filename: str | None, options: Options, output: Output, *, diff: bool) -> int:
    from aiconf.cli import fixing  # noqa: PLC0415 - not on the way to linting

    found = _found(paths, stdin_filename)
    if diff:
        return fixing.show_diff(options, found.files if found else None, stdin_filename, output)
    report = fixing.fix(options, found, stdin_filename, output)
    output.write(report, err=found is None)
    return EXITS[report.verdict]


def _found(paths: tuple[str, ...], stdin_filename: str | None) -> Found | None:
    """The submissions that the paths stand for, None for standard input."""
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("- reads standard input and stands alone")
        return None
    if stdin_filename:
        raise UsageError("--stdin-filename goes with the path -")
    return find_submissions(map(Path, paths))


def _with_cluster(
    linter: Linter, files: list[Path], whole: list[FileResult], cluster: _Cluster, output: Output
) -> Report:
    from aiconf.checker import Checked, Checker  # noqa: PLC0415 - only with a snapshot
    from aiconf.observer import observe  # noqa: PLC0415 - only with a snapshot

    with output.waiting("reading"):
        seen = observe(cluster.snapshot, linter.catalog)
    checker = Checker(linter, seen, cluster.require)
    report: Report = checker.report(
        [*(checker.check_submission(file) for file in files), *(Checked(result, ()) for result in whole)]
    )
    return report
