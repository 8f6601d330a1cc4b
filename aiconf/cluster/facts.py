"""A snapshot as the roots that policies read; docs/architecture.md describes their shapes.

A fact costs nothing before it is asked for, and what several need is worked out once; of a cluster with a hundred
thousand pods a policy about webhooks decodes none.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import text
from aiconf.cel.own import minor_version
from aiconf.cluster.accelerators import Accelerators
from aiconf.cluster.access import Exposures, admin_claims, shared_claims, texts_of_exposures
from aiconf.cluster.components import Components
from aiconf.cluster.coverage import metric_coverage
from aiconf.cluster.devices import Devices
from aiconf.cluster.disaggregation import texts_of_roles
from aiconf.cluster.distribution import Distributions, the_one
from aiconf.cluster.fakes import Fake, find_fakes, texts_of_fakes
from aiconf.cluster.metrics import Metrics
from aiconf.cluster.monitoring import texts_of_scraping
from aiconf.cluster.nodes import is_control_plane
from aiconf.cluster.reach import Reach
from aiconf.cluster.solutions import SOLUTIONS, Solutions
from aiconf.cluster.tables import read_tables
from aiconf.cluster.usage import Usage, texts_of_usage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aiconf.cluster.tables import Tables
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_NODE, _SLICE = "Node", "ResourceSlice.resource.k8s.io"


def snapshot_facts(index: Index, data: Mapping[str, Any], wanted: Iterable[str] | None = None) -> dict[str, Any]:
    """What expressions see of a snapshot, beside ``objects``.

    Args:
        index: The snapshot.
        data: The tables of the catalog by name; see `aiconf.cluster.tables.Tables` for those used.
        wanted: What is read, as ``aiconf.cel.check.references`` gives it (``cluster.webhooks``); None for everything.
            A fact that is not wanted is absent.

    Raises:
        CatalogError: A table is missing, or not of the expected shape.
    """
    return Facts(index, data).roots(wanted)


def _is_wanted(root: str, paths: frozenset[str] | None) -> bool:
    return paths is None or any(path.partition(".")[0] == root for path in paths)


class _Lazy(dict[str, Any]):
    """A map that works its values out when they are first read: an expression may never come to a costly one."""

    def __init__(self, names: Iterable[str], work_out: Callable[[str], Any]) -> None:
        super().__init__()
        self.names, self._work_out = frozenset(names), work_out

    def __missing__(self, name: str) -> Any:
        if name not in self.names:
            raise KeyError(name)
        self[name] = self._work_out(name)
        return self[name]

    def whole(self) -> Plain:
        """An ordinary map, with every value worked out."""
        return {name: self[name] for name in sorted(self.names)}


def _texts_of_pods(tables: Tables) -> Iterator[str]:
    """Whatever facts find pods by that the tables name."""
    yield from texts_of_fakes(tables.accelerators)
    yield from texts_of_exposures(tables.access)
    yield from texts_of_usage(tables)
    yield from texts_of_scraping(tables.exporters)
    yield from texts_of_roles(tables.disaggregation)


class Facts:
    """The facts of one snapshot, each worked out when it is first asked for."""

    def __init__(self, index: Index, data: Mapping[str, Any]) -> None:
        self.index, self._tables = index, read_tables(data)
        self._known: dict[str, Any] = {}
        index.expect("Pod", _texts_of_pods(self._tables))

    def roots(self, wanted: Iterable[str] | None = None, *, lazy: bool = False) -> dict[str, Any]:
        """The roots but ``objects``; see `snapshot_facts` for what is wanted.

        Args:
            wanted: See `snapshot_facts`.
            lazy: Whether the facts of ``cluster`` may wait until they are read; aiconf's own engine reads them by name.
        """
        paths = None if wanted is None else frozenset(wanted)
        roots: dict[str, Callable[[], Any]] = {
            "cluster": lambda: self.cluster(paths) if lazy else self.cluster(paths).whole(),
            "components": lambda: self.component_list,
            "metrics": lambda: self.metrics,
            "results": lambda: self.index.results,
            "omissions": lambda: self.index.omissions,
        }
        return {name: fact() for name, fact in roots.items() if _is_wanted(name, paths)}

    def cluster(self, paths: frozenset[str] | None = None) -> _Lazy:
        """The root ``cluster`` with the facts that paths name, such as ``cluster.webhooks``; with all when None."""
        whole = paths is None or "cluster" in paths
        names = {path.split(".")[1] for path in paths or () if path.startswith("cluster.")}
        return _Lazy([name for name in _CLUSTER if whole or name in names], self._cluster_fact)

    def _cluster_fact(self, name: str) -> Any:
        if name not in self._known:
            self._known[name] = _CLUSTER[name](self)
        return self._known[name]

    @cached_property
    def solutions(self) -> Solutions:
        """What serves requirements."""
        return Solutions(self, self._tables)

    @cached_property
    def nodes(self) -> list[Plain]:
        """All nodes."""
        return self.index.objects(_NODE)

    @cached_property
    def fake_nodes(self) -> dict[str, Fake]:
        """The nodes that are simulated, or whose accelerators are."""
        return find_fakes(self.index, self.nodes, self._tables.accelerators)

    @cached_property
    def devices(self) -> Devices:
        """The devices of DRA drivers."""
        whole = not self.index.omitted(_NODE)
        slices, table = self.index.each(_SLICE), self._tables.accelerators
        return Devices(slices, self.nodes, self.fake_nodes, table, all_nodes=whole)

    @cached_property
    def accelerators(self) -> Accelerators:
        """The table of accelerators."""
        return Accelerators(self._tables.accelerators)

    @cached_property
    def accelerator_nodes(self) -> list[Plain]:
        """The nodes that offer accelerators."""
        return self.accelerators.facts(self.nodes, self.devices.accelerators(), self.fake_nodes)

    @cached_property
    def components(self) -> Components:
        """The components."""
        return Components(self.index, self._tables.components, {device["driver"] for device in self.devices.all})

    @cached_property
    def component_list(self) -> list[Plain]:
        """The root ``components``."""
        return self.components.facts()

    @cached_property
    def distributions(self) -> Distributions:
        """What speaks for which distribution."""
        simulators = {row["what"] for row in self._tables.accelerators["fakes"] if row.get("simulates_nodes")}
        simulated = {name for name, fake in self.fake_nodes.items() if fake.what in simulators}
        real = [node for node in self.nodes if text(node, "metadata", "name") not in simulated]
        return Distributions(self.index, real, self._tables.distributions)

    @cached_property
    def candidates(self) -> list[Plain]:
        """The distributions that there are signs of."""
        return self.distributions.candidates()

    @cached_property
    def reach(self) -> Reach:
        """What answers behind Services."""
        return Reach(self.index)

    @cached_property
    def exposures(self) -> tuple[list[Plain], list[Plain]]:
        """Ways past the mediator, of workloads and of agents."""
        real = {node["name"] for node in self.accelerator_nodes if not node["fake"]}
        real |= {node["name"] for node in self.bare_nodes}
        data = self._tables.access
        return Exposures(self.index, real, self.components, self.accelerators, data).facts()

    @cached_property
    def bare_nodes(self) -> list[Plain]:
        """The nodes that have accelerators by their labels, and offer none."""
        real = [node for node in self.nodes if text(node, "metadata", "name") not in self.fake_nodes]
        return self.accelerators.bare(real, [node["name"] for node in self.accelerator_nodes])

    @cached_property
    def metrics(self) -> Plain:
        """The root ``metrics``."""
        return Metrics(self.index, self._tables.exporters, self._tables.accelerators, self.fake_nodes).facts()

    @cached_property
    def usage(self) -> Usage:
        """The pods by what they use."""
        return Usage(self.index, self.accelerators, self._tables, self.accelerator_nodes)

    def version(self) -> str | None:
        """The server's minor version, such as ``v1.36``; None when it is not known."""
        server = self.index.server or {}
        if found := minor_version(str(server.get("gitVersion") or "")):
            return found
        plain = f"{server.get('major') or ''}.{str(server.get('minor') or '').rstrip('+')}"
        return minor_version(plain) or None

    def node_counts(self) -> Plain:
        """How many nodes there are, and of what sort; each None when nodes could not be read."""
        if not self.nodes and self.index.omitted(_NODE):
            return dict.fromkeys(("total", "accelerator", "control_plane", "fake"))
        return {
            "total": len(self.nodes),
            "accelerator": sum(not node["fake"] for node in self.accelerator_nodes),
            "control_plane": sum(map(is_control_plane, self.nodes)),
            "fake": len(self.fake_nodes),
        }

    def apis(self) -> list[str] | None:
        """What is served, as ``group/version/resource``; None when that is not known."""
        if self.index.apis is None:
            return None
        found = ((api["group"], api["version"], api["resource"]) for api in self.index.apis)
        return sorted("/".join(filter(None, parts)) for parts in found)

    def fakes(self) -> list[Plain]:
        """Everything that only looks like an accelerator, or simulates one."""
        rows = {driver: row for row in self._tables.accelerators["fakes"] for driver in row.get("drivers", ())}
        found = list(self.fake_nodes.values())
        found += [
            Fake(rows[device["driver"]]["what"], device["slice"], rows[device["driver"]]["why"])
            for device in self.devices.all
            if device["driver"] in rows
        ]
        found += [
            Fake(one["name"], workload["ref"], "it is a simulator")
            for one in self.components.facts()
            if one["fake"]
            for workload in one["workloads"]
        ]
        return [fake.plain() for fake in sorted(set(found))]

    def provider_names(self) -> list[str]:
        """The clouds that the nodes are of."""
        return self.distributions.providers()


