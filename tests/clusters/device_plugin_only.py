"""A k0s 1.34 with the plain device plugin: no operator for GPUs, no DRA driver; coscheduling, Traefik, KServe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node, runtime_class
from tests.clusters.products.gateways import traefik
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import prometheus, service_monitor
from tests.clusters.products.nvidia import dcgm_exporter, device_plugin, gpu_node
from tests.clusters.products.operators import kserve
from tests.clusters.products.platforms import network_plugin, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.scaling import cluster_autoscaler, prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import coscheduling

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.34.6+k0s.0"
CPU, GPU = ["k0s-worker-1"], ["k0s-gpu-1", "k0s-gpu-2"]


def device_plugin_only() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU)
    b.gpus = GPU
    b.add(node(CPU[0], version=VERSION, labels={"node.k0sproject.io/role": "worker"}, provider_id="openstack:///c1"))
    labels = {"node.k0sproject.io/role": "worker", "magnum.openstack.org/gpu": "a100", "nodepool": "gpu"}
    for number, name in enumerate(GPU):
        b.add(
            gpu_node(
                name,
                VERSION,
                product="NVIDIA-A100-PCIE-40GB",
                count=2,
                labels=labels,
                provider_id=f"openstack:///g{number}",
            )
        )
    nodes = CPU + GPU
    system(b, nodes)
    network_plugin(b, "kube-router", "quay.io/k0sproject/kube-router:v2.6.1", nodes)
    space = b.space("nvidia-device-plugin", enforce="privileged")
    device_plugin(b, space, "nvidia-device-plugin")
    b.daemons(
        "gpu-feature-discovery",
        space,
        "nvcr.io/nvidia/k8s-device-plugin:v0.19.0",
        GPU,
        part={"securityContext": {"privileged": True}},
    )
    b.add(runtime_class("nvidia"))
    exporter = dcgm_exporter(b, per_node=2, space="gpu-monitoring", name="dcgm-exporter", model="NVIDIA A100-PCIE-40GB")
    prometheus(b, nodes)
    service_monitor(b, exporter, port="metrics")
    coscheduling(b)
    models = serve_models(b, traefik, "traefik.io/gateway-controller", ("falcon-3-7b-a", "falcon-3-7b-b"), split="")
    for one in models:
        service_monitor(b, one)
    kserve(b, models[0])
    prometheus_adapter(b, "DCGM_FI_DEV_GPU_UTIL")
    scaled_by(b, models[0], "DCGM_FI_DEV_GPU_UTIL")
    cluster_autoscaler(b, [("ng-gpu-4a1b", 2, 1, 4)], provider="magnum")
    suite_passed(b)
    return b.cluster
