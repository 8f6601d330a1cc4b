"""Functions of strings; indices count code points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.cel.patterns import compiled
from aiconf.cel.values import no_overload
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.budget import Meter

_LOWER = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_UPPER = str.maketrans("abcdefghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Unicode's White_Space; Python's strip() also takes the separators U+001C to U+001F.
_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


def contains(text: str, part: str) -> bool:
    """``text.contains(part)``."""
    return part in text


def matches(text: str, pattern: str) -> bool:
    """``text.matches(pattern)``."""
    return compiled(pattern)(text)


def char_at(text: str, index: int) -> str:
    """``text.charAt(index)``; the index behind the last gives ""."""
    return text[_index(index, len(text)) :][:1]


def _index(index: int, most: int) -> int:
    if 0 <= index <= most:
        return index
    raise CelError("the index is out of range")


def index_of(text: str, part: str, start: int = 0) -> int:
    """``text.indexOf(part)``."""
    return text.find(part, _index(start, len(text)))


def last_index_of(text: str, part: str, start: int | None = None) -> int:
    """``text.lastIndexOf(part)``, starting no later than ``start``."""
    if start is None:
        return text.rfind(part)
    return text.rfind(part, 0, _index(start, len(text)) + len(part))


def lower_ascii(text: str) -> str:
    """``text.lowerAscii()``."""
    return text.translate(_LOWER)


def upper_ascii(text: str) -> str:
    """``text.upperAscii()``."""
    return text.translate(_UPPER)


def replace(meter: Meter, text: str, old: str, new: str, limit: int = -1) -> str:
    """``text.replace(old, new)``; a negative limit means all."""
    limit = max(limit, -1)
    count = text.count(old)
    times = count if limit < 0 else min(count, limit)
    meter.produce(len(text) + times * (len(new) - len(old)))
    return text.replace(old, new, limit)


def split(meter: Meter, text: str, separator: str, limit: int = -1) -> list[str]:
    """``text.split(separator)``; an empty separator gives the characters."""
    if limit == 0:
        return []
    if separator:
        meter.produce(len(text) + text.count(separator))
        return text.split(separator, limit - 1 if limit > 0 else -1)
    meter.produce(2 * len(text))
    if limit < 0 or limit >= len(text):
        return list(text)
    return [*text[: limit - 1], text[limit - 1 :]]


def join(meter: Meter, texts: list[Any], separator: str = "") -> str:
    """``texts.join(separator)``."""
    if not all(type(text) is str for text in texts):
        raise no_overload("join", next(text for text in texts if type(text) is not str))
    meter.step(1 + len(texts) // 64)
    meter.produce(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


def substring(text: str, start: int, end: int | None = None) -> str:
    """``text.substring(start, end)``."""
    end = len(text) if end is None else _index(end, len(text))
    return text[_index(start, end) : end]


def trim(text: str) -> str:
    """``text.trim()``."""
    return text.strip(_SPACE)
