"""The lexicon of ``rules/wording.yaml``, compiled: a cascade of finite-state rewrites whose grammar is data.

The idea is Abney's (Partial Parsing via Finite-State Cascades, 1996). A sentence in lower case is overlaid with tags in
capitals, stage by stage and without moving a character: ``EKS`` becomes ``AAA``, ``this product`` becomes
``EEEEEEEEEEEE``. Patterns speak of the tags laid before them (``unlike <base>``), so that a new product, platform or
wording needs a line of data and no Python.
"""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Typographic quotes and breaks become what the lexicon is written in; the length stays.
_PLAIN = str.maketrans(ascii_uppercase + "’‘“”—–\t\x1f", ascii_lowercase + "''\"\"--  ")  # noqa: RUF001 - they occur in texts
_WORD = re.compile(r"([A-Z])\1*|[a-z0-9']+")
_NAME_WORD = re.compile(r"[^\W_]+")


Words = dict[str, list[int]]
"""The words of a text, each with the numbers of its places."""
Steps = list[tuple[int, list[str]]]
"""Words of which one must occur, each behind the last: by how many words at most, 0 for any number."""


class Table:
    """Labelled patterns of which only those are run that a text may hold (see ``aiconf.catalog.wording``)."""

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self._patterns: list[str] = compiled["patterns"]
        self._labels: list[Any] = compiled["labels"]
        self._owners: list[int] = compiled["owners"]
        self._index: Mapping[str, list[int]] = compiled["index"]
        self._steps: list[Steps] = compiled["steps"]
        self._always: list[int] = compiled["always"]
        self._compiled: dict[int, Any] = {}

    def find(self, text: str) -> Iterator[tuple[Any, int, int]]:
        """Label, start and end of every match that is not empty."""
        # RE2 is faster on bytes, and in this encoding a character is one.
        encoded = text.encode("latin-1", "replace")
        for number in self.candidates(_words(text)):
            for match in self._pattern(number).finditer(encoded):
                start, end = match.span()
                # A part of a hyphenated word is not the word: a "per-user limit" speaks of no user.
                if start < end and text[start - 1 : start] != "-" and text[end : end + 1] != "-":
                    yield self._labels[self._owners[number]], start, end

    def candidates(self, words: Words) -> list[int]:
        """Numbers of the patterns that a text with these words may hold."""
        found = set(self._always)
        for word in words.keys() & self._index.keys():
            found.update(self._index[word])
        return [number for number in sorted(found) if _in_order(self._steps[number], words)]

    def _pattern(self, number: int) -> Any:
        pattern = self._compiled.get(number)
        if pattern is None:
            encoded = self._patterns[number].encode("latin-1")
            pattern = self._compiled[number] = re2.compile(encoded, _latin1())
        return pattern


def _in_order(steps: Steps, words: Words) -> bool:
    """Whether one word of each step stands behind one of the step before, and as near as it has to."""
    reached: list[int] | None = None
    for near, step in steps:
        places = [place for word in step if word in words for place in words[word]]
        if reached is not None:
            first = min(reached)
            places = [
                place
                for place in places
                if place >= first and (not near or any(0 <= place - other <= near for other in reached))
            ]
        if not places:
            return False
        reached = places
    return True


@lru_cache(maxsize=16)  # each stage asks for those of the same text, unless the one before has changed it
def _words(text: str) -> Words:
    """The words that the index knows, with their places: a tag by its letter, contractions in parts as well."""
    words: dict[str, list[int]] = {}
    for place, found in enumerate(_WORD.finditer(text)):
        word = found[1] or found[0]
        words.setdefault(word, []).append(place)
        if "'" in word:
            head, _, tail = word.partition("'")
            for part in {head, tail.strip("'"), "'" + tail} - {word}:
                words.setdefault(part, []).append(place)
    return words


@cache
def _latin1() -> Any:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.never_capture = True  # only whole matches are asked for, and groups slow the search down
    return options


