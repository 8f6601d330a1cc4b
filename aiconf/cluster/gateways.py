"""Gateways with their classes, controllers and routes."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, number, ref, text
from aiconf.cluster.nodes import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.cluster.reach import Reach
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_GROUP = "gateway.networking.k8s.io"
_WORKLOADS = ("Deployment.apps", "DaemonSet.apps", "StatefulSet.apps")
_ROUTES = (f"HTTPRoute.{_GROUP}", f"GRPCRoute.{_GROUP}")


class Gateways:
    """What there is of Gateway API in a cluster.

    Args:
        index: The snapshot.
        data: ``policies/gateways.yaml``: who stands behind a controller's name.
        components: See ``aiconf.cluster.components``.
        reach: What answers behind Services.
    """

    def __init__(self, index: Index, data: Mapping[str, Any], components: Iterable[Plain], reach: Reach) -> None:
        self._index, self._reach = index, reach
        self._carrier_labels = data["carriers"]
        self._known = {row["controller"]: row for row in data["controllers"]}
        self._components = {component["id"]: component for component in components}

    def classes(self) -> list[Plain]:
        """Every GatewayClass.

        Each is ``{ref, name, controller, implementation, component, managed, provisions, accepted, ready, reason,
        objects[]}``; ``ready`` is that of the controller's workloads, null where these are elsewhere or unknown.
        """
        found = map(self._class, self._index.each(f"GatewayClass.{_GROUP}"))
        return sorted(found, key=lambda one: str(one["ref"]))

    def _class(self, one: Plain) -> Plain:
        controller = text(one, "spec", "controllerName")
        row = self._known.get(controller, {})
        component = self._components.get(row.get("component", ""))
        managed = bool(row.get("managed"))
        ready, reason = (component["ready"], component["reason"]) if component else self._without_workload(row)
        return {
            "ref": ref(one),
            "name": text(one, "metadata", "name"),
            "controller": controller,
            "implementation": row.get("name", controller),
            "component": component["id"] if component else None,
            "managed": managed,
            "provisions": row.get("provisions", True),
            "accepted": condition(one, "Accepted"),
            "ready": None if managed else ready,
            "reason": reason,
            "objects": component["objects"] if component else [],
        }

    def _without_workload(self, row: Mapping[str, Any]) -> tuple[bool | None, str]:
        """A class stays accepted when its controller has gone, so a known one that is not seen is not there."""
        if "component" not in row or any(map(self._index.omitted, _WORKLOADS)):
            return None, "its controller is not known"
        return False, "its controller was not seen"

    def gateways(self, classes: Sequence[Plain]) -> list[Plain]:
        """Every Gateway.

        Each is ``{ref, class, accepted, programmed, addresses, attached, conflicted, listeners_ready, proxies,
        routes[]}``. ``class`` is the entry of ``classes``, null when there is none of that name. ``proxies`` is how
        many endpoints are ready behind the Services that carry its traffic, null when that cannot be told. ``routes``
        are attached to it: ``{ref, kind, accepted, resolved, weighted, by_header, pools, backends, backends_ready}``.
        """
        by_name = {one["name"]: one for one in classes}
        routes = self._routes()
        found = []
        for one in self._index.each(f"Gateway.{_GROUP}"):
            listeners = maps(one, "status", "listeners")
            key = (text(one, "metadata", "namespace"), text(one, "metadata", "name"))
            generation = number(one, "metadata", "generation")
            found.append(
                {
                    "ref": ref(one),
                    "class": by_name.get(text(one, "spec", "gatewayClassName")),
                    "accepted": condition(one, "Accepted"),
                    "programmed": condition(one, "Programmed"),
                    "addresses": len(maps(one, "status", "addresses")),
                    "attached": sum(number(listener, "attachedRoutes") for listener in listeners),
                    "conflicted": any(condition(each, "Conflicted", generation) == "True" for each in listeners),
                    "listeners_ready": any(
                        condition(each, "Programmed", generation) == "True"
                        and condition(each, "ResolvedRefs", generation) != "False"
                        for each in listeners
                    ),
                    "proxies": self._proxies(key),
                    "routes": sorted(routes.get(key, ()), key=lambda route: str(route["ref"])),
                }
            )
        return sorted(found, key=lambda gateway: str(gateway["ref"]))

    def _proxies(self, gateway: tuple[str, str]) -> int | None:
        counts = [self._reach.of(service) for service in self._carriers.get(gateway, ())]
        return None if not counts or None in counts else max(count or 0 for count in counts)

    @cached_property
    def _carriers(self) -> Mapping[tuple[str, str], list[str]]:
        """The Services that carry traffic, by namespace and name of the Gateway that their labels give."""
        found: dict[tuple[str, str], list[str]] = defaultdict(list)
        for one in self._index.each("Service"):
            own = text(one, "metadata", "namespace")
            for row in self._carrier_labels:
                if name := text(labels_of(one), row["name"]):
                    namespace = text(labels_of(one), row["namespace"]) if "namespace" in row else own
                    found[namespace, name].append(f"{own}/{text(one, 'metadata', 'name')}")
        return found

    def _routes(self) -> Mapping[tuple[str, str], list[Plain]]:
        """The routes by namespace and name of each Gateway that they are attached to."""
        found: dict[tuple[str, str], list[Plain]] = defaultdict(list)
        for kind in _ROUTES:
            for one in self._index.each(kind):
                for parent in maps(one, "status", "parents"):
                    namespace = text(parent, "parentRef", "namespace") or text(one, "metadata", "namespace")
                    key = (namespace, text(parent, "parentRef", "name"))
                    if (field(parent, "parentRef", "kind") or "Gateway") == "Gateway":
                        found[key].append(self._route(one, parent))
        return found

    def _route(self, one: Plain, parent: Plain) -> Plain:
        rules = maps(one, "spec", "rules")
        generation = number(one, "metadata", "generation")
        own = text(one, "metadata", "namespace")
        backends = [backend for rule in rules for backend in maps(rule, "backendRefs")]
        services = [_named(backend, own) for backend in backends if (field(backend, "kind") or "Service") == "Service"]
        return {
            "ref": ref(one),
            "kind": text(one, "kind"),
            "accepted": condition(parent, "Accepted", generation) == "True",
            "resolved": condition(parent, "ResolvedRefs", generation) == "True",
            "weighted": any(_is_split(rule) for rule in rules),
            "by_header": any(maps(match, "headers") for rule in rules for match in maps(rule, "matches")),
            "pools": sorted(
                {_named(backend, own) for backend in backends if field(backend, "kind") == "InferencePool"}
            ),
            "backends": sorted(set(services)),
            "backends_ready": sum(bool(self._reach.of(service)) for service in set(services)),
        }


def _named(backend: Mapping[str, Any], namespace: str) -> str:
    return f"{text(backend, 'namespace') or namespace}/{text(backend, 'name')}"


def _is_split(rule: Mapping[str, Any]) -> bool:
    """Whether a rule sends shares of the traffic to several backends; a weight that is not given is 1."""
    return sum(number(backend, "weight", default=1) > 0 for backend in maps(rule, "backendRefs")) > 1
