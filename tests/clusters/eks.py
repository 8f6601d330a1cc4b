"""Amazon EKS 1.36: Karpenter, GPU Operator and DRA driver, Kueue, Envoy Gateway, llm-d, KubeRay, EFA."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.products.gateways import envoy_gateway, gateway_api, gateway_with_routes, inference_extension
from tests.clusters.products.gateways import inference_pool as pool
from tests.clusters.products.monitoring import prometheus, service_monitor
from tests.clusters.products.networks import efa
from tests.clusters.products.nvidia import dcgm_exporter, dra_driver, gpu_node, gpu_operator, time_slicing
from tests.clusters.products.operators import kuberay
from tests.clusters.products.platforms import network_plugin, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import kata
from tests.clusters.products.scaling import karpenter, prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import kueue, leader_worker_set
from tests.clusters.products.serving import leader_worker_llm_d, vllm

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION, KUBELET = "v1.36.3-eks-4b2c7d1", "v1.36.3-eks-9f0e6a5"
CPU = ["ip-10-20-1-11.us-west-2.compute.internal", "ip-10-20-2-12.us-west-2.compute.internal"]
GPU = ["ip-10-20-3-21.us-west-2.compute.internal", "ip-10-20-3-22.us-west-2.compute.internal"]
OS = "Amazon Linux 2023.9.20251110"


def eks() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU)
    b.gpus = GPU
    labels = {"eks.amazonaws.com/nodegroup": "system", "topology.kubernetes.io/zone": "us-west-2a"}
    for number, name in enumerate(CPU):
        where = f"aws:///us-west-2a/i-0a1b2c3d4e5f6000{number}"
        b.add(node(name, version=KUBELET, labels=labels, provider_id=where, os_image=OS))
    for number, name in enumerate(GPU):
        where = f"aws:///us-west-2a/i-0a1b2c3d4e5f6100{number}"
        own = {"topology.kubernetes.io/zone": "us-west-2a", "nvidia.com/gpu.machine": "g6e.12xlarge"}
        b.add(
            gpu_node(
                name, KUBELET, product="NVIDIA-L40S", count=4, replicas=2, labels=own, provider_id=where, os_image=OS
            )
        )
    nodes = CPU + GPU
    system(b, nodes)
    network_plugin(b, "aws-node", "602401143452.dkr.ecr.us-west-2.amazonaws.com/amazon-k8s-cni:v1.21.1", nodes)
    gpu_operator(b, driver=False, devicePlugin=time_slicing(2))
    dra_driver(b, per_node=4)
    exporter = dcgm_exporter(b, per_node=4)
    prometheus(b, nodes)
    service_monitor(b, exporter)
    karpenter(b, "g6e.12xlarge", gpus=4)
    efa(b)
    kueue(b)
    leader_worker_set(b)
    kuberay(b)
    _serving(b)
    kata(b, CPU[1])
    suite_passed(b)
    return b.cluster


def _serving(b: Builder) -> None:
    space, controller = "inference", "gateway.envoyproxy.io/gatewayclass-controller"
    b.space(space, enforce="baseline")
    gateway_api(b)
    inference_extension(b)
    models = [vllm(b, f"chat-{name}", space, GPU[:1], model=f"mistral-7b-{name}") for name in ("stable", "canary")]
    for one in models:
        service_monitor(b, one)
    leader_worker_llm_d(b, "llama-3-8b", space)
    klass = envoy_gateway(b, space)
    gateway_with_routes(b, space, klass, controller, models, pool="llama-3-8b")
    pool(
        b,
        "llama-3-8b",
        space,
        controller,
        {"llm-d.ai/model": "llama-3-8b"},
        image="ghcr.io/llm-d/llm-d-inference-scheduler:v0.5.0",
    )
    prometheus_adapter(b, "DCGM_FI_DEV_GPU_UTIL", "vllm_num_requests_waiting")
    scaled_by(b, models[0], "vllm_num_requests_waiting")
