"""CEL text to a plain tree: cel-python's grammar in lark's LALR parser, then ``aiconf.cel.lower``.

cel-python's own evaluators are not used here (``aiconf.cel.reference`` does), so its package is not even imported: only
its grammar is read, see ``aiconf.cel.tables``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aiconf.cel.lower import Node, lower
from aiconf.cel.tables import load_lark
from aiconf.errors import CelError

if TYPE_CHECKING:
    from pathlib import Path

    from lark import Lark

# A rule's expression is a few hundred characters. The limit keeps the worst text under about a second.
MAX_TEXT = 16_384
MAX_BRACKETS = 100

# Strings and comments hide brackets. Each alternative reads on in one way only, so the scan is linear.
_STRING_COMMENT_OR_BRACKET = re.compile(
    r'''[rR]?"""(?:[^"\\]|\\[\s\S]|"(?!""))*+(?:""")?'''
    r"""|[rR]?\'\'\'(?:[^'\\]|\\[\s\S]|'(?!\'\'))*+(?:\'\'\')?"""
    r"""|[rR]"[^"\r\n]*+"?|[rR]'[^'\r\n]*+'?|"(?:[^"\\\r\n]|\\.)*+"?|'(?:[^'\\\r\n]|\\.)*+'?"""
    r"""|//[^\r\n]*+|[\[({]|[\])}]"""
)


def parse(text: str, cache: Path | None = None) -> Node:
    """Parse one CEL expression into the tree described in ``aiconf.cel.lower``.

    Args:
        text: The expression.
        cache: Where the parser's tables are kept; that of `aiconf.cache` when None.

    Raises:
        CelError: The text is too long, nested too deeply, or no expression; with the place.
    """
    if len(text) > MAX_TEXT:
        raise CelError(f"the expression has {len(text):,} characters, more than {MAX_TEXT:,}", 1, 1)
    _check_brackets(text)
    return lower(parse_tree(parser(cache), text))


def parse_tree(lark: Lark, text: str) -> Any:
    """Return lark's tree of ``text``.

    Raises:
        CelError: The text is no expression; with the place.
    """
    from lark.exceptions import UnexpectedInput  # noqa: PLC0415 - a warm start parses nothing

    try:
        return lark.parse(text)
    except UnexpectedInput as error:
        raise _syntax_error(error, text) from None


@lru_cache(maxsize=2)
def parser(cache: Path | None = None) -> Lark:
    """Return lark's parser, loaded once in a process."""
    return load_lark(cache)


def _check_brackets(text: str) -> None:
    depth = 0
    for match in _STRING_COMMENT_OR_BRACKET.finditer(text):
        depth += (match[0] in "([{") - (match[0] in ")]}")
        if depth > MAX_BRACKETS:
            raise CelError(f"brackets are nested more than {MAX_BRACKETS} deep", *_place(text, match.start()))


def _place(text: str, offset: int) -> tuple[int, int]:
    """1-based line and column of an offset."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def _syntax_error(error: Any, text: str) -> CelError:
    from lark.exceptions import UnexpectedCharacters, UnexpectedToken  # noqa: PLC0415 - see above

    if isinstance(error, UnexpectedCharacters):
        offset: Any = error.pos_in_stream  # an int; lark declares it None
        character = text[offset]
        what = "this string has no end" if character in "'\"" else f"unexpected character {character!r}"
        return CelError(what, error.line, error.column)
    if not isinstance(error, UnexpectedToken) or error.token.type == "$END":
        return CelError("the expression ends too early", *_place(text, len(text)))
    return CelError(f"unexpected {str(error.token)[:40]!r}", error.line, error.column)
