"""``aiconf snapshot``: record a cluster, read-only."""

from __future__ import annotations

import secrets
import sys
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from aiconf import __version__
from aiconf.catalog.load import load_catalog
from aiconf.errors import ExitCode, UsageError
from aiconf.snapshot.collection import parse_collection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from aiconf.catalog.runtime import Catalog
    from aiconf.snapshot.collection import Collection
    from aiconf.snapshot.format import Snapshot

# As many omissions are named on standard error; the file has them all.
_NAMED = 12


class _Cluster(NamedTuple):
    """Which cluster, and which part of it."""

    kubeconfig: str | None
    context: str | None
    namespaces: tuple[str, ...]


@click.command("snapshot")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default="snapshot.json",
    show_default=True,
    help="Where to write it; .gz and .zst compress, - is standard output.",
)
@click.option("--kubeconfig", type=click.Path(), help="The kubeconfig file; KUBECONFIG or the usual place otherwise.")
@click.option("--context", help="The context in it; the current one otherwise.")
@click.option("-n", "--namespace", "namespaces", metavar="NAME", multiple=True, help="Look into it only. Repeatable.")
@click.option("--metrics", is_flag=True, help="Scrape accelerator exporters and serving engines by the pod proxy.")
@click.option(
    "--results",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Attach test results: JUnit XML, go test -json or -v, CTRF, a Sonobuoy archive. Repeatable.",
)
@click.option(
    "--redact", type=click.Choice(["names"]), help="Replace namespaces, names of objects and nodes by tokens."
)
@click.option("--print-rbac", is_flag=True, help="Print the ClusterRole that this needs, and a Job that does it.")
@click.option("--catalog", type=click.Path(path_type=Path), help="A folder with rules/ and policies/ to use instead.")
@click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
def command(  # noqa: PLR0913, PLR0917 - one for each option of the command line
    output: str,
    kubeconfig: str | None,
    context: str | None,
    namespaces: tuple[str, ...],
    results: tuple[Path, ...],
    redact: str | None,
    catalog: Path | None,
    *,
    metrics: bool,
    print_rbac: bool,
    quiet: bool,
) -> int:
    """Record what a cluster shows, for `aiconf check`.

    Only lists are requested, of the kinds that policies read, and never Secrets. Environment values, arguments,
    annotations and ConfigMaps are kept by an allow-list only (policies/collection.yaml).
    """
    loaded = load_catalog(catalog)
    collection = parse_collection(loaded.data["collection"])
    if print_rbac:
        from aiconf.snapshot.rbac import manifests  # noqa: PLC0415 - only when asked for

        click.echo(manifests(collection, __version__, metrics=metrics), nl=False)
        return ExitCode.OK
    imported = _results(results, loaded)
    with _progress(quiet=quiet) as progress:
        snapshot = _collect(loaded, collection, _Cluster(kubeconfig, context, namespaces), progress, metrics=metrics)
    snapshot.results = imported
    if redact:
        from aiconf.snapshot.redact import redact_names  # noqa: PLC0415 - only when asked for

        snapshot = redact_names(snapshot, collection, secrets.token_bytes(32))
    _write(snapshot, output)
    if not quiet:
        _summary(snapshot, output)
    return ExitCode.OK


def _results(paths: tuple[Path, ...], catalog: Catalog) -> list[dict[str, Any]]:
    if not paths:
        return []
    from aiconf.snapshot.results import read_results  # noqa: PLC0415 - only when asked for

    return read_results(paths, catalog.data["results"])


def _collect(
    catalog: Catalog,
    collection: Collection,
    cluster: _Cluster,
    progress: Callable[[str], None],
    *,
    metrics: bool,
) -> Snapshot:
    from aiconf.snapshot.collect import Collector  # noqa: PLC0415 - not for --help
    from aiconf.snapshot.metrics import not_requested, parse_exporters, scrape  # noqa: PLC0415 - not for --help
    from aiconf.snapshot.transport import Transport, connector  # noqa: PLC0415 - not for --help

    started = datetime.now(UTC)
    with closing(Transport(connector(cluster.kubeconfig, cluster.context))) as transport:
        snapshot = Collector(transport, collection, cluster.namespaces, progress).collect()
        if metrics:
            scrape(transport, snapshot, parse_exporters(catalog.data["exporters"]), progress)
        else:
            snapshot.omissions.append(not_requested())
    snapshot.metadata["collectedAt"] = started.isoformat(timespec="seconds").replace("+00:00", "Z")
    snapshot.metadata["collector"] = f"aiconf {__version__}"
    return snapshot


def _write(snapshot: Snapshot, output: str) -> None:
    from aiconf.snapshot.format import encode, write_snapshot  # noqa: PLC0415 - not for --help

    if output == "-":
        for piece in encode(snapshot):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    try:
        write_snapshot(snapshot, Path(output))
    except OSError as error:
        raise UsageError(f"cannot write {output}: {error.strerror}") from error


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """One line on a terminal's standard error that says what is being read."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    try:
        yield lambda what: click.echo(f"\r\x1b[Kreading {what}", err=True, nl=False)
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


def _summary(snapshot: Snapshot, output: str) -> None:
    where = "" if output == "-" else f" in {output}"
    parts = [f"{len(snapshot.items):,} objects"]
    parts += [f"metrics of {len(snapshot.metrics)} pods"] if snapshot.metrics else []
    parts += [f"{len(snapshot.results)} test results"] if snapshot.results else []
    click.echo(f"{', '.join(parts)}{where}", err=True)
    missing = [entry for entry in snapshot.omissions if entry["reason"] != "NotRequested"]
    for entry in missing[:_NAMED]:
        what = ".".join(filter(None, (entry["resource"] or entry["kind"], entry["group"]))) or "something"
        click.echo(f"not read: {what}: {entry['message']} ({entry['reason']})", err=True)
    if len(missing) > _NAMED:
        click.echo(f"not read: {len(missing) - _NAMED} more, see omissions", err=True)
