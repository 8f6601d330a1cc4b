"""Secrets planted wherever they may lie in a cluster reach no snapshot, however it is made."""

import json
from itertools import count
from typing import Any

import pytest
import yaml

from aiconf.cli import run
from aiconf.snapshot.load import load_snapshot
from tests.clusters import Cluster, container, crd, daemon_set, deployment, job, node, pod, stateful_set, thing

CANARY = "c4n4ry"
_numbers = count()


def canary():
    """A text as secrets are, of all sorts of characters, to be found by its beginning."""
    return f"{CANARY}+{next(_numbers):05d}/Zz="


def leaky_container(collection):
    """A container that tells everything: by every allowed name too, since a secret may stand under it."""
    allowed_env = [{"name": name, "value": canary()} for name in collection.environment]
    allowed_args = [part for flag in collection.arguments for part in (flag, canary())]
    return container(
        image="registry.example/vllm/vllm-openai:v1",
        env=[
            {"name": "PASSWORD", "value": canary()},
            {"name": "FROM", "valueFrom": {"secretKeyRef": {"name": canary(), "key": canary()}}},
            *allowed_env,
        ],
        envFrom=[{"configMapRef": {"name": canary()}}],
        args=["--token", canary(), f"--password={canary()}", *allowed_args],
        command=[
            "sh", "-c",
            f"serve --key {canary()} --kv-transfer-config '{{\"kv_role\": \"kv_producer\", \"x\": \"{canary()}\"}}'",
        ],
        lifecycle={"preStop": {"exec": {"command": ["sh", canary()]}}},
        livenessProbe={
            "httpGet": {"path": "/", "port": 1, "httpHeaders": [{"name": "Authorization", "value": canary()}]}
        },
        volumeMounts=[{"name": "v", "mountPath": f"/{canary()}"}],
    )  # fmt: skip


def leaky_meta(one, collection):
    """Annotations, allowed ones among them, and what the API server notes of every change."""
    one["metadata"]["annotations"] = {
        "kubectl.kubernetes.io/last-applied-configuration": json.dumps({"password": canary()}),
        "note": canary(),
        **{key: canary() for key in collection.annotations},
    }
    one["metadata"]["managedFields"] = [{"manager": canary(), "fieldsV1": {"f:data": {f"f:{canary()}": {}}}}]
    return one


@pytest.fixture
def leaky(collection):
    """A cluster full of canaries."""
    parts = [leaky_container(collection)]
    more: dict[str, Any] = {
        "initContainers": parts,
        "volumes": [{"name": "v", "secret": {"secretName": canary()}}],
        "imagePullSecrets": [{"name": canary()}],
    }
    speaking = pod("speaking", containers=parts, **more)
    speaking["status"]["containerStatuses"][0]["state"] = {
        "terminated": {"exitCode": 1, "reason": "Error", "message": canary()}
    }
    cluster = Cluster().add(
        node("node-1"),
        speaking,
        deployment("d", containers=parts, **more),
        daemon_set("ds", containers=parts, **more),
        stateful_set("ss", containers=parts),
        job("j", containers=parts, **more),
        thing("v1", "Secret", "secret", "default", data={canary(): canary()}, stringData={"x": canary()}),
        thing("v1", "ConfigMap", "settings", "default", data={"password": canary()}),
        crd("dynamographdeployments.nvidia.com", "DynamoGraphDeployment", ("v1alpha1",)),
        crd("clusterpolicies.nvidia.com", namespaced=False),
        crd("scaledobjects.keda.sh", versions=("v1alpha1",)),
        thing(
            "nvidia.com/v1alpha1", "DynamoGraphDeployment", "graph", "default",
            spec={"envs": parts[0]["env"], "services": {"Worker": {
                "replicas": 1, "envs": parts[0]["env"], "extraPodSpec": {"mainContainer": parts[0]}}}},
        ),
        thing("nvidia.com/v1", "ClusterPolicy", "cluster-policy", spec={
            part: {"enabled": True, "env": parts[0]["env"], "args": parts[0]["args"],
                   "config": {"name": "x", canary(): canary()}}
            for part in ("driver", "toolkit", "devicePlugin", "dcgmExporter")
        }),
        thing("keda.sh/v1alpha1", "ScaledObject", "scaled", "default", spec={
            "triggers": [{"type": "prometheus", "authenticationRef": {"name": canary()},
                          "metadata": {"serverAddress": f"http://u:{canary()}@host", "query": "up"}}]}),
    )  # fmt: skip
    for name, key in (
        ("cluster-autoscaler-status", "status"),
        ("kueue-manager-config", "controller_manager_config.yaml"),
        ("volcano-scheduler-configmap", "volcano-scheduler.conf"),
        ("night-scheduler-configmap", "volcano-scheduler.conf"),
        ("scheduler-config", "scheduler-config.yaml"),
        ("koord-scheduler-config", "koord-scheduler-config"),
        ("kubeadm-config", "ClusterConfiguration"),
    ):
        allowed = yaml.safe_dump({"password": canary(), "time": "now", "waitForPodsReady": {"token": canary()}})
        cluster.add(
            thing("v1", "ConfigMap", name, "kube-system", data={key: allowed, "other": canary(), "ca.crt": canary()})
        )
        cluster.add(thing("v1", "ConfigMap", name, "elsewhere", data={key: canary()}, binaryData={"x": canary()}))
    for one in cluster.objects:
        leaky_meta(one, collection)
    return cluster


