"""The notation of fields in ``policies/collection.yaml``, which explains it at its head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

TYPES = ("str", "int", "bool", "map", "quantities", "list", "any", "annotations", "env", "args", "config")

Fields = dict[str, "Fields | str"]
"""A tree of fields: a name, ``[]`` for the elements of a list or ``*`` for the values of a map, to what is below it; a
leaf is one of `TYPES`."""

_BRACES = re.compile(r"\{([^{}]*)\}")
_SEGMENT = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:\[\])?|\[\]|\*")
_SET = re.compile(r"(?:(.*)\.)?<([a-z_]+)>")


def parse_fields(lines: Sequence[str], sets: Mapping[str, Sequence[str]]) -> Fields:
    """The tree of fields that lines of ``path type`` stand for.

    Args:
        lines: The lines.
        sets: What ``<name>`` stands for, by name.

    Raises:
        CatalogError: A line is no field, or contradicts another.
    """
    tree: Fields = {}
    for path, kind in _expand(lines, sets, ""):
        _insert(tree, path, kind)
    return tree


def _expand(lines: Sequence[str], sets: Mapping[str, Sequence[str]], prefix: str) -> Iterator[tuple[str, str]]:
    """Each path with its type, braces and sets resolved."""
    for line in lines:
        text, _, kind = line.partition(" ")
        for path in _unbrace(text):
            full = f"{prefix}.{path}" if prefix else path
            if found := _SET.fullmatch(full):
                if found[2] not in sets:
                    raise CatalogError(f"{full}: there is no set {found[2]!r}")
                yield from _expand(sets[found[2]], sets, found[1] or "")
            else:
                yield full, kind or "str"


def _unbrace(text: str) -> Iterator[str]:
    found = _BRACES.search(text)
    if not found:
        yield text
        return
    for part in found[1].split(","):
        yield from _unbrace(text[: found.start()] + part + text[found.end() :])


def _insert(tree: Fields, path: str, kind: str) -> None:
    if kind not in TYPES:
        raise CatalogError(f"{path}: there is no type {kind!r}")
    node = tree
    parts = _split(path)
    for part in parts[:-1]:
        below = node.setdefault(part, {})
        if isinstance(below, str):
            raise CatalogError(f"{path}: a field above it is kept whole already")
        _check_shape(node, path)
        node = below
    if node.setdefault(parts[-1], kind) != kind:
        raise CatalogError(f"{path}: contradicts another field")
    _check_shape(node, path)


def _check_shape(node: Fields, path: str) -> None:
    """What is a list or a map has no other names beside its elements."""
    if len(node) > 1 and not node.keys().isdisjoint(("[]", "*")):
        raise CatalogError(f"{path}: is a list or map here and an object elsewhere")


def _split(path: str) -> list[str]:
    """``a.b[].c`` as ``a``, ``b``, ``[]``, ``c``."""
    parts: list[str] = []
    for segment in path.split("."):
        if not _SEGMENT.fullmatch(segment):
            raise CatalogError(f"{path}: {segment!r} is no name of a field")
        name = segment.removesuffix("[]")
        parts += [part for part in (name, "[]" if segment != name else "") if part]
    return parts
