"""What a sentence says about whom: cues of lack, limit, blame, comparison, each tied to the one it speaks of.

The lexicon (``rules/wording.yaml``) finds who is mentioned and which cues occur; this module ties the two by plain
syntax: who stands before the cue in its clause, whom the clause inherits from the one before, where the base is merely
the place.
Nothing is judged here; ``rules/layered.yaml`` decides what the marks amount to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aiconf.submission.lexicon import Lexicon, Names, Table
    from aiconf.submission.prose import Sentence

NOBODY = "none"
_PRONOUN, _COMPONENTS = "pronoun", ("component", "part")
_TAGGED = re.compile(r"([A-Z])\1*")
_WORD = re.compile(r"[\w'/.+-]+")
_START = attrgetter("start")
_RELATIVE = re.compile(r"[, ]*(?:who|which|that|whose)\b")
_SECOND_VERB = re.compile(r"\b(?:and|but|yet)\b[^,;]*$")
_MOST_CUES = 60  # a sentence with more is none, and what follows is quadratic
_PART_OF = ("of", "in", "from")  # "the catalogue of the product" is the product's
_LOOK_BACK = 48  # characters: room for a preposition, determiners and adjectives
_FRONTED = 12  # characters between a fronted cue and its subject ("No … EKS API does"): room for one word


class Mention(NamedTuple):
    """Someone a sentence speaks of; ``preposition`` is the one that governs it, empty for a subject or object."""

    kind: str
    start: int
    end: int
    preposition: str


class Mark(NamedTuple):
    """A cue found in a sentence and whom it speaks of.

    Attributes:
        kind: Kind of the cue, a word of the lexicon (lack, limit, blame, …).
        strength: ``weak``, ``strong`` or ``construction`` (a pattern that names its subject itself).
        start: Offset in the sentence.
        end: Offset behind its last character.
        subject: Tag of whom it speaks of, ``none`` when nobody is in sight.
        tie: ``subject``, ``user`` (a user or workload of the subject), ``topic`` (the subject is the place named before
            the cue), ``place`` (named after it), ``construction`` or ``none``.
        guards: Names of the guards that excuse it.
    """

    kind: str
    strength: str
    start: int
    end: int
    subject: str
    tie: str
    guards: tuple[str, ...]


class Earlier(NamedTuple):
    """What the sentence before was about, and whether it was a question."""

    topic: str = NOBODY
    asked: bool = False


class MarkedSentence(NamedTuple):
    """A sentence, what is said in it and, when something is, who is mentioned; ``topic`` finds its main subject."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    marks: tuple[Mark, ...]
    topic: Callable[[], str]


def sentence_facts(lexicon: Lexicon, marked: MarkedSentence, pointer: str, requirement: str | None) -> dict[str, Any]:
    """A marked sentence as rules see it (``docs/architecture.md``, section Facts); offsets are those of the whole text.

    Args:
        lexicon: The lexicon it was read with.
        marked: The sentence.
        pointer: JSON Pointer of the text it stands in, "" for a README.
        requirement: The requirement the text is about, None when about none.
    """
    offset, clean = marked.sentence.start, marked.sentence.clean
    return {
        "text": marked.sentence.text,
        "pointer": pointer,
        "requirement": requirement,
        "start": offset,
        "end": marked.sentence.end,
        "speaks_of": sorted({lexicon.speaks_for.get(mention.kind, (mention.kind,))[0] for mention in marked.mentions}),
        "marks": [
            {
                "kind": mark.kind,
                "strength": mark.strength,
                "text": " ".join(clean[mark.start : mark.end].split()),
                "start": offset + mark.start,
                "end": offset + mark.end,
                "subject": mark.subject,
                "tie": mark.tie,
                "guards": list(mark.guards),
            }
            for mark in marked.marks
        ],
    }


