"""Oracle OKE 1.37 with KAI Scheduler, which places gangs and shares GPUs; Cluster Autoscaler, kgateway, KServe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.products.gateways import kgateway
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import prometheus, service_monitor
from tests.clusters.products.networks import bandwidth_by_claim, dranet
from tests.clusters.products.nvidia import dcgm_exporter, gpu_node, gpu_operator, time_slicing
from tests.clusters.products.operators import kserve
from tests.clusters.products.platforms import network_plugin, system
from tests.clusters.products.results import suite_passed
from tests.clusters.products.sandboxes import kata
from tests.clusters.products.scaling import cluster_autoscaler, prometheus_adapter, scaled_by
from tests.clusters.products.scheduling import kai as kai_scheduler

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.37.1"
CPU, GPU = ["10.0.10.11", "10.0.10.12"], ["10.0.20.21", "10.0.20.22"]
POOL = "ocid1.nodepool.oc1.iad.aaaaexamplegpu"


def kai() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[:1])
    b.gpus = GPU
    common = {"oci.oraclecloud.com/fault-domain": "FAULT-DOMAIN-1"}
    for name in CPU:
        b.add(node(name, version=VERSION, labels=common, provider_id=f"ocid1.instance.oc1.iad.{name}"))
    labels = common | {"oci.oraclecloud.com/node-pool-id": POOL}
    for name in GPU:
        b.add(
            gpu_node(
                name,
                VERSION,
                product="NVIDIA-A10",
                count=2,
                replicas=2,
                labels=labels,
                provider_id=f"ocid1.instance.oc1.iad.{name}",
            )
        )
    nodes = CPU + GPU
    system(b, nodes)
    network_plugin(b, "vcn-native-ip-cni", "iad.ocir.io/oke-public/oci-native-ip-cni:v3.2.0", nodes)
    gpu_operator(b, devicePlugin=time_slicing(2))
    exporter = dcgm_exporter(b, per_node=2, model="NVIDIA A10")
    prometheus(b, nodes)
    service_monitor(b, exporter)
    dranet(b, GPU)
    bandwidth_by_claim(b)
    kai_scheduler(b)
    models = serve_models(b, kgateway, "kgateway.dev/kgateway", ("command-r-7b-a", "command-r-7b-b"))
    for one in models:
        service_monitor(b, one)
    kserve(b, models[0])
    prometheus_adapter(b, "DCGM_FI_DEV_GPU_UTIL")
    scaled_by(b, models[0], "DCGM_FI_DEV_GPU_UTIL")
    image = "iad.ocir.io/oracle/oci-cluster-autoscaler:1.37.0-1"
    cluster_autoscaler(b, [(POOL, 2, 1, 6)], provider="oci", image=image)
    kata(b, CPU[1])
    suite_passed(b)
    return b.cluster
