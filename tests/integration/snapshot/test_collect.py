"""Collecting from an API server over a real socket, and what may go wrong on the way."""

from contextlib import closing

import pytest

from aiconf.errors import InputError
from aiconf.snapshot.collect import Collector
from aiconf.snapshot.index import Index
from aiconf.snapshot.transport import Patience, Transport, connector
from tests.clusters import Cluster, config_map, crd, event, node, pod, thing
from tests.replay import Fault, Replay

PODS = "/api/v1/pods"


def omitted(index, reason):
    return [entry for entry in index.omissions if entry["reason"] == reason]


@pytest.mark.parametrize("aggregated", [True, False], ids=["aggregated", "legacy"])
def test_discovery_old_and_new_leads_to_the_same_snapshot(cluster, serve, collect, aggregated):
    index = collect(serve(cluster, aggregated=aggregated))
    assert index.server == {"gitVersion": "v1.37.1", "major": "1", "minor": "37"}
    assert index.serves("ray.io", "v1", "rayclusters") is True
    assert index.serves("ray.io", "v2") is False
    assert {kind: index.count(kind) for kind in index.kinds()} == {
        "CustomResourceDefinition.apiextensions.k8s.io": 1,
        "Deployment.apps": 1,
        "Namespace": 2,
        "Node": 2,
        "Pod": 3,
        "RayCluster.ray.io": 1,
        "ReplicaSet.apps": 1,
        "Service": 1,
    }
    assert index.omissions == []
    assert index.metadata["complete"] is True


def test_objects_are_cut_down_but_say_what_they_are(cluster, serve, collect):
    index = collect(serve(cluster))
    trainer = index.find("Pod", "default", "trainer")
    assert (trainer["apiVersion"], trainer["kind"]) == ("v1", "Pod")
    assert trainer["spec"]["containers"][0]["resources"]["limits"] == {"nvidia.com/gpu": "2"}
    assert "resourceVersion" not in trainer["metadata"]
    assert "imageID" not in trainer["status"]["containerStatuses"][0]
    first = next(index.select("Pod", "ray-system", {"matchLabels": {"app": "kuberay-operator"}}))
    assert [owner["kind"] for owner in index.owners(first)] == ["ReplicaSet", "Deployment"]


def test_only_kinds_of_the_collection_are_listed_and_secrets_never(cluster, serve, collect, collection):
    server = serve(cluster.add(thing("v1", "Secret", "s", "default", data={"token": "x"})))
    collect(server)
    resources = {path.partition("?")[0].rpartition("/")[2] for path in server.requests if "limit=" in path}
    assert resources <= {kind.resource for kind in collection.kinds.values()}
    assert not [path for path in server.requests if "secret" in path.lower()]
    assert "secrets" not in resources


def test_lists_come_in_pages(serve, collect):
    server = serve(Cluster().add(node("node-1"), *(pod(f"pod-{n}") for n in range(25))), page=10)
    assert collect(server).count("Pod") == 25
    assert len([path for path in server.requests if path.startswith(f"{PODS}?")]) == 3


def test_a_list_that_expires_is_begun_again_and_nothing_is_doubled(serve, collect):
    server = serve(Cluster().add(*(pod(f"pod-{n}") for n in range(25))), page=10)
    server.faults.append(Fault(PODS, status=410, continued=True, after=1))
    index = collect(server)
    assert index.count("Pod") == 25
    assert index.omissions == []


def test_a_list_that_always_expires_is_an_omission_without_half_its_objects(serve, collect):
    server = serve(Cluster().add(node("node-1"), *(pod(f"pod-{n}") for n in range(25))), page=10)
    server.faults.append(Fault(PODS, status=410, continued=True, times=-1))
    index = collect(server)
    assert index.count("Pod") == 0
    assert [(entry["kind"], entry["status"]) for entry in omitted(index, "Expired")] == [("Pod", 410)]


