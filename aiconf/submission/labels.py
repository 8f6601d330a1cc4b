"""The label words of ``rules/labels.yaml``, compiled: what stands for a layer, a contribution, a column."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Nothing sensible is longer; what is longer is not looked at.
_LONGEST_VALUE = 600
# A label, perhaps something in brackets, and the mark that the value follows. The dashes are meant.
_LABEL = r"(?:^|[\s.;,|(\x1f•–—-])\s*\b(?P<label>{})\s*(?:\([^()\n]*\)\s*)?(?P<mark>:|=|\s[–—-]\s|->|→)"  # noqa: RUF001
_BEGINNINGS = "\n.;,|(\x1f•–—-:"  # noqa: RUF001 - dashes occur as bullets
_BRACKET = re.compile(r"(?<!\\)\((?!\?)")
_BRACKETED = re.compile(r"\([^()]*\)")
_OF_SOMETHING = re.compile(r"\s+(?:to|in|for|on|where|when|if)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|no|never|without|isn't|rather than)(?:\s+an?|\s+the)?\s+$", re.IGNORECASE)


def compile_words(patterns: Iterable[str], template: str = r"\b(?:{})\b") -> Any:
    """One RE2 pattern out of many, without regard to case; a space stands for any white space."""
    return re2.compile("(?i)" + template.format(_either(patterns)))


def _either(patterns: Iterable[str]) -> str:
    """Alternatives; brackets in them are not captured, which is a good part of what a search costs."""
    return _BRACKET.sub("(?:", "|".join(pattern.replace(" ", r"\s+") for pattern in patterns))


class Kinds:
    """Kinds of words as one pattern, in which each kind is a group."""

    def __init__(self, kinds: Mapping[str, Iterable[str]], template: str = r"\b(?:{})\b") -> None:
        groups = "|".join(f"(?P<{kind}>{_either(patterns)})" for kind, patterns in kinds.items())
        self.pattern = re2.compile("(?i)" + template.format(groups))
        self._numbers = {kind: self.pattern.groupindex[kind] for kind in kinds}

    def of(self, match: Any) -> str:
        """The kind of a match."""
        return next(kind for kind, number in self._numbers.items() if match[number] is not None)


class Labels:
    """The words, compiled when they are first needed; make one per run.

    Attributes:
        data: ``rules/labels.yaml`` itself.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @cached_property
    def _label(self) -> Kinds:
        return Kinds(self.data["labels"], _LABEL)

    @cached_property
    def _both(self) -> Any:
        return compile_words(self.data["owner"]["both"])

    @cached_property
    def _owner(self) -> Kinds:
        return Kinds(self.data["owner"])

    @cached_property
    def _contribution(self) -> Kinds:
        return Kinds(self.data["contribution"])

    @cached_property
    def _not_applicable(self) -> Any:
        return compile_words(self.data["not_applicable"], r"({})(?:\W|$)")

    @cached_property
    def roadmap_heading(self) -> Any:
        """What a heading says under which features of the roadmap are listed."""
        return compile_words(self.data["roadmap_headings"])

    @cached_property
    def _columns(self) -> dict[str, str]:
        return {word: role for role, words in self.data["columns"].items() for word in words}

    @cached_property
    def _column_words(self) -> list[tuple[str, str]]:
        return [(word, role) for role, words in self.data["column_words"].items() for word in words]

    @cached_property
    def _empty(self) -> frozenset[str]:
        return frozenset(str(cell).lower() for cell in self.data["empty_cells"])

    @cached_property
    def _yes(self) -> frozenset[str]:
        return frozenset(str(cell).lower() for cell in self.data["yes_cells"])

    def find_labels(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Kind (owner, base, layered, contribution, component), start, and where the value begins, of each label.

        A label stands where a sentence, a line or a bullet begins, or capitalised before a colon: YAML folds lines.
        """
        group = self._label.pattern.groupindex
        for match in self._label.pattern.finditer(text):
            start, label, mark = match.start(group["label"]), match[group["label"]], match[group["mark"]]
            before = text[max(0, start - 8) : start].rstrip(" *_")[-1:]
            if not before or before in _BEGINNINGS or mark == "=" or (label[0].isupper() and mark == ":"):
                yield self._label.of(match), start, match.end()

    def owner(self, value: str) -> str:
        """The layer that a value names in words: base, layered or both; "" when none.

        What stands in brackets counts only when nothing else says it: in "layered runtime (KAI on the base)" the
        bracket tells the component.
        """
        value = value[:_LONGEST_VALUE]
        bare = _BRACKETED.sub("", value)
        if self._both.search(bare):
            return "both"
        tried = dict.fromkeys((value.partition("(")[0], bare, value))
        return next((found for text in tried if (found := _first(self._owner, text))), "")

    def contribution(self, value: str) -> str:
        """The kind of contribution that a value names; "" when none."""
        return _first(self._contribution, value[:_LONGEST_VALUE]) if value else ""

    def says_not_applicable(self, text: str, *, at_head: bool = False) -> str:
        """The words by which a text says that it does not apply, "" when it does not.

        They stand where it begins or, unless only that counts, behind a mark. "does not apply to slices" says so of
        something else.
        """
        text = text[:_LONGEST_VALUE]
        if at_head and not self._not_applicable.match(text.lstrip()):
            return ""  # most sentences, which need no search
        for found in self._not_applicable.finditer(text):
            before = text[: found.start()].rstrip()
            begins = not before or (not at_head and before[-1] in _BEGINNINGS + "-")
            if begins and not _OF_SOMETHING.match(text, found.end(1)):
                words: str = found[1]
                return words
        return ""

    def column(self, header: str) -> str:
        """The role of a table's column by its header; "" when it has none for us."""
        words = " ".join(header.lower().split())
        bare = " ".join(_BRACKETED.sub("", words).split())
        exact = self._columns.get(words) or self._columns.get(bare)
        return exact or next((role for word, role in self._column_words if f" {word} " in f" {bare} "), "")

    def is_empty(self, cell: str) -> bool:
        """Whether a cell says nothing."""
        return cell.strip().lower() in self._empty

    def is_yes(self, cell: str) -> bool:
        """Whether a cell merely says yes to its column's header."""
        return cell.strip().lower() in self._yes


def _first(kinds: Kinds, value: str) -> str:
    """The kind that is named first and not negated; of several at one place, the one listed first."""
    for match in kinds.pattern.finditer(value):
        if not _NEGATED.search(value, max(0, match.start() - 24), match.start()):
            return kinds.of(match)
    return ""
