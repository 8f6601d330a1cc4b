"""What is wrong with a file as a file, before any rule looks at what it says."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """A defect of the text itself.

    Attributes:
        kind: ``yaml_syntax``, ``duplicate_key`` or ``wrong_shape``.
        message: What is wrong, in plain words, one sentence.
        line: 1-based line of the slip itself, not of the place where a parser gave up.
        column: 1-based column, in code points.
        pointer: JSON Pointer of the node concerned, empty for the whole file or when it cannot be told.
        hint: How to mend it, one sentence; empty when the message says it all.
    """

    kind: str
    message: str
    line: int
    column: int
    pointer: str = ""
    hint: str = ""


class Comment(NamedTuple):
    """One comment; ``text`` is what follows the ``#``, stripped; the position is that of the ``#``."""

    line: int
    column: int
    text: str
