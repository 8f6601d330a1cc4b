"""Replaces the names in a snapshot by tokens: the same name by the same token, wherever it stands.

The key of the hash is made anew for each snapshot and kept nowhere, so a token cannot be turned back by trying names,
and two snapshots cannot be joined by their tokens. Names that detection rests on and everybody knows stay as they are.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fnmatch import translate
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.snapshot.format import Item, Snapshot
from aiconf.snapshot.stream import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiconf.snapshot.collection import Collection

_NAME = re.compile(r"[a-z0-9](?:[-a-z0-9.:]*[a-z0-9])?")
# Kept as they are wherever they stand: an image is no name of an object, and tells the component.
_VERBATIM = frozenset({"apiVersion", "kind", "image", "caBundle"})
_REFERENCES = frozenset({"configMap"})
# Metrics and queries: labels and functions stand bare, and only what is quoted can be a name.
_QUOTING = frozenset({"text", "query"})
_QUOTED = re.compile(r'"(?:[^"\\\n]|\\.)*"')
# How an API server says who was forbidden something.
_USER = re.compile(r'User "[^"]*"')
# A scheme says which cloud a node is of; what follows says which node.
_PROVIDER = re.compile(r"([a-z][a-z0-9+.-]*://).+", re.DOTALL)
_TOKEN_LENGTH = 12


def redact_names(snapshot: Snapshot, collection: Collection, key: bytes) -> Snapshot:
    """The snapshot with its namespaces, names of objects and names of nodes replaced.

    Args:
        snapshot: What was recorded.
        collection: Says which names are public.
        key: A random key, at least 32 bytes.
    """
    is_public = re.compile("|".join(map(translate, collection.public_names))).match
    redactor = Redactor(_private_names(snapshot, collection, is_public), key, is_public)
    return replace(
        snapshot,
        metadata=snapshot.metadata | {"namespaces": redactor.value(snapshot.metadata.get("namespaces"))},
        items=[redactor.item(item) for item in snapshot.items],
        metrics=redactor.value(snapshot.metrics),
        omissions=redactor.value(snapshot.omissions),
    )


def _private_names(snapshot: Snapshot, collection: Collection, is_public: Callable[[str], object]) -> frozenset[str]:
    names: set[str] = set(snapshot.metadata.get("namespaces") or ())
    public: set[str] = set()
    for item in snapshot.items:
        (public if item.kind in collection.public_kinds else names).add(item.name)
        names.add(item.namespace)
        if item.kind == "Node":
            names.add(item.name.partition(".")[0])  # its host name, where nodes have full ones
    return frozenset(name for name in names - public if name and not name.isdigit() and not is_public(name))


class Redactor:
    """Replaces names by tokens.

    Args:
        names: The private names of objects.
        key: The key of the hash.
        is_public: Whether a name is no secret.
    """

    def __init__(self, names: frozenset[str], key: bytes, is_public: Callable[[str], object]) -> None:
        from hashlib import blake2b  # noqa: PLC0415 - only here

        self._names, self._is_public = names, is_public
        self._hash: Callable[[bytes], Any] = lambda text: blake2b(text, key=key[:64])
        self._tokens: dict[str, str] = {}

    def item(self, item: Item) -> Item:
        """An object with its names replaced."""
        thing = self.value(msgspec.json.decode(item.raw))
        raw = msgspec.json.encode(thing)
        return Item(item.kind, self._exact(item.namespace), self._exact(item.name), raw)

    def value(self, value: Any, key: str = "") -> Any:
        """Any value with the names in it replaced.

        Args:
            value: The value.
            key: The key that it stands under.
        """
        if isinstance(value, str):
            return value if key in _VERBATIM else self._text(value, key)
        if isinstance(value, list):
            return [self.value(element, key) for element in value]
        if isinstance(value, dict):
            return {
                name: self._reference(below) if name in _REFERENCES else self.value(below, name)
                for name, below in value.items()
            }
        return value

    def _reference(self, value: Any) -> Any:
        """A reference to an object that the snapshot may not hold, so that its name is not known from there."""
        name = value.get("name") if isinstance(value, dict) else None
        if not isinstance(name, str) or self._is_public(name):
            return self.value(value)
        return {**value, "name": self._token(name)}

    def _text(self, text: str, key: str) -> str:
        if key == "providerID" and (found := _PROVIDER.fullmatch(text)):
            return found[1] + self._token(text)
        if _NAME.fullmatch(text):
            return self._within(text)
        if text[:1] in ("{", "[") and (plain := _json(text)) is not None:
            return msgspec.json.encode(self.value(plain)).decode()
        if key in _QUOTING:
            return _QUOTED.sub(lambda found: self._words(found[0]), text)
        return self._words(_USER.sub('User "(redacted)"', text))

    def _words(self, text: str) -> str:
        """A text of any kind: names may stand among other words."""
        return _NAME.sub(lambda found: self._within(found[0]), text)

    def _within(self, word: str) -> str:
        """A word of a text: a name, or names joined by dots or colons, as in the address of a Service."""
        if word in self._names:
            return self._token(word)
        return "".join(self._exact(part) for part in re.split(r"([.:])", word))

    def _exact(self, text: str) -> str:
        return self._token(text) if text in self._names else text

    def _token(self, name: str) -> str:
        if name not in self._tokens:
            self._tokens[name] = "x" + self._hash(name.encode()).hexdigest()[:_TOKEN_LENGTH]
        return self._tokens[name]


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except UNREADABLE:
        return None
