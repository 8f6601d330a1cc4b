"""The table for people at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.layers.statement import contribution_words
from aiconf.layers.table import UNSTATED
from aiconf.reporters.phrases import OWNERS, counted
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from aiconf.layers.table import LayerTable, Row

_TITLES = ("requirement", "level", "owner", "component", "contribution", "evidence", "missing")
_WIDEST = 44  # columns of one cell; the other forms give the whole text


def render(table: LayerTable) -> str:
    """The conclusion with its reasons, the rows, and what is missing."""
    lines = [conclusion(table), *map(_reason, table.reasons), ""]
    if table.layered:
        lines += [*_rows(table), "", _summary(table)]
    else:
        lines.append("If it is layered, name what it stands on: --base NAME.")
    return "".join(line.rstrip() + "\n" for line in lines)


def conclusion(table: LayerTable) -> str:
    """Whether it is layered, and on what."""
    product = one_line(table.product)
    if not table.layered:
        return f"{one_line(table.path)}: nothing says clearly that {product} is layered on another product."
    base = one_line(table.base) or "a base that is not named"
    return f"{one_line(table.path)}: {product} is a layered product on {base}."


def _reason(reason: Mapping[str, Any]) -> str:
    place = one_line(reason["where"]) + (f", line {reason['line']}" if reason["line"] else "")
    kind = "" if reason["conclusive"] else "a hint: "
    return f"  - {kind}{one_line(reason['text'])} ({place})"


def _rows(table: LayerTable) -> Iterator[str]:
    cells = [_TITLES, *map(_cells, table.rows)]
    widths = [max(len(row[index]) for row in cells) for index in range(len(_TITLES))]
    for line, row in zip(cells, [None, *table.rows], strict=True):
        yield "  ".join(f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)).rstrip()
        if row is not None and table.entry:
            yield f"    {_base(row, table.entry)}"
    for feature in table.roadmap:
        told = ": ".join(filter(None, (feature.component, feature.note)))
        yield one_line(f"{feature.id}  roadmap feature  {told}")


def _cells(row: Row) -> tuple[str, ...]:
    contribution = "" if row.contribution == UNSTATED else row.contribution
    return (
        one_line(row.id, _WIDEST),
        one_line(row.level, 8) or "-",
        OWNERS.get(row.owner, "-"),
        one_line(row.component, _WIDEST) or "-",
        contribution_words(contribution, row.said_level) or "-",
        str(len(row.evidence)),
        ", ".join(row.missing),
    )


def _base(row: Row, entry: str) -> str:
    if row.base is None:
        return f"{one_line(entry)} says nothing of it."
    more = [f"{len(row.base.evidence) - 1} more"] if len(row.base.evidence) > 1 else []
    parts = [row.base.status or "no status", ", ".join(row.base.components), *row.base.evidence[:1], *more]
    return one_line(f"{entry}: {'; '.join(filter(None, parts))}")


def _summary(table: LayerTable) -> str:
    short = [row for row in table.rows if row.missing]
    if not short:
        return f"{counted(len(table.rows), 'requirement')}; nothing is missing."
    verb = "lacks" if len(short) == 1 else "lack"
    return f"{counted(len(table.rows), 'requirement')}; {len(short)} {verb} something."
