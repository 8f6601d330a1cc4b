"""What breaks requirements in ways of their own: traps that a shallow check would pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.clusters.cluster import key_of
from tests.clusters.edits import (
    condition_is,
    crashing,
    crashing_pod,
    drop_labels,
    field_is,
    intruder,
    label,
    metrics_as_help,
    metrics_without,
    named,
    no_endpoints,
    not_served,
    offers,
    on_accelerator_nodes,
    result_is,
    several,
    stale_slices,
    unready_endpoints,
    without,
    without_attributes,
    without_kind,
    without_results,
    without_users,
)
from tests.clusters.shows import SHOWS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.clusters.cluster import Cluster
    from tests.clusters.edits import Edit
    from tests.clusters.parts import Plain

    # requirement, what is broken, the edit
    Row = tuple[str, str, Edit]

_GATEWAY = "Gateway.gateway.networking.k8s.io inference/inference-gateway"
_HPA = "HorizontalPodAutoscaler.autoscaling inference"
_POLICY = "ClusterPolicy.nvidia.com cluster-policy"
_DEFINITION = "CustomResourceDefinition.apiextensions.k8s.io"
_PRIVILEGED = {"securityContext": {"privileged": True}}
NVIDIA = ("eks", "gke", "aks", "openshift", "onprem", "dra_only", "device_plugin_only", "kai")
OLD = "2026-11-01T04:00:00Z"


def of_cluster(name: str) -> Iterator[Row]:
    """The breakages of a cluster: requirement, what is broken, and the edit."""
    shown = SHOWS[name]
    for rows in (_access, _drivers, _sharing, _virtual, _gateway, _networks, _gangs, _scaling, _metrics, _controllers):
        for requirement, what, edit in rows(name):
            if requirement in shown and shown[requirement].result == "pass":
                yield requirement, what, edit


def _host(path: str) -> list[Plain]:
    return [{"name": "device", "hostPath": {"path": path}}]


def _access(name: str) -> Iterator[Row]:
    id_ = "secure_accelerator_access"
    device = "/dev/kfd" if name == "amd" else "/dev/nvidia0"
    variable = "AMD_VISIBLE_DEVICES" if name == "amd" else "NVIDIA_VISIBLE_DEVICES"
    yield id_, "a pod mounts /dev", intruder(volumes=_host("/dev"))
    yield id_, "a pod mounts /", intruder(volumes=_host("/"))
    yield id_, "a pod mounts a device", intruder(volumes=_host(device))
    yield id_, "a pod mounts a device by a detour", intruder(volumes=_host(f"/dev/../{device}/"))
    yield id_, "a privileged pod that mounts /dev", intruder(volumes=_host("/dev"), part=_PRIVILEGED)
    yield id_, "a privileged pod", intruder(part=_PRIVILEGED)
    yield id_, "a privileged init container", intruder(initContainers=[{"name": "setup", "image": "x", **_PRIVILEGED}])
    yield id_, "a pod with the processes of its host", intruder(hostPID=True)
    yield id_, "a pod that asks by environment", intruder(part={"env": [{"name": variable, "value": "all"}]})
    yield id_, "the test failed", result_is(id_, "failed")
    yield id_, "the test was skipped", result_is(id_, "skipped")
    yield id_, "no test was imported", without_results(id_)


def _drivers(name: str) -> Iterator[Row]:
    id_ = "driver_runtime_management"
    driver = "gpu.amd.com" if name == "amd" else "gpu.nvidia.com"
    labels = drop_labels("nvidia.com/cuda.*", "amd.com/gpu.driver-version", "beta.amd.com/*")
    devices = without_attributes(driver, "driverVersion", "cudaDriverVersion")
    by_dra = name in ("eks", "gke", "onprem", "dra_only", "amd")
    yield id_, "no versions", several(labels, devices) if by_dra else labels
    if name in ("eks", "aks", "onprem", "kai"):
        yield id_, "the operator has not converged", field_is(_POLICY, ("status", "state"), "notReady")
        yield id_, "the operator crashes", crashing("Deployment.apps gpu-operator/gpu-operator")
        yield id_, "an upgrade failed", label("nvidia.com/gpu-driver-upgrade-state", "upgrade-failed")


def _sharing(name: str) -> Iterator[Row]:
    id_ = "gpu_sharing"
    if name in ("eks", "aks", "openshift", "onprem", "kai"):
        yield (
            id_,
            "nothing is offered twice",
            several(
                label("nvidia.com/gpu.replicas", "1"),
                label("nvidia.com/gpu.sharing-strategy", "none"),
                offers("nvidia.com/gpu", 4 if name == "eks" else 2),
                without_users(),
            ),
        )
        whole = offers("nvidia.com/gpu", 4 if name == "eks" else 2)
        yield id_, "a configuration that changes nothing", several(whole, without_users())
    if name == "gke":
        yield (
            id_,
            "no sharing",
            drop_labels("cloud.google.com/gke-gpu-sharing-strategy", "cloud.google.com/gke-max-shared-clients-per-gpu"),
        )
        yield id_, "one client", label("cloud.google.com/gke-max-shared-clients-per-gpu", "1")
    if name == "amd":
        yield id_, "partitions are not offered", offers("amd.com/cpx_nps4", 0)
    if name == "dra_only":
        yield id_, "the slices are stale", stale_slices("gpu.nvidia.com")
        yield id_, "the slices are gone", without_kind("ResourceSlice.resource.k8s.io")


def _virtual(name: str) -> Iterator[Row]:
    id_ = "virtualized_accelerator"
    if name in ("aks", "onprem"):
        yield id_, "bare metal", label("nvidia.com/vgpu.present", "false")
        nothing = offers("nvidia.com/gpu", 0)
        if name == "onprem":
            nothing = several(nothing, without_kind("ResourceSlice.resource.k8s.io"))
        yield id_, "nothing is offered", nothing
    if name == "dra_only":
        yield id_, "the slices are stale", stale_slices("gpu.nvidia.com")


def _gateway(name: str) -> Iterator[Row]:
    id_ = "ai_inference"
    yield id_, "no addresses", field_is(_GATEWAY, ("status", "addresses"), [])
    yield id_, "a class that is not there", field_is(_GATEWAY, ("spec", "gatewayClassName"), "elsewhere")
    yield (
        id_,
        "listeners not programmed",
        field_is(
            _GATEWAY,
            ("status", "listeners", 0, "conditions"),
            [{"type": "Programmed", "status": "False", "reason": "Invalid", "observedGeneration": 1}],
        ),
    )
    yield (
        id_,
        "listeners in conflict",
        field_is(
            _GATEWAY,
            ("status", "listeners", 0, "conditions"),
            [{"type": "Conflicted", "status": "True", "reason": "PortUnavailable", "observedGeneration": 1}],
        ),
    )
    yield (
        id_,
        "definitions alone",
        several(
            without_kind("GatewayClass.gateway.networking.k8s.io"), without_kind("Gateway.gateway.networking.k8s.io")
        ),
    )
    pool = "qwen3-8b" if name == "onprem" else "llama-3-8b"
    id_, own = "advanced_inference_ingress", f"InferencePool.inference.networking.k8s.io inference/{pool}"
    yield id_, "the endpoint picker does not answer", no_endpoints(f"inference/{pool}-epp")
    yield id_, "the endpoint picker is not ready", unready_endpoints(f"inference/{pool}-epp")
    yield id_, "a picker that is not there", field_is(own, ("spec", "endpointPickerRef", "name"), "elsewhere")
    yield id_, "no gateway knows the pool", field_is(own, ("status", "parents"), [])
    for kind in ("Accepted", "ResolvedRefs"):
        yield id_, f"the pool is not {kind}", condition_is(own, kind, "False")
    yield id_, "no route to it", without(f"HTTPRoute.gateway.networking.k8s.io inference/{pool}")
    yield (
        id_,
        "a route that is not accepted",
        condition_is(f"HTTPRoute.gateway.networking.k8s.io inference/{pool}", "Accepted", "False"),
    )
    yield id_, "definitions alone", without_kind("InferencePool.inference.networking.k8s.io")
    id_ = "disaggregated_inference"
    stem = "qwen3-32b" if name == "onprem" else "ms-llama-3-8b"
    kind = "StatefulSet.apps" if name == "eks" else "Deployment.apps"
    for one in (f"{stem}-prefill", f"{stem}-decode"):
        yield id_, f"{one} crashes", crashing(f"{kind} inference/{one}")
        yield id_, f"{one} is gone", without(f"{kind} inference/{one}")
        yield id_, f"the pods of {one} are not ready", crashing_pod(f"inference/{one}")


def _networks(name: str) -> Iterator[Row]:
    id_ = "high_performance_networking"
    if name == "eks":
        yield id_, "nothing is offered", offers("vpc.amazonaws.com/efa", 0)
    elif name == "onprem":
        yield id_, "nothing is offered", offers("rdma/shared_roce", 0)
        policy = "NicClusterPolicy.mellanox.com nic-cluster-policy"
        yield id_, "not converged", field_is(policy, ("status", "state"), "notReady")
    else:
        yield id_, "ordinary interfaces only", without_attributes("dra.net", "dra.net/rdma", "dra.net/rdmaDevice")
        yield id_, "the slices are stale", stale_slices("dra.net")
        yield id_, "no slices", without_kind("ResourceSlice.resource.k8s.io")
    id_ = "workload_sandboxing"
    class_ = {"onprem": "gvisor", "gke": "gvisor", "aks": "kata-vm-isolation", "kai": "kata-qemu"}.get(name, "")
    if class_:
        own = f"RuntimeClass.node.k8s.io {class_}"
        yield id_, "no such class", without(own)
        yield (
            id_,
            "a class of an ordinary runtime",
            several(field_is(own, ("handler",), "runc"), field_is(own, ("metadata", "name"), "fast")),
        )
        yield id_, "a class that no node has", field_is(own, ("scheduling", "nodeSelector"), {"sandbox": "nowhere"})
        yield id_, "its pod does not start", field_is("Pod code-runner/python-tool-0", ("status", "phase"), "Pending")


def _gangs(name: str) -> Iterator[Row]:
    id_ = "gang_scheduling"
    if SHOWS[name][id_].by == "Kueue":
        config = "ConfigMap kueue-system/kueue-manager-config"
        text = "apiVersion: config.kueue.x-k8s.io/v1beta2\nkind: Configuration\n"
        yield id_, "by quota alone", field_is(config, ("data",), {"controller_manager_config.yaml": text})
        yield id_, "no configuration", without(config)
        off = text.replace("v1beta2", "v1beta1") + "waitForPodsReady:\n  enable: false\n"
        yield id_, "waiting is switched off", field_is(config, ("data",), {"controller_manager_config.yaml": off})
        yield id_, "a definition is gone", without(f"{_DEFINITION} clusterqueues.kueue.x-k8s.io")


def _scaling(name: str) -> Iterator[Row]:
    id_ = "cluster_autoscaling"
    status = "ConfigMap kube-system/cluster-autoscaler-status"
    if name in ("gke", "dra_only", "device_plugin_only", "amd", "kai"):
        for what, old, new in (
            ("the report is old", "2026-11-02T09:00:00Z", OLD),
            ("it does not run", "autoscalerStatus: Running", "autoscalerStatus: Initializing"),
            ("it is not healthy", "status: Healthy", "status: Unhealthy"),
        ):
            yield id_, what, _in_text(status, "status", old, new)
        yield id_, "no room", _no_room(status)
    if name in ("eks", "aks"):
        pool = "NodePool.karpenter.sh gpu"
        yield id_, "no accelerators are allowed", field_is(pool, ("spec", "limits"), {"nvidia.com/gpu": "0"})
        yield id_, "no pools", without(f"{_DEFINITION} nodepools.karpenter.sh")
    if name == "openshift":
        machines = "MachineAutoscaler.autoscaling.openshift.io openshift-machine-api/gpu"
        yield id_, "no room", field_is(machines, ("spec", "maxReplicas"), 1)
        yield id_, "no machines", without("MachineSet.machine.openshift.io openshift-machine-api/gpu")
    id_, own = "pod_autoscaling", _hpa(name)
    bounds = several(field_is(own, ("spec", "minReplicas"), 2), field_is(own, ("spec", "maxReplicas"), 2))
    yield id_, "no room", bounds
    yield id_, "no values", field_is(own, ("status", "currentMetrics"), [])
    cpu = [
        {"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 60}}}
    ]
    yield (
        id_,
        "by CPU",
        several(
            field_is(own, ("spec", "metrics"), cpu),
            field_is(
                own,
                ("status", "currentMetrics"),
                [
                    {
                        "type": "Resource",
                        "resource": {"name": "cpu", "current": {"averageValue": "1", "averageUtilization": 4}},
                    }
                ],
            ),
        ),
    )
    yield id_, "of something else", field_is(own, ("spec", "scaleTargetRef", "name"), "elsewhere")
    yield id_, "the adapter does not answer", no_endpoints(_adapter(name))


def _hpa(name: str) -> str:
    (found,) = (one for one in SHOWS[name]["pod_autoscaling"].relies if one.startswith(_HPA))
    return found


def _adapter(name: str) -> str:
    (found,) = (one for one in SHOWS[name]["pod_autoscaling"].relies if one.startswith("Deployment.apps "))
    return found.removeprefix("Deployment.apps ")


def _in_text(config: str, key: str, old: str, new: str) -> Edit:
    def edit(cluster: Cluster) -> None:
        data = named(cluster, config)["data"]
        if old not in data[key]:
            raise KeyError(old)
        data[key] = data[key].replace(old, new)

    return edit


def _no_room(config: str) -> Edit:
    def edit(cluster: Cluster) -> None:
        data = named(cluster, config)["data"]
        data["status"] = re.sub(r"minSize: \d+\n    maxSize: \d+", "minSize: 2\n    maxSize: 2", data["status"])

    return edit


def _metrics(name: str) -> Iterator[Row]:
    id_ = "accelerator_metrics"
    utilization, memory, prefix = ("DCGM_FI_DEV_GPU_UTIL", "DCGM_FI_PROF_GR_ENGINE_ACTIVE"), "DCGM_FI_DEV_FB_", "DCGM_"
    if name == "amd":
        utilization, memory, prefix = ("gpu_gfx_activity", "gpu_umc_activity"), "_vram", "gpu_"
    yield id_, "no utilization", metrics_without(*utilization)
    yield id_, "no memory", metrics_without(memory)
    yield id_, "names in HELP lines only", metrics_as_help(prefix)
    yield id_, "clocks alone", metrics_without(*utilization, memory)
    yield id_, "not of the first device", metrics_without('gpu="0"', 'gpu_id="0"')
    yield id_, "nothing was scraped", metrics_without("{")
    yield id_, "not on the first node", _silent_first()
    id_ = "ai_service_metrics"
    monitors = [
        f"{kind}.{group}"
        for kind, group in (
            ("ServiceMonitor", "monitoring.coreos.com"),
            ("PodMonitor", "monitoring.coreos.com"),
            ("PodMonitoring", "monitoring.googleapis.com"),
            ("VMServiceScrape", "operator.victoriametrics.com"),
        )
    ]
    yield id_, "no monitors", without_kind(*monitors)
    yield (
        id_,
        "monitors that select nothing",
        _on_kinds(monitors, lambda one: one["spec"].update(selector={"matchLabels": {"app": "elsewhere"}})),
    )
    if SHOWS[name][id_].by == "Prometheus" and name != "openshift":
        yield (
            id_,
            "monitors that nobody selects",
            _on_kinds(monitors, lambda one: one["metadata"]["labels"].update(release="other")),
        )


def _silent_first() -> Edit:
    def edit(cluster: Cluster) -> None:
        pods = {
            (one["metadata"].get("namespace"), one["metadata"]["name"]): one
            for one in cluster.objects
            if one["kind"] == "Pod"
        }
        nodes: list[str] = []
        on_accelerator_nodes(lambda node: nodes.append(node["metadata"]["name"]), first=True)(cluster)
        for key in list(cluster.metrics):
            if pods[key[:2]]["spec"]["nodeName"] == nodes[0]:
                del cluster.metrics[key]

    return edit


def _on_kinds(kinds: list[str], spoil: Callable[[Plain], object]) -> Edit:
    def edit(cluster: Cluster) -> None:
        found = [one for one in cluster.objects if key_of(one) in kinds]
        if not found:
            raise KeyError(kinds)
        for one in found:
            spoil(one)

    return edit


def _controllers(name: str) -> Iterator[Row]:
    id_, by = "robust_controller", SHOWS[name]["robust_controller"].by
    hooks = "ValidatingWebhookConfiguration.admissionregistration.k8s.io"
    configuration, service, resource = {
        "KubeRay": (
            "validating-webhook-configuration",
            "ray-system/kuberay-webhook-service",
            f"{_DEFINITION} rayclusters.ray.io",
        ),
        "Kubeflow Trainer": (
            "validator.trainer.kubeflow.org",
            "kubeflow-system/kubeflow-trainer-controller-manager",
            f"{_DEFINITION} trainjobs.trainer.kubeflow.org",
        ),
        "KServe": (
            "inferenceservice.serving.kserve.io",
            "kserve/kserve-webhook-server-service",
            f"{_DEFINITION} inferenceservices.serving.kserve.io",
        ),
        "KAITO": (
            "validation.workspace.kaito.sh",
            "kaito-workspace/kaito-workspace",
            f"{_DEFINITION} workspaces.kaito.sh",
        ),
    }[by]
    own = f"{hooks} {configuration}"
    yield id_, "the webhook does not answer", no_endpoints(service)
    yield id_, "what answers the webhook is not ready", unready_endpoints(service)
    yield id_, "the webhook has no authority", field_is(own, ("webhooks", 0, "clientConfig", "caBundle"), "")
    yield id_, "the webhook is ignored", field_is(own, ("webhooks", 0, "failurePolicy"), "Ignore")
    yield (
        id_,
        "the webhook is called for nothing",
        field_is(own, ("webhooks", 0, "namespaceSelector"), {"matchLabels": {"checked": "nowhere"}}),
    )
    yield (
        id_,
        "the webhook is for something else",
        several(
            field_is(own, ("webhooks", 0, "rules", 0, "apiGroups"), ["example.com"]),
            *([without(f"{hooks} servingruntime.serving.kserve.io")] if by == "KServe" else []),
        ),
    )
    yield id_, "the definition is gone", without(resource)
    yield id_, "the definition is not established", condition_is(resource, "Established", "False")
    if by == "KubeRay":
        cluster = "RayCluster.ray.io team-search/embeddings"
        failed = field_is(cluster, ("status", "state"), "failed")
        yield id_, "its resource failed", several(failed, condition_is(cluster, "RayClusterProvisioned", "False"))
    if name == "onprem":
        operators = (
            "kubeflow-system/kubeflow-trainer-controller-manager",
            "grove-system/grove-operator",
            "dynamo-system/dynamo-platform-dynamo-operator-controller-manager",
        )
        yield id_, "every operator crashes", several(*(crashing(f"Deployment.apps {one}") for one in operators))
    yield "dra_support", "the API is not served", not_served("resource.k8s.io")
