"""What asks for accelerators: specifications of pods, and what a custom resource has made."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import field, maps, text
from aiconf.cluster.accelerators import count

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

# What a controller makes of its resource, nearest to the pods last.
_MADE = ("Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps", "Job.batch", "Pod")


class Demand:
    """Tells what asks for accelerators.

    Args:
        index: The snapshot.
        resources: Globs of the extended resources that are accelerators.
        drivers: The DRA drivers of accelerators; a claim by a DeviceClass of theirs is one for an accelerator.
    """

    def __init__(self, index: Index, resources: Iterable[str], drivers: Iterable[str]) -> None:
        from fnmatch import translate  # noqa: PLC0415 - compiled once

        self._index = index
        self._resources = re.compile("|".join(map(translate, resources)))
        self._drivers = frozenset(drivers)

    def of_owned(self, owner: Plain) -> bool | None:
        """Whether what an object owns asks for an accelerator; None when it owns nothing that is there."""
        uid, namespace = text(owner, "metadata", "uid"), text(owner, "metadata", "namespace")
        found = [self.of_spec(_pod_spec(one), namespace) for kind in _MADE for one in self._index.owned(kind, uid)]
        return any(found) if found else None

    def of_spec(self, spec: Any, namespace: str) -> bool:
        """Whether a pod's specification asks for an accelerator, as a resource or by a claim."""
        for container in (*maps(spec, "containers"), *maps(spec, "initContainers")):
            limits = field(container, "resources", "limits")
            if isinstance(limits, dict) and any(count(limits[key]) for key in limits if self._resources.match(key)):
                return True
        return any(self._is_claim_for_one(claim, namespace) for claim in maps(spec, "resourceClaims"))

    def _is_claim_for_one(self, claim: Plain, namespace: str) -> bool:
        template, name = text(claim, "resourceClaimTemplateName"), text(claim, "resourceClaimName")
        if template:
            found = self._index.find("ResourceClaimTemplate.resource.k8s.io", namespace, template)
            return self._asks_for_one(field(found, "spec", "spec"))
        found = self._index.find("ResourceClaim.resource.k8s.io", namespace, name)
        return self._asks_for_one(field(found, "spec"))

    def _asks_for_one(self, spec: Any) -> bool:
        requests = maps(spec, "devices", "requests")
        wanted = [*requests, *(field(one, "exactly") for one in requests)]
        wanted += [each for one in requests for each in maps(one, "firstAvailable")]
        return any(self._is_accelerator_class(text(one, "deviceClassName")) for one in wanted)

    def _is_accelerator_class(self, name: str) -> bool:
        if not name:
            return False
        if name in self._drivers:
            return True
        found = self._index.find("DeviceClass.resource.k8s.io", None, name)
        expressions = [text(selector, "cel", "expression") for selector in maps(found, "spec", "selectors")]
        return any(driver in expression for driver in self._drivers for expression in expressions)


def _pod_spec(one: Plain) -> Any:
    return field(one, "spec") if one.get("kind") == "Pod" else field(one, "spec", "template", "spec")
