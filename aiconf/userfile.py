"""Files that a user keeps for aiconf: read, held against their JSON Schema, and complained of by file and line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiconf.catalog.files import find_root
from aiconf.catalog.runtime import Schema
from aiconf.errors import ConfigError
from aiconf.schema import violations
from aiconf.source import MAX_BYTES, load_source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aiconf.model import Position
    from aiconf.source import Source


_LIST, _EMPTY = "The file holds a list", "The file is empty"


def load_document(path: Path) -> Source:
    """Read a YAML file; whether it holds a map or a list is for the caller to ask.

    Raises:
        ConfigError: It is no file, is too large, or is no YAML.
        InputError: It cannot be opened.
    """
    _check_file(path)
    source = load_source(path, path.as_posix())
    for problem in source.problems:
        # What the root is, is for the caller to judge.
        if not problem.message.startswith((_LIST, _EMPTY)):
            raise ConfigError(f"{source.path}:{problem.line}:{problem.column}: {problem.message}")
    return source


def is_empty(source: Source) -> bool:
    """Whether a file holds nothing, or comments alone."""
    return any(problem.message.startswith(_EMPTY) for problem in source.problems)


def read_text(path: Path) -> str:
    """Read a file of another format.

    Raises:
        ConfigError: It is no file, is too large, or is no UTF-8.
    """
    _check_file(path)
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error


def _check_file(path: Path) -> None:
    if not path.is_file():  # a pipe would block, a device never end
        raise ConfigError(f"{path}: {'is not a file' if path.exists() else 'does not exist'}")
    if path.stat().st_size > MAX_BYTES:
        raise ConfigError(f"{path}: is larger than {MAX_BYTES} bytes, the most that is read")


def check_document(path: str, place_of: Callable[[str], Position], data: Any, name: str) -> None:
    """Hold data against one of the shipped schemas.

    Args:
        path: The file, as it should be named.
        place_of: Gives the place of a JSON Pointer in it.
        data: What it holds.
        name: The schema, a file ``rules/schemas/<name>.schema.json``.

    Raises:
        ConfigError: What is wrong, one line each.
    """
    file = f"rules/schemas/{name}.schema.json"
    schema = Schema(file, json.loads((find_root() / file).read_text(encoding="utf-8")))
    if rows := violations(schema, data):
        raise ConfigError("\n".join(_line(path, place_of(row["pointer"]), row) for row in rows))


def _line(path: str, place: Position, row: dict[str, Any]) -> str:
    return f"{path}:{place.line}:{place.column}: {row['message']}. {row['hint']}."
