"""What a submission says, as far as a cluster can contradict it: the root ``observed``."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cluster.naming import Names, folder_owners
from aiconf.model import Proof

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.model import RequirementRow
    from aiconf.observer import Observation

    Plain = dict[str, Any]

_PROOFS = list(Proof)


class Observed:
    """What a cluster shows, laid beside what is claimed.

    Args:
        seen: The cluster.
        data: The catalog's tables.
        require: How strongly every MUST has to be shown; None for what its policy asks.
    """

    def __init__(self, seen: Observation, data: Mapping[str, Any], require: Proof | None) -> None:
        self._seen, self._data, self._require = seen, data, require

    def facts(self, rows: Iterable[RequirementRow], submission: Mapping[str, Any] | None) -> Plain:
        """The root ``observed``; ``docs/architecture.md`` says what its keys mean."""
        entries = {entry["id"]: entry for entry in reversed(submission["entries"])} if submission else {}
        by_id = {row.id: self._requirement(row, entries.get(row.id)) for row in rows}
        return {
            "path": self._seen.path,
            "required": str(self._require) if self._require else None,
            "requirements": list(by_id.values()),
            "by_id": by_id,
            "folder_owners": folder_owners(self._data["distributions"]["distributions"]),
            "platform": self._platform(submission["metadata"]) if submission else None,
            "newest_layered": self._newest_layered,
            "last_result": max((row["time"] for row in self._seen.index.results if row["time"]), default=None),
        }

    def _requirement(self, row: RequirementRow, entry: Mapping[str, Any] | None) -> Plain:
        proof = row.proof or Proof.NONE
        named = self._named(entry) if entry else []
        return {
            "requirement": row.id,
            "level": str(row.level) if row.level else None,
            "result": str(row.result),
            "proof": str(proof),
            "proof_suffices": self._require is None or _PROOFS.index(proof) >= _PROOFS.index(self._require),
            "component": row.component or "",
            "objects": list(row.objects),
            "reasons": list(row.reasons),
            "named": named,
            "seen": [one["id"] for one in named if one["seen"]],
            "layers": sorted({one["layer"] for one in self._components if one["name"] in (row.component or "")}),
        }

    def _named(self, entry: Mapping[str, Any]) -> list[Plain]:
        """The components that notes and attribution name for this requirement, and whether the cluster has them.

        Only those count that can serve the requirement and that a cluster can show at all.
        """
        said = f"{entry['notes'] or ''}\n{(entry.get('attribution') or {}).get('component') or ''}"
        known = {one["id"]: one for one in self._data["components"]["components"]}
        there = {one["id"] for one in self._components if not one["installed_only"]}
        return [
            {"id": id_, "name": known[id_]["name"], "seen": id_ in there}
            for id_ in self._names.within(said)
            if entry["id"] in known[id_]["requirements"] and known[id_].get("workloads")
        ]

    def _platform(self, metadata: Mapping[str, Any]) -> Plain | None:
        """The component that the product is named after, and its version in the cluster."""
        named = self._names.within(str(metadata.get("platformName") or ""))
        found = [one for one in self._components if one["id"] in named and one["version"] and one["layer"] == "runtime"]
        return {"name": found[0]["name"], "version": found[0]["version"]} if len(found) == 1 else None

    @cached_property
    def _newest_layered(self) -> Plain | None:
        """The workload of a runtime component that was made last: ``{ref, created}``."""
        made = [
            {"ref": workload["ref"], "created": created}
            for one in self._components
            if one["layer"] == "runtime" and not one["fake"]
            for workload in one["workloads"]
            if (created := self._created(workload))
        ]
        return max(made, key=lambda one: one["created"], default=None)

    def _created(self, workload: Mapping[str, Any]) -> str | None:
        found = self._seen.index.find(f"{workload['kind']}.apps", workload["namespace"], workload["name"])
        created: str | None = found["metadata"].get("creationTimestamp") if found else None
        return created

    @cached_property
    def _components(self) -> Sequence[Plain]:
        components: Sequence[Plain] = self._seen.facts.component_list
        return components

    @cached_property
    def _names(self) -> Names:
        return Names(self._data["components"]["components"])
