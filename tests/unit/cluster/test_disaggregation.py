"""Which pods take the role of prefill and decode."""

import pytest

from tests.clusters import condition, pod

ROLE = "llm-d.ai/role"


def worker(name, role, namespace="serving", *, ready=True):
    one = pod(name, namespace)
    one["metadata"]["labels"] = {ROLE: role}
    one["status"] = {"phase": "Running", "conditions": [condition("Ready", ready)]}
    return one


def test_roles_and_readiness_are_told_apart(cluster_fact):
    (found,) = cluster_fact("disaggregated", worker("p", "prefill"), worker("d", "decode", ready=False))
    assert (found["stack"], found["prefill"], found["decode"]) == (
        "llm-d",
        ["v1 Pod serving/p"],
        ["v1 Pod serving/d"],
    )
    assert (found["ready_prefill"], found["ready_decode"]) == (["v1 Pod serving/p"], [])


def test_namespaces_do_not_complete_each_other(cluster_fact):
    found = cluster_fact("disaggregated", worker("p", "prefill", "a"), worker("d", "decode", "b"))
    assert [(one["namespace"], len(one["prefill"]), len(one["decode"])) for one in found] == [("a", 1, 0), ("b", 0, 1)]


@pytest.mark.parametrize("role", ["both", "prefill-decode", "router", ""])
def test_a_pod_with_both_roles_or_none_splits_nothing(cluster_fact, role):
    assert cluster_fact("disaggregated", worker("p", role)) == []
