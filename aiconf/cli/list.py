"""``aiconf list``: the rules there are."""

from __future__ import annotations

import json
from pathlib import Path

import click

from aiconf.catalog.load import load_catalog
from aiconf.cli.output import echo
from aiconf.model import Authority
from aiconf.selection import select as resolve


@click.command("list")
@click.option("--select", metavar="ID", multiple=True, help="Only these: an id or a file of rules. Repeatable.")
@click.option("--authority", "authorities", type=click.Choice([word.value for word in Authority]), multiple=True,
              help="Only what this authority demands. Repeatable.")  # fmt: skip
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(select: tuple[str, ...], authorities: tuple[str, ...], catalog: Path | None, form: str) -> None:
    """List the rules: id, severity, who demands it, and what must hold."""
    loaded = load_catalog(catalog)
    chosen = resolve(loaded, select).ids
    rows = [v for id_ in loaded.ids() if id_ in chosen and (v := loaded.validation(id_))]
    rows = [row for row in rows if not authorities or row.authority in authorities]
    if form == "json":
        keys = ("id", "severity", "authority", "summary")
        echo(json.dumps([{key: getattr(row, key) for key in keys} for row in rows], indent=2) + "\n")
        return
    width = max((len(row.id) for row in rows), default=0)
    echo("".join(f"{row.id:<{width}}  {row.severity:<7}  {row.authority:<12}  {row.summary}\n" for row in rows))
