"""The lexicon of ``rules/wording.yaml``, compiled: a cascade of finite-state rewrites whose grammar is data.

The idea is Abney's (Partial Parsing via Finite-State Cascades, 1996). A sentence in lower case is overlaid with tags in
capitals, stage by stage and without moving a character: ``EKS`` becomes ``AAA``, ``this product`` becomes
``EEEEEEEEEEEE``. Patterns speak of the tags laid before them (``unlike <base>``), so that a new product, platform or
wording needs a line of data and no Python.
"""

from __future__ import annotations

import re
from functools import cached_property
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING, Any

import re2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# Typographic quotes and breaks become what the lexicon is written in; the length stays.
_PLAIN = str.maketrans(ascii_uppercase + "’‘“”\t\x1f", ascii_lowercase + "''\"\"  ")  # noqa: RUF001 - they occur in texts
_TAG = re.compile(r"<([a-z_|]+)>")
_STARTS_WITH_WORD = re.compile(r"[\w(<~]")
_ENDS_WITH_WORD = re.compile(r"(?<!\$)[\w)>?*+]$")
_MACRO = re.compile(r"\{([a-z_]+)\}")
_SKIP = re.compile(r"~(\d?)")


class Patterns:
    """RE2 patterns searched at once: a set tells which occur, only those are run for their places."""

    def __init__(self, patterns: Sequence[str]) -> None:
        self._texts = patterns
        self._single: list[Any] = [None] * len(patterns)
        self._set = re2.Set.SearchSet()
        for pattern in patterns:
            self._set.Add(pattern)
        if patterns:
            self._set.Compile()

    def find(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Index of the pattern, start and end, for every match that is not empty."""
        for index in sorted(self._set.Match(text) or ()) if self._texts else ():
            if self._single[index] is None:
                self._single[index] = re2.compile(self._texts[index])
            for match in self._single[index].finditer(text):
                if match.end() > match.start():
                    yield index, match.start(), match.end()


class Labelled:
    """Patterns, each with what it stands for."""

    def __init__(self, rows: Iterable[tuple[Any, str]]) -> None:
        rows = list(rows)
        self._labels = [label for label, _ in rows]
        self._patterns = Patterns([pattern for _, pattern in rows])

    def find(self, text: str) -> Iterator[tuple[Any, int, int]]:
        """Label, start and end of every match."""
        for index, start, end in self._patterns.find(text):
            # A part of a hyphenated word is not the word: a "per-user limit" speaks of no user.
            if text[start - 1 : start] != "-" and text[end : end + 1] != "-":
                yield self._labels[index], start, end


class Names:
    """Names matched letter for letter, by the tag they get; a longer name wins over a shorter one inside it.

    Args:
        by_kind: Tag to names. A name under two tags gets the later one.
    """

    def __init__(self, by_kind: Mapping[str, Iterable[str]]) -> None:
        self._kinds = {name: kind for kind, names in by_kind.items() for name in names if name}

    @cached_property
    def _pattern(self) -> Any:
        longest_first = sorted(self._kinds, key=lambda name: (-len(name), name))
        return re2.compile("|".join(map(re2.escape, longest_first)))

    def find(self, text: str) -> Iterator[tuple[str, int, int]]:
        """Kind, start and end of every name in the text that is not a part of a longer word."""
        for match in self._pattern.finditer(text) if self._kinds else ():
            start, end = match.span()
            if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
                yield self._kinds[match[0]], start, end


class Lexicon:
    """``rules/wording.yaml`` made ready to search; compile it once, use it for every sentence.

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

    def __init__(self, data: Mapping[str, Any]) -> None:
        stages: Sequence[Mapping[str, Sequence[str]]] = data["stages"]
        tags = dict.fromkeys([*data["tags"], *(tag for stage in stages for tag in stage)])
        self._letters = dict(zip(tags, ascii_uppercase, strict=False))
        self._tags: dict[str, str] = {letter: tag for tag, letter in self._letters.items()}
        self.platforms = frozenset(data["platforms"])
        self.speaks_for: Mapping[str, tuple[str, str]] = data["speaks_for"]
        self._macros: Mapping[str, str] = data["macros"]
        self._skip = str(data["skip"])
        self._stages = [self._labelled((tag, words) for tag, words in stage.items()) for stage in stages]
        self.clause_breaks = self._labelled([("break", data["clause_breaks"])])
        self.cues = self._labelled(((g["kind"], g["strength"]), g["words"]) for g in data["cues"])
        self.lone_cues = self._labelled(
            ((g["kind"], g["strength"]), [word for word in g["words"] if not self._names_platform(word)])
            for g in data["cues"]
            if g["kind"] in data["alone"] and g["strength"] == "construction"
        )
        self.guard_rules: Mapping[str, Mapping[str, Any]] = data["guards"]
        self.guards = self._labelled((name, guard["words"]) for name, guard in self.guard_rules.items())
        self.silent = frozenset(data["silent"])
        self.users: Mapping[str, str] = data["users"]
        self.elision = re.compile(rf"(?:\W|(?:{'|'.join(data['elision'])})\b)*")
        self.fronted = frozenset(data["fronted"])
        determiners = rf"(?:(?:{'|'.join(data['determiners'])}) +){{0,3}}"
        self.place = re.compile(rf"\b({'|'.join(data['prepositions'])}) +{determiners}$")
        self.joint = re.compile(rf",? +(?:and|or|nor|plus) +{determiners}")

    def _names_platform(self, word: str) -> bool:
        return any(
            tag in self.platforms or tag in self.speaks_for for tags in _TAG.findall(word) for tag in tags.split("|")
        )

    def _labelled(self, groups: Iterable[tuple[Any, Sequence[str]]]) -> Labelled:
        return Labelled((label, self._expand(word)) for label, words in groups for word in words)

    def _expand(self, word: str) -> str:
        """RE2 from the lexicon's notation.

        ``<tag>`` or ``<tag|tag>``, ``~`` for a few words (``~2`` for two), ``…`` for anything inside the clause,
        ``{macro}``, and a space for any white space.
        """
        word = _MACRO.sub(lambda macro: self._macros[macro[1]], word)
        pattern = _TAG.sub(lambda tags: f"[{''.join(self._letters[tag] for tag in tags[1].split('|'))}]+", word)
        pattern = pattern.replace(" ?", " *").replace(" ", " +").replace(" +*", " *")
        pattern = _SKIP.sub(lambda skip: f"(?:[^ ,;:()]+ +){{0,{skip[1] or self._skip}}}", pattern)
        pattern = pattern.replace("…", r"[^,;:]*\b")
        left = r"\b" if _STARTS_WITH_WORD.match(word) else ""
        right = r"\b" if _ENDS_WITH_WORD.search(word) else ""
        return f"{left}(?:{pattern}){right}"

    def overlay(self, clean: str, names: Names) -> str:
        """The sentence in lower case with everyone it mentions overlaid by the capitals of their tag."""
        text = _lay(clean.translate(_PLAIN), ((self._letters[kind], s, e) for kind, s, e in names.find(clean)))
        for stage in self._stages:
            text = _lay(text, ((self._letters[tag], s, e) for tag, s, e in stage.find(text)))
        return text

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
