"""``aiconf layers``: who owns what in a layered product, and layers.yaml written into its texts."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from aiconf.cli.layering import LayerChoice, layer_options, note_unknown
from aiconf.cli.output import echo
from aiconf.cli.shared import minor
from aiconf.errors import ExitCode, InputError, UsageError
from aiconf.linter import Linter
from aiconf.options import Options
from aiconf.source import load_source
from aiconf.submission.search import find_submissions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.layers.table import LayerTable
    from aiconf.layers.writing import Change
    from aiconf.layers_file import LayersFile

_FORMS = {"text": "aiconf.layers.text", "markdown": "aiconf.layers.markdown", "json": "aiconf.layers.json"}
_FILE = "layers.yaml"
_README = "README.md"
_EPILOG = """\b
Exit codes:
  0    nothing is missing; with --diff: nothing would change; with --write or --init: done
  1    something is missing; with --diff: something would change; with --write: the answer was no
  2    could not be done (usage, unreadable input, a text that cannot be rewritten without guessing)
  3    the product is not layered, as far as can be told
  130  interrupted
"""


@click.command("layers", epilog=_EPILOG)
@click.argument("path", metavar="PRODUCT.yaml", default=".", type=click.Path(path_type=Path))
@layer_options
@click.option("--format", "form", type=click.Choice(list(_FORMS)), default="text", show_default=True,
              help="The Markdown is made to be pasted into the README.")  # fmt: skip
@click.option("--init", "mode", flag_value="init", help="Write a layers.yaml from what the submission says today.")
@click.option(
    "--write",
    "mode",
    flag_value="write",
    help="Write layers.yaml into the notes and the README; shows the difference and asks first.",
)
@click.option("--diff", "mode", flag_value="diff", help="Show what --write would change, and write nothing.")
@click.option("--yes", is_flag=True, help="With --write: do not ask.")
@click.option(
    "--registry",
    type=click.Path(path_type=Path),
    help="A checkout of cncf/k8s-ai-conformance; else looked for above the file.",
)
@click.option("--kubernetes-version", metavar="vX.Y", help="The version to judge by, in place of the folder's.")
@click.option(
    "--catalog",
    type=click.Path(path_type=Path),
    help="A folder with rules/ and policies/ in place of the shipped ones.",
)
def command(  # noqa: PLR0913 - click hands every option over by itself
    *,
    path: Path,
    layering: LayerChoice,
    form: str,
    mode: str | None,
    yes: bool,
    registry: Path | None,
    kubernetes_version: str | None,
    catalog: Path | None,
) -> int:
    """Show which layer of a layered product owns each requirement, and what is not said yet.

    PRODUCT.yaml may be its folder; by default the current one. A layers.yaml beside it is read, or that of --layers.
    With --base v1.35/eks the base's own claims stand beside each requirement.
    """
    if yes and mode != "write":
        raise UsageError("--yes goes with --write")
    product = _product(path)
    kept = _kept(product, layering, mode)
    options = Options(
        catalog=catalog,
        registry=registry,
        kubernetes_version=minor(kubernetes_version),
        **layering._replace(layers=kept)._asdict(),
    )
    run = _Run.of(product, options)
    if mode == "init":
        return run.init(layering.layers or product.with_name(_FILE))
    if mode is not None:
        return run.write(ask=not yes, only_show=mode == "diff")
    table = run.table()
    echo(import_module(_FORMS[form]).render(table) if table.layered or form != "markdown" else "")
    if not table.layered:
        if form == "markdown":
            click.echo(_unlayered(table), err=True)
        return ExitCode.NOTHING_CHECKED
    return ExitCode.OK if table.complete else ExitCode.FINDINGS


def _product(path: Path) -> Path:
    found, refused = find_submissions([path])
    if refused:
        raise InputError(f"{refused[0].path}: {refused[0].message}")
    if len(found) != 1:
        there = "no PRODUCT.yaml" if not found else f"{len(found)} of them"
        raise UsageError(f"{path}: name one PRODUCT.yaml; there is {there} below it")
    return found[0]


def _kept(product: Path, layering: LayerChoice, mode: str | None) -> Path | None:
    """The layers.yaml to read: the one named, else a plain file beside the submission."""
    if layering.layers is not None:
        return None if mode == "init" else layering.layers
    beside = product.with_name(_FILE)
    if layering.layered is False or mode == "init" or beside.is_symlink() or not beside.is_file():
        return None
    return beside


def _unlayered(table: LayerTable) -> str:
    from aiconf.layers.text import conclusion  # noqa: PLC0415 - not for --help

    return f"{conclusion(table)} If it is layered, name what it stands on: --base NAME."


class _Run(NamedTuple):
    """One submission read with what the caller said of it."""

    product: Path
    linter: Linter
    facts: Mapping[str, Any]
    layers: LayersFile | None

    @classmethod
    def of(cls, product: Path, options: Options) -> _Run:
        from aiconf.layers_file import load_layers  # noqa: PLC0415 - not for --help

        linter = Linter(options)
        if options.base:
            note_unknown(options.base, linter.catalog)
        facts = linter.subject(load_source(product), product.absolute()).facts
        layers = load_layers(options.layers, options.catalog) if options.layers else None
        run = cls(product, linter, facts, layers)
        if layers:
            run.check_ids(layers)
        return run

    def check_ids(self, layers: LayersFile) -> None:
        """Refuse rows of requirements that do not exist; a roadmap feature need not."""
        known = [row["id"] for row in self.facts["checklist"] or ()]
        known += [entry["id"] for entry in self.facts["submission"]["entries"]]
        for name, row in layers.rows.items():
            if name not in known and row["contribution"] != "roadmap":
                from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

                near = get_close_matches(name, known, 1)
                hint = f"Did you mean {near[0]}?" if near else "Only a roadmap feature may stand in no checklist."
                version = self.facts["submission"]["version"] or "this version"
                raise InputError(f"{layers.path}:{layers.line(name)}: {name} is no requirement of {version}. {hint}")

    def table(self) -> LayerTable:
        from aiconf.layers.table import base_claims, build_table  # noqa: PLC0415 - not for --help
        from aiconf.submission.told import ENTRY  # noqa: PLC0415 - not for --help

        match = ENTRY.fullmatch(self.linter.options.base or "")
        registry = Path(self.facts["registry"]["path"]) if self.facts["registry"]["found"] else None
        claims = base_claims(match[0], registry, self.linter.catalog.data["components"]) if match else {}
        return build_table(self.facts, self.layers.rows if self.layers else {}, claims, match[1] if match else "")

    def init(self, target: Path) -> int:
        from aiconf.layers.files import put  # noqa: PLC0415 - not for --help
        from aiconf.layers.skeleton import skeleton  # noqa: PLC0415 - not for --help

        table = self.table()
        if not table.layered:
            click.echo(_unlayered(table), err=True)
            return ExitCode.NOTHING_CHECKED
        if target.exists() or target.is_symlink():
            raise UsageError(f"{target} is there already; remove it first, or edit it")
        put(target, None, skeleton(table).encode())
        click.echo(f"{target} written; {len(table.rows)} requirements.", err=True)
        return ExitCode.OK

    def write(self, *, ask: bool, only_show: bool) -> int:
        from aiconf.layers.files import put  # noqa: PLC0415 - not for --help
        from aiconf.layers.writing import diff  # noqa: PLC0415 - not for --help

        changes = [change for change in self._changes() if change.old != change.new]
        echo("".join(diff(change, change.path.name) for change in changes))
        if not changes:
            click.echo("Nothing to change: notes and README say what layers.yaml says.", err=True)
            return ExitCode.OK
        if only_show:
            return ExitCode.FINDINGS
        if ask and not _agreed(changes):
            return ExitCode.FINDINGS
        for change in changes:
            put(change.path, change.old, change.new)
            click.echo(f"{change.path} written.", err=True)
        return ExitCode.OK

    def _changes(self) -> list[Change]:
        from aiconf.layers.files import contents  # noqa: PLC0415 - not for --help
        from aiconf.layers.writing import Plan  # noqa: PLC0415 - not for --help

        if self.layers is None:
            raise UsageError(
                f"there is no layers.yaml beside {self.product}: name one with --layers, or make it: --init"
            )
        self._check_entries(self.layers)
        raw = contents(self.product)
        if raw is None:
            raise InputError(f"{self.product} is not there any more")
        plan = Plan(self.linter.catalog.data, self.facts, self.layers)
        product = plan.product(self.product, raw)
        path = self.product.with_name(_README)
        return [product, plan.readme(path, contents(path), product.new)]

    def _check_entries(self, layers: LayersFile) -> None:
        entries = {entry["id"] for entry in self.facts["submission"]["entries"]}
        for name, row in layers.rows.items():
            if name not in entries and row["contribution"] != "roadmap":
                raise InputError(
                    f"{layers.path}:{layers.line(name)}: {self.product} has no entry {name} to write into; add it first"
                )


def _agreed(changes: list[Change]) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        raise UsageError("nothing was written: there is no terminal to ask at; give --yes to write, or --diff to look")
    names = " and ".join(change.path.name for change in changes)
    return click.confirm(f"Write {names}?", default=False, err=True)
