"""The facts of one layered product: its base, who owns what, the re-test, and the sentences that tell of somebody."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.submission.attribution import AttributionReader
from aiconf.submission.bases import Base, component_ids, implemented_by_base, is_of, names_of_components
from aiconf.submission.lexicon import Names
from aiconf.submission.places import LAYERS_FILE, Places
from aiconf.submission.prose import split_sentences
from aiconf.submission.readme import read_items
from aiconf.submission.retest import RetestReader
from aiconf.submission.wording import read_sentences, sentence_facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.registry import Registry
    from aiconf.source import Source
    from aiconf.submission.attribution import Attribution
    from aiconf.submission.facts import Surroundings
    from aiconf.submission.layering import Layering
    from aiconf.submission.layers import LayerReader
    from aiconf.submission.statement import Statement

_NEW = ("should_addition", "must_replacement")  # what the base must not have already
_FIELDS = {"owner": "the layer", "contribution": "the contribution"}


class Stack:
    """A layered product as one submission tells of it.

    Args:
        reader: The catalog's words and names.
        facts: The submission's facts, which are added to.
        source: Where its values stand.
        layering: What it stands on.
        readme: Its README, "" without one.
    """

    def __init__(
        self, reader: LayerReader, facts: dict[str, Any], source: Source, layering: Layering, readme: str
    ) -> None:
        self._reader, self._facts, self._source, self._layering = reader, facts, source, layering
        self._places = Places(source, readme)
        self._entries = {entry["id"]: entry for entry in reversed(facts["entries"]) if entry["id"]}

    def describe(self, around: Surroundings) -> None:
        """Add the facts."""
        facts, layering = self._facts, self._layering
        attributions = self._attributions(around.told.layers)
        base = Base(self._reader.platforms, layering, around.folder.product or "")
        texts = f"{self._source.text}\n{self._places.readme}"
        facts["base"] = {
            "name": layering.base,
            "known": layering.platform is not None,
            **base.facts(texts, around.registry, around.version),
        }
        for name, entry in self._entries.items():
            if said := attributions.get(name):
                entry["attribution"] = self._attribution(entry["pointer"], said)
        self._compare_with_base(around.registry)
        self._mark_evidence_of_base(base)
        # The layers are part of every report; what is said beside them is for rules alone.
        if around.wants("roadmap"):
            facts["roadmap"] = list(self._roadmap())
        if around.wants("retest"):
            facts["retest"] = list(self._retest())
        if around.wants("sentences"):
            facts["sentences"] = list(self._sentences(attributions))

    # --- names and texts ----------------------------------------------------------------------------------------------

    def _value(self, field: str) -> str:
        value = self._facts["metadata"].get(field)
        return value if isinstance(value, str) else ""

    def _names(self, *own: str) -> Names:
        layering, platforms = self._layering, self._reader.platforms
        own = (layering.product, *own)
        return platforms.names(layering.base, layering.platform, own, self._reader.data["components"])

    @cached_property
    def _own_names(self) -> Names:
        return self._names()

    @cached_property
    def _components(self) -> Names:
        return Names(names_of_components(self._reader.data["components"]))

    def _texts(self) -> Iterator[tuple[str, str | None, str]]:
        """Pointer ("" for the README), requirement and text of everything that is prose."""
        for entry in self._facts["entries"]:
            yield f"{entry['pointer']}/notes", entry["id"], entry["notes"]
        yield "/metadata/description", None, self._value("description")
        yield "", None, self._places.readme

    # --- who owns what ------------------------------------------------------------------------------------------------

    def _attributions(self, layers: Mapping[str, Any]) -> dict[str, Attribution]:
        reader = AttributionReader(self._reader.labels, self._own_names, self._entries)
        notes = {name: entry["notes"] for name, entry in self._entries.items()}
        return reader.conclude(notes, self._places.readme, layers)

    def _attribution(self, pointer: str, said: Attribution) -> dict[str, Any]:
        """An attribution as rules see it, with the places of the words that tell the owner and the contribution."""
        return {
            "owner": said.owner,
            "component": said.component,
            "contribution": said.contribution,
            "level": said.level,
            "does_not_apply": said.does_not_apply,
            "in_base": None,
            "owner_place": self._place_of(pointer, said, "owner"),
            "contribution_place": self._place_of(pointer, said, "contribution"),
            "contradictions": [
                {
                    "what": _FIELDS[found["field"]],
                    "values": found["values"],
                    "sources": [self._source_of(pointer, one, found["field"]) for one in found["statements"]],
                    "place": self._place(pointer, found["statements"][0], found["field"]),
                }
                for found in said.contradictions
            ],
        }

    def _place_of(self, pointer: str, said: Attribution, field: str) -> dict[str, Any] | None:
        telling = next((one for one in said.statements if getattr(one, field)), None)
        return self._place(pointer, telling, field) if telling else None

    def _place(self, pointer: str, statement: Statement, field: str) -> dict[str, Any] | None:
        if statement.source == "readme":
            return self._places.readme_line(statement.line)
        span = statement.spans.get(field)
        return self._places.of(f"{pointer}/notes", *span) if span else None

    def _source_of(self, pointer: str, statement: Statement, field: str) -> str:
        """The place in words: ``the notes (line 12)``, ``README.md (line 40)``, ``layers.yaml``."""
        if statement.source == "layers_file":
            return LAYERS_FILE
        if statement.source == "readme":
            return f"README.md (line {statement.line})"
        place = self._place(pointer, statement, field)
        line = place["line"] if place else self._source.position(f"{pointer}/notes").line
        return f"the notes (line {line})"

    def _roadmap(self) -> Iterator[dict[str, Any]]:
        for item in read_items(self._places.readme, self._reader.labels.roadmap_heading.search):
            yield {
                "text": item.text[:200],
                "line": item.line,
                "components": component_ids(self._components, item.text),
            }

    # --- what the base has --------------------------------------------------------------------------------------------

    def _compare_with_base(self, registry: Registry | None) -> None:
        """Read the base's entry, where something is called new that it may have."""
        path = self._facts["base"]["entry"]
        new = [entry for entry in self._facts["entries"] if entry["attribution"]["contribution"] in _NEW]
        if registry is None or not path or not new:
            return
        implemented = implemented_by_base(registry, path, self._components)
        for entry in new:
            if entry["id"] in implemented:
                theirs = implemented[entry["id"]]
                ours = component_ids(self._components, entry["attribution"]["component"])
                shared = [name for name in ours if name in theirs]
                entry["attribution"]["in_base"] = {"components": self._named(theirs), "shared": self._named(shared)}

    def _named(self, ids: list[str]) -> list[str]:
        rows = {row["id"]: row["name"] for row in self._reader.data["components"]["components"]}
        return [rows[name] for name in ids]

    def _mark_evidence_of_base(self, base: Base) -> None:
        """Which evidence is the base vendor's; where both are of one vendor, that cannot be told."""
        platform, platforms = self._layering.platform, self._reader.platforms
        if platform and platforms.same_vendor(self._value("vendorName"), platform):
            return
        for entry in self._facts["entries"]:
            for item in entry["evidence"]:
                address = item["target"].partition("://")[2]
                item["of_base"] = item["kind"] == "url" and (is_of(address, platform) or base.has(address))

    # --- what is said -------------------------------------------------------------------------------------------------

    def _retest(self) -> Iterator[dict[str, Any]]:
        words = self._reader.labels.data["retest"]
        reader = RetestReader(words, self._own_names, self._layering.product, self._entries)
        comments = "\n".join(comment.text for comment in self._source.comments)
        for pointer, requirement, text in (*self._texts(), ("#", None, comments)):
            for said in reader.read(text):
                yield {
                    "text": said.text,
                    "pointer": "" if pointer == "#" else pointer,
                    "requirement": requirement or "",
                    "place": None if pointer == "#" else self._places.of(pointer, said.start, said.end),
                    "every_must": said.every_must,
                    "requirements": list(said.requirements),
                    "kubernetes": list(said.kubernetes),
                    "product_versions": list(said.product_versions),
                }

    def _sentences(self, attributions: dict[str, Attribution]) -> Iterator[dict[str, Any]]:
        lexicon = self._reader.lexicon
        components = [found.component for found in attributions.values() if found.owner != "base"]
        names = self._names(self._value("vendorName"), *components)
        for pointer, requirement, text in self._texts():
            for marked in read_sentences(lexicon, names, split_sentences(text)):
                if marked.marks:
                    found = sentence_facts(lexicon, marked, pointer, requirement)
                    mark = next((mark for mark in found["marks"] if not mark["guards"]), found["marks"][0])
                    yield {**found, "place": self._places.of(pointer, mark["start"], mark["end"])}
