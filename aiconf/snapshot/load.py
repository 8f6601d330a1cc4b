"""Reads snapshots, and what other tools have written of a cluster, into a `Snapshot`.

Told by content, not by name: ``aiconf/snapshot/v1``; lists and single objects as JSON or YAML; folders and archives of
them, as ``kubectl cluster-info dump``, must-gather and Sonobuoy leave; version and discovery documents; test results
among them. Whatever the source, an object is cut down to the fields of the collection as it is read.

A source that is no snapshot does not say what it left out. So for every kind of the collection that it does not show,
an omission ``NotInInput`` is recorded, unless it can be told that there is none: from an empty list of that kind, from
discovery, or from the CustomResourceDefinitions.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.errors import InputError
from aiconf.snapshot.discovery import ResourceList, entries_of_groups, entries_of_resources
from aiconf.snapshot.format import Item, read_parts, read_server
from aiconf.snapshot.gather import Gatherer, list_kind, text_of
from aiconf.snapshot.inputs import PEEK, entries, unpack
from aiconf.snapshot.recode import as_utf8
from aiconf.snapshot.results import ResultReader
from aiconf.snapshot.stream import UNREADABLE, JsonStream, Place, split
from aiconf.snapshot.trim import Default, Trimmer
from aiconf.snapshot.workers import trim_pieces
from aiconf.snapshot.yaml import YamlError, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from aiconf.snapshot.collection import Collection
    from aiconf.snapshot.format import Snapshot
    from aiconf.snapshot.inputs import Entry
    from aiconf.snapshot.stream import Piece

_YAML_LIMIT = 64 * 1024 * 1024
_OBJECTS = re.compile(rb'"(?:apiVersion|groupVersion|gitVersion|format)"\s*:')
_AUDIT_LOG = re.compile(rb'\{"kind":"Event","apiVersion":"audit\.k8s\.io/')
_YAML = re.compile(rb"(?m)^(?:- |  )?(?:apiVersion|kind):")
_YAML_KIND = re.compile(rb"(?m)^[ -]*kind: [\"']?([A-Za-z0-9]+?)(?:List)?[\"']?\s*$")


def load_snapshot(paths: Iterable[Path], collection: Collection, results: Mapping[str, Any]) -> Snapshot:
    """Read one snapshot from files, folders and archives; of an object that stands in several, the last one counts.

    Args:
        paths: What to read.
        collection: What to keep.
        results: Content of ``policies/results.yaml``, which maps tests to requirements.

    Raises:
        InputError: Nothing can be read from a path, or it is damaged.
    """
    loader = Loader(collection, results)
    for path in paths:
        loader.read(path)
    return loader.snapshot()


class _MalformedError(InputError):
    """Nothing of a file could be read as an object; what is missing is recorded already."""


class Loader:
    """Reads any number of inputs into one snapshot."""

    def __init__(self, collection: Collection, results: Mapping[str, Any]) -> None:
        self._collection = collection
        self._trimmer = Trimmer(collection)
        self._gatherer = Gatherer(collection)
        self._results = ResultReader(results)
        self._kinds = {kind.kind.encode() for kind in collection.kinds.values()}

    def read(self, path: Path) -> None:
        """Read a file, folder or archive.

        Raises:
            InputError: Nothing can be read from it.
        """
        self._read(entries(path), str(path))

    def read_stream(self, stream: BinaryIO, name: str) -> None:
        """Read a stream, packed or not, such as standard input.

        Raises:
            InputError: Nothing can be read from it.
        """
        self._read(unpack(stream, name), name)

    def _read(self, files: Iterable[Entry], name: str) -> None:
        understood, failures = 0, []
        for entry in files:
            try:
                understood += self._entry(entry)
            except (InputError, YamlError) as error:
                if entry.alone:
                    raise InputError(str(error)) from error
                failures.append(error)
                if not isinstance(error, _MalformedError):
                    self._gatherer.omit_file(entry.name, str(error))
        if not understood:
            why = f": {failures[0]}" if failures else ""
            raise InputError(f"{name} holds no Kubernetes objects, snapshot or test results{why}")

    def snapshot(self) -> Snapshot:
        """What was read."""
        whole = self._gatherer.snapshot()
        whole.results += self._results.rows
        return whole

    def _entry(self, entry: Entry) -> bool:
        """Read one file; whether there was anything of use in it."""
        stream, skipped = as_utf8(entry.stream)
        head = stream.peek(PEEK)
        if self._results.recognises(head):
            return self._results.read(stream, entry.name)
        if head.lstrip()[:1] in (b"{", b"["):
            # Folders and archives hold logs too, whose lines may be JSON.
            worth = entry.alone or (_OBJECTS.search(head) and not _AUDIT_LOG.match(head))
            start = Place(entry.path, skipped, 0) if entry.path and stream is entry.stream else None
            return bool(worth) and self._json(JsonStream(stream, entry.name, start=start), alone=entry.alone)
        return bool(_YAML.search(head)) and self._yaml(stream, entry)

    def _yaml(self, stream: io.BufferedReader, entry: Entry) -> bool:
        raw = stream.read(_YAML_LIMIT + 1)
        if len(raw) > _YAML_LIMIT:
            raise InputError(f"{entry.name}: YAML of more than {_YAML_LIMIT // 2**20} MiB; print it as JSON instead.")
        if self._kinds.isdisjoint(_YAML_KIND.findall(raw)):
            return True  # objects, but none of those wanted
        understood, failures = 0, []
        try:
            for document in read_documents(raw):
                text = io.BytesIO(msgspec.json.encode(document))
                try:
                    self._json(JsonStream(text, entry.name), alone=entry.alone)
                    understood += 1
                except _MalformedError as error:
                    failures.append(error)
        except YamlError as error:
            raise InputError(f"{entry.name}: {error}") from error
        if failures and not understood:
            raise failures[0]
        return True

    def _json(self, stream: JsonStream, *, alone: bool) -> bool:
        pieces = stream.pieces()
        first = next(pieces, None)
        if first is None:
            return self._single(stream, alone=alone)
        if text_of(stream.keys.get("kind")) == "APIGroupDiscoveryList":
            items = [item for piece in _chain(first, pieces) for item in split(piece.text)]
            self._gatherer.serve(entries_of_groups(items)[0])
            return True
        if not stream.keys.keys() & {"kind", "format"} and not self._are_typed(first):
            pieces = iter(list(pieces))  # what the items are stands behind them
        default = self._list_default(stream, alone=alone)
        self._items(stream, _chain(first, pieces), default)
        if "format" in stream.keys:
            self._gatherer.merge(read_parts(stream.keys, stream.display))
        return True

    def _are_typed(self, piece: Piece) -> bool:
        """Whether the items of a piece say themselves of what kind they are, to judge by the first."""
        items = split(piece.text)
        return not items or self._trimmer.is_typed(items[0])

    def _items(self, stream: JsonStream, pieces: Iterable[Piece], default: Default | None) -> None:
        """Keep what is wanted of a list.

        Raises:
            _MalformedError: There are items, and none of what is wanted of them is an object that can be read.
        """
        is_some, first = False, ""
        for kept in trim_pieces(stream, pieces, self._trimmer, self._collection, default):
            self._gatherer.keep(kept)
            if not is_some:
                is_some = any(isinstance(element, Item) for element in kept)
                first = first or next((element["message"] for element in kept if not isinstance(element, Item)), "")
        if first and not is_some:
            raise _MalformedError(f"{stream.display} holds no object that can be read: {first}")

    def _list_default(self, stream: JsonStream, *, alone: bool) -> Default | None:
        """What the items of a typed list are. An empty list in a folder may be that of one namespace alone."""
        kind, api_version = list_kind(text_of(stream.keys.get("kind"))), text_of(stream.keys.get("apiVersion"))
        known = self._trimmer.kind_of(api_version, kind)
        if known and (alone or not known.namespaced):
            self._gatherer.listed.add(known.key)
        return Default(api_version, kind) if kind and isinstance(api_version, str) else None

    def _single(self, stream: JsonStream, *, alone: bool) -> bool:
        """A document that is no list of items."""
        keys = stream.keys
        if "format" in keys:
            read_parts(keys, stream.display)
            raise InputError(f"{stream.display}: a snapshot has a list of objects.")
        try:
            return self._about_server(stream) or self._object(stream, alone=alone)
        except UNREADABLE as error:
            raise InputError(f"{stream.display}: {str(error)[:300]}") from error

    def _about_server(self, stream: JsonStream) -> bool:
        if "serverVersion" in stream.keys or "gitVersion" in stream.keys:
            self._gatherer.version(read_server(stream.keys.get("serverVersion") or stream.whole))
        elif text_of(stream.keys.get("kind")) == "APIResourceList":
            found = msgspec.json.decode(stream.whole, type=ResourceList)
            self._gatherer.serve(entries_of_resources(found))
        else:
            return False
        return True

    def _object(self, stream: JsonStream, *, alone: bool) -> bool:
        if not {"kind", "apiVersion"} <= stream.keys.keys():
            return False
        kind, api_version = text_of(stream.keys["kind"]), text_of(stream.keys["apiVersion"])
        if kind == "List" or self._trimmer.kind_of(api_version, list_kind(kind)):
            if bytes(stream.keys.get("items", b"")) != b"null":  # how Go writes an empty list
                raise InputError(f"{stream.display}: a {kind} without a list of items.")
            self._list_default(stream, alone=alone)
            return True
        kept = self._trimmer.trim(stream.whole)
        self._gatherer.keep([] if kept is None else [kept])
        if kept is not None and not isinstance(kept, Item):
            raise _MalformedError(f"{stream.display} is no object that can be read: {kept['message']}")
        return True


def _chain(first: Piece, others: Iterable[Piece]) -> Iterator[Piece]:
    yield first
    yield from others
