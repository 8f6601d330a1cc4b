"""Text with CEL in it: ``"{size(item.evidence)} pieces of evidence"``.

``{...}`` holds a CEL expression, ``{{`` and ``}}`` are literal braces. A part that fails to render shows as its own
source, so that a message never loses its finding.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.catalog.expression import Expression

SHOWN_LENGTH = 200
_PRINTED_BITS = 1000


class Template(NamedTuple):
    """A parsed template.

    Attributes:
        text: The template as written.
        parts: Literal texts and expressions, in order.
    """

    text: str
    parts: tuple[str | Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions in it, in order."""
        return tuple(part for part in self.parts if not isinstance(part, str))

    def render(self, bindings: Mapping[str, object]) -> str:
        """The text for people, see ``show``; never raises: a part that fails renders as its own ``{source}``."""
        return "".join(part if isinstance(part, str) else _shown(part, bindings) for part in self.parts)

    def render_pointer(self, bindings: Mapping[str, object]) -> str | None:
        """The template as a JSON Pointer (RFC 6901), None when a part fails or no pointer comes of it.

        A value at the very start is a pointer already; anywhere else it is one segment, or a part of one, and ``~`` and
        ``/`` in it are escaped.
        """
        pointer = ""
        try:
            for index, part in enumerate(self.parts):
                text = part if isinstance(part, str) else _segment(part.evaluate(bindings))
                if text is None:
                    return None
                is_value = not isinstance(part, str)
                pointer += text.replace("~", "~0").replace("/", "~1") if is_value and index else text
        except CelError:
            return None
        return pointer if pointer[:1] in ("", "/") else None


def _shown(part: Expression, bindings: Mapping[str, object]) -> str:
    try:
        return show(part.evaluate(bindings))
    except CelError:
        return f"{{{part.text}}}"


def _segment(value: object) -> str | None:
    """A value as text for a pointer; None when it is neither a string nor a whole number."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def show(value: object) -> str:
    """A value as a person wants to read it inside a sentence.

    Strings as they are, null as ``null``, lists with commas, mappings as compact JSON; cut to ``SHOWN_LENGTH``
    characters, with control and other invisible characters escaped (a document must not reach the terminal raw).
    """
    text = ""
    for piece in _spoken(value):
        text += piece
        if len(text) > SHOWN_LENGTH:
            break
    if not text.isprintable():
        text = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text[: SHOWN_LENGTH + 1])
    return text if len(text) <= SHOWN_LENGTH else text[: SHOWN_LENGTH - 1] + "…"


# Both walk lazily: the caller stops after a few hundred characters, so that size, depth and even cycles of a document
# cost nothing.
def _spoken(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value[: SHOWN_LENGTH + 1]
    elif isinstance(value, list | tuple) and value:
        for index, item in enumerate(value):
            yield ", " if index else ""
            yield from [item[: SHOWN_LENGTH + 1]] if isinstance(item, str) else _json(item)
    else:
        yield from _json(value)


def _json(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield "," if index else ""
            yield _scalar(key) + ":"
            yield from _json(item)
        yield "}"
    elif isinstance(value, list | tuple):
        yield "["
        for index, item in enumerate(value):
            yield "," if index else ""
            yield from _json(item)
        yield "]"
    else:
        yield _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value[: SHOWN_LENGTH + 1], ensure_ascii=False)
    if isinstance(value, int) and value.bit_length() > _PRINTED_BITS:
        return "a very large number"  # Python refuses to print whole numbers of more than 4,300 digits
    return json.dumps(value) if value is None or isinstance(value, bool | int | float) else str(value)