class Names:
    """Names matched letter for letter, by the tag they get; a longer name wins over a shorter one inside it.

    Args:
        by_kind: Tag to names. A name under two tags gets the later one.
    """

    def __init__(self, by_kind: Mapping[str, Iterable[str]]) -> None:
        self._kinds = {name: kind for kind, names in by_kind.items() for name in names if name}
        self._found: dict[str, tuple[tuple[str, int, int], ...]] = {}

    @cached_property
    def _by_first_word(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in sorted(self._kinds, key=len, reverse=True):
            if first := _NAME_WORD.match(name):
                found.setdefault(first[0], []).append(name)
        return found

    def find(self, text: str) -> tuple[tuple[str, int, int], ...]:
        """Kind, start and end of every name in the text that is not a part of a longer word."""
        if text not in self._found:
            self._found[text] = tuple(self._search(text))
        return self._found[text]

    def _search(self, text: str) -> Iterator[tuple[str, int, int]]:
        if self._by_first_word.keys().isdisjoint(_NAME_WORD.findall(text)):
            return  # most sentences name nobody
        behind = 0
        for word in _NAME_WORD.finditer(text):
            start = word.start()
            for name in self._by_first_word.get(word[0], ()) if start >= behind else ():
                end = start + len(name)
                if text.startswith(name, start) and not text[end : end + 1].isalnum():
                    yield self._kinds[name], start, end
                    behind = end
                    break


class Lexicon:
    """``rules/wording.yaml``, compiled by the catalog, ready to search.

    Attributes:
        clause_breaks: Where a clause begins.
        cues: Patterns labelled ``(kind, strength)``.
        lone_cues: Those of them that need nobody beside them in the sentence.
        guards: Patterns labelled with the guard's name.
        guard_rules: The guards' settings by name.
        silent: Tags that stand for nobody (idioms laid to rest).
        users: Tags of people and workloads, who speak for the platform they are on, with the name of that tie.
        platforms: Tags of platforms.
        speaks_for: Tags that count as another, with the name of the tie.
        place: A preposition and what may stand between it and a name.
        joint: What joins two names that one preposition governs.
        elision: What may stand before a cue in a clause without a subject of its own.
        fronted: Kinds whose cue may come before its subject ("No … does").
    """

    def __init__(self, compiled: Mapping[str, Any]) -> None:
        self._letters: Mapping[str, str] = compiled["letters"]
        self._platform_words = Table(compiled["platform_words"])
        self._tags: dict[str, str] = {letter: tag for tag, letter in self._letters.items()}
        self._stages = [Table(stage) for stage in compiled["stages"]]
        self._innocent = Table(compiled["innocent"])
        self.clause_breaks = Table(compiled["clause_breaks"])
        self.cues, self.lone_cues = Table(compiled["cues"]), Table(compiled["lone_cues"])
        self.guards = Table(compiled["guards"])
        self.guard_rules: Mapping[str, Mapping[str, Any]] = compiled["guard_rules"]
        self.silent = frozenset(compiled["silent"])
        self.users: Mapping[str, str] = compiled["users"]
        self.platforms = frozenset(compiled["platforms"])
        self.speaks_for: Mapping[str, tuple[str, str]] = compiled["speaks_for"]
        self.fronted = frozenset(compiled["fronted"])
        self.elision = re2.compile(rf"(?:\W|(?:{'|'.join(compiled['elision'])})\b)*")
        determiners = rf"(?:(?:{'|'.join(compiled['determiners'])}) +){{0,3}}"
        self.place = re2.compile(rf"\b({'|'.join(compiled['prepositions'])}) +{determiners}$")
        self.joint = re2.compile(rf",? +(?:and|or|nor|plus) +{determiners}")

    def may_tell(self, clean: str, names: Names, earlier: str) -> bool:
        """Whether a sentence may speak of a platform or hold a lone cue; most do neither and need no closer look."""
        if self.is_platform(earlier) or any(self.is_platform(kind) for kind, *_ in names.find(clean)):
            return True
        words = _words(clean.translate(_PLAIN))
        return bool(self._platform_words.candidates(words) or self.lone_cues.candidates(words))

    def is_platform(self, kind: str) -> bool:
        """Whether a tag is that of a platform, or of its users."""
        return kind in self.platforms or kind in self.speaks_for

    def overlay(self, clean: str, names: Names) -> str:
        """The sentence in lower case with everyone it mentions overlaid by the capitals of their tag."""
        text = _lay(clean.translate(_PLAIN), ((self._letters[kind], s, e) for kind, s, e in names.find(clean)))
        for stage in self._stages:
            text = self._lay_stage(text, stage)
        return text

    def quieten(self, overlay: str) -> str:
        """An overlay with the innocent expressions laid to rest."""
        return self._lay_stage(overlay, self._innocent)

    def _lay_stage(self, text: str, stage: Table) -> str:
        return _lay(text, ((self._letters[tag], s, e) for tag, s, e in stage.find(text)))

    def tags_in(self, overlay: str) -> list[str]:
        """The tags laid in an overlay, in order."""
        return [self._tags[letter] for letter in dict.fromkeys(overlay) if letter in self._tags]

    def tag(self, letter: str) -> str:
        """The tag that a capital in an overlay stands for."""
        return self._tags[letter]


def _lay(text: str, spans: Iterable[tuple[str, int, int]]) -> str:
    """Fills spans with their letter, the longest first; what overlaps a longer one is left out."""
    taken: list[tuple[int, int]] = []
    for letter, start, end in sorted(spans, key=lambda span: (span[1] - span[2], span[1])):
        if any(start < other_end and other_start < end for other_start, other_end in taken):
            continue
        taken.append((start, end))
        text = text[:start] + letter * (end - start) + text[end:]
    return text
