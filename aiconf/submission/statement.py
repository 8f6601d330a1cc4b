"""What labelled notes say: which layer owns a requirement, with what component, as what contribution."""

from __future__ import annotations

import re
from bisect import bisect_left
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from aiconf.submission.prose import blank_markup, split_sentences
from aiconf.submission.readme import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiconf.submission.labels import Labels
    from aiconf.submission.lexicon import Names
    from aiconf.submission.readme import Row

# Kind of a label, its value, where the label begins and the value ends.
Labelled = tuple[str, str, int, int]

LEVEL = re.compile(r"\b(MUST|SHOULD)s?\b")
_BRACKET = re.compile(r"\(([^()]{2,120})\)")
_VERSION_ONLY = re.compile(r"\s*(?:v?\d[\w.]*)?")
_LAYERED_BRACKET = re.compile(r"\blayered\b[^()]{0,60}\(([^()]{2,120})\)", re.IGNORECASE)
_OWNED_BY = re.compile(
    r"\b(?:owned|provided|implemented|met|covered|satisfied|delivered)\s+by\s+(?P<who>[^.;,:\n]{2,80})", re.IGNORECASE
)


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


class StatementReader:
    """Reads statements with the words and names of one submission.

    Args:
        labels: The label words.
        names: Names tagged ``base``, ``own``, ``component``.
    """

    def __init__(self, labels: Labels, names: Names) -> None:
        self.labels, self.names = labels, names

    def from_notes(self, notes: str) -> Statement | None:
        """What labelled notes say, None when they say nothing of layers."""
        values = list(self._labelled(notes))
        if not values:
            return self._from_table(notes) or self._owned_by(notes)
        start, end = values[0][2], values[-1][3]
        owner = self._owner_of(values)
        contribution = next((v for kind, v, *_ in values if kind == "contribution"), "")
        component = next((c for c in map(self.component, self._preferred(values)) if c), "")
        if not owner and (prose := self._owned_by(notes)):
            owner, component = prose.owner, component or prose.component
        level = LEVEL.search(contribution[:40])
        return Statement(
            "notes",
            owner,
            component,
            self.labels.contribution(contribution),
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
            *(self.labels.says_not_applicable(value) for value in values),
            *(self.labels.says_not_applicable(sentence, at_head=True) for sentence in sentences),
        )
        return next(filter(None, said), "")

    def _labelled(self, notes: str) -> Iterator[Labelled]:
        """Kind of label, value, start of the label and end of the value, in order."""
        text = blank_markup(notes)
        found = list(self.labels.find_labels(text))
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
            if kind in ("base", "layered") and not self.labels.is_empty(value.rstrip(".")):
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
            for kind, start, end in self.names.find(head)
        )

    def owner(self, value: str) -> str:
        """The layer a value names, by layer words or, failing these, by the first name in it."""
        if found := self.labels.owner(value):
            return found
        first = min(((start, kind) for kind, start, _ in self.names.find(value)), default=(0, ""))[1]
        return {"base": "base", "own": "layered", "component": "layered"}.get(first, "")

    def _preferred(self, values: Sequence[Labelled]) -> list[str]:
        order = {"component": 0, "layered": 1, "owner": 2, "base": 3}
        ranked = sorted((v for v in values if v[0] in order), key=lambda v: order[v[0]])
        return [value for _, value, *_ in ranked]

    def component(self, value: str) -> str:
        """The component that a value names: in brackets after a layer word, a known name, or the whole short value."""
        bracket = _LAYERED_BRACKET.search(value) or _BRACKET.search(value)
        head = value.partition("(")[0]
        named = self._kinds(head)
        if bracket and (named == {"own"} or (self.labels.owner(head) and not named & {"own", "component"})):
            return bracket[1].strip()
        return self._known(value) or (bracket[1].strip() if bracket else "")

    def _component_beside(self, owner: str) -> str:
        """The component in a cell that tells the owner: the product's own name is none."""
        named = self.component(owner)
        return "" if self._kinds(named) == {"own"} else named

    def _kinds(self, value: str) -> set[str]:
        return {kind for kind, *_ in self.names.find(value)}

    def _known(self, value: str) -> str:
        found = sorted((start, end) for kind, start, end in self.names.find(value) if kind in ("component", "own"))
        return " + ".join(dict.fromkeys(value[start:end] for start, end in found))

    def _owned_by(self, notes: str) -> Statement | None:
        """Prose such as "This requirement is owned by the base (EKS)"."""
        for match in _OWNED_BY.finditer(blank_markup(notes)):
            if owner := self.labels.owner(match["who"]):
                text = " ".join(match[0].split())
                named = self._known if owner == "base" else self.component
                return Statement("notes", owner, named(match["who"]), text=text, spans={"owner": match.span()})
        return None

    # --- tables -----------------------------------------------------------------------------------------------------

    def _from_table(self, notes: str) -> Statement | None:
        rows = ((row, self.columns(row)) for row in read_rows(notes)) if "|" in notes else ()
        told = (self.from_row(row, columns)._replace(source="notes", line=0) for row, columns in rows if columns)
        return next((statement for statement in told if statement.owner or statement.contribution), None)

    def columns(self, row: Row) -> dict[str, str]:
        """The cells of a row whose columns mean something to us, by their role."""
        cells = dict[str, str]()
        for header, cell in zip(row.header, row.cells, strict=True):
            if role := self.labels.column(header):
                cells[role] = cell
        if not {"base_component", "layered_component"} & cells.keys():
            named = {self._column_of(header): cell for header, cell in zip(row.header, row.cells, strict=True)}
            if {"base_component", "layered_component"} <= named.keys():
                cells |= {role: cell for role, cell in named.items() if role}
        return cells

    def _column_of(self, header: str) -> str:
        """The role of a column that is called after the base or the product: both are, or neither means a layer."""
        head = header.partition("(")[0].strip()
        for kind, start, end in self.names.find(head):
            if start == 0 and _VERSION_ONLY.fullmatch(head, end):
                return {"base": "base_component", "own": "layered_component"}.get(kind, "")
        return ""

    def from_row(self, row: Row, columns: Mapping[str, str]) -> Statement:
        """What a row of a README's table says."""
        said = {"owner": columns.get("owner", ""), "component": columns.get("component", "")}
        layer, _, rest = columns.get("layer_component", "").partition(":")
        if layer:
            said = {"owner": layer, "component": rest.strip() or said["component"]}
        owners = {self.owner(said["owner"])} - {""}
        for side in ("layered", "base"):
            cell = columns.get(f"{side}_component", "")
            if not self.labels.is_empty(cell):
                owners.add(side)
                said["component"] = said["component"] or ("" if self.labels.is_yes(cell) else cell)
        contribution = columns.get("contribution", "")
        kind = self.labels.contribution(contribution)
        component = (
            said["component"] or self._component_beside(said["owner"]) or ("" if kind else self._known(contribution))
        )
        level = LEVEL.search(contribution or columns.get("level", ""))
        return Statement(
            "readme",
            "both" if {"base", "layered"} <= owners else next(iter(owners), ""),
            component,
            kind,
            level[1] if level and contribution else "",
            " | ".join(row.cells),
            row.line,
            does_not_apply=self.labels.says_not_applicable(contribution),
        )


def _spans(values: Sequence[Labelled]) -> dict[str, tuple[int, int]]:
    """Where the owner and the contribution are said: the first label of each."""
    spans: dict[str, tuple[int, int]] = {}
    for kind, _, start, end in values:
        if kind != "component":
            spans.setdefault("contribution" if kind == "contribution" else "owner", (start, end))
    return spans
