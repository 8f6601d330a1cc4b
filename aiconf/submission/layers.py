"""The facts of a layered product: that it is one and on what it stands, who owns what, and how it is worded.

`LayerReader.read` adds to the facts of a submission:

- ``layered``, ``base`` ({name, known}) and ``layered_reasons[]`` {kind, text, where, line, conclusive};
- ``entries[].attribution`` {owner, component, contribution, level, contradictions[]};
- ``sentences[]``: those of notes, description and README that say something of somebody, see `wording.sentence_facts`,
  with ``where`` (PRODUCT.yaml or README.md), ``line`` and, inside PRODUCT.yaml, ``place`` of the first telling words.

The words are data (``rules/wording.yaml``, ``rules/labels.yaml``) and are compiled for the first submission that needs
them: one that stands on nothing needs few.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.submission.labels import Labels
from aiconf.submission.layering import LayeringReader, Submission, Text, comment_texts
from aiconf.submission.platforms import Platforms

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.source import Source
    from aiconf.submission.attribution import Attribution
    from aiconf.submission.facts import Surroundings
    from aiconf.submission.folder import ProductFolder
    from aiconf.submission.layering import Layering
    from aiconf.submission.lexicon import Lexicon

README = "README.md"
_README_LIMIT = 1024 * 1024
UNSTATED: dict[str, Any] = {
    "owner": "unstated",
    "component": "",
    "contribution": "unstated",
    "level": "",
    "contradictions": [],
}
NOT_LAYERED: dict[str, Any] = {"layered": False, "base": None, "layered_reasons": [], "sentences": []}


class LayerReader:
    """Reads what submissions say of layers, with the catalog's words and names.

    Args:
        data: The catalog's data files by name.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self._data["labels"])

    @cached_property
    def _platforms(self) -> Platforms:
        return Platforms(self._data["distributions"])

    @cached_property
    def _lexicon(self) -> Lexicon:
        from aiconf.submission.lexicon import Lexicon  # noqa: PLC0415 - only for a layered product

        return Lexicon(self._data["wording"])

    @cached_property
    def _layering(self) -> LayeringReader:
        return LayeringReader(self._labels, self._platforms)

    def read(self, facts: dict[str, Any], source: Source, around: Surroundings) -> None:
        """Add the facts of layers to those of a submission."""
        folder, told = around.folder, around.told
        readme = _readme(folder)
        description = facts["metadata"].get("description")
        texts = [Text("/metadata/description", description)] if isinstance(description, str) else []
        texts += [Text(README, readme, 1)] if readme else []
        texts += comment_texts((comment.line, comment.text) for comment in source.comments)
        notes = {f"{entry['pointer']}/notes": entry["notes"] for entry in facts["entries"]}
        submission = Submission(facts["metadata"], folder.product or "", notes, texts)
        base = told.base_name(self._platforms) if told.base else None
        layering = told.with_reason(self._layering.conclude(submission, layered=told.layered, base=base))
        facts["layered_reasons"] = [_reason(reason) for reason in layering.reasons]
        facts["layered"] = layering.layered
        if layering.layered:
            facts["base"] = {"name": layering.base, "known": layering.platform is not None}
            attributions = self._attribute(facts, layering, readme, told.layers)
            facts["sentences"] = list(self._sentences(facts, source, layering, readme, attributions))

    def _attribute(
        self, facts: dict[str, Any], layering: Layering, readme: str, layers: Mapping[str, Any]
    ) -> dict[str, Attribution]:
        from aiconf.submission.attribution import AttributionReader  # noqa: PLC0415 - only for a layered product

        names = self._platforms.names(layering.base, layering.platform, [layering.product], self._data["components"])
        entries = {entry["id"]: entry for entry in reversed(facts["entries"]) if entry["id"]}
        reader = AttributionReader(self._labels, names, entries)
        found = reader.conclude({name: entry["notes"] for name, entry in entries.items()}, readme, layers)
        for name, entry in entries.items():
            if attribution := found.get(name):
                entry["attribution"] = {
                    "owner": attribution.owner,
                    "component": attribution.component,
                    "contribution": attribution.contribution,
                    "level": attribution.level,
                    "contradictions": list(attribution.contradictions),
                }
        return found

    def _sentences(
        self,
        facts: dict[str, Any],
        source: Source,
        layering: Layering,
        readme: str,
        attributions: dict[str, Attribution],
    ) -> Iterator[dict[str, Any]]:
        from aiconf.submission.prose import split_sentences  # noqa: PLC0415 - as below
        from aiconf.submission.wording import read_sentences, sentence_facts  # noqa: PLC0415 - only when layered

        vendor = facts["metadata"].get("vendorName")
        components = [found.component for found in attributions.values() if found.owner != "base"]
        own = [layering.product, vendor if isinstance(vendor, str) else "", *components]
        names = self._platforms.names(layering.base, layering.platform, own, self._data["components"])
        texts = [(f"{entry['pointer']}/notes", entry["id"], entry["notes"]) for entry in facts["entries"]]
        description = facts["metadata"].get("description")
        if isinstance(description, str):
            texts.append(("/metadata/description", None, description))
        for pointer, requirement, text in [*texts, ("", None, readme)]:
            for marked in read_sentences(self._lexicon, names, split_sentences(text)):
                if marked.marks:
                    found = sentence_facts(self._lexicon, marked, pointer, requirement)
                    yield {**found, **_place(source, pointer, text, found)}


def _readme(folder: ProductFolder) -> str:
    """The README beside the submission, "" without one; a link out of the folder is not followed."""
    if folder.root is None or folder.state(README) != "file":
        return ""
    try:
        with (folder.root / README).open("rb") as file:
            return file.read(_README_LIMIT).decode("utf-8", "replace")
    except OSError:
        return ""


def _reason(reason: Any) -> dict[str, Any]:
    keys = ("kind", "text", "where", "line", "conclusive")
    return {key: getattr(reason, key) for key in keys}


def _place(source: Source, pointer: str, text: str, sentence: dict[str, Any]) -> dict[str, Any]:
    """Where the telling words stand: a line of the README, or a stretch of the submission's own text."""
    mark = next((mark for mark in sentence["marks"] if not mark["guards"]), sentence["marks"][0])
    if not pointer:
        return {"where": README, "line": text.count("\n", 0, mark["start"]) + 1, "place": None}
    span = source.span(pointer, mark["start"], mark["end"])
    if span is None:
        return {"where": "PRODUCT.yaml", "line": source.position(pointer).line, "place": None}
    place = {
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }
    return {"where": "PRODUCT.yaml", "line": span.start.line, "place": place}
