"""Text of strangers, made safe to show: what a report quotes comes from a pull request that anyone may open."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from aiconf import __version__

if TYPE_CHECKING:
    from collections.abc import Callable

# Controls but tab and line feed, what is invisible, what turns the writing direction (CVE-2021-42574), separators that
# some programs take for line ends, halves of surrogate pairs, and code points that are no characters.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufdd0-\ufdef\ufeff\ufff9-\uffff\U000e0000-\U000e007f]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(text: str) -> str:
    r"""The text with everything that could act or hide written out, as in ``\u202e``; lines and tabs stay."""
    return _HIDDEN.sub(_written_out, text.replace("\r\n", "\n"))


def one_line(text: str, limit: int | None = None) -> str:
    """The visible text on one line, cut to at most ``limit`` characters."""
    return shortened(visible(" ".join(text.split())), limit)


def shortened(text: str, limit: int | None) -> str:
    """The text, or its beginning and an ellipsis, in at most ``limit`` characters."""
    return text if limit is None or len(text) <= limit else text[: limit - 1].rstrip() + "…"


def well_formed(text: str) -> str:
    """The text with lone surrogates replaced, which most JSON readers refuse; everything else as it stands."""
    return _LONE_SURROGATE.sub("\ufffd", text)


def json_text(document: Any, convert: Callable[[str], str] = visible) -> str:
    """Indented JSON in ASCII, so that any text survives any pipe; ``convert`` is applied to every text value."""
    return json.dumps(_converted(document, convert), indent=2) + "\n"


def _converted(value: Any, convert: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return convert(value)
    if isinstance(value, dict):
        return {key: _converted(inner, convert) for key, inner in value.items()}
    return [_converted(inner, convert) for inner in value] if isinstance(value, (list, tuple)) else value


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - widths


def tool_version() -> str:
    """The version of aiconf that made the report."""
    return __version__
