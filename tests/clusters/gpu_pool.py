"""A cluster with a pool of two NVIDIA nodes, of which each offers its two cards by device plugin and by DRA.

It is small, for the examples in policies to edit. `python -m tests.clusters.gpu_pool` writes its snapshot.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.clusters import (
    Cluster,
    container,
    crd,
    daemon_set,
    deployment,
    device_class,
    namespace,
    node,
    pod,
    pods_of,
    resource_claim,
    resource_slice,
    runtime_class,
    thing,
    uid,
)

if TYPE_CHECKING:
    from tests.clusters.parts import Plain

FIXTURE = Path(__file__).parents[2] / "fixtures" / "snapshots" / "gpu-pool.json"
NODES = ("gpu-1", "gpu-2")
CARDS = 2
OPERATOR = "gpu-operator"
LABELS = {
    "nvidia.com/gpu.present": "true",
    "nvidia.com/gpu.count": str(CARDS),
    "nvidia.com/gpu.replicas": "1",
    "nvidia.com/gpu.product": "NVIDIA-L40S",
    "nvidia.com/gpu.sharing-strategy": "none",
    "nvidia.com/mig.capable": "false",
    "nvidia.com/mig.strategy": "single",
    "nvidia.com/vgpu.present": "false",
    "nvidia.com/cuda.driver-version.full": "580.126.09",
    "nvidia.com/cuda.runtime-version.full": "13.0",
    "nvidia.com/gpu-driver-upgrade-state": "upgrade-done",
}
FAMILIES = {
    "DCGM_FI_DEV_GPU_UTIL": 37,
    "DCGM_FI_DEV_FB_USED": 20480,
    "DCGM_FI_DEV_FB_FREE": 25600,
    "DCGM_FI_DEV_GPU_TEMP": 51,
    "DCGM_FI_DEV_POWER_USAGE": 143.2,
    "DCGM_FI_PROF_PCIE_RX_BYTES": 81920,
}


def gpu_pool() -> Cluster:
    """The cluster, all of it healthy."""
    cluster = Cluster()
    cluster.add(namespace(OPERATOR), namespace("train"), node("cpu-1"))
    cluster.add(*(node(name, gpus=CARDS, labels=LABELS) for name in NODES))
    cluster.add(node("control-1", labels={"node-role.kubernetes.io/control-plane": ""}))
    _operator(cluster)
    _driver(cluster)
    training = pod("train-0", "train", node="gpu-1", containers=[container("train")])
    cluster.add(training, resource_claim("train-0", "train", pool="gpu-1", reserved_for=training))
    return cluster


def _operator(cluster: Cluster) -> None:
    cluster.add(crd("clusterpolicies.nvidia.com", namespaced=False), runtime_class("nvidia"))
    cluster.add(
        thing(
            "nvidia.com/v1",
            "ClusterPolicy",
            "cluster-policy",
            spec={"cdi": {"enabled": False}, "driver": {"enabled": True}, "mig": {"strategy": "single"}},
            status={"state": "ready"},
        )
    )
    operator = deployment("gpu-operator", OPERATOR, image="nvcr.io/nvidia/gpu-operator:v26.3.1")
    cluster.add(operator, *pods_of(operator, ["cpu-1"]))
    for name, image in (
        ("nvidia-driver-daemonset", "nvcr.io/nvidia/driver:580.126.09-ubuntu24.04"),
        ("nvidia-container-toolkit-daemonset", "nvcr.io/nvidia/k8s/container-toolkit:v1.18.1"),
        ("nvidia-device-plugin-daemonset", "nvcr.io/nvidia/k8s-device-plugin:v0.18.1"),
        ("gpu-feature-discovery", "nvcr.io/nvidia/k8s-device-plugin:v0.18.1"),
    ):
        privileged = container(name, image, securityContext={"privileged": True})
        agent = daemon_set(name, OPERATOR, desired=len(NODES), containers=[privileged])
        cluster.add(agent, *pods_of(agent, list(NODES)))
    image = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless"
    exporter = daemon_set("nvidia-dcgm-exporter", OPERATOR, desired=len(NODES), image=image)
    pods = pods_of(exporter, list(NODES))
    cluster.add(exporter, *pods)
    for one in pods:
        cluster.metrics[OPERATOR, one["metadata"]["name"], 9400, "/metrics"] = metrics(one["spec"]["nodeName"])


def _driver(cluster: Cluster) -> None:
    image = "registry.k8s.io/dra-driver-nvidia/dra-driver-nvidia-gpu:v25.12.0"
    plugin = daemon_set("nvidia-dra-driver-gpu-kubelet-plugin", "nvidia-dra", desired=len(NODES), image=image)
    cluster.add(namespace("nvidia-dra"), plugin, *pods_of(plugin, list(NODES)))
    cluster.add(device_class("gpu.nvidia.com"))
    cluster.add(*(resource_slice(name, devices=CARDS) for name in NODES))


def metrics(where: str, cards: int = CARDS) -> str:
    """What the exporter of a node serves."""
    lines: list[str] = []
    for family, value in FAMILIES.items():
        lines += [f"# HELP {family} As the library says.", f"# TYPE {family} gauge"]
        lines += [f"{family}{{{_labels(where, card)}}} {value}" for card in range(cards)]
    return "\n".join(lines) + "\n"


def _labels(where: str, card: int) -> str:
    labels: Plain = {
        "gpu": str(card),
        "UUID": f"GPU-{uid(where, card)}",
        "device": f"nvidia{card}",
        "modelName": "NVIDIA L40S",
        "Hostname": where,
    }
    return ",".join(f'{name}="{value}"' for name, value in labels.items())


if __name__ == "__main__":
    from tests.clusters.catalog import snapshot_text  # it imports all clusters, which the builders do not need

    FIXTURE.write_bytes(snapshot_text(gpu_pool()))
