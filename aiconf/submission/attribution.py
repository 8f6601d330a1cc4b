"""Which layer owns each requirement, with what component, as what contribution, and where that is said.

Three places may say it: labelled notes (``Layer: layered runtime (KAI Scheduler). Contribution: …``), tables in the
README, and a ``layers.yaml`` that the vendor keeps. The last wins over notes, notes over the README; where they
disagree is a fact of its own. The words are data: ``rules/labels.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.submission.platforms import slug
from aiconf.submission.prose import blank_markup, split_sentences
from aiconf.submission.readme import read_items, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.submission.labels import Labels
    from aiconf.submission.lexicon import Names
    from aiconf.submission.readme import Row

# Kind of a label, its value, where the label begins and the value ends.
Labelled = tuple[str, str, int, int]

UNSTATED = "unstated"
_SOURCES = ("layers_file", "notes", "readme")  # the first that says something wins
_LEVEL = re.compile(r"\b(MUST|SHOULD)s?\b")
_BRACKET = re.compile(r"\(([^()]{2,120})\)")
_VERSION_ONLY = re.compile(r"\s*(?:v?\d[\w.]*)?")
_LAYERED_BRACKET = re.compile(r"\blayered\b[^()]{0,60}\(([^()]{2,120})\)", re.IGNORECASE)
_OWNED_BY = re.compile(
    r"\b(?:owned|provided|implemented|met|covered|satisfied|delivered)\s+by\s+(?P<who>[^.;,:\n]{2,80})", re.IGNORECASE
)
_WORD_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")


class Statement(NamedTuple):
    """What one place says of one requirement; a field is "" where it says nothing.

    Attributes:
        source: ``layers_file``, ``notes`` or ``readme``.
        owner: base, layered or both.
        component: The component's name, as it is written.
        contribution: must_replacement, variant, should_addition, roadmap, matches_base or implements.
        level: The level that the contribution is said to be of (``MUST — variant``).
        text: The words, quoted.
        line: 1-based line in the README, 0 for the other places.
        spans: In notes, start and end of what says each field (``owner``, ``contribution``).
        does_not_apply: The words by which the requirement is said not to apply to the product.
    """

    source: str
    owner: str = ""
    component: str = ""
    contribution: str = ""
    level: str = ""
    text: str = ""
    line: int = 0
    spans: Mapping[str, tuple[int, int]] = MappingProxyType({})
    does_not_apply: str = ""


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
    """

    def __init__(self, labels: Labels, names: Names, requirements: Iterable[str]) -> None:
        self._labels, self._names = labels, names
        self._ids = {slug(name): name for name in requirements}

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

    # --- notes ------------------------------------------------------------------------------------------------------

    def from_notes(self, notes: str) -> Statement | None:
        """What labelled notes say, None when they say nothing of layers."""
        values = list(self._labelled(notes))
        if not values:
            return self._owned_by(notes)
        start, end = values[0][2], values[-1][3]
        owner = self._owner_of(values)
        contribution = next((v for kind, v, *_ in values if kind == "contribution"), "")
        component = next((c for c in map(self._component, self._preferred(values)) if c), "")
        level = _LEVEL.search(contribution[:40])
        return Statement(
            "notes",
            owner,
            component,
            self._labels.contribution(contribution),
            level[1] if level else "",
            " ".join(notes[start:end].split()),
            spans=_spans(values),
            does_not_apply=self._does_not_apply(notes, values),
        )

    def _does_not_apply(self, notes: str, labelled: Sequence[Labelled]) -> str:
        """Words that say it of the product: as the value of a label of its own, or at the head of a sentence.

        "Base: does not apply" says it of the base, and "does not apply to MIG" of something else.
        """
        values = [value for kind, value, *_ in labelled if kind != "base"]
        sentences = [sentence.clean.lstrip() for sentence in split_sentences(notes)]
        said = (
            *(self._labels.says_not_applicable(value) for value in values),
            *(self._labels.says_not_applicable(sentence, at_head=True) for sentence in sentences),
        )
        return next(filter(None, said), "")

    def _labelled(self, notes: str) -> Iterator[Labelled]:
        """Kind of label, value, start of the label and end of the value, in order."""
        text = blank_markup(notes)
        found = list(self._labels.find_labels(text))
        ends = [sentence.end for sentence in split_sentences(notes)] if found else []
        for index, (kind, start, value_start) in enumerate(found):
            limit = found[index + 1][1] if index + 1 < len(found) else len(text)
            following = bisect_left(ends, value_start)
            end = min([limit, *ends[following : following + 1]])
            value = text[value_start:end]
            yield kind, value.strip(" \n,;|"), start, value_start + len(value.rstrip(" \n,;|."))

    def _owner_of(self, values: Sequence[Labelled]) -> str:
        said = {self.owner(value) for kind, value, *_ in values if kind == "owner"} - {""}
        for kind, value, *_ in values:
            if kind in ("base", "layered") and not self._labels.is_empty(value.rstrip(".")):
                # "Base platform: EKS" beside an owner tells what the base is, not whose the requirement is.
                if kind == "base" and self._only_a_name(value) and len(values) > 1:
                    continue
                said.add(kind)
        if not said and any(kind == "layered" for kind, *_ in values):
            return "base"  # "Layered: does not apply"
        return "both" if "both" in said or {"base", "layered"} <= said else next(iter(said), "")

    def _only_a_name(self, value: str) -> bool:
        head = value.partition("(")[0].strip(" .")
        return any(
            kind == "base" and start == 0 and _VERSION_ONLY.fullmatch(head, end)
            for kind, start, end in self._names.find(head)
        )

    def owner(self, value: str) -> str:
        """The layer a value names, by layer words or, failing these, by the first name in it."""
        if found := self._labels.owner(value):
            return found
        first = min(((start, kind) for kind, start, _ in self._names.find(value)), default=(0, ""))[1]
        return {"base": "base", "own": "layered", "component": "layered"}.get(first, "")

    def _preferred(self, values: Sequence[Labelled]) -> list[str]:
        order = {"component": 0, "layered": 1, "owner": 2, "base": 3}
        ranked = sorted((v for v in values if v[0] in order), key=lambda v: order[v[0]])
        return [value for _, value, *_ in ranked]

    def _component(self, value: str) -> str:
        """The component that a value names: in brackets after a layer word, a known name, or the whole short value."""
        bracket = _LAYERED_BRACKET.search(value) or _BRACKET.search(value)
        head = value.partition("(")[0]
        if bracket and self._labels.owner(head) and not self._known(head):
            return bracket[1].strip()
        return self._known(value) or (bracket[1].strip() if bracket else "")

    def _known(self, value: str) -> str:
        found = sorted((start, end) for kind, start, end in self._names.find(value) if kind in ("component", "own"))
        return " + ".join(dict.fromkeys(value[start:end] for start, end in found))

    def _owned_by(self, notes: str) -> Statement | None:
        """Prose such as "This requirement is owned by the base (EKS)"."""
        for match in _OWNED_BY.finditer(blank_markup(notes)):
            if owner := self._labels.owner(match["who"]):
                text = " ".join(match[0].split())
                return Statement("notes", owner, self._known(match["who"]), text=text, spans={"owner": match.span()})
        return None

    # --- README -----------------------------------------------------------------------------------------------------

    def from_readme(self, readme: str) -> Iterator[tuple[str, Statement]]:
        """What tables, and the list under a roadmap heading, say."""
        for row in read_rows(readme):
            columns = {
                role: cell for h, cell in zip(row.header, row.cells, strict=True) if (role := self._labels.column(h))
            }
            name = self.requirement(columns.get("requirement", row.cells[0]))
            if name and len(columns) > 1:
                yield name, self._from_row(row, columns)
        for item in read_items(readme, self._labels.roadmap_heading.search):
            if name := self.requirement(item.text):
                component = self._known(item.text)
                owner = "layered" if component else ""
                yield name, Statement("readme", owner, component, "roadmap", text=item.text[:200], line=item.line)

    def _from_row(self, row: Row, columns: Mapping[str, str]) -> Statement:
        said = {"owner": columns.get("owner", ""), "component": columns.get("component", "")}
        layer, _, rest = columns.get("layer_component", "").partition(":")
        if layer:
            said = {"owner": layer, "component": rest.strip() or said["component"]}
        owners = {self.owner(said["owner"])} - {""}
        for side in ("base", "layered"):
            cell = columns.get(f"{side}_component", "")
            if not self._labels.is_empty(cell):
                owners.add(side)
                said["component"] = said["component"] or ("" if self._labels.is_yes(cell) else cell)
        contribution = columns.get("contribution", "")
        level = _LEVEL.search(contribution or columns.get("level", ""))
        return Statement(
            "readme",
            "both" if {"base", "layered"} <= owners else next(iter(owners), ""),
            said["component"],
            self._labels.contribution(contribution),
            level[1] if level and contribution else "",
            " | ".join(row.cells),
            row.line,
            does_not_apply=self._labels.says_not_applicable(contribution),
        )

    def requirement(self, text: str) -> str:
        """The id that a cell or item names, by itself or by its words ("Gang scheduling"); "" if none."""
        for word in _WORD_ID.findall(text[:400]):
            if slug(word) in self._ids:
                return self._ids[slug(word)]
        words = slug(text[:200])
        if words in self._ids:
            return self._ids[words]
        return next((name for key, name in self._ids.items() if f"-{words}-".startswith(f"-{key}-")), "")

    # --- layers.yaml ------------------------------------------------------------------------------------------------

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


def _spans(values: Sequence[Labelled]) -> dict[str, tuple[int, int]]:
    """Where the owner and the contribution are said: the first label of each."""
    spans: dict[str, tuple[int, int]] = {}
    for kind, _, start, end in values:
        if kind != "component":
            spans.setdefault("contribution" if kind == "contribution" else "owner", (start, end))
    return spans
