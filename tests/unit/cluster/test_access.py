"""Ways past the mediator are those of workloads on nodes with accelerators."""

import pytest

from tests.clusters import (
    GPU,
    Cluster,
    container,
    daemon_set,
    deployment,
    namespace,
    node,
    pod,
    pods_of,
    reference,
    resource_claim,
    resource_slice,
    thing,
)

GPU_NODE = node("g", gpus=8)
ADMIN = {"resource.kubernetes.io/admin-access": "true"}


def volumes(*paths):
    return [{"name": f"v{number}", "hostPath": {"path": path}} for number, path in enumerate(paths)]


def privileged(**more):
    return [container(securityContext={"privileged": True}, **more)]


def variable(value, name="NVIDIA_VISIBLE_DEVICES", **more):
    entry = {"name": name} if value is None else {"name": name, "value": value}
    return [container(env=[entry], **more)]


@pytest.fixture
def exposures(cluster_fact):
    return lambda *objects: cluster_fact("exposures", GPU_NODE, *objects)


@pytest.fixture
def kinds(exposures):
    return lambda *objects: [(one["kind"], one["detail"]) for one in exposures(*objects)]


def test_an_exposure_has_all_its_facts(exposures):
    owner = deployment("bad", "ml", volumes=volumes("/dev/nvidia0"))
    replicas, one = pods_of(owner, ["g"])
    assert exposures(owner, replicas, one) == [
        {
            "pod": f"v1 Pod ml/{one['metadata']['name']}",
            "namespace": "ml",
            "name": one["metadata"]["name"],
            "node": "g",
            "owner": "apps/v1 Deployment ml/bad",
            "kind": "volume",
            "detail": "/dev/nvidia0",
            "container": "",
        }
    ]


@pytest.mark.parametrize(
    "path",
    [
        *("/dev/nvidia0", "/dev/nvidiactl", "/dev/dri/card0", "/dev/dri", "/dev/kfd", "/dev/neuron0", "/dev/accel0"),
        *("/dev/vfio/1", "/dev/infiniband", "/dev", "/dev/", "/", "//dev//nvidia0", "/dev/x/../nvidia0", "/."),
    ],
)
def test_a_volume_with_devices_is_one(kinds, path):
    ((kind, _),) = kinds(pod("p", node="g", volumes=volumes(path)))
    assert kind == "volume"


@pytest.mark.parametrize("path", ["/dev/mqueue", "/var/lib/data", "/devices", "/proc", "/sys", "/dev/log", ""])
def test_another_volume_is_none(kinds, path):
    assert kinds(pod("p", node="g", volumes=volumes(path))) == []


@pytest.mark.parametrize("where", ["containers", "initContainers", "ephemeralContainers"])
def test_privilege_of_any_container_is_one(kinds, where):
    one = pod("p", node="g")
    one["spec"][where] = privileged(name="x")
    assert kinds(one) == [("privileged", "privileged")]


def test_the_processes_of_the_host_are_one(kinds):
    assert kinds(pod("p", node="g", hostPID=True)) == [("host_pid", "hostPID")]
    assert kinds(pod("p", node="g", hostPID=False, containers=[container(securityContext={"privileged": False})])) == []


@pytest.mark.parametrize("value", ["all", "0", "0,1", "GPU-5a7e1c2f"])
def test_a_variable_that_asks_for_devices_is_one(exposures, value):
    (found,) = exposures(pod("p", node="g", containers=variable(value)))
    assert found["kind"] == "env"
    assert found["detail"].startswith("NVIDIA_VISIBLE_DEVICES=")
    assert found["container"] == "main"


@pytest.mark.parametrize("value", ["", "void", "none", None])
def test_a_variable_that_asks_for_none_is_none(kinds, value):
    assert kinds(pod("p", node="g", containers=variable(value))) == []


def test_a_container_that_was_given_devices_may_name_them(kinds):
    assert kinds(pod("p", node="g", containers=variable("all", gpus=1))) == []
    assert kinds(pod("p", node="g", containers=variable("all", resources={"claims": [{"name": "gpu"}]}))) == []
    assert kinds(pod("p", node="g", containers=variable("all", gpus=1, resource="example.com/x"))) != []


def test_other_nodes_and_finished_pods_do_not_matter(kinds):
    assert kinds(node("cpu"), pod("p", node="cpu", containers=privileged())) == []
    assert kinds(pod("p", node="g", phase="Succeeded", containers=privileged())) == []
    assert kinds(pod("p", node="g", phase="Pending", containers=privileged())) != []


def test_a_node_with_made_up_accelerators_does_not_matter(cluster_fact):
    taints = [{"key": "kwok.x-k8s.io/node", "effect": "NoSchedule"}]
    assert (
        cluster_fact("exposures", node("k", gpus=8, taints=taints), pod("p", node="k", containers=privileged())) == []
    )


def test_a_node_whose_accelerators_nobody_offers_does(cluster_fact):
    bare = node("b", labels={"nvidia.com/gpu.present": "true"})
    assert len(cluster_fact("exposures", bare, pod("p", node="b", containers=privileged()))) == 1


def test_static_pods_are_of_the_platform(kinds):
    one = pod("p", "kube-system", node="g", containers=privileged())
    one["metadata"]["ownerReferences"] = [reference(GPU_NODE)]
    assert kinds(one) == []


@pytest.mark.parametrize("space", ["kube-system", "openshift-machine-config-operator"])
def test_daemon_sets_of_system_namespaces_are_of_the_platform(kinds, space):
    agent = daemon_set("agent", space, containers=privileged(), volumes=volumes("/dev/nvidia0"))
    assert kinds(agent, *pods_of(agent, ["g"])) == []


