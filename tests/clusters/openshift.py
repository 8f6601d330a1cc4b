"""Red Hat OpenShift 4.22 (Kubernetes 1.35): GPU and SR-IOV operators, its own autoscaler, monitoring and gateway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.build import Builder
from tests.clusters.nodes import node
from tests.clusters.parts import NOW, condition, thing
from tests.clusters.products.gateways import openshift as gateway
from tests.clusters.products.inference import serve_models
from tests.clusters.products.monitoring import prometheus, service_monitor
from tests.clusters.products.networks import multus, sriov_operator
from tests.clusters.products.nvidia import dcgm_exporter, gpu_node, gpu_operator, time_slicing
from tests.clusters.products.operators import kserve
from tests.clusters.products.platforms import network_plugin, static_pods, system
from tests.clusters.products.results import isolation_passed
from tests.clusters.products.sandboxes import sandbox
from tests.clusters.products.scaling import keda
from tests.clusters.products.scheduling import kueue

if TYPE_CHECKING:
    from tests.clusters.cluster import Cluster

VERSION = "v1.35.4"
CPU, GPU = ["master-0", "worker-0"], ["gpu-worker-0", "gpu-worker-1"]
OS = "Red Hat Enterprise Linux CoreOS 9.8.20260520-0 (Plow)"
_MACHINES = "openshift-machine-api"


def openshift() -> Cluster:
    """The cluster."""
    b = Builder(VERSION, CPU[1:])
    b.gpus = GPU
    common = {"node.openshift.io/os_id": "rhel"}
    for name in CPU:
        role = "control-plane" if name.startswith("master") else "worker"
        where = f"baremetalhost:///{_MACHINES}/{name}"
        b.add(
            node(
                name,
                version=VERSION,
                labels=common | {f"node-role.kubernetes.io/{role}": ""},
                provider_id=where,
                os_image=OS,
            )
        )
    labels = common | {"node-role.kubernetes.io/worker": "", "machine.openshift.io/cluster-api-machineset": "gpu"}
    for name in GPU:
        where = f"baremetalhost:///{_MACHINES}/{name}"
        b.add(
            gpu_node(
                name, VERSION, product="NVIDIA-L40S", count=2, replicas=2, labels=labels, provider_id=where, os_image=OS
            )
        )
    nodes = CPU + GPU
    for one in b.cluster.objects:
        one["status"]["nodeInfo"]["containerRuntimeVersion"] = "cri-o://1.35.2-3.rhaos4.22.git7c1b0de.el9"
    _platform(b, nodes)
    _discovery(b, nodes)
    gpu_operator(
        b,
        space="nvidia-gpu-operator",
        policy="gpu-cluster-policy",
        devicePlugin=time_slicing(2),
        driver_name="nvidia-driver-daemonset-9.8.20260520-0",
    )
    exporter = dcgm_exporter(b, per_node=2, space="nvidia-gpu-operator")
    prometheus(b, nodes, space="openshift-monitoring", name="k8s", selects_all=True)
    service_monitor(b, exporter)
    sriov_operator(b, "openshift-sriov-network-operator")
    kueue(b)
    models = serve_models(
        b, gateway, "openshift.io/gateway-controller/v1", ("granite-3-8b-v1", "granite-3-8b-v2"), split=""
    )
    for one in models:
        service_monitor(b, one)
    kserve(b, models[0])
    query = 'sum(vllm:num_requests_waiting{model_name="granite-3-8b-v1"})'
    keda(b, models[0], query, "https://thanos-querier.openshift-monitoring.svc:9092", home="openshift-keda")
    _autoscaler(b)
    sandbox(b, "kata", "kata", "node-role.kubernetes.io/kata-oc=", CPU[1])
    isolation_passed(b)
    return b.cluster


def _platform(b: Builder, nodes: list[str]) -> None:
    b.define(
        "config.openshift.io", scope="Cluster", ClusterVersion="clusterversions", ClusterOperator="clusteroperators"
    )
    b.define("apps.openshift.io", DeploymentConfig="deploymentconfigs")
    history = [{"state": "Completed", "version": "4.22.1", "completionTime": NOW}]
    b.add(
        thing(
            "config.openshift.io/v1",
            "ClusterVersion",
            "version",
            generation=1,
            spec={},
            status={"desired": {"version": "4.22.1"}, "history": history, "conditions": [condition("Available")]},
        ),
    )
    system(b, nodes, dns="dns-default", proxy=False)
    static_pods(b, CPU[0])
    image = "quay.io/openshift-release-dev/ocp-v4.0-art-dev"
    network_plugin(b, "ovnkube-node", image, nodes, space="openshift-ovn-kubernetes")
    network_plugin(b, "machine-config-daemon", image, nodes, space="openshift-machine-config-operator")
    multus(b, nodes, space="openshift-multus", name="multus")


def _discovery(b: Builder, nodes: list[str]) -> None:
    b.define("nfd.k8s-sigs.io", versions=("v1alpha1",), NodeFeature="nodefeatures")
    b.define("nfd.k8s-sigs.io", versions=("v1alpha1",), scope="Cluster", NodeFeatureRule="nodefeaturerules")
    image = "registry.redhat.io/openshift4/nfd/node-feature-discovery-rhel9:v4.22"
    labels = {"app.kubernetes.io/name": "node-feature-discovery"}
    b.deploy("nfd-master", "openshift-nfd", image, labels=labels)
    b.daemons("nfd-worker", "openshift-nfd", image, nodes[1:], labels=labels)


def _autoscaler(b: Builder) -> None:
    """The autoscaler of machines, which may have two to four of those with GPUs."""
    b.define("autoscaling.openshift.io", scope="Cluster", ClusterAutoscaler="clusterautoscalers")
    b.define("autoscaling.openshift.io", versions=("v1beta1",), MachineAutoscaler="machineautoscalers")
    b.define("machine.openshift.io", versions=("v1beta1",), MachineSet="machinesets", Machine="machines")
    image = "quay.io/openshift-release-dev/ocp-v4.0-art-dev"
    b.deploy("cluster-autoscaler-operator", _MACHINES, image, port=443)
    b.deploy("cluster-autoscaler-default", _MACHINES, image, port=8085)
    target = {"apiVersion": "machine.openshift.io/v1beta1", "kind": "MachineSet", "name": "gpu"}
    accelerator = {"cluster-api/accelerator": "nvidia-l40s", "node-role.kubernetes.io/worker": ""}
    b.add(
        thing(
            "autoscaling.openshift.io/v1",
            "ClusterAutoscaler",
            "default",
            generation=1,
            spec={
                "resourceLimits": {"maxNodesTotal": 12, "gpus": [{"type": "nvidia-l40s", "min": 0, "max": 8}]},
                "scaleDown": {"enabled": True},
            },
            status={},
        ),
        thing(
            "autoscaling.openshift.io/v1beta1",
            "MachineAutoscaler",
            "gpu",
            _MACHINES,
            generation=1,
            spec={"minReplicas": 1, "maxReplicas": 4, "scaleTargetRef": target},
            status={"lastTargetRef": target},
        ),
        thing(
            "machine.openshift.io/v1beta1",
            "MachineSet",
            "gpu",
            _MACHINES,
            generation=1,
            spec={"replicas": 2, "template": {"spec": {"metadata": {"labels": accelerator}}}},
            status={"replicas": 2, "readyReplicas": 2, "availableReplicas": 2},
        ),
    )
