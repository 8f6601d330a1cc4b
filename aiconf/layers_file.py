"""``layers.yaml``: which layer of a layered product owns each requirement, kept by the vendor beside PRODUCT.yaml.

Its format is ``rules/schemas/layers.schema.json``.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.catalog.files import find_root
from aiconf.errors import InputError
from aiconf.source import load_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from aiconf.source import Source

SCHEMA = "rules/schemas/layers.schema.json"
_MOST_SHOWN = 20
# What the schema's other keywords mean here; those not listed are told well enough by the schema checker.
_WORDS = {
    "pattern": "'{value}' is no requirement's id: write one as in the checklist, such as gang_scheduling",
    "maxLength": "{where} is longer than is sensible: shorten it",
    "minProperties": "layers has no row: give one for each requirement",
}

_MATCHES = "{where} is layered, but what matches the base is owned by it: write base or both, or another contribution"


class LayersFile(NamedTuple):
    """A valid layers.yaml.

    Attributes:
        path: The file as it is shown.
        base: What the product stands on.
        rows: Requirement id to ``{owner, component?, contribution, evidence?, note?}``.
        source: Where things stand.
    """

    path: str
    base: str
    rows: Mapping[str, Mapping[str, Any]]
    source: Source

    def line(self, requirement: str) -> int:
        """The line of a row."""
        return self.source.key_position(f"/layers/{requirement}").line


def load_layers(path: Path, catalog: Path | None = None) -> LayersFile:
    """Read a layers.yaml.

    Args:
        path: The file.
        catalog: A folder with rules/ in place of the shipped one.

    Raises:
        InputError: It cannot be read or is not as the schema asks; the text names each line.
    """
    source = load_source(path)
    wrong = [f"{path}:{p.line}:{p.column}: {p.message} {p.hint}".rstrip() for p in source.problems]
    if not wrong:
        wrong = list(_violations(source, catalog))
    if wrong:
        more = [f"and {len(wrong) - _MOST_SHOWN} more"] if len(wrong) > _MOST_SHOWN else []
        raise InputError("\n".join([f"{path} cannot be used:", *wrong[:_MOST_SHOWN], *more]))
    return LayersFile(str(path), source.data["base"], source.data["layers"], source)


def _violations(source: Source, catalog: Path | None) -> Iterator[str]:
    from aiconf.catalog.runtime import Schema  # noqa: PLC0415 - only with a layers.yaml
    from aiconf.schema import violations  # noqa: PLC0415 - only with a layers.yaml

    document = json.loads((find_root(catalog) / SCHEMA).read_bytes())
    # Of two complaints of one place the schema's own list of words comes last, and stands for both.
    rows = {(row["pointer"], row["keyword"]): row for row in violations(Schema(SCHEMA, document), source.data)}
    for row in rows.values():
        pointer = row["pointer"]
        if row["keyword"] == "pattern":  # of a key, which the schema checker has no place for
            pointer = f"{pointer}/{str(row['value']).replace('~', '~0').replace('/', '~1')}"
        place = source.key_position(pointer)
        where = pointer.replace("/", ".").lstrip(".")
        words = _MATCHES if row["keyword"] == "enum" and row["value"] == "layered" else _WORDS.get(row["keyword"])
        text = words.format(where=where, value=str(row["value"])[:80]) if words else f"{row['message']}. {row['hint']}"
        yield f"{source.path}:{place.line}:{place.column}: {text}."
