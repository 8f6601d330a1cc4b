"""A replay server, TLS for it, and the snapshot machinery pointed at it."""

import os
import ssl
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import trustme
import yaml

from aiconf.snapshot.collect import Collector
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.index import Index
from aiconf.snapshot.transport import Patience, Transport, connector
from tests.clusters import Cluster, container, crd, deployment, namespace, node, pod, pods_of, service, thing
from tests.replay import Replay

ROOT = Path(__file__).parents[3]
# Quick, and yet each bound can be told from the others.
HASTY = Patience(attempts=3, connect=2.0, silence=1.0, total=2.0, backoff=0.25, longest_wait=5.0)


@pytest.fixture(scope="session")
def data():
    """A data file of policies/ by its name."""

    def load(name):
        return yaml.safe_load((ROOT / "policies" / f"{name}.yaml").read_text(encoding="utf-8"))

    return load


@pytest.fixture(scope="session")
def collection(data):
    return parse_collection(data("collection"))


@pytest.fixture
def cluster():
    """A small cluster with an operator, its custom resource, and an accelerator in use."""
    operator = deployment("kuberay-operator", "ray-system", image="quay.io/kuberay/operator:v1.7.0", replicas=2)
    return Cluster().add(
        namespace("ray-system"),
        namespace("default"),
        node("gpu-1", gpus=8),
        node("cpu-1"),
        crd("rayclusters.ray.io", versions=("v1", "v1alpha1")),
        operator,
        *pods_of(operator, ["gpu-1", "cpu-1"]),
        service("kuberay-operator", "ray-system"),
        pod("trainer", node="gpu-1", containers=[container(gpus=2)]),
        thing("ray.io/v1", "RayCluster", "one", "default", spec={}, status={"state": "ready"}),
    )


@pytest.fixture
def serve():
    """Start a replay server for the length of the test."""
    with ExitStack() as stack:
        yield lambda cluster, **more: stack.enter_context(Replay(cluster, **more))


@pytest.fixture
def collect(collection, tmp_path):
    """Collect from a server: the index of the snapshot; waits are noted, not waited, in `collect.waits`."""
    stack = ExitStack()
    waits: list[float] = []

    def run(server, *namespaces, patience=HASTY):
        path = server.kubeconfig(tmp_path / "kubeconfig")
        transport = stack.enter_context(closing(Transport(connector(path, None), patience, waits.append)))
        return Index(Collector(transport, collection, namespaces).collect())

    vars(run)["waits"] = waits
    with stack:
        yield run


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture
def certificate(authority):
    """A server's TLS context."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context


@pytest.fixture
def real_kubeconfig():
    """The kubeconfig of a real cluster, if one is named."""
    path = os.environ.get("AICONF_TEST_KUBECONFIG")
    if not path:
        pytest.skip("AICONF_TEST_KUBECONFIG names no cluster")
    return path
