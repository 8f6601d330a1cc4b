"""Metrics count by their samples, device by device."""

import pytest

from aiconf.cluster.metrics import Sample, parse
from tests.clusters import Cluster, daemon_set, node, pod, pods_of

DCGM = "nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2"
TEXT = """\
# HELP DCGM_FI_DEV_GPU_TEMP GPU temperature.
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",Hostname="g"} 12
DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",Hostname="g"} 0
DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-2"} 12
DCGM_FI_DEV_SM_CLOCK{gpu="2",UUID="GPU-3"} 1980
DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-2"} NaN
"""
HABANA = """\
habanalabs_utilization{UUID="1"} 1
habanalabs_memory_used_bytes{UUID="1"} 1
habanalabs_energy{UUID="1"} 5
"""


@pytest.fixture
def sources(facts):
    def go(text, image=DCGM, *, fake_node=False):
        exporter = daemon_set("nvidia-dcgm-exporter", "gpu-operator", image=image)
        (one,) = pods_of(exporter, ["g"])
        labels = {"type": "kwok"} if fake_node else {}
        cluster = Cluster().add(node("g", gpus=2, labels=labels), exporter, one)
        cluster.metrics["gpu-operator", one["metadata"]["name"], 9400, "/metrics"] = text
        return facts(cluster, wanted=["metrics"])["metrics"]["sources"]

    return go


def needs(device):
    return {name for name, there in device.items() if there is True}


def test_a_source_has_all_its_facts(sources):
    (found,) = sources(TEXT)
    devices = found.pop("devices")
    name = found["pod"].rpartition("/")[2]
    assert found == {
        "source": f"v1 Pod gpu-operator/{name}",
        "exporter": "nvidia_dcgm",
        "serves": "accelerator",
        "vendor": "nvidia",
        "unit": "",
        "in_use": False,
        "node": "g",
        "namespace": "gpu-operator",
        "pod": f"gpu-operator/{name}",
        "fake": False,
        "series": ["DCGM_FI_DEV_FB_USED", "DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_DEV_SM_CLOCK"],
    }
    assert [(device["id"], needs(device)) for device in devices] == [
        ("GPU-1", {"utilization", "memory"}),
        ("GPU-2", {"utilization"}),
    ]
    assert devices[0]["labels"] == {"gpu": "0", "UUID": "GPU-1", "Hostname": "g"}


@pytest.mark.parametrize(
    "text",
    [
        "# HELP DCGM_FI_DEV_GPU_UTIL x",
        "DCGM_FI_DEV_GPU_UTIL",
        'DCGM_FI_DEV_GPU_UTIL{UUID="1"} none',
        'DCGM_FI_DEV_GPU_UTIL{UUID="1"} NaN',
        'DCGM_FI_DEV_GPU_UTIL{UUID="1"} +Inf',
        "DCGM_FI_DEV_GPU_UTIL 3",  # of no device
        'DCGM_FI_DEV_GPU_UTIL_OTHER{UUID="1"} 3',
        "",
    ],
)
def test_what_is_no_sample_of_a_device_shows_none(sources, text):
    (found,) = sources(text)
    assert found["devices"] == []


def test_partitions_are_devices_of_their_own(sources):
    text = "\n".join(
        f'DCGM_FI_PROF_GR_ENGINE_ACTIVE{{UUID="GPU-1",GPU_I_ID="{number}",GPU_I_PROFILE="1g"}} 0.5' for number in (1, 2)
    )
    (found,) = sources(text)
    assert [device["id"] for device in found["devices"]] == ["GPU-1/1", "GPU-1/2"]


