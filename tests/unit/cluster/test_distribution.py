"""The distribution by the most trusted sign, and never by the cloud alone."""

import pytest

from aiconf.cluster.distribution import the_one
from tests.clusters import Cluster, crd, daemon_set, node

CONTROL_PLANE = {"node-role.kubernetes.io/control-plane": ""}
CRI_SOCKET = {"kubeadm.alpha.kubernetes.io/cri-socket": "unix:///run/containerd/containerd.sock"}


@pytest.fixture
def distribution(facts):
    def go(version="v1.36.1", *objects):
        wanted = ["cluster.distribution", "cluster.distributions", "cluster.providers"]
        return facts(Cluster(version=version).add(*objects or [node("n")]), wanted=wanted)["cluster"]

    return go


@pytest.mark.parametrize(
    ("version", "objects", "expected"),
    [
        ("v1.36.1-eks-113cf36", [], "eks"),
        ("v1.36.1-gke.1662000", [], "gke"),
        ("v1.36.1+rke2r1", [], "rke2"),
        ("v1.36.1+k3s1", [], "k3s"),
        ("v1.35.3+k0s.0", [], "k0s"),
        ("v1.36.1+vmware.4", [], "vks"),
        ("v1.34.1-aliyun.1", [], "ack"),
        ("v1.36.1-tke.2", [], "tke"),
        ("v1.35.5-r0", [], "huawei-cce"),
        ("v1.36.1+IKS", [], "iks"),
        ("v1.36.1", [node("n", labels={"eks.amazonaws.com/nodegroup": "gpu"})], "eks"),
        ("v1.36.1", [node("n", labels={"kubernetes.azure.com/cluster": "mc_a"})], "aks"),
        ("v1.36.1", [node("n", labels={"oci.oraclecloud.com/node-pool-id": "x"})], "oke"),
        ("v1.36.1", [node("n"), crd("clusterversions.config.openshift.io")], "openshift"),
        ("v1.36.1", [node("n", os_image="Red Hat Enterprise Linux CoreOS 9.8.20260520-0")], "openshift"),
        ("v1.36.1", [node("n", os_image="Talos (v1.11.3)")], "talos"),
        ("v1.36.1", [node("n", labels={"worker.gardener.cloud/pool": "gpu"})], "gardener"),
        ("v1.36.1", [node("n", labels={"kops.k8s.io/instancegroup": "nodes"})], "kops"),
        ("v1.36.1", [node("n"), daemon_set("kops-controller", "kube-system")], "kops"),
        ("v1.36.1", [node("n", labels={"lke.linode.com/pool-id": "1"})], "lke"),
        ("v1.36.1", [node("n", labels={"doks.digitalocean.com/node-pool": "a"})], "doks"),
        ("v1.36.1", [node("n", labels={"node.coreweave.cloud/class": "gpu"})], "cks"),
        ("v1.36.1", [node("n", labels={"k8s.scaleway.com/pool": "a"})], "scaleway"),
        ("v1.36.1", [node("n", labels={"kubernetes.civo.com/civo-node-pool": "a"})], "civo"),
        ("v1.36.1", [node("n", labels={"microk8s.io/cluster": "true"})], "microk8s"),
        ("v1.36.1", [node("n", labels={"giantswarm.io/machine-pool": "a"})], "giantswarm"),
        ("v1.36.1", [node("n"), crd("nodepools.kube.cloud.ovh.com")], "ovh"),
        ("v1.36.1", [node("n", provider_id="exoscale://1")], "exoscale"),
        ("v1.36.1", [node("n", annotations=CRI_SOCKET)], "kubeadm"),
        ("v1.36.1", [node("n", provider_id="kind://docker/a/n", annotations=CRI_SOCKET)], "kind"),
        ("v1.36.1", [node("n", labels={"minikube.k8s.io/version": "v1.37.0"}, annotations=CRI_SOCKET)], "minikube"),
        ("v1.36.1+k3s1", [node("n", labels={"rke.cattle.io/machine": "x"})], "k3s"),
    ],
)
def test_a_distribution_is_known_by_its_signs(distribution, version, objects, expected):
    assert distribution(version, *objects)["distribution"]["id"] == expected


@pytest.mark.parametrize("provider", ["aws:///eu-1a/i-0", "gce://p/z/n", "azure:///subscriptions/x", "openstack:///1"])
def test_the_cloud_alone_is_no_distribution(distribution, provider):
    found = distribution("v1.36.1", node("n", provider_id=provider))
    assert (found["distribution"], found["distributions"]) == (None, [])
    assert found["providers"] == [provider.partition(":")[0]]


@pytest.mark.parametrize(
    ("version", "labels"),
    [
        ("v1.36.1-eks-1", {}),
        ("v1.36.1-gke.1", {}),
        ("v1.36.1", {"kubernetes.azure.com/cluster": "a"}),
        ("v1.36.1", {"oci.oraclecloud.com/fault-domain": "a"}),
        ("v1.36.1", {"lke.linode.com/pool-id": "a"}),
    ],
)
def test_a_cluster_that_shows_its_control_plane_is_no_managed_one(distribution, version, labels):
    managed = {"eks", "gke", "aks", "oke", "lke"}
    found = distribution(version, node("n", labels=labels), node("c", labels=CONTROL_PLANE))
    assert not managed & {one["id"] for one in found["distributions"]}


def test_signs_of_equal_trust_leave_it_open_and_are_all_listed(distribution):
    labels = {"kops.k8s.io/instancegroup": "nodes", "giantswarm.io/machine-pool": "a"}
    found = distribution("v1.36.1", node("n", labels=labels))
    assert found["distribution"] is None
    assert [one["id"] for one in found["distributions"]] == ["giantswarm", "kops"]


def test_what_the_server_says_is_trusted_before_labels(distribution):
    found = distribution("v1.36.1+rke2r1", node("n", labels={"kops.k8s.io/instancegroup": "nodes"}))
    assert [one["id"] for one in found["distributions"]] == ["rke2", "kops"]
    assert found["distribution"]["signs"] == ["gitVersion v1.36.1+rke2r1"]


def test_a_simulated_node_says_nothing(distribution):
    taints = [{"key": "kwok.x-k8s.io/node", "effect": "NoSchedule"}]
    found = distribution("v1.36.1", node("n", labels={"eks.amazonaws.com/nodegroup": "a"}, taints=taints))
    assert found["distribution"] is None


@pytest.mark.parametrize("provider", ["kind://docker/a/n"])
def test_what_is_made_for_development_is_marked(distribution, provider):
    assert distribution("v1.36.1", node("n", provider_id=provider))["distribution"]["certifiable"] is False
    assert distribution("v1.36.1-eks-1")["distribution"]["certifiable"] is True


def test_no_candidates_is_no_distribution():
    assert the_one([]) is None


def test_the_table_has_signs_of_many(tables):
    rows = tables["distributions"]["distributions"]
    assert sum("signs" in row for row in rows) >= 40
    assert {row["id"] for row in rows if not row.get("certifiable", True)} == {"kind", "k3d", "minikube"}
