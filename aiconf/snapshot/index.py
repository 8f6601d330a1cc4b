"""Finds the objects of a snapshot: by kind, by name, by owner, by selector, behind a Service.

Objects are kept as JSON text and decoded when they are asked for: of the hundred thousand pods of a large cluster most
are looked at once. `each` and `find` decode anew, `objects` keeps what it has decoded.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import selects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.snapshot.format import Item, Plain, Snapshot

_OWNERS_LIMIT = 16
_SLICE = "EndpointSlice.discovery.k8s.io"
_SERVICE_LABEL = "kubernetes.io/service-name"


class Index:
    """The objects of a snapshot, and what else it says.

    Attributes:
        metadata: See `Snapshot`.
        server: See `Snapshot`; None when unknown.
        apis: See `Snapshot`; None when unknown.
        metrics: See `Snapshot`.
        results: See `Snapshot`.
        omissions: See `Snapshot`.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self.metadata, self.server, self.apis = snapshot.metadata, snapshot.server, snapshot.apis
        self.metrics, self.results, self.omissions = snapshot.metrics, snapshot.results, snapshot.omissions
        self._decode = msgspec.json.Decoder().decode
        self._items: dict[str, list[Item]] = {}
        for item in snapshot.items:
            self._items.setdefault(item.kind, []).append(item)
        self._by_name: dict[str, dict[tuple[str, str], Item]] = {}
        self._decoded: dict[str, list[Plain]] = {}

    def kinds(self) -> tuple[str, ...]:
        """The kinds (``Kind.group``) of which there are objects, sorted."""
        return tuple(sorted(self._items))

    def count(self, kind: str) -> int:
        """How many objects there are of a kind."""
        return len(self._items.get(kind, ()))

    def names(self, kind: str) -> Iterator[tuple[str, str]]:
        """Namespace ("" for none) and name of every object of a kind; nothing is decoded."""
        return ((item.namespace, item.name) for item in self._items.get(kind, ()))

    def each(self, kind: str, containing: str = "") -> Iterator[Plain]:
        """The objects of a kind, each decoded when its turn comes and not kept.

        Args:
            kind: ``Kind.group``.
            containing: Only objects with this somewhere in their JSON text (``"hostPath"``); it is looked for without
                decoding, which makes a pass over many objects of which few matter some thirty times as fast.
        """
        needle = containing.encode()
        return (self._decode(item.raw) for item in self._items.get(kind, ()) if needle in item.raw)

    def each_with_any(self, kind: str, containing: Iterable[str]) -> Iterator[Plain]:
        """As `each`, with at least one of several texts in it."""
        items, found = self._items.get(kind, []), set[int]()
        for text in containing:
            needle = text.encode()
            found.update([number for number, item in enumerate(items) if needle in item.raw])
        return (self._decode(items[number].raw) for number in sorted(found))

    def objects(self, kind: str) -> list[Plain]:
        """The objects of a kind, decoded once and kept."""
        if kind not in self._decoded:
            self._decoded[kind] = list(self.each(kind))
        return self._decoded[kind]

    def find(self, kind: str, namespace: str | None, name: str) -> Plain | None:
        """One object, None when there is none.

        Args:
            kind: ``Kind.group``.
            namespace: None or "" for what lies in no namespace.
            name: Its name.
        """
        if kind not in self._by_name:
            self._by_name[kind] = {(item.namespace, item.name): item for item in self._items.get(kind, ())}
        item = self._by_name[kind].get((namespace or "", name))
        return self._decode(item.raw) if item else None

    def owners(self, thing: Mapping[str, Any]) -> list[Plain]:
        """The controllers above an object, nearest first, as far as they are in the snapshot.

        A pod of a Deployment has its ReplicaSet and then the Deployment. An owner with another uid is another object
        that took the name, and none of these.
        """
        chain: list[Plain] = []
        current: Mapping[str, Any] | None = thing
        while current is not None and len(chain) < _OWNERS_LIMIT:
            current = self._controller(current)
            if current is not None:
                chain.append(dict(current))
        return chain

    def _controller(self, thing: Mapping[str, Any]) -> Plain | None:
        meta = thing.get("metadata") or {}
        references = meta.get("ownerReferences") or []
        reference = next((ref for ref in references if ref and ref.get("controller")), None)
        if reference is None:
            return None
        kind = kind_key(reference.get("apiVersion") or "", reference.get("kind") or "")
        name = reference.get("name") or ""
        # An owner lies in the same namespace or in none.
        found = self.find(kind, meta.get("namespace"), name) or self.find(kind, None, name)
        if found is None or not reference.get("uid"):
            return found
        return found if found["metadata"].get("uid") in (None, reference["uid"]) else None

    def endpoint_slices(self, namespace: str, service: str) -> list[Plain]:
        """The EndpointSlices behind a Service."""
        return [self._decode(item.raw) for item in self._slices.get((namespace, service), ())]

    @cached_property
    def _slices(self) -> dict[tuple[str, str], list[Item]]:
        slices: dict[tuple[str, str], list[Item]] = {}
        for item in self._items.get(_SLICE, ()):
            service = labels_of(self._decode(item.raw)).get(_SERVICE_LABEL)
            if service:
                slices.setdefault((item.namespace, service), []).append(item)
        return slices

    def select(self, kind: str, namespace: str | None, selector: Mapping[str, Any] | None) -> Iterator[Plain]:
        """The objects of a kind that a label selector matches.

        Args:
            kind: ``Kind.group``.
            namespace: The namespace to look in; None for all.
            selector: ``{matchLabels, matchExpressions}``; None matches nothing, an empty one everything.
        """
        for item in self._items.get(kind, ()):
            if namespace is None or item.namespace == namespace:
                thing = self._decode(item.raw)
                if selects(selector, labels_of(thing)):
                    yield thing

    def omitted(self, kind: str) -> list[Plain]:
        """What could not be read of a kind; with nothing here, what the index does not find is not there.

        Args:
            kind: ``Kind.group``. An entry without a kind counts for all kinds of its group, or for all without one.
        """
        group = kind.partition(".")[2]
        return [
            entry
            for entry in self.omissions
            if (
                entry["group"] in (None, group)
                if entry["kind"] is None
                else kind_key(f"{entry['group']}/" if entry["group"] else "", entry["kind"]) == kind
            )
        ]

    def serves(self, group: str, version: str | None = None, resource: str | None = None) -> bool | None:
        """Whether the API server serves a group, version or resource; None when the snapshot does not say."""
        if self.apis is None:
            return None
        return any(
            api["group"] == group and version in (None, api["version"]) and resource in (None, api["resource"])
            for api in self.apis
        )


def kind_key(api_version: str, kind: str) -> str:
    """``Kind.group`` of an object with this ``apiVersion`` and ``kind``; ``Kind`` in the core group."""
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return f"{kind}.{group}" if group else kind


def labels_of(thing: Mapping[str, Any]) -> Mapping[str, str]:
    """The labels of an object, empty when it has none."""
    return (thing.get("metadata") or {}).get("labels") or {}
