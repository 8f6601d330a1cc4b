"""Cuts templates, ``"{size(item.evidence)} pieces of evidence"``, into text and expressions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiconf.errors import CelError

# What may hide a brace inside an expression: string literals (CEL specification, section Syntax) and comments.
_TOKEN = re.compile(
    r"""
      (?<![A-Za-z0-9_]) (?:[rR][bB]?|[bB][rR]) (?: \"{3}.*?\"{3} | '{3}.*?'{3} | "[^"\n]*" | '[^'\n]*' )
    | \"{3} (?:[^\\]|\\.)*? \"{3} | '{3} (?:[^\\]|\\.)*? '{3}
    | " (?:[^"\\\n]|\\.)* " | ' (?:[^'\\\n]|\\.)* '
    | //[^\n]*
    | (?P<brace>[{}])
    | (?P<unclosed>["'])
    | [^{}"'/rRbB]+ | .
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Hole:
    """A ``{...}`` of a template: its CEL text and where that starts in the template, in characters."""

    text: str
    offset: int


def split(text: str) -> list[str | Hole]:
    """Cut a template into literal text (braces unescaped) and holes.

    Raises:
        CelError: A brace or a string inside braces is never closed, a hole is empty, or a ``}`` stands alone.
    """
    parts: list[str | Hole] = []
    literal = ""
    index = 0
    while (brace := _next_brace(text, index)) >= 0:
        literal += text[index:brace]
        index = brace + 1
        if text.startswith(text[brace], index):
            literal += text[brace]
            index += 1
            continue
        if text[brace] == "}":
            raise _error(text, brace, "a '}' that closes nothing; write '}}' for a literal brace")
        end = _hole_end(text, brace)
        parts += [literal, Hole(text[index:end], index)] if literal else [Hole(text[index:end], index)]
        literal, index = "", end + 1
    literal += text[index:]
    return [*parts, literal] if literal else parts


def _next_brace(text: str, start: int) -> int:
    found = [index for index in (text.find("{", start), text.find("}", start)) if index >= 0]
    return min(found, default=-1)


def _hole_end(text: str, brace: int) -> int:
    """Index of the ``}`` that closes the ``{`` at ``brace``."""
    depth = 0
    for token in _TOKEN.finditer(text, brace):
        if token["unclosed"]:
            raise _error(text, token.start(), "a string inside '{...}' that is never closed")
        if token["brace"]:
            depth += 1 if token["brace"] == "{" else -1
        if depth == 0:
            if not text[brace + 1 : token.start()].strip():
                raise _error(text, brace, "'{}' holds no expression; write '{{' for a literal brace")
            return token.start()
    raise _error(text, brace, "a '{' that is never closed; write '{{' for a literal brace")


def _error(text: str, index: int, message: str) -> CelError:
    return CelError(message, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
