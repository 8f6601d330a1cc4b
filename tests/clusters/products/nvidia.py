"""NVIDIA: nodes, GPU Operator, device plugin, DRA driver, metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clusters.nodes import device_class, node, resource_slice, runtime_class
from tests.clusters.parts import GPU, Plain, condition, container, thing, uid

if TYPE_CHECKING:
    from tests.clusters.build import Builder

DRIVER, CUDA = "580.126.09", "13.0"
SPACE = "gpu-operator"
_HOST = [{"name": "host", "hostPath": {"path": "/"}}]
_DEVICES = [{"name": "dev", "hostPath": {"path": "/dev"}}]
_PRIVILEGED = {"securityContext": {"privileged": True}}
_TOLERATES = [{"key": GPU, "operator": "Exists", "effect": "NoSchedule"}]


def gpu_node(
    name: str,
    version: str,
    *,
    product: str,
    count: int,
    replicas: int = 1,
    resource: str = GPU,
    plugin: bool = True,
    labels: Plain | None = None,
    **more: Any,
) -> Plain:
    """A node whose GPUs GPU Feature Discovery has labelled; `replicas` pods share one of them by time slicing.

    Args:
        name: Its name.
        version: Its kubelet's.
        product: As `nvidia-smi` writes it, with hyphens.
        count: How many GPUs there are.
        replicas: How many times the device plugin offers each.
        resource: As what the device plugin offers them.
        plugin: Whether there is a device plugin at all.
        labels: Further labels.
        more: See `node`.
    """
    shared = replicas > 1
    own = {
        "nvidia.com/gpu.present": "true",
        "nvidia.com/gpu.count": str(count),
        "nvidia.com/gpu.product": f"{product}-SHARED" if shared else product,
        "nvidia.com/gpu.replicas": str(replicas),
        "nvidia.com/gpu.sharing-strategy": "time-slicing" if shared else "none",
        "nvidia.com/cuda.driver-version.full": DRIVER,
        "nvidia.com/cuda.runtime-version.full": CUDA,
        "nvidia.com/gpu-driver-upgrade-state": "upgrade-done",
        "nvidia.com/mig.capable": "false",
        "nvidia.com/mig.strategy": "single",
        "nvidia.com/vgpu.present": "false",
        "feature.node.kubernetes.io/pci-10de.present": "true",
    }
    return node(
        name,
        gpus=count * replicas if plugin else 0,
        resource=resource,
        labels=own | (labels or {}),
        version=version,
        taints=[{"key": GPU, "value": "present", "effect": "NoSchedule"}],
        **more,
    )


def gpu_operator(
    b: Builder,
    *,
    space: str = SPACE,
    policy: str = "cluster-policy",
    driver: bool = True,
    plugin: bool = True,
    exporter: bool = True,
    driver_name: str = "nvidia-driver-daemonset",
    **spec: Any,
) -> None:
    """The GPU Operator and what it runs on the nodes with GPUs; `spec` goes into its ClusterPolicy."""
    b.space(space, enforce="privileged")
    b.define("nvidia.com", scope="Cluster", ClusterPolicy="clusterpolicies")
    b.define("nvidia.com", versions=("v1alpha1",), scope="Cluster", NVIDIADriver="nvidiadrivers")
    labels = {"app.kubernetes.io/name": "gpu-operator", "app.kubernetes.io/component": "gpu-operator"}
    b.deploy("gpu-operator", space, "nvcr.io/nvidia/gpu-operator:v26.7.0", labels=labels)
    own = thing("nvidia.com/v1", "ClusterPolicy", policy)
    if driver:
        b.daemons(
            driver_name,
            space,
            f"nvcr.io/nvidia/driver:{DRIVER}-ubuntu24.04",
            b.gpus,
            part=_PRIVILEGED,
            volumes=_HOST,
            hostPID=True,
            nodeSelector={"nvidia.com/gpu.deploy.driver": "true"},
        )
    b.daemons(
        "nvidia-container-toolkit-daemonset",
        space,
        "nvcr.io/nvidia/k8s/container-toolkit:v1.19.0",
        b.gpus,
        part=_PRIVILEGED,
        volumes=_HOST,
        tolerations=_TOLERATES,
    )
    b.daemons(
        "nvidia-operator-validator",
        space,
        "nvcr.io/nvidia/gpu-operator:v26.7.0",
        b.gpus,
        part=_PRIVILEGED,
        tolerations=_TOLERATES,
    )
    b.daemons(
        "gpu-feature-discovery",
        space,
        "nvcr.io/nvidia/k8s-device-plugin:v0.19.0",
        b.gpus,
        part=_PRIVILEGED,
        tolerations=_TOLERATES,
    )
    if plugin:
        device_plugin(b, space, "nvidia-device-plugin-daemonset")
    b.add(
        own
        | {
            "spec": {
                "cdi": {"enabled": True, "default": False},
                "driver": {"enabled": driver},
                "toolkit": {"enabled": True},
                "devicePlugin": {"enabled": plugin},
                "dcgmExporter": {"enabled": exporter},
                "gfd": {"enabled": True},
                "mig": {"strategy": "single"},
                **spec,
            },
            "status": {
                "state": "ready",
                "namespace": space,
                "conditions": [condition("Ready", reason="Reconciled"), condition("Error", False, "Ready")],
            },
        },
        runtime_class("nvidia"),
    )


def device_plugin(b: Builder, space: str, name: str) -> None:
    """The device plugin, hardened by the container device interface."""
    env = [
        {"name": "DEVICE_LIST_STRATEGY", "value": "cdi-annotations,cdi-cri"},
        {"name": "MIG_STRATEGY", "value": "single"},
        {"name": "NVIDIA_VISIBLE_DEVICES", "value": "all"},
    ]
    b.daemons(
        name,
        space,
        "nvcr.io/nvidia/k8s-device-plugin:v0.19.0",
        b.gpus,
        part=_PRIVILEGED | {"env": env},
        tolerations=_TOLERATES,
    )


def dra_driver(
    b: Builder,
    *,
    per_node: int,
    space: str = "nvidia-dra-driver-gpu",
    product: str = "NVIDIA L40S",
    kinds: tuple[str, ...] = ("gpu",),
    brand: str = "Nvidia",
) -> None:
    """The DRA driver, its device classes, and a slice of devices for each node; `kinds` are gpu, mig and vfio."""
    b.define(
        "resource.nvidia.com",
        versions=("v1beta1",),
        ComputeDomain="computedomains",
        ComputeDomainClique="computedomaincliques",
    )
    image = "registry.k8s.io/dra-driver-nvidia/dra-driver-nvidia-gpu:v26.4.0"
    plugin = [container(name, image, securityContext={"privileged": True}) for name in ("compute-domains", "gpus")]
    b.space(space, enforce="privileged")
    b.deploy("nvidia-dra-driver-gpu-controller", space, image)
    made = b.daemons("nvidia-dra-driver-gpu-kubelet-plugin", space, image, b.gpus, volumes=_DEVICES)
    for one in (made["spec"]["template"], *b.pods(made)):
        one["spec"]["containers"] = plugin
    for pod in b.pods(made):
        pod["status"]["containerStatuses"] = [
            pod["status"]["containerStatuses"][0] | {"name": part["name"]} for part in plugin
        ]
    b.add(*(device_class(f"{kind}.nvidia.com", "gpu.nvidia.com") for kind in kinds))
    b.add(device_class("compute-domain-daemon.nvidia.com", "compute-domain.nvidia.com"))
    for name in b.gpus:
        b.add(gpu_slice(name, per_node, product, kinds, brand))


def gpu_slice(node_name: str, count: int, product: str, kinds: tuple[str, ...], brand: str) -> Plain:
    """The slice of a node. With MIG its first GPU is offered as two halves, with VFIO its last one also as it is."""
    made = resource_slice(
        node_name,
        devices=count,
        generation=2,
        productName={"string": product},
        brand={"string": brand},
        architecture={"string": "Ada Lovelace"},
        cudaDriverVersion={"version": "13.0.0"},
        driverVersion={"version": "580.126.9"},
    )
    devices = made["spec"]["devices"]
    if "mig" in kinds:
        devices[:1] = [_part(devices[0], "mig", number) for number in range(2)]
    if "vfio" in kinds:
        devices.append(_part(devices[-1], "vfio", 0))
    return made


def _part(whole: Plain, kind: str, number: int) -> Plain:
    attributes = {**whole["attributes"], "type": {"string": kind}}
    if kind == "mig":
        attributes["parentUUID"] = attributes["uuid"]
        attributes |= {"uuid": {"string": f"MIG-{uid(whole, number)}"}, "profile": {"string": "3g.40gb"}}
    return {"name": f"{whole['name']}-{kind}-{number}", "attributes": attributes, "capacity": whole["capacity"]}


def dcgm_exporter(
    b: Builder,
    *,
    per_node: int | dict[str, int],
    space: str = SPACE,
    name: str = "nvidia-dcgm-exporter",
    model: str = "NVIDIA L40S",
    lacking: tuple[str, ...] = (),
    split: bool = False,
) -> Plain:
    """The exporter with a Service, and what it exposes; `split`: the first GPU of each node is two partitions."""
    part = {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}
    image = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-distroless"
    counts = dict.fromkeys(b.gpus, per_node) if isinstance(per_node, int) else per_node
    made = b.daemons(name, space, image, b.gpus, port=9400, port_name="metrics", part=part, tolerations=_TOLERATES)
    b.scraped(made, 9400, {where: dcgm_text(where, counts[where], model, lacking, split=split) for where in b.gpus})
    return made


_SERIES = {
    "DCGM_FI_DEV_GPU_UTIL": "41",
    "DCGM_FI_DEV_FB_USED": "30112",
    "DCGM_FI_DEV_FB_FREE": "15480",
    "DCGM_FI_DEV_GPU_TEMP": "54",
    "DCGM_FI_DEV_POWER_USAGE": "188.4",
    "DCGM_FI_PROF_PCIE_TX_BYTES": "1820412",
    "DCGM_FI_DEV_SM_CLOCK": "2010",
}


def dcgm_text(node_name: str, count: int, model: str, lacking: tuple[str, ...] = (), *, split: bool = False) -> str:
    """The samples of a node's exporter; a GPU in partitions has those of its partitions only."""
    lines = []
    for name, value in _SERIES.items():
        numbers = () if name in lacking else range(1 if split else 0, count)
        lines += [f"{name}{{{_labels(node_name, number, model)}}} {value}" for number in numbers]
    parts = {"DCGM_FI_PROF_GR_ENGINE_ACTIVE": "0.37", **_SERIES}
    parts.pop("DCGM_FI_DEV_GPU_UTIL")
    for part in (1, 2) if split else ():
        labels = f'{_labels(node_name, 0, model)},GPU_I_PROFILE="3g.40gb",GPU_I_ID="{part}"'
        lines += [f"{name}{{{labels}}} {value}" for name, value in parts.items()]
    return "\n".join(lines) + "\n"


def _labels(node_name: str, number: int, model: str) -> str:
    return (
        f'gpu="{number}",UUID="GPU-{uid(node_name, number)}",pci_bus_id="00000000:{number + 58:02X}:00.0",'
        f'device="nvidia{number}",modelName="{model}",Hostname="{node_name}",DCGM_FI_DRIVER_VERSION="{DRIVER}"'
    )


def time_slicing(replicas: int) -> Plain:
    """The part of a ClusterPolicy's spec that refers to a configuration of shared GPUs."""
    return {"enabled": True, "config": {"name": "time-slicing", "default": f"shared-{replicas}"}}
