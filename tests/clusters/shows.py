"""What each cluster shows of each requirement, how strongly, by what, and which objects that rests on.

    SHOWS["eks"]["gang_scheduling"] == Shown("pass", "demonstrated", "Kueue", (the objects without which it is no pass))

`proof` is the least that has to be found. Ids that a minor's checklist does not have are left out, and so are those of
which nothing is expected.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class Shown(NamedTuple):
    """What a cluster shows of a requirement.

    Attributes:
        result: pass, inconclusive or not_applicable.
        proof: none, installed, operational or demonstrated.
        by: The product that does it.
        relies: The objects that a pass rests on, as `edits.named` names them.
    """

    result: str = "pass"
    proof: str = "operational"
    by: str = ""
    relies: tuple[str, ...] = ()


DEMONSTRATED, OPERATIONAL = "demonstrated", "operational"
NOTHING = Shown("inconclusive", "none", "nothing of it in the cluster")
NO_AUTOSCALER = Shown("not_applicable", "none", "no autoscaler of nodes")

_GATEWAY = "Gateway.gateway.networking.k8s.io inference/inference-gateway"
_CLASS = "GatewayClass.gateway.networking.k8s.io"
_HPA = "HorizontalPodAutoscaler.autoscaling inference"
_CUSTOM = (
    "APIService.apiregistration.k8s.io v1beta1.custom.metrics.k8s.io",
    "Deployment.apps monitoring/prometheus-adapter",
)
_DCGM = "DaemonSet.apps gpu-operator/nvidia-dcgm-exporter"
_PROMETHEUS = "Prometheus.monitoring.coreos.com monitoring/kube-prometheus-stack-prometheus"
_POOL = "InferencePool.inference.networking.k8s.io inference"
_HOOKS = "ValidatingWebhookConfiguration.admissionregistration.k8s.io"

KUEUE = Shown(
    proof=DEMONSTRATED,
    by="Kueue",
    relies=(
        "Deployment.apps kueue-system/kueue-controller-manager",
        "ClusterQueue.kueue.x-k8s.io accelerators",
        "ConfigMap kueue-system/kueue-manager-config",
    ),
)
VOLCANO = Shown(
    proof=DEMONSTRATED,
    by="Volcano",
    relies=(
        "Deployment.apps volcano-system/volcano-scheduler",
        "Deployment.apps volcano-system/volcano-controllers",
        "ConfigMap volcano-system/volcano-scheduler-configmap",
    ),
)
KAI = Shown(
    proof=DEMONSTRATED,
    by="KAI Scheduler",
    relies=tuple(
        f"Deployment.apps kai-scheduler/{name}" for name in ("kai-scheduler-default", "binder", "pod-grouper")
    ),
)
COSCHEDULING = Shown(
    proof=DEMONSTRATED,
    by="coscheduling",
    relies=(
        "Deployment.apps scheduler-plugins/scheduler-plugins-scheduler",
        "ConfigMap scheduler-plugins/scheduler-config",
    ),
)
ENVOY = Shown(
    proof=DEMONSTRATED,
    by="Envoy Gateway",
    relies=(f"{_CLASS} eg", _GATEWAY, "Deployment.apps envoy-gateway-system/envoy-gateway"),
)
KGATEWAY = Shown(
    proof=DEMONSTRATED,
    by="kgateway",
    relies=(f"{_CLASS} kgateway", _GATEWAY, "Deployment.apps kgateway-system/kgateway"),
)
ISTIO = Shown(
    proof=DEMONSTRATED, by="Istio", relies=(f"{_CLASS} istio", _GATEWAY, "Deployment.apps istio-system/istiod")
)
GOOGLE = Shown(proof=DEMONSTRATED, by="GKE Gateway", relies=(f"{_CLASS} gke-l7-regional-external-managed", _GATEWAY))
OPENSHIFT_GATEWAY = Shown(proof=DEMONSTRATED, by="OpenShift's Istio", relies=(f"{_CLASS} openshift-default", _GATEWAY))
CILIUM = Shown(
    proof=DEMONSTRATED, by="Cilium", relies=(f"{_CLASS} cilium", _GATEWAY, "DaemonSet.apps kube-system/cilium")
)
TRAEFIK = Shown(
    proof=DEMONSTRATED, by="Traefik", relies=(f"{_CLASS} traefik", _GATEWAY, "Deployment.apps traefik/traefik")
)
DRIVERS = Shown(by="node labels of GPU Feature Discovery")
DRA_DRIVERS = Shown(by="attributes of devices")
ISOLATION = Shown(proof=DEMONSTRATED, by="the programme's test")
SANDBOX = Shown(by="a RuntimeClass and a pod that runs with it")
SLICED = Shown(by="time slicing")
LLM_D = Shown(by="llm-d")
KUBERAY = Shown(
    by="KubeRay",
    relies=(
        "Deployment.apps ray-system/kuberay-operator",
        f"{_HOOKS} validating-webhook-configuration",
        "RayCluster.ray.io team-search/embeddings",
    ),
)
TRAINER = Shown(
    by="Kubeflow Trainer",
    relies=(
        "Deployment.apps kubeflow-system/kubeflow-trainer-controller-manager",
        "TrainJob.trainer.kubeflow.org team-nlp/bert-tune",
    ),
)
AUTOSCALER = Shown(
    by="Cluster Autoscaler",
    relies=("Deployment.apps kube-system/cluster-autoscaler", "ConfigMap kube-system/cluster-autoscaler-status"),
)


def _pool(name: str) -> Shown:
    return Shown(by="an InferencePool", relies=(f"{_POOL}/{name}", f"Deployment.apps inference/{name}-epp", _GATEWAY))


def _kserve(name: str) -> Shown:
    return Shown(
        by="KServe",
        relies=(
            "Deployment.apps kserve/kserve-controller-manager",
            f"InferenceService.serving.kserve.io inference/{name}",
        ),
    )


def _scaled(name: str) -> Shown:
    return Shown(proof=DEMONSTRATED, by="Prometheus Adapter", relies=(*_CUSTOM, f"{_HPA}/{name}"))


def _by_keda(name: str, home: str) -> Shown:
    api = "APIService.apiregistration.k8s.io v1beta1.external.metrics.k8s.io"
    server = f"Deployment.apps {home}/keda-operator-metrics-apiserver"
    return Shown(proof=DEMONSTRATED, by="KEDA", relies=(api, server, f"{_HPA}/keda-hpa-{name}"))


_METRICS = Shown(by="Prometheus", relies=(_PROMETHEUS,))
_POOL_LLAMA = _pool("llama-3-8b")

SHOWS: Mapping[str, Mapping[str, Shown]] = {
    "eks": {
        "driver_runtime_management": DRIVERS,
        "gpu_sharing": SLICED,
        "virtualized_accelerator": NOTHING,
        "ai_inference": ENVOY,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(
            by="EFA", relies=("DaemonSet.apps kube-system/aws-efa-k8s-device-plugin",)
        ),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": Shown(
            proof=DEMONSTRATED,
            by="Karpenter",
            relies=("Deployment.apps kube-system/karpenter", "NodePool.karpenter.sh gpu"),
        ),
        "pod_autoscaling": _scaled("chat-stable"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=(_DCGM,)),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "robust_controller": KUBERAY,
    },
    "gke": {
        "driver_runtime_management": DRA_DRIVERS,
        "gpu_sharing": Shown(by="time-sharing"),
        "virtualized_accelerator": NOTHING,
        "ai_inference": GOOGLE,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(by="DRANET", relies=("DaemonSet.apps kube-system/dranet",)),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": Shown(
            by="node auto-provisioning", relies=("ConfigMap kube-system/cluster-autoscaler-status",)
        ),
        "pod_autoscaling": Shown(
            proof=DEMONSTRATED,
            by="Stackdriver adapter",
            relies=(
                _CUSTOM[0],
                "Deployment.apps custom-metrics/custom-metrics-stackdriver-adapter",
                f"{_HPA}/gemma-3-4b-a",
            ),
        ),
        "accelerator_metrics": Shown(
            by="managed DCGM exporter", relies=("DaemonSet.apps gke-managed-system/dcgm-exporter",)
        ),
        "ai_service_metrics": Shown(
            by="Managed Service for Prometheus", relies=("DaemonSet.apps gke-gmp-system/collector",)
        ),
        "secure_accelerator_access": ISOLATION,
        "workload_sandboxing": SANDBOX,
        "robust_controller": _kserve("gemma-3-4b-a"),
    },
    "aks": {
        "driver_runtime_management": DRIVERS,
        "gpu_sharing": SLICED,
        "virtualized_accelerator": Shown(by="vGPU"),
        "ai_inference": ISTIO,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(by="DRANET", relies=("DaemonSet.apps kube-system/dranet",)),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": Shown(
            proof=DEMONSTRATED, by="node auto-provisioning", relies=("NodePool.karpenter.sh gpu",)
        ),
        "pod_autoscaling": _by_keda("phi-4-mini-v1", "kube-system"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=(_DCGM,)),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "workload_sandboxing": SANDBOX,
        "robust_controller": Shown(
            by="KAITO",
            relies=(
                "Deployment.apps kaito-workspace/kaito-workspace",
                f"{_HOOKS} validation.workspace.kaito.sh",
                "Workspace.kaito.sh inference/phi-4-mini-v1",
            ),
        ),
    },
    "openshift": {
        "dra_support": Shown(by="the API"),
        "driver_runtime_management": DRIVERS,
        "gpu_sharing": SLICED,
        "virtualized_accelerator": NOTHING,
        "ai_inference": OPENSHIFT_GATEWAY,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": Shown(
            by="OpenShift's autoscaler",
            relies=(
                "ClusterAutoscaler.autoscaling.openshift.io default",
                "MachineAutoscaler.autoscaling.openshift.io openshift-machine-api/gpu",
                "Deployment.apps openshift-machine-api/cluster-autoscaler-default",
            ),
        ),
        "pod_autoscaling": _by_keda("granite-3-8b-v1", "openshift-keda"),
        "accelerator_metrics": Shown(
            by="DCGM exporter", relies=("DaemonSet.apps nvidia-gpu-operator/nvidia-dcgm-exporter",)
        ),
        "ai_service_metrics": Shown(
            by="Prometheus", relies=("Prometheus.monitoring.coreos.com openshift-monitoring/k8s",)
        ),
        "secure_accelerator_access": ISOLATION,
        "robust_controller": _kserve("granite-3-8b-v1"),
    },
    "onprem": {
        "driver_runtime_management": DRIVERS,
        "gpu_sharing": SLICED,
        "virtualized_accelerator": Shown(by="vGPU"),
        "ai_inference": KGATEWAY,
        "advanced_inference_ingress": _pool("qwen3-8b"),
        "high_performance_networking": Shown(
            by="Network Operator",
            relies=(
                "NicClusterPolicy.mellanox.com nic-cluster-policy",
                "DaemonSet.apps nvidia-network-operator/kube-multus-ds",
            ),
        ),
        "disaggregated_inference": Shown(by="Dynamo"),
        "gang_scheduling": VOLCANO,
        "cluster_autoscaling": NO_AUTOSCALER,
        "pod_autoscaling": _scaled("assist-blue"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=(_DCGM,)),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "workload_sandboxing": SANDBOX,
        "robust_controller": TRAINER,
    },
    "dra_only": {
        "driver_runtime_management": DRA_DRIVERS,
        "gpu_sharing": Shown(by="partitions by DRA"),
        "virtualized_accelerator": Shown(by="VFIO devices by DRA"),
        "ai_inference": CILIUM,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(by="DRANET", relies=("DaemonSet.apps kube-system/dranet",)),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": AUTOSCALER,
        "pod_autoscaling": _scaled("olmo-2-7b-a"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=("DaemonSet.apps gpu-monitoring/dcgm-exporter",)),
        "ai_service_metrics": Shown(
            by="VictoriaMetrics", relies=("VMAgent.operator.victoriametrics.com monitoring/main",)
        ),
        "secure_accelerator_access": ISOLATION,
        "robust_controller": TRAINER,
    },
    "device_plugin_only": {
        "dra_support": Shown(by="the API"),
        "ai_inference": TRAEFIK,
        "gang_scheduling": COSCHEDULING,
        "cluster_autoscaling": AUTOSCALER,
        "pod_autoscaling": _scaled("falcon-3-7b-a"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=("DaemonSet.apps gpu-monitoring/dcgm-exporter",)),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "robust_controller": _kserve("falcon-3-7b-a"),
    },
    "amd": {
        "driver_runtime_management": Shown(by="AMD GPU Operator", relies=("DeviceConfig.amd.com kube-amd-gpu/mi300x",)),
        "gpu_sharing": Shown(by="partitions"),
        "virtualized_accelerator": NOTHING,
        "ai_inference": ENVOY,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(by="DRANET", relies=("DaemonSet.apps kube-system/dranet",)),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KUEUE,
        "cluster_autoscaling": AUTOSCALER,
        "pod_autoscaling": _scaled("qwen3-14b-a"),
        "accelerator_metrics": Shown(
            by="Device Metrics Exporter", relies=("DaemonSet.apps kube-amd-gpu/mi300x-metrics-exporter",)
        ),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "robust_controller": KUBERAY,
    },
    "kai": {
        "driver_runtime_management": DRIVERS,
        "gpu_sharing": SLICED,
        "virtualized_accelerator": NOTHING,
        "ai_inference": KGATEWAY,
        "advanced_inference_ingress": _POOL_LLAMA,
        "high_performance_networking": Shown(by="DRANET", relies=("DaemonSet.apps kube-system/dranet",)),
        "disaggregated_inference": LLM_D,
        "gang_scheduling": KAI,
        "cluster_autoscaling": AUTOSCALER,
        "pod_autoscaling": _scaled("command-r-7b-a"),
        "accelerator_metrics": Shown(by="DCGM exporter", relies=(_DCGM,)),
        "ai_service_metrics": _METRICS,
        "secure_accelerator_access": ISOLATION,
        "workload_sandboxing": SANDBOX,
        "robust_controller": _kserve("command-r-7b-a"),
    },
}


def table() -> str:
    """The same as a table in Markdown: a row for each requirement, a column for each cluster."""
    ids = dict.fromkeys(id_ for shown in SHOWS.values() for id_ in shown)
    lines = [f"| | {' | '.join(SHOWS)} |", f"|---|{'---|' * len(SHOWS)}"]
    for id_ in ids:
        cells = [_cell(shown.get(id_)) for shown in SHOWS.values()]
        lines.append(f"| {id_} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def _cell(shown: Shown | None) -> str:
    if shown is None:
        return "-"
    return shown.by if shown.result == "pass" else f"*{shown.result}*: {shown.by}"
