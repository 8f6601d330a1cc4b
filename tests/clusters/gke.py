"""Google GKE 1.37: gateway, metrics, drivers, node auto-provisioning and gVisor are managed; Kueue, KServe, llm-d."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.parts import GPU as RESOURCE
from tests.clusters.parts import Plain
from tests.clusters.products.gateways import google
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import google_managed, pod_monitor
from tests.clusters.products.networks import bandwidth_by_claim, dranet, google_networks
from tests.clusters.products.nvidia import dcgm_text, dra_driver
from tests.clusters.products.operators import kserve
from tests.clusters.products.platforms import network_plugin, storage_driver, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import sandbox
from tests.clusters.products.scaling import cluster_autoscaler, scaled_by, stackdriver_adapter
from tests.clusters.products.scheduling import kueue

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.37.1-gke.1203000"
CPU = ["gke-atlas-default-pool-8c1d2e3f-a1b2", "gke-atlas-sandbox-pool-77aa01c2-x9k3"]
GPU = ["gke-atlas-gpu-pool-4d1cbb07-k2v9", "gke-atlas-gpu-pool-4d1cbb07-zq4t"]
OS = "Container-Optimized OS from Google"
_GROUP = "https://www.googleapis.com/compute/v1/projects/example-ml/zones/us-central1-a/instanceGroups/gke-atlas"
_MONITORED = "monitoring.googleapis.com/v1"


def gke() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[:1])
    b.gpus = GPU
    for name, pool in zip(CPU, ("default-pool", "sandbox-pool"), strict=True):
        labels = {"cloud.google.com/gke-nodepool": pool, "cloud.google.com/gke-os-distribution": "cos"}
        b.add(_node(name, labels))
    labels = {
        "cloud.google.com/gke-nodepool": "gpu-pool",
        "cloud.google.com/gke-os-distribution": "cos",
        "cloud.google.com/gke-accelerator": "nvidia-l4",
        "cloud.google.com/gke-accelerator-count": "2",
        "cloud.google.com/gke-gpu-driver-version": "latest",
        "cloud.google.com/gke-gpu-sharing-strategy": "time-sharing",
        "cloud.google.com/gke-max-shared-clients-per-gpu": "2",
    }
    for name in GPU:
        b.add(_node(name, labels, gpus=4, taints=[{"key": RESOURCE, "value": "present", "effect": "NoSchedule"}]))
    nodes = CPU + GPU
    system(b, nodes, dns="kube-dns", proxy=False)
    network_plugin(b, "anetd", "gke.gcr.io/cilium/cilium:v1.17.9-gke.30", nodes)
    storage_driver(b, "pdcsi-node", "gke.gcr.io/gcp-compute-persistent-disk-csi-driver:v1.22.4-gke.1", nodes)
    _accelerators(b)
    google_managed(b, nodes)
    dranet(b, GPU)
    google_networks(b)
    bandwidth_by_claim(b)
    kueue(b)
    models = serve_models(b, google, "networking.gke.io/gateway", ("gemma-3-4b-a", "gemma-3-4b-b"))
    for one in models:
        pod_monitor(b, one, api=_MONITORED)
    kserve(b, models[0])
    stackdriver_adapter(b, "prometheus.googleapis.com|vllm:num_requests_waiting|gauge")
    scaled_by(b, models[0], "prometheus.googleapis.com|vllm:num_requests_waiting|gauge")
    cluster_autoscaler(
        b, [(f"{_GROUP}-default-pool-8c1d2e3f-grp", 1, 1, 3), (f"{_GROUP}-gpu-pool-4d1cbb07-grp", 2, 0, 6)]
    )
    sandbox(b, "gvisor", "gvisor", "sandbox.gke.io/runtime=gvisor", CPU[1])
    suite_passed(b)
    return b.cluster


def _node(name: str, labels: Plain, gpus: int = 0, taints: list[Plain] | None = None) -> Plain:
    where = f"gce://example-ml/us-central1-a/{name}"
    return node(name, version=VERSION, labels=dict(labels), provider_id=where, os_image=OS, gpus=gpus, taints=taints)


def _accelerators(b: Builder) -> None:
    """The device plugin and the exporter that GKE runs itself, and the DRA driver."""
    part = {"securityContext": {"privileged": True}}
    volumes = [{"name": "dev", "hostPath": {"path": "/dev"}}]
    plugin = "gke.gcr.io/nvidia-gpu-device-plugin:1.0.42-gke.5"
    b.daemons("nvidia-gpu-device-plugin-medium-cos", "kube-system", plugin, GPU, part=part, volumes=volumes)
    dra_driver(b, per_node=2, product="NVIDIA L4")
    exporter = b.daemons(
        "dcgm-exporter",
        "gke-managed-system",
        "gke.gcr.io/dcgm-exporter:4.5.3-4.8.2-gke.1",
        GPU,
        port=9400,
        port_name="metrics",
        part=part,
    )
    b.scraped(exporter, 9400, {name: dcgm_text(name, 2, "NVIDIA L4") for name in GPU})
    pod_monitor(b, exporter, port="metrics", api=_MONITORED)
