"""Components are what runs, not what is defined, named or imitated."""

import pytest

from tests.clusters import (
    Cluster,
    container,
    crd,
    daemon_set,
    deployment,
    gateway_class,
    node,
    resource_slice,
    stateful_set,
)

KUEUE = "registry.k8s.io/kueue/kueue:v0.19.2"
KUEUE_CRDS = [crd("clusterqueues.kueue.x-k8s.io"), crd("localqueues.kueue.x-k8s.io")]
VOLCANO = [
    deployment("volcano-scheduler", "volcano-system", image="docker.io/volcanosh/vc-scheduler:v1.15.1"),
    deployment("volcano-controllers", "volcano-system", image="docker.io/volcanosh/vc-controller-manager:v1.15.1"),
]


def kueue(image=KUEUE, name="kueue-controller-manager", **more):
    return deployment(name, "kueue-system", image=image, **more)


@pytest.fixture
def components(facts):
    def go(*objects, **more):
        return {one["id"]: one for one in facts(*objects, wanted=["components"], **more)["components"]}

    return go


@pytest.fixture
def kueue_of(components):
    return lambda *objects, **more: components(node("n"), *objects, **more).get("kueue")


def test_a_component_has_all_its_facts(kueue_of):
    assert kueue_of(kueue(), *KUEUE_CRDS) == {
        "id": "kueue",
        "name": "Kueue",
        "layer": "runtime",
        "vendor": "Kubernetes SIGs",
        "requirements": ["gang_scheduling"],
        "controllers": [],
        "version": "v0.19.2",
        "namespaces": ["kueue-system"],
        "ready": True,
        "reason": "",
        "managed": False,
        "installed_only": False,
        "fake": False,
        "signs": [
            f"apps/v1 Deployment kueue-system/kueue-controller-manager by image {KUEUE}",
            "definition clusterqueues.kueue.x-k8s.io",
            "definition localqueues.kueue.x-k8s.io",
        ],
        "workloads": [
            {
                "ref": "apps/v1 Deployment kueue-system/kueue-controller-manager",
                "kind": "Deployment",
                "namespace": "kueue-system",
                "name": "kueue-controller-manager",
                "role": "controller",
                "required": True,
                "ready": True,
                "reason": "",
                "image": KUEUE,
                "version": "v0.19.2",
                "sign": f"image {KUEUE}",
            }
        ],
        "crds": [
            {
                "name": name,
                "ref": f"apiextensions.k8s.io/v1 CustomResourceDefinition {name}",
                "established": True,
            }
            for name in ("clusterqueues.kueue.x-k8s.io", "localqueues.kueue.x-k8s.io")
        ],
        "objects": [
            "apps/v1 Deployment kueue-system/kueue-controller-manager",
            "apiextensions.k8s.io/v1 CustomResourceDefinition clusterqueues.kueue.x-k8s.io",
            "apiextensions.k8s.io/v1 CustomResourceDefinition localqueues.kueue.x-k8s.io",
        ],
    }


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("mirror.example:5000/hub/registry.k8s.io/kueue/kueue:v0.19.2", "v0.19.2"),
        ("registry.example/kueue/kueue-rhel9@sha256:" + "0" * 64, None),
        ("registry.example/kueue/kueue:latest", None),
    ],
)
def test_an_image_counts_from_any_mirror(kueue_of, image, version):
    found = kueue_of(kueue(image, name="anything"))
    assert (found["ready"], found["version"]) == (True, version)


@pytest.mark.parametrize(
    "image", ["registry.example/notkueue/kueue:v1", "kueue:v1", "example/kueue-kueue:v1", "app:v1"]
)
def test_an_image_that_only_looks_alike_does_not(kueue_of, image):
    assert kueue_of(kueue(image, name="anything")) is None


def test_the_version_may_stand_in_labels(kueue_of):
    latest = "registry.example/kueue/kueue:latest"
    labels = {"helm.sh/chart": "kueue-0.19.2"}
    assert kueue_of(kueue(latest, labels=labels))["version"] == "0.19.2"
    assert kueue_of(kueue(latest, labels=labels | {"app.kubernetes.io/version": "v0.18"}))["version"] == "v0.18"


def test_a_name_alone_is_no_sign(kueue_of):
    assert kueue_of(kueue("registry.example/app:v1")) is None


def test_a_name_counts_with_labels_or_definitions_and_behind_a_release(kueue_of):
    name = "prod-kueue-controller-manager"
    labelled = kueue_of(kueue("registry.example/app:v1", name, labels={"app.kubernetes.io/name": "kueue"}))
    assert labelled["signs"] == [f"apps/v1 Deployment kueue-system/{name} by name {name} with its labels"]
    defined = kueue_of(kueue("registry.example/app:v1", name), *KUEUE_CRDS)
    assert defined["signs"][0].endswith("with its definitions")


