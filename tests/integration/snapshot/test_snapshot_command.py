"""`aiconf snapshot` as a user meets it."""

import gzip
import json
import os
import signal
import subprocess
import sys
import time

import pytest
import yaml
from kubernetes import client

from aiconf.cli import run
from aiconf.snapshot.zstd import library
from tests.clusters import container, deployment, pod, pods_of, thing
from tests.replay import Fault

METRICS = """# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",pod="trainer",namespace="default"} 87
DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1"} 671
go_gc_duration_seconds{quantile="0"} 1
"""


@pytest.fixture
def exporter():
    return pod(
        "dcgm-abcde",
        "gpu-operator",
        node="gpu-1",
        containers=[
            container(
                image="registry.example/nvidia/k8s/dcgm-exporter:4.5.3",
                ports=[{"name": "metrics", "containerPort": 9400}],
            )
        ],
    )


@pytest.fixture
def snapshot(serve, cluster, tmp_path, capsys):
    """Run the command against a cluster: exit code, the document (None when there is none), standard error."""

    def go(*arguments, server=None, output="snapshot.json"):
        server = server or serve(cluster)
        config = server.kubeconfig(tmp_path / "kubeconfig")
        path = tmp_path / output
        code = run(["snapshot", "--kubeconfig", config, "-o", str(path), *map(str, arguments)])
        document = json.loads(path.read_bytes()) if path.is_file() and output.endswith(".json") else None
        return code, document, capsys.readouterr().err

    return go


def test_a_snapshot_has_every_key_of_the_format(snapshot):
    code, document, err = snapshot()
    assert code == 0
    assert list(document) == ["format", "metadata", "server", "apis", "objects", "metrics", "results", "omissions"]
    assert document["format"] == "aiconf/snapshot/v1"
    assert document["metadata"]["collector"].startswith("aiconf ")
    assert document["metadata"]["collectedAt"].endswith("Z")
    assert set(document["apis"][0]) == {"group", "version", "kind", "resource", "namespaced", "verbs"}
    assert [entry["reason"] for entry in document["omissions"]] == ["NotRequested"]  # the metrics
    assert "12 objects" in err


def test_compressed_snapshots_hold_the_same(snapshot, tmp_path):
    plain = snapshot()[1]
    for ending, opener in (
        ("gz", gzip.decompress),
        ("zst", library().decompress),
    ):
        assert snapshot(output=f"snapshot.json.{ending}")[0] == 0
        packed = json.loads(opener((tmp_path / f"snapshot.json.{ending}").read_bytes()))
        assert packed["objects"] == plain["objects"]


def test_what_is_not_read_is_named_on_standard_error(snapshot, serve, cluster):
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/nodes", status=403, times=-1))
    code, document, err = snapshot(server=server)
    assert code == 0
    assert "not read: nodes: " in err
    assert document["metadata"]["complete"] is False


def test_a_cluster_that_cannot_be_read_ends_with_2_and_without_a_file(snapshot, serve, cluster, tmp_path):
    server = serve(cluster)
    server.faults.append(Fault("*", status=401, times=-1))
    code, document, err = snapshot(server=server)
    assert (code, document) == (2, None)
    assert err.startswith("error: the cluster cannot be read")
    assert [path.name for path in tmp_path.iterdir()] == ["kubeconfig"]


@pytest.mark.parametrize("arguments", [("--context", "nowhere"), ("--kubeconfig", "/nowhere/at/all")])
def test_a_kubeconfig_that_leads_nowhere_is_a_clear_error(arguments, serve, cluster, tmp_path, capsys):
    config = serve(cluster).kubeconfig(tmp_path / "kubeconfig")
    assert run(["snapshot", "--kubeconfig", config, *arguments]) == 2
    assert capsys.readouterr().err.startswith("error: no cluster to connect to: ")


def test_a_place_that_cannot_be_written_is_a_clear_error(serve, cluster, tmp_path, capsys):
    config = serve(cluster).kubeconfig(tmp_path / "kubeconfig")
    assert run(["snapshot", "--kubeconfig", config, "-o", str(tmp_path / "no" / "folder.json")]) == 2
    assert "cannot write" in capsys.readouterr().err


def test_standard_output_gets_the_snapshot_alone(serve, cluster, tmp_path, capfdbinary):
    config = serve(cluster).kubeconfig(tmp_path / "kubeconfig")
    assert run(["snapshot", "--kubeconfig", config, "-q", "-o", "-"]) == 0
    out, err = capfdbinary.readouterr()
    assert json.loads(out)["format"] == "aiconf/snapshot/v1"
    assert err == b""


