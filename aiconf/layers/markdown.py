"""The table as Markdown for the README, in a form that `aiconf.submission.readme` reads back the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from aiconf.layers.statement import contribution_words
from aiconf.layers.table import UNSTATED
from aiconf.reporters.phrases import OWNERS
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.layers.table import Feature, LayerTable, Row

BEGIN = "<!-- aiconf layers: begin -->"
END = "<!-- aiconf layers: end -->"
_HEADER = ("Requirement", "Level", "Layer", "Component", "Contribution", "Evidence")
_SPECIAL = re.compile(r"[\\`*_\[\]<>|&~#!]")
_ID = re.compile(r"[a-z0-9_]+")
_SAFE = "/:?#@!$&'*+,;=%~-._"


def render(table: LayerTable) -> str:
    """The block for the README, then what is missing as a list outside of it."""
    text = block(table.product, table.base, table.rows, table.roadmap)
    missing = [f"- {_code(row.id)}: {', '.join(row.missing)}" for row in table.rows if row.missing]
    beside = _beside(table)
    parts = [text, *(["Still to be said:\n", *missing, ""] if missing else []), *beside]
    return "\n".join(parts)


def block(product: str, base: str, rows: Iterable[Row], roadmap: Iterable[Feature]) -> str:
    """What stands between the marks, these included: aiconf finds it again by them.

    The table comes last, so that the heading over it is not mistaken for that of what follows in the README.
    """
    lines = [BEGIN, *_roadmap(roadmap), "### Layers", ""]
    lines += [f"{escaped(product)}; base platform: {escaped(base)}. Which layer owns each requirement:", ""]
    lines += [_line(_HEADER), _line(["---"] * len(_HEADER)), *map(_row, rows), END]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """Text on one line in which nothing acts as Markdown."""
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))


def _row(row: Row) -> str:
    contribution = "" if row.contribution == UNSTATED and not row.said_level else row.contribution
    cells = (
        _code(row.id),
        escaped(row.level),
        OWNERS.get(row.owner, ""),
        escaped(row.component),
        contribution_words(contribution, row.said_level),
        ", ".join(map(_evidence, row.evidence)),
    )
    return _line(cells)


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(name: str) -> str:
    return f"`{name}`" if _ID.fullmatch(name) else escaped(name)


def _evidence(text: str) -> str:
    """A link with the file's name for text; what is neither address nor file is shown as it is."""
    text = text.strip()
    scheme, _, rest = text.partition("://")
    if (rest and scheme.lower() not in ("http", "https")) or any(character.isspace() for character in text):
        return escaped(text)
    try:
        parts = urlsplit(text)
    except ValueError:
        return escaped(text)
    name = parts.path.rstrip("/").rpartition("/")[2] or parts.netloc or text
    if not rest and parts.fragment:  # one report of tests is evidence for many requirements
        name += f"#{parts.fragment}"
    return f"[{escaped(name)}]({quote(text, safe=_SAFE, errors='backslashreplace')})"


def _roadmap(features: Iterable[Feature]) -> Iterator[str]:
    features = list(features)
    if features:
        yield from ("### Roadmap features", "")
        for feature in features:
            told = ": ".join(filter(None, (escaped(feature.component), escaped(feature.note))))
            yield f"- {_code(feature.id)}" + (f" — {told}" if told else "")
        yield ""


def _beside(table: LayerTable) -> Iterator[str]:
    """The base's own claims, for the vendor to read; not part of the README."""
    rows = [row for row in table.rows if row.base]
    if not rows:
        return
    yield f"What {escaped(table.entry)} itself says:\n"
    yield _line(("Item", "Claimed by the base", "Named in its notes", "Evidence given"))
    yield _line(["---"] * 4)
    for row in rows:
        if row.base:
            shown = ", ".join(map(_evidence, row.base.evidence))
            yield _line((_code(row.id), escaped(row.base.status), escaped(", ".join(row.base.components)), shown))
    yield ""