def test_a_workload_of_another_kind_is_not_it(kueue_of):
    assert kueue_of(daemon_set("kueue-controller-manager", image=KUEUE)) is None


def test_the_better_sign_decides_who_fills_a_role(kueue_of):
    other = deployment("old-kueue-controller-manager", image="registry.example/app:v1")
    found = kueue_of(kueue(available=0), other, *KUEUE_CRDS)
    assert [one["name"] for one in found["workloads"]] == ["kueue-controller-manager"]
    assert found["ready"] is False


def test_definitions_alone_are_not_the_component(kueue_of):
    found = kueue_of(*KUEUE_CRDS)
    assert (found["installed_only"], found["ready"], found["reason"]) == (True, False, "only its definitions are there")


def test_definitions_of_discovery_count_where_the_objects_cannot_be_read(components, omitted):
    cluster = Cluster().add(node("n"))
    cluster.served.append(("kueue.x-k8s.io/v1beta2", "ClusterQueue", "clusterqueues", False))
    found = components(cluster, omissions=[omitted("CustomResourceDefinition", "apiextensions.k8s.io")])["kueue"]
    assert [(one["name"], one["established"]) for one in found["crds"]] == [("clusterqueues.kueue.x-k8s.io", None)]


@pytest.mark.parametrize(
    ("breakage", "reason"),
    [
        ({"replicas": 0}, "it is scaled to no replicas"),
        ({"replicas": 3, "available": 1}, "1 of 3 replicas is available"),
        ({"generation": 2, "observed": 1}, "generation 2 is not observed yet, but 1"),
    ],
)
def test_a_broken_workload_is_a_broken_component(kueue_of, breakage, reason):
    found = kueue_of(kueue(**breakage), *KUEUE_CRDS)
    assert found["ready"] is False
    assert found["reason"] == f"Deployment kueue-system/kueue-controller-manager: {reason}"


def test_every_required_role_must_be_filled(components):
    assert components(*VOLCANO)["volcano"]["ready"] is True
    found = components(VOLCANO[1])["volcano"]
    assert (found["ready"], found["reason"]) == (False, "its scheduler is not there")


def test_an_optional_role_may_be_broken(components):
    admission = deployment("volcano-admission", image="volcanosh/vc-webhook-manager:v1.15.1", available=0)
    found = components(*VOLCANO, admission)["volcano"]
    assert found["ready"] is True
    assert [one["role"] for one in found["workloads"] if not one["ready"]] == ["admission"]


def test_what_could_not_be_read_is_in_doubt(components, omitted):
    found = components(VOLCANO[1], omissions=[omitted("Deployment", "apps")])["volcano"]
    assert (found["ready"], found["reason"]) == (None, "its workloads could not all be read (Forbidden)")
    only = components(*KUEUE_CRDS, omissions=[omitted("Deployment", "apps")])["kueue"]
    assert (only["ready"], only["installed_only"]) == (None, False)


def test_one_of_two_controllers_is_enough_and_all_of_several_sets_of_agents_are_needed(components):
    istio = [
        deployment(name, image="istio/pilot:1.29.0", replicas=count)
        for name, count in (("istiod", 1), ("istiod-old", 0))
    ]
    assert components(*istio)["istio"]["ready"] is True
    plugins = [daemon_set(f"{pool}-nvidia-device-plugin", image="nvidia/k8s-device-plugin:v0.18.0") for pool in "ab"]
    assert components(*plugins)["nvidia-device-plugin"]["ready"] is True
    plugins[1]["status"]["numberReady"] = 0
    assert components(*plugins)["nvidia-device-plugin"]["ready"] is False


def test_agents_that_no_node_is_meant_to_run_do_not_count(components):
    sets = [
        daemon_set(f"{pool}-nvidia-device-plugin", image="nvidia/k8s-device-plugin:v1.0", desired=n)
        for n, pool in enumerate("ab")
    ]
    assert components(*sets)["nvidia-device-plugin"]["ready"] is True
    found = components(sets[0])["nvidia-device-plugin"]
    assert (found["ready"], "no node is meant to run it" in found["reason"]) == (False, True)


def test_roles_that_share_an_image_are_told_by_their_names(components):
    image = "nvcr.io/nvidia/k8s-device-plugin:v0.18.0"
    names = ("nvidia-device-plugin-daemonset", "gpu-feature-discovery", "nvidia-device-plugin-mps-control-daemon")
    found = components(*(daemon_set(name, image=image) for name in names))
    assert {identity: one["workloads"][0]["name"] for identity, one in found.items()} == {
        "gpu-feature-discovery": "gpu-feature-discovery",
        "mps-control-daemon": "nvidia-device-plugin-mps-control-daemon",
        "nvidia-device-plugin": "nvidia-device-plugin-daemonset",
    }


