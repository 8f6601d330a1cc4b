"""Schedulers of gangs, each with a gang that has run: Kueue, Volcano, KAI; and LeaderWorkerSet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.clusters.apis import api_service, config_map, mounting
from tests.clusters.parts import BEFORE, GPU, NOW, Plain, condition, container, thing
from tests.clusters.workloads import job, pod

if TYPE_CHECKING:
    from tests.clusters.build import Builder

KUEUE_CONFIG = """apiVersion: config.kueue.x-k8s.io/v1beta2
kind: Configuration
waitForPodsReady:
  timeout: 5m
integrations:
  frameworks: [batch/job, ray.io/rayjob, leaderworkerset.x-k8s.io/leaderworkerset]
"""
_VOLCANO_CONFIG = """actions: "enqueue, allocate, backfill"
tiers:
- plugins:
  - name: priority
  - name: gang
- plugins:
  - name: predicates
  - name: nodeorder
"""


_PROFILES = """apiVersion: kubescheduler.config.k8s.io/v1
kind: KubeSchedulerConfiguration
profiles:
- schedulerName: scheduler-plugins-scheduler
  plugins:
    multiPoint:
      enabled:
      - name: Coscheduling
      disabled:
      - name: PrioritySort
"""


def trainer_part(resource: str, claim: str = "") -> Plain:
    """The container of a worker with an accelerator: of the device plugin, or by a claim of its pod."""
    image = "registry.example/train/mnist-torch:2.8"
    if claim:
        return container("trainer", image, resources={"claims": [{"name": "gpu"}]})
    return container("trainer", image, gpus=1, resource=resource)


def claiming(claim: str) -> Plain:
    """The part of a pod's spec that its claim for an accelerator is made by."""
    return {"resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": claim}]} if claim else {}


def _trainers(b: Builder, name: str, space: str, owner: Plain, part: Plain, **more: Any) -> list[Plain]:
    """Two pods that trained with an accelerator each, and are done."""
    made = [
        pod(
            f"{name}-{number}",
            space,
            node=where,
            owner=owner,
            phase="Succeeded",
            containers=[dict(part)],
            restartPolicy="Never",
            **more,
        )
        for number, where in enumerate(b.gpus[:2])
    ]
    for one in made:
        state = {"terminated": {"reason": "Completed", "exitCode": 0, "startedAt": BEFORE, "finishedAt": NOW}}
        one["status"]["containerStatuses"][0] |= {"state": state, "restartCount": 0}
    return made


def kueue(
    b: Builder, *, space: str = "team-vision", config: str = KUEUE_CONFIG, resource: str = GPU, claim: str = ""
) -> None:
    """Kueue, which waits until all pods of a workload are ready, and a job of two pods that it let run as one."""
    b.define(
        "kueue.x-k8s.io",
        versions=("v1beta2", "v1beta1"),
        scope="Cluster",
        ClusterQueue="clusterqueues",
        ResourceFlavor="resourceflavors",
        AdmissionCheck="admissionchecks",
        Topology="topologies",
    )
    b.define("kueue.x-k8s.io", versions=("v1beta2", "v1beta1"), LocalQueue="localqueues", Workload="workloads")
    labels = {"app.kubernetes.io/name": "kueue", "control-plane": "controller-manager"}
    manager = b.deploy(
        "kueue-controller-manager",
        "kueue-system",
        "registry.k8s.io/kueue/kueue:v0.19.2",
        labels=labels,
        port=9443,
        behind="kueue-webhook-service",
        volumes=mounting("kueue-manager-config"),
    )
    server = b.serve("kueue-visibility-server", manager, 443)
    b.hook(
        "kueue-mutating-webhook-configuration", "kueue-system/kueue-webhook-service", "batch", ["jobs"], mutating=True
    )
    b.hook(
        "kueue-validating-webhook-configuration",
        "kueue-system/kueue-webhook-service",
        "kueue.x-k8s.io",
        ["clusterqueues", "workloads"],
    )
    b.add(
        api_service("v1beta2.visibility.kueue.x-k8s.io", of=server),
        config_map("kueue-manager-config", "kueue-system", **{"controller_manager_config.yaml": config}),
    )
    _kueue_queue(b, space, resource)
    _kueue_gang(b, space, trainer_part(resource, claim), claiming(claim))


