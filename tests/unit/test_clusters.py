"""The builders of tests/clusters give objects that the Kubernetes API knows."""

import pytest

from tests.clusters import (
    Cluster,
    api_service,
    condition,
    config_map,
    container,
    crd,
    daemon_set,
    deployment,
    device_class,
    endpoint_slice,
    event,
    hpa,
    job,
    key_of,
    namespace,
    node,
    pod,
    pods_of,
    replica_set,
    resource_claim,
    resource_slice,
    runtime_class,
    service,
    stateful_set,
    webhooks,
)
from tests.clusters.models import plain, strange_words, there_and_back

OPERATOR = deployment("operator", "ops", replicas=2)
PODS = pods_of(OPERATOR, ["node-1", "node-2"])
HOOK = service("hook", "ops", selector={"app": "operator"}, port=443)
OBJECTS = [
    OPERATOR,
    *PODS,
    HOOK,
    namespace("ops", {"pod-security.kubernetes.io/enforce": "baseline"}),
    node("node-1", gpus=8, taints=[{"key": "gpu", "effect": "NoSchedule"}], annotations={"a": "b"}),
    pod("alone", gpus=1, hostPID=True, volumes=[{"name": "dev", "hostPath": {"path": "/dev"}}]),
    pod("claiming", resourceClaims=[{"name": "gpu", "resourceClaimName": "one"}]),
    pod("broken", ready=False, containers=[container(securityContext={"privileged": True}, args=["--x"])]),
    daemon_set("plugin", desired=3, ready=2),
    stateful_set("prometheus", "monitoring"),
    replica_set(OPERATOR),
    job("train", parallelism=4, labels={"kueue.x-k8s.io/queue-name": "main"}),
    job("waiting", suspend=True),
    endpoint_slice(HOOK, PODS[1:]),
    endpoint_slice(HOOK, ready=1, unready=2),
    crd("rayclusters.ray.io", versions=("v1", "v1alpha1")),
    api_service("v1beta1.custom.metrics.k8s.io", of=service("adapter", "monitoring")),
    api_service("v1.apps", available=False),
    webhooks("validators", HOOK, "ray.io", ["rayclusters"]),
    webhooks("mutators", HOOK, "ray.io", ["rayclusters"], mutating=True),
    runtime_class("nvidia", **{"nvidia.com/gpu.present": "true"}),
    device_class("gpu.nvidia.com"),
    resource_slice("node-1", devices=2),
    resource_claim("one", reserved_for=PODS[1]),
    resource_claim("two", admin=True, allocated=False),
    hpa("by-metric", of=OPERATOR),
    hpa("by-external", of=OPERATOR, kind="External"),
    hpa("by-cpu", of=OPERATOR, kind="Resource", active=False),
    config_map("cluster-autoscaler-status", "kube-system", status="autoscalerStatus: Running"),
    event("scaled", OPERATOR, "SuccessfulRescale"),
]


@pytest.mark.parametrize("one", OBJECTS, ids=lambda one: f"{one['kind']}-{one['metadata']['name']}")
def test_a_built_in_object_passes_through_the_client_without_loss(one):
    assert plain(there_and_back(one)) == plain(one)
    assert strange_words(one) == []


def test_pods_lead_to_their_deployment_by_owner():
    set_, first, second = PODS
    assert first["metadata"]["ownerReferences"][0]["uid"] == set_["metadata"]["uid"]
    assert set_["metadata"]["ownerReferences"][0]["uid"] == OPERATOR["metadata"]["uid"]
    assert [first["spec"]["nodeName"], second["spec"]["nodeName"]] == ["node-1", "node-2"]


def test_a_pod_that_is_not_ready_is_no_ready_endpoint():
    slice_ = endpoint_slice(HOOK, [pod("one"), pod("two", ready=False)])
    assert [end["conditions"]["ready"] for end in slice_["endpoints"]] == [True, False]


def test_a_condition_has_text_for_status():
    assert [condition("Ready", status)["status"] for status in (True, False, "Unknown")] == ["True", "False", "Unknown"]


def test_a_cluster_serves_what_its_definitions_define():
    cluster = Cluster(version="v1.33.4").add(crd("rayclusters.ray.io"))
    rows = {(api["group"], api["resource"]) for api in cluster.apis()}
    assert ("ray.io", "rayclusters") in rows
    assert ("resource.k8s.io", "resourceslices") not in rows
    assert ("resource.k8s.io", "resourceslices") in {
        (api["group"], api["resource"]) for api in Cluster(version="v1.34.1").apis()
    }


def test_breaking_a_copy_leaves_the_cluster_whole():
    cluster = Cluster().add(*OBJECTS)
    copy = cluster.copy()
    copy.get("Deployment.apps", "operator", "ops")["spec"]["replicas"] = 0
    copy.remove("Pod", "alone", "default")
    assert cluster.get("Deployment.apps", "operator", "ops")["spec"]["replicas"] == 2
    assert len(copy.objects) == len(cluster.objects) - 1
    assert key_of(cluster.objects[0]) == "Deployment.apps"
