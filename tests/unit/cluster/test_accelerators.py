"""Accelerators: by which means, how many, how healthy, and none that are made up."""

import pytest

from aiconf.cluster.accelerators import count, normal_version
from tests.clusters import daemon_set, deployment, node, pods_of, resource_slice, thing

FAKE_IMAGE = "ghcr.io/run-ai/fake-gpu-operator/device-plugin:0.0.60"
KWOK_TAINT = [{"key": "kwok.x-k8s.io/node", "value": "fake", "effect": "NoSchedule"}]


def old_slice(one, version="v1beta1"):
    """A slice in the shape of an earlier version."""
    one["apiVersion"] = f"resource.k8s.io/{version}"
    if version == "v1beta1":
        one["spec"]["devices"] = [{"name": device.pop("name"), "basic": device} for device in one["spec"]["devices"]]
    return one


@pytest.fixture
def nodes(cluster_fact):
    return lambda *objects, **more: cluster_fact("accelerator_nodes", *objects, **more)


@pytest.fixture
def devices(cluster_fact):
    return lambda *objects, **more: cluster_fact("devices", *objects, **more)


@pytest.fixture
def only(nodes):
    def go(*objects):
        (found,) = nodes(*objects)
        return found

    return go


def test_a_node_has_all_its_facts(only):
    labels = {
        "nvidia.com/gpu.count": "2",
        "nvidia.com/cuda.driver-version.full": "580.126.09",
        "nvidia.com/cuda.runtime-version.full": "13.0",
    }
    one = node("g", gpus=2, labels=labels)
    cuda = {"version": "13.0.0"}
    found = only(one, resource_slice("g", devices=2, cudaDriverVersion=cuda), node("cpu"))
    assert found == {
        "name": "g",
        "ref": "v1 Node g",
        "vendor": "nvidia",
        "by": ["device_plugin", "dra"],
        "resources": {"nvidia.com/gpu": 2},
        "devices": 2,
        "unhealthy": 0,
        "fake": False,
        "fake_reason": "",
        "labels": one["metadata"]["labels"],
        "driver_versions": ["580.126.9"],
        "runtime_versions": ["13.0.0"],
        "ready": True,
    }


@pytest.mark.parametrize(
    ("resource", "vendor"),
    [
        ("nvidia.com/gpu", "nvidia"),
        ("nvidia.com/gpu.shared", "nvidia"),
        ("nvidia.com/mig-1g.24gb", "nvidia"),
        ("amd.com/gpu", "amd"),
        ("gpu.intel.com/xe", "intel"),
        ("habana.ai/gaudi", "intel"),
        ("aws.amazon.com/neuron", "aws"),
        ("google.com/tpu", "google"),
        ("huawei.com/Ascend910", "huawei"),
    ],
)
def test_resources_tell_the_vendor(only, resource, vendor):
    assert only(node("g", gpus=4, resource=resource))["vendor"] == vendor


@pytest.mark.parametrize("resource", ["nvidia.com/hostdev", "rdma/hca", "vpc.amazonaws.com/efa", "example.com/gpu"])
def test_other_resources_are_no_accelerators(nodes, resource):
    assert nodes(node("g", gpus=4, resource=resource)) == []


@pytest.mark.parametrize(
    ("driver", "vendor"),
    [("gpu.nvidia.com", "nvidia"), ("gpu.amd.com", "amd"), ("gaudi.intel.com", "intel"), ("neuron.aws.com", "aws")],
)
def test_drivers_tell_the_vendor(only, driver, vendor):
    found = only(node("g"), resource_slice("g", driver=driver, devices=3))
    assert (found["vendor"], found["by"], found["devices"], found["resources"]) == (vendor, ["dra"], 3, {})


@pytest.mark.parametrize("driver", ["compute-domain.nvidia.com", "dra.net", "gpu.example.com", "unknown.example.com"])
def test_other_drivers_have_no_accelerators(nodes, cluster_fact, driver):
    objects = [node("g"), resource_slice("g", driver=driver)]
    assert nodes(*objects) == []
    assert cluster_fact("accelerator_drivers", *objects) == []
    assert [one["accelerator"] for one in cluster_fact("devices", *objects)] == [False]


def test_shares_and_partitions_are_not_devices(only):
    labels = {"nvidia.com/gpu.count": "2", "nvidia.com/gpu.replicas": "10"}
    assert only(node("g", gpus=20, labels=labels))["devices"] == 2
    assert only(node("g", gpus=14, resource="nvidia.com/mig-1g.5gb"))["devices"] == 1
    partitions = resource_slice("g", devices=7, type={"string": "mig"}, parentUUID={"string": "GPU-1"})
    assert only(node("g"), partitions)["devices"] == 1


