"""Further networks of pods, and what attaches pods to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.nodes import device_class, resource_claim, resource_slice
from tests.clusters.parts import GPU, Plain, condition, container, thing
from tests.clusters.workloads import pod

if TYPE_CHECKING:
    from tests.clusters.build import Builder

_PRIVILEGED = {"securityContext": {"privileged": True}}
_NETWORKS = "k8s.v1.cni.cncf.io/networks"
_STATUS = "k8s.v1.cni.cncf.io/network-status"


def offer(b: Builder, resource: str, count: int) -> None:
    """A further resource of the nodes with accelerators."""
    for name in b.gpus:
        status = b.cluster.get("Node", name)["status"]
        status["allocatable"][resource] = status["capacity"][resource] = str(count)


def bandwidth_test(b: Builder, resource: str, annotations: Plain | None = None, gpu: str = GPU) -> None:
    """Two pods on two nodes that reduce over the fast network, with a device of it each."""
    space = b.space("team-foundation", enforce="restricted")
    limits = {name: "1" for name in (gpu, resource) if name}
    for number, where in enumerate(b.gpus[:2]):
        part = container("nccl", "registry.example/nccl-tests:2.28", resources={"limits": limits, "requests": limits})
        b.add(
            pod(
                f"allreduce-{number}",
                space,
                node=where,
                containers=[part],
                labels={"app": "allreduce"},
                annotations=annotations,
            )
        )


def bandwidth_by_claim(b: Builder, gpu: str = GPU) -> None:
    """The same with an interface of each node that DRANET offers, by claim."""
    bandwidth_test(b, "", gpu=gpu)
    for pod_ in [one for one in b.cluster.objects if one["metadata"]["name"].startswith("allreduce-")]:
        name = f"{pod_['metadata']['name']}-nic"
        where = pod_["spec"]["nodeName"]
        pod_["spec"]["resourceClaims"] = [{"name": "nic", "resourceClaimName": name}]
        pod_["spec"]["containers"][0]["resources"]["claims"] = [{"name": "nic"}]
        pod_["status"]["resourceClaimStatuses"] = [{"name": "nic", "resourceClaimName": name}]
        claim = resource_claim(
            name,
            pod_["metadata"]["namespace"],
            device_class="dra.net",
            driver="dra.net",
            pool=where,
            device="gpu0rdma0",
            reserved_for=pod_,
        )
        b.add(claim)


def attached(network: str, space: str) -> Plain:
    """The annotations of a pod with a second interface."""
    status = (
        f'[{{"name":"cluster","interface":"eth0","default":true}},{{"name":"{space}/{network}","interface":"net1"}}]'
    )
    return {_NETWORKS: network, _STATUS: status}


def multus(b: Builder, nodes: list[str], *, space: str = "kube-system", name: str = "kube-multus-ds") -> None:
    """Multus on all nodes."""
    b.define("k8s.cni.cncf.io", NetworkAttachmentDefinition="network-attachment-definitions")
    b.daemons(
        name,
        space,
        "ghcr.io/k8snetworkplumbingwg/multus-cni:v4.2.3-thick",
        nodes,
        part=_PRIVILEGED,
        labels={"app": "multus"},
        volumes=[{"name": "cni", "hostPath": {"path": "/opt/cni/bin"}}],
    )


def attachment(b: Builder, name: str, space: str, resource: str) -> None:
    """A network to attach pods to, with the pool of devices behind it."""
    notes = {"k8s.v1.cni.cncf.io/resourceName": resource}
    b.add(thing("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", name, b.space(space), annotations=notes, spec={}))


def efa(b: Builder) -> None:
    """The device plugin of the Elastic Fabric Adapter."""
    image = "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/aws-efa-k8s-device-plugin:v0.5.8"
    b.daemons(
        "aws-efa-k8s-device-plugin",
        "kube-system",
        image,
        b.gpus,
        volumes=[{"name": "infiniband", "hostPath": {"path": "/dev/infiniband/"}}],
    )
    offer(b, "vpc.amazonaws.com/efa", 1)
    bandwidth_test(b, "vpc.amazonaws.com/efa")


def network_operator(b: Builder, nodes: list[str]) -> None:
    """NVIDIA Network Operator with Multus and shared RDMA devices."""
    b.define(
        "mellanox.com",
        versions=("v1alpha1",),
        scope="Cluster",
        NicClusterPolicy="nicclusterpolicies",
        HostDeviceNetwork="hostdevicenetworks",
        MacvlanNetwork="macvlannetworks",
    )
    home = b.space("nvidia-network-operator", enforce="privileged")
    b.deploy(
        "network-operator",
        home,
        "nvcr.io/nvidia/cloud-native/network-operator:v26.4.1",
        labels={"app.kubernetes.io/name": "network-operator"},
    )
    multus(b, nodes, space=home)
    b.daemons(
        "rdma-shared-dp-ds",
        home,
        "nvcr.io/nvidia/mellanox/k8s-rdma-shared-dev-plugin:network-operator-v26.4.1",
        b.gpus,
        part=_PRIVILEGED,
        volumes=[{"name": "devs", "hostPath": {"path": "/dev/infiniband"}}],
    )
    offer(b, "rdma/shared_roce", 32)
    states = [{"name": name, "state": "ready"} for name in ("state-multus-cni", "state-RDMA-device-plugin")]
    space = "team-foundation"
    b.add(
        thing(
            "mellanox.com/v1alpha1",
            "NicClusterPolicy",
            "nic-cluster-policy",
            generation=1,
            spec={},
            status={"state": "ready", "appliedStates": states},
        ),
        thing(
            "mellanox.com/v1alpha1",
            "MacvlanNetwork",
            "roce",
            generation=1,
            spec={"networkNamespace": space},
            status={"state": "ready"},
        ),
    )
    attachment(b, "roce", space, "rdma/shared_roce")
    bandwidth_test(b, "rdma/shared_roce", attached("roce", space))


def sriov_operator(b: Builder, home: str) -> None:
    """The SR-IOV operator with virtual functions on the nodes with accelerators."""
    group = "sriovnetwork.openshift.io"
    b.define(
        group,
        SriovNetworkNodePolicy="sriovnetworknodepolicies",
        SriovNetworkNodeState="sriovnetworknodestates",
        SriovNetwork="sriovnetworks",
    )
    image = "registry.redhat.io/openshift4/ose-sriov-network-operator"
    b.deploy("sriov-network-operator", home, f"{image}:v4.22")
    b.daemons(
        "sriov-network-config-daemon",
        home,
        f"{image}-config-daemon:v4.22",
        b.gpus,
        part=_PRIVILEGED,
        hostPID=True,
        volumes=[{"name": "host", "hostPath": {"path": "/"}}],
    )
    b.daemons(
        "sriov-device-plugin",
        home,
        "registry.redhat.io/openshift4/ose-sriov-network-device-plugin:v4.22",
        b.gpus,
        part=_PRIVILEGED,
        volumes=[{"name": "dev", "hostPath": {"path": "/dev"}}],
    )
    offer(b, "openshift.io/mlxrdma", 8)
    b.add(
        thing(
            f"{group}/v1",
            "SriovNetworkNodePolicy",
            "mlx-rdma",
            home,
            generation=1,
            spec={
                "resourceName": "mlxrdma",
                "numVfs": 8,
                "isRdma": True,
                "nodeSelector": {"nvidia.com/gpu.present": "true"},
            },
        ),
        thing(
            f"{group}/v1",
            "SriovNetwork",
            "rdma",
            home,
            generation=1,
            spec={"resourceName": "mlxrdma", "networkNamespace": "team-foundation"},
        ),
    )
    for name in b.gpus:
        interface = {
            "name": "ens3f0np0",
            "driver": "mlx5_core",
            "vendor": "15b3",
            "deviceID": "101d",
            "linkType": "ETH",
            "numVfs": 8,
            "totalvfs": 16,
        }
        b.add(
            thing(
                f"{group}/v1",
                "SriovNetworkNodeState",
                name,
                home,
                generation=1,
                spec={},
                status={"syncStatus": "Succeeded", "interfaces": [interface]},
            )
        )
    attachment(b, "rdma", "team-foundation", "openshift.io/mlxrdma")
    bandwidth_test(b, "openshift.io/mlxrdma", attached("rdma", "team-foundation"))


def dranet(b: Builder, nodes: list[str], *, space: str = "kube-system") -> None:
    """DRANET with a fast interface on each node with accelerators, beside the ordinary one."""
    b.daemons(
        "dranet",
        space,
        "registry.k8s.io/networking/dranet:v1.4.0",
        nodes,
        part=_PRIVILEGED,
        hostNetwork=True,
        hostPID=True,
        labels={"k8s-app": "dranet"},
        volumes=[{"name": "netns", "hostPath": {"path": "/var/run/netns"}}],
    )
    b.add(device_class("dra.net"))
    for name in b.gpus:
        made = resource_slice(name, driver="dra.net", devices=2)
        for device, interface, fast in zip(made["spec"]["devices"], ("eth0", "gpu0rdma0"), (False, True), strict=True):
            device["name"] = interface
            device.pop("capacity")
            device["attributes"] = {
                "dra.net/ifName": {"string": interface},
                "dra.net/rdma": {"bool": fast},
                "dra.net/virtual": {"bool": False},
                "dra.net/type": {"string": "device"},
                "dra.net/state": {"string": "up"},
                **({"dra.net/rdmaDevice": {"string": "mlx5_0"}} if fast else {}),
            }
        b.add(made)


def google_networks(b: Builder) -> None:
    """Additional networks on GKE, and the installer of its transport for GPUs."""
    group = "networking.gke.io"
    b.define(group, scope="Cluster", Network="networks", GKENetworkParamSet="gkenetworkparamsets")
    for number in range(2):
        b.add(
            thing(
                f"{group}/v1",
                "GKENetworkParamSet",
                f"rdma-{number}",
                generation=1,
                spec={"deviceMode": "RDMA"},
                status={"conditions": [condition("Ready", reason="GNPReady")]},
            ),
            thing(
                f"{group}/v1",
                "Network",
                f"rdma-{number}",
                generation=1,
                spec={"type": "Device"},
                status={"conditions": [condition("Ready", reason="NetworkReady")]},
            ),
        )
