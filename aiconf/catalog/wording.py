"""Compiles the lexicon ``rules/wording.yaml``: its notation becomes RE2, and each pattern gets an index of words.

A text has few of the lexicon's words. A pattern is run only over sentences that hold one of its *anchors*, words of
which one must occur wherever it matches, and in which its *steps* occur one behind the other: for each of its elements
that stands for words, one of these, next to the one before where nothing may stand between them. That keeps hundreds of
patterns from being compiled for a clean submission, and is why the work is done here, once per change of the rules. A
pattern without anchors always runs.
"""

from __future__ import annotations

import re
from itertools import product
from math import prod
from string import ascii_uppercase
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_TAG = re.compile(r"<([a-z_|]+)>")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_GAP = re.compile(r"~(\d?)")
_STARTS_WITH_WORD = re.compile(r"[\w(<~]")
_ENDS_WITH_WORD = re.compile(r"(?<!\$)[\w)>?*+]$")
_TOKEN = re.compile(
    r"<[a-z_|]+>|~\d?| \?|\[[^\]]*\][*+?]?|\\.[*+?]?|[a-z0-9']|\(|\)(?:[?*]|\{[0-9,]+\})?|\||[?]|-|.", re.DOTALL
)
_OPEN, _MAYBE_SPACE = "(", " ?"
_PIECE = re.compile(r"[A-Z]|[a-z0-9']+")
_TAIL = re.compile(r"'[a-z]+$")
_POSSESSIVE = frozenset({"", "'s"})
_MOST_WORDS = 500  # an element that stands for more words is no anchor
# Occurs in about every sentence, so that it makes a poor anchor; likewise tags.
_COMMON = frozenset({
    "a", "an", "and", "are", "as", "at", "be", "by", "can", "do", "for", "from", "has", "have", "in", "is", "it", "its",
    "of", "on", "or", "that", "the", "this", "to", "was", "with",
})  # fmt: skip
_COST_OF_COMMON, _COST_OF_TAG = 40, 200

Table = dict[str, Any]
# Anchors of a piece, and the words it stands for; None where they cannot be told.
Found = tuple[frozenset[str] | None, frozenset[str] | None]


def compile_wording(data: Mapping[str, Any]) -> dict[str, Any]:
    """The lexicon in the form that ``aiconf.submission.lexicon`` reads: plain data, patterns as RE2 with their anchors.

    Raises:
        CatalogError: A pattern is no RE2, or speaks of an unknown tag or macro.
    """
    compiler = _Compiler(data)
    cues = [((group["kind"], group["strength"]), group["words"]) for group in data["cues"]]
    alone = [
        (label, [word for word in words if not compiler.names_platform(word)])
        for label, words in cues
        if label[0] in data["alone"] and label[1] == "construction"
    ]
    rest = ("data", "users", "platforms", "speaks_for", "silent", "fronted", "elision", "prepositions", "determiners")
    platforms = [
        (tag, [word for word in words if not compiler.names_platform(word)])
        for stage in data["stages"]
        for tag, words in stage.items()
        if tag in (*data["platforms"], *data["speaks_for"])
    ]
    return {
        **{key: data[key] for key in rest},
        "letters": compiler.letters,
        "stages": [compiler.table(stage.items()) for stage in data["stages"]],
        "platform_words": compiler.table(platforms),
        "innocent": compiler.table([(data["silent"][0], data["innocent"])]),
        "clause_breaks": compiler.table([("break", data["clause_breaks"])]),
        "cues": compiler.table(cues),
        "lone_cues": compiler.table(alone),
        "guards": compiler.table((name, guard["words"]) for name, guard in data["guards"].items()),
        "guard_rules": {
            name: {key: value for key, value in guard.items() if key != "words"}
            for name, guard in data["guards"].items()
        },
    }