def test_what_is_forbidden_is_an_omission_and_the_rest_goes_on(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/nodes", status=403, times=-1))
    index = collect(server)
    assert index.count("Node") == 0
    assert index.count("Pod") == 3
    [entry] = index.omissions
    assert entry == {
        "group": "",
        "version": "v1",
        "kind": "Node",
        "resource": "nodes",
        "namespace": None,
        "status": 403,
        "reason": "Forbidden",
        "message": "Forbidden: as the test asks for",
    }
    assert index.omitted("Node") == [entry]
    assert index.omitted("Pod") == []
    assert index.metadata["complete"] is False


def test_a_kind_that_goes_away_meanwhile_is_no_omission(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault("/apis/ray.io/v1/rayclusters", status=404, times=-1))
    assert collect(server).omissions == []


def test_too_many_requests_waits_as_long_as_the_server_asks(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, status=429, headers={"Retry-After": "3"}))
    server.faults.append(Fault("/api/v1/nodes", status=429, headers={"Retry-After": "4000"}))
    index = collect(server)
    assert (index.count("Pod"), index.count("Node")) == (3, 2)
    assert sorted(collect.waits) == [3.0, 5.0]  # no longer than the patience


def test_server_errors_are_asked_again_with_growing_waits(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, status=503, times=2))
    assert collect(server).count("Pod") == 3
    assert collect.waits == [0.25, 0.5]


def test_lasting_server_errors_are_an_omission(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, status=500, times=-1))
    index = collect(server)
    assert [(e["kind"], e["status"], e["reason"]) for e in index.omissions] == [("Pod", 500, "InternalError")]


def test_a_connection_that_dies_in_the_middle_of_an_answer_is_opened_again(cluster, serve, collect):
    server = serve(cluster)
    server.faults += [Fault(PODS, cut=True), Fault("/apis", cut=True), Fault("/version", cut=True)]
    index = collect(server)
    assert index.count("Pod") == 3
    assert index.omissions == []


@pytest.mark.parametrize("body", [b'{"items": [', b'{"items": [{"metadata": {"name": 7}}', b"<html>proxy</html>", b""])
def test_an_answer_that_is_no_list_is_an_omission(cluster, serve, collect, body):
    server = serve(cluster)
    server.faults.append(Fault(PODS, body=body, times=-1))
    index = collect(server)
    assert [(entry["kind"], entry["reason"]) for entry in index.omissions] == [("Pod", "Malformed")]


def test_objects_of_wrong_shapes_are_left_out_and_named(cluster, serve, collect):
    server = serve(cluster)
    body = b'{"kind":"PodList","items":[{"metadata":{"name":"ok"}},{"metadata":{"name":"x"},"spec":7},null,[]]}'
    server.faults.append(Fault(PODS, body=body, times=-1))
    index = collect(server)
    assert index.count("Pod") == 1
    assert [entry["reason"] for entry in index.omissions] == ["Malformed"] * 3
    assert "$.spec" in index.omissions[0]["message"]


def test_a_silent_server_is_left_after_a_while(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, delay=1.5, times=-1))
    impatient = Patience(attempts=2, connect=1.0, silence=0.3, total=2.0, backoff=0.1)
    index = collect(server, patience=impatient)
    assert [(entry["kind"], entry["status"]) for entry in omitted(index, "ConnectionFailed")] == [("Pod", None)]
    assert index.count("Node") == 2


def test_a_server_that_trickles_is_left_after_a_while(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, drip=True, times=-1))
    impatient = Patience(attempts=1, connect=1.0, silence=1.0, total=0.5)
    assert [entry["kind"] for entry in omitted(collect(server, patience=impatient), "ConnectionFailed")] == ["Pod"]


def test_a_server_that_has_gone_is_not_asked_for_every_kind(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault("/apis/*", cut=True, times=-1))
    index = collect(server)
    asked = {path.partition("?")[0] for path in server.requests if path.startswith("/apis/")}
    assert len(asked) == 3
    assert len(omitted(index, "ConnectionFailed")) > len(asked)
    assert index.count("Pod") == 3


def test_an_endless_answer_is_left(cluster, serve, collect):
    server = serve(cluster)
    server.faults.append(Fault(PODS, body=b'{"items":[' + b" " * 3_000_000 + b"]}", times=-1))
    index = collect(server, patience=Patience(attempts=1, size=1_000_000))
    assert [entry["kind"] for entry in omitted(index, "ConnectionFailed")] == ["Pod"]
    assert "had not ended" in index.omissions[0]["message"]


