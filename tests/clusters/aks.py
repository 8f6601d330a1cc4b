"""Azure AKS 1.37: KAITO, KEDA, Istio, node auto-provisioning, Azure Monitor; InfiniBand, and virtual GPUs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.products.gateways import istio
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import azure_managed, prometheus, service_monitor
from tests.clusters.products.networks import bandwidth_by_claim, dranet
from tests.clusters.products.nvidia import dcgm_exporter, dcgm_text, gpu_node, gpu_operator, time_slicing
from tests.clusters.products.operators import kaito
from tests.clusters.products.platforms import network_plugin, storage_driver, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import sandbox
from tests.clusters.products.scaling import karpenter_crds, keda, node_pool
from tests.clusters.products.scheduling import kueue

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster
    from tests.clusters.parts import Plain

VERSION = "v1.37.0"
CPU = ["aks-system-31415926-vmss000000", "aks-sandbox-31415926-vmss000000"]
GPU = ["aks-gpu-7h2kd", "aks-gpu-q9x4m"]
OS = "Ubuntu 24.04.3 LTS"
_SETS = "azure:///subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/mc_ml/providers/Microsoft.Compute"
_LACKING = ("DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_POWER_USAGE")


def aks() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[:1])
    b.gpus = GPU
    common = {"kubernetes.azure.com/cluster": "mc_ml", "kubernetes.azure.com/role": "agent"}
    for name in CPU:
        pool = {"kubernetes.azure.com/agentpool": name.split("-")[1]}
        where = f"{_SETS}/virtualMachineScaleSets/{name[:-6]}/virtualMachines/0"
        b.add(node(name, version=VERSION, labels=common | pool, provider_id=where, os_image=OS))
    whole: Plain = {"count": 2, "product": "NVIDIA-H100-NVL", "replicas": 2, "labels": common}
    virtual = common | {
        "nvidia.com/vgpu.present": "true",
        "nvidia.com/vgpu.host-driver-version": "570.195.02",
        "nvidia.com/vgpu.host-driver-branch": "r570_00",
        "nvidia.com/gpu.machine": "Virtual-Machine",
    }
    part: Plain = {"count": 1, "product": "GRID-A10-24Q", "labels": virtual}
    for name, own in zip(GPU, (whole, part), strict=True):
        b.add(gpu_node(name, VERSION, provider_id=f"{_SETS}/virtualMachines/{name}", os_image=OS, **own))
    nodes = CPU + GPU
    system(b, nodes)
    network_plugin(b, "azure-cns", "mcr.microsoft.com/containernetworking/azure-cns:v1.7.4", nodes)
    storage_driver(b, "csi-azuredisk-node", "mcr.microsoft.com/oss/v2/kubernetes-csi/azuredisk-csi:v1.33.5", nodes)
    gpu_operator(b, devicePlugin=time_slicing(2))
    exporter = dcgm_exporter(b, per_node={GPU[0]: 2, GPU[1]: 1}, model="NVIDIA H100 NVL")
    (virtual_pod,) = (pod for pod in b.pods(exporter) if pod["spec"]["nodeName"] == GPU[1])
    meta = virtual_pod["metadata"]
    b.cluster.metrics[meta["namespace"], meta["name"], 9400, "/metrics"] = dcgm_text(
        GPU[1], 1, "GRID A10-24Q", lacking=_LACKING
    )
    prometheus(b, nodes)
    azure_managed(b, nodes)
    service_monitor(b, exporter)
    dranet(b, GPU)
    bandwidth_by_claim(b)
    kueue(b)
    _serving(b)
    requirements = [{"key": "karpenter.azure.com/sku-family", "operator": "In", "values": ["N"]}]
    karpenter_crds(b, "karpenter.azure.com", "AKSNodeClass")
    node_pool(b, "gpu", "karpenter.azure.com", "AKSNodeClass", requirements, "Standard_NC80adis_H100_v5", gpus=2)
    b.cluster.get("Node", GPU[1])["metadata"]["labels"]["node.kubernetes.io/instance-type"] = "Standard_NV36ads_A10_v5"
    sandbox(b, "kata-vm-isolation", "kata", "kubernetes.azure.com/kata-vm-isolation=true", CPU[1])
    suite_passed(b)
    return b.cluster


def _serving(b: Builder) -> None:
    models = serve_models(b, istio, "istio.io/gateway-controller", ("phi-4-mini-v1", "phi-4-mini-v2"))
    for one in models:
        service_monitor(b, one)
    kaito(b, models[0], instance="Standard_NC80adis_H100_v5")
    query = 'sum(vllm:num_requests_waiting{model_name="phi-4-mini-v1"})'
    keda(b, models[0], query, "http://prometheus-operated.monitoring.svc:9090", home="kube-system")
