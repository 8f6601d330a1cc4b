"""Trees of fields as msgspec types, so that an object is checked and cut down in one pass over its JSON text.

What a type does not name is skipped without being decoded, which is several times faster than decoding all and picking.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import UNSET, UnsetType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.snapshot.collection import Allowed, Collection
    from aiconf.snapshot.fields import Fields


class Kept(str):
    """A text of which an allow-list lets something through; each rule has a subclass of its own."""

    __slots__ = ()
    rule: Allowed


class Environment(list[dict[str, str]]):
    """Environment variables that the allow-list lets through."""


class Arguments(list[str]):
    """Arguments that the allow-list lets through."""


_LEAVES: Mapping[str, Any] = {
    "str": str,
    "int": int,
    "bool": bool,
    "map": dict[str, str],
    "quantities": dict[str, str | int | float],
    "list": list[str],
    "any": Any,
    "env": Environment,
    "args": Arguments,
}


class Shapes:
    """Makes types of fields."""

    def __init__(self, collection: Collection) -> None:
        self._leaves = {
            **_LEAVES,
            "annotations": _allowed_keys(collection.annotations),
            "config": _allowed_keys(collection.config),
        }

    def of(self, fields: Fields | str) -> Any:
        """The type that holds just these fields; each may be absent or null."""
        if isinstance(fields, str):
            return self._leaves[fields]
        if "[]" in fields:
            return list[self.of(fields["[]"])]  # type: ignore[misc] # a type made at run time
        if "*" in fields:
            return dict[str, self.of(fields["*"])]  # type: ignore[misc] # a type made at run time
        return _struct({name: self.of(below) for name, below in fields.items()})


def _allowed_keys(rules: Mapping[str, Allowed]) -> Any:
    """The type that holds what the rules allow, by their keys."""
    kinds = {key: type("Kept", (Kept,), {"__slots__": (), "rule": rule}) for key, rule in rules.items()}
    return _struct(
        {f"f{n}": kind for n, kind in enumerate(kinds.values())}, {f"f{n}": key for n, key in enumerate(kinds)}
    )


def _struct(members: Mapping[str, Any], names: Mapping[str, str] | None = None) -> Any:
    fields = [(name, kind | None | UnsetType, UNSET) for name, kind in members.items()]
    return msgspec.defstruct("Fields", fields, rename=names, gc=False)