def test_unhealthy_devices_are_counted(only):
    one = node("g", gpus=8)
    one["status"]["allocatable"]["nvidia.com/gpu"] = "6"
    assert only(one)["unhealthy"] == 2
    tainted = resource_slice("h", devices=3)
    tainted["spec"]["devices"][0]["taints"] = [{"key": "broken", "effect": "NoExecute"}]
    assert only(node("h"), tainted)["unhealthy"] == 1


def test_a_node_of_which_all_devices_are_lost_is_still_one(only):
    one = node("g", gpus=8)
    one["status"]["allocatable"]["nvidia.com/gpu"] = "0"
    found = only(one)
    assert (found["resources"], found["devices"], found["unhealthy"]) == ({"nvidia.com/gpu": 0}, 8, 8)


def test_hardware_that_nothing_offers_is_listed_apart(nodes, cluster_fact):
    objects = [
        node("g", labels={"nvidia.com/gpu.present": "true"}),
        node("h", labels={"nvidia.com/gpu.present": "false"}),
    ]
    assert nodes(*objects) == []
    assert cluster_fact("bare_accelerator_nodes", *objects) == [
        {"name": "g", "ref": "v1 Node g", "vendor": "nvidia", "label": "nvidia.com/gpu.present=true"}
    ]
    assert cluster_fact("bare_accelerator_nodes", node("g", gpus=1, labels={"nvidia.com/gpu.present": "true"})) == []


def test_a_device_has_all_its_facts(devices):
    found = devices(node("g"), resource_slice("g", uuid={"string": "GPU-1"}, cuda={"int": 3}, big={"bool": True}))
    assert found == [
        {
            "driver": "gpu.nvidia.com",
            "pool": "g",
            "node": "g",
            "name": "gpu-0",
            "type": "gpu",
            "kind": "accelerator",
            "vendor": "nvidia",
            "attributes": {"type": "gpu", "driverVersion": "580.126.9", "uuid": "GPU-1", "cuda": 3, "big": True},
            "capacity": {"memory": "80Gi"},
            "accelerator": True,
            "fake": False,
            "healthy": True,
            "shareable": False,
            "slice": "resource.k8s.io/v1 ResourceSlice g-gpu.nvidia.com-1-0",
        }
    ]


@pytest.mark.parametrize("version", ["v1beta1", "v1beta2"])
def test_slices_of_earlier_versions_are_read_alike(devices, version):
    now = devices(node("g"), resource_slice("g", devices=2))
    before = devices(node("g"), old_slice(resource_slice("g", devices=2), version))
    assert [one | {"slice": ""} for one in before] == [one | {"slice": ""} for one in now]


def test_only_the_newest_generation_of_a_pool_counts(devices, cluster_fact):
    objects = [node("g"), resource_slice("g", devices=1, generation=2), resource_slice("g", devices=8, generation=1)]
    assert len(devices(*objects)) == 1
    assert cluster_fact("stale_slices", *objects) == ["resource.k8s.io/v1 ResourceSlice g-gpu.nvidia.com-1-0"]


def test_a_pool_of_which_slices_are_missing_does_not_count(devices, cluster_fact):
    halves = [resource_slice("g", slices=2, number=number) for number in range(2)]
    assert len(devices(node("g"), *halves)) == 2
    assert devices(node("g"), halves[0]) == []
    assert len(cluster_fact("stale_slices", node("g"), halves[0])) == 1


def test_a_slice_of_a_node_that_is_gone_does_not_count(devices, cluster_fact, omitted):
    objects = [node("other"), resource_slice("gone")]
    assert devices(*objects) == []
    assert len(cluster_fact("stale_slices", *objects)) == 1
    assert len(devices(*objects, omissions=[omitted("Node")])) == 1


def test_slices_that_select_nodes_or_reach_all(devices):
    one, two, three = (resource_slice("g") for _ in range(3))
    for number, each in enumerate((one, two, three)):
        each["metadata"]["name"] = f"s{number}"
        each["spec"]["pool"]["name"] = f"p{number}"
        del each["spec"]["nodeName"]
    fields = [{"key": "metadata.name", "operator": "In", "values": ["h"]}]
    one["spec"]["nodeSelector"] = {"nodeSelectorTerms": [{"matchFields": fields}]}
    two["spec"]["allNodes"] = True
    three["spec"]["perDeviceNodeSelection"] = True
    three["spec"]["devices"][0]["nodeName"] = "g"
    found = devices(node("g"), node("h"), one, two, three)
    assert [device["node"] for device in found] == ["h", None, "g"]


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"taints": KWOK_TAINT}, "taint kwok.x-k8s.io/node"),
        ({"annotations": {"kwok.x-k8s.io/node": "fake"}}, "annotation kwok.x-k8s.io/node"),
        ({"labels": {"type": "kwok"}}, "label type=kwok"),
        ({"provider_id": "kwok://n"}, "providerID kwok://"),
        ({"labels": {"run.ai/simulated-gpu-node-pool": "default"}}, "label run.ai/simulated-gpu-node-pool"),
    ],
)
def test_fakes_are_refused_by_their_node(only, cluster_fact, more, reason):
    objects = [node("g", gpus=8, **more), resource_slice("g")]
    found = only(*objects)
    assert found["fake"] is True
    assert found["fake_reason"].endswith(f"({reason})")
    assert cluster_fact("nodes", *objects) == {"total": 1, "accelerator": 0, "control_plane": 0, "fake": 1}
    assert cluster_fact("accelerator_drivers", *objects) == []
    assert [one["accelerator"] for one in cluster_fact("devices", *objects)] == [False]


