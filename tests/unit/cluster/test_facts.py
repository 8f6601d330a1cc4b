"""The roots, and that each costs only what is asked for."""

import pytest

from aiconf.cluster.facts import snapshot_facts
from aiconf.snapshot.format import Snapshot
from aiconf.snapshot.index import Index
from aiconf.snapshot.redact import redact_names
from tests.clusters import (
    Cluster,
    crd,
    daemon_set,
    deployment,
    endpoint_slice,
    node,
    pod,
    pods_of,
    resource_slice,
    service,
    webhooks,
)

ROOTS = {"cluster", "components", "metrics", "results", "omissions"}


def test_all_roots_are_there_and_plain(facts):
    found = facts(Cluster(version="v1.36.1-eks-1").add(node("n")))
    assert found.keys() == ROOTS
    assert found["cluster"].keys() == {
        *("version", "git_version", "collected_at", "complete", "distribution", "distributions", "providers", "nodes"),
        *("accelerator_nodes", "bare_accelerator_nodes", "devices", "stale_slices", "accelerator_drivers", "fakes"),
        *("endpoints", "webhooks", "api_services", "apis", "exposures", "agent_exposures"),
        *("admin_claims", "usable_admin_claims", "shared_claims"),
        *(
            "accelerator_pods",
            "share_pods",
            "attached_pods",
            "class_pods",
            "exporter_pods",
            "allocations",
            "metric_coverage",
        ),
        *(
            "configuration",
            "unread_configuration",
            "operators",
            "gateway_classes",
            "gateways",
            "pool_members",
            "disaggregated",
        ),
        *("node_groups", "pod_autoscalers", "collectors", "monitors"),
    }
    assert found["cluster"]["version"] == "v1.36"
    assert found["cluster"]["git_version"] == "v1.36.1-eks-1"
    assert found["cluster"]["collected_at"] == "2026-11-02T09:00:00Z"
    assert found["cluster"]["complete"] is True
    assert "v1/nodes" in found["cluster"]["apis"]
    assert "resource.k8s.io/v1/deviceclasses" in found["cluster"]["apis"]


def test_an_empty_snapshot_knows_nothing(tables):
    found = snapshot_facts(Index(Snapshot()), tables)["cluster"]
    assert (found["version"], found["git_version"], found["apis"], found["complete"]) == (None, None, None, False)


@pytest.mark.parametrize(
    ("server", "expected"),
    [
        ({"gitVersion": None, "major": "1", "minor": "30+"}, "v1.30"),
        ({"gitVersion": "v1.36.1-gke.1", "major": "1", "minor": "35"}, "v1.36"),
        ({"gitVersion": "odd", "major": None, "minor": None}, None),
    ],
)
def test_the_version_is_the_server_s_minor(tables, server, expected):
    snapshot = Snapshot()
    snapshot.server = server
    assert snapshot_facts(Index(snapshot), tables, ["cluster.version"])["cluster"] == {"version": expected}


def test_an_omission_makes_a_snapshot_incomplete_and_hides_counts(facts, omitted):
    hidden = omitted("Node")
    found = facts(pod("p"), omissions=[hidden])
    assert found["cluster"]["complete"] is False
    assert found["cluster"]["nodes"] == dict.fromkeys(("total", "accelerator", "control_plane", "fake"))
    assert [one["kind"] for one in found["omissions"]] == ["Node"]


def test_control_plane_nodes_are_counted(cluster_fact):
    labels = {"node-role.kubernetes.io/control-plane": ""}
    assert cluster_fact("nodes", node("c", labels=labels), node("w"))["control_plane"] == 1


@pytest.mark.parametrize(
    ("wanted", "roots", "keys"),
    [
        (["cluster.webhooks"], {"cluster"}, {"webhooks"}),
        (["cluster.nodes.total", "components"], {"cluster", "components"}, {"nodes"}),
        (["cluster"], {"cluster"}, None),
        (["results", "omissions", "submission.path"], {"results", "omissions"}, None),
        ([], set(), None),
    ],
)
def test_only_what_is_wanted_is_given(facts, wanted, roots, keys):
    found = facts(node("n"), wanted=wanted)
    assert found.keys() == roots
    if keys:
        assert found["cluster"].keys() == keys


def test_what_is_not_wanted_costs_nothing(index, tables, monkeypatch):
    one = index(node("n"), pod("p"))
    monkeypatch.setattr(Index, "each", lambda *_, **__: pytest.fail("something was decoded"))
    assert snapshot_facts(one, tables, ["cluster.version", "cluster.apis"])["cluster"]["version"] == "v1.37"


def test_replacing_names_changes_no_fact(index, tables, collection):
    """What detection rests on is public, and what belongs together is replaced alike."""
    plugin = daemon_set("nvidia-device-plugin-daemonset", "gpu-operator", image="nvcr.io/nvidia/k8s-device-plugin:v1.0")
    kueue = deployment("kueue-controller-manager", "secret-place", image="hub.example/app:v1")
    bad = deployment("secret-app", "secret-place", hostPID=True)
    hook = service("secret-hook", "secret-place")
    objects = [
        *(node("secret-node", gpus=2), resource_slice("secret-node", devices=2), plugin, kueue, bad, hook),
        *(crd("clusterqueues.kueue.x-k8s.io"), endpoint_slice(hook), webhooks("secret", hook, "ray.io", ["rayjobs"])),
        *(*pods_of(bad, ["secret-node"]), *pods_of(plugin, ["secret-node"])),
    ]
    before = index(Cluster(version="v1.36.1-eks-1").add(*objects))
    snapshot = Snapshot(before.metadata, before.server, before.apis)
    snapshot.items = [item for kind in before.kinds() for item in before._items[kind]]
    after = Index(redact_names(snapshot, collection, b"k" * 32))
    seen = [_without_names(snapshot_facts(one, tables)) for one in (before, after)]
    assert seen[0] == seen[1]
    assert "secret-" not in str(snapshot_facts(after, tables))


def _without_names(found):
    cluster = found["cluster"]
    return (
        [(one["id"], one["ready"], one["version"]) for one in found["components"]],
        cluster["distribution"],
        [(one["devices"], one["by"], one["fake"]) for one in cluster["accelerator_nodes"]],
        [(one["kind"], one["detail"]) for one in cluster["exposures"]],
        [(one["works"], one["endpoints"]) for one in cluster["webhooks"]],
    )


def test_results_are_passed_on(index, tables):
    row = {
        "suite": "go",
        "test": "TestX",
        "requirement": "dra_support",
        "outcome": "passed",
        "time": None,
        "source": "a",
    }
    assert snapshot_facts(index(node("n"), results=[row]), tables, ["results"])["results"] == [row]
