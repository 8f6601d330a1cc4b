"""A row of layers.yaml in the words that `aiconf.submission.attribution` reads back: ``Layer: …. Contribution: ….``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.submission.attribution import AttributionReader
from aiconf.submission.labels import Labels
from aiconf.submission.layering import LayeringReader, Submission
from aiconf.submission.platforms import Platforms
from aiconf.submission.prose import blank_markup, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.submission.statement import Statement

_LEVEL = re.compile(r"(?:MUST|SHOULD)s?")
_LONGEST_KIND = 4  # words: "meaningfully different variant"
_BRACKETED = re.compile(r"\s*\([^()]*\)")
_MARKUP_BEFORE = re.compile(r"(?:[-*+•>][ \t]+|[*_]+)+\Z")
_MARKUP_BEHIND = re.compile(r"[*_]+")
# Contribution kind to its words, alone and behind a level; that of the kind itself is not said twice.
_KINDS = {
    "must_replacement": "replacement",
    "variant": "meaningfully different variant",
    "should_addition": "addition",
    "roadmap": "roadmap feature",
    "matches_base": "matches the base",
    "implements": "implements",
}
_OWN_LEVEL = {"must_replacement": "MUST", "should_addition": "SHOULD"}


def contribution_words(kind: str, level: str) -> str:
    """A contribution as people write it: ``SHOULD addition``, ``MUST — meaningfully different variant``.

    Args:
        kind: A kind, or unstated.
        level: The level it is said to be of, "" for none.
    """
    words = _KINDS.get(kind, "")
    if not (words and level):
        return words or level
    return f"{level} {words}" if _OWN_LEVEL.get(kind) == level else f"{level} — {words}"


class Language(NamedTuple):
    """The words and names of one submission.

    Attributes:
        labels: The label words.
        reader: Reads statements.
        base: What the product stands on.
    """

    labels: Labels
    reader: AttributionReader
    base: str

    @classmethod
    def of(cls, data: Mapping[str, Any], submission: Mapping[str, Any]) -> Language:
        """That of a layered submission's facts, with the catalog's data."""
        labels, platforms = Labels(data["labels"]), Platforms(data["distributions"])
        base = submission["base"]["name"]
        known = Submission(submission["metadata"], submission["directory"]["product"] or "")
        layering = LayeringReader(labels, platforms).conclude(known, layered=True, base=base)
        names = platforms.names(base, layering.platform, [layering.product], data["components"])
        ids = [entry["id"] for entry in submission["entries"] if entry["id"]]
        return cls(labels, AttributionReader(labels, names, ids), base)

    def statement(self, notes: str, row: Mapping[str, Any]) -> bool:
        """Whether notes say what a row says; where it names no component they may."""
        found = self.reader.from_notes(notes)
        return (
            found is not None and _agrees(found, row) and _single_spaced(row.get("note", "")) in " ".join(notes.split())
        )

    def exactly(self, notes: str, row: Mapping[str, Any]) -> bool:
        """Whether notes say what a row says and nothing more."""
        found = self.reader.from_notes(notes)
        return found is not None and _agrees(found, row) and bool(found.component == row.get("component", ""))

    def rewordings(self, notes: str, row: Mapping[str, Any], level: str) -> Iterator[tuple[int, int, str]]:
        """Ways to make notes say a row, those that change least first; not each can be read back with each name.

        Args:
            notes: The notes.
            row: The row of layers.yaml.
            level: The requirement's level in the checklist.

        Yields:
            Start and end of what is replaced, and by what. Where no label stands, both are 0.
        """
        found = _labelled(self.labels, notes)
        kind = row["contribution"]
        said = _OWN_LEVEL.get(kind, "" if kind in ("matches_base", "roadmap") else level)
        words = contribution_words(kind, said)
        # What a vendor has written behind the kind stays, unless layers.yaml says something in its place.
        told = _single_spaced(row.get("note", "")) or self._free_text(notes[slice(*found.value)], kind)
        contribution = f"Contribution: {words} — {told}." if told else f"Contribution: {words}."
        if found.contribution != (0, 0):
            yield (*found.contribution, contribution)
        for layer in self._layers(row["owner"], row.get("component", "")):
            yield found.start, found.end, f"Layer: {layer}. {contribution}"

    def _free_text(self, value: str, kind: str) -> str:
        """What a contribution tells beside its kind: ``MUST — variant — by KAI`` gives ``by KAI``."""
        parts = [part.strip() for part in _single_spaced(value).split("—")]
        while parts and (_LEVEL.fullmatch(parts[0]) or self._is_kind(parts[0], kind)):
            del parts[0]
        return " — ".join(parts)

    def _is_kind(self, words: str, kind: str) -> bool:
        """Whether words are no more than a kind's name, or tell of another kind than the one that is to be said."""
        found = self.labels.contribution(words)
        return bool(found) and (found != kind or len(words.split()) <= _LONGEST_KIND)

    def _layers(self, owner: str, component: str) -> Iterable[str]:
        bracket = f" ({component})" if component else ""
        base = _BRACKETED.sub("", self.base)
        ways = {
            "base": (f"base {base}", "base platform", "base"),
            "layered": ("layered runtime", "layered product", "layered"),
            "both": (f"base {base} and layered runtime", "both layers", "both"),
        }
        return [f"{way}{bracket}" for way in ways[owner]]


class _Labelled(NamedTuple):
    """The labelled sentences that stand together first in notes, all places (0, 0) when there are none.

    Attributes:
        start: Where they begin.
        end: Where they end.
        contribution: The contribution's label with its value.
        value: The value alone.
    """

    start: int
    end: int
    contribution: tuple[int, int]
    value: tuple[int, int]


def _labelled(labels: Labels, notes: str) -> _Labelled:
    found = list(labels.find_labels(blank_markup(notes)))
    if not found:
        return _Labelled(0, 0, (0, 0), (0, 0))
    start, end, ends = found[0][1], 0, []
    for sentence in split_sentences(notes):
        if any(sentence.start <= label < sentence.end for _, label, _ in found):
            end = sentence.end
            ends.append(end)
        elif end:
            break
    contribution = value = (0, 0)
    for index, (kind, label, behind) in enumerate(found):
        if kind == "contribution" and label < end:
            stop = min([e for e in ends if e > label] + [other for _, other, _ in found[index + 1 :]][:1])
            stop = len(notes[:stop].rstrip())
            contribution, value = (label, stop), (behind, stop)
            break
    before = _MARKUP_BEFORE.search(notes, notes.rfind("\n", 0, start) + 1, start)
    after = _MARKUP_BEHIND.match(notes, end)
    return _Labelled(before.start() if before else start, after.end() if after else end, contribution, value)


def _agrees(found: Statement, row: Mapping[str, Any]) -> bool:
    told = (row["owner"], row["contribution"], row.get("component", found.component))
    return (found.owner, found.contribution, found.component) == told


def _single_spaced(text: str) -> str:
    return " ".join(text.split()).rstrip(".")
