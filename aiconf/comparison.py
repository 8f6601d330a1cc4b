"""What changed between two snapshots of a cluster: which verdicts, and by which objects.

It answers the question of the re-test: did what was laid on top change what lies below?
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.snapshot.index import kind_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.model import RequirementRow
    from aiconf.observer import Observation

# What changes all the time without saying anything about a requirement.
_RESTLESS = {"lastTransitionTime", "lastProbeTime", "uid", "creationTimestamp", "observedGeneration", "generation"}
_MOST_CHANGES = 5


class ObjectChange(NamedTuple):
    """An object that one of two judgements cites.

    Attributes:
        reference: ``apps/v1 Deployment space/name``.
        how: ``appeared``, ``vanished``, ``changed``, or ``same`` when only what is said of it differs.
        fields: What changed in it, as JSON Pointer, old and new value; the first few.
    """

    reference: str
    how: str
    fields: tuple[tuple[str, Any, Any], ...] = ()


class RequirementChange(NamedTuple):
    """A requirement that is judged otherwise than before.

    Attributes:
        id: The requirement.
        old: How it was judged, None when it was not required then.
        new: How it is judged, None when it is not required any more.
        objects: What either judgement cites and is not the same.
    """

    id: str
    old: RequirementRow | None
    new: RequirementRow | None
    objects: tuple[ObjectChange, ...]

    @property
    def verdict_changed(self) -> bool:
        """Whether result or proof differ, and not only the component or the objects."""
        return self.old is None or self.new is None or _verdict(self.old) != _verdict(self.new)


def compare(
    old: Observation, old_rows: Sequence[RequirementRow], new: Observation, new_rows: Sequence[RequirementRow]
) -> list[RequirementChange]:
    """The requirements that are judged otherwise, in the order of the newer rows.

    Args:
        old: The earlier snapshot.
        old_rows: How it was judged.
        new: The later snapshot.
        new_rows: How it was judged.
    """
    before, after = {row.id: row for row in old_rows}, {row.id: row for row in new_rows}
    changes = []
    for id_ in dict.fromkeys([*after, *before]):
        was, now = before.get(id_), after.get(id_)
        if was is None or now is None or _said(was) != _said(now):
            cited = dict.fromkeys(reference for row in (was, now) if row for reference in row.objects)
            changes.append(RequirementChange(id_, was, now, tuple(_objects(cited, old, new))))
    return changes


def _verdict(row: RequirementRow) -> tuple[Any, ...]:
    return row.result, row.proof


def _said(row: RequirementRow) -> tuple[Any, ...]:
    return row.result, row.proof, row.component, row.objects


def _objects(cited: Iterable[str], old: Observation, new: Observation) -> Iterator[ObjectChange]:
    for reference in cited:
        was, now = find(reference, old), find(reference, new)
        if was is None and now is None:
            continue  # no object: something that a policy says in its own words
        if was is None or now is None:
            yield ObjectChange(reference, "appeared" if was is None else "vanished")
        else:
            fields = tuple(_differences("", was, now))
            yield ObjectChange(reference, "changed" if fields else "same", fields[:_MOST_CHANGES])


def find(reference: str, seen: Observation) -> dict[str, Any] | None:
    """The object that a report calls ``apps/v1 Deployment space/name``, None when there is none."""
    parts = reference.split(" ")
    if len(parts) != 3:  # noqa: PLR2004 - the three that the docstring shows
        return None
    namespace, _, name = parts[2].rpartition("/")
    return seen.index.find(kind_key(parts[0], parts[1]), namespace or None, name)


def _differences(pointer: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted({*old, *new} - _RESTLESS):
            yield from _differences(
                f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}", old.get(key), new.get(key)
            )
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (was, now) in enumerate(zip(_ordered(old), _ordered(new), strict=True)):
            yield from _differences(f"{pointer}/{index}", was, now)
    elif old != new:
        yield pointer, old, new


def _ordered(items: list[Any]) -> list[Any]:
    """Conditions by type: controllers write them in any order."""
    if all(isinstance(item, dict) and isinstance(item.get("type"), str) for item in items):
        return sorted(items, key=lambda item: item["type"])
    return items


def as_plain(changes: Iterable[RequirementChange]) -> list[dict[str, Any]]:
    """Changes as plain data."""
    return [
        {
            "id": change.id,
            "verdict_changed": change.verdict_changed,
            "old": _plain_row(change.old),
            "new": _plain_row(change.new),
            "objects": [
                {
                    "object": one.reference,
                    "how": one.how,
                    "fields": [{"pointer": pointer, "old": was, "new": now} for pointer, was, now in one.fields],
                }
                for one in change.objects
            ],
        }
        for change in changes
    ]


def _plain_row(row: RequirementRow | None) -> Mapping[str, Any] | None:
    if row is None:
        return None
    return {
        "result": row.result,
        "proof": row.proof,
        "component": row.component,
        "objects": list(row.objects),
        "reasons": list(row.reasons),
    }
