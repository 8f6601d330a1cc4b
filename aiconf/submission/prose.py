"""Text of notes, descriptions and READMEs cut into sentences, each with its place in the original.

Markdown is read as far as prose needs it: code, URLs, HTML and markers are blanked without moving a character, so that
every offset still points into the original. Table cells, list items and headings are sentences of their own.
Linear in the length of the text, whatever the text.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_BREAK = "\x1f"  # ends a sentence wherever it stands
_NOUN = "_"  # stands for code and URLs, which take a noun's place in a sentence
_LONGEST = 1_500  # characters; a longer sentence is cut, so that what follows stays linear


class _Markup:
    """A pattern that matches only where its mark occurs: most texts have little markup, and compiling costs more.

    Args:
        mark: What every match holds; "" for nothing in particular.
        pattern: The regular expression.
        flags: Those of `re`.
    """

    def __init__(self, mark: str, pattern: str, flags: int = 0) -> None:
        self._mark, self._pattern, self._flags = mark, pattern, flags

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern, self._flags)

    def sub(self, replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
        """The text with every match replaced."""
        return self._compiled.sub(replacement, text) if self._mark in text else text


_COMMENT = _Markup("<!--", r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FENCE = re.compile(r"^[ \t]{0,3}(`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_TICKS = re.compile(r"`+")
_IMAGE_MARK = _Markup("![", r"!(?=\[)")
_DESTINATION = _Markup("]", r"\]\([^()\n]{0,500}(?:\([^()\n]{0,100}\)[^()\n]{0,100})?\)|\[[^\[\]\n]{0,100}\]:[ \t]")
_URL = _Markup(":", r"<?\b(?:https?|file|mailto):[^\s<>|)\]\x1f]+>?")
_BREAKING_TAG = _Markup(
    "<", r"</?(?:br|p|li|ul|ol|td|th|tr|div|h[1-6]|summary|details)\b[^<>\n]{0,200}>", re.IGNORECASE
)
_TAG = _Markup("<", r"</?[A-Za-z][^<>\n]{0,200}>")
_EMPHASIS = _Markup("", r"\*+|~~+|(?<![A-Za-z0-9_])_+(?=[A-Za-z0-9])|(?<=[A-Za-z0-9.])_+(?![A-Za-z0-9_])|[\[\]]")
_LINE_MARK = _Markup("", r"^[ \t>]*(?:#{1,6}[ \t]|[-*+•][ \t]|\(?\d{1,3}[.)][ \t]|\[[ xX]\][ \t])", re.MULTILINE)
_HEADING_LINE = _Markup("#", r"^[ \t>]{0,3}#{1,6}[ \t][^\n]*(\n|\Z)", re.MULTILINE)
_RULE_LINE = _Markup("", r"^[ \t>]*(?:[-=*_][ \t]*){3,}$", re.MULTILINE)
_TABLE_LINE = _Markup("|", r"^[ \t>]*\|[^\n]*$|^[^\n|]*\|[^\n]*\|[^\n]*$", re.MULTILINE)
_DELIMITER_CELLS = re.compile(r"^[ \t|:>-]+$")
_QUOTE_MARK = _Markup(">", r"^[ \t]*>+", re.MULTILINE)
_LABEL_LINE = _Markup("\n", r"\n(?=[ \t]*[A-Z][A-Za-z/-]{0,24}(?: [A-Za-z/-]{1,24}){0,3}[ \t]?:[ \t])")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n")

# A stop, closing marks, white space: all bounded, for a megabyte of full stops must not be quadratic.
_END = re.compile(r"[.!?…][)\"'\]”’]{0,4}\s|[。！？]|\x1f")  # noqa: RUF001 - full-width stops end sentences too
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|vs|cf|approx|incl|resp|fig|no|nos|ca|al|dr|mr|mrs|ms|st|viz|aka|[A-Z])\.$", re.IGNORECASE
)
_ABBREVIATION_OR_END = re.compile(r"(?:^|[\s(,])(?:etc|inc|ltd|corp|co|est)\.$|\.\.\.$|…$", re.IGNORECASE)
_WORD = re.compile(r"\w")


class Sentence(NamedTuple):
    """One sentence of a text.

    Attributes:
        text: As a person would quote it: markup kept, white space single.
        start: Offset of its first character in the original text.
        end: Offset behind its last character.
        clean: ``original[start:end]`` with everything that is not prose blanked; of the same length.
        paragraph: Number of the paragraph, list item or cell group it stands in; pronouns do not reach across.
    """

    text: str
    start: int
    end: int
    clean: str
    paragraph: int


@lru_cache(maxsize=64)  # notes and README are read for layers, for owners and for wording
def split_sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a Markdown or plain text, in order."""
    prose = blank_markup(text)
    return tuple(
        Sentence(" ".join(text[start:end].split()), start, end, prose[start:end].replace("\n", " "), paragraph)
        for paragraph, (first, last) in enumerate(_paragraphs(prose))
        for start, end in _sentences(prose, first, last)
    )


