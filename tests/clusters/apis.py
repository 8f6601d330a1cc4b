"""Definitions, aggregated APIs, webhooks, and what is scaled by metrics."""

from __future__ import annotations

from tests.clusters.parts import NOW, Plain, condition, thing

# resource.group -> kind, where the kind is not simply the singular of the resource with a capital letter.
KINDS = {
    "gatewayclasses.gateway.networking.k8s.io": "GatewayClass",
    "gateways.gateway.networking.k8s.io": "Gateway",
    "httproutes.gateway.networking.k8s.io": "HTTPRoute",
    "grpcroutes.gateway.networking.k8s.io": "GRPCRoute",
    "referencegrants.gateway.networking.k8s.io": "ReferenceGrant",
    "inferencepools.inference.networking.k8s.io": "InferencePool",
    "clusterqueues.kueue.x-k8s.io": "ClusterQueue",
    "localqueues.kueue.x-k8s.io": "LocalQueue",
    "resourceflavors.kueue.x-k8s.io": "ResourceFlavor",
    "podgroups.scheduling.volcano.sh": "PodGroup",
    "podgroups.scheduling.run.ai": "PodGroup",
    "rayclusters.ray.io": "RayCluster",
    "rayjobs.ray.io": "RayJob",
    "rayservices.ray.io": "RayService",
    "trainjobs.trainer.kubeflow.org": "TrainJob",
    "inferenceservices.serving.kserve.io": "InferenceService",
    "nodepools.karpenter.sh": "NodePool",
    "nodeclaims.karpenter.sh": "NodeClaim",
    "scaledobjects.keda.sh": "ScaledObject",
    "clusterpolicies.nvidia.com": "ClusterPolicy",
    "prometheuses.monitoring.coreos.com": "Prometheus",
    "servicemonitors.monitoring.coreos.com": "ServiceMonitor",
    "podmonitors.monitoring.coreos.com": "PodMonitor",
    "nimservices.apps.nvidia.com": "NIMService",
}


