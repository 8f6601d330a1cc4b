"""The table for programs, format ``aiconf/layers/v1``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.reporters.plain import json_text, tool_version, well_formed

if TYPE_CHECKING:
    from aiconf.layers.table import LayerTable, Row

FORMAT = "aiconf/layers/v1"


def render(table: LayerTable) -> str:
    """The table as indented JSON in ASCII."""
    document = {
        "format": FORMAT,
        "tool": {"name": "aiconf", "version": tool_version()},
        "path": table.path,
        "product": table.product,
        "layered": table.layered,
        "base": {"name": table.base, "entry": table.entry} if table.layered else None,
        "reasons": [dict(reason) for reason in table.reasons],
        "complete": table.layered and table.complete,
        "requirements": [_row(row) for row in table.rows],
        "roadmap": [feature._asdict() for feature in table.roadmap],
    }
    return json_text(document, well_formed)


def _row(row: Row) -> dict[str, Any]:
    keys = ("id", "level", "status", "owner", "component", "contribution")
    base = row.base._asdict() if row.base else None
    said = {key: getattr(row, key) for key in keys}
    return {**said, "evidence": row.evidence, "missing": row.missing, "base": base}
