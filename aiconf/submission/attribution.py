"""Which layer owns each requirement, with what component, as what contribution, and where that is said.

Three places may say it: labelled notes (``Layer: layered runtime (KAI Scheduler). Contribution: …``), the README, and a
``layers.yaml`` that the vendor keeps. The last wins over notes, notes over the README; where they disagree is a fact of
its own. The words are data: ``rules/labels.yaml``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.submission.attribution_readme import ReadmeReader
from aiconf.submission.statement import Statement, StatementReader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.submission.labels import Labels
    from aiconf.submission.lexicon import Names

UNSTATED = "unstated"
_SOURCES = ("layers_file", "notes", "readme")  # the first that says something wins


class Attribution(NamedTuple):
    """The conclusion for one requirement; see the module for which place wins.

    Attributes:
        requirement: Its id.
        owner: base, layered, both or unstated.
        component: "" when unnamed.
        contribution: A kind, or unstated.
        level: The level that the contribution is said to be of, "" when it is not said.
        does_not_apply: The words by which it is said not to apply, "" when it is not said.
        statements: Everything that was said, in order of precedence.
        contradictions: ``{field, values, statements}`` for each field on which two places disagree.
    """

    requirement: str
    owner: str
    component: str
    contribution: str
    level: str
    does_not_apply: str
    statements: tuple[Statement, ...]
    contradictions: tuple[dict[str, Any], ...]


class AttributionReader:
    """Reads the places with the words and names of one submission.

    Args:
        labels: The label words.
        names: Names tagged ``base``, ``own``, ``component``.
        requirements: The ids that exist.

    Attributes:
        from_notes: What notes say, None when they say nothing of layers.
        from_readme: What the README says, as requirement and statement.
    """

    def __init__(self, labels: Labels, names: Names, requirements: Iterable[str]) -> None:
        statements = StatementReader(labels, names)
        self.from_notes = statements.from_notes
        self.from_readme = ReadmeReader(statements, requirements).read

    def conclude(self, notes: Mapping[str, str], readme: str, layers: Mapping[str, Any]) -> dict[str, Attribution]:
        """The attribution of every requirement that has notes or is named elsewhere.

        Args:
            notes: Requirement id to notes.
            readme: The README's text, "" without one.
            layers: The content of layers.yaml, empty without one.
        """
        said: dict[str, list[Statement]] = {name: [] for name in notes}
        for name, statement in (
            *self.from_layers_file(layers),
            *self._from_all_notes(notes),
            *self.from_readme(readme),
        ):
            said.setdefault(name, []).append(statement)
        return {name: _conclude(name, statements) for name, statements in said.items()}

    def _from_all_notes(self, notes: Mapping[str, str]) -> Iterator[tuple[str, Statement]]:
        for name, text in notes.items():
            if statement := self.from_notes(text):
                yield name, statement

    def from_layers_file(self, layers: Mapping[str, Any]) -> Iterator[tuple[str, Statement]]:
        """What a layers.yaml says; its shape is the schema's business, so anything odd is passed over."""
        rows = layers.get("layers")
        for name, row in rows.items() if isinstance(rows, dict) else ():
            if isinstance(name, str) and isinstance(row, dict):
                fields = {
                    key: row[key] for key in ("owner", "component", "contribution") if isinstance(row.get(key), str)
                }
                yield name, Statement("layers_file", **fields, text=str(row.get("note") or ""))


def _conclude(requirement: str, statements: list[Statement]) -> Attribution:
    ordered = sorted(statements, key=lambda statement: _SOURCES.index(statement.source))

    def first(field: str) -> str:
        return next((value for statement in ordered if (value := getattr(statement, field))), "")

    return Attribution(
        requirement,
        first("owner") or UNSTATED,
        first("component"),
        first("contribution") or UNSTATED,
        first("level"),
        first("does_not_apply"),
        tuple(ordered),
        tuple(_contradictions(ordered)),
    )


def _contradictions(statements: Sequence[Statement]) -> Iterator[dict[str, Any]]:
    """Fields on which places disagree. "both" agrees with either layer: a table has one column for two."""
    for field in ("owner", "contribution"):
        told = [s for s in statements if getattr(s, field) not in ("", "both")]
        values = list(dict.fromkeys(getattr(s, field) for s in told))
        if len(values) > 1:
            parted = [next(s for s in told if getattr(s, field) == value) for value in values]
            yield {"field": field, "values": values, "statements": parted}
