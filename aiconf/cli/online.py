"""``aiconf lint --online``: ask the network what the rules want to know of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from aiconf.cache import cache_directory
from aiconf.linter import Linter
from aiconf.online import ALL_PRIVATE, Settings, Wanted, check_urls, load_members
from aiconf.source import load_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aiconf.cli.output import Output
    from aiconf.options import Options


def asked(options: Options, files: Sequence[Path], output: Output, *, allow_private: bool) -> Options:
    """The options, with what the network says of every address in the submissions and of the member list."""
    settings = Settings(
        now=datetime.now(tz=UTC),
        cache=cache_directory(),
        allow_private=ALL_PRIVATE if allow_private else (),
    )
    linter = Linter(options)
    wanted = list(dict.fromkeys(one for path in files for one in _wanted(linter, path)))
    with output.progress("asking for addresses") as progress:
        answers = check_urls(wanted, settings, progress)
    return replace(options, online=answers, members=options.members or _members(linter, settings))


def _wanted(linter: Linter, path: Path) -> Iterator[Wanted]:
    submission: dict[str, Any] = linter.subject(load_source(path), path.absolute()).facts["submission"]
    for field in submission["fields"]:
        if field["format"] == "url" and field["text"].startswith(("http://", "https://")) and not field["placeholder"]:
            yield Wanted(field["text"], field["purpose"])
    for entry in submission["entries"]:
        yield from (Wanted(item["text"]) for item in entry["evidence"] if item["kind"] == "url")


def _members(linter: Linter, settings: Settings) -> tuple[str, tuple[str, ...]] | None:
    """Today's list where it could be read; without it the shipped one stands, and an unknown name stays a warning."""
    found = load_members(settings, linter.catalog.data["members"])
    if found["problem"]:
        click.echo(f"the member list could not be read: {found['problem']}; an older one is used", err=True)
    return (found["source"], tuple(found["names"])) if found["authoritative"] else None
