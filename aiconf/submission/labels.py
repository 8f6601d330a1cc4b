"""The label words of ``rules/labels.yaml``, compiled: what stands for a layer, a contribution, a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Nothing sensible is longer; what is longer is not looked at.
_LONGEST_VALUE = 600
# A label, perhaps something in brackets, and the mark that the value follows. The dashes are meant.
_LABEL = r"(?:^|[\s.;,|(\x1f•–—-])\s*\b(?P<label>{})\s*(?:\([^()\n]{{0,60}}\)\s*)?(?P<mark>:|=|\s[–—-]\s|->|→)"  # noqa: RUF001
_BEGINNINGS = "\n.;,|(\x1f•–—-:"  # noqa: RUF001 - dashes occur as bullets
_BRACKETED = re.compile(r"\([^()]*\)")
_OF_SOMETHING = re.compile(r"\s+(?:to|in|for|on|where|when|if)\b", re.IGNORECASE)
_NEGATED = re.compile(r"\b(?:not|no|never|without|isn't|rather than)(?:\s+an?|\s+the)?\s+$", re.IGNORECASE)


def compile_words(patterns: Iterable[str], template: str = r"\b(?:{})\b") -> Any:
    """One RE2 pattern out of many, without regard to case; a space stands for any white space."""
    return re2.compile("(?i)" + template.format("|".join(p.replace(" ", r"\s+") for p in patterns)))


class Labels:
    """The compiled words; make one per run.

    Attributes:
        data: ``rules/labels.yaml`` itself.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self._label_kinds = [(kind, compile_words(words, r"^(?:{})$")) for kind, words in data["labels"].items()]
        words = [word for group in data["labels"].values() for word in group]
        self._label = compile_words(words, _LABEL)
        self._owner = {kind: compile_words(patterns) for kind, patterns in data["owner"].items()}
        self._contribution = {kind: compile_words(patterns) for kind, patterns in data["contribution"].items()}
        self._not_applicable = compile_words(data["not_applicable"], r"({})(?:\W|$)")
        self._columns = {word: role for role, words in data["columns"].items() for word in words}
        self._empty = frozenset(str(cell).lower() for cell in data["empty_cells"])
        self._yes = frozenset(str(cell).lower() for cell in data["yes_cells"])
        self.roadmap_heading = compile_words(data["roadmap_headings"])

    def find_labels(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Kind, start, and where the value begins, of each label.

        A label stands where a sentence, a line or a bullet begins, or capitalised before a colon: YAML folds lines.
        """
        group = self._label.groupindex
        for match in self._label.finditer(text):
            start, label, mark = match.start(group["label"]), match[group["label"]], match[group["mark"]]
            before = text[max(0, start - 8) : start].rstrip(" *_")[-1:]
            if not before or before in _BEGINNINGS or (label[0].isupper() and mark in ":="):
                yield self._label_kind(label), start, match.end()

    def _label_kind(self, label: str) -> str:
        """What a label announces: owner, base, layered, contribution or component."""
        found: str = next(kind for kind, pattern in self._label_kinds if pattern.match(label))
        return found

    def owner(self, value: str) -> str:
        """The layer that a value names in words: base, layered or both; "" when none.

        What stands in brackets counts only when nothing else says it: in "layered runtime (KAI on the base)" the
        bracket tells the component.
        """
        value = value[:_LONGEST_VALUE]
        bare = _BRACKETED.sub("", value)
        if self._owner["both"].search(bare):
            return "both"
        return _first(self._owner, value.partition("(")[0]) or _first(self._owner, bare) or _first(self._owner, value)

    def contribution(self, value: str) -> str:
        """The kind of contribution that a value names; "" when none."""
        return _first(self._contribution, value[:_LONGEST_VALUE])

    def says_not_applicable(self, text: str, *, at_head: bool = False) -> str:
        """The words by which a text says that it does not apply, "" when it does not.

        They stand where it begins or, unless only that counts, behind a mark. "does not apply to slices" says so of
        something else.
        """
        for found in self._not_applicable.finditer(text[:_LONGEST_VALUE]):
            before = text[: found.start()].rstrip()
            begins = not before or (not at_head and before[-1] in _BEGINNINGS + "-")
            if begins and not _OF_SOMETHING.match(text, found.end(1)):
                words: str = found[1]
                return words
        return ""

    def column(self, header: str) -> str:
        """The role of a table's column by its header; "" when it has none for us."""
        role: str = self._columns.get(" ".join(header.lower().split()), "")
        return role

    def is_empty(self, cell: str) -> bool:
        """Whether a cell says nothing."""
        return cell.strip().lower() in self._empty

    def is_yes(self, cell: str) -> bool:
        """Whether a cell merely says yes to its column's header."""
        return cell.strip().lower() in self._yes


def _first(kinds: Mapping[str, Any], value: str) -> str:
    """The kind whose pattern occurs first and is not negated; of several at one place, the one listed first."""
    found: Sequence[tuple[int, int, str]] = [
        (match.start(), rank, kind)
        for rank, (kind, pattern) in enumerate(kinds.items())
        for match in pattern.finditer(value)
        if not _NEGATED.search(value, max(0, match.start() - 24), match.start())
    ]
    return min(found)[2] if found else ""
