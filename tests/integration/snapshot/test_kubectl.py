"""kubectl against the replay server: it answers as a cluster does, and what it prints reads as what was collected."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from aiconf.snapshot.index import Index
from aiconf.snapshot.load import load_snapshot
from tests.clusters import Cluster, pod

KUBECTL = shutil.which("kubectl")
pytestmark = pytest.mark.skipif(KUBECTL is None, reason="there is no kubectl")
# Lists that kubectl may be asked for in one command; a custom resource stands for all of them.
RESOURCES = "nodes,namespaces,pods,services,deployments,replicasets,customresourcedefinitions,rayclusters"


@pytest.fixture
def kubectl(serve, certificate, authority, tmp_path):
    """Run kubectl against a server that replays a cluster; it sends tokens over TLS only."""

    def run(cluster, *arguments, **more):
        server = serve(cluster, token="secret", certificate=certificate, **more)
        config = server.kubeconfig(tmp_path / "kubeconfig", ca=authority.cert_pem.bytes())
        cache = str(tmp_path / f"cache-{more}")
        done = subprocess.run(
            [str(KUBECTL), "--kubeconfig", config, "--cache-dir", cache, *arguments],
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout

    return run


def canonical(objects):
    """Objects as texts that do not depend on the order of keys, which kubectl changes."""
    return sorted(json.dumps(one, sort_keys=True) for one in objects)


@pytest.mark.parametrize("aggregated", [True, False], ids=["aggregated", "legacy"])
def test_kubectl_finds_the_same_objects_as_the_collector(cluster, kubectl, serve, collect, aggregated):
    printed = json.loads(kubectl(cluster, "get", RESOURCES, "-A", "-o", "json", aggregated=aggregated))
    index = collect(serve(cluster, aggregated=aggregated))
    names = [(one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"]) for one in printed["items"]]
    collected = [
        (one["kind"], one["metadata"].get("namespace"), one["metadata"]["name"])
        for kind in index.kinds()
        for one in index.each(kind)
    ]
    assert sorted(names, key=str) == sorted(collected, key=str)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_what_kubectl_prints_reads_as_what_was_collected(
    cluster, kubectl, serve, collect, collection, data, tmp_path, form
):
    path = tmp_path / f"objects.{form}"
    path.write_bytes(kubectl(cluster, "get", RESOURCES, "-A", "-o", form))
    read = Index(load_snapshot([path], collection, data("results")))
    collected = collect(serve(cluster))
    assert read.kinds() == collected.kinds()
    for kind in read.kinds():
        assert canonical(read.each(kind)) == canonical(collected.each(kind))


def test_kubectl_pages_through_a_long_list(kubectl):
    cluster = Cluster().add(*(pod(f"pod-{number}") for number in range(120)))
    printed = kubectl(cluster, "get", "pods", "-o", "name", "--chunk-size=50", page=50)
    assert len(printed.splitlines()) == 120


def test_a_cluster_info_dump_is_read(cluster, kubectl, collection, data, tmp_path):
    folder = tmp_path / "dump"
    cluster.served.append(("v1", "ReplicationController", "replicationcontrollers", True))
    kubectl(cluster, "cluster-info", "dump", "-A", "--output-directory", str(folder))
    index = Index(load_snapshot([folder], collection, data("results")))
    assert index.count("Pod") == 3
    assert index.count("Node") == 2


def test_version_and_discovery_documents_are_read(cluster, kubectl, collection, data, tmp_path):
    for name, arguments in {
        "version.json": ["version", "-o", "json"],
        "apps.json": ["get", "--raw", "/apis/apps/v1"],
        "nodes.json": ["get", "nodes", "-o", "json"],
    }.items():
        Path(tmp_path / name).write_bytes(kubectl(cluster, *arguments))
    paths = [tmp_path / name for name in ("version.json", "apps.json", "nodes.json")]
    index = Index(load_snapshot(paths, collection, data("results")))
    assert index.server == {"gitVersion": "v1.37.1", "major": "1", "minor": "37"}
    assert index.serves("apps", "v1", "deployments") is True