def test_interrupting_leaves_no_file_and_ends_with_130(serve, cluster, tmp_path):
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/pods", delay=5, times=-1))
    config = server.kubeconfig(tmp_path / "kubeconfig")
    before = {path.name for path in tmp_path.iterdir()}
    running = subprocess.Popen(
        [sys.executable, "-m", "aiconf", "snapshot", "--kubeconfig", config, "-o", str(tmp_path / "out.json")],
        stderr=subprocess.PIPE,
    )
    deadline = time.monotonic() + 30
    while not any(path.startswith("/api/v1/pods") for path in server.requests) and time.monotonic() < deadline:
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=30)
    assert running.returncode == 130
    assert err.decode().strip() == "Interrupted."
    assert {path.name for path in tmp_path.iterdir()} == before


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals here")
def test_progress_is_shown_on_a_terminal_only(serve, cluster, tmp_path):
    config = serve(cluster).kubeconfig(tmp_path / "kubeconfig")
    ours, theirs = os.openpty()
    subprocess.run(
        [sys.executable, "-m", "aiconf", "snapshot", "--kubeconfig", config, "-o", str(tmp_path / "out.json")],
        stderr=theirs,
        check=True,
        timeout=60,
    )
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert "reading pods 3" in shown
    assert "12 objects" in shown


def test_results_are_attached(snapshot, tmp_path):
    path = tmp_path / "results.json"
    path.write_text(
        '{"Time":"2026-11-01T10:00:00Z","Action":"pass","Package":"p/test","Test":"TestGangScheduling","Elapsed":3}\n'
    )
    document = snapshot("--results", path)[1]
    assert document["results"] == [
        {
            "suite": "p/test",
            "test": "TestGangScheduling",
            "requirement": "gang_scheduling",
            "outcome": "passed",
            "time": "2026-11-01T10:00:00Z",
            "source": str(path),
        }
    ]


