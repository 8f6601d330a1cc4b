"""One object as JSON text to what a snapshot keeps of it, as JSON text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec import UNSET

from aiconf.snapshot.allowlist import AllowList
from aiconf.snapshot.format import Item, omission
from aiconf.snapshot.shapes import Shapes
from aiconf.snapshot.stream import UNREADABLE, split

if TYPE_CHECKING:
    from aiconf.snapshot.collection import Collection, Kind
    from aiconf.snapshot.format import Plain


class _Meta(msgspec.Struct, gc=False):
    name: Any = None
    namespace: Any = None


class _Head(msgspec.Struct, gc=False):
    """What tells an object's kind, and whether it is wanted."""

    api_version: Any = msgspec.field(default=None, name="apiVersion")
    kind: Any = None
    metadata: _Meta | None = None
    reason: Any = None


class Default(NamedTuple):
    """What an object is that does not say so itself, because it stands in a list of one kind."""

    api_version: str
    kind: str


class Trimmer:
    """Cuts objects down to the fields of the collection."""

    def __init__(self, collection: Collection) -> None:
        self._collection = collection
        self._shapes = Shapes(collection)
        self._hook = AllowList(collection, self._shapes).hook
        self._head = msgspec.json.Decoder(_Head)
        self._encoder = msgspec.json.Encoder(enc_hook=str)  # texts of the allow-list are of types of their own
        self._decoders: dict[str, tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]] = {}
        self._last: tuple[Kind, Default] | None = None

    def trim(self, raw: Any, default: Default | None = None) -> Item | Plain | None:
        """What is kept of one object.

        Args:
            raw: Its JSON text: bytes or ``msgspec.Raw``.
            default: What it is when it does not say.

        Returns:
            The item; an omission when a field has a type it cannot have; None when the object is not wanted.
        """
        if found := self._like_last(raw, default):
            return found
        try:
            head = self._head.decode(raw)
        except UNREADABLE as error:
            return omission(None, "Malformed", f"something that is no object: {reason_of(error)}")
        own = _own(head, default)
        if not all(isinstance(part, str) for part in own):
            return omission(None, "Malformed", "something without kind and apiVersion")
        kind = self.kind_of(*own)
        if kind is None or not _wanted(kind, head):
            return None
        if kind.where is None:
            self._last = kind, own
        return self._cut(raw, kind, own)

    def trim_list(self, text: Any, default: Default | None = None) -> list[Item | Plain]:
        """What is kept of a JSON list of objects; see `trim`.

        Raises:
            msgspec.DecodeError: It is no JSON list.
        """
        found = self._all_like_last(text, default)
        if found is not None:
            return found
        return [kept for raw in split(text) if (kept := self.trim(raw, default)) is not None]

    def is_typed(self, raw: Any) -> bool:
        """Whether an object says itself of what kind it is."""
        try:
            return self._head.decode(raw).kind is not None
        except UNREADABLE:
            return True

    def kind_of(self, api_version: object, kind: object) -> Kind | None:
        """The kind of the collection that an object is of, None when its kind is not collected."""
        if not isinstance(api_version, str) or not isinstance(kind, str):
            return None
        group = api_version.partition("/")[0] if "/" in api_version else ""
        return self._collection.kinds.get(f"{kind}.{group}" if group else kind)

    def _all_like_last(self, text: Any, default: Default | None) -> list[Item | Plain] | None:
        """The items of a list, when all are of the same kind as the last object: then nothing is read twice."""
        if self._last is None:
            return None
        kind, own = self._last
        try:
            found = self._list_decoder(kind).decode(text)
        except UNREADABLE:
            return None
        return (
            [self._item(kind, kept) for kept in found] if all(_is_like(kept, own, default) for kept in found) else None
        )

    def _like_last(self, raw: Any, default: Default | None) -> Item | None:
        """The item, when the object is of the same kind as the last one: mostly it is, and one pass then does."""
        if self._last is None:
            return None
        kind, own = self._last
        try:
            kept = self._decoder(kind).decode(raw)
        except UNREADABLE:
            return None
        return self._item(kind, kept) if _is_like(kept, own, default) else None

    def _cut(self, raw: Any, kind: Kind, own: Default) -> Item | Plain:
        try:
            kept = self._decoder(kind).decode(raw)
        except UNREADABLE as error:
            return omission(kind, "Malformed", reason_of(error), version=own.api_version.rpartition("/")[2])
        kept.apiVersion, kept.kind = own
        if not kept.metadata or not kept.metadata.name:
            return omission(kind, "Malformed", "an object without a name")
        return self._item(kind, kept)

    def _item(self, kind: Kind, kept: Any) -> Item:
        return Item(kind.key, kept.metadata.namespace or "", kept.metadata.name, self._encoder.encode(kept))

    def _decoder(self, kind: Kind) -> msgspec.json.Decoder[Any]:
        return self._both_decoders(kind)[0]

    def _list_decoder(self, kind: Kind) -> msgspec.json.Decoder[Any]:
        return self._both_decoders(kind)[1]

    def _both_decoders(self, kind: Kind) -> tuple[msgspec.json.Decoder[Any], msgspec.json.Decoder[Any]]:
        """The decoder of an object, and that of a list of such."""
        if kind.key not in self._decoders:
            shape: Any = self._shapes.of(self._collection.fields(kind))
            one, many = (msgspec.json.Decoder(form, dec_hook=self._hook) for form in (shape, list[shape]))
            self._decoders[kind.key] = one, many
        return self._decoders[kind.key]


def _is_like(kept: Any, own: Default, default: Default | None) -> bool:
    """Whether an object that was read as one of a kind is one, with a name; what it is by default is written down."""
    if kept.kind is UNSET and default == own:
        kept.apiVersion, kept.kind = own
    alike = kept.kind == own.kind and kept.apiVersion == own.api_version
    return bool(alike and kept.metadata and kept.metadata.name)


def _own(head: _Head, default: Default | None) -> Default:
    """What an object is: what it says, or else the default; whatever stands there in a malformed one."""
    if head.kind is not None or default is None:
        return Default(head.api_version, head.kind)
    return default


def _wanted(kind: Kind, head: _Head) -> bool:
    if kind.where is None:
        return True
    return kind.wants(head.reason if kind.where[0] == "reason" else head.metadata and head.metadata.name)


def reason_of(error: BaseException) -> str:
    """What is wrong with a JSON text, for people."""
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return "it breaks off" if "truncated" in str(error) else str(error)[:300]
