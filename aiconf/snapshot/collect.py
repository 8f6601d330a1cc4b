"""Records a cluster, read-only: which APIs it serves, and the objects of the collection.

What cannot be read becomes an omission and the rest goes on; only when nothing at all can be read is that an error.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

from aiconf.errors import InputError
from aiconf.snapshot.discovery import (
    ACCEPT,
    PlainGroup,
    ResourceList,
    entries_of_groups,
    entries_of_resources,
    versions_of,
)
from aiconf.snapshot.format import Snapshot, omission, read_server
from aiconf.snapshot.gather import Gatherer
from aiconf.snapshot.transport import RequestError, path_of
from aiconf.snapshot.trim import Default, Trimmer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aiconf.snapshot.collection import Collection, Kind
    from aiconf.snapshot.format import Plain
    from aiconf.snapshot.transport import Transport

T = TypeVar("T")

_JSON = "application/json"
# For names alone; a server that cannot leave the rest out answers with whole objects.
_METADATA = f"{_JSON};as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,{_JSON}"
_UNAUTHORIZED, _NOT_FOUND, _GONE = 401, 404, 410
_RESTARTS = 3
# A list never has as many pages; a server that goes on is broken.
_PAGES_LIMIT = 20_000
# After so many requests without any answer the server is taken to be gone.
_SILENCE_LIMIT = 3


class _PageMeta(msgspec.Struct):
    continue_: str = msgspec.field(default="", name="continue")


class _Page(msgspec.Struct):
    metadata: _PageMeta | None = None
    items: list[msgspec.Raw] | None = None


class _Meta(msgspec.Struct):
    name: str | None = None


class _Named(msgspec.Struct):
    metadata: _Meta | None = None


class _Roots(msgspec.Struct):
    """What ``/api`` or ``/apis`` answers: aggregated discovery, or the versions to ask one by one."""

    items: list[msgspec.Raw] | None = None
    versions: list[str] | None = None
    groups: list[PlainGroup] | None = None


class Collector:
    """Records one cluster."""

    def __init__(
        self,
        transport: Transport,
        collection: Collection,
        namespaces: Sequence[str] = (),
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        """Prepare to record.

        Args:
            transport: Asks the API server.
            collection: What to record.
            namespaces: The namespaces to look into; empty for all.
            progress: Told what is being read.
        """
        self._transport, self._collection = transport, collection
        self._namespaces, self._progress = tuple(dict.fromkeys(namespaces)), progress
        self._trimmer = Trimmer(collection)
        self._gatherer = Gatherer(collection)
        self._apis: list[Plain] = []
        # Groups whose discovery failed, and why.
        self._hidden: dict[str, Plain] = {}
        self._silent = 0

    def collect(self) -> Snapshot:
        """The snapshot, without time and metrics.

        Raises:
            InputError: Nothing could be read: no connection, or credentials that are refused.
        """
        parts = Snapshot(apis=self._apis)
        parts.metadata["namespaces"] = list(self._namespaces) or None
        self._progress("discovery")
        try:
            parts.server = self._transport.get("/version", read_server)
            self._discover()
        except RequestError as error:
            raise InputError(f"the cluster cannot be read: {error.message} ({error.reason})") from error
        for kind in self._collection.kinds.values():
            self._kind(kind)
        self._gatherer.merge(parts)
        snapshot = self._gatherer.snapshot()
        if not snapshot.items and any(entry["status"] == _UNAUTHORIZED for entry in snapshot.omissions):
            raise InputError("the cluster cannot be read: the credentials were refused (Unauthorized)")
        return snapshot

    def _discover(self) -> None:
        for root in ("/api", "/apis"):
            entries, stale, versions = self._transport.get(root, _read_roots, accept=ACCEPT)
            self._apis += entries
            for group, version in stale:
                message = "the server behind this API does not answer"
                self._hide(group, omission(None, "Stale", message, version=version))
            for group, version in versions:
                self._discover_one(group, version)

    def _discover_one(self, group: str, version: str) -> None:
        """The way of servers before 1.27: a request for each group and version."""
        try:
            found = self._transport.get(path_of(group, version), msgspec.json.Decoder(ResourceList).decode)
        except RequestError as error:
            self._hide(group, _omission(error, version))
        else:
            self._apis += entries_of_resources(found)

    def _hide(self, group: str, cause: Plain) -> None:
        self._hidden.setdefault(group, cause)
        self._gatherer.omit(cause | {"group": group, "kind": ""})

    def _kind(self, kind: Kind) -> None:
        """Record the objects of a kind, if it is served."""
        version = self._version(kind)
        if version is None:
            self._may_be_hidden(kind)
            return
        self._progress(kind.name)
        places: Sequence[str | None] = [None]
        if kind.namespaced and self._namespaces:
            places = self._namespaces
        for namespace in places:
            whole = _Place(kind, version, namespace)
            for place in self._selected(whole) if kind.where else [whole]:
                self._gatherer.keep(self._list(place, partial(self._trimmer.trim, default=place.default)))

    def _selected(self, whole: _Place) -> Iterator[_Place]:
        """The parts of a kind that its ``where`` names, each by a selector."""
        kind = whole.kind
        names = self._list(whole, _read_name, accept=_METADATA) if kind.globs else []
        matching = sorted({name for name in names if kind.wants(name)} - set(kind.exact))
        for value in [*kind.exact, *matching]:
            yield whole._replace(selector=f"{kind.where[0]}={value}" if kind.where else None)

    def _version(self, kind: Kind) -> str | None:
        served = [
            api["version"]
            for api in self._apis
            if api["group"] == kind.group and api["resource"] == kind.resource and "list" in api["verbs"]
        ]
        return next((version for version in kind.versions if version in served), served[0] if served else None)

    def _may_be_hidden(self, kind: Kind) -> None:
        """A kind whose group could not be asked is not known to be absent."""
        if cause := self._hidden.get(kind.group):
            self._gatherer.omit(cause | {"group": kind.group, "kind": kind.kind, "resource": kind.resource})

    def _list(self, place: _Place, read: Callable[[msgspec.Raw], T | None], accept: str = _JSON) -> list[T]:
        """What is read of each object of a list; nothing, and an omission, where it is not answered."""
        if self._silent >= _SILENCE_LIMIT:
            message = "not asked for, because the server had stopped answering"
            self._gatherer.omit(place.omission("ConnectionFailed", message))
            return []
        try:
            kept = self._whole_list(place, read, accept)
            self._silent = 0
        except RequestError as error:
            self._silent = self._silent + 1 if error.status is None else 0
            if error.status != _NOT_FOUND:  # else its definition went away since discovery
                self._gatherer.omit(place.omission(error.reason, error.message, error.status))
            return []
        return kept

    def _whole_list(self, place: _Place, read: Callable[[msgspec.Raw], T | None], accept: str) -> list[T]:
        """All pages; from the beginning again when the server has forgotten where it was."""
        for _ in range(_RESTARTS):
            try:
                return list(self._pages(place, read, accept))
            except RequestError as error:
                if error.status != _GONE:
                    raise
                expired = error
        raise expired

    def _pages(self, place: _Place, read: Callable[[msgspec.Raw], T | None], accept: str) -> Iterator[T]:
        kind = place.kind
        query = {"limit": str(kind.page)} | ({"fieldSelector": place.selector} if place.selector else {})
        decoder = msgspec.json.Decoder(_Page)
        seen: set[str] = set()
        count = 0
        while len(seen) < _PAGES_LIMIT:
            page = self._transport.get(place.path, decoder.decode, query=query, accept=accept)
            for raw in page.items or ():
                if kept := read(raw):
                    yield kept
            count += len(page.items or ())
            self._progress(f"{kind.name} {count:,}")
            token = page.metadata.continue_ if page.metadata else ""
            if not token:
                return
            if token in seen:
                break
            seen.add(token)
            query["continue"] = token
        raise RequestError(200, "Endless", "the list does not come to an end")


class _Place(NamedTuple):
    """Where the objects of a kind are asked for: in one namespace or in all, with a field selector or without."""

    kind: Kind
    version: str
    namespace: str | None
    selector: str | None = None

    @property
    def path(self) -> str:
        below = ("namespaces", self.namespace) if self.namespace else ()
        return path_of(self.kind.group, self.version, *below, self.kind.resource)

    @property
    def default(self) -> Default:
        """What an item is that leaves its kind to the list."""
        group = f"{self.kind.group}/" if self.kind.group else ""
        return Default(group + self.version, self.kind.kind)

    def omission(self, reason: str, message: str, status: int | None = None) -> Plain:
        if self.kind.globs and not self.selector:
            message = f"only those under their usual names were asked for: {message}"
        return omission(self.kind, reason, message, version=self.version, namespace=self.namespace, status=status)


def _read_name(raw: msgspec.Raw) -> str | None:
    found = msgspec.json.decode(raw, type=_Named).metadata
    return found.name if found else None


def _omission(error: RequestError, version: str) -> Plain:
    return omission(None, error.reason, error.message, version=version, status=error.status)


def _read_roots(raw: bytes) -> tuple[list[Plain], list[tuple[str, str]], list[tuple[str, str]]]:
    """Entries, groups and versions that are stale, and those to ask one by one."""
    found = msgspec.json.decode(raw, type=_Roots)
    if found.items is not None:
        return (*entries_of_groups(found.items), [])
    core = [("", version) for version in found.versions or ()]
    return [], [], core + list(versions_of(found.groups or ()))