def test_a_list_that_never_ends_is_an_omission(cluster, serve, collect):
    server = serve(cluster)
    body = b'{"metadata":{"continue":"again"},"items":[{"metadata":{"name":"x"}}]}'
    server.faults.append(Fault(PODS, body=body, times=-1))
    assert [entry["kind"] for entry in omitted(collect(server), "Endless")] == ["Pod"]


def test_an_expired_token_is_renewed_once(cluster, serve, collection, tmp_path):
    server = serve(cluster, token="new")
    connects = [connector(server.kubeconfig(tmp_path / token, token=token), None) for token in ("old", "new")]
    with closing(Transport(lambda: connects.pop(0)())) as transport:  # noqa: PLW0108 - the list changes between calls
        assert len(Collector(transport, collection).collect().items) == 12
    assert connects == []


def test_a_token_that_expires_on_the_way_leaves_what_was_read(cluster, serve, collect):
    server = serve(cluster, token="secret")
    server.faults.append(Fault("/apis/*", status=401, times=-1))
    index = collect(server)
    assert index.count("Pod") == 3
    assert {entry["status"] for entry in omitted(index, "Unauthorized")} == {401}
    assert len(omitted(index, "Unauthorized")) > 10


def test_refused_credentials_are_an_error_and_not_an_empty_snapshot(cluster, serve, collect):
    server = serve(cluster, token="right")
    server.faults.append(Fault("*", status=401, times=-1))
    with pytest.raises(InputError, match="cannot be read"):
        collect(server)


def test_a_token_that_expires_right_behind_discovery_is_an_error(cluster, serve, collect):
    server = serve(cluster)
    server.faults += [Fault("/api/*", status=401, times=-1), Fault("/apis/*", status=401, times=-1)]
    with pytest.raises(InputError, match="credentials were refused"):
        collect(server)


def test_a_cluster_that_is_not_there_is_an_error(cluster, collect):
    with Replay(cluster) as server:
        pass
    with pytest.raises(InputError, match=r"the cluster cannot be read: .*refused"):
        collect(server)


def test_namespaces_limit_what_lies_in_namespaces_and_the_snapshot_says_so(cluster, serve, collect):
    server = serve(cluster)
    index = collect(server, "ray-system", "ray-system")
    assert {meta["metadata"]["namespace"] for meta in index.each("Pod")} == {"ray-system"}
    assert index.count("Node") == 2
    assert index.metadata["namespaces"] == ["ray-system"]
    assert [entry["reason"] for entry in index.omitted("Pod")] == ["NotRequested"]
    assert index.omitted("Node") == []
    assert not [path for path in server.requests if path.startswith(f"{PODS}?")]


def test_a_group_whose_discovery_fails_hides_its_kinds(cluster, serve, collect):
    server = serve(cluster, aggregated=False)
    server.faults.append(Fault("/apis/ray.io/*", status=503, times=-1))
    index = collect(server)
    assert {entry["kind"] for entry in index.omissions} >= {"RayCluster", "RayJob", "RayService"}
    assert [entry["reason"] for entry in index.omitted("RayCluster.ray.io")] == ["ServiceUnavailable"]
    assert index.omitted("Pod") == []


def test_named_config_maps_and_events_with_a_reason_are_selected_by_the_server(cluster, serve, collect):
    about = cluster.get("Deployment.apps", "kuberay-operator", "ray-system")
    cluster.add(
        config_map("cluster-autoscaler-status", "kube-system", status="autoscalerStatus: Running\nsecret: x\n"),
        config_map("kube-root-ca.crt", "default", **{"ca.crt": "x"}),
        event("one", about, "SuccessfulRescale"),
        event("two", about, "Pulled"),
    )
    server = serve(cluster)
    index = collect(server)
    assert [one["metadata"]["name"] for one in index.each("ConfigMap")] == ["cluster-autoscaler-status"]
    assert next(index.each("ConfigMap"))["data"] == {"status": '{"autoscalerStatus":"Running"}'}
    assert [one["reason"] for one in index.each("Event")] == ["SuccessfulRescale"]
    assert not [path for path in server.requests if path.endswith("/events?limit=500")]


