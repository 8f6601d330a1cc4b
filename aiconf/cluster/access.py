"""Ways past the device plugin or DRA driver to an accelerator: pods that take one, and claims that may.

Node agents need such access; only workloads must not have it. Pods of the platform are left out: static pods, and pods
of components and of DaemonSets in system namespaces. Pods of other DaemonSets are told apart as *agents*.
"""

from __future__ import annotations

from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.cel.kubernetes import field, maps, ref, text
from aiconf.cluster.images import Images
from aiconf.cluster.nodes import labels_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    from aiconf.cluster.accelerators import Accelerators
    from aiconf.cluster.components import Components
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

# hostPath or hostPID, privilege
_TEXTS = ('"hostP', '"privileged":true')
_OVER = ("Succeeded", "Failed")
_CONTAINERS = ("containers", "initContainers", "ephemeralContainers")
_ADMIN_LABEL = "resource.kubernetes.io/admin-access"


class Way(NamedTuple):
    """A way past.

    Attributes:
        kind: volume, privileged, host_pid or env.
        detail: The path, or the variable with its value.
        container: The container; "" when it is the pod's.
        sure: Whether node agents do not commonly need it, so that it is one whoever takes it.
    """

    kind: str
    detail: str
    container: str = ""
    sure: bool = False


class Exposures:
    """Finds pods that reach accelerators past the mediator.

    Args:
        index: The snapshot.
        nodes: The names of the nodes with real accelerators.
        platform: Tells by references to workloads, and by images, what belongs to the platform.
        accelerators: Tells which containers ask for an accelerator.
        data: ``policies/access.yaml``.
    """

    def __init__(
        self,
        index: Index,
        nodes: Container[str],
        platform: Components,
        accelerators: Accelerators,
        data: Mapping[str, Any],
    ) -> None:
        self._index, self._nodes, self._platform = index, nodes, platform
        self._accelerators, self._data = accelerators, data
        self._images: Images[str] = Images({"platform": data["images"]})

    def facts(self) -> tuple[list[Plain], list[Plain]]:
        """The ways that workloads have, and those that unknown node agents have."""
        workloads: list[Plain] = []
        agents: list[Plain] = []
        for pod in self._pods():
            ways = list(self._ways(pod))
            if not ways:
                continue
            owners = self._index.owners(pod)
            if self._is_platform(pod, owners):
                continue
            top = ref(owners[-1]) if owners else _named_owner(pod)
            agent = _of_daemon_set(pod)
            (agents if agent else workloads).extend(_fact(pod, top, way) for way in ways if way.sure or not agent)
        return sorted(workloads, key=_order), sorted(agents, key=_order)

    def _pods(self) -> Iterator[Plain]:
        """Running pods on nodes with accelerators that may be exposed."""
        pods = self._index.each("Pod", containing=texts_of_exposures(self._data), on=self._nodes)
        return (pod for pod in pods if text(pod, "status", "phase") not in _OVER)

    def _ways(self, pod: Plain) -> Iterator[Way]:
        for volume in maps(pod, "spec", "volumes"):
            path = text(volume, "hostPath", "path")
            if path and (way := self._volume(_clean(path))):
                yield way
        if field(pod, "spec", "hostPID") is True:
            yield Way("host_pid", "hostPID")
        for part in (part for key in _CONTAINERS for part in maps(pod, "spec", key)):
            if field(part, "securityContext", "privileged") is True:
                yield Way("privileged", "privileged", text(part, "name"))
            if not self._accelerators.requested(part):
                yield from self._variables(part)

    def _volume(self, path: str) -> Way | None:
        if path in self._data["everything"]:
            return Way("volume", path)
        return Way("volume", path, sure=True) if any(path.startswith(one) for one in self._data["devices"]) else None

    def _variables(self, part: Plain) -> Iterator[Way]:
        for variable in maps(part, "env"):
            name, value = text(variable, "name"), variable.get("value")
            # Without a value it is empty or set from elsewhere, which the snapshot does not hold.
            if name in self._data["variables"] and isinstance(value, str) and value not in self._data["harmless"]:
                yield Way("env", f"{name}={value}", text(part, "name"), sure=True)

    def _is_platform(self, pod: Plain, owners: list[Plain]) -> bool:
        references = maps(pod, "metadata", "ownerReferences")
        if any(owner.get("kind") == "Node" for owner in references):  # a static pod
            return True
        if any(ref(owner) in self._platform.platform for owner in owners):
            return True
        # One of the platform's images beside others is a sidecar of a workload.
        images = [text(part, "image") for part in maps(pod, "spec", "containers")]
        if images and all(map(self._is_platform_image, images)):
            return True
        namespace = text(pod, "metadata", "namespace")
        system = any(fnmatchcase(namespace, glob) for glob in self._data["namespaces"])
        return system and _of_daemon_set(pod)

    def _is_platform_image(self, image: str) -> bool:
        return self._platform.is_platform_image(image) or bool(self._images.of(image))


