"""Whose webhooks are an operator's."""

import pytest

IMAGES = {
    "kuberay-operator": "quay.io/kuberay/operator:v1.6.1",
    "kueue-controller-manager": "registry.k8s.io/kueue/kueue:v0.16.2",
}


def controller(name, namespace):
    template = {
        "metadata": {"labels": {"app": name}},
        "spec": {"containers": [{"name": "manager", "image": IMAGES[name]}]},
    }
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {"replicas": 1, "template": template},
        "status": {"availableReplicas": 1, "conditions": [{"type": "Available", "status": "True"}]},
    }


def webhook(namespace):
    rule = {"apiGroups": ["ray.io"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["rayclusters"]}
    client = {"service": {"namespace": namespace, "name": "hook"}, "caBundle": "LS0t"}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "MutatingWebhookConfiguration",
        "metadata": {"name": "hooks"},
        "webhooks": [{"name": "mraycluster.kb.io", "clientConfig": client, "rules": [rule], "failurePolicy": "Fail"}],
    }


def service(namespace, app):
    metadata = {"name": "hook", "namespace": namespace}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": {"selector": {"app": app}}}


@pytest.mark.parametrize(
    ("namespace", "behind", "own"),
    [
        ("ray", "kuberay-operator", True),
        ("ray", "something-unknown", True),
        ("ray", "kueue-controller-manager", False),  # both in one namespace
        ("elsewhere", "kuberay-operator", False),
    ],
)
def test_a_webhook_is_the_operator_s_when_the_operator_answers(cluster_fact, namespace, behind, own):
    found = cluster_fact(
        "operators",
        controller("kuberay-operator", "ray"),
        controller("kueue-controller-manager", "ray"),
        webhook(namespace),
        service(namespace, behind),
    )
    (ray,) = [one for one in found if one["component"] == "kuberay"]
    assert [hook["name"] for hook in ray["webhooks"]] == (["mraycluster.kb.io"] if own else [])
