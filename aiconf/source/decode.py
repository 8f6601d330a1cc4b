"""Bytes to text, whatever the bytes."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import yaml

from aiconf.source.problem import Problem
from aiconf.source.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

# Longest first: the UTF-32 mark begins with the UTF-16 one.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_REPORTED = 5
# The complement of YAML's c-printable (YAML 1.2.2, section 5.1), which libyaml enforces too.
# PyYAML has the same set, compiled already, which saves four milliseconds of every start.
_UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE


def decode(raw: bytes) -> tuple[str, list[Problem]]:
    """The text of a file, its byte order mark removed, and what is wrong with its encoding.

    Bytes that are no text become U+FFFD. UTF-16 and UTF-32 are read too, with a problem: the programme's tooling and
    code review expect UTF-8.
    """
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        pass
    if encoding := _wide_encoding(raw):
        name = encoding[:6].upper()
        problem = Problem("wrong_shape", f"The file is {name}, not UTF-8.", 1, 1, hint="Save the file as UTF-8.")
        return raw.decode(encoding, "replace").removeprefix("\ufeff"), [problem]
    return _decode_damaged(raw.removeprefix(codecs.BOM_UTF8))


def _wide_encoding(raw: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)


def _decode_damaged(raw: bytes) -> tuple[str, list[Problem]]:
    text = raw.decode("utf-8", "replace")
    lines = Text(text)
    problems = []
    for start, byte in _invalid_bytes(raw):
        place = lines.original_position(len(raw[:start].decode("utf-8", "replace")))
        problems.append(
            Problem(
                "wrong_shape",
                f"The byte 0x{byte:02X} is not valid UTF-8.",
                place.line,
                place.column,
                hint="Save the file as UTF-8; the byte may come from an older encoding such as Windows-1252.",
            )
        )
    return text, problems


def _invalid_bytes(raw: bytes) -> Iterator[tuple[int, int]]:
    """Offset and value of the first few bytes that are not UTF-8."""
    start = 0
    for _ in range(_REPORTED):
        try:
            codecs.decode(raw[start:], "utf-8")
        except UnicodeDecodeError as error:
            yield start + error.start, raw[start + error.start]
            start += error.end
        else:
            return


def replace_unprintable(text: Text) -> tuple[Text, list[Problem]]:
    """A draft in which characters that YAML forbids are U+FFFD, and a problem for each of the first few."""
    problems: list[Problem] = []
    for match in _UNPRINTABLE.finditer(text.draft):
        if len(problems) == _REPORTED:
            break
        place = text.position(match.start())
        problems.append(
            Problem(
                "yaml_syntax",
                f"The control character U+{ord(match.group()):04X} is not allowed in YAML.",
                place.line,
                place.column,
                hint="Remove the character; it may be invisible in an editor.",
            )
        )
    # The length stays, so that the way back to the original stays.
    return Text(text.original, _UNPRINTABLE.sub("\ufffd", text.draft), text.origins), problems
