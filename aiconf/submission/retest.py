"""Where a submission says that the whole layered stack was tested again, and what it says of it.

A statement is a paragraph with a sentence that says so (``retest`` in ``rules/labels.yaml``), or a section under a
heading that does. Whether it is enough is for the rules.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.submission.labels import compile_words
from aiconf.submission.prose import blank_markup, split_sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.submission.lexicon import Names
    from aiconf.submission.prose import Sentence

_VERSION = r"[\s(]*(?:(?:version|release)\s+)?v?"
_MINOR_BEHIND = re.compile(rf"{_VERSION}(1\.\d{{2}})(?!\d)", re.IGNORECASE)
_KUBERNETES = re.compile(rf"\b(?:Kubernetes|k8s){_VERSION}(1\.\d{{2}})(?!\d)", re.IGNORECASE)
_WORD_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_HEADING = re.compile(r"[ \t>]{0,3}#{1,6}[ \t]+")


class Retest(NamedTuple):
    """One statement.

    Attributes:
        text: The sentence that says it.
        start: Its offset in the text.
        end: The offset behind it.
        every_must: It speaks of every MUST, or of the whole of AI conformance.
        requirements: The ids it names.
        kubernetes: The Kubernetes minors it names, of Kubernetes or of the base (``v1.35``).
        product_versions: The versions of the product it names.
    """

    text: str
    start: int
    end: int
    every_must: bool
    requirements: tuple[str, ...]
    kubernetes: tuple[str, ...]
    product_versions: tuple[str, ...]


class _Words(dict[str, Any]):
    """The patterns by kind, each compiled when it is first asked for."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        super().__init__()
        self._written = words

    def __missing__(self, kind: str) -> Any:
        pattern = self[kind] = compile_words(self._written[kind])
        return pattern


class RetestReader:
    """Looks for the statements of one submission.

    Args:
        words: ``retest`` of ``rules/labels.yaml``.
        names: Names of which those of the base are tagged ``base``.
        product: What the product is called.
        requirements: The ids that exist.
    """

    def __init__(self, words: Mapping[str, Any], names: Names, product: str, requirements: Iterable[str]) -> None:
        self._words = _Words(words)
        self._names = names
        self._ids = list(requirements)
        self._product = re.compile(rf"\b{re.escape(product)}{_VERSION}(\d+(?:\.\d+)+)") if product else None

    def read(self, text: str) -> Iterator[Retest]:
        """The statements in a text, in order."""
        # One search of the whole text spares most texts the search of each sentence.
        prose = blank_markup(text)
        if not (self._words["stated"].search(prose) or self._words["heading"].search(prose)):
            return
        for sentences, is_section in self._units(text):
            said = [one for one in sentences if self._says("stated", one) or (is_section and self._says("tested", one))]
            if said:
                yield self._statement(text, sentences if is_section else said, said[0], sentences)

    def _units(self, text: str) -> Iterator[tuple[list[Sentence], bool]]:
        """Sentences that belong together: a paragraph's, or those of a section whose heading speaks of the re-test."""
        unit: list[Sentence] = []
        in_section = False
        for sentence in split_sentences(text):
            if _HEADING.fullmatch(text, text.rfind("\n", 0, sentence.start) + 1, sentence.start):
                yield unit, in_section
                unit, in_section = [], bool(self._words["heading"].search(sentence.clean))
                continue
            if unit and not in_section and sentence.paragraph != unit[-1].paragraph:
                yield unit, False
                unit = []
            unit.append(sentence)
        yield unit, in_section

    def _says(self, kind: str, sentence: Sentence) -> bool:
        return bool(self._words[kind].search(sentence.clean)) and not self._words["denied"].search(sentence.clean)

    def _statement(self, text: str, read: list[Sentence], first: Sentence, unit: list[Sentence]) -> Retest:
        original = " ".join(text[one.start : one.end] for one in read)
        clean = " ".join(one.clean for one in read)
        return Retest(
            first.text,
            first.start,
            first.end,
            any(self._says("every_must", one) for one in unit),
            tuple(self._requirements(original)),
            tuple(dict.fromkeys(f"v{minor}" for minor in self._minors(clean))),
            tuple(dict.fromkeys(self._product.findall(clean))) if self._product else (),
        )

    def _requirements(self, text: str) -> Iterator[str]:
        words, lower = set(_WORD_ID.findall(text)), " ".join(text.lower().split())
        return (name for name in self._ids if name in words or name.replace("_", " ") in lower)

    def _minors(self, clean: str) -> Iterator[str]:
        yield from _KUBERNETES.findall(clean)
        for kind, _, end in self._names.find(clean):
            if kind == "base" and (found := _MINOR_BEHIND.match(clean, end)):
                yield found[1]