def texts_of_exposures(data: Mapping[str, Any]) -> list[str]:
    """Texts of which one stands in the JSON text of every pod that may be exposed."""
    return [*_TEXTS, *data["variables"]]


def _clean(path: str) -> str:
    """A path without doubled and closing slashes and without dots, as the kubelet resolves it."""
    parts: list[str] = []
    for part in path.split("/"):
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def _of_daemon_set(pod: Plain) -> bool:
    return any(owner.get("kind") == "DaemonSet" for owner in maps(pod, "metadata", "ownerReferences"))


def _named_owner(pod: Plain) -> str | None:
    """The owner that a pod names, when the snapshot does not hold it."""
    for owner in maps(pod, "metadata", "ownerReferences"):
        where = f"{text(pod, 'metadata', 'namespace')}/{text(owner, 'name')}"
        return f"{text(owner, 'apiVersion')} {text(owner, 'kind')} {where}"
    return None


def _fact(pod: Plain, owner: str | None, way: Way) -> Plain:
    return {
        "pod": ref(pod),
        "namespace": text(pod, "metadata", "namespace"),
        "name": text(pod, "metadata", "name"),
        "node": text(pod, "spec", "nodeName"),
        "owner": owner,
        "kind": way.kind,
        "detail": way.detail,
        "container": way.container,
    }


def _order(fact: Plain) -> tuple[str, ...]:
    return fact["pod"], fact["kind"], fact["detail"], fact["container"]


def admin_claims(index: Index) -> list[Plain]:
    """The requests of ResourceClaims for administrative access; ``labelled`` is None when namespaces were not read."""
    labels = {text(one, "metadata", "name"): labels_of(one) for one in index.each("Namespace")}
    hidden = bool(index.omitted("Namespace"))
    found: list[Plain] = []
    for claim in index.each("ResourceClaim.resource.k8s.io", containing='"adminAccess":true'):
        namespace = text(claim, "metadata", "namespace")
        unknown = hidden and namespace not in labels
        labelled = None if unknown else labels.get(namespace, {}).get(_ADMIN_LABEL) == "true"
        found += [
            {
                "ref": ref(claim),
                "namespace": namespace,
                "request": text(request, "name"),
                "allocated": bool(maps(claim, "status", "allocation", "devices", "results")),
                "labelled": labelled,
            }
            for request in maps(claim, "spec", "devices", "requests")
            if field(request, "exactly", "adminAccess") is True or request.get("adminAccess") is True
        ]
    return sorted(found, key=lambda one: (one["ref"], one["request"]))


def shared_claims(index: Index, devices: Iterable[Plain]) -> list[Plain]:
    """Devices that more than one ResourceClaim holds, though they are not made to be shared."""
    known = {(one["driver"], one["pool"], one["name"]): one for one in devices}
    holders: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for claim in index.each("ResourceClaim.resource.k8s.io", containing='"results"'):
        for result in maps(claim, "status", "allocation", "devices", "results"):
            if result.get("adminAccess") is not True and not text(result, "shareID"):
                holders[text(result, "driver"), text(result, "pool"), text(result, "device")].add(ref(claim))
    return [
        {
            "driver": key[0],
            "pool": key[1],
            "device": key[2],
            "claims": sorted(claims),
            "accelerator": bool(known.get(key, {}).get("accelerator")),
        }
        for key, claims in sorted(holders.items())
        if len(claims) > 1 and not known.get(key, {}).get("shareable")
    ]
