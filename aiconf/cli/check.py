"""``aiconf check``: what a cluster shows, requirement by requirement."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aiconf.cli.accepting import Accepting
from aiconf.cli.configured import ConfiguredCommand
from aiconf.cli.output import Output, echo, output_options
from aiconf.cli.shared import EXITS, FAIL_ON, keep_policies_only, minor, split
from aiconf.errors import UsageError
from aiconf.linter import Linter
from aiconf.model import Authority, Proof, Severity
from aiconf.options import Options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiconf.checker import Checked

# The rules by which --require is held, also where only some requirements are judged.
_REQUIRING = ("snapshot/proof_below_required", "consistency/proof_below_required")
_REQUIRE = [word.value for word in Proof if word is not Proof.NONE]


@click.command("check", cls=ConfiguredCommand, apart=("select", "ignore"))
@click.argument("paths", nargs=-1, required=True, metavar="SNAPSHOT...")
@click.option(
    "--submission",
    type=click.Path(path_type=Path),
    metavar="PRODUCT.yaml",
    help="Hold what it claims against the cluster.",
)
@click.option(
    "--results",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Test results: JUnit XML, go test -json or -v, CTRF. Repeatable.",
)
@click.option("--why", metavar="ID", multiple=True, help="Say how a requirement was judged. Repeatable.")
@click.option("--require", type=click.Choice(_REQUIRE), help="How strongly every MUST has to be shown.")
@click.option("--kubernetes-version", metavar="vX.Y", help="The checklist to judge by, in place of the cluster's.")
@click.option("--registry", type=click.Path(path_type=Path), help="A checkout of cncf/k8s-ai-conformance.")
@click.option("--select", metavar="ID", multiple=True, help="Judge only these requirements. Repeatable.")
@click.option("--ignore", metavar="ID", multiple=True, help="Leave these out. Repeatable.")
@click.option("--authority", "authorities", type=click.Choice([word.value for word in Authority]), multiple=True,
              help="Report only what this authority demands. Repeatable.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(FAIL_ON), default="error", show_default=True,
              help="The mildest severity that makes the run fail.")  # fmt: skip
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
@click.option("--engine", type=click.Choice(["default", "reference"]), default="default", show_default=True,
              help="Evaluate with aiconf's own engine or with the reference implementations.")  # fmt: skip
@click.option("--exceptions", type=click.Path(path_type=Path), metavar="FILE",
              help="Findings that are accepted, each with a reason.")  # fmt: skip
@output_options
def command(  # noqa: PLR0913, PLR0917 - click hands every option over by itself
    paths: tuple[str, ...],
    submission: Path | None,
    results: tuple[Path, ...],
    why: tuple[str, ...],
    require: str | None,
    kubernetes_version: str | None,
    registry: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    authorities: tuple[str, ...],
    fail_on: str,
    catalog: Path | None,
    engine: str,
    exceptions: Path | None,
    output: Output,
) -> int:
    """Judge what a cluster shows of each requirement.

    SNAPSHOT is what `aiconf snapshot` wrote, or what kubectl, cluster-info dump, must-gather or Sonobuoy leave: files,
    folders and archives, together one cluster; - reads standard input.
    """
    from aiconf.checker import Checker  # noqa: PLC0415 - not for --help
    from aiconf.observer import observe  # noqa: PLC0415 - not for --help

    linter = Linter(
        Accepting(exceptions).applied(
            Options(
                catalog=catalog,
                select=(*split(select), *(_REQUIRING if select and require else ())),
                ignore=split(ignore),
                authorities=tuple(Authority(word) for word in authorities),
                registry=registry,
                kubernetes_version=minor(kubernetes_version),
                reference=engine == "reference",
                fail_on=None if fail_on == "never" else Severity(fail_on),
            )
        )
    )
    if not select:
        keep_policies_only(linter)
    with output.waiting("reading"):
        raw = sys.stdin.buffer.read() if "-" in paths else None
        seen = observe([*(Path(path) for path in paths if path != "-"), *results], linter.catalog, raw)
    checker = Checker(linter, seen, Proof(require) if require else None)
    checked = checker.check_submission(submission) if submission else checker.check()
    if why:
        _explain(split(why), checked)
    report = checker.report([checked])
    if not why:
        output.write(report)
    return EXITS[report.verdict]


def _explain(ids: Sequence[str], checked: Checked) -> None:
    from aiconf.trace import trace  # noqa: PLC0415 - only when asked for

    judged = {judgement.id: judgement for judgement in checked.judgements}
    for id_ in ids:
        if id_ not in judged:
            raise UsageError(f"--why {id_}: no such requirement was judged; there are {', '.join(judged)}")
    echo("\n".join(trace(judged[id_]) for id_ in ids))
