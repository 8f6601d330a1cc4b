"""Which components a cluster has, of what version, and whether they work.

A component is *there* when a workload of it is, *works* when all the workloads are ready without which it does not, and
is merely *installed* when nothing but its definitions is there: other charts ship those too.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import maps, ref, text, unready
from aiconf.cluster.images import image_version
from aiconf.cluster.nodes import labels_of
from aiconf.cluster.signs import Signs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiconf.cluster.signs import Role
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

WORKLOADS = ("Deployment.apps", "DaemonSet.apps", "StatefulSet.apps")
_CRD = "CustomResourceDefinition.apiextensions.k8s.io"
_GATEWAY_CLASS = "GatewayClass.gateway.networking.k8s.io"
_VERSION_LABEL, _CHART_LABEL = "app.kubernetes.io/version", "helm.sh/chart"
_NOBODY = "no node is meant to run it"


class Components:
    """The components of a cluster.

    Args:
        index: The snapshot.
        data: ``policies/components.yaml``.
        drivers: The drivers of the current ResourceSlices.
    """

    def __init__(self, index: Index, data: Mapping[str, Any], drivers: Iterable[str]) -> None:
        self._index, self._signs, self._drivers = index, Signs(data), frozenset(drivers)
        self._definitions = {name for _, name in index.names(_CRD)} | _served(index)
        self._controllers = frozenset(text(one, "spec", "controllerName") for one in index.each(_GATEWAY_CLASS))
        self._own_definitions = {
            identity: [name for name in entry.get("crds", ()) if name in self._definitions]
            for identity, entry in self._signs.components.items()
        }
        self._workloads = self._found()

    def facts(self) -> list[Plain]:
        """The components that there is a sign of, by id."""
        found = (self._component(identity) for identity in sorted(self._signs.components))
        return [one for one in found if one is not None]

    @cached_property
    def platform(self) -> set[str]:
        """References to the workloads of components that belong to the platform (see `is_platform_image`)."""
        return {one["ref"] for role, found in self._workloads.items() if self._is_platform(role) for one in found}

    def is_platform_image(self, image: str) -> bool:
        """Whether an image is one of a component that is no workload itself, as serving engines are."""
        return any(self._is_platform(role) for role in self._signs.with_image(image))

    def _is_platform(self, role: Role) -> bool:
        return not (
            self._signs.components[role.component].get("serves_models") or role.component in self._signs.test_only
        )

    def _found(self) -> dict[Role, list[Plain]]:
        defined = frozenset(identity for identity, names in self._own_definitions.items() if names)
        ranked: dict[Role, list[tuple[int, Plain]]] = defaultdict(list)
        for kind in WORKLOADS:
            for one in self._index.each(kind):
                images = [text(part, "image") for part in maps(one, "spec", "template", "spec", "containers")]
                name = text(one, "metadata", "name")
                roles = self._signs.of(text(one, "kind"), name, labels_of(one), images, defined)
                for role, (rank, sign) in roles.items():
                    ranked[role].append((rank, _workload(one, role, images, sign)))
        return {role: _best(workloads) for role, workloads in ranked.items()}

    def _component(self, identity: str) -> Plain | None:
        entry, definitions = self._signs.components[identity], self._own_definitions[identity]
        workloads = [one for role in self._signs.roles[identity] for one in self._workloads.get(role, ())]
        managed = self._managed(entry)
        drivers = sorted(self._drivers & set(entry.get("drivers", ())))
        if not (definitions or workloads or managed or drivers):
            return None
        crds = [self._definition(name) for name in definitions]
        ready, reason = self._state(identity, workloads, crds, managed=bool(managed), drivers=drivers)
        return {
            "id": identity,
            "name": entry["name"],
            "layer": entry["layer"],
            "vendor": entry["vendor"],
            "requirements": list(entry["requirements"]),
            "controllers": list(entry.get("gateway_controllers", ())),
            "version": self._defined_version(entry, definitions)
            or next((one["version"] for one in workloads if one["version"]), None),
            "namespaces": sorted({one["namespace"] for one in workloads}),
            "ready": ready,
            "reason": reason,
            "managed": bool(managed) and not workloads,
            "installed_only": ready is False and not workloads and not entry.get("definitions_only"),
            "fake": identity in self._signs.test_only,
            "signs": [
                *(f"{one['ref']} by {one['sign']}" for one in workloads),
                *managed,
                *(f"ResourceSlices of {driver}" for driver in drivers),
                *(f"definition {name}" for name in definitions),
            ],
            "workloads": workloads,
            "crds": crds,
            "objects": [*(one["ref"] for one in workloads), *(crd["ref"] for crd in crds)],
        }

    def _defined_version(self, entry: Mapping[str, Any], definitions: Iterable[str]) -> str | None:
        """The version that definitions say themselves, when they do."""
        key = entry.get("version_annotation", "")
        found = (self._index.find(_CRD, None, name) for name in definitions if key)
        return next(filter(None, (text(one, "metadata", "annotations", key) for one in found)), None)

    def _definition(self, name: str) -> Plain:
        found = self._index.find(_CRD, None, name)
        known = ref(found) if found else f"apiextensions.k8s.io/v1 CustomResourceDefinition {name}"
        return {"name": name, "ref": known, "established": None if found is None else not unready(found)}

    def _managed(self, entry: Mapping[str, Any]) -> list[str]:
        """What shows that the component runs outside of the cluster, where no snapshot sees it."""
        sign = entry.get("managed")
        if not sign:
            return []
        there = [name for name in sign.get("crds", ()) if name in self._definitions]
        answering = [name for name in sign.get("gateway_controllers", ()) if name in self._controllers]
        whole = len(there) == len(sign.get("crds", ())) and len(answering) == len(sign.get("gateway_controllers", ()))
        visible = {role.component for role in self._workloads}
        if not whole or visible & set(sign.get("without", ())):
            return []
        return [*(f"definition {name}" for name in there), *(f"GatewayClass of {name}" for name in answering)]

    def _state(
        self, identity: str, workloads: list[Plain], crds: list[Plain], *, managed: bool, drivers: list[str]
    ) -> tuple[bool | None, str]:
        """Whether a component works, and the end of a sentence that says why not."""
        entry = self._signs.components[identity]
        if workloads:
            return self._working(identity)
        if managed:
            return None, "it is managed, and no workload of it is visible in the cluster"
        if entry.get("definitions_only"):
            return _defined(crds)
        if drivers:
            return None, f"devices of {drivers[0]} are there, and no workload that is known to publish them"
        if hidden := self._hidden(role.kinds for role in self._signs.roles[identity]):
            return None, hidden
        return False, "only its definitions are there"

    def _working(self, identity: str) -> tuple[bool | None, str]:
        doubt, roles = "", self._signs.roles[identity]
        needed = [role for role in roles if role.required] or [role for role in roles if role in self._workloads]
        for role in needed:
            workloads = self._workloads.get(role, [])
            if not workloads:
                hidden = self._hidden([role.kinds])
                if not hidden:
                    return False, f"its {role.name} is not there"
                doubt = doubt or hidden
            elif problem := _problem(workloads):
                return False, problem
        return (None, doubt) if doubt else (True, "")

    def _hidden(self, kinds: Iterable[Iterable[str]]) -> str:
        """That workloads of some kinds may be there unseen, "" when they would be seen."""
        wanted = {f"{kind}.apps" for some in kinds for kind in some}
        omissions = (entry for kind in sorted(wanted) for entry in self._index.omitted(kind))
        entry = next(omissions, None)
        return f"its workloads could not all be read ({entry['reason']})" if entry else ""


def _defined(crds: list[Plain]) -> tuple[bool | None, str]:
    """Whether definitions are in force, and why not."""
    if broken := next((crd for crd in crds if crd["established"] is False), None):
        return False, f"the definition {broken['name']} is not established"
    unknown = any(crd["established"] is None for crd in crds)
    return (None, "its definitions could not be read") if unknown else (True, "")


def _served(index: Index) -> set[str]:
    """``resource.group`` of everything that discovery shows, which stands in for definitions that were not readable."""
    if not index.omitted(_CRD):
        return set()
    return {f"{api['resource']}.{api['group']}" for api in index.apis or () if api["group"]}


def _workload(one: Plain, role: Role, images: list[str], sign: str) -> Plain:
    reason = unready(one)
    labels = labels_of(one)
    image = next((own for own in images if sign == f"image {own}"), images[0] if images else "")
    return {
        "ref": ref(one),
        "kind": text(one, "kind"),
        "namespace": text(one, "metadata", "namespace"),
        "name": text(one, "metadata", "name"),
        "role": role.name,
        "required": role.required,
        "ready": not reason,
        "reason": reason,
        "image": image,
        "version": image_version(image) or _labelled_version(labels),
        "sign": sign,
    }


def _labelled_version(labels: Mapping[str, Any]) -> str | None:
    version = text(labels, _VERSION_LABEL)
    return version or image_version(f"chart:{text(labels, _CHART_LABEL).rpartition('-')[2]}")


def _best(ranked: list[tuple[int, Plain]]) -> list[Plain]:
    best = max(rank for rank, _ in ranked)
    return sorted((one for rank, one in ranked if rank == best), key=lambda one: str(one["ref"]))


def _problem(workloads: list[Plain]) -> str:
    """Why a role is not filled, "" when it is: by any one of several controllers, by all of several sets of agents."""
    agents = [one for one in workloads if one["kind"] == "DaemonSet" and one["reason"] != _NOBODY]
    others = [one for one in workloads if one["kind"] != "DaemonSet"]
    broken = [one for one in agents if not one["ready"]]
    if not broken and (agents or any(one["ready"] for one in others)):
        return ""
    first = next(iter(broken or [one for one in workloads if not one["ready"]]))
    return f"{first['kind']} {first['namespace']}/{first['name']}: {first['reason']}"
