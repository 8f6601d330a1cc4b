"""YAML or JSON text to plain data, with the place of every value, whatever the bytes.

PyYAML's event stream (libyaml's where it is built in) is composed by our own small composer, because a linter needs
what ``yaml.load`` throws away: positions, duplicate keys, the type Go would see; and because a file from a stranger
must not cost more than a fixed amount of time, memory and depth.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from aiconf.errors import InputError
from aiconf.source.decode import decode
from aiconf.source.document import Source
from aiconf.source.nodes import Composition
from aiconf.source.problem import Comment, Problem
from aiconf.source.recover import Reading, read
from aiconf.source.text import Text

if TYPE_CHECKING:
    import os

__all__ = ["MAX_BYTES", "Comment", "Problem", "Source", "load_source", "parse_source"]

MAX_BYTES = 1024 * 1024
"""Largest file that is read as a submission; the largest merged one has 26 KB."""


def load_source(path: str | os.PathLike[str], display: str | None = None, *, limit: int = MAX_BYTES) -> Source:
    """Read a YAML or JSON file.

    Args:
        path: The file.
        display: How to name it, the path itself by default.
        limit: Largest size in bytes; of a larger file ``limit + 1`` bytes are read, to find that it is larger.

    Raises:
        InputError: It cannot be opened or read.
    """
    try:
        with Path(path).open("rb") as file:
            raw = file.read(limit + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"cannot read {path}: {reason}") from error
    return parse_source(raw, str(path) if display is None else display, limit=limit)


def parse_source(raw: bytes, display: str, *, limit: int = MAX_BYTES) -> Source:
    """Parse bytes; never raises, whatever they are.

    Args:
        raw: The file's bytes.
        display: How to name the file.
        limit: Largest size in bytes; a larger text gives empty data and a problem.
    """
    digest = hashlib.sha256(raw).hexdigest()
    if len(raw) > limit:
        message = f"The file is larger than {limit} bytes, the most that is read."
        hint = "A submission is a few kilobytes of text; move anything else to files beside it."
        problem = Problem("wrong_shape", message, 1, 1, hint=hint)
        return Source(display, digest, Text(""), Composition(), ((problem,), ()))
    original, problems = decode(raw)
    found = read(Text(original))
    text, composition = found.text, found.composition
    problems = [*problems, *found.problems, *_problems(text, composition), *_shape(found)]
    dropped = [(text.position(a).line, text.position(max(a, b - 1)).line) for a, b in composition.dropped]
    uncertain = sorted([*dropped, *found.lost])
    return Source(display, digest, text, composition, (tuple(sorted(problems, key=_place)), tuple(uncertain)))


def _place(problem: Problem) -> tuple[int, int]:
    return problem.line, problem.column


def _problems(text: Text, composition: Composition) -> list[Problem]:
    places = [(text.position(defect.offset), defect) for defect in composition.defects]
    return [Problem(d.kind, d.message, at.line, at.column, d.pointer, d.hint) for at, d in places]


def _shape(reading: Reading) -> list[Problem]:
    """A problem when the root is no mapping, saying what it is; none where what could not be read may be one."""
    root = reading.composition.root
    if reading.lost or (root is not None and root.kind == "map"):
        return []
    what = "is empty or holds only comments" if root is None or root.kind == "null" else f"holds a {root.kind}"
    message = f"The file {what}, where a mapping of keys to values is expected."
    hint = "Start from the programme's template: `metadata:` and `spec:` at the left margin."
    return [Problem("wrong_shape", message, 1, 1, hint=hint)]