@lru_cache(maxsize=64)
def blank_markup(text: str) -> str:
    """The text with code, URLs, HTML and Markdown markers blanked, character for character of the same length."""
    text = _blank(_COMMENT, text)
    text = _blank_code(text)
    text = _blank(_BREAKING_TAG, text, _BREAK)
    text = _blank(_DESTINATION, text)
    text = _blank(_URL, text, _NOUN)
    text = _blank(_TAG, text)
    text = _split_table_cells(text)
    text = _blank(_RULE_LINE, text, _BREAK)
    text = _HEADING_LINE.sub(lambda line: line[0][:-1] + _BREAK if line[1] else line[0], text)
    text = _blank(_LINE_MARK, text, _BREAK)
    text = _blank(_QUOTE_MARK, text)
    text = _LABEL_LINE.sub(_BREAK, text)
    return _blank(_EMPHASIS, _blank(_IMAGE_MARK, text))


def _blank(pattern: _Markup, text: str, filler: str = " ") -> str:
    """Replaces each match by as many fillers, keeping line ends when the filler is a space."""

    def blanks(match: re.Match[str]) -> str:
        found = match[0]
        if filler == " " and "\n" in found:
            return "".join("\n" if character == "\n" else " " for character in found)
        return filler * len(found)

    return pattern.sub(blanks, text)


def _blank_code(text: str) -> str:
    if "`" not in text and "~~~" not in text:
        return text
    pieces, position = [], 0
    for start, end in _fenced(text):
        pieces += [_blank_code_spans(text[position:start]), _BREAK * (end - start)]
        position = end
    return "".join([*pieces, _blank_code_spans(text[position:])])


def _fenced(text: str) -> Iterator[tuple[int, int]]:
    """Spans of fenced code blocks; an unclosed one reaches to the end, as CommonMark says."""
    opened: re.Match[str] | None = None
    for fence in _FENCE.finditer(text):
        if opened is None:
            opened = fence
        elif fence[1].startswith(opened[1]) and not fence[0].strip(" \t`~"):
            yield opened.start(), fence.end()
            opened = None
    if opened is not None:
        yield opened.start(), len(text)


def _blank_code_spans(text: str) -> str:
    """Blanks inline code: a run of backticks up to the next run of the same length in the same paragraph."""
    runs = list(_TICKS.finditer(text))
    closers: dict[int, list[int]] = {}
    for index in range(len(runs) - 1, -1, -1):
        closers.setdefault(len(runs[index][0]), []).append(index)
    pieces, position = [], 0
    for index, run in enumerate(runs):
        waiting = closers[len(run[0])]
        while waiting and waiting[-1] <= index:
            waiting.pop()
        if run.start() < position or not waiting:
            continue
        end = runs[waiting[-1]].end()
        if _PARAGRAPH_END.search(text, run.start(), end):
            continue
        pieces += [text[position : run.start()], _NOUN * (end - run.start())]
        position = end
    return "".join([*pieces, text[position:]])


def _split_table_cells(text: str) -> str:
    def cells(line: re.Match[str]) -> str:
        if _DELIMITER_CELLS.match(line[0]):
            return _BREAK * len(line[0])
        return line[0].replace("|", _BREAK)

    return _TABLE_LINE.sub(cells, text)


def _paragraphs(prose: str) -> Iterator[tuple[int, int]]:
    position = 0
    for end in _PARAGRAPH_END.finditer(prose):
        yield position, end.start()
        position = end.end()
    yield position, len(prose)


def _sentences(prose: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for end in _END.finditer(prose, first, last):
        if end[0][0] != _BREAK and not _ends_sentence(prose, end):
            continue
        yield from _trimmed(prose, start, end.end())
        start = end.end()
    yield from _trimmed(prose, start, last)


def _ends_sentence(prose: str, end: re.Match[str]) -> bool:
    before = prose[max(0, end.start() - 12) : end.start()] + end[0].rstrip()
    if _ABBREVIATION.search(before):
        return False
    follower = prose[end.end() : end.end() + 1]
    return not (follower.islower() and _ABBREVIATION_OR_END.search(before))


def _trimmed(prose: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without surrounding white space and breaks, cut where it is too long, if it holds a word."""
    while start < end and (prose[start].isspace() or prose[start] == _BREAK):
        start += 1
    while end > start and (prose[end - 1].isspace() or prose[end - 1] == _BREAK):
        end -= 1
    while end - start > _LONGEST:
        cut = prose.rfind(" ", start, start + _LONGEST)
        cut = cut if cut > start else start + _LONGEST
        yield start, cut
        start = cut
    if _WORD.search(prose, start, end):
        yield start, end
