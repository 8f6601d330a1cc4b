"""What a slip of the pen may have been: for a text that breaks YAML's syntax, the edits that could mend it.

Each repair is tried by parsing again (``aiconf.source.recover``), so a repair need not be certain here; it has to say
where the slip is, what it is in plain words, and how a person mends it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.source.text import Text

_ENTRY = re.compile(r"([ ]*)((?:- +)*)(?:([\w./-]+)(:)( +|$))?(.*)")
_LOOKS_LIKE_A_LINE_OF_ITS_OWN = re.compile(r"\s*(- |[\w./-]+:(\s|$)|#|$)")
_NO_SPACE = re.compile(r"([ ]*)(?:(-)(?=[^\s-])|((?:- +)*[A-Za-z]\w*)(:)(?=[^\s/:]))")
_CLOSERS = {"[": "]", "{": "}"}
_OTHER_SEPARATOR = re.compile(r"( *(?:- +)*[A-Za-z]\w*)( *(?:=|\uff1a|\ufe55) *)(?=\S)")
# From how many lines above an indentation may be taken.
_NEIGHBOURS = 40


@dataclass(frozen=True, slots=True)
class Repair:
    """One edit of a draft.

    Attributes:
        start: Offset in the draft where the edit begins.
        end: Offset behind the text that is replaced.
        new: What stands there instead.
        offset: Offset in the draft of the place to report.
        message: What is wrong.
        hint: How to mend it.
        certain: Whether the line keeps what was meant; False when it is left out.
    """

    start: int
    end: int
    new: str
    offset: int
    message: str
    hint: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def indent(self) -> int:
        return len(self.text) - len(self.text.lstrip(" "))


def repairs(text: Text, at: int, context: int | None) -> Iterator[Repair]:
    """Possible repairs, the most telling first.

    Args:
        text: The text; its draft does not parse.
        at: Offset in the draft where the parser gave up.
        context: Offset where the construct began in which it gave up, None when it does not say.
    """
    lines = _lines(text.draft)
    here = _index(lines, at)
    began = _index(lines, context) if context is not None else here
    yield from _tabs(lines, here)
    yield from _open_quotes(lines, here, began)
    yield from _quotes_inside(lines, here)
    yield from _brackets(lines, here, context, at)
    yield from _missing_spaces(lines, here)
    yield from _strangers(lines, here)
    yield from _unquoted(lines, here, at)
    yield from _indentation(lines, here)


def leaving_out(text: Text, at: int, problem: str) -> Repair:
    """The last resort: the line where the parser gave up becomes a comment."""
    lines = _lines(text.draft)
    index = _index(lines, at)
    while index and (not lines[index].text.strip() or lines[index].text.lstrip().startswith("#")):
        index -= 1
    line = lines[index]
    start = line.start + line.indent
    message = f"This line cannot be understood ({problem})."
    return Repair(start, start, "#", max(at, start) if at < line.end else start, message, _LAST_HINT, certain=False)


_LAST_HINT = (
    "Compare it with the same line of the programme's template, and put texts with special characters in quotes."
)


def _lines(draft: str) -> list[_Line]:
    lines, start = [], 0
    for number, raw in enumerate(draft.splitlines(keepends=True)):
        lines.append(_Line(number, start, raw.rstrip("\r\n\x85\u2028\u2029")))
        start += len(raw)
    return [*lines, _Line(len(lines), start, "")]


def _index(lines: list[_Line], offset: int) -> int:
    low, high = 0, len(lines) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if lines[middle].start <= offset else (low, middle - 1)
    return low


def _near(lines: list[_Line], here: int) -> list[_Line]:
    """The line where the parser gave up, then the one above, which may be the cause; blank lines left out."""
    above = next((lines[n] for n in range(here - 1, -1, -1) if lines[n].text.strip()), None)
    return [line for line in (lines[here], above) if line is not None and line.text.strip()]


def _tabs(lines: list[_Line], here: int) -> Iterator[Repair]:
    for line in _near(lines, here):
        lead = line.text[: len(line.text) - len(line.text.lstrip(" \t"))]
        if "\t" not in lead:
            continue
        place = line.start + lead.index("\t")
        for width in (2, 4, 8):
            yield Repair(
                line.start,
                line.start + len(lead),
                lead.expandtabs(width),
                place,
                "A tab is used for indentation, which YAML does not allow.",
                "Indent with spaces, as many as the lines around it.",
            )


def _open_quotes(lines: list[_Line], here: int, began: int) -> Iterator[Repair]:
    """A value that begins with a quote which its line does not close, though the next line is one of its own."""
    order = [began, *range(here + 1)]  # a quote left open may swallow any number of lines
    for index in dict.fromkeys(order):
        line = lines[index]
        match = _ENTRY.fullmatch(line.text)
        value = match[6].rstrip() if match else ""
        if value[:1] not in ('"', "'") or _closed(value):
            continue
        below = lines[index + 1].text if index + 1 < len(lines) else ""
        if _LOOKS_LIKE_A_LINE_OF_ITS_OWN.match(below):
            end = line.start + len(line.text.rstrip())
            place = line.start + line.text.rindex(value)
            yield Repair(
                end,
                end,
                value[0],
                place,
                "The quote that opens here is never closed.",
                f"Close it at the end of the line with {value[0]}.",
            )


def _closed(value: str) -> bool:
    """Whether a text that begins with a quote closes it somewhere."""
    if value[0] == '"':
        return bool(re.match(r'"(?:[^"\\]|\\.)*"', value))
    return bool(re.match(r"'(?:[^']|'')*'", value))


def _quotes_inside(lines: list[_Line], here: int) -> Iterator[Repair]:
    """``"one "two" three"`` and ``'it's'``: the text ends at its own quote."""
    for line in _near(lines, here):
        match = _ENTRY.fullmatch(line.text)
        value = match[6].rstrip() if match else ""
        if len(value) < 3 or value[0] not in ('"', "'"):  # noqa: PLR2004 - two quotes and something between them
            continue
        quote = value[0]
        inner = value[1:-1] if value[-1] == quote else value[1:]
        if quote not in inner:
            continue
        start = line.start + line.text.rindex(value)
        plain = inner.replace('\\"', '"') if quote == '"' else inner.replace("''", "'")
        yield Repair(
            start,
            start + len(value),
            json.dumps(plain, ensure_ascii=False),
            start + 1 + inner.index(quote),
            "A quote inside the quoted text ends it too early.",
            'Write \\" for a quote inside double quotes, or use single quotes around the text.'
            if quote == '"'
            else "Write two single quotes for one inside single quotes, or use double quotes around the text.",
        )


