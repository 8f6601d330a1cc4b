"""Whatever a snapshot holds: facts, and never a traceback."""

import json
import random
from pathlib import Path

import msgspec
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiconf.cel.kubernetes import condition, ready, ref, selects
from aiconf.cluster.facts import snapshot_facts
from aiconf.cluster.metrics import parse
from aiconf.errors import CelError, InputError
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import load_snapshot

POLICIES = Path(__file__).parents[2] / "policies"
TABLES = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(POLICIES.glob("*.yaml"))]
DATA = {table["data"]: table for table in TABLES if "data" in table}
COLLECTION = parse_collection(DATA["collection"])
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

values = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 3) | st.text(max_size=6),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=5), below, max_size=3),
    max_leaves=12,
)

# Texts that one part or another looks for.
TEXTS = (
    *("a", "b", "", "True", "False", "Running", "Succeeded", "1", "8", "Node", "DaemonSet", "Deployment", "Cluster"),
    *("kueue/kueue:v1.0", "nvidia/k8s-device-plugin", "run-ai/fake-gpu-operator/device-plugin", "x/dcgm-exporter:v1"),
    *("gpu.nvidia.com", "gpu.example.com", "/dev/nvidia0", "/", "NVIDIA_VISIBLE_DEVICES", "all", "In", "Exists"),
    *("Available", "Ready", "Established", "NamesAccepted", "NoSchedule", "kwok.x-k8s.io/node", "aws:///i", "ns/x"),
)
# Few names, so that things refer to each other.
OBJECT_NAMES = ("a", "b", "gpu-operator", "kueue-controller-manager", "volcano-scheduler")
READ = (
    *("Node", "Namespace", "Pod", "Service", "Deployment.apps", "DaemonSet.apps", "StatefulSet.apps"),
    *("EndpointSlice.discovery.k8s.io", "CustomResourceDefinition.apiextensions.k8s.io"),
    *("APIService.apiregistration.k8s.io", "ValidatingWebhookConfiguration.admissionregistration.k8s.io"),
    *("ResourceSlice.resource.k8s.io", "ResourceClaim.resource.k8s.io", "GatewayClass.gateway.networking.k8s.io"),
)


class Maker:
    """Makes snapshot documents whose fields have the types that reading them lets through."""

    def __init__(self, seed):
        self.random = random.Random(seed)  # noqa: S311 - no secrets
        leaf = self.random.choice
        self.leaves = {
            "str": lambda: leaf(TEXTS),
            "int": lambda: self.random.randint(-1, 4),
            "bool": lambda: leaf((True, False)),
            "map": lambda: self.some(("kubernetes.io/service-name", "nvidia.com/gpu.count", "type", "a"), TEXTS),
            "quantities": lambda: self.some(("nvidia.com/gpu", "nvidia.com/mig-1g.5gb", "cpu"), (*TEXTS, 1, -1, 2.5)),
            "list": lambda: self.listed(lambda: leaf(TEXTS)),
            "any": lambda: self.anything(3),
            "annotations": lambda: self.some(("kwok.x-k8s.io/node", "x"), TEXTS),
            "env": lambda: self.listed(lambda: {"name": leaf(TEXTS), "value": leaf(TEXTS)}),
            "args": lambda: self.listed(lambda: leaf(TEXTS)),
            "config": lambda: self.some(("status", "x"), TEXTS),
        }

    def some(self, keys, choices):
        return {key: self.random.choice(choices) for key in keys if self.random.random() < 0.5}

    def listed(self, make):
        return [make() for _ in range(self.random.randint(0, 2))]

    def anything(self, depth):
        kind = self.random.randint(0, 7 if depth else 5)
        if kind < 6:
            return (None, True, 1, "x", -2.5, {"string": "gpu", "value": 1})[kind]
        below = self.listed(lambda: self.anything(depth - 1))
        return below if kind == 6 else {self.random.choice(TEXTS): one for one in below}

    def of(self, fields):
        if isinstance(fields, str):
            return self.leaves[fields]()
        if "[]" in fields:
            return self.listed(lambda: self.of(fields["[]"]))
        if "*" in fields:
            return {self.random.choice(TEXTS): self.of(fields["*"]) for _ in range(2)}
        present = [name for name in fields if self.random.random() < 0.7]
        return {name: self.of(fields[name]) if self.random.random() < 0.9 else None for name in present}

    def object(self):
        kind = COLLECTION.kinds[self.random.choice(READ)]
        body = self.of(COLLECTION.fields(kind))
        meta = (body.get("metadata") or {}) | {"name": self.random.choice(OBJECT_NAMES)}
        if kind.namespaced:
            meta["namespace"] = self.random.choice(OBJECT_NAMES)
        return body | {"apiVersion": f"{kind.group}/v1" if kind.group else "v1", "kind": kind.kind, "metadata": meta}

    def document(self):
        source = {
            "kind": "Pod",
            "namespace": self.random.choice(OBJECT_NAMES),
            "name": self.random.choice(OBJECT_NAMES),
        }
        omission = {"group": "apps", "kind": self.random.choice(("Deployment", "Node", None))}
        return {
            "format": "aiconf/snapshot/v1",
            "server": self.random.choice((None, {"gitVersion": self.random.choice(TEXTS)})),
            "objects": [self.object() for _ in range(self.random.randint(0, 16))],
            "metrics": self.listed(lambda: {"source": source, "text": 'DCGM_FI_DEV_GPU_UTIL{UUID="a"} 1\n'}),
            "omissions": [omission] if self.random.random() < 0.3 else [],
        }


@SETTINGS
@given(st.integers(0, 2**64))
def test_any_snapshot_gives_facts_that_are_plain(tmp_path, seed):
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(Maker(seed).document()), encoding="utf-8")
    try:
        index = Index(load_snapshot([path], COLLECTION, DATA["results"]))
    except InputError:
        return
    found = snapshot_facts(index, DATA)
    assert json.loads(msgspec.json.encode(found)).keys() == found.keys()
    cluster = found["cluster"]
    assert all(node["devices"] >= 0 and node["unhealthy"] >= 0 for node in cluster["accelerator_nodes"])
    assert all(
        one["works"] in (True, False, None) and bool(one["reason"]) != (one["works"] is True)
        for one in cluster["webhooks"]
    )
    assert all(bool(one["reason"]) != (one["ready"] is True) for one in found["components"])
    assert not any(one["accelerator"] and one["fake"] for one in cluster["devices"])


@SETTINGS
@given(values, values, st.integers(0, 2**64))
def test_functions_on_objects_answer_for_anything(other, more, seed):
    thing = other if seed % 3 == 0 else Maker(seed).object()
    assert isinstance(ref(thing), str)
    assert isinstance(condition(thing, "Ready"), str)
    assert isinstance(selects(other, more), bool)
    try:
        found = ready(thing)
    except CelError:
        return
    assert found["ready"] is (found["reason"] == "")


@SETTINGS
@given(st.text(max_size=200) | st.text(alphabet='a{}="\\, 1\n#', max_size=200))
def test_any_exposition_text_is_read(text):
    for sample in parse(text):
        assert sample.name
        assert all(sample.labels)
