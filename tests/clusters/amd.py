"""A kubeadm 1.36 with AMD GPUs: GPU Operator, DRA driver, Kueue, Envoy Gateway, vLLM on ROCm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.products.amd import AMD, amd_dra_driver, amd_gpu_operator, amd_node
from tests.clusters.products.gateways import envoy_gateway
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import prometheus, service_monitor
from tests.clusters.products.networks import bandwidth_by_claim, dranet
from tests.clusters.products.operators import kuberay
from tests.clusters.products.platforms import network_plugin, static_pods, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import kata
from tests.clusters.products.scaling import cluster_autoscaler, prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import kueue

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.36.2"
CPU, GPU = ["cp-1", "worker-1"], ["mi300x-1", "mi300x-2"]
DEVICES = {"mi300x-1": 4, "mi300x-2": 4}


def amd() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[1:])
    b.gpus = GPU
    notes = {"kubeadm.alpha.kubernetes.io/cri-socket": "unix:///run/containerd/containerd.sock"}
    for name in CPU:
        labels = {"node-role.kubernetes.io/control-plane": ""} if name == CPU[0] else {}
        b.add(node(name, version=VERSION, labels=labels, annotations=notes, provider_id=f"openstack:///{name}"))
    b.add(amd_node(GPU[0], VERSION, gpus=4, annotations=notes, provider_id=f"openstack:///{GPU[0]}"))
    b.add(amd_node(GPU[1], VERSION, gpus=3, parts=8, annotations=notes, provider_id=f"openstack:///{GPU[1]}"))
    for name in GPU:
        b.cluster.get("Node", name)["metadata"]["labels"]["nodepool"] = "mi300x"
    nodes = CPU + GPU
    system(b, nodes)
    static_pods(b, CPU[0])
    network_plugin(b, "calico-node", "quay.io/calico/node:v3.31.2", nodes)
    exporter = amd_gpu_operator(b, DEVICES)
    amd_dra_driver(b, DEVICES)
    prometheus(b, nodes)
    service_monitor(b, exporter, port="metrics")
    dranet(b, GPU)
    bandwidth_by_claim(b, gpu=AMD)
    kueue(b, resource=AMD)
    kuberay(b, resource=AMD)
    images = ("docker.io/rocm/vllm:v0.14.0-rocm7.1", "ghcr.io/llm-d/llm-d-rocm:v0.5.0")
    models = serve_models(
        b,
        envoy_gateway,
        "gateway.envoyproxy.io/gatewayclass-controller",
        ("qwen3-14b-a", "qwen3-14b-b"),
        resource=AMD,
        images=images,
    )
    for one in models:
        service_monitor(b, one)
    prometheus_adapter(b, "gpu_gfx_activity", "vllm_num_requests_waiting")
    scaled_by(b, models[0], "gpu_gfx_activity")
    cluster_autoscaler(b, [("mi300x-7f31", 2, 1, 4)], provider="magnum")
    kata(b, CPU[1])
    suite_passed(b)
    return b.cluster
