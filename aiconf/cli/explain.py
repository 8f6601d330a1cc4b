"""``aiconf explain``: everything about one rule, offline."""

from __future__ import annotations

from pathlib import Path

import click

from aiconf.catalog.load import load_catalog
from aiconf.cli.output import echo
from aiconf.docs import explain
from aiconf.selection import select as resolve


@click.command("explain")
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
def command(ids: tuple[str, ...], catalog: Path | None) -> None:
    """Say what a rule demands, why, who says so, how it is checked, and show it passing and failing.

    ID is a rule (metadata/field_missing) or a whole file of rules (metadata).
    """
    loaded = load_catalog(catalog)
    chosen = sorted(resolve(loaded, ids).ids)
    echo("\n".join(explain(loaded, id_) for id_ in chosen))
