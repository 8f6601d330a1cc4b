"""How a report made anew differs from the recorded one: causes first, then what they did to the findings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from aiconf.verify.recorded import RecordedOptions

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

    from aiconf.verify.recorded import Finding, Recorded

Key = Callable[[Any], Any]


class Difference(NamedTuple):
    """One thing that is not as recorded: what it concerns, and what has become of it, in one line."""

    what: str
    text: str


def differences(recorded: Recorded, anew: Recorded, missing: Sequence[str] = ()) -> list[Difference]:
    """How a report made anew differs from the recorded one, causes first; empty when they are the same.

    Args:
        recorded: The report to verify.
        anew: The report made anew.
        missing: Inputs that are no longer there; what was found in them is not compared.
    """
    gone = set(missing)
    found = [Difference("input", f"{path} is missing") for path in missing]
    found += _tool(recorded, anew)
    found += _inputs(recorded, anew, gone)
    found += _surroundings(recorded, anew, gone)
    found += _findings(recorded, anew, gone)
    found += _rows(recorded, anew, gone)
    found += _errors(recorded, anew, gone)
    if not gone and (recorded.verdict, recorded.summary) != (anew.verdict, anew.summary):
        before, after = (f"{report.verdict} {_counts(report.summary)}" for report in (recorded, anew))
        found.append(Difference("verdict", f"was {before}, is {after}"))
    return found


def _counts(summary: Mapping[str, int]) -> str:
    return "(" + ", ".join(f"{number} {word}" for word, number in sorted(summary.items())[:10]) + ")"


def _tool(recorded: Recorded, anew: Recorded) -> Iterator[Difference]:
    for key in ("name", "version", "engine", "catalog"):
        before, after = getattr(recorded.tool, key), getattr(anew.tool, key)
        if before != after:
            what = "the rules and policies" if key == "catalog" else f"the tool's {key}"
            yield Difference(key, f"{what}: recorded {before[:80]}, here {after[:80]}")


def _inputs(recorded: Recorded, anew: Recorded, gone: set[str]) -> Iterator[Difference]:
    digests = {record.path: record.sha256 for record in anew.inputs}
    for record in recorded.inputs:
        found = digests.get(record.path)
        if record.path not in gone and found != record.sha256:
            text = "cannot be read" if found is None else f"was {record.sha256[:64]}, is {found}"
            yield Difference("input", f"{record.path} has changed: {text}")


def _surroundings(recorded: Recorded, anew: Recorded, gone: set[str]) -> Iterator[Difference]:
    before, after = recorded.options or RecordedOptions(), anew.options or RecordedOptions()
    if recorded.options is None:
        return
    # Without all inputs it is not known which checkouts they had.
    if not gone and before.checklists != after.checklists:
        yield Difference("checklists", "the checklists of the registry have changed")
    if (before.members and before.members.sha256) != (after.members and after.members.sha256):
        source = before.members.source if before.members else "shipped"
        yield Difference("members", f"the member list ({source[:200]}) has changed")


def _findings(recorded: Recorded, anew: Recorded, gone: set[str]) -> Iterator[Difference]:
    before = [finding for finding in recorded.findings if finding.path not in gone]
    after = [finding for finding in anew.findings if finding.path not in gone]
    same = (lambda f: f, lambda f: (f.path, f.id, f.pointer), lambda f: (f.path, f.id, f.requirement))
    for old, new in _paired(before, after, same):
        if new is None:
            yield Difference("finding", f"vanished: {_place(old)}")
        elif old is None:
            yield Difference("finding", f"appeared: {_place(new)}")
        elif old != new:
            yield Difference("finding", f"changed: {_place(old)}: {_changes(old, new)}")


def _place(finding: Finding) -> str:
    return f"{finding.path}:{finding.line}:{finding.column} {finding.severity}[{finding.id}] {finding.message[:200]}"


def _rows(recorded: Recorded, anew: Recorded, gone: set[str]) -> Iterator[Difference]:
    before = [row for row in recorded.requirements if row.input not in gone]
    after = [row for row in anew.requirements if row.input not in gone]
    for old, new in _paired(before, after, (lambda row: (row.input, row.id),)):
        row = old or new
        if old is None or new is None:
            yield Difference("requirement", f"{row.input} {row.id} {'appeared' if old is None else 'vanished'}")
        elif old != new:
            yield Difference("requirement", f"{row.input} {row.id} changed: {_changes(old, new)}")


def _errors(recorded: Recorded, anew: Recorded, gone: set[str]) -> Iterator[Difference]:
    before = [error for error in recorded.errors if error.path not in gone]
    for old, new in _paired(before, anew.errors, (lambda error: (error.id, error.path, error.message),)):
        error = old or new
        if old is None or new is None:
            text = f"{error.path}: {error.id or 'input'}: {error.message[:200]}"
            yield Difference("error", f"{'appeared' if old is None else 'vanished'}: {text}")


def _changes(old: msgspec.Struct, new: msgspec.Struct) -> str:
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in old.__struct_fields__)
    return "; ".join(f"{name} was {_short(a)}, is {_short(b)}" for name, a, b in pairs if a != b)


def _short(value: object) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 200 else text[:199] + "…"  # noqa: PLR2004 - a line's worth


def _paired(before: Sequence[Any], after: Sequence[Any], keys: Sequence[Key]) -> Iterator[tuple[Any, Any]]:
    """Old and new values that mean the same, by the first key that matches; None for a partner that is not there."""
    for key in keys:
        waiting: dict[Hashable, list[Any]] = {}
        for value in after:
            waiting.setdefault(_hashable(key(value)), []).append(value)
        left = []
        for value in before:
            if partners := waiting.get(_hashable(key(value))):
                yield value, partners.pop(0)
            else:
                left.append(value)
        before, after = left, [value for values in waiting.values() for value in values]
    yield from ((value, None) for value in before)
    yield from ((None, value) for value in after)


def _hashable(key: object) -> Hashable:
    return key if isinstance(key, tuple) else msgspec.json.encode(key)
