"""What adds nodes, and what adds pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.apis import api_service, config_map, crd, event, hpa
from tests.clusters.parts import BEFORE, GPU, NOW, Plain, condition, thing

if TYPE_CHECKING:
    from tests.clusters.build import Builder


def karpenter_crds(b: Builder, group: str, kind: str) -> None:
    """Karpenter's definitions, and a provider's class of nodes."""
    b.define("karpenter.sh", scope="Cluster", NodePool="nodepools", NodeClaim="nodeclaims")
    b.define("karpenter.sh", versions=("v1alpha1",), scope="Cluster", NodeOverlay="nodeoverlays")
    b.add(crd(f"{kind.lower()}es.{group}", kind, ("v1beta1",) if "azure" in group else ("v1",), namespaced=False))


def node_pool(
    b: Builder,
    name: str,
    group: str,
    kind: str,
    requirements: list[Plain],
    instance: str,
    *,
    gpus: int,
    limit: int = 16,
) -> None:
    """A NodePool for GPUs that has launched the nodes with GPUs: its class of nodes, and a claim for each."""
    reference = {"group": group, "kind": kind, "name": name}
    wanted = [*requirements, {"key": "karpenter.sh/capacity-type", "operator": "In", "values": ["on-demand"]}]
    ready = [condition("ValidationSucceeded"), condition("Ready")]
    version = "v1beta1" if group == "karpenter.azure.com" else "v1"
    b.add(
        thing(f"{group}/{version}", kind, name, generation=1, spec={}, status={"conditions": ready}),
        thing(
            "karpenter.sh/v1",
            "NodePool",
            name,
            generation=1,
            spec={
                "limits": {GPU: str(limit)},
                "template": {
                    "spec": {
                        "nodeClassRef": reference,
                        "requirements": wanted,
                        "taints": [{"key": GPU, "value": "present", "effect": "NoSchedule"}],
                    }
                },
            },
            status={
                "resources": {GPU: str(gpus * len(b.gpus)), "nodes": str(len(b.gpus))},
                "conditions": [condition("NodeClassReady"), *ready],
            },
        ),
    )
    capacity = {"cpu": "48", "memory": "384Gi", "pods": "110", GPU: str(gpus)}
    for number, where in enumerate(b.gpus):
        node = b.cluster.get("Node", where)
        node["metadata"]["labels"] |= {"karpenter.sh/nodepool": name, "node.kubernetes.io/instance-type": instance}
        claim = thing(
            "karpenter.sh/v1",
            "NodeClaim",
            f"{name}-{'fw8zx' if number else 'k4t2p'}",
            labels={"karpenter.sh/nodepool": name},
            generation=1,
            spec={
                "nodeClassRef": reference,
                "requirements": wanted,
                "resources": {"requests": {GPU: "1", "cpu": "8"}},
            },
            status={
                "nodeName": where,
                "providerID": node["spec"]["providerID"],
                "capacity": capacity,
                "allocatable": capacity,
                "conditions": [condition(kind) for kind in ("Launched", "Registered", "Initialized", "Ready")],
            },
        )
        node["metadata"]["ownerReferences"] = [
            {
                "apiVersion": "karpenter.sh/v1",
                "kind": "NodeClaim",
                "name": claim["metadata"]["name"],
                "uid": claim["metadata"]["uid"],
                "blockOwnerDeletion": True,
            }
        ]
        b.add(claim)


def karpenter(b: Builder, instance: str, *, gpus: int) -> None:
    """Karpenter in the cluster, on AWS."""
    karpenter_crds(b, "karpenter.k8s.aws", "EC2NodeClass")
    b.deploy(
        "karpenter",
        "kube-system",
        "public.ecr.aws/karpenter/controller:1.14.1",
        nodes=b.home,
        port=8080,
        labels={"app.kubernetes.io/name": "karpenter"},
    )
    requirements = [
        {"key": "karpenter.k8s.aws/instance-gpu-manufacturer", "operator": "In", "values": ["nvidia"]},
        {"key": "karpenter.k8s.aws/instance-family", "operator": "In", "values": ["g6e", "p5"]},
    ]
    node_pool(b, "gpu", "karpenter.k8s.aws", "EC2NodeClass", requirements, instance, gpus=gpus)


def autoscaler_status(groups: list[tuple[str, int, int, int]], time: str = NOW) -> str:
    """What the Cluster Autoscaler writes: for each group its name, nodes, and bounds."""
    text = f"time: {time}\nautoscalerStatus: Running\nclusterWide:\n  health:\n    status: Healthy\n"
    text += f"    lastProbeTime: {time}\n    lastTransitionTime: {BEFORE}\n  scaleUp:\n    status: NoActivity\n"
    text += (
        f"    lastProbeTime: {time}\n  scaleDown:\n    status: NoCandidates\n    lastProbeTime: {time}\nnodeGroups:\n"
    )
    for name, target, low, high in groups:
        text += f"- name: {name}\n  health:\n    status: Healthy\n    lastProbeTime: {time}\n"
        text += f"    nodeCounts:\n      registered:\n        total: {target}\n        ready: {target}\n"
        text += f"    cloudProviderTarget: {target}\n    minSize: {low}\n    maxSize: {high}\n"
        text += f"  scaleUp:\n    status: NoActivity\n    lastProbeTime: {time}\n"
    return text


def cluster_autoscaler(
    b: Builder, groups: list[tuple[str, int, int, int]], *, provider: str = "", image: str = ""
) -> None:
    """The Cluster Autoscaler's report; the autoscaler itself, when it runs in the cluster and so has a provider."""
    b.space("kube-system")
    report = config_map("cluster-autoscaler-status", "kube-system", status=autoscaler_status(groups))
    b.add(report)
    if provider:
        b.deploy(
            "cluster-autoscaler",
            "kube-system",
            image or "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0",
            port=8085,
            labels={"app.kubernetes.io/name": "cluster-autoscaler"},
            part={"args": [f"--cloud-provider={provider}"]},
        )
    b.add(event("cluster-autoscaler-status.18a1", report, "ScaledUpGroup", "Scale-up: setting group size to 2"))