def test_a_file_without_results_stops_before_the_cluster_is_asked(snapshot, serve, cluster, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no results")
    server = serve(cluster)
    code, document, err = snapshot("--results", path, server=server)
    assert (code, document, server.requests) == (2, None, [])
    assert "holds no test results" in err


def test_metrics_are_scraped_through_the_pod_proxy_and_cut_down_to_samples(snapshot, serve, cluster, exporter):
    cluster.add(exporter)
    cluster.metrics["gpu-operator", "dcgm-abcde", 9400, "/metrics"] = METRICS
    document = snapshot("--metrics", server=serve(cluster))[1]
    assert document["metrics"] == [
        {
            "source": {
                "kind": "Pod",
                "namespace": "gpu-operator",
                "name": "dcgm-abcde",
                "port": 9400,
                "path": "/metrics",
            },
            "text": "\n".join(METRICS.splitlines()[2:4]),
        }
    ]
    assert document["omissions"] == []


def test_no_more_pods_of_an_exporter_are_asked_than_its_bound(snapshot, serve, cluster, exporter):
    for number in range(30):
        name = f"dcgm-{number}"
        cluster.add({**exporter, "metadata": {**exporter["metadata"], "name": name, "uid": name}})
        cluster.metrics["gpu-operator", name, 9400, "/metrics"] = METRICS
    server = serve(cluster)
    assert len(snapshot("--metrics", server=server)[1]["metrics"]) == 16
    assert len([path for path in server.requests if "/proxy/" in path]) == 16


@pytest.mark.parametrize(("status", "asked"), [(403, 1), (404, 2)])
def test_metrics_that_cannot_be_read_are_omissions_of_the_proxy_and_not_of_pods(
    snapshot, serve, cluster, exporter, status, asked
):
    cluster.add(exporter, {**exporter, "metadata": {**exporter["metadata"], "name": "dcgm-2", "uid": "2"}})
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/namespaces/gpu-operator/pods/*", status=status, times=-1))
    document = snapshot("--metrics", server=server)[1]
    assert [(entry["kind"], entry["resource"], entry["status"]) for entry in document["omissions"]] == [
        ("PodProxyOptions", "pods/proxy", status)
    ] * asked


def test_redacted_names_stand_nowhere_and_stay_consistent(snapshot, serve, cluster, exporter):
    private = ["acme-prod", "acme-llm", "gpu-1", "node-7.rack-3.acme.example", "acme-queue"]
    operator = deployment("acme-llm", "acme-prod", replicas=1)
    cluster.add(
        operator,
        *pods_of(operator, ["gpu-1"]),
        thing("v1", "Node", private[3], labels={"kubernetes.io/hostname": "node-7", "zone": "a"}, spec={}, status={}),
        thing(
            "ray.io/v1", "RayCluster", "acme-queue", "acme-prod", spec={},
            status={"state": "failed", "conditions": [
                {"type": "Ready", "status": "False", "reason": "x",
                 "message": "no acme-llm.acme-prod.svc on node-7.rack-3.acme.example, see acme-prod/acme-queue"}]},
        ),
        exporter,
    )  # fmt: skip
    pods = [one for one in cluster.objects if one["kind"] == "Pod" and one["metadata"]["namespace"] == "acme-prod"]
    private.append(pods[0]["metadata"]["name"])
    cluster.metrics["gpu-operator", "dcgm-abcde", 9400, "/metrics"] = METRICS.replace("trainer", private[-1]).replace(
        '"default"', '"acme-prod"'
    )
    server = serve(cluster)
    server.faults.append(Fault("/api/v1/services", status=403, times=-1))
    code, document, _ = snapshot("--redact", "names", "--metrics", server=server)
    text = json.dumps(document)
    assert code == 0
    assert [name for name in [*private, "node-7"] if name in text] == []

    objects = {(one["kind"], one["metadata"]["uid"]): one for one in document["objects"]}
    mine = objects["Pod", pods[0]["metadata"]["uid"]]
    owner = mine["metadata"]["ownerReferences"][0]
    assert objects["ReplicaSet", owner["uid"]]["metadata"]["name"] == owner["name"]
    assert mine["spec"]["nodeName"] in {one["metadata"]["name"] for (kind, _), one in objects.items() if kind == "Node"}
    above = objects["Deployment", operator["metadata"]["uid"]]["metadata"]
    assert mine["metadata"]["labels"]["app"] == above["name"]
    assert mine["metadata"]["namespace"] == above["namespace"]
    assert f'pod="{mine["metadata"]["name"]}"' in document["metrics"][0]["text"]
    ray = next(one for one in document["objects"] if "failed" in json.dumps(one))
    assert f"{above['name']}.{above['namespace']}.svc" in ray["status"]["conditions"][0]["message"]


def test_public_names_survive_redaction(snapshot):
    document = snapshot("--redact", "names")[1]
    names = {one["metadata"]["name"] for one in document["objects"]}
    assert {"kuberay-operator", "rayclusters.ray.io", "default"} <= names
    assert "trainer" not in names


def test_two_redactions_share_no_token(snapshot):
    first, second = ({one["metadata"]["name"] for one in snapshot("--redact", "names")[1]["objects"]} for _ in range(2))
    assert first & second == {"kuberay-operator", "rayclusters.ray.io", "default"}


def test_the_printed_role_allows_just_what_is_asked_for(serve, cluster, collect, capsys, collection):
    assert run(["snapshot", "--print-rbac"]) == 0
    documents = list(yaml.safe_load_all(capsys.readouterr().out))
    assert [one["kind"] for one in documents] == [
        "Namespace",
        "ServiceAccount",
        "ClusterRole",
        "ClusterRoleBinding",
        "Job",
    ]
    rules = documents[2]["rules"]
    allowed = {(group, name) for rule in rules for group in rule.get("apiGroups", ()) for name in rule["resources"]}
    assert allowed == {(kind.group, kind.resource) for kind in collection.kinds.values()}
    assert {verb for rule in rules if "apiGroups" in rule for verb in rule["verbs"]} == {"list"}
    assert not [name for _, name in allowed if name == "secrets"]
    named, every = [rule for rule in rules if "configmaps" in rule.get("resources", ())]
    assert "volcano-scheduler-configmap" in named["resourceNames"]
    assert not [name for name in named["resourceNames"] if "*" in name]
    assert "resourceNames" not in every

    server = serve(cluster)
    collect(server)
    for path in server.requests:
        parts = path.partition("?")[0].strip("/").split("/")
        if "limit=" in path:
            assert ("" if parts[0] == "api" else parts[1], parts[-1]) in allowed
        else:
            assert "/" + "/".join(parts) in ("/version", "/api", "/apis")


def test_the_printed_role_allows_the_proxy_only_with_metrics(capsys):
    for flags, expected in (([], False), (["--metrics"], True)):
        run(["snapshot", "--print-rbac", *flags])
        assert ("pods/proxy" in capsys.readouterr().out) is expected


def test_the_printed_objects_are_known_to_the_client(capsys):
    run(["snapshot", "--print-rbac", "--metrics"])
    for one in yaml.safe_load_all(capsys.readouterr().out):
        model = getattr(client, f"V1{one['kind']}").from_dict(json.loads(json.dumps(one)))
        assert client.ApiClient().sanitize_for_serialization(model) == one
