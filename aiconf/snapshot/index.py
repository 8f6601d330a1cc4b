"""Finds the objects of a snapshot: by kind, by name, by owner, by selector, behind a Service.

Objects are kept as JSON text and decoded when they are asked for: of the hundred thousand pods of a large cluster most
are looked at once. `each` and `find` decode anew, `objects` keeps what it has decoded.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.cel.kubernetes import field, selects
from aiconf.snapshot.texts import Texts

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

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
        self._texts: dict[str, Texts] = {}
        self._labelled: dict[str, dict[tuple[str, str], list[int]]] = {}
        self._owned: dict[str, dict[str, list[Item]]] = {}

    def expect(self, kind: str, texts: Iterable[str]) -> None:
        """Say which texts `each` will be asked for of a kind: all are then looked for in one pass, when first asked."""
        self._texts[kind] = Texts(self._items.get(kind, ()), texts)

    def kinds(self) -> tuple[str, ...]:
        """The kinds (``Kind.group``) of which there are objects, sorted."""
        return tuple(sorted(self._items))

    def count(self, kind: str) -> int:
        """How many objects there are of a kind."""
        return len(self._items.get(kind, ()))

    def names(self, kind: str) -> Iterator[tuple[str, str]]:
        """Namespace ("" for none) and name of every object of a kind; nothing is decoded."""
        return ((item.namespace, item.name) for item in self._items.get(kind, ()))

    def each(
        self, kind: str, containing: str | Iterable[str] = "", on: Container[str] | None = None
    ) -> Iterator[Plain]:
        """The objects of a kind, each decoded when its turn comes and not kept.

        Args:
            kind: ``Kind.group``.
            containing: Only objects with this, or one of these, somewhere in their JSON text (``"hostPath"``), which is
                looked for without decoding; see `expect`. Nothing is in the text of every object, none of no texts in
                that of any.
            on: Only objects that are bound to one of these nodes; of the others just the binding is decoded.
        """
        found: Iterable[Item] = self._items.get(kind, [])
        if containing != "":
            found = self._containing(kind, [containing] if isinstance(containing, str) else containing)
        if on is not None:
            found = _bound(found, on)
        return (self._decode(item.raw) for item in found)

    def _containing(self, kind: str, texts: Iterable[str]) -> Iterator[Item]:
        items = self._items.get(kind, [])
        search = self._texts.setdefault(kind, Texts(items))
        return (items[number] for number in search.containing(texts))

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
        for item in self._candidates(kind, selector):
            if namespace is None or item.namespace == namespace:
                thing = self._decode(item.raw)
                if selects(selector, labels_of(thing)):
                    yield thing

    def owned(self, kind: str, uid: str) -> Iterator[Plain]:
        """The objects of a kind that name an owner with this uid; none when it is empty."""
        if kind not in self._owned:
            self._owned[kind] = _by_owner(self._items.get(kind, ()))
        return (self._decode(item.raw) for item in self._owned[kind].get(uid, ()) if uid)

    def _candidates(self, kind: str, selector: Any) -> Iterable[Item]:
        """Items among which are all that a selector matches: those with that of its labels that the fewest have."""
        items = self._items.get(kind, [])
        wanted = field(selector, "matchLabels")
        if not isinstance(wanted, dict) or not wanted:
            return items
        if kind not in self._labelled:
            self._labelled[kind] = _by_label(items)
        labelled = self._labelled[kind]
        return (items[number] for number in min((labelled.get(label, ()) for label in wanted.items()), key=len))

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


def _by_owner(items: Iterable[Item]) -> dict[str, list[Item]]:
    """The uid of every owner to the items that name it."""
    decode = msgspec.json.Decoder(_Described).decode
    found: dict[str, list[Item]] = {}
    for item in items:
        metadata = decode(item.raw).metadata
        owners = metadata.owners if metadata else None
        for uid in {owner.uid for owner in owners or () if owner and isinstance(owner.uid, str)}:
            found.setdefault(uid, []).append(item)
    return found


def kind_key(api_version: str, kind: str) -> str:
    """``Kind.group`` of an object with this ``apiVersion`` and ``kind``; ``Kind`` in the core group."""
    group = api_version.partition("/")[0] if "/" in api_version else ""
    return f"{kind}.{group}" if group else kind


class _Spec(msgspec.Struct, gc=False):
    node: Any = msgspec.field(default=None, name="nodeName")


class _Bound(msgspec.Struct, gc=False):
    """What there is to decode of a pod to know its node."""

    spec: _Spec | None = None


def _bound(items: Iterable[Item], nodes: Container[str]) -> Iterator[Item]:
    decode = msgspec.json.Decoder(_Bound).decode
    for item in items:
        spec = decode(item.raw).spec
        if spec and isinstance(spec.node, str) and spec.node in nodes:
            yield item


class _Owner(msgspec.Struct, gc=False):
    uid: Any = None


class _Metadata(msgspec.Struct, gc=False):
    labels: Any = None
    owners: list[_Owner | None] | None = msgspec.field(default=None, name="ownerReferences")


class _Described(msgspec.Struct, gc=False):
    """What there is to decode of an object to know its labels and owners."""

    metadata: _Metadata | None = None


def _by_label(items: Iterable[Item]) -> dict[tuple[str, str], list[int]]:
    """Key and value of every label to the numbers of the items that have it."""
    decode = msgspec.json.Decoder(_Described).decode
    found: dict[tuple[str, str], list[int]] = {}
    for number, item in enumerate(items):
        metadata = decode(item.raw).metadata
        labels = metadata.labels if metadata else None
        for label in labels.items() if isinstance(labels, dict) else ():
            found.setdefault(label, []).append(number)
    return found


def labels_of(thing: Mapping[str, Any]) -> Mapping[str, str]:
    """The labels of an object, empty when it has none."""
    return (thing.get("metadata") or {}).get("labels") or {}