def test_a_deployment_in_a_system_namespace_is_not(kinds):
    hidden = deployment("hidden", "kube-system", volumes=volumes("/dev/nvidia0"))
    assert kinds(hidden, *pods_of(hidden, ["g"])) == [("volume", "/dev/nvidia0")]


@pytest.mark.parametrize(
    ("image", "space"),
    [
        ("nvcr.io/nvidia/k8s-device-plugin:v0.18.0", "gpu-operator"),
        ("nvcr.io/nvidia/k8s/dcgm-exporter:4.5.3", "elsewhere"),
        ("quay.io/cilium/cilium:v1.19.0", "cilium"),
        ("quay.io/prometheus/node-exporter:v1.10.0", "monitoring"),
        ("longhornio/longhorn-engine:v1.10.0", "longhorn-system"),
        ("registry.k8s.io/sig-storage/csi-node-driver-registrar:v2.15.0", "storage"),
    ],
)
def test_what_is_known_to_be_of_the_platform_is(kinds, image, space):
    agent = daemon_set("nvidia-device-plugin-daemonset", space, containers=privileged(image=image), hostPID=True)
    assert kinds(agent, *pods_of(agent, ["g"])) == []
    assert kinds(pod("bare", space, node="g", containers=privileged(image=image))) == []


def test_a_sidecar_of_the_platform_makes_no_workload_a_part_of_it(kinds):
    parts = [*privileged(), container("sidecar", "otel/opentelemetry-collector:0.140.0")]
    assert kinds(pod("p", node="g", containers=parts)) == [("privileged", "privileged")]
    app = deployment("app", containers=parts)
    assert kinds(app, *pods_of(app, ["g"])) == [("privileged", "privileged")]


def test_a_serving_engine_is_a_workload(kinds):
    engine = deployment("vllm", containers=privileged(image="docker.io/vllm/vllm-openai:v0.11.0"))
    assert kinds(engine, *pods_of(engine, ["g"])) == [("privileged", "privileged")]


def test_unknown_agents_are_told_apart_and_only_by_sure_ways(facts):
    agent = daemon_set("agent", "tools", containers=privileged(), hostPID=True, volumes=volumes("/", "/dev/nvidia0"))
    found = facts(GPU_NODE, agent, *pods_of(agent, ["g"]))["cluster"]
    assert found["exposures"] == []
    assert [(one["kind"], one["detail"]) for one in found["agent_exposures"]] == [("volume", "/dev/nvidia0")]


def test_owners_that_are_not_there_are_named_all_the_same(exposures):
    _, one = pods_of(deployment("gone", "ml", containers=privileged()), ["g"])
    (found,) = exposures(one)
    assert found["owner"].startswith("apps/v1 ReplicaSet ml/gone-")
    (found,) = exposures(pod("bare", node="g", containers=privileged()))
    assert found["owner"] is None


def test_administrative_access_needs_a_labelled_namespace(facts, omitted):
    claims = [resource_claim("a", space, admin=True) for space in ("plain", "labelled")]
    objects = [GPU_NODE, namespace("plain"), namespace("labelled", ADMIN), *claims, resource_claim("b", "plain")]
    found = facts(*objects)["cluster"]
    assert [(one["ref"], one["labelled"], one["allocated"]) for one in found["admin_claims"]] == [
        ("resource.k8s.io/v1 ResourceClaim labelled/a", True, True),
        ("resource.k8s.io/v1 ResourceClaim plain/a", False, True),
    ]
    assert [one["namespace"] for one in found["usable_admin_claims"]] == ["plain"]
    unseen = facts(GPU_NODE, *claims, omissions=[omitted("Namespace")])["cluster"]
    assert [one["labelled"] for one in unseen["admin_claims"]] == [None, None]
    assert unseen["usable_admin_claims"] == []


def test_administrative_access_in_the_old_shape(cluster_fact):
    claim = resource_claim("a", allocated=False)
    claim["spec"]["devices"]["requests"] = [{"name": "gpu", "deviceClassName": "gpu.nvidia.com", "adminAccess": True}]
    (found,) = cluster_fact("admin_claims", claim)
    assert (found["request"], found["allocated"]) == ("gpu", False)


def test_a_device_belongs_to_one_claim(cluster_fact):
    claims = [resource_claim(name, pool="g") for name in ("a", "b")]
    objects = [GPU_NODE, resource_slice("g"), *claims]
    assert cluster_fact("shared_claims", *objects) == [
        {
            "driver": "gpu.nvidia.com",
            "pool": "g",
            "device": "gpu-0",
            "claims": [f"resource.k8s.io/v1 ResourceClaim default/{name}" for name in ("a", "b")],
            "accelerator": True,
        }
    ]
    assert (
        cluster_fact(
            "shared_claims", GPU_NODE, resource_slice("g", devices=2), claims[0], resource_claim("c", device="gpu-1")
        )
        == []
    )


def test_sharing_that_is_meant_is_none(cluster_fact):
    claims = [resource_claim(name, pool="g") for name in ("a", "b")]
    shareable = resource_slice("g")
    shareable["spec"]["devices"][0]["allowMultipleAllocations"] = True
    assert cluster_fact("shared_claims", GPU_NODE, shareable, *claims) == []
    claims[0]["status"]["allocation"]["devices"]["results"][0]["adminAccess"] = True
    assert cluster_fact("shared_claims", GPU_NODE, resource_slice("g"), *claims) == []


def test_a_cluster_without_pods_has_no_exposures(facts):
    found = facts(Cluster().add(thing("v1", "Namespace", "x")))["cluster"]
    assert (found["exposures"], found["agent_exposures"]) == ([], [])
    assert GPU not in str(found["exposures"])
