"""The options by which a caller says what it knows of a product's layers."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiconf.catalog.runtime import Catalog


class LayerChoice(NamedTuple):
    """What was said; see `aiconf.linter.Options`."""

    layered: bool | None
    base: str | None
    layers: Path | None


def layer_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options; the command gets them as one ``layering``."""

    @click.option(
        "--layered/--no-layered",
        default=None,
        help="Whether the product stands on another one; else concluded from what it says. For all files given.",
    )
    @click.option(
        "--base",
        metavar="NAME",
        help="What it stands on: a distribution's name, or an entry of the registry such as v1.35/eks. Implies "
        "--layered. For all files given.",
    )
    @click.option(
        "--layers",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="A layers.yaml, which says what each layer owns. It counts as said by the submission and goes before its "
        "notes. Implies --layered. For all files given.",
    )
    @wraps(function)
    def wrapper(*, layered: bool | None, base: str | None, layers: Path | None, **rest: Any) -> Any:
        return function(layering=LayerChoice(layered, base, layers), **rest)

    return wrapper


def note_unknown(base: str | None, catalog: Catalog) -> None:
    """Say on standard error that a base is known by its name alone: it may be a slip."""
    from aiconf.submission.platforms import Platforms, slug  # noqa: PLC0415 - only with --base
    from aiconf.submission.told import entry_folder  # noqa: PLC0415 - only with --base

    if base is None or Platforms(catalog.data["distributions"]).named(entry_folder(base)):
        return
    from difflib import get_close_matches  # noqa: PLC0415 - only for what may be a mistake

    rows = catalog.data["distributions"]["distributions"]
    names = {slug(name): name for row in rows for name in (row["id"], row["name"], *row.get("aliases", ()))}
    near = get_close_matches(slug(entry_folder(base)), names, 1)
    hint = f" Did you mean {names[near[0]]}?" if near else ""
    click.echo(f"note: --base {base} is no distribution that aiconf knows; it is taken as a name.{hint}", err=True)