def prometheus_adapter(b: Builder, *metrics: str, space: str = "monitoring") -> None:
    """Prometheus Adapter, which serves custom metrics of pods."""
    b.deploy(
        "prometheus-adapter",
        space,
        "registry.k8s.io/prometheus-adapter/prometheus-adapter:v0.12.0",
        port=443,
        labels={"app.kubernetes.io/name": "prometheus-adapter"},
    )
    _serve_metrics(b, "custom.metrics.k8s.io", f"{space}/prometheus-adapter", metrics)


def stackdriver_adapter(b: Builder, *metrics: str) -> None:
    """Google's adapter, which serves what its managed collection has collected."""
    b.deploy(
        "custom-metrics-stackdriver-adapter",
        "custom-metrics",
        "gcr.io/gke-release/custom-metrics-stackdriver-adapter:v0.16.3-gke.2",
        port=443,
    )
    _serve_metrics(b, "custom.metrics.k8s.io", "custom-metrics/custom-metrics-stackdriver-adapter", metrics)


def _serve_metrics(b: Builder, group: str, behind: str, metrics: tuple[str, ...]) -> None:
    space, _, name = behind.partition("/")
    b.add(api_service(f"v1beta1.{group}", of=b.cluster.get("Service", name, space)))
    kind = "ExternalMetricValueList" if group.startswith("external") else "MetricValueList"
    prefix = "" if group.startswith("external") else "pods/"
    b.cluster.served += [(f"{group}/v1beta1", kind, prefix + metric, True) for metric in metrics]


def scaled_by(b: Builder, of: Plain, metric: str, *, kind: str = "Pods", name: str = "") -> Plain:
    """A HorizontalPodAutoscaler of a workload that has scaled it, and the event about that."""
    meta = of["metadata"]
    made = hpa(name or meta["name"], meta["namespace"], of=of, metric=metric, kind=kind)
    b.add(
        made,
        event(f"{made['metadata']['name']}.18a2", made, "SuccessfulRescale", f"New size: 2; {metric} above target"),
    )
    return made


def keda(b: Builder, of: Plain, query: str, server: str, *, home: str = "keda") -> None:
    """KEDA, and a workload that it scales by a query."""
    b.define("keda.sh", versions=("v1alpha1",), ScaledObject="scaledobjects", ScaledJob="scaledjobs")
    b.deploy("keda-operator", home, "ghcr.io/kedacore/keda:2.20.2")
    image = "ghcr.io/kedacore/keda-metrics-apiserver:2.20.2"
    b.deploy("keda-operator-metrics-apiserver", home, image, port=443)
    b.deploy("keda-admission-webhooks", home, "ghcr.io/kedacore/keda-admission-webhooks:2.20.2", port=443)
    b.hook("keda-admission", f"{home}/keda-admission-webhooks", "keda.sh", ["scaledobjects"])
    meta = of["metadata"]
    metric = "s0-prometheus"
    trigger = {"serverAddress": server, "query": query, "threshold": "5"}
    _serve_metrics(b, "external.metrics.k8s.io", f"{home}/keda-operator-metrics-apiserver", ("externalmetrics",))
    made = thing(
        "keda.sh/v1alpha1",
        "ScaledObject",
        meta["name"],
        meta["namespace"],
        generation=1,
        spec={
            "scaleTargetRef": {"apiVersion": of["apiVersion"], "kind": of["kind"], "name": meta["name"]},
            "minReplicaCount": 1,
            "maxReplicaCount": 4,
            "triggers": [{"type": "prometheus", "metadata": trigger}],
        },
        status={
            "hpaName": f"keda-hpa-{meta['name']}",
            "externalMetricNames": [metric],
            "lastActiveTime": NOW,
            "originalReplicaCount": 1,
            "scaleTargetKind": "apps/v1.Deployment",
            "conditions": [condition("Ready"), condition("Active"), condition("Fallback", False)],
        },
    )
    own = scaled_by(b, of, metric, kind="External", name=f"keda-hpa-{meta['name']}")
    own["metadata"]["ownerReferences"] = [
        {
            "apiVersion": "keda.sh/v1alpha1",
            "kind": "ScaledObject",
            "name": meta["name"],
            "uid": made["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]
    b.add(made)