def _kueue_queue(b: Builder, space: str, resource: str) -> None:
    b.space(space, enforce="restricted")
    flavors = [
        {"name": "gpu", "resources": [{"name": resource, "nominalQuota": "4"}, {"name": "cpu", "nominalQuota": 64}]}
    ]
    b.add(
        thing(
            "kueue.x-k8s.io/v1beta2", "ResourceFlavor", "gpu", spec={"nodeLabels": {"nvidia.com/gpu.present": "true"}}
        ),
        thing(
            "kueue.x-k8s.io/v1beta2",
            "ClusterQueue",
            "accelerators",
            generation=1,
            spec={
                "queueingStrategy": "BestEffortFIFO",
                "namespaceSelector": {},
                "resourceGroups": [{"coveredResources": [resource, "cpu"], "flavors": flavors}],
            },
            status={
                "pendingWorkloads": 0,
                "admittedWorkloads": 0,
                "reservingWorkloads": 0,
                "conditions": [condition("Active", reason="Ready", observedGeneration=1)],
            },
        ),
        thing(
            "kueue.x-k8s.io/v1beta2",
            "LocalQueue",
            "main",
            space,
            generation=1,
            spec={"clusterQueue": "accelerators"},
            status={
                "pendingWorkloads": 0,
                "admittedWorkloads": 0,
                "reservingWorkloads": 0,
                "conditions": [condition("Active", reason="Ready", observedGeneration=1)],
            },
        ),
    )


def _kueue_gang(b: Builder, space: str, part: Plain, claims: Plain) -> None:
    work = job(
        "mnist-ddp",
        space,
        parallelism=2,
        labels={"kueue.x-k8s.io/queue-name": "main"},
        containers=[part],
        **claims,
    )
    template = {"spec": dict(work["spec"]["template"]["spec"])}
    b.add(
        work,
        *_trainers(b, "mnist-ddp", space, work, part, **claims),
        thing(
            "kueue.x-k8s.io/v1beta2",
            "Workload",
            "job-mnist-ddp-1f3a9",
            space,
            owner=work,
            generation=1,
            spec={"queueName": "main", "active": True, "podSets": [{"name": "main", "count": 2, "template": template}]},
            status={
                "admission": {"clusterQueue": "accelerators", "podSetAssignments": [{"name": "main", "count": 2}]},
                "conditions": [
                    condition(kind, observedGeneration=1)
                    for kind in ("QuotaReserved", "Admitted", "PodsReady", "Finished")
                ],
            },
        ),
    )


def volcano(b: Builder, *, space: str = "team-speech") -> None:
    """Volcano with its gang plugin, and a job of two that ran together."""
    b.define("batch.volcano.sh", versions=("v1alpha1",), Job="jobs", CronJob="cronjobs")
    b.define("scheduling.volcano.sh", versions=("v1beta1",), PodGroup="podgroups")
    b.define("scheduling.volcano.sh", versions=("v1beta1",), scope="Cluster", Queue="queues")
    b.define("topology.volcano.sh", versions=("v1alpha1",), scope="Cluster", HyperNode="hypernodes")
    home = "volcano-system"
    b.deploy(
        "volcano-scheduler",
        home,
        "docker.io/volcanosh/vc-scheduler:v1.15.1",
        port=8080,
        volumes=mounting("volcano-scheduler-configmap"),
    )
    b.deploy(
        "volcano-controllers",
        home,
        "docker.io/volcanosh/vc-controller-manager:v1.15.1",
        labels={"app": "volcano-controller"},
    )
    b.deploy(
        "volcano-admission",
        home,
        "docker.io/volcanosh/vc-webhook-manager:v1.15.1",
        port=443,
        behind="volcano-admission-service",
    )
    for name, api, resources in (
        ("volcano-admission-service-jobs-validate", "batch.volcano.sh", ["jobs"]),
        ("volcano-admission-service-queues-validate", "scheduling.volcano.sh", ["queues"]),
    ):
        b.hook(name, f"{home}/volcano-admission-service", api, resources)
    b.add(config_map("volcano-scheduler-configmap", home, **{"volcano-scheduler.conf": _VOLCANO_CONFIG}))
    b.space(space, enforce="restricted")
    done = {"phase": "Completed", "lastTransitionTime": NOW}
    work = thing(
        "batch.volcano.sh/v1alpha1",
        "Job",
        "asr-finetune",
        space,
        generation=1,
        spec={
            "schedulerName": "volcano",
            "queue": "default",
            "minAvailable": 2,
            "tasks": [{"name": "worker", "replicas": 2}],
        },
        status={"state": done, "minAvailable": 2, "succeeded": 2},
    )
    scheduled = condition("Scheduled", reason="tasks in gang are ready to be scheduled")
    group = thing(
        "scheduling.volcano.sh/v1beta1",
        "PodGroup",
        f"asr-finetune-{work['metadata']['uid']}",
        space,
        owner=work,
        spec={"minMember": 2, "queue": "default", "minTaskMember": {"worker": 2}},
        status={"phase": "Completed", "succeeded": 2, "conditions": [scheduled]},
    )
    b.add(
        thing(
            "scheduling.volcano.sh/v1beta1",
            "Queue",
            "default",
            spec={"weight": 1},
            status={"state": "Open", "completed": 1},
        ),
        work,
        group,
        *_trainers(
            b,
            "asr-finetune-worker",
            space,
            work,
            trainer_part(GPU),
            schedulerName="volcano",
            annotations={"scheduling.k8s.io/group-name": group["metadata"]["name"]},
        ),
    )


