"""``aiconf verify``: make a report anew from its recorded inputs, and say what is different and why."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from aiconf.cli.output import echo
from aiconf.cli.shared import keep_policies_only, read_members
from aiconf.errors import ExitCode, InputError
from aiconf.linter import Linter
from aiconf.options import Options
from aiconf.reporters import Style
from aiconf.reporters.json import render
from aiconf.reporters.phrases import counted
from aiconf.reporters.plain import one_line
from aiconf.source import load_source
from aiconf.verify import Recorded, RecordedOptions, decode_report, differences, inside, read_report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.model import Report

    _ByKind = Mapping[str, "list[_Lying]"]

# More lines of one kind help nobody; the rest is counted.
_MOST_LINES = 50


class _Given(NamedTuple):
    """What the caller names in place of what the report records."""

    root: Path
    catalog: Path | None
    registry: Path | None
    members: Path | None


@click.command("verify")
@click.argument("report", type=click.Path(path_type=Path))
@click.option("--root", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(),
              help="The folder that its paths are relative to, by default here; nothing outside is read.")  # fmt: skip
@click.option("--catalog", type=click.Path(path_type=Path),
              help="A folder with rules/ and policies/ in place of the shipped ones.")  # fmt: skip
@click.option("--registry", type=click.Path(path_type=Path), help="The checkout the report was made with.")
@click.option("--members", type=click.Path(path_type=Path), help="The list of member names it was made with.")
def command(report: Path, root: Path, catalog: Path | None, registry: Path | None, members: Path | None) -> int:
    """Make the JSON REPORT anew from its inputs, and say whether it is the same, or what differs and why.

    Exit codes: 0 the same, 1 different, 2 could not verify.
    """
    recorded = read_report(report)
    anew, missing = _made_anew(recorded, _Given(root, catalog, registry, members))
    found = differences(recorded, anew, missing)
    if not found:
        echo(f"same: {counted(len(recorded.inputs), 'input')}, {counted(len(recorded.findings), 'finding')}, "
             f"{counted(len(recorded.requirements), 'requirement')}.\n")  # fmt: skip
        return ExitCode.OK
    lines, shown = ["different:"], Counter[str]()
    for difference in found:
        shown[difference.what] += 1
        if shown[difference.what] <= _MOST_LINES:
            lines.append(f"  {difference.what}: {one_line(difference.text, 1000)}")
    lines += [f"  {what}: {number - _MOST_LINES} more" for what, number in shown.items() if number > _MOST_LINES]
    if not {difference.what for difference in found} - {"finding", "requirement", "error", "verdict"}:
        lines.append("Inputs, rules and options are as recorded: a file beside an input, or the report, was changed.")
    echo("".join(f"{line}\n" for line in lines))
    return ExitCode.FINDINGS


def _made_anew(recorded: Recorded, given: _Given) -> tuple[Recorded, list[str]]:
    """The report made anew, and the inputs that are not there.

    Raises:
        InputError: It cannot be made anew; the text says why.
    """
    chosen = _chosen(recorded)
    linter = Linter(_options(recorded, chosen, given))
    if chosen.policies_only:
        keep_policies_only(linter)
    places = {record.path: inside(given.root, record.path) for record in recorded.inputs}
    missing = [path for path, place in places.items() if not place.exists()]
    by_kind: dict[str, list[_Lying]] = {}
    for record in recorded.inputs:
        if record.path not in missing:
            by_kind.setdefault(record.kind, []).append(_Lying(record.path, places[record.path]))
    report = _with_cluster if "snapshot" in by_kind else _submissions
    return decode_report(render(report(linter, chosen, by_kind), Style()), "the report made anew"), missing


class _Lying(NamedTuple):
    """An input: its path as recorded, and where it lies."""

    path: str
    place: Path


def _submissions(linter: Linter, _: RecordedOptions, inputs: _ByKind) -> Report:
    found = inputs.get("submission", [])
    return linter.report(
        [linter.lint_source(load_source(place, path), place.absolute()) for path, place in found if place.is_file()]
    )


def _with_cluster(linter: Linter, chosen: RecordedOptions, inputs: _ByKind) -> Report:
    """The cluster that the snapshots show, and the submissions held against it."""
    from aiconf.checker import Checker  # noqa: PLC0415 - only with a snapshot
    from aiconf.observer import observe  # noqa: PLC0415 - only with a snapshot

    places = dict(inputs["snapshot"])
    # Files that were named one after the other are one cluster, which is called by the first.
    order = [path for path in chosen.snapshots if path in places]
    if set(order) != set(places):
        raise InputError("the report does not name all of its snapshots among its options")
    seen = observe([places[path] for path in order], linter.catalog)
    records = tuple(replace(record, path=path) for path, record in zip(order, seen.records, strict=True))
    checker = Checker(linter, replace(seen, path=order[0], records=records), chosen.require)
    found = inputs.get("submission", [])
    subjects = [linter.subject(load_source(place, path), place.absolute()) for path, place in found if place.is_file()]
    return checker.report([checker.check_subject(subject) for subject in subjects] or [checker.check()])


# The kinds of inputs that a report can be made anew from.
_KINDS = ("submission", "snapshot", "exceptions")


def _chosen(recorded: Recorded) -> RecordedOptions:
    """The options it was made with, where it can be made anew at all."""
    for record in recorded.inputs:
        if record.kind not in _KINDS:
            raise InputError(f"{record.path[:200]} is of the kind {record.kind[:40]!r}, which cannot be verified")
        if record.path in ("-", "<stdin>"):
            raise InputError("the report was made from standard input, which cannot be read again")
    if not recorded.inputs:
        raise InputError("the report has no inputs, so that there is nothing to make it from")
    if recorded.options is None:
        raise InputError("the report does not say with which options it was made; make it with a newer aiconf")
    if recorded.options.online:
        raise InputError("the report was made with --online, and what the network said cannot be asked again")
    return recorded.options


def _options(recorded: Recorded, chosen: RecordedOptions, given: _Given) -> Options:
    """The options for making it anew."""
    return Options(
        catalog=given.catalog,
        select=tuple(chosen.select),
        ignore=tuple(chosen.ignore),
        authorities=tuple(chosen.authority),
        registry=given.registry or (inside(given.root, chosen.registry) if chosen.registry else None),
        kubernetes_version=chosen.kubernetes_version,
        members=_members(chosen, given),
        reference=recorded.tool.engine == "reference",
        fail_on=chosen.threshold,
        layered=chosen.layered,
        base=chosen.base,
        layers=inside(given.root, chosen.layers) if chosen.layers else None,
        inline_ignores=chosen.inline_ignores,
        today=chosen.today,
        exceptions=next((inside(given.root, one.path) for one in recorded.inputs if one.kind == "exceptions"), None),
    )


def _members(chosen: RecordedOptions, given: _Given) -> tuple[str, tuple[str, ...]] | None:
    """The member list, named as recorded, since messages name it."""
    if chosen.members is None:
        return None
    place = given.members or inside(given.root, chosen.members.source)
    found = read_members(place)
    return found and (chosen.members.source, found[1])
