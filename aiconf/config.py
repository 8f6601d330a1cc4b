"""The configuration file: ``aiconf.yaml``, or the table ``[tool.aiconf]`` of a ``pyproject.toml``.

Looking for one costs a few questions to the file system; what reads it is loaded when there is one. The keys are those
of ``aiconf.catalog.user_models.ConfigFile``.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

YAML = "aiconf.yaml"
TOML = "pyproject.toml"
_MAX_TOML = 1024 * 1024


class Config(NamedTuple):
    """A configuration file: its settings by key, and the line of each."""

    path: Path
    settings: dict[str, Any]
    lines: dict[str, int]


def find_config(start: str) -> Path | None:
    """The configuration file that applies to a folder: its own, or the nearest above it up to the git root.

    Outside a git repository nothing above the folder is looked at, or above the current one where that holds it: what
    lies higher may be somebody else's.

    Raises:
        ConfigError: A folder has both files.
    """
    for folder in _upward(os.path.abspath(start)):  # noqa: PTH100 - resolve() would ask the disk for every part
        yaml, toml = os.path.join(folder, YAML), os.path.join(folder, TOML)  # noqa: PTH118 - on the way of every run
        has_table = os.path.isfile(toml) and _mentions_us(toml)  # noqa: PTH113 - as above
        if os.path.lexists(yaml):
            if has_table:
                raise ConfigError(f"{yaml}: {TOML} beside it has a table [tool.aiconf] too; keep one of the two")
            return Path(yaml)
        if has_table:
            return Path(toml)
    return None


def _upward(folder: str) -> Iterator[str]:
    folders = [folder]
    while not os.path.lexists(os.path.join(folders[-1], ".git")):  # noqa: PTH118 - on the way of every run
        above = os.path.dirname(folders[-1])  # noqa: PTH120 - as above
        if above == folders[-1]:
            here = os.getcwd()  # noqa: PTH109 - as above
            inside = [one for one in folders if one == here or one.startswith(os.path.join(here, ""))]  # noqa: PTH118
            return iter(inside or folders[:1])
        folders.append(above)
    return iter(folders)


def _mentions_us(path: str) -> bool:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - on the way of every run
            return re.search(rb"^\s*\[\s*tool\s*\.\s*aiconf\s*[.\]]", file.read(_MAX_TOML), re.MULTILINE) is not None
    except OSError:
        return False


def load_config(path: Path, *, found: bool = False) -> Config:
    """Read a configuration file; one that ends in ``.toml`` has its settings under ``[tool.aiconf]``.

    Args:
        path: The file.
        found: Whether it was come upon rather than named: then it must not be a link, which may lead anywhere.

    Raises:
        ConfigError: It is none, or a key or a value is wrong.
        InputError: It cannot be opened.
    """
    if found and path.is_symlink():
        raise ConfigError(f"{path}: is a symbolic link, and links are not followed; name the file with --config")
    return _load_toml(path) if path.suffix == ".toml" else _load_yaml(path)


def _load_yaml(path: Path) -> Config:
    from aiconf.userfile import check_document, load_document  # noqa: PLC0415 - only where there is one

    source = load_document(path)
    if source.items is not None:
        raise ConfigError(f"{source.path}:1:1: The file holds a list, where settings are expected.")
    check_document(source.path, source.key_position, source.data, "config")
    return Config(path, source.data, {key: source.key_position(f"/{key}").line for key in source.data})


def _load_toml(path: Path) -> Config:
    import tomllib  # noqa: PLC0415 - only where there is one

    from aiconf.model import Position  # noqa: PLC0415 - as above
    from aiconf.userfile import check_document, read_text  # noqa: PLC0415 - as above

    text = read_text(path)
    try:
        table = tomllib.loads(text).get("tool", {}).get("aiconf", {})
    except (tomllib.TOMLDecodeError, RecursionError, AttributeError) as error:
        raise ConfigError(f"{path.as_posix()}: is no TOML: {error}") from error
    if not isinstance(table, dict):
        raise ConfigError(f"{path.as_posix()}: tool.aiconf is no table")
    lines = _lines(text)
    check_document(
        path.as_posix(), lambda pointer: Position(lines.get(pointer.split("/")[1], lines[""]), 1), table, "config"
    )
    return Config(path, table, {key: lines.get(key, lines[""]) for key in table})


def _lines(text: str) -> dict[str, int]:
    """The line of each key of the table, and of the table itself under the empty key."""
    lines, inside = {"": 1}, False
    for number, line in enumerate(text.split("\n"), 1):
        if re.match(r"\s*\[", line):
            inside = re.match(r"\s*\[\s*tool\s*\.\s*aiconf\s*\]", line) is not None
            if inside:
                lines[""] = number
        elif inside and (key := re.match(r"""\s*["']?([A-Za-z0-9_-]+)["']?\s*=""", line)):
            lines.setdefault(key[1], number)
    return lines