def crd(
    name: str,
    kind: str = "",
    versions: tuple[str, ...] = ("v1",),
    *,
    namespaced: bool = True,
    established: bool = True,
    status: bool = True,
    annotations: Plain | None = None,
) -> Plain:
    """A CustomResourceDefinition by its full name (`rayclusters.ray.io`), its first version the stored one."""
    plural, _, group = name.partition(".")
    kind = kind or KINDS.get(name) or plural.removesuffix("s").capitalize()
    schema = {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": True}}
    return thing(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        name,
        annotations=annotations,
        generation=1,
        spec={
            "group": group,
            "names": {"kind": kind, "plural": plural, "singular": kind.lower(), "listKind": f"{kind}List"},
            "scope": "Namespaced" if namespaced else "Cluster",
            "versions": [
                {
                    "name": version,
                    "served": True,
                    "storage": not number,
                    "schema": schema,
                    **({"subresources": {"status": {}}} if status else {}),
                }
                for number, version in enumerate(versions)
            ],
        },
        status={
            "acceptedNames": {"kind": kind, "plural": plural},
            "storedVersions": [versions[0]],
            "conditions": [condition("NamesAccepted"), condition("Established", established)],
        },
    )


def api_service(name: str, *, of: Plain | None = None, available: bool = True, reason: str = "Passed") -> Plain:
    """An APIService by its full name (`v1beta1.custom.metrics.k8s.io`), of a Service or the API server itself."""
    version, _, group = name.partition(".")
    behind = {"namespace": of["metadata"]["namespace"], "name": of["metadata"]["name"], "port": 443} if of else None
    spec: Plain = {"group": group, "version": version, "groupPriorityMinimum": 100, "versionPriority": 100}
    return thing(
        "apiregistration.k8s.io/v1",
        "APIService",
        name,
        spec=spec | ({"service": behind} if behind else {}),
        status={"conditions": [condition("Available", available, reason)]},
    )


def webhooks(
    name: str,
    of: Plain,
    group: str,
    resources: list[str],
    *,
    mutating: bool = False,
    policy: str = "Fail",
    bundle: str = "Q0E=",
) -> Plain:
    """A webhook configuration that calls a Service for resources of a group."""
    meta = of["metadata"]
    hook = {
        "name": f"v{resources[0]}.kb.io",
        "admissionReviewVersions": ["v1"],
        "clientConfig": {
            "caBundle": bundle,
            "service": {"namespace": meta["namespace"], "name": meta["name"], "path": "/validate", "port": 443},
        },
        "failurePolicy": policy,
        "matchPolicy": "Equivalent",
        "sideEffects": "None",
        "timeoutSeconds": 10,
        "namespaceSelector": {},
        "objectSelector": {},
        "rules": [
            {
                "apiGroups": [group],
                "apiVersions": ["*"],
                "operations": ["CREATE", "UPDATE"],
                "resources": resources,
                "scope": "*",
            }
        ],
    }
    kind = "MutatingWebhookConfiguration" if mutating else "ValidatingWebhookConfiguration"
    return thing("admissionregistration.k8s.io/v1", kind, name, webhooks=[hook])


def hpa(
    name: str,
    namespace: str = "default",
    *,
    of: Plain,
    metric: str = "DCGM_FI_DEV_GPU_UTIL",
    kind: str = "Pods",
    active: bool = True,
) -> Plain:
    """A HorizontalPodAutoscaler on a metric of the kinds Pods, External or Resource, that has scaled."""
    target = {"type": "AverageValue", "averageValue": "50"}
    wanted: Plain = {"metric": {"name": metric}, "target": target}
    seen: Plain = {"metric": {"name": metric}, "current": {"averageValue": "40"}}
    if kind == "Resource":
        wanted = {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 50}}
        seen = {"name": "cpu", "current": {"averageValue": "100m", "averageUtilization": 40}}
    reason = "ValidMetricFound" if active else "FailedGetPodsMetric"
    return thing(
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        name,
        namespace,
        spec={
            "scaleTargetRef": {"apiVersion": of["apiVersion"], "kind": of["kind"], "name": of["metadata"]["name"]},
            "minReplicas": 1,
            "maxReplicas": 4,
            "metrics": [{"type": kind, kind.lower(): wanted}],
        },
        status={
            "currentReplicas": 2,
            "desiredReplicas": 2,
            "lastScaleTime": NOW,
            "currentMetrics": [{"type": kind, kind.lower(): seen}] if active else [],
            "conditions": [
                condition("AbleToScale", reason="ReadyForNewScale"),
                condition("ScalingActive", active, reason),
                condition("ScalingLimited", False, "DesiredWithinRange"),
            ],
        },
    )


def config_map(name: str, namespace: str = "default", **data: str) -> Plain:
    """A ConfigMap; keys that are no keywords go in by `**{"key.yaml": ...}`."""
    return thing("v1", "ConfigMap", name, namespace, data=data)


def mounting(name: str) -> list[Plain]:
    """The volumes of a pod that mounts a ConfigMap."""
    return [{"name": "config", "configMap": {"name": name}}]


def event(name: str, of: Plain, reason: str, message: str = "", *, kind: str = "Normal", component: str = "") -> Plain:
    """An Event about an object."""
    meta = of["metadata"]
    about = {"apiVersion": of["apiVersion"], "kind": of["kind"], "name": meta["name"], "uid": meta["uid"]}
    return thing(
        "v1",
        "Event",
        name,
        meta.get("namespace", "default"),
        involvedObject=about | ({"namespace": meta["namespace"]} if "namespace" in meta else {}),
        reason=reason,
        message=message,
        type=kind,
        count=1,
        firstTimestamp=NOW,
        lastTimestamp=NOW,
        source={"component": component},
    )
