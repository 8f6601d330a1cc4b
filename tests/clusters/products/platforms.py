"""What every cluster has, and what gives a distribution away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.apis import api_service
from tests.clusters.network import service
from tests.clusters.parts import Plain, container, thing
from tests.clusters.workloads import pod

if TYPE_CHECKING:
    from tests.clusters.build import Builder

KUBE = "kube-system"
_PRIVILEGED = {"securityContext": {"privileged": True}}


def system(b: Builder, nodes: list[str], *, dns: str = "coredns", proxy: bool = True) -> None:
    """Name resolution, proxies, metrics of nodes, and the API server's own APIServices."""
    b.space(KUBE)
    b.space("default")
    b.deploy(
        dns, KUBE, "registry.k8s.io/coredns/coredns:v1.13.1", port=53, behind="kube-dns", labels={"k8s-app": "kube-dns"}
    )
    if proxy:
        b.daemons(
            "kube-proxy",
            KUBE,
            f"registry.k8s.io/kube-proxy:{b.cluster.version}",
            nodes,
            part=_PRIVILEGED,
            labels={"k8s-app": "kube-proxy"},
            hostNetwork=True,
        )
    b.deploy(
        "metrics-server",
        KUBE,
        "registry.k8s.io/metrics-server/metrics-server:v0.8.1",
        port=443,
        labels={"k8s-app": "metrics-server"},
    )
    b.add(
        service("kubernetes", selector={}, port=443),
        api_service("v1.", reason="Local"),
        api_service("v1.apps", reason="Local"),
        api_service("v1beta1.metrics.k8s.io", of=b.cluster.get("Service", "metrics-server", KUBE)),
    )


def static_pods(b: Builder, node_name: str) -> None:
    """The control plane as the kubelet of a node runs it."""
    owner = b.cluster.get("Node", node_name)
    for name in ("kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd"):
        image = "registry.k8s.io/etcd:3.6.5-0" if name == "etcd" else f"registry.k8s.io/{name}:{b.cluster.version}"
        b.add(
            pod(
                f"{name}-{node_name}",
                KUBE,
                node=node_name,
                owner=owner,
                labels={"component": name, "tier": "control-plane"},
                containers=[container(name, image)],
                hostNetwork=True,
                volumes=[{"name": "certificates", "hostPath": {"path": "/etc/kubernetes/pki"}}],
            )
        )


def network_plugin(b: Builder, name: str, image: str, nodes: list[str], space: str = KUBE) -> None:
    """The node agent of a network, which may do everything on its node."""
    volumes = [{"name": "cni", "hostPath": {"path": "/opt/cni/bin"}}, {"name": "root", "hostPath": {"path": "/"}}]
    b.daemons(name, space, image, nodes, part=_PRIVILEGED, labels={"k8s-app": name}, hostNetwork=True, volumes=volumes)


def storage_driver(b: Builder, name: str, image: str, nodes: list[str]) -> None:
    """The node agent of a storage driver, which mounts devices."""
    volumes = [{"name": "dev", "hostPath": {"path": "/dev"}}]
    b.daemons(name, KUBE, image, nodes, part=_PRIVILEGED, hostNetwork=True, volumes=volumes)


def operator_crds(b: Builder) -> None:
    """cert-manager, which many webhooks have their certificates from."""
    b.define("cert-manager.io", Certificate="certificates", Issuer="issuers")
    home, image = "cert-manager", "quay.io/jetstack/cert-manager"
    b.deploy("cert-manager", home, f"{image}-controller:v1.20.0", labels={"app.kubernetes.io/name": "cert-manager"})
    b.deploy("cert-manager-cainjector", home, f"{image}-cainjector:v1.20.0")
    b.deploy("cert-manager-webhook", home, f"{image}-webhook:v1.20.0", port=443)
    b.hook("cert-manager-webhook", f"{home}/cert-manager-webhook", "cert-manager.io", ["certificates"])


def custom(
    api: str, kind: str, name: str, space: str | None = None, spec: Plain | None = None, **status: object
) -> Plain:
    """A custom resource with a spec and a status."""
    return thing(api, kind, name, space, generation=1, spec=spec or {}, status=dict(status))
