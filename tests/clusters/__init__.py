"""Builders of clusters: functions that give plain Kubernetes objects, as an API server would return them.

    cluster = Cluster(version="v1.37.1")
    cluster.add(node("gpu-1", gpus=8), crd("rayclusters.ray.io"))
    operator = deployment("kuberay-operator", "ray-system", image="quay.io/kuberay/operator:v1.7.0")
    cluster.add(operator, *pods_of(operator, ["gpu-1"]))
    cluster.snapshot()                    # the document that `aiconf snapshot` would write of it
    cluster.get("Deployment.apps", "kuberay-operator", "ray-system")["spec"]["replicas"] = 0    # break it

Whole clusters are made of products (``products/``), a function each (``eks.eks()``), and named in ``catalog.CLUSTERS``;
``python -m tests.clusters --write`` writes their snapshots to fixtures/snapshots. ``shows.SHOWS`` has what each of them
shows of each requirement and by what (``--table`` prints it), and ``mutations.mutations()`` what breaks that.

Every builder gives something healthy; what is to be broken is an argument or is changed afterwards. Each built-in kind
is held against the Kubernetes client's models in ``tests/unit/test_clusters.py``, so that no field is invented.
"""

from tests.clusters.apis import api_service, config_map, crd, event, hpa, webhooks
from tests.clusters.cluster import Cluster, key_of
from tests.clusters.network import endpoint_slice, gateway, gateway_class, http_route, service
from tests.clusters.nodes import device_class, namespace, node, resource_claim, resource_slice, runtime_class
from tests.clusters.parts import BEFORE, GPU, IMAGE, NOW, condition, container, reference, template, thing, uid
from tests.clusters.workloads import daemon_set, deployment, job, pod, pods_of, replica_set, stateful_set

__all__ = [
    "BEFORE",
    "GPU",
    "IMAGE",
    "NOW",
    "Cluster",
    "api_service",
    "condition",
    "config_map",
    "container",
    "crd",
    "daemon_set",
    "deployment",
    "device_class",
    "endpoint_slice",
    "event",
    "gateway",
    "gateway_class",
    "hpa",
    "http_route",
    "job",
    "key_of",
    "namespace",
    "node",
    "pod",
    "pods_of",
    "reference",
    "replica_set",
    "resource_claim",
    "resource_slice",
    "runtime_class",
    "service",
    "stateful_set",
    "template",
    "thing",
    "uid",
    "webhooks",
]
