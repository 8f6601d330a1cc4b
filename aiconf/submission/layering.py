"""Is a submission a layered product, and on what does it stand?

A product is layered when it stands on another product's certified distribution (faq.md, on building on an existing
distribution). A distribution that merely runs on a cloud is not, nor is one that meets a requirement with something on
top of itself: what counts is that the base is another product than the one submitted. Every sign is reported; one
conclusive sign decides, or two hints of different kinds.

What a caller does with this module and its neighbours, in this order, only the first line for a product not layered::

    layering = LayeringReader(labels, platforms).conclude(Submission(...), layered=..., base=...)
    names = platforms.names(layering.base, layering.platform, [layering.product, vendor], components)
    owners = AttributionReader(labels, names, requirement_ids).conclude(notes, readme, layers)
    names = platforms.names(..., [layering.product, vendor, *components_of_the_layer], components)
    for marked in read_sentences(lexicon, names, split_sentences(text)):  # each text: notes, description, README
        facts = sentence_facts(lexicon, marked, pointer, requirement)  # where marked.marks is not empty
"""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import re2

from aiconf.submission.labels import compile_words
from aiconf.submission.platforms import short_name, slug

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.submission.labels import Labels
    from aiconf.submission.platforms import Platform, Platforms

# The form the programme's validator accepts, read leniently: the rest of the address is another rule's business.
_CONFORMANCE_URL = re.compile(r"k8s-conformance/(?:tree|blob)/[^/\s]+/(v\d+\.\d+)/([^/\s?#]+)")
# What prose blanks, or reads as white space.
_MARKUP = str.maketrans(dict.fromkeys("\n\r\t*_`~[]<>|#\x1f", " "))
# Markup that may stand between the words of a name or phrase.
_INSIDE = ("<", "](", "]:", "![")
_SHORT = 1_500  # characters: a description, a comment
_NEAR = 60  # characters between "on top of" and the name of what it stands on


class Text(NamedTuple):
    """A text of the submission.

    Attributes:
        where: A JSON Pointer, ``README.md`` or ``comment``.
        text: The text.
        line: Its first line, 1-based; 0 for a pointer.
        of_product: It speaks of the product as a whole. Notes tell of one requirement and of where it was tested, so
            that "runs on top of" decides nothing there.
    """

    where: str
    text: str
    line: int = 0
    of_product: bool = True


class Reason(NamedTuple):
    """One sign that the product is layered.

    Attributes:
        kind: name, conformance_url, label or prose.
        text: What was seen, as a sentence.
        where: JSON Pointer, ``README.md`` or ``comment``.
        line: 1-based line for README and comments, 0 for a pointer.
        conclusive: It decides alone.
        base: The name of the base it points to, "" when to none.
    """

    kind: str
    text: str
    where: str
    line: int
    conclusive: bool
    base: str


class Layering(NamedTuple):
    """The conclusion.

    Attributes:
        layered: Whether the product is layered.
        base: What the base is called, "" when unknown or when not layered.
        platform: The distribution that is, None when it is unknown to the catalog.
        product: The product's name without "on <base>".
        reasons: The signs, conclusive ones first.
        folder: The folder of ``k8sConformanceUrl``, "" when it has none.
        version: The version in it (``v1.35``), "" when it has none.
    """

    layered: bool
    base: str
    platform: Platform | None
    product: str
    reasons: tuple[Reason, ...]
    folder: str
    version: str


class Submission(NamedTuple):
    """What the conclusion is drawn from.

    Attributes:
        metadata: Field name in camelCase to value, of any type.
        folder: The product's folder, "" when unknown.
        notes: JSON Pointer to notes.
        texts: Description, comments (see `comment_texts`) and README.
    """

    metadata: Mapping[str, Any]
    folder: str
    notes: Mapping[str, str] = MappingProxyType({})
    texts: Sequence[Text] = ()

    def value(self, name: str) -> str:
        """A metadata field's text, "" when it is absent or no text."""
        value = self.metadata.get(name)
        return value.strip() if isinstance(value, str) else ""


