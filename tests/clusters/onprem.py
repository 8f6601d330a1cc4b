"""RKE2 1.37 on machines of one's own, no autoscaler of nodes: Volcano, kgateway, Dynamo with Grove, RoCE, vGPU."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.products.gateways import (
    gateway_api,
    gateway_with_routes,
    inference_extension,
    inference_pool,
    kgateway,
)
from tests.clusters.products.monitoring import pod_monitor, prometheus, service_monitor
from tests.clusters.products.networks import network_operator
from tests.clusters.products.nvidia import dcgm_exporter, dra_driver, gpu_node, gpu_operator, time_slicing
from tests.clusters.products.operators import trainer
from tests.clusters.products.platforms import network_plugin, operator_crds, static_pods, system
from tests.clusters.products.results import isolation_passed
from tests.clusters.products.sandboxes import sandbox
from tests.clusters.products.scaling import prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import volcano
from tests.clusters.products.serving import dynamo, grove, vllm

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.37.1+rke2r1"
CPU, GPU = ["rack1-control-1", "rack1-worker-1"], ["rack2-accel-1", "rack2-accel-2"]
OS = "SUSE Linux Enterprise Server 15 SP7"


def onprem() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[1:])
    b.gpus = GPU
    notes = {"rke2.io/node-args": "[]"}
    for name in CPU:
        role = "control-plane" if "control" in name else "worker"
        b.add(
            node(
                name,
                version=VERSION,
                labels={f"node-role.kubernetes.io/{role}": "true"},
                annotations=notes,
                provider_id=f"rke2://{name}",
                os_image=OS,
            )
        )
    virtual = {
        "nvidia.com/vgpu.present": "true",
        "nvidia.com/vgpu.host-driver-version": "580.126.08",
        "nvidia.com/vgpu.host-driver-branch": "r580_00",
        "nvidia.com/gpu.machine": "KVM",
    }
    b.add(
        gpu_node(
            GPU[0],
            VERSION,
            product="NVIDIA-H100-NVL",
            count=2,
            replicas=2,
            annotations=notes,
            provider_id=f"rke2://{GPU[0]}",
            os_image=OS,
        )
    )
    b.add(
        gpu_node(
            GPU[1],
            VERSION,
            product="GRID-L40S-24C",
            count=2,
            labels=virtual,
            annotations=notes,
            provider_id=f"rke2://{GPU[1]}",
            os_image=OS,
        )
    )
    nodes = CPU + GPU
    system(b, nodes, dns="rke2-coredns-rke2-coredns", proxy=False)
    static_pods(b, CPU[0])
    network_plugin(b, "rke2-canal", "docker.io/rancher/hardened-calico:v3.31.2-build20261008", nodes)
    operator_crds(b)
    gpu_operator(b, devicePlugin=time_slicing(2))
    dra_driver(b, per_node=2, product="NVIDIA H100 NVL")
    exporter = dcgm_exporter(b, per_node=2, model="NVIDIA H100 NVL")
    prometheus(b, nodes)
    service_monitor(b, exporter)
    network_operator(b, nodes)
    volcano(b)
    trainer(b)
    _serving(b)
    sandbox(b, "gvisor", "runsc", "sandbox.example.com/gvisor=true", CPU[1])
    isolation_passed(b)
    return b.cluster


def _serving(b: Builder) -> None:
    space, controller = "inference", "kgateway.dev/kgateway"
    b.space(space, enforce="baseline")
    gateway_api(b)
    inference_extension(b)
    models = [vllm(b, f"assist-{name}", space, GPU[:1], model=f"qwen3-8b-{name}") for name in ("blue", "green")]
    for one in models:
        pod_monitor(b, one)
    klass = kgateway(b, space)
    dynamo(b, "qwen3-32b", space)
    grove(b, "qwen3-32b", space)
    gateway_with_routes(b, space, klass, controller, models, pool="qwen3-8b")
    for one in models:
        for part in (one, one["spec"]["template"], *b.pods(one)):
            part["metadata"]["labels"]["model"] = "qwen3-8b"
    inference_pool(b, "qwen3-8b", space, controller, {"model": "qwen3-8b"})
    prometheus_adapter(b, "DCGM_FI_DEV_GPU_UTIL")
    scaled_by(b, models[0], "DCGM_FI_DEV_GPU_UTIL")
