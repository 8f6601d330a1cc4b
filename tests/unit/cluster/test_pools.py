"""Which pods an inference pool has."""

from aiconf.cluster.pools import pool_members


def pool(name, selector):
    metadata = {"name": name, "namespace": "serving"}
    return {
        "apiVersion": "inference.networking.k8s.io/v1",
        "kind": "InferencePool",
        "metadata": metadata,
        "spec": {"selector": selector},
    }


def pod(name, labels, ready="True", namespace="serving"):
    metadata = {"name": name, "namespace": namespace, "labels": labels}
    status = {"phase": "Running", "conditions": [{"type": "Ready", "status": ready}]}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {}, "status": status}


def test_only_ready_pods_of_the_same_namespace_count(index):
    found = pool_members(
        index(
            pool("chat", {"matchLabels": {"app": "chat"}}),
            pod("a", {"app": "chat", "version": "1"}),
            pod("b", {"app": "chat"}),
            pod("starting", {"app": "chat"}, ready="False"),
            pod("elsewhere", {"app": "chat"}, namespace="other"),
            pod("another", {"app": "embed"}),
        )
    )
    assert found == {"serving/chat": 2}


def test_a_pool_without_labels_selects_nothing(index):
    found = pool_members(index(pool("empty", {"matchLabels": {}}), pool("none", {}), pod("a", {"app": "chat"})))
    assert found == {"serving/empty": 0, "serving/none": 0}