def read_sentences(lexicon: Lexicon, names: Names, sentences: Iterable[Sentence]) -> Iterator[MarkedSentence]:
    """Reads the sentences of one text; a pronoun reaches back to the sentence before in the same paragraph."""
    marked: MarkedSentence | None = None
    for sentence in sentences:
        earlier = Earlier()
        if marked and marked.sentence.paragraph == sentence.paragraph:
            earlier = Earlier(marked.topic(), marked.sentence.clean.rstrip().endswith("?"))
        marked = _read(lexicon, sentence, names, earlier)
        yield marked


def _read(lexicon: Lexicon, sentence: Sentence, names: Names, earlier: Earlier) -> MarkedSentence:
    if not lexicon.may_tell(sentence.clean, names, earlier.topic):
        return MarkedSentence(
            sentence, (), (), lambda: next((kind for kind, *_ in names.find(sentence.clean)), earlier.topic)
        )
    overlay = lexicon.overlay(sentence.clean, names)
    kinds = [kind for kind in lexicon.tags_in(overlay) if kind not in {*lexicon.users, *lexicon.silent, _PRONOUN}]
    if not any(map(lexicon.is_platform, [*kinds, earlier.topic])):
        # Of no platform: then only what needs none is looked for.
        if not any(True for _ in lexicon.lone_cues.find(overlay)):
            return MarkedSentence(sentence, (), (), lambda: kinds[0] if kinds else earlier.topic)
        return _Reading(lexicon, sentence, overlay, earlier).result(lexicon.lone_cues)
    return _Reading(lexicon, sentence, overlay, earlier).result(lexicon.cues)


