"""Which accelerators of a node metrics speak of."""

import pytest

from aiconf.cluster.coverage import metric_coverage

NODE = {"name": "g", "ref": "v1 Node g", "vendor": "nvidia", "devices": 2, "fake": False, "resources": {}}


def device(identity, *, utilization=True, memory=True, **more):
    shown = dict.fromkeys(("temperature", "power", "interconnect"), False)
    return {"id": identity, "labels": {}, "utilization": utilization, "memory": memory, **shown, **more}


def source(*devices, node="g", vendor="nvidia", serves="accelerator", fake=False):
    whose = {"serves": serves, "vendor": vendor, "unit": "", "in_use": False}
    return {"source": "s", "node": node, "fake": fake, "devices": list(devices), **whose}


def shown(*sources):
    (found,) = metric_coverage([NODE], sources, [])
    return found["shown"]


def test_a_device_needs_samples_of_both():
    halves = [device("0", memory=False), device("1", utilization=False)]
    assert shown(source(*halves)) == 0
    assert shown(source(device("0"), *halves[1:])) == 1


def test_partitions_stand_for_their_device():
    assert shown(source(device("0/1", memory=False), device("0/2", utilization=False), device("0/3"))) == 1


@pytest.mark.parametrize(
    "other", [{"node": "h"}, {"vendor": "amd"}, {"serves": "inference"}, {"fake": True}, {"node": None}]
)
def test_what_is_not_of_this_node_and_real_does_not_count(other):
    assert shown(source(device("0"), **other)) == 0


def test_metrics_from_elsewhere_count_where_their_labels_name_the_node():
    assert shown(source(device("0", labels={"Hostname": "g"}), node=None)) == 1
    assert shown(source(device("0", labels={"Hostname": "gg"}), node=None)) == 0


def test_a_simulated_node_is_left_out():
    assert metric_coverage([{**NODE, "fake": True}], [source(device("0"))], []) == []
