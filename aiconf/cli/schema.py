"""``aiconf schema``: the JSON Schemas of what people and programs write."""

from __future__ import annotations

import click

from aiconf.catalog.files import find_root
from aiconf.cli.output import echo

SCHEMAS = ("submission", "config", "exceptions", "layers", "rule", "policy", "report", "snapshot")


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMAS), default="submission")
def command(name: str) -> None:
    """Print a JSON Schema, by which editors complete and check a file while it is written.

    submission (the default) is that of PRODUCT.yaml, config of aiconf.yaml; report is that of --format json.
    """
    echo((find_root() / "rules" / "schemas" / f"{name}.schema.json").read_text(encoding="utf-8"))