_CLUSTER: Mapping[str, Callable[[Facts], Any]] = {
    "version": Facts.version,
    "git_version": lambda facts: (facts.index.server or {}).get("gitVersion"),
    "collected_at": lambda facts: facts.index.metadata.get("collectedAt"),
    "complete": lambda facts: bool(facts.index.metadata.get("complete")) and not facts.index.omissions,
    "distribution": lambda facts: the_one(facts.candidates),
    "distributions": lambda facts: facts.candidates,
    "providers": Facts.provider_names,
    "nodes": Facts.node_counts,
    "accelerator_nodes": lambda facts: facts.accelerator_nodes,
    "bare_accelerator_nodes": lambda facts: facts.bare_nodes,
    "devices": lambda facts: facts.devices.all,
    "stale_slices": lambda facts: facts.devices.stale,
    "accelerator_drivers": lambda facts: sorted({one["driver"] for one in facts.devices.all if one["accelerator"]}),
    "fakes": Facts.fakes,
    "endpoints": lambda facts: facts.reach.endpoints,
    "webhooks": lambda facts: facts.reach.webhooks(),
    "api_services": lambda facts: facts.reach.api_services(),
    "apis": Facts.apis,
    "exposures": lambda facts: facts.exposures[0],
    "agent_exposures": lambda facts: facts.exposures[1],
    "accelerator_pods": lambda facts: facts.usage.accelerator_pods,
    "share_pods": lambda facts: facts.usage.share_pods,
    "attached_pods": lambda facts: facts.usage.attached_pods,
    "class_pods": lambda facts: facts.usage.class_pods,
    "exporter_pods": lambda facts: facts.usage.exporter_pods,
    "allocations": lambda facts: facts.usage.allocations(facts.devices.all),
    "metric_coverage": lambda facts: metric_coverage(
        facts.accelerator_nodes, facts.metrics["sources"], facts.usage.exporter_pods
    ),
    "admin_claims": lambda facts: admin_claims(facts.index),
    "usable_admin_claims": lambda facts: [one for one in admin_claims(facts.index) if one["labelled"] is False],
    "shared_claims": lambda facts: shared_claims(facts.index, facts.devices.all),
    **SOLUTIONS,
}