def _brackets(lines: list[_Line], here: int, context: int | None, at: int) -> Iterator[Repair]:
    if context is not None:
        line = lines[_index(lines, context)]
        opener = line.text[context - line.start : context - line.start + 1]
        if opener in _CLOSERS:
            end = line.start + len(line.text.rstrip(" ,"))
            closer = _CLOSERS[opener]
            yield Repair(
                end,
                line.end,
                closer,
                context,
                f"The {opener} that opens here is never closed.",
                f"Add {closer} behind the last item.",
            )
    line = lines[here]
    column = at - line.start
    for place in (column, column - 1):
        if 0 <= place < len(line.text) and line.text[place] in "]}":
            offset = line.start + place
            what = f"The {line.text[place]} closes nothing."
            yield Repair(offset, offset + 1, "", offset, what, "Remove it.")


def _missing_spaces(lines: list[_Line], here: int) -> Iterator[Repair]:
    for line in _near(lines, here):
        match = _NO_SPACE.match(line.text)
        if match:
            what = "dash" if match[2] else "colon"
            offset = line.start + match.end()
            message, hint = f"A space is missing behind the {what}.", f"Put a space behind the {what}."
            yield Repair(offset, offset, " ", offset - 1, message, hint)


def _strangers(lines: list[_Line], here: int) -> Iterator[Repair]:
    """Lines that are neither a key nor an item: another separator, a merge conflict, words."""
    for line in _near(lines, here):
        start = line.start + line.indent
        if match := _OTHER_SEPARATOR.match(line.text):
            at = line.start + match.start(2)
            found = match[2].strip()
            message = f"A {found} stands where a colon belongs."
            yield Repair(
                at,
                line.start + match.end(2),
                ": ",
                line.start + line.text.index(found),
                message,
                f"Write : for {found}.",
            )
        elif not re.match(r"\s*(- |[^\s\"'][^:]*:(\s|$)|#|[\"'\]}])", line.text):
            message = "The line is neither a key with its value nor an item of a list."
            yield Repair(start, start, "#", start, message, "Remove it, or write it as key: value.", certain=False)


def _unquoted(lines: list[_Line], here: int, at: int) -> Iterator[Repair]:
    for line in _near(lines, here):
        match = _ENTRY.fullmatch(line.text)
        value = match[6].rstrip() if match else ""
        if not value or value[0] in "\"'|>#":
            continue
        start = line.start + line.text.rindex(value)
        if ": " in value or value.endswith(":"):
            why = "holds a colon, which YAML reads as the end of a key"
        elif value[0] in "@`%*&!,[]{}?":
            why = f"begins with {value[0]}, which has a meaning of its own in YAML"
        else:
            why = "holds characters with a meaning of their own in YAML"
        place = at if start <= at < line.end else start
        quoted = json.dumps(value, ensure_ascii=False)
        yield Repair(
            start,
            start + len(value),
            quoted,
            place,
            f"The text without quotes {why}.",
            "Put the whole text in double quotes.",
        )


def _indentation(lines: list[_Line], here: int) -> Iterator[Repair]:
    for line in _near(lines, here):
        seen = {line.indent}
        for other in reversed(lines[max(0, line.number - _NEIGHBOURS) : line.number]):
            if not other.text.strip() or other.text.lstrip().startswith("#") or other.indent in seen:
                continue
            seen.add(other.indent)
            yield Repair(
                line.start,
                line.start + line.indent,
                " " * other.indent,
                line.start + line.indent,
                f"The line is indented by {_spaces(line.indent)}, which fits no line above it.",
                f"Indent it by {_spaces(other.indent)}, as line {other.number + 1} is.",
            )


def _spaces(count: int) -> str:
    return "one space" if count == 1 else f"{count} spaces"
