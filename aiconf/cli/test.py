"""``aiconf test``: run the examples that rule files carry."""

from __future__ import annotations

import os
from pathlib import Path

import click

from aiconf.catalog.files import find_root
from aiconf.cli.output import echo
from aiconf.errors import ExitCode, UsageError
from aiconf.ruletest import TestResult, TestRunner, coverage, run_all


@click.command("test")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--coverage", "show_coverage", is_flag=True, help="Demand that every validation is seen to pass and to fail."
)
@click.option("--engine", type=click.Choice(["default", "reference"]), default="default", show_default=True,
              help="Evaluate with aiconf's own engine or with the reference implementations.")  # fmt: skip
@click.option(
    "--fixtures", type=click.Path(path_type=Path), help="The folder with submissions/ (default: fixtures/ in FOLDER)."
)
@click.option("-v", "--verbose", is_flag=True, help="Name the examples that are as expected too.")
def command(folder: Path | None, *, show_coverage: bool, engine: str, fixtures: Path | None, verbose: bool) -> int:
    """Run the examples in the rule files of FOLDER (with rules/ and policies/; default: the shipped ones)."""
    fixtures = fixtures or find_root(folder) / "fixtures"
    if not (fixtures / "submissions").is_dir():
        raise UsageError(f"{fixtures} holds no folder 'submissions'; name the fixtures with --fixtures")
    runner = TestRunner(folder, fixtures, reference=engine == "reference")
    results = run_all(runner, os.cpu_count() or 1)
    lines = [_line(result) for result in results if verbose or result.problem]
    gaps = list(coverage(results).gaps(runner.linter.catalog)) if show_coverage else []
    bad = sum(result.problem is not None for result in results)
    lines += [
        *gaps,
        f"{len(results) - bad} examples as expected, {bad} not"
        + (f", {len(gaps)} gaps" if show_coverage else "")
        + ".",
    ]
    echo("".join(line + "\n" for line in lines))
    if not results:
        return ExitCode.NOTHING_CHECKED
    return ExitCode.FINDINGS if bad or gaps else ExitCode.OK


def _line(result: TestResult) -> str:
    return f"{'ok  ' if result.problem is None else 'FAIL'} {result.file_id}: {result.name}" + (
        f": {result.problem}" if result.problem else ""
    )