@pytest.mark.parametrize(
    ("image", "text", "exporter", "shown"),
    [
        (
            "docker.io/rocm/device-metrics-exporter:v1.5.1",
            'amd_gpu_gfx_activity{gpu_id="0"} 3\namd_gpu_used_vram{gpu_id="0"} 1\ngpu_xgmi_link_rx{gpu_id="0"} 1',
            "amd_device_metrics",
            {"utilization", "memory", "interconnect"},
        ),
        (
            "example/neuron-monitor:1.3.0",
            'neuroncore_utilization_ratio{neuroncore="0"} 0.1\nneuroncore_memory_usage_constants{neuroncore="0"} 1\n',
            "aws_neuron_monitor",
            {"utilization", "memory"},
        ),
        (
            "gke.gcr.io/tpu-device-plugin:v1",
            'duty_cycle{accelerator_id="a",make="cloud-tpu"} 10\nmemory_used{accelerator_id="a"} 4\n',
            "google_tpu",
            {"utilization", "memory"},
        ),
        (
            "intel/xpumanager:V1.2",
            'xpum_engine_ratio{uuid="a"} 10\nxpum_memory_ratio{uuid="a"} 4\nxpum_power_watts{uuid="a"} 4\n',
            "intel_xpu_manager",
            {"utilization", "memory", "power"},
        ),
        (
            "example/metric-exporter:1",
            HABANA,
            "intel_gaudi",
            {"utilization", "memory", "power"},
        ),
    ],
)
def test_exporters_of_all_vendors_are_read(sources, image, text, exporter, shown):
    (found,) = sources(text, image)
    assert found["exporter"] == exporter
    assert [needs(device) for device in found["devices"]] == [shown]


def test_an_exporter_of_an_unknown_image_is_known_by_its_series(sources):
    (found,) = sources(TEXT, "registry.example/own-exporter:v1")
    assert (found["exporter"], len(found["devices"])) == ("nvidia_dcgm", 2)
    (found,) = sources("up 1", "registry.example/own-exporter:v1")
    assert (found["exporter"], found["serves"], found["devices"]) == ("", "", [])


def test_an_image_that_may_be_of_several_is_told_by_its_series(sources):
    image = "nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.1.0"
    assert sources("dynamo_frontend_requests_total 1", image)[0]["exporter"] == "dynamo"
    assert sources("vllm:num_requests_running 1", image)[0]["exporter"] == "vllm"
    assert sources("", DCGM)[0]["exporter"] == "nvidia_dcgm"


def test_made_up_metrics_are_marked(sources):
    (found,) = sources(TEXT, "ghcr.io/run-ai/fake-gpu-operator/status-exporter:0.0.60")
    assert found["fake"] is True
    (found,) = sources(TEXT, fake_node=True)
    assert found["fake"] is True


def test_serving_engines_have_series_and_no_devices(sources):
    (found,) = sources('vllm:num_requests_running{model_name="m"} 2', "docker.io/vllm/vllm-openai:v0.11.0")
    assert (found["exporter"], found["serves"], found["series"]) == ("vllm", "inference", ["vllm:num_requests_running"])


def test_a_pod_that_is_not_in_the_snapshot_is_named_all_the_same(facts):
    cluster = Cluster().add(node("g"), pod("other"))
    cluster.metrics["a", "gone", 9400, "/metrics"] = TEXT
    (found,) = facts(cluster, wanted=["metrics"])["metrics"]["sources"]
    assert (found["pod"], found["node"], found["exporter"]) == ("a/gone", None, "nvidia_dcgm")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("a 1", Sample("a", {})),
        ("a{} 1", Sample("a", {})),
        ('a{b="c"} 1 1700000000', Sample("a", {"b": "c"})),
        ('a{b="c",} 1e3', Sample("a", {"b": "c"})),
        (r'a{b="c\"d\\e\nf"} 1', Sample("a", {"b": 'c"d\\e\nf'})),
        ('a{b="}"} 1', Sample("a", {"b": "}"})),
        ('vllm:x{b="c"} 0 # {trace="t"} 1', Sample("vllm:x", {"b": "c"})),
        ("a", None),
        ("# a 1", None),
        ("1a 1", None),
        ("a b", None),
    ],
)
def test_sample_lines(line, expected):
    assert next(parse(line), None) == expected


def test_a_text_of_any_length_is_bounded():
    assert len(list(parse("a 1\n" * 60_000))) == 50_000
    assert list(parse('a{b="' + "\\" * 100_000)) == []