def found_in(text):
    return [text[at : at + 60] for at in range(len(text)) if text.startswith(CANARY, at)]


@pytest.mark.parametrize("flags", [[], ["--metrics"], ["--redact", "names"]], ids=["plain", "metrics", "redacted"])
def test_no_secret_reaches_a_snapshot_of_a_cluster(leaky, serve, tmp_path, flags):
    server = serve(leaky)
    path = tmp_path / "snapshot.json"
    assert run(["snapshot", "--kubeconfig", server.kubeconfig(tmp_path / "config"), "-o", str(path), "-q", *flags]) == 0
    text = path.read_text(encoding="utf-8")
    assert len(json.loads(text)["objects"]) > 10
    assert found_in(text) == []


@pytest.mark.parametrize("form", ["list", "single", "yaml", "snapshot"])
def test_no_secret_is_kept_of_what_other_tools_have_written(leaky, collection, data, tmp_path, form):
    objects = leaky.objects
    document = {"apiVersion": "v1", "kind": "List", "items": objects}
    if form == "single":
        for number, one in enumerate(objects):
            (tmp_path / f"{number}.json").write_text(json.dumps(one))
    elif form == "yaml":
        (tmp_path / "all.yaml").write_text(yaml.safe_dump(json.loads(json.dumps(document))))
    else:
        (tmp_path / "all.json").write_text(json.dumps(document if form == "list" else leaky.snapshot()))
    snapshot = load_snapshot([tmp_path], collection, data("results"))
    assert len(snapshot.items) > 10
    assert found_in(json.dumps(list(snapshot.objects()))) == []
    assert found_in(json.dumps(snapshot.omissions)) == []


def test_what_is_allowed_is_kept(leaky, collection, data, tmp_path):
    (tmp_path / "all.json").write_text(json.dumps(leaky.snapshot()))
    kept = {item[:3]: json.loads(item.raw) for item in load_snapshot([tmp_path], collection, data("results")).items}
    main = kept["Pod", "default", "speaking"]["spec"]["containers"][0]
    assert {"name": "NVIDIA_VISIBLE_DEVICES", "value": "(withheld)"} in main["env"]
    assert main["command"] == ["--kv-transfer-config", '{"kv_role":"kv_producer"}']
    assert "--is-prefill-worker" in main["args"]
    assert kept["ConfigMap", "kube-system", "cluster-autoscaler-status"]["data"] == {"status": '{"time":"now"}'}
    assert not [key for key in kept if key[0] == "Secret"]