def kai(b: Builder, *, space: str = "team-robotics") -> None:
    """KAI Scheduler with a two-level queue, and a gang of two that ran together."""
    b.define("scheduling.run.ai", versions=("v2alpha2",), PodGroup="podgroups")
    b.define("scheduling.run.ai", versions=("v2",), scope="Cluster", Queue="queues")
    b.define("scheduling.run.ai", versions=("v1alpha2",), BindRequest="bindrequests")
    b.define("kai.scheduler", scope="Cluster", Config="configs", SchedulingShard="schedulingshards")
    home = "kai-scheduler"
    for name, image in (
        ("kai-operator", "operator"),
        ("kai-scheduler-default", "scheduler"),
        ("binder", "binder"),
        ("pod-grouper", "podgrouper"),
        ("podgroup-controller", "podgroupcontroller"),
        ("queue-controller", "queuecontroller"),
    ):
        b.deploy(name, home, f"ghcr.io/kai-scheduler/kai-scheduler/{image}:v0.13.0")
    b.deploy("admission", home, "ghcr.io/kai-scheduler/kai-scheduler/admission:v0.13.0", port=443)
    b.hook("kai-admission", f"{home}/admission", "", ["pods"], mutating=True)
    b.space(space, enforce="restricted")
    work = job(
        "grasp-train",
        space,
        parallelism=2,
        labels={"kai.scheduler/queue": "robotics"},
        containers=[trainer_part(GPU)],
    )
    group_name = f"pg-grasp-train-{work['metadata']['uid']}"
    ready = [condition("Available", reason="available"), condition("Reconciled", reason="reconciled")]
    b.add(
        thing("kai.scheduler/v1", "Config", "kai-config", status={"conditions": ready}),
        thing("kai.scheduler/v1", "SchedulingShard", "default", status={"conditions": ready}),
        thing("scheduling.run.ai/v2", "Queue", "research", spec={}, status={"childQueues": ["robotics"]}),
        thing("scheduling.run.ai/v2", "Queue", "robotics", spec={"parentQueue": "research"}, status={}),
        work,
        thing(
            "scheduling.run.ai/v2alpha2",
            "PodGroup",
            group_name,
            space,
            owner=work,
            spec={"minMember": 2, "queue": "robotics", "priorityClassName": "train"},
            status={"running": 0, "succeeded": 2, "schedulingConditions": []},
        ),
        *_trainers(
            b,
            "grasp-train",
            space,
            work,
            trainer_part(GPU),
            schedulerName="kai-scheduler",
            labels={"kai.scheduler/queue": "robotics"},
            annotations={"pod-group-name": group_name},
        ),
    )


def leader_worker_set(b: Builder) -> None:
    """The controller of LeaderWorkerSets."""
    b.define("leaderworkerset.x-k8s.io", LeaderWorkerSet="leaderworkersets")
    b.deploy(
        "lws-controller-manager",
        "lws-system",
        "registry.k8s.io/lws/lws:v0.10.0",
        port=9443,
        behind="lws-webhook-service",
        labels={"app.kubernetes.io/name": "lws"},
    )
    b.hook(
        "lws-validating-webhook-configuration",
        "lws-system/lws-webhook-service",
        "leaderworkerset.x-k8s.io",
        ["leaderworkersets"],
    )


def coscheduling(b: Builder, *, space: str = "team-genomics") -> None:
    """The coscheduling plugin as a second scheduler, and a job of two that ran together."""
    api = "scheduling.x-k8s.io/v1alpha1"
    b.define("scheduling.x-k8s.io", versions=("v1alpha1",), PodGroup="podgroups", ElasticQuota="elasticquotas")
    image = "registry.k8s.io/scheduler-plugins"
    home, config = "scheduler-plugins", "scheduler-config"
    b.deploy("scheduler-plugins-scheduler", home, f"{image}/kube-scheduler:v0.34.7", volumes=mounting(config))
    b.deploy("scheduler-plugins-controller", home, f"{image}/controller:v0.34.7")
    b.add(config_map(config, home, **{"scheduler-config.yaml": _PROFILES}))
    b.space(space, enforce="restricted")
    labels = {"scheduling.x-k8s.io/pod-group": "fold"}
    work = job("fold", space, parallelism=2, labels=labels, containers=[trainer_part(GPU)])
    group = thing(
        api,
        "PodGroup",
        "fold",
        space,
        spec={"minMember": 2},
        status={"phase": "Finished", "running": 0, "succeeded": 2, "scheduleStartTime": BEFORE},
    )
    part = trainer_part(GPU)
    b.add(
        work,
        group,
        *_trainers(b, "fold", space, work, part, labels=labels, schedulerName="scheduler-plugins-scheduler"),
    )