@pytest.mark.parametrize(
    "mirror", [FAKE_IMAGE, f"mirror.example/hub/{FAKE_IMAGE}", "carlory/fake-gpu-operator/device-plugin:x"]
)
def test_fakes_are_refused_by_the_agents_that_make_them_up(only, cluster_fact, mirror):
    plugin = daemon_set("device-plugin", "gpu-operator", image=mirror)
    objects = [node("g", gpus=8), plugin, *pods_of(plugin, ["g"])]
    assert only(*objects)["fake"] is True
    assert {one["what"] for one in cluster_fact("fakes", *objects)} == {"fake-gpu-operator"}


@pytest.mark.parametrize(
    ("selector", "desired", "recorded", "expected"),
    [
        ({}, 2, 0, [True, True]),
        ({"pool": "gpu"}, 2, 0, [True, False]),
        ({"pool": "gpu"}, 1, 1, [False, True]),  # its pods say where it runs
        ({}, 0, 0, [False, False]),
    ],
)
def test_agents_of_fakes_whose_pods_were_not_all_recorded_count_where_they_may_run(
    cluster_fact, selector, desired, recorded, expected
):
    plugin = daemon_set("device-plugin", "gpu-operator", image=FAKE_IMAGE, desired=desired, nodeSelector=selector)
    nodes = [node("g", gpus=8, labels={"pool": "gpu"}), node("h", gpus=8)]
    found = cluster_fact("accelerator_nodes", *nodes, plugin, *pods_of(plugin, ["h"][:recorded]))
    assert [one["fake"] for one in found] == expected


def test_the_controller_of_a_simulator_makes_no_node_a_fake(only, cluster_fact):
    updater = deployment("status-updater", image="ghcr.io/run-ai/fake-gpu-operator/status-updater:0.0.60")
    objects = [node("g", gpus=8), updater, *pods_of(updater, ["g"])]
    assert only(*objects)["fake"] is False
    assert [one["ref"] for one in cluster_fact("fakes", *objects)] == ["apps/v1 Deployment default/status-updater"]


def test_the_example_driver_is_named_among_the_fakes(cluster_fact):
    found = cluster_fact("fakes", node("g"), resource_slice("g", driver="gpu.example.com"))
    assert [(one["what"], one["ref"]) for one in found] == [
        ("dra-example-driver", "resource.k8s.io/v1 ResourceSlice g-gpu.example.com-1-0")
    ]


def test_amounts_of_any_type_are_read(only):
    one = node("g", gpus=8)
    one["status"]["allocatable"]["nvidia.com/gpu"] = 8
    assert only(one)["unhealthy"] == 0


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("8", 8),
        (8, 8),
        (8.0, 8),
        ("1k", 1000),
        ("", 0),
        ("x", 0),
        ("-1", 0),
        (None, 0),
        ("9" * 30, 0),
        (1e300, 0),
        ("²", 0),
    ],
)
def test_quantities(amount, expected):
    assert count(amount) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("580.126.09", "580.126.9"),
        ("13.0", "13.0.0"),
        ("580.126.9", "580.126.9"),
        ("r535-a", "r535-a"),
        ("00", "0.0.0"),
    ],
)
def test_versions_compare(value, expected):
    assert normal_version(value) == expected


def test_odd_attributes_and_capacities_are_passed_over(devices):
    one = resource_slice("g", a={"string": 1}, b={}, c=None, d={"version": "1"}, e={"int": True})  # type: ignore[arg-type]
    one["spec"]["devices"][0]["capacity"] = {"x": {"value": 3}, "y": "4", "z": {"value": None}, "w": None}
    (found,) = devices(node("g"), one)
    assert found["attributes"].keys() == {"type", "driverVersion", "uuid", "d"}
    assert found["capacity"] == {"x": "3", "y": "4"}


def test_a_slice_without_anything_is_survived(devices):
    assert devices(node("g"), thing("resource.k8s.io/v1", "ResourceSlice", "s")) == []
