"""``aiconf lint``: hold submissions against the programme's rules."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import click

from aiconf.cli.output import Output, output_options
from aiconf.cli.run import EXITS, FAIL_ON, minor, read_members, split
from aiconf.errors import UsageError
from aiconf.linter import Linter, Options, find_submissions
from aiconf.model import Authority, Proof, Report, Severity


@click.command("lint")
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
@click.option("--online", is_flag=True, help="Also ask whether the addresses open, and for today's member list.")
@click.option("--allow-private", is_flag=True, help="With --online: also ask addresses inside your own network.")
@click.option("--fix", is_flag=True, help="Mend in place what has exactly one right answer, then report what is left.")
@click.option("--diff", is_flag=True, help="Print what --fix would change and write nothing; 1 when there is anything.")
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
    *,
    online: bool,
    allow_private: bool,
    fix: bool,
    diff: bool,
    output: Output,
) -> int:
    """Check submissions before the pull request, offline.

    PATH is a PRODUCT.yaml, or a product, version or registry folder; - reads standard input. Without a PATH, the
    current folder is searched.
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
    )
    paths = paths or (".",)
    if require and not snapshot:
        raise UsageError("--require goes with --snapshot")
    cluster = _Cluster(snapshot, Proof(require) if require else None)
    if fix or diff:
        if online or snapshot:
            raise UsageError("--online and --snapshot do not go with --fix or --diff; lint with them afterwards")
        return _mend(paths, stdin_filename, options, output, diff=diff)
    report = _run(paths, stdin_filename, options, output, _Online(online, allow_private), cluster)
    output.write(report)
    return EXITS[report.verdict]


class _Online(NamedTuple):
    wanted: bool
    allow_private: bool


class _Cluster(NamedTuple):
    snapshot: tuple[Path, ...]
    require: Proof | None


def _run(  # noqa: PLR0913, PLR0917 - what the options say
    paths: tuple[str, ...],
    stdin_filename: str | None,
    options: Options,
    output: Output,
    online: _Online,
    cluster: _Cluster,
) -> Report:
    files = _files(paths, stdin_filename)
    if files is None:
        linter = Linter(options)
        if online.wanted or cluster.snapshot:
            raise UsageError("--online and --snapshot need files, not standard input")
        raw = sys.stdin.buffer.read()
        return linter.report([linter.lint_text(raw, stdin_filename)])
    if online.wanted:
        from aiconf.cli.online import asked  # noqa: PLC0415 - imports httpx when it asks

        options = asked(options, files, output, allow_private=online.allow_private)
    linter = Linter(options)
    if cluster.snapshot:
        return _with_cluster(linter, files, cluster, output)
    with output.progress("linting") as progress:
        return linter.report(linter.lint_files(files, os.cpu_count() or 1, progress))


def _mend(paths: tuple[str, ...], stdin_filename: str | None, options: Options, output: Output, *, diff: bool) -> int:
    from aiconf.cli import fixing  # noqa: PLC0415 - not on the way to linting

    files = _files(paths, stdin_filename)
    if diff:
        return fixing.show_diff(options, files, stdin_filename, output)
    report = fixing.fix(options, files, stdin_filename, output)
    output.write(report, err=files is None)
    return EXITS[report.verdict]


def _files(paths: tuple[str, ...], stdin_filename: str | None) -> list[Path] | None:
    """The submissions that the paths stand for, None for standard input."""
    if "-" in paths:
        if len(paths) > 1:
            raise UsageError("- reads standard input and stands alone")
        return None
    if stdin_filename:
        raise UsageError("--stdin-filename goes with the path -")
    return list(dict.fromkeys(found for path in paths for found in find_submissions(Path(path))))


def _with_cluster(linter: Linter, files: list[Path], cluster: _Cluster, output: Output) -> Report:
    from aiconf.checker import Checker  # noqa: PLC0415 - only with a snapshot
    from aiconf.observer import observe  # noqa: PLC0415 - only with a snapshot

    with output.waiting("reading"):
        seen = observe(cluster.snapshot, linter.catalog)
    checker = Checker(linter, seen, cluster.require)
    report: Report = checker.report([checker.check_submission(file) for file in files])
    return report
