"""What is kept of texts that may hold secrets."""

import json

import pytest

from tests.clusters import container, pod, thing


@pytest.fixture
def args(trimmer):
    def kept(*words, key="args"):
        item = trimmer.trim(json.dumps(pod("p", containers=[container() | {key: list(words)}])).encode())
        return json.loads(item.raw)["spec"]["containers"][0][key]

    return kept


@pytest.fixture
def annotations(trimmer):
    def kept(**given):
        item = trimmer.trim(json.dumps(thing("v1", "Pod", "p", "d", annotations=given)).encode())
        return json.loads(item.raw)["metadata"]["annotations"]

    return kept


def test_flags_are_kept_with_values_that_fit(args):
    assert args("--disaggregation-mode", "prefill", "--model", "x") == ["--disaggregation-mode", "prefill"]
    assert args("--disaggregation-mode=decode", "--x=y") == ["--disaggregation-mode=decode"]
    assert args("--is-prefill-worker", "secret") == ["--is-prefill-worker"]


def test_values_that_do_not_fit_are_withheld(args):
    assert args("--disaggregation-mode", "hunter2") == ["--disaggregation-mode", "(withheld)"]
    assert args("--nodes=1:9:group", "--nodes=1:9:a b") == ["--nodes=1:9:group", "--nodes=(withheld)"]


def test_a_flag_at_the_end_without_a_value_is_left_out(args):
    assert args("--disaggregation-mode") == []
    assert args() == []


def test_of_structured_values_only_the_named_fields_are_kept(args):
    value = '{"kv_role": "kv_both", "kv_connector": "NixlConnector", "kv_ip": "10.0.0.1"}'
    assert args("--kv-transfer-config", value) == [
        "--kv-transfer-config",
        '{"kv_role":"kv_both","kv_connector":"NixlConnector"}',
    ]
    assert args("--kv-transfer-config", "{broken") == ["--kv-transfer-config", "(withheld)"]


def test_a_command_for_a_shell_is_taken_apart(args):
    config = '--kv-transfer-config \'{"kv_role":"kv_producer"}\''
    script = f"export KEY=s3cret; exec serve --model m \\\n  --disaggregation-mode prefill {config}"
    assert args("sh", "-c", script, key="command") == [
        "--disaggregation-mode",
        "prefill",
        "--kv-transfer-config",
        '{"kv_role":"kv_producer"}',
    ]
    assert args("sh", "-c", "it's open --is-decode-worker") == ["--is-decode-worker"]


def test_annotations_are_kept_by_key_and_pattern(annotations):
    given = {"prometheus.io/scrape": "true", "prometheus.io/port": "nine", "rke2.io/node-args": "[secret]", "note": "x"}
    assert annotations(**given) == {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": "(withheld)",
        "rke2.io/node-args": "",
    }


def test_a_list_in_an_annotation_is_cut_down_element_by_element(annotations):
    status = [
        {"name": "default/a", "interface": "net1", "ips": ["10.0.0.1"], "mac": "x"},
        {"name": "b", "default": True},
    ]
    found = annotations(**{"k8s.v1.cni.cncf.io/network-status": json.dumps(status)})
    assert json.loads(found["k8s.v1.cni.cncf.io/network-status"]) == [
        {"name": "default/a", "interface": "net1"},
        {"name": "b", "default": True},
    ]


@pytest.mark.parametrize("value", ["x" * 5000, "{" * 3000, "a: &a [*a]", "- " * 400, "\0"])
def test_hostile_values_are_withheld(annotations, value):
    found = annotations(**{"k8s.v1.cni.cncf.io/network-status": value, "pod-group-name": value})
    assert set(found.values()) == {"(withheld)"}


def test_configuration_is_cut_down_to_named_fields_as_json(trimmer):
    text = "apiVersion: config.kueue.x-k8s.io/v1beta2\nwaitForPodsReady:\n  timeout: 5m\n  token: x\nsecret: y\n"
    one = thing("v1", "ConfigMap", "kueue-manager-config", "q", data={"controller_manager_config.yaml": text, "z": "y"})
    kept = json.loads(trimmer.trim(json.dumps(one).encode()).raw)["data"]
    assert {key: json.loads(value) for key, value in kept.items()} == {
        "controller_manager_config.yaml": {
            "apiVersion": "config.kueue.x-k8s.io/v1beta2",
            "waitForPodsReady": {"timeout": "5m"},
        }
    }
