"""Pods and what makes them."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.clusters.parts import BEFORE, IMAGE, NOW, Plain, condition, container, template, thing, uid


def pod(
    name: str,
    namespace: str = "default",
    *,
    node: str = "node-1",
    image: str = IMAGE,
    containers: list[Plain] | None = None,
    labels: Plain | None = None,
    annotations: Plain | None = None,
    owner: Plain | None = None,
    phase: str = "Running",
    ready: bool = True,
    gpus: int = 0,
    **spec: Any,
) -> Plain:
    """A pod on a node; further keywords go into its spec."""
    parts = containers or [container(image=image, gpus=gpus)]
    alive = phase == "Running" and ready
    return thing(
        "v1",
        "Pod",
        name,
        namespace,
        labels=labels,
        annotations=annotations,
        owner=owner,
        spec={"containers": parts, "nodeName": node, "schedulerName": "default-scheduler", **spec},
        status={
            "phase": phase,
            "startTime": BEFORE,
            "conditions": [condition("PodScheduled"), condition("Ready", alive)],
            "containerStatuses": [_container_status(part, alive) for part in parts],
        },
    )


def _container_status(part: Plain, alive: bool) -> Plain:
    state = {"running": {"startedAt": BEFORE}} if alive else {"waiting": {"reason": "CrashLoopBackOff"}}
    return {
        "name": part["name"],
        "image": part["image"],
        "imageID": f"registry.example/image@sha256:{'0' * 64}",
        "ready": alive,
        "started": alive,
        "restartCount": 0 if alive else 7,
        "state": state,
    }


def deployment(
    name: str,
    namespace: str = "default",
    *,
    replicas: int = 1,
    available: int | None = None,
    image: str = IMAGE,
    containers: list[Plain] | None = None,
    labels: Plain | None = None,
    generation: int = 1,
    observed: int | None = None,
    annotations: Plain | None = None,
    owner: Plain | None = None,
    **spec: Any,
) -> Plain:
    """A Deployment, its replicas available unless `available` says otherwise; keywords go into the pod's spec."""
    up = replicas if available is None else available
    return thing(
        "apps/v1",
        "Deployment",
        name,
        namespace,
        labels=_own(name, labels),
        annotations=annotations,
        generation=generation,
        owner=owner,
        spec={
            "replicas": replicas,
            "selector": {"matchLabels": {"app": _own(name, labels)["app"]}},
            "template": template(_own(name, labels), containers, image, **spec),
        },
        status={
            "observedGeneration": generation if observed is None else observed,
            "replicas": replicas,
            "updatedReplicas": replicas,
            "readyReplicas": up,
            "availableReplicas": up,
            "conditions": [condition("Available", up >= replicas, "MinimumReplicasAvailable")],
        },
    )


def _own(name: str, labels: Plain | None) -> Plain:
    return {"app": name} | (labels or {})


def replica_set(of: Plain) -> Plain:
    """The ReplicaSet of a Deployment."""
    meta, spec = of["metadata"], of["spec"]
    replicas = spec["replicas"]
    return thing(
        "apps/v1",
        "ReplicaSet",
        f"{meta['name']}-{uid('rs', meta['name'])[:8]}",
        meta.get("namespace"),
        labels=spec["template"]["metadata"]["labels"],
        owner=of,
        generation=1,
        spec={"replicas": replicas, "selector": spec["selector"], "template": deepcopy(spec["template"])},
        status={
            "replicas": replicas,
            "readyReplicas": replicas,
            "availableReplicas": replicas,
            "observedGeneration": 1,
        },
    )


def daemon_set(
    name: str,
    namespace: str = "default",
    *,
    desired: int = 1,
    ready: int | None = None,
    image: str = IMAGE,
    containers: list[Plain] | None = None,
    labels: Plain | None = None,
    **spec: Any,
) -> Plain:
    """A DaemonSet on `desired` nodes, ready on all of them unless `ready` says otherwise."""
    up = desired if ready is None else ready
    return thing(
        "apps/v1",
        "DaemonSet",
        name,
        namespace,
        labels=_own(name, labels),
        generation=1,
        spec={
            "selector": {"matchLabels": {"app": _own(name, labels)["app"]}},
            "template": template(_own(name, labels), containers, image, **spec),
        },
        status={
            "observedGeneration": 1,
            "desiredNumberScheduled": desired,
            "currentNumberScheduled": desired,
            "updatedNumberScheduled": desired,
            "numberReady": up,
            "numberAvailable": up,
            "numberMisscheduled": 0,
        },
    )


def stateful_set(
    name: str,
    namespace: str = "default",
    *,
    replicas: int = 1,
    ready: int | None = None,
    image: str = IMAGE,
    containers: list[Plain] | None = None,
    labels: Plain | None = None,
    owner: Plain | None = None,
    **spec: Any,
) -> Plain:
    """A StatefulSet, all of its replicas ready unless `ready` says otherwise; keywords go into the pod's spec."""
    up = replicas if ready is None else ready
    return thing(
        "apps/v1",
        "StatefulSet",
        name,
        namespace,
        labels=_own(name, labels),
        generation=1,
        owner=owner,
        spec={
            "replicas": replicas,
            "serviceName": name,
            "selector": {"matchLabels": {"app": _own(name, labels)["app"]}},
            "template": template(_own(name, labels), containers, image, **spec),
        },
        status={
            "observedGeneration": 1,
            "replicas": replicas,
            "readyReplicas": up,
            "availableReplicas": up,
            "currentReplicas": replicas,
            "updatedReplicas": replicas,
        },
    )


def job(
    name: str,
    namespace: str = "default",
    *,
    parallelism: int = 1,
    completions: int | None = None,
    suspend: bool = False,
    succeeded: int | None = None,
    labels: Plain | None = None,
    containers: list[Plain] | None = None,
    owner: Plain | None = None,
    **spec: Any,
) -> Plain:
    """A Job that has completed, or waits when it is suspended."""
    total = completions or parallelism
    done = (0 if suspend else total) if succeeded is None else succeeded
    finished = done >= total
    return thing(
        "batch/v1",
        "Job",
        name,
        namespace,
        labels=labels,
        owner=owner,
        generation=1,
        spec={
            "parallelism": parallelism,
            "completions": total,
            "suspend": suspend,
            "template": template({"job-name": name}, containers, restartPolicy="Never", **spec),
        },
        status={
            "succeeded": done,
            **({} if suspend else {"startTime": BEFORE}),
            **({"completionTime": NOW} if finished else {}),
            "conditions": [condition("Complete")] if finished else [condition("Suspended")] if suspend else [],
        },
    )


def pods_of(workload: Plain, nodes: list[str], **more: Any) -> list[Plain]:
    """The pods of a workload, one on each node, with the ReplicaSet between when it is a Deployment.

    They carry the template's labels, containers and spec; further keywords are those of `pod`.
    """
    between = [replica_set(workload)] if workload["kind"] == "Deployment" else []
    owner = between[0] if between else workload
    mold, meta = deepcopy(workload["spec"]["template"]), owner["metadata"]
    containers = mold["spec"].pop("containers")
    made = [
        pod(
            f"{meta['name']}-{number}"
            if owner["kind"] == "StatefulSet"
            else f"{meta['name']}-{uid(where, number)[:5]}",
            meta.get("namespace", "default"),
            node=where,
            containers=deepcopy(containers),
            owner=owner,
            labels=dict(mold["metadata"]["labels"]),
            **{**mold["spec"], **more},
        )
        for number, where in enumerate(nodes)
    ]
    return between + made
