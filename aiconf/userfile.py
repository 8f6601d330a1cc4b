"""Files that a user keeps for aiconf: read, held against their JSON Schema, and complained of by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiconf.catalog.files import find_root
from aiconf.catalog.runtime import Schema
from aiconf.errors import ConfigError
from aiconf.schema import violations
from aiconf.source import load_source

if TYPE_CHECKING:
    from aiconf.source import Source

MAX_BYTES = 1024 * 1024


def load_document(path: Path) -> Source:
    """Read a YAML file of the user's own.

    Raises:
        ConfigError: It is no file, is too large, or is no YAML.
        InputError: It cannot be opened.
    """
    if not path.is_file():  # a pipe would block, a device never end
        raise ConfigError(f"{path}: {'is not a file' if path.exists() else 'does not exist'}")
    source = load_source(path, path.as_posix(), limit=MAX_BYTES)
    # A list at the root is no defect of a file that is one.
    for problem in source.problems:
        if source.items is None or problem.kind != "wrong_shape":
            raise ConfigError(f"{source.path}:{problem.line}:{problem.column}: {problem.message}")
    return source


def check_document(source: Source, data: Any, name: str) -> None:
    """Hold data against one of the shipped schemas.

    Args:
        source: Where it stands.
        data: The root of the file.
        name: The schema, a file ``rules/schemas/<name>.schema.json``.

    Raises:
        ConfigError: What is wrong, one line each.
    """
    path = f"rules/schemas/{name}.schema.json"
    rows = violations(Schema(path, json.loads((find_root() / path).read_text(encoding="utf-8"))), data)
    if rows:
        raise ConfigError("\n".join(_line(source, row) for row in rows))


def _line(source: Source, row: dict[str, Any]) -> str:
    place = source.key_position(row["pointer"])
    return f"{source.path}:{place.line}:{place.column}: {row['message']}. {row['hint']}."
