"""A whole cluster."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace

import msgspec

from tests.clusters.parts import NOW, Plain

_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
# group/version, kind, resource, namespaced: what every API server serves of what is read.
BUILT_IN = (
    ("v1", "ConfigMap", "configmaps", True),
    ("v1", "Event", "events", True),
    ("v1", "Namespace", "namespaces", False),
    ("v1", "Node", "nodes", False),
    ("v1", "Pod", "pods", True),
    ("v1", "Secret", "secrets", True),
    ("v1", "Service", "services", True),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations", False),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", False),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations", False),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", False),
    ("apiregistration.k8s.io/v1", "APIService", "apiservices", False),
    ("apps/v1", "DaemonSet", "daemonsets", True),
    ("apps/v1", "Deployment", "deployments", True),
    ("apps/v1", "ReplicaSet", "replicasets", True),
    ("apps/v1", "StatefulSet", "statefulsets", True),
    ("autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True),
    ("autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", True),
    ("batch/v1", "Job", "jobs", True),
    ("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", True),
    ("node.k8s.io/v1", "RuntimeClass", "runtimeclasses", False),
)
# Generally available, and served by default, from 1.34 on.
DRA = (
    ("resource.k8s.io/v1", "DeviceClass", "deviceclasses", False),
    ("resource.k8s.io/v1", "ResourceClaim", "resourceclaims", True),
    ("resource.k8s.io/v1", "ResourceClaimTemplate", "resourceclaimtemplates", True),
    ("resource.k8s.io/v1", "ResourceSlice", "resourceslices", False),
)
DRA_FROM = 34


def key_of(one: Plain) -> str:
    """`Kind.group` of an object, `Kind` in the core group."""
    group = one["apiVersion"].rpartition("/")[0]
    return f"{one['kind']}.{group}" if group else str(one["kind"])


@dataclass
class Cluster:
    """A cluster: its objects, and what its API server says.

    Attributes:
        version: The API server's version.
        objects: All of its objects.
        metrics: What pods expose: (namespace, pod, port, path) to text.
        served: Further APIs: (group/version, kind, resource, namespaced), such as metrics of an adapter.
        results: Imported outcomes of tests.
        unserved: Groups of built-in APIs that are switched off.
    """

    version: str = "v1.37.1"
    objects: list[Plain] = field(default_factory=list)
    metrics: dict[tuple[str, str, int, str], str] = field(default_factory=dict)
    served: list[tuple[str, str, str, bool]] = field(default_factory=list)
    results: list[Plain] = field(default_factory=list)
    unserved: set[str] = field(default_factory=set)

    def add(self, *objects: Plain) -> Cluster:
        """Add objects."""
        self.objects += objects
        return self

    def get(self, key: str, name: str, namespace: str | None = None) -> Plain:
        """The object itself, to look at or to break: by `Kind.group`, name and namespace.

        Raises:
            KeyError: There is none.
        """
        for one in self.objects:
            meta = one["metadata"]
            if key_of(one) == key and meta["name"] == name and meta.get("namespace") == namespace:
                return one
        raise KeyError((key, name, namespace))

    def remove(self, key: str, name: str, namespace: str | None = None) -> Plain:
        """Take an object out, and give it."""
        found = self.get(key, name, namespace)
        self.objects.remove(found)
        return found

    def copy(self) -> Cluster:
        """An independent copy, to break."""
        objects = msgspec.json.decode(msgspec.json.encode(self.objects))  # ten times as fast as deepcopy
        return replace(
            self,
            objects=objects,
            metrics=dict(self.metrics),
            served=list(self.served),
            results=deepcopy(self.results),
            unserved=set(self.unserved),
        )

    @property
    def minor(self) -> int:
        """The minor version."""
        return int(self.version.split(".")[1])

    def apis(self) -> list[Plain]:
        """What the API server serves: the built-in kinds, those of the CRDs, and `served`."""
        rows = [*BUILT_IN, *(DRA if self.minor >= DRA_FROM else ()), *self._custom(), *self.served]
        return [
            {
                "group": api.rpartition("/")[0],
                "version": api.rpartition("/")[2],
                "kind": kind,
                "resource": resource,
                "namespaced": namespaced,
                "verbs": ["get"] if "/" in resource else list(_VERBS),
            }
            for api, kind, resource, namespaced in rows
            if api.rpartition("/")[0] not in self.unserved
        ]

    def _custom(self) -> list[tuple[str, str, str, bool]]:
        return [
            (
                f"{spec['group']}/{version['name']}",
                spec["names"]["kind"],
                spec["names"]["plural"],
                spec["scope"] == "Namespaced",
            )
            for spec in (one["spec"] for one in self.objects if one["kind"] == "CustomResourceDefinition")
            for version in spec["versions"]
            if version["served"]
        ]

    def server(self) -> Plain:
        """What `/version` answers."""
        return {"major": "1", "minor": str(self.minor), "gitVersion": self.version}

    def snapshot(self, *, results: list[Plain] | None = None, omissions: list[Plain] | None = None) -> Plain:
        """The cluster as a snapshot document, untrimmed; reading it trims it."""
        sources = [
            {"source": {"kind": "Pod", "namespace": space, "name": name, "port": port, "path": path}, "text": text}
            for (space, name, port, path), text in self.metrics.items()
        ]
        return {
            "format": "aiconf/snapshot/v1",
            "metadata": {"collectedAt": NOW, "collector": "tests", "complete": not omissions, "namespaces": None},
            "server": self.server(),
            "apis": self.apis(),
            "objects": deepcopy(self.objects),
            "metrics": sources,
            "results": deepcopy(self.results) if results is None else results,
            "omissions": omissions or [],
        }