class _Reading:
    """One sentence while it is read."""

    def __init__(self, lexicon: Lexicon, sentence: Sentence, overlay: str, earlier: Earlier) -> None:
        self.lexicon, self.sentence = lexicon, sentence
        self.earlier, self.answers = earlier
        self.text = lexicon.quieten(overlay)
        self.guards: list[tuple[str, int, int]] = []

    # Most sentences hold no cue, and then only their topic is asked for.

    @cached_property
    def mentions(self) -> list[Mention]:
        tagged = ((self.lexicon.tag(match[0][0]), *match.span()) for match in _TAGGED.finditer(self.text))
        return self._mentions((k, s, e) for k, s, e in tagged if k not in self.lexicon.silent)

    @cached_property
    def clauses(self) -> list[tuple[int, int]]:
        starts = sorted({0, *(start for _, start, _ in self.lexicon.clause_breaks.find(self.text))})
        return list(zip(starts, [*starts[1:], len(self.text)], strict=True))

    @cached_property
    def by_clause(self) -> list[list[Mention]]:
        edges = [bisect_left(self.mentions, first, key=_START) for first, _ in self.clauses]
        return [self.mentions[a:b] for a, b in zip(edges, [*edges[1:], len(self.mentions)], strict=True)]

    def result(self, patterns: Table) -> MarkedSentence:
        cues = sorted({(start, end, *label) for label, start, end in patterns.find(self.text)})
        self.guards = list(self.lexicon.guards.find(self.text)) if cues else []
        marks = tuple(self._mark(*cue) for cue in cues[:_MOST_CUES])
        return MarkedSentence(self.sentence, tuple(self.mentions) if marks else (), marks, self.topic)

    def _mentions(self, tagged: Iterable[tuple[str, int, int]]) -> list[Mention]:
        mentions: list[Mention] = []
        for kind, start, end in tagged:
            preposition = self._preposition(kind, start)
            if not preposition and mentions and self.lexicon.joint.fullmatch(self.text, mentions[-1].end, start):
                preposition = mentions[-1].preposition
            mentions.append(Mention(kind, start, end, preposition))
        return mentions

    def _preposition(self, kind: str, start: int) -> str:
        governed = self.lexicon.place.search(self.text[max(0, start - _LOOK_BACK) : start])
        # "beyond that it …": a pronoun has no determiner, so that "that" is a word of its own.
        if governed and (kind != _PRONOUN or governed[0].strip() == governed[1]):
            preposition: str = governed[1]
            return preposition
        return ""

    def _mark(self, start: int, end: int, kind: str, strength: str) -> Mark:
        clause = next(index for index, (_, last) in enumerate(self.clauses) if start < last)
        if strength == "construction":
            subject, tie = NOBODY, "construction"
        else:
            subject, tie = self._tie(clause, start, end, kind)
        mark = Mark(kind, strength, start, end, subject, tie, ())
        return mark._replace(guards=self._excuses(clause, mark))

    def _tie(self, clause: int, start: int, end: int, kind: str) -> tuple[str, str]:
        """Whom the cue speaks of, and by what tie."""
        inside = self._inside(clause)
        doers = [mention for mention in inside if not mention.preposition]
        before = [mention for mention in doers if mention.end <= start]
        subject, tie = self._doer(clause, before, inside, start) if before else (NOBODY, "none")
        if subject != NOBODY:
            return subject, tie
        relative = self._relative(clause)
        if relative:
            return relative.kind, "subject"
        if kind in self.lexicon.fronted and self._words(clause, start) <= 1:
            after = [mention for mention in doers if end <= mention.start < end + _FRONTED]
            if after:
                return self._doer(clause, after[:1], inside, start)
        agent = [
            mention
            for mention in inside
            if mention.preposition == "by" and mention.start >= end and mention.kind not in self.lexicon.users
        ]
        if agent:
            return self._doer(clause, agent[:1], inside, start)
        if clause and self.lexicon.elision.fullmatch(self.text, self.clauses[clause][0], start):
            inherited = self._subject_of(clause - 1)
            if inherited != NOBODY:
                return self._spoken_for(inherited)
        return self._place(clause, inside, start)

    def _doer(self, clause: int, doers: Sequence[Mention], inside: Sequence[Mention], start: int) -> tuple[str, str]:
        """The last one that acts; users and workloads speak for the platform they are on."""
        acting = [mention for mention in doers if mention.kind not in self.lexicon.users]
        if acting:
            doer = self._actor(acting, start)
            kind = self._antecedent(clause, doer) if doer.kind == _PRONOUN else self._with_partner(doer)
            if kind in _COMPONENTS and any(mention.kind == "own" for mention in acting):
                return "own", "subject"
            places = self._places(inside, start) if kind in _COMPONENTS else []
            return (self._platform(places[0]), "component") if places else self._spoken_for(kind)
        for mention in inside:
            if self._platform(mention) != NOBODY:
                return self._platform(mention), self.lexicon.users[doers[-1].kind]
        platform = self._platform_before(clause)
        return (platform, "sentence") if platform != NOBODY else (doers[-1].kind, "subject")

    def _actor(self, acting: Sequence[Mention], start: int) -> Mention:
        """The last one named; before a second verb, the first: "EKS brings the exporter and leaves …"."""
        *_, last = acting
        pair = len(acting) > 1 and self.lexicon.joint.fullmatch(self.text, acting[-2].end, last.start)
        return acting[0] if not pair and _SECOND_VERB.search(self.text, last.end, start) else last

    def _relative(self, clause: int) -> Mention | None:
        """The people or workloads that a clause beginning with "who" or "which" qualifies."""
        first, _ = self.clauses[clause]
        if not clause or not _RELATIVE.match(self.text, first):
            return None
        before = [mention for mention in self._inside(clause - 1) if mention.end <= first]
        return before[-1] if before and before[-1].kind in self.lexicon.users else None

    def _spoken_for(self, kind: str) -> tuple[str, str]:
        platform, tie = self.lexicon.speaks_for.get(kind, (kind, "subject"))
        return platform, tie

    def _antecedent(self, clause: int, pronoun: Mention) -> str:
        """Whom a pronoun means: the last one named in its clause, else the subject of the nearest clause before."""
        for mention in reversed(self._inside(clause)):
            if mention.end <= pronoun.start and mention.kind not in {*self.lexicon.users, _PRONOUN}:
                return mention.kind
        return self._subject_of(clause - 1)

    def _subject_of(self, clause: int) -> str:
        for index in range(clause, -1, -1):
            if index and _RELATIVE.match(self.text, self.clauses[index][0]):
                continue  # "EKS, which the layer runs on, lacks …"
            inside = [mention for mention in self._inside(index) if mention.kind not in self.lexicon.users]
            named = [mention for mention in inside if mention.kind != _PRONOUN]
            for mention in [*(m for m in named if not m.preposition), *named]:
                return self._with_partner(mention)
        return self.earlier

    def _with_partner(self, subject: Mention) -> str:
        """What the base and the product do together ("EKS and this layer share …") is said of the product."""
        at = bisect_left(self.mentions, subject.start, key=_START)
        for first, second in pairwise(self.mentions[max(0, at - 1) : at + 2]):
            if "own" in (first.kind, second.kind) and self.lexicon.joint.fullmatch(self.text, first.end, second.start):
                return "own"
        return subject.kind

    def _place(self, clause: int, inside: Sequence[Mention], start: int) -> tuple[str, str]:
        governed = [m for m in inside if m.preposition in _PART_OF and m.end <= start]
        if governed and governed[-1].kind in ("own", "document"):
            return governed[-1].kind, "topic"
        for mention in self._places(inside, start):
            return self._platform(mention), "topic"
        for mention in inside:
            if self._platform(mention) != NOBODY:
                return self._platform(mention), "place"
        if all(mention.kind in {*self.lexicon.users, _PRONOUN} for mention in inside):
            platform = self._platform_before(clause)
            return (platform, "sentence") if platform != NOBODY else (NOBODY, "none")
        return NOBODY, "none"

    def _platform_before(self, clause: int) -> str:
        """The platform that the clause before, or the question before, is about, be it as the place of a component."""
        if not clause:
            return self._platform_kind(self.earlier) if self.answers else NOBODY
        kind = self._subject_of(clause - 1)
        if kind in _COMPONENTS:
            before = next((inside for inside in reversed(self.by_clause[:clause]) if inside), [])
            places = self._places(before, len(self.text))
            return self._platform(places[0]) if places else NOBODY
        return self._platform_kind(kind)

    def _places(self, inside: Sequence[Mention], start: int) -> list[Mention]:
        return [m for m in inside if self._platform(m) != NOBODY and m.preposition and m.end <= start]

    def _platform(self, mention: Mention) -> str:
        """The platform that a mention is, or is a user of."""
        return self._platform_kind(mention.kind)

    def _platform_kind(self, kind: str) -> str:
        kind, _ = self.lexicon.speaks_for.get(kind, (kind, ""))
        return kind if kind in self.lexicon.platforms else NOBODY

    def _inside(self, clause: int) -> list[Mention]:
        return self.by_clause[clause]

    def _words(self, clause: int, start: int) -> int:
        return len(_WORD.findall(self.text, self.clauses[clause][0], start))

    def topic(self) -> str:
        """The main subject, by which the next sentence may inherit; found without clauses where there is no choice."""
        kinds = {*self.lexicon.tags_in(self.text)} - {*self.lexicon.users, *self.lexicon.silent, _PRONOUN}
        if kinds <= {self.earlier}:
            return self.earlier
        for index in range(len(self.clauses)):
            subject = self._subject_of(index)
            if subject != NOBODY:
                return subject
        return self.earlier

    def _excuses(self, clause: int, mark: Mark) -> tuple[str, ...]:
        """Names of the guards that excuse a mark."""
        first, last = self.clauses[clause]
        names = set()
        for name, start, _ in self.guards:
            rule = self.lexicon.guard_rules[name]
            fits = (
                mark.strength in rule["excuses"]
                and mark.tie in rule["ties"]
                and mark.kind not in rule.get("except", ())
            )
            if fits and (rule["reach"] == "sentence" or first <= start < last):
                names.add(name)
        return tuple(sorted(names))