class LayeringReader:
    """Looks for the signs, with the words and names of the catalog."""

    def __init__(self, labels: Labels, platforms: Platforms) -> None:
        self._labels, self._platforms = labels, platforms

    @cached_property
    def _names(self) -> list[tuple[Any, bool]]:
        kinds = self._labels.data["layered_names"].items()
        return [
            (re2.compile("(?i)" + pattern), kind == "conclusive") for kind, patterns in kinds for pattern in patterns
        ]

    @cached_property
    def _layered(self) -> Any:
        return compile_words(self._labels.data["layered_phrases"]["conclusive"])

    @cached_property
    def _base_heading(self) -> Any:
        return compile_words(self._labels.data["base_headings"], "(?:{})")

    @cached_property
    def _denied(self) -> Any:
        return compile_words(self._labels.data["layered_denials"])

    @cached_property
    def _stands(self) -> dict[str, Any]:
        # A phrase may end in a colon or dash, where no word ends.
        return {kind: compile_words(words, r"\b(?:{})") for kind, words in self._labels.data["base_phrases"].items()}

    def conclude(self, submission: Submission, *, layered: bool | None = None, base: str | None = None) -> Layering:
        """Draw the conclusion.

        Args:
            submission: What it is drawn from.
            layered: The caller knows; None to find out.
            base: The caller names the base; None to find out.
        """
        version, folder = _conformance(submission)
        product, named = self._split_name(submission.value("platformName"))
        own = self._platforms.own([product]) or self._platforms.named(submission.folder)
        reasons = [
            *self._name_reasons(submission, own, folder),
            *self._folder_reasons(submission, own, folder),
            *self._label_reasons(submission.notes),
        ]
        # Long texts are read only where nothing shorter decides.
        decided = any(reason.conclusive for reason in reasons)
        texts = [text for text in submission.texts if not decided or len(text.text) < _SHORT]
        reasons += self._prose_reasons([*texts, *(() if decided else _note_texts(submission.notes))], own)
        reasons.sort(key=lambda reason: not reason.conclusive)
        found = any(r.conclusive for r in reasons) or len({r.kind for r in reasons}) > 1
        is_layered = found if layered is None else layered
        name = base or next((r.base for r in reasons if r.base), "") or (named or folder if is_layered else "")
        if not is_layered:
            name = ""
        platform = self._platforms.named(name) if name else None
        return Layering(
            is_layered,
            name,
            platform,
            product if name else submission.value("platformName"),
            tuple(reasons),
            folder,
            version,
        )

    def _split_name(self, name: str) -> tuple[str, str]:
        """Product and base of "X on Y"; the whole name and "" for any other."""
        for pattern, conclusive in self._names:
            if conclusive and (match := pattern.match(name[:300])):
                return match["product"], match["base"]
        return name, ""

    def _name_reasons(self, submission: Submission, own: Platform | None, folder: str) -> Iterator[Reason]:
        name = submission.value("platformName")
        for pattern, conclusive in self._names:
            match = pattern.match(name[:300])
            if not match:
                continue
            platform = self._platforms.named(match["base"])
            certified = slug(match["base"]) == slug(folder) != slug(submission.folder)
            if (platform is None and not certified) or (platform is not None and platform is own):
                continue
            # A distribution may be called after where it runs ("RKE2 on Harvester") without standing on a product.
            of_one_vendor = own is not None and platform is not None and own["vendor"] == platform["vendor"]
            text = f"the platform's name says '{match['product']}' on '{match['base']}'"
            yield Reason("name", text, "/metadata/platformName", 0, conclusive and not of_one_vendor, match["base"])
            return

    def _folder_reasons(self, submission: Submission, own: Platform | None, folder: str) -> Iterator[Reason]:
        """The conformance entry cited is that of another product."""
        cited = self._platforms.named(folder) if folder else None
        if cited is None or cited is own or slug(folder) == slug(submission.folder):
            return
        if self._same_product(submission.value("platformName"), cited):
            return
        # Within one vendor, an unknown product may simply be the distribution under a new name.
        conclusive = own is not None or not self._platforms.same_vendor(submission.value("vendorName"), cited)
        text = f"k8sConformanceUrl cites the entry of {cited['name']} (folder '{folder}')"
        yield Reason(
            "conformance_url",
            text,
            "/metadata/k8sConformanceUrl",
            0,
            conclusive,
            short_name(cited),
        )

    def _same_product(self, name: str, cited: Platform) -> bool:
        """Whether a name is that of the cited product; "Acme (OKE)" is none of it, "Tanzu (TKG)" is."""
        for pattern, _ in self._names:
            match = pattern.match(name[:300])
            if match and self._platforms.named(match["base"]) is cited:
                name = match["product"]
                break
        return any(found is cited for found, *_ in self._platforms.mentions(name))

    def _label_reasons(self, notes: Mapping[str, str]) -> Iterator[Reason]:
        for pointer, text in notes.items():
            for kind, start, value_start in self._labels.find_labels(text[:2000]):
                value = text[value_start : value_start + 200]
                if kind in ("base", "layered") or (kind == "owner" and self._labels.owner(value)):
                    quote = " ".join(text[start : value_start + 40].split())
                    mentioned = self._platforms.mentions(value)
                    base = short_name(mentioned[0][0]) if mentioned else ""
                    yield Reason(
                        "label",
                        f"notes say which layer owns a requirement ('{quote}…')",
                        pointer,
                        0,
                        conclusive=True,
                        base=base,
                    )
                    return

    def _prose_reasons(self, texts: Sequence[Text], own: Platform | None) -> Iterator[Reason]:
        for text in texts:
            if self._may_tell(text.text, own):
                from aiconf.submission.prose import split_sentences  # noqa: PLC0415 - most texts name no other platform

                heading = ""
                for sentence in split_sentences(text.text):
                    if reason := self._prose_reason(text, heading + sentence.clean, sentence.start, own):
                        yield reason
                    heading = f"{sentence.clean}: " if self._base_heading.fullmatch(sentence.clean.strip()) else ""

    def _may_tell(self, text: str, own: Platform | None) -> bool:
        """Whether a text names another platform or says "layered": without either, no sentence of it is a sign."""
        if any(mark in text for mark in _INSIDE):
            return True
        spaced = text.translate(_MARKUP)
        others = (platform is not own for platform, *_ in self._platforms.mentions(spaced))
        return any(others) or bool(self._layered.search(spaced))

    def _prose_reason(self, text: Text, clean: str, start: int, own: Platform | None) -> Reason | None:
        others = [(p, s) for p, s, _ in self._platforms.mentions(clean) if p is not own]
        says_layered = self._layered.search(clean)
        if not (others or says_layered) or self._denied.search(clean):
            return None
        line = text.line + text.text.count("\n", 0, start) if text.line else 0
        quote = " ".join(clean.split())[:120]
        for kind, pattern in self._stands.items():
            for phrase in pattern.finditer(clean):
                for platform, place in others:
                    if 0 <= place - phrase.end() <= _NEAR:
                        name = short_name(platform)
                        conclusive = kind == "conclusive" and text.of_product
                        return Reason("prose", f"prose: '{quote}'", text.where, line, conclusive, name)
        if says_layered:
            name = short_name(others[0][0]) if others else ""
            return Reason("prose", f"prose: '{quote}'", text.where, line, conclusive=True, base=name)
        return None


def comment_texts(comments: Iterable[tuple[int, str]]) -> Iterator[Text]:
    """YAML comments, given as line and text, with those of consecutive lines joined: a sentence runs on."""
    first, last, lines = 0, 0, list[str]()
    for line, text in (*comments, (-1, "")):
        if lines and line != last + 1:
            yield Text("comment", "\n".join(lines), first)
            lines = []
        first = first if lines else line
        last = line
        lines.append(text)


def _note_texts(notes: Mapping[str, str]) -> Iterator[Text]:
    for pointer, text in notes.items():
        yield Text(pointer, text, of_product=False)


def _conformance(submission: Submission) -> tuple[str, str]:
    match = _CONFORMANCE_URL.search(submission.value("k8sConformanceUrl")[:500])
    return (match[1], match[2]) if match else ("", "")
