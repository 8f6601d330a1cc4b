"""Names become tokens."""

import json

import pytest

from aiconf.snapshot.format import Item, Snapshot, omission
from aiconf.snapshot.redact import redact_names
from tests.clusters import deployment, node, pod, thing

KEY = b"k" * 32


def redacted(collection, *objects, **parts):
    items = [
        Item(
            one["kind"] + (f".{group}" if (group := one["apiVersion"].rpartition("/")[0]) else ""),
            one["metadata"].get("namespace", ""),
            one["metadata"]["name"],
            json.dumps(one).encode(),
        )
        for one in objects
    ]
    snapshot = redact_names(Snapshot(items=items, **parts), collection, KEY)
    return snapshot, [json.loads(item.raw) for item in snapshot.items]


def test_an_item_and_its_text_bear_the_same_tokens(collection):
    snapshot, [one] = redacted(collection, pod("web-1", "prod"))
    assert (snapshot.items[0].namespace, snapshot.items[0].name) == (
        one["metadata"]["namespace"],
        one["metadata"]["name"],
    )
    assert "web" not in json.dumps(one)
    assert one["metadata"]["name"] != one["metadata"]["namespace"]


def test_the_same_name_has_the_same_token_whatever_bears_it(collection):
    _, [first, second] = redacted(collection, pod("shop", "shop"), deployment("shop", "other"))
    names = {first["metadata"]["name"], first["metadata"]["namespace"], second["metadata"]["name"]}
    assert len(names) == 1
    assert second["spec"]["selector"]["matchLabels"]["app"] in names


def test_configuration_that_is_mounted_and_not_held_has_a_token_and_keeps_its_lead(collection):
    names = ["acme-settings", "night-scheduler-configmap", "kueue-manager-config"]
    volumes = [{"name": name, "configMap": {"name": name}} for name in names]
    held = thing("v1", "ConfigMap", names[1], "batch", data={})
    _, [found, config] = redacted(collection, deployment("d", "batch", volumes=volumes), held)
    mounted = [volume["configMap"]["name"] for volume in found["spec"]["template"]["spec"]["volumes"]]
    assert mounted[1:] == [config["metadata"]["name"], "kueue-manager-config"]
    assert mounted[0].startswith("x")
    assert config["metadata"]["name"].startswith("x")


def test_another_key_gives_other_tokens(collection):
    item = Item("Pod", "d", "p", json.dumps(pod("p", "d")).encode())
    first = redact_names(Snapshot(items=[item]), collection, b"a" * 32)
    second = redact_names(Snapshot(items=[item]), collection, b"b" * 32)
    assert first.items[0].name != second.items[0].name


def test_words_that_only_look_like_names_stay(collection):
    one = thing(
        "v1", "Pod", "latest", "batch", labels={"version": "latest-2", "batch": "x"},
        spec={"containers": [{"name": "c", "image": "registry.example/batch/latest:latest"}]},
        status={"phase": "Running"},
    )  # fmt: skip
    other = thing("batch/v1", "Job", "train", "batch", spec={"parallelism": 2})
    _, [found, job] = redacted(collection, one, other)
    assert found["metadata"]["labels"]["version"] == "latest-2"
    assert list(found["metadata"]["labels"]) == ["version", "batch"]
    assert found["spec"]["containers"][0]["image"] == "registry.example/batch/latest:latest"
    assert job["apiVersion"] == "batch/v1"


def test_numbers_and_public_words_are_no_secret(collection):
    one = thing("v1", "Pod", "8", "true", spec={}, status={"phase": "8"})
    _, [found, other] = redacted(collection, one, thing("v1", "Node", "ready"))
    assert (found["metadata"]["name"], found["metadata"]["namespace"], other["metadata"]["name"]) == (
        "8",
        "true",
        "ready",
    )


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("no endpoints for shop.prod.svc", "no endpoints for {shop}.{prod}.svc"),
        ("prod/shop: failed on node-1.", "{prod}/{shop}: failed on {node}."),
        ("shopping in production", "shopping in production"),
        (
            'pods "shop" is forbidden: User "alice@corp.example" cannot',
            'pods "{shop}" is forbidden: User "(redacted)" cannot',
        ),
    ],
)
def test_names_in_sentences_are_replaced_and_other_words_are_not(collection, text, kept):
    status = {"conditions": [{"type": "Ready", "status": "False", "message": text}]}
    _, [shop, machine] = redacted(collection, thing("v1", "Pod", "shop", "prod", status=status), node("node-1"))
    names = {
        "shop": shop["metadata"]["name"],
        "prod": shop["metadata"]["namespace"],
        "node": machine["metadata"]["name"],
    }
    assert shop["status"]["conditions"][0]["message"] == kept.format(**names)


def test_metrics_and_queries_are_changed_in_quotes_only(collection):
    metrics = [{"source": {"kind": "Pod", "namespace": "pod", "name": "gauge", "port": 1, "path": "/m"},
                "text": 'gauge{pod="gauge",namespace="pod",other="gauges"} 1\ngauge 2'}]  # fmt: skip
    scaled = thing(
        "keda.sh/v1alpha1",
        "ScaledObject",
        "s",
        "pod",
        spec={"triggers": [{"metadata": {"query": 'sum(gauge{pod="gauge"})'}}]},
    )
    snapshot, [one, two] = redacted(collection, pod("gauge", "pod"), scaled, metrics=metrics)
    name, space = one["metadata"]["name"], one["metadata"]["namespace"]
    assert snapshot.metrics[0]["text"] == f'gauge{{pod="{name}",namespace="{space}",other="gauges"}} 1\ngauge 2'
    assert snapshot.metrics[0]["source"] | {"namespace": space, "name": name} == snapshot.metrics[0]["source"]
    assert two["spec"]["triggers"][0]["metadata"]["query"] == f'sum(gauge{{pod="{name}"}})'


def test_json_inside_a_text_keeps_its_keys(collection):
    data = {"status": '{"status":"status","nodeGroups":[{"name":"gpu-group"}]}'}
    _, [_, config] = redacted(collection, pod("status", "gpu-group"), thing("v1", "ConfigMap", "c", "d", data=data))
    inner = json.loads(config["data"]["status"])
    assert list(inner) == ["status", "nodeGroups"]
    assert inner["status"].startswith("x")
    assert inner["nodeGroups"][0]["name"].startswith("x")


def test_a_provider_id_keeps_its_cloud_alone(collection):
    _, [found] = redacted(collection, node("n", provider_id="aws:///eu-west-1a/i-0123456789"))
    assert found["spec"]["providerID"].startswith("aws://x")
    assert "0123456789" not in json.dumps(found)


def test_omissions_and_namespaces_are_redacted_too(collection):
    metadata = {"collectedAt": None, "collector": "aiconf prod", "complete": False, "namespaces": ["prod"]}
    omissions = [omission(None, "NotRequested", "only the namespaces prod were read", namespace="prod")]
    snapshot, _ = redacted(collection, metadata=metadata, omissions=omissions)
    assert "prod" not in json.dumps(snapshot.omissions)
    assert snapshot.metadata["collector"] == "aiconf prod"
    assert snapshot.metadata["namespaces"] == [snapshot.omissions[0]["namespace"]]