def test_config_maps_are_found_by_the_globs_of_their_names_and_no_other_data_is_asked_for(cluster, serve, collect):
    conf = {"volcano-scheduler.conf": "tiers: [{plugins: [{name: gang, password: x}]}]"}
    cluster.add(
        config_map("batch-scheduler-configmap", "batch", **conf),
        config_map("secretive", "batch", **conf),
    )
    server = serve(cluster)
    index = collect(server)
    assert [one["metadata"]["name"] for one in index.each("ConfigMap")] == ["batch-scheduler-configmap"]
    assert next(index.each("ConfigMap"))["data"] == {
        "volcano-scheduler.conf": '{"tiers":[{"plugins":[{"name":"gang"}]}]}'
    }
    asked = zip(server.requests, server.headers, strict=True)
    (accept,) = [headers["Accept"] for path, headers in asked if path.endswith("/configmaps?limit=500")]
    assert "as=PartialObjectMetadataList" in accept.split(",")[0]
    assert not [path for path in server.requests if "secretive" in path]


def test_where_names_may_not_be_listed_the_usual_ones_are_asked_for_and_the_rest_is_omitted(cluster, serve, collect):
    cluster.add(config_map("cluster-autoscaler-status", "kube-system", status="autoscalerStatus: Running\n"))
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/configmaps", status=403, whole=True))
    index = collect(server)
    assert [one["metadata"]["name"] for one in index.each("ConfigMap")] == ["cluster-autoscaler-status"]
    (entry,) = index.omitted("ConfigMap")
    assert entry["status"] == 403
    assert entry["message"].startswith("only those under their usual names were asked for")


def test_thousands_of_definitions_are_read_in_small_pages(serve, collect):
    server = serve(Cluster().add(*(crd(f"things{n}.example.org") for n in range(2000))))
    index = collect(server)
    assert index.count("CustomResourceDefinition.apiextensions.k8s.io") == 2000
    assert index.serves("example.org", "v1", "things1999") is True
    assert len([path for path in server.requests if "customresourcedefinitions" in path]) == 40


def test_the_version_is_chosen_that_the_collection_prefers(serve, collect):
    cluster = Cluster(version="v1.33.4")
    cluster.served += [
        (f"resource.k8s.io/{version}", "ResourceSlice", "resourceslices", False) for version in ("v1beta1", "v1beta2")
    ]
    server = serve(cluster)
    collect(server)
    assert [path for path in server.requests if "resourceslices" in path] == [
        "/apis/resource.k8s.io/v1beta2/resourceslices?limit=500"
    ]


def test_metrics_of_an_adapter_are_among_the_apis(cluster, serve, collect):
    api = "custom.metrics.k8s.io/v1beta1"
    cluster.served.append((api, "MetricValueList", "pods/DCGM_FI_DEV_GPU_UTIL", True))
    for aggregated in (True, False):
        index = collect(serve(cluster, aggregated=aggregated))
        assert index.serves("custom.metrics.k8s.io", "v1beta1", "pods/DCGM_FI_DEV_GPU_UTIL") is True


def test_tls_and_tokens_work_as_the_kubeconfig_says(cluster, serve, certificate, authority, collection, tmp_path):
    server = serve(cluster, token="secret", certificate=certificate)
    good = server.kubeconfig(tmp_path / "good", ca=authority.cert_pem.bytes())
    with closing(Transport(connector(good, "replay"))) as transport:
        assert len(Collector(transport, collection).collect().items) == 12
    bad = server.kubeconfig(tmp_path / "bad")
    with (
        closing(Transport(connector(bad, None), Patience(attempts=1))) as transport,
        pytest.raises(InputError, match=r"(?i)certificate"),
    ):
        Collector(transport, collection).collect()


def test_requests_are_all_reads_that_name_who_asks(cluster, serve, collect):
    server = serve(cluster)
    collect(server)
    assert all("python" in headers["User-Agent"].lower() for headers in server.headers)


def test_a_real_cluster_can_be_collected(real_kubeconfig, collection):
    with closing(Transport(connector(real_kubeconfig, None))) as transport:
        index = Index(Collector(transport, collection).collect())
    assert index.count("Node") + len(index.omitted("Node")) > 0
    assert index.serves("apps", "v1", "deployments") is True