class _Compiler:
    def __init__(self, data: Mapping[str, Any]) -> None:
        tags = dict.fromkeys([*data["tags"], *(tag for stage in data["stages"] for tag in stage)])
        self.letters = dict(zip(tags, ascii_uppercase, strict=False))
        self._macros: Mapping[str, str] = data["macros"]
        self._skip = str(data["skip"])
        self._platforms = {*data["platforms"], *data["speaks_for"]}

    def names_platform(self, word: str) -> bool:
        """Whether a pattern speaks of a platform."""
        return any(tag in self._platforms for tags in _TAG.findall(word) for tag in tags.split("|"))

    def table(self, groups: Iterable[tuple[Any, Sequence[str]]]) -> Table:
        """Labels, patterns, and the index from anchors to patterns; a line's alternatives are patterns of their own."""
        labels, patterns, owners, steps, always = (
            list[Any](),
            list[str](),
            list[int](),
            list[list[tuple[int, list[str]]]](),
            list[int](),
        )
        index: dict[str, list[int]] = {}
        for label, words in groups:
            labels.append(label)
            for alternative in (a for word in words for a in split_alternatives(self._with_macros(word))):
                patterns.append(self._expand(alternative))
                found = _AnchorParser(alternative, self.letters).steps()
                for anchor in sorted(min((words for _, words in found), key=_cost, default=())):
                    index.setdefault(anchor, []).append(len(patterns) - 1)
                if not found:
                    always.append(len(patterns) - 1)
                # A lone anchor has been found by the index.
                steps.append([(near, sorted(words)) for near, words in found] if len(found) > 1 else [])
                owners.append(len(labels) - 1)
        return {
            "labels": labels,
            "patterns": patterns,
            "owners": owners,
            "index": index,
            "steps": steps,
            "always": always,
        }

    def _with_macros(self, word: str) -> str:
        try:
            return _MACRO.sub(lambda macro: self._macros[macro[1]], word)
        except KeyError as error:
            raise CatalogError(f"the pattern '{word}' uses an unknown macro {error}") from None

    def _expand(self, word: str) -> str:
        """RE2 from the lexicon's notation.

        ``<tag>`` or ``<tag|tag>``, ``~`` for a few words (``~2`` for two), ``…`` for anything inside the clause, and a
        space for any white space.
        """
        try:
            pattern = _TAG.sub(lambda tags: f"[{''.join(self.letters[tag] for tag in tags[1].split('|'))}]+", word)
        except KeyError as error:
            raise CatalogError(f"the pattern '{word}' speaks of an unknown tag {error}") from None
        pattern = pattern.replace(" ?", " *").replace(" ", " +").replace(" +*", " *")
        pattern = _GAP.sub(lambda gap: f"(?:[^ ,;:()]+ +){{0,{gap[1] or self._skip}}}", pattern)
        pattern = pattern.replace("…", r"[^,;:]*\b")
        left = r"\b" if _STARTS_WITH_WORD.match(word) else ""
        right = r"\b" if _ENDS_WITH_WORD.search(word) else ""
        pattern = f"{left}(?:{pattern}){right}"
        try:
            re2.compile(pattern)
        except re2.error as error:
            raise CatalogError(f"the pattern '{word}' is not RE2: {error}") from None
        return pattern


def split_alternatives(word: str) -> list[str]:
    """The alternatives of a pattern that are not inside brackets."""
    parts, depth, start = [], 0, 0
    for position, character in enumerate(word):
        depth += (character in "([<") - (character in ")]>")
        if character == "|" and depth == 0 and word[position - 1 : position] != "\\":
            parts.append(word[start:position])
            start = position + 1
    return [*parts, word[start:]]


class _Element(NamedTuple):
    """What stands between two separators: its anchors, what it may read, whether just a space is before it."""

    anchors: frozenset[str] | None
    texts: frozenset[str] | None
    next_to: bool

    @property
    def words(self) -> int:
        """How many words it has at most, 0 where that cannot be told."""
        return max((len(_PIECE.findall(text)) for text in self.texts), default=0) if self.texts else 0


