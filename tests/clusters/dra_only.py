"""A kubeadm 1.36 whose accelerators and networks come by DRA alone: no device plugin anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.apis import config_map
from tests.clusters.build import Builder
from tests.clusters.nodes import node, resource_claim
from tests.clusters.parts import Plain, reference, thing
from tests.clusters.products.gateways import cilium
from tests.clusters.products.inference import SPACE, serve_models
from tests.clusters.products.monitoring import scrape, victoria_metrics
from tests.clusters.products.networks import bandwidth_by_claim, dranet
from tests.clusters.products.nvidia import dcgm_exporter, dra_driver, gpu_node
from tests.clusters.products.operators import trainer
from tests.clusters.products.platforms import network_plugin, static_pods, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import sandbox
from tests.clusters.products.scaling import cluster_autoscaler, prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import kueue

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.36.2"
CPU, GPU = ["control-1", "worker-1"], ["accel-md-0-kx7p2", "accel-md-0-t4zr9"]
TEMPLATE = "single-gpu"


def dra_only() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[1:])
    b.gpus = GPU
    notes = {"kubeadm.alpha.kubernetes.io/cri-socket": "unix:///run/containerd/containerd.sock"}
    for name in CPU:
        labels = {"node-role.kubernetes.io/control-plane": ""} if name == CPU[0] else {}
        b.add(node(name, version=VERSION, labels=labels, annotations=notes, provider_id=f"metal3://{name}"))
    pool = {"topology.cluster.x-k8s.io/deployment-name": "accel-md-0"}
    for name in GPU:
        b.add(
            gpu_node(
                name,
                VERSION,
                product="NVIDIA-H100-80GB-HBM3",
                count=2,
                plugin=False,
                labels=pool,
                annotations=notes,
                provider_id=f"metal3://{name}",
            )
        )
    nodes = CPU + GPU
    system(b, nodes)
    static_pods(b, CPU[0])
    b.add(config_map("kubeadm-config", "kube-system", ClusterConfiguration=f"kubernetesVersion: {VERSION}\n"))
    _cilium(b, nodes)
    dra_driver(b, per_node=2, product="NVIDIA H100 80GB HBM3", kinds=("gpu", "mig", "vfio"))
    exporter = dcgm_exporter(
        b, per_node=2, space="gpu-monitoring", name="dcgm-exporter", model="NVIDIA H100 80GB HBM3", split=True
    )
    victoria_metrics(b, nodes)
    scrape(b, exporter, port="metrics")
    dranet(b, GPU)
    bandwidth_by_claim(b, gpu="")
    kueue(b, claim=TEMPLATE)
    trainer(b, claim=TEMPLATE)
    models = serve_models(b, cilium, "io.cilium/gateway-controller", ("olmo-2-7b-a", "olmo-2-7b-b"), claim=TEMPLATE)
    for one in models:
        scrape(b, one)
    _claims(b)
    prometheus_adapter(b, "DCGM_FI_DEV_GPU_UTIL", "vllm_num_requests_waiting")
    scaled_by(b, models[0], "vllm_num_requests_waiting")
    groups = [("MachineDeployment/clusters/accel-md-0", 2, 1, 5)]
    cluster_autoscaler(b, groups, provider="clusterapi")
    sandbox(b, "gvisor", "runsc", "sandbox.example.com/gvisor=true", CPU[1])
    suite_passed(b)
    return b.cluster


def _cilium(b: Builder, nodes: list[str]) -> None:
    b.define(
        "cilium.io", versions=("v2",), CiliumEndpoint="ciliumendpoints", CiliumNetworkPolicy="ciliumnetworkpolicies"
    )
    b.define("cilium.io", versions=("v2",), scope="Cluster", CiliumNode="ciliumnodes")
    network_plugin(b, "cilium", "quay.io/cilium/cilium:v1.19.0", nodes)
    b.deploy(
        "cilium-operator",
        "kube-system",
        "quay.io/cilium/operator-generic:v1.19.0",
        labels={"app.kubernetes.io/name": "cilium-operator"},
    )


def _claims(b: Builder) -> None:
    """A template in each namespace, and for each pod that runs by it a claim for a device of its node."""
    request = {
        "name": "gpu",
        "exactly": {"deviceClassName": "gpu.nvidia.com", "allocationMode": "ExactCount", "count": 1},
    }
    for space in (SPACE, "team-vision", "team-nlp"):
        b.add(
            thing(
                "resource.k8s.io/v1",
                "ResourceClaimTemplate",
                TEMPLATE,
                space,
                spec={"spec": {"devices": {"requests": [request]}}},
            )
        )
    free = {name: ["gpu-1", "gpu-0-mig-0", "gpu-0-mig-1"] for name in GPU}
    for pod in [one for one in b.cluster.objects if _runs_by_claim(one)]:
        meta, where = pod["metadata"], pod["spec"]["nodeName"]
        name = f"{meta['name']}-gpu-{meta['uid'][:5]}"
        claim = resource_claim(name, meta["namespace"], pool=where, device=free[where].pop(0), reserved_for=pod)
        claim["metadata"]["ownerReferences"] = [reference(pod)]
        pod["status"]["resourceClaimStatuses"] = [{"name": "gpu", "resourceClaimName": name}]
        b.add(claim)


def _runs_by_claim(one: Plain) -> bool:
    if one["kind"] != "Pod":
        return False
    by_template = any("resourceClaimTemplateName" in claim for claim in one["spec"].get("resourceClaims", ()))
    return by_template and one["status"]["phase"] == "Running"
