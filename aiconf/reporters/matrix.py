"""The requirement matrix: what each of its columns says of a requirement, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.reporters.phrases import OWNERS, outcome, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aiconf.model import RequirementRow

_OBJECTS = 3


def contribution(row: RequirementRow) -> str:
    """What the layered product adds, empty when the submission does not say."""
    return words(row.contribution) if row.contribution != "unstated" else ""


def named_objects(row: RequirementRow) -> str:
    """The first objects that show it, and how many there are beside; empty without any."""
    more = [f"{len(row.objects) - _OBJECTS} more"] if len(row.objects) > _OBJECTS else []
    return ", ".join([*row.objects[:_OBJECTS], *more])


def _shown_by(row: RequirementRow) -> str:
    """The first objects that show it, else why the result is what it is."""
    return named_objects(row) or " ".join(row.reasons)


COLUMNS: dict[str, Callable[[RequirementRow], str]] = {
    "Level": lambda row: row.level or "",
    "Claim": lambda row: row.status or "",
    "Owner": lambda row: OWNERS.get(row.owner, ""),
    "Component": lambda row: row.component or "",
    "Contribution": contribution,
    "Result": outcome,
    "Evidence": _shown_by,
}


def filled(rows: Sequence[RequirementRow]) -> list[str]:
    """The titles of the columns that have something to say in any row."""
    return [title for title, text in COLUMNS.items() if any(map(text, rows))]


def remark(rows: Sequence[RequirementRow]) -> str:
    """Names the columns that are left out because they would be empty; empty when there are none."""
    missing = [title.lower() for title in COLUMNS if title not in filled(rows)]
    return f"Nothing is stated or known for any requirement: {', '.join(missing)}." if missing else ""
