"""AMD: nodes, GPU Operator and what it runs, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clusters.nodes import device_class, node, resource_slice
from tests.clusters.parts import Plain, condition, thing, uid

if TYPE_CHECKING:
    from tests.clusters.build import Builder

AMD, PARTITION = "amd.com/gpu", "amd.com/cpx_nps4"
SPACE = "kube-amd-gpu"
DRIVER = "6.14.14"
_PRIVILEGED = {"securityContext": {"privileged": True}}
_DEVICES = [{"name": "dev", "hostPath": {"path": "/dev"}}, {"name": "sys", "hostPath": {"path": "/sys"}}]


def amd_node(name: str, version: str, *, gpus: int, parts: int = 0, **more: Any) -> Plain:
    """A node with whole GPUs, and `parts` partitions of further ones."""
    labels = {
        "feature.node.kubernetes.io/amd-gpu": "true",
        "amd.com/gpu.product-name": "AMD_Instinct_MI300X_OAM",
        "amd.com/gpu.device-id": "74a1",
        "amd.com/gpu.family": "AI",
        "amd.com/gpu.vram": "192G",
        "amd.com/gpu.driver-version": DRIVER,
    }
    if parts:
        labels["amd.com/compute-memory-partition"] = "CPX_NPS4"
    made = node(name, gpus=gpus, resource=AMD, labels=labels, version=version, **more)
    if parts:
        for key in ("allocatable", "capacity"):
            made["status"][key][PARTITION] = str(parts)
    return made


def amd_gpu_operator(b: Builder, devices: dict[str, int]) -> Plain:
    """The GPU Operator with driver, plugin, labeller and exporter; the exporter.

    Args:
        b: The cluster.
        devices: How many GPUs each node has.
    """
    home = b.space(SPACE, enforce="privileged")
    b.define(
        "amd.com",
        versions=("v1alpha1",),
        DeviceConfig="deviceconfigs",
        RemediationWorkflowStatus="remediationworkflowstatuses",
    )
    b.define("kmm.sigs.x-k8s.io", versions=("v1beta1",), Module="modules")
    b.deploy("amd-gpu-operator-gpu-operator-charts-controller-manager", home, "docker.io/rocm/gpu-operator:v1.5.1")
    b.deploy("amd-gpu-operator-kmm-controller", home, "docker.io/rocm/kernel-module-management-operator:v1.5.1")
    for name, image in (
        ("mi300x-device-plugin", "docker.io/rocm/k8s-device-plugin:1.31.0.8"),
        ("mi300x-node-labeller", "docker.io/rocm/k8s-device-plugin:labeller-1.31.0.8"),
    ):
        b.daemons(name, home, image, b.gpus, part=_PRIVILEGED, volumes=_DEVICES)
    exporter = b.daemons(
        "mi300x-metrics-exporter",
        home,
        "docker.io/rocm/device-metrics-exporter:v1.5.1",
        b.gpus,
        port=5000,
        port_name="metrics",
        part=_PRIVILEGED,
        volumes=_DEVICES,
    )
    b.scraped(exporter, 5000, {name: amd_text(name, count) for name, count in devices.items()})
    counts = {
        "nodesMatchingSelectorNumber": len(devices),
        "desiredNumber": len(devices),
        "availableNumber": len(devices),
    }
    b.add(
        thing(
            "amd.com/v1alpha1",
            "DeviceConfig",
            "mi300x",
            home,
            generation=1,
            spec={
                "driver": {"enable": True, "version": "30.20.1"},
                "metricsExporter": {"enable": True},
                "selector": {"feature.node.kubernetes.io/amd-gpu": "true"},
            },
            status={
                **dict.fromkeys(("driver", "devicePlugin", "metricsExporter", "nodeLabeller"), counts),
                "conditions": [condition("Ready", reason="OperatorReady"), condition("Error", False, "OperatorReady")],
            },
        )
    )
    return exporter


def amd_dra_driver(b: Builder, devices: dict[str, int]) -> None:
    """The DRA driver with a slice for each node."""
    b.daemons(
        "k8s-gpu-dra-driver-kubeletplugin",
        SPACE,
        "docker.io/rocm/k8s-gpu-dra-driver:v0.2.0",
        b.gpus,
        part=_PRIVILEGED,
        volumes=_DEVICES,
    )
    b.add(device_class("gpu.amd.com"))
    for name, count in devices.items():
        b.add(
            resource_slice(
                name,
                driver="gpu.amd.com",
                devices=count,
                type={"string": "amdgpu"},
                productName={"string": "AMD Instinct MI300X OAM"},
                driverVersion={"version": DRIVER},
            )
        )


_SERIES = {
    "gpu_gfx_activity": "63",
    "gpu_used_vram": "81220",
    "gpu_total_vram": "196592",
    "gpu_junction_temperature": "61",
    "gpu_package_power": "512",
    "gpu_xgmi_link_rx": "8812201",
}


def amd_text(node_name: str, count: int) -> str:
    """The samples of a node's exporter."""
    return "".join(
        f'{name}{{gpu_id="{number}",gpu_uuid="{uid(node_name, number)}",serial_number="69250000{number:02}",'
        f'card_model="AMD Instinct MI300X OAM",gpu_partition_id="0",hostname="{node_name}"}} {value}\n'
        for name, value in _SERIES.items()
        for number in range(count)
    )
