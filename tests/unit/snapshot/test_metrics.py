"""Which pods are scraped, where, and what is kept."""

import json
import re

import pytest

from aiconf.errors import CatalogError
from aiconf.snapshot.format import Item, Snapshot
from aiconf.snapshot.metrics import parse_exporters, scrape
from aiconf.snapshot.transport import Transport
from tests.clusters import container, pod


class Answers(Transport):
    """Answers every request alike; what it is asked for is noted."""

    def __init__(self, text=b""):
        self.text, self.asked = text, []

    def get(self, path, parse, *, query=None, accept=""):
        assert (query, accept) == (None, "text/plain")
        self.asked.append(path)
        return parse(self.text)


@pytest.fixture
def exporters(data):
    return parse_exporters(data("exporters"))


def scraped(exporters, *pods, text=b""):
    items = [
        Item("Pod", one["metadata"]["namespace"], one["metadata"]["name"], json.dumps(one).encode()) for one in pods
    ]
    snapshot, answers = Snapshot(items=items), Answers(text)
    scrape(answers, snapshot, exporters, lambda _: None)
    return snapshot, answers.asked


@pytest.mark.parametrize(
    ("image", "where"),
    [
        ("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3-4.8.2-ubuntu22.04", ":9400/proxy/metrics"),
        ("mirror.example:5000/x/dcgm-exporter@sha256:abc", ":9400/proxy/metrics"),
        ("docker.io/rocm/device-metrics-exporter:v1.5.1", ":5000/proxy/metrics"),
        ("vllm/vllm-openai:v0.11.0", ":8000/proxy/metrics"),
        ("lmsysorg/sglang:latest", ":30000/proxy/metrics"),
        ("nvcr.io/nim/meta/llama3:1.0", ":8000/proxy/v1/metrics"),
        ("ghcr.io/huggingface/text-generation-inference:3", ":80/proxy/metrics"),
        ("nvcr.io/nvidia/tritonserver:26.01-py3", ":8002/proxy/metrics"),
        ("registry.k8s.io/gateway-api-inference-extension/epp:v1.4.0", ":9090/proxy/metrics"),
        ("registry.example/not-dcgm-exporter-really:1", None),
        ("registry.example/minimal/app:dcgm-exporter", None),
    ],
)
def test_exporters_are_known_by_their_image(exporters, image, where):
    _, asked = scraped(exporters, pod("p", containers=[container(image=image)]))
    assert asked == ([f"/api/v1/namespaces/default/pods/p%3A{where[1:]}"] if where else [])


@pytest.mark.parametrize(
    ("ports", "number"),
    [
        ([{"name": "x", "containerPort": 1}, {"name": "y", "containerPort": 9400}], 9400),
        ([{"name": "metrics", "containerPort": 1234}], 1234),
        ([{"name": "other", "containerPort": 1}], 9400),
        ([], 9400),
    ],
)
def test_the_port_is_the_declared_one_where_it_can_be_told(exporters, ports, number):
    _, [asked] = scraped(exporters, pod("p", containers=[container(image="dcgm-exporter", ports=ports)]))
    assert f"%3A{number}/" in asked


def test_pods_that_do_not_run_are_not_asked(exporters):
    assert scraped(exporters, pod("p", image="dcgm-exporter", phase="Pending"))[1] == []


def test_only_sample_lines_of_named_series_are_kept(exporters):
    text = b"""# HELP DCGM_FI_DEV_GPU_UTIL x
DCGM_FI_DEV_GPU_UTIL{gpu="0"} 7
DCGM_FI_DEV_FB_USED 1 1793527200
DCGM_FI_DEV_FB_FREE
 DCGM_FI_DEV_GPU_TEMP 1
process_cpu_seconds_total 1
xDCGM_FI_DEV_GPU_TEMP 1
\xff\xfe
"""
    snapshot, _ = scraped(exporters, pod("p", image="dcgm-exporter"), text=text)
    assert snapshot.metrics[0]["text"] == 'DCGM_FI_DEV_GPU_UTIL{gpu="0"} 7\nDCGM_FI_DEV_FB_USED 1 1793527200'
    assert snapshot.metrics[0]["source"] == {
        "kind": "Pod",
        "namespace": "default",
        "name": "p",
        "port": 9400,
        "path": "/metrics",
    }


def test_a_flood_of_lines_is_cut(exporters):
    text = b"DCGM_FI_DEV_GPU_UTIL 1\n" * 100_000
    snapshot, _ = scraped(exporters, pod("p", image="dcgm-exporter"), text=text)
    assert len(snapshot.metrics[0]["text"].splitlines()) == 5000


@pytest.mark.parametrize(
    ("exporter", "names"),
    [
        ("nvidia_dcgm", ["DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_DEV_FB_USED"]),
        ("amd_device_metrics", ["gpu_gfx_activity", "amd_gpu_used_vram", "pcie_bandwidth"]),
        ("intel_xpu_manager", ["xpum_engine_ratio", "xpum_memory_ratio", "hw_gpu_utilization_ratio"]),
        ("intel_gaudi", ["habanalabs_utilization", "habanalabs_memory_used_bytes"]),
        ("aws_neuron_monitor", ["neuroncore_utilization_ratio", "neuron_runtime_memory_used_bytes"]),
        ("google_tpu", ["duty_cycle", "memory_used", "tensorcore_utilization"]),
        ("vllm", ["vllm:num_requests_running", "vllm:kv_cache_usage_perc"]),
        ("sglang", ["sglang:num_running_reqs", "sglang_token_usage"]),
        ("nim", ["num_requests_running", "gpu_cache_usage_perc", "e2e_request_latency_seconds_bucket"]),
        ("triton", ["nv_inference_request_success", "nv_gpu_utilization"]),
        ("endpoint_picker", ["inference_pool_ready_pods", "inference_objective_request_total"]),
    ],
)
def test_the_series_that_policies_read_are_kept(exporters, exporter, names):
    keep = next(one.keep for one in exporters if one.id == exporter)
    assert [name for name in names if not keep.fullmatch(name.encode())] == []
    assert not keep.fullmatch(b"go_goroutines")


def test_a_wrong_table_is_an_error():
    for plain in ({}, {"exporters": [{"id": "x"}]}, {"exporters": 7}):
        with pytest.raises(CatalogError, match="expected shape"):
            parse_exporters(plain)


def test_each_exporter_is_bounded(exporters):
    assert all(0 < one.pods <= 16 for one in exporters)
    assert all(re.fullmatch(r"[a-z_]+", one.id) for one in exporters)
