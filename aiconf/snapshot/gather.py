"""Brings what several inputs say together into one snapshot."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.snapshot.format import Item, Snapshot, omission

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiconf.snapshot.collection import Collection, Kind
    from aiconf.snapshot.format import Plain

_CRDS = "CustomResourceDefinition.apiextensions.k8s.io"
# Of one kind and for one reason: a source that is broken breaks every object alike.
_OMISSIONS_LIMIT = 20


class Gatherer:
    """Gathers the parts of a snapshot.

    Attributes:
        listed: Kinds that some input lists, even if it has none.
    """

    def __init__(self, collection: Collection) -> None:
        self.listed: set[str] = set()
        self._collection = collection
        self._items: dict[tuple[str, str, str], Item] = {}
        self._parts = Snapshot()
        self._has_snapshot = False
        self._omitted: Counter[tuple[Any, ...]] = Counter()

    def keep(self, kept: Iterable[Item | Plain]) -> None:
        """Add items and omissions; of an object that comes twice, the last one counts."""
        for element in kept:
            if isinstance(element, Item):
                self._items[element[:3]] = element
            else:
                self.omit(element)

    def omit(self, entry: Plain) -> None:
        """Add an omission; beyond twenty of a kind for the same reason they are only counted."""
        cause = (entry["kind"], entry["group"], entry["reason"])
        self._omitted[cause] += 1
        if self._omitted[cause] <= _OMISSIONS_LIMIT:
            self._parts.omissions.append(entry)

    def omit_file(self, name: str, why: str) -> None:
        """Add an omission for a file that cannot be read."""
        self.omit(omission(None, "Unreadable", f"{name}: {why}"))

    def merge(self, parts: Snapshot) -> None:
        """Add the parts of a snapshot of our own format."""
        ours = self._parts
        if not self._has_snapshot:
            ours.metadata = parts.metadata
        self._has_snapshot = True
        ours.server = ours.server or parts.server
        self.serve(parts.apis)
        ours.metrics += parts.metrics
        ours.results += parts.results
        for entry in parts.omissions:
            self.omit(entry)
        if namespaces := parts.metadata.get("namespaces"):
            self._omit_other_namespaces(namespaces, parts.omissions)

    def _omit_other_namespaces(self, namespaces: Sequence[str], known: Iterable[Plain]) -> None:
        """What lies in other namespaces than these was not looked for, whether the snapshot says so or not."""
        said = {(entry["group"], entry["kind"]) for entry in known}
        for kind in self._collection.kinds.values():
            is_unsaid = kind.namespaced and (kind.group, kind.kind) not in said
            if is_unsaid and not self._surely_absent(kind, None):
                self.omit(omission(kind, "NotRequested", f"only the namespaces {', '.join(namespaces)} were read"))

    def serve(self, apis: Iterable[Plain] | None) -> None:
        """Add what the API server serves."""
        if apis is not None:
            known = self._parts.apis or []
            self._parts.apis = known + [entry for entry in apis if entry not in known] if known else list(apis)

    def version(self, server: Plain) -> None:
        """Say which version the API server is of."""
        self._parts.server = self._parts.server or server

    def snapshot(self) -> Snapshot:
        """Everything together."""
        whole = self._parts
        whole.items = list(self._items.values())
        if not self._has_snapshot:
            whole.omissions += self._not_in_input()
        for (kind, group, reason), count in self._omitted.items():
            if count > _OMISSIONS_LIMIT:
                entry = omission(None, reason, f"{count - _OMISSIONS_LIMIT} more of them")
                whole.omissions.append(entry | {"kind": kind, "group": group})
        whole.metadata["complete"] = not whole.omissions
        return whole

    def _not_in_input(self) -> Iterator[Plain]:
        seen = {item.kind for item in self._items.values()} | self.listed
        defined = self._defined() if _CRDS in seen else None
        for kind in self._collection.kinds.values():
            if kind.key not in seen and not self._surely_absent(kind, defined):
                yield omission(
                    kind, "NotInInput", f"the input shows no {kind.name}, and does not say that there are none"
                )

    def _surely_absent(self, kind: Kind, defined: set[str] | None) -> bool:
        apis = self._parts.apis
        if apis is not None:
            return not any(api["group"] == kind.group and api["resource"] == kind.resource for api in apis)
        # Kubernetes' own groups have no definition, and all end alike or have no dot.
        own = "." not in kind.group or kind.group.endswith(".k8s.io")
        return defined is not None and not own and kind.name not in defined

    def _defined(self) -> set[str]:
        return {item.name for item in self._items.values() if item.kind == _CRDS}


def list_kind(kind: Any) -> str | None:
    """What a list of one kind holds: ``Pod`` for ``PodList``; None for ``List`` and what is no list."""
    if not isinstance(kind, str) or not kind.endswith("List") or kind == "List":
        return None
    return kind.removesuffix("List")


def text_of(raw: msgspec.Raw | None) -> Any:
    """The value of a short JSON text, None without one."""
    if raw is None or len(bytes(raw)) > 1000:  # noqa: PLR2004 - kinds and versions are short
        return None
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