def test_a_sidecar_is_not_the_component(components):
    collector = container("otel", "otel/opentelemetry-collector-contrib:0.140.0")
    assert components(deployment("app", containers=[container("app"), collector])) == {}
    found = components(deployment("otel", containers=[collector, container("helper")]))
    assert found["opentelemetry-collector"]["version"] == "0.140.0"


def test_an_imitation_is_not_what_it_is_called(components):
    """The chart of fake-gpu-operator is often installed under the name of the real one."""
    fake = deployment(
        "gpu-operator",
        "gpu-operator",
        image="ghcr.io/run-ai/fake-gpu-operator/status-updater:0.0.60",
        labels={"app.kubernetes.io/name": "gpu-operator"},
    )
    found = components(fake, crd("clusterpolicies.nvidia.com"))
    assert found["fake-gpu-operator"]["fake"] is True
    assert found["gpu-operator"]["installed_only"] is True


@pytest.mark.parametrize(
    ("definition", "component"),
    [
        ("nodeclaims.karpenter.sh", "karpenter"),
        ("computedomains.resource.nvidia.com", "nvidia-dra-driver"),
        ("topologies.kueue.x-k8s.io", "kueue"),
    ],
)
def test_a_definition_that_another_chart_ships_is_no_sign(components, definition, component):
    assert component not in components(node("n"), crd(definition))


def test_a_definition_may_be_all_there_is(components):
    names = ("gatewayclasses", "gateways", "httproutes", "grpcroutes", "referencegrants")
    definitions = [crd(f"{name}.gateway.networking.k8s.io") for name in names]
    found = components(*definitions)["gateway-api"]
    assert (found["ready"], found["installed_only"]) == (True, False)
    definitions[0]["status"]["conditions"][1]["status"] = "False"
    found = components(*definitions)["gateway-api"]
    assert (found["ready"], found["reason"]) == (
        False,
        "the definition gatewayclasses.gateway.networking.k8s.io is not established",
    )


def test_definitions_may_say_their_version(components):
    annotations = {"gateway.networking.k8s.io/bundle-version": "v1.6.1"}
    one = crd("httproutes.gateway.networking.k8s.io", annotations=annotations)
    assert components(one)["gateway-api"]["version"] == "v1.6.1"
    assert components(crd("gateways.gateway.networking.k8s.io"), one)["gateway-api"]["version"] == "v1.6.1"
    assert components(crd("gateways.gateway.networking.k8s.io"))["gateway-api"]["version"] is None


def test_a_managed_component_shows_by_what_it_answers_to(components):
    found = components(gateway_class("gke-l7", "networking.gke.io/gateway"))["gke-gateway"]
    assert (found["managed"], found["ready"], found["controllers"]) == (True, None, ["networking.gke.io/gateway"])
    assert found["signs"] == ["GatewayClass of networking.gke.io/gateway"]


def test_a_managed_autoscaler_shows_by_all_its_definitions_and_without_its_own_workload(components):
    pools, classes = crd("nodepools.karpenter.sh"), crd("nodeclasses.eks.amazonaws.com")
    assert components(pools, classes)["eks-auto-mode"]["managed"] is True
    assert "eks-auto-mode" not in components(pools)
    karpenter = deployment("karpenter", image="public.ecr.aws/karpenter/controller:1.14.1")
    found = components(pools, classes, karpenter)
    assert "eks-auto-mode" not in found
    assert found["karpenter"]["ready"] is True


def test_a_driver_shows_by_its_devices_too(components):
    found = components(node("n"), resource_slice("n"))["nvidia-dra-driver"]
    assert (found["ready"], found["installed_only"]) == (None, False)
    assert "devices of gpu.nvidia.com are there" in found["reason"]
    plugin = daemon_set("nvidia-dra-driver-gpu-kubelet-plugin", image="nvcr.io/nvidia/k8s-dra-driver-gpu:v25.12.0")
    assert components(node("n"), resource_slice("n"), plugin)["nvidia-dra-driver"]["ready"] is True


def test_a_component_of_optional_roles_works_when_one_does(components):
    servers = [
        stateful_set(name, image="ghcr.io/llm-d/llm-d-cuda:v0.5.0", ready=up) for name, up in (("a", 1), ("b", 0))
    ]
    assert components(*servers)["llm-d"]["ready"] is True
    assert components(servers[1])["llm-d"]["ready"] is False


def test_the_table_knows_what_it_says(tables):
    rows = tables["components"]["components"]
    shown = [row for row in rows if row.keys() & {"workloads", "managed", "definitions_only"}]
    assert len(shown) >= 90
    for row in shown:
        roles = [one["role"] for one in row.get("workloads", ())]
        assert len(roles) == len(set(roles)), row["id"]
        for one in row.get("workloads", ()):
            assert one.get("names") or one.get("images") or row.get("images"), row["id"]
            assert not one.get("named") or one["names"], row["id"]
