"""The clusters of tests/clusters are what an API server could return, and their snapshots are fresh."""

import functools
import json
from typing import Any

import pytest

from tests.clusters.catalog import CLUSTERS, FOLDER, snapshot_text
from tests.clusters.models import is_built_in, plain, strange_words, there_and_back

LIMIT = 250 * 1024


@functools.cache
def made(name):
    return CLUSTERS[name]()


@pytest.fixture(params=CLUSTERS)
def cluster(request):
    return made(request.param)


def of_kind(cluster, *kinds):
    return [one for one in cluster.objects if one["kind"] in kinds]


def place(one):
    return one["metadata"].get("namespace"), one["metadata"]["name"]


@pytest.mark.parametrize("name", CLUSTERS)
def test_the_snapshot_is_fresh(name):
    # When it is not: python -m tests.clusters --write, and review the diff.
    text = (FOLDER / f"{name}.json").read_bytes()
    assert snapshot_text(made(name)).decode() == text.decode()
    assert len(text) < LIMIT
    assert json.loads(text)["omissions"] == []


def test_built_in_objects_pass_through_the_client_without_loss(cluster):
    built_in = [one for one in cluster.objects if is_built_in(one)]
    assert len(built_in) > 50
    for one in built_in:
        assert plain(there_and_back(one)) == plain(one), place(one)
        assert strange_words(one) == [], place(one)


def test_every_object_is_there_once(cluster):
    names = [(one["apiVersion"], one["kind"], *place(one)) for one in cluster.objects]
    assert len(names) == len(set(names))


def test_every_kind_is_served(cluster):
    served = {("/".join(filter(None, (api["group"], api["version"]))), api["kind"]) for api in cluster.apis()}
    assert {(one["apiVersion"], one["kind"]) for one in cluster.objects} <= served


def test_namespaces_are_there(cluster):
    there = {one["metadata"]["name"] for one in of_kind(cluster, "Namespace")}
    assert {one["metadata"]["namespace"] for one in cluster.objects if "namespace" in one["metadata"]} <= there


def test_owners_are_there(cluster):
    known = {one["metadata"]["uid"]: one for one in cluster.objects}
    for one in cluster.objects:
        for owner in one["metadata"].get("ownerReferences", ()):
            found = known[owner["uid"]]
            assert (found["apiVersion"], found["kind"], found["metadata"]["name"]) == (
                owner["apiVersion"],
                owner["kind"],
                owner["name"],
            )


def test_pods_run_on_nodes_that_are_there(cluster):
    nodes = {one["metadata"]["name"] for one in of_kind(cluster, "Node")}
    assert {one["spec"]["nodeName"] for one in of_kind(cluster, "Pod")} <= nodes


def test_as_many_pods_run_as_workloads_say(cluster):
    owners: dict[str, list[Any]] = {}
    for one in of_kind(cluster, "Pod", "ReplicaSet"):
        for owner in one["metadata"].get("ownerReferences", ()):
            owners.setdefault(owner["uid"], []).append(one)
    for one in of_kind(cluster, "ReplicaSet", "StatefulSet", "DaemonSet"):
        wanted = one["spec"].get("replicas", one["status"].get("desiredNumberScheduled"))
        assert len(owners[one["metadata"]["uid"]]) == wanted, place(one)
    for one in of_kind(cluster, "Deployment"):
        (below,) = owners[one["metadata"]["uid"]]
        assert below["spec"]["replicas"] == one["spec"]["replicas"]


def test_selectors_of_services_match_the_pods_of_their_endpoints(cluster):
    pods = {place(one): one for one in of_kind(cluster, "Pod")}
    services = {place(one): one for one in of_kind(cluster, "Service")}
    for one in of_kind(cluster, "EndpointSlice"):
        space = one["metadata"]["namespace"]
        service = services[space, one["metadata"]["labels"]["kubernetes.io/service-name"]]
        wanted = service["spec"]["selector"].items()
        targets = [(space, end["targetRef"]["name"]) for end in one["endpoints"]]
        matching = [key for key, pod in pods.items() if key[0] == space and wanted <= pod["metadata"]["labels"].items()]
        assert sorted(targets) == sorted(matching)
        assert targets


def test_services_that_something_calls_are_there(cluster):
    services = {place(one) for one in of_kind(cluster, "Service")}
    called = [one["spec"].get("service") for one in of_kind(cluster, "APIService")]
    for one in of_kind(cluster, "ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        called += [hook["clientConfig"]["service"] for hook in one["webhooks"]]
    assert {(one["namespace"], one["name"]) for one in called if one} <= services


def test_metrics_are_those_of_running_pods(cluster):
    pods = {place(one): one for one in of_kind(cluster, "Pod")}
    for space, name, port, _ in cluster.metrics:
        pod = pods[space, name]
        assert pod["status"]["phase"] == "Running"
        ports = [each["containerPort"] for part in pod["spec"]["containers"] for each in part["ports"]]
        assert port in ports


def test_a_wrong_type_or_an_unknown_field_would_be_noticed():
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "one"}, "spec": {"containers": [], "hostPid": True}}
    assert plain(there_and_back(pod)) != plain(pod)
    pod["spec"] = {"containers": [], "hostPID": "yes"}
    with pytest.raises(ValueError, match="hostPID"):
        there_and_back(pod)
