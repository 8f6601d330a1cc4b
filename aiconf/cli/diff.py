"""``aiconf diff``: which verdicts changed between two snapshots, and by which objects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aiconf.cli.output import echo
from aiconf.cli.shared import minor
from aiconf.errors import ExitCode
from aiconf.linter import Linter
from aiconf.model import Proof
from aiconf.options import Options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.comparison import ObjectChange, RequirementChange
    from aiconf.model import RequirementRow


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--kubernetes-version", metavar="vX.Y", help="The checklist to judge both by; else that of NEW.")
@click.option("--registry", type=click.Path(path_type=Path), help="A checkout of cncf/k8s-ai-conformance.")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(  # noqa: PLR0913, PLR0917 - click hands every option over by itself
    old: Path, new: Path, kubernetes_version: str | None, registry: Path | None, catalog: Path | None, form: str
) -> int:
    """Say which verdicts differ between two snapshots, and by which objects.

    Leaves with 0 when no result and no proof differ, and with 1 when one does.
    """
    from aiconf.checker import Checker  # noqa: PLC0415 - not for --help
    from aiconf.comparison import as_plain, compare  # noqa: PLC0415 - not for --help
    from aiconf.observer import observe  # noqa: PLC0415 - not for --help

    linter = Linter(Options(catalog=catalog, registry=registry))
    was, now = observe([old], linter.catalog), observe([new], linter.catalog)
    version = minor(kubernetes_version) or now.version
    old_rows, new_rows = (Checker(linter, seen).rows(version) for seen in (was, now))
    changes = compare(was, old_rows, now, new_rows)
    changed = sum(change.verdict_changed for change in changes)
    if form == "json":
        document = {
            "format": "aiconf/diff/v1",
            "old": was.path,
            "new": now.path,
            "version": version,
            "changes": as_plain(changes),
        }
        echo(json.dumps(document, indent=2, ensure_ascii=False) + "\n")
    else:
        lines = [line for change in changes for line in _lines(change)]
        unchanged = len(new_rows) - sum(change.new is not None for change in changes)
        echo(
            "".join(
                f"{line}\n" for line in [*lines, f"{changed} verdicts changed, {unchanged} requirements as before."]
            )
        )
    return ExitCode.FINDINGS if changed else ExitCode.OK


def _lines(change: RequirementChange) -> Iterator[str]:
    yield f"{change.id}: {_said(change.old)} -> {_said(change.new)}"
    for one in change.objects:
        if one.how != "same":
            yield f"  {one.how}: {one.reference}"
            yield from _fields(one)
    if change.new:
        yield from (f"  {reason}" for reason in change.new.reasons)


def _fields(one: ObjectChange) -> Iterator[str]:
    for pointer, was, now in one.fields:
        yield f"    {pointer}: {_short(was)} -> {_short(now)}"


def _said(row: RequirementRow | None) -> str:
    if row is None or row.result is None:
        return "not required"
    shown = f" ({row.proof})" if row.proof and row.proof is not Proof.NONE else ""
    return row.result.replace("_", " ") + shown + (f" by {row.component}" if row.component else "")


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:60]}…"  # noqa: PLR2004 - a line's worth