class _AnchorParser:
    """Reads a pattern for words of which one must occur, element by element."""

    def __init__(self, word: str, letters: Mapping[str, str]) -> None:
        self._tokens = [match[0] for match in _TOKEN.finditer(word)]
        self._letters = letters
        self._position = 0

    def steps(self) -> list[tuple[int, frozenset[str]]]:
        """The anchors of every element that has some, in order; the pattern must be one alternative.

        Each with how many words it may stand behind the one before at most, 0 for any number.
        """
        found: list[tuple[int, frozenset[str]]] = []
        before: _Element | None = None
        for element in self._elements():
            if element.anchors:
                known = before is not None and element.next_to and before.words and element.words
                near = before.words + element.words - 1 if before and known else 0
                found.append((near, element.anchors))
            before = element if element.anchors else None
        return found

    def alternatives(self) -> Found:
        """Anchors, and the words it stands for when each alternative is one word; None for what cannot be told."""
        anchors: list[frozenset[str] | None] = []
        words: list[frozenset[str] | None] = []
        while True:
            sequence_anchors, sequence_words = self._sequence()
            anchors.append(sequence_anchors)
            words.append(sequence_words)
            if self._peek() != "|":
                break
            self._position += 1
        return _union(anchors), _union(words)

    def _sequence(self) -> Found:
        elements = list(self._elements())
        best = min((element.anchors for element in elements if element.anchors), key=_cost, default=None)
        return best, elements[0].texts if len(elements) == 1 else None

    def _elements(self) -> Iterator[_Element]:
        """What stands between separators: words written together out of letters, brackets and optional parts."""
        pieces: list[Found] = []
        separators: list[str] = []
        while (part := self._peek()) and part != "|" and not part.startswith(")"):
            if piece := self._piece(part):
                pieces.append(piece)
                continue
            self._position += 1
            # Around an optional space words may be one: "can not", "cannot".
            if part == _MAYBE_SPACE:
                pieces.append((None, None))
                continue
            if pieces:
                yield _Element(*_joined(pieces), separators == [" "])
                pieces, separators = [], []
            separators.append(part)
        yield _Element(*(_joined(pieces) if pieces else (None, frozenset({""}))), separators == [" "])

    def _piece(self, part: str) -> Found | None:
        """One piece of an element, None at a separator."""
        if part == _OPEN:
            return self._group()
        if _TAG.match(part):
            self._position += 1
            letters = frozenset(self._letters.get(tag, "?") for tag in part[1:-1].split("|"))
            return letters, letters
        if re.fullmatch(r"[a-z0-9'-]", part):
            self._position += 1
            optional = self._peek() == "?"
            self._position += optional
            return None, frozenset({part, ""} if optional else {part})
        if part[0] in "[*+{" or part[:2] in ("\\d", "\\w"):
            self._position += 1
            return None, None
        return None

    def _group(self) -> Found | None:
        self._position += 1
        start = self._position
        anchors, words = self.alternatives()
        end, self._position = self._position, self._position + 1
        if self._tokens[end : end + 1] == [")"]:
            return anchors, words
        # What may be absent tells nothing; if it holds spaces, what stands around it are words of their own.
        if " " in (self._tokens[start], self._tokens[end - 1]):
            self._position -= 1
            return None
        return None, words | {""} if words is not None else None

    def _peek(self) -> str:
        return self._tokens[self._position] if self._position < len(self._tokens) else ""


def _joined(
    pieces: Sequence[Found],
) -> Found:
    first_anchors, first_words = pieces[0]
    if first_words is None and all(words is not None and words <= _POSSESSIVE for _, words in pieces[1:]):
        return first_anchors, None
    known = pieces[1:] if first_words is None else pieces
    texts = _texts(known)
    if texts is None:
        return None, None
    if first_words is None:  # [a-z]+n't: what an apostrophe begins is a word for the index, whatever stands before it
        tails = frozenset(_TAIL.search(text) for text in texts)
        return frozenset(tail[0] for tail in tails if tail) if all(tails) else None, None
    words = [_PIECE.findall(text) for text in texts]
    # Of words joined by hyphens the longest is the rarest.
    return frozenset(max(parts, key=_rareness) for parts in words) if all(words) else None, texts


def _rareness(word: str) -> tuple[bool, int]:
    return not word.startswith("'"), len(word)


def _texts(pieces: Iterable[Found]) -> frozenset[str] | None:
    """What pieces written together may read, None where that cannot be told."""
    choices = [words for _, words in pieces]
    if any(words is None for words in choices) or not 0 < prod(len(words or ()) for words in choices) <= _MOST_WORDS:
        return None
    return frozenset("".join(parts) for parts in product(*(words or () for words in choices)))


def _union(sets: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    found: set[str] = set()
    for part in sets:
        if part is None:
            return None
        found |= part
    return frozenset(found)


def _cost(anchors: frozenset[str]) -> int:
    return sum(_COST_OF_COMMON if a in _COMMON else _COST_OF_TAG if a.isupper() else 1 for a in anchors)
