"""Models that are served, whole and split into prefill and decode."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.clusters.parts import GPU, Plain, condition, container, thing
from tests.clusters.workloads import pods_of, stateful_set

if TYPE_CHECKING:
    from tests.clusters.build import Builder

VLLM = "docker.io/vllm/vllm-openai:v0.14.0"
LLM_D = "ghcr.io/llm-d/llm-d-cuda:v0.5.0"


def vllm_text(model: str) -> str:
    """What vLLM exposes."""
    series = {
        "num_requests_running": 3,
        "num_requests_waiting": 1,
        "kv_cache_usage_perc": 0.42,
        "prompt_tokens_total": 918233,
        "generation_tokens_total": 401822,
        "request_success_total": 5120,
    }
    return "".join(f'vllm:{name}{{engine="0",model_name="{model}"}} {value}\n' for name, value in series.items())


def gpu_part(resource: str = GPU, count: int = 1, claim: str = "") -> Plain:
    """The part of a container that asks for accelerators: of the device plugin, or by a claim of its pod."""
    if claim:
        return {"name": "server", "resources": {"claims": [{"name": claim}]}}
    return {"name": "server", "resources": {"limits": {resource: str(count)}, "requests": {resource: str(count)}}}


def vllm(
    b: Builder,
    name: str,
    space: str,
    nodes: list[str],
    *,
    model: str,
    resource: str = GPU,
    image: str = VLLM,
    claim: str = "",
    **more: Any,
) -> Plain:
    """A Deployment of vLLM with its Service, and what it exposes; `claim` is the template of the claim for its GPU."""
    part = gpu_part(resource, claim="gpu" if claim else "")
    spec: Plain = {"resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": claim}]} if claim else {}
    made = b.deploy(name, space, image, nodes=nodes, port=8000, part=part, **spec, **more)
    b.scraped(made, 8000, vllm_text(model))
    return made


def llm_d(
    b: Builder, name: str, space: str, *, resource: str = GPU, claim: str = "", image: str = LLM_D, **more: Any
) -> None:
    """Prefill and decode of llm-d, a Deployment each, behind one InferencePool by the label of the model."""
    for role, where, kv_role in (("prefill", b.gpus[:1], "kv_producer"), ("decode", b.gpus[-1:], "kv_consumer")):
        config = json.dumps({"kv_connector": "NixlConnector", "kv_role": kv_role})
        labels = {"llm-d.ai/role": role, "llm-d.ai/model": name, "llm-d.ai/inference-serving": "true"}
        part = gpu_part(resource, claim="gpu" if claim else "") | {"args": ["--kv-transfer-config", config]}
        spec: Plain = {"resourceClaims": [{"name": "gpu", "resourceClaimTemplateName": claim}]} if claim else {}
        made = b.deploy(
            f"ms-{name}-{role}", space, image, nodes=where, port=8000, part=part, labels=labels, **spec, **more
        )
        b.scraped(made, 8000, vllm_text(name))


def leader_worker_llm_d(b: Builder, name: str, space: str) -> None:
    """Prefill and decode of llm-d as groups of LeaderWorkerSet, behind one InferencePool by the label of the model."""
    for role, where in (("prefill", b.gpus[:1]), ("decode", b.gpus[-1:])):
        labels = {"llm-d.ai/role": role, "llm-d.ai/model": name, "llm-d.ai/inference-serving": "true"}
        group = thing(
            "leaderworkerset.x-k8s.io/v1",
            "LeaderWorkerSet",
            f"ms-{name}-{role}",
            b.space(space),
            labels=labels,
            generation=1,
            spec={"replicas": 1, "leaderWorkerTemplate": {"size": 1}},
            status={
                "replicas": 1,
                "readyReplicas": 1,
                "updatedReplicas": 1,
                "conditions": [condition("Available", reason="AllGroupsReady")],
            },
        )
        kv_role = "kv_producer" if role == "prefill" else "kv_consumer"
        config = json.dumps({"kv_connector": "NixlConnector", "kv_role": kv_role})
        ports = [{"name": "http", "containerPort": 8000, "protocol": "TCP"}]
        server = container("server", LLM_D, gpus=1, ports=ports, args=["--kv-transfer-config", config])
        made = stateful_set(f"ms-{name}-{role}", space, containers=[server], labels=labels, owner=group)
        b.add(group, made, *pods_of(made, where))
        b.serve(f"ms-{name}-{role}", made, 8000)
        b.scraped(made, 8000, vllm_text(name))


def dynamo(b: Builder, name: str, space: str) -> None:
    """Dynamo with a graph of a frontend, a prefill and a decode worker, which Grove places as one."""
    b.define(
        "nvidia.com",
        versions=("v1alpha1",),
        DynamoGraphDeployment="dynamographdeployments",
        DynamoComponentDeployment="dynamocomponentdeployments",
    )
    home = "dynamo-system"
    manager = "dynamo-platform-dynamo-operator-controller-manager"
    b.deploy(
        manager,
        home,
        "nvcr.io/nvidia/ai-dynamo/kubernetes-operator:1.1.0",
        port=443,
        behind="dynamo-platform-dynamo-operator-webhook-service",
    )
    b.hook(
        "dynamo-platform-dynamo-operator-validating",
        f"{home}/dynamo-platform-dynamo-operator-webhook-service",
        "nvidia.com",
        ["dynamographdeployments", "dynamocomponentdeployments"],
    )
    b.stateful("dynamo-platform-nats", home, "docker.io/library/nats:2.12", port=4222)
    workers = {"VllmPrefillWorker": "prefill", "VllmDecodeWorker": "decode"}
    b.add(
        thing(
            "nvidia.com/v1alpha1",
            "DynamoGraphDeployment",
            name,
            b.space(space),
            generation=1,
            spec={
                "backendFramework": "vllm",
                "services": {
                    "Frontend": {"componentType": "frontend", "replicas": 1},
                    **{
                        service: {
                            "componentType": "worker",
                            "subComponentType": role,
                            "replicas": 1,
                            "resources": {"limits": {"gpu": "1"}},
                        }
                        for service, role in workers.items()
                    },
                },
            },
            status={"state": "successful", "conditions": [condition("Ready", reason="AllResourcesAreReady")]},
        )
    )
    image = "nvcr.io/nvidia/ai-dynamo/vllm-runtime:1.1.0"
    common = {"nvidia.com/dynamo-graph-deployment-name": name}
    labels = common | {"nvidia.com/dynamo-component": "Frontend", "nvidia.com/dynamo-component-type": "frontend"}
    frontend = b.deploy(f"{name}-frontend", space, image, port=8000, labels=labels)
    b.scraped(frontend, 8000, f'dynamo_frontend_requests_total{{model="{name}"}} 733\n')
    for (service, role), where in zip(workers.items(), (b.gpus[:1], b.gpus[-1:]), strict=True):
        labels = common | {
            "nvidia.com/dynamo-component": service,
            "nvidia.com/dynamo-component-type": "worker",
            "nvidia.com/dynamo-sub-component-type": role,
        }
        part = gpu_part() | {"args": [f"--is-{role}-worker"]}
        made = b.deploy(f"{name}-{role}", space, image, nodes=where, port=8081, part=part, labels=labels)
        b.scraped(made, 8081, vllm_text(name))


def grove(b: Builder, name: str, space: str) -> None:
    """Grove, which has placed the two roles of a graph as one gang."""
    b.define(
        "grove.io",
        versions=("v1alpha1",),
        PodCliqueSet="podcliquesets",
        PodClique="podcliques",
        PodCliqueScalingGroup="podcliquescalinggroups",
    )
    b.define("scheduler.grove.io", versions=("v1alpha1",), PodGang="podgangs")
    b.deploy("grove-operator", "grove-system", "ghcr.io/ai-dynamo/grove/grove-operator:v0.1.0-alpha.11", port=443)
    b.hook("podcliqueset-validating-webhook", "grove-system/grove-operator", "grove.io", ["podcliquesets"])
    roles = ("prefill", "decode")
    b.add(
        thing(
            "grove.io/v1alpha1",
            "PodCliqueSet",
            name,
            space,
            generation=1,
            spec={"replicas": 1, "template": {"cliques": [{"name": role} for role in roles]}},
            status={"replicas": 1, "availableReplicas": 1, "conditions": [condition("Available")]},
        ),
        thing(
            "scheduler.grove.io/v1alpha1",
            "PodGang",
            f"{name}-0",
            space,
            spec={"podgroups": [{"name": f"{name}-0-{role}", "minReplicas": 1} for role in roles]},
            status={"phase": "Running", "conditions": [condition("Scheduled"), condition("Ready")]},
        ),
    )
    for role in roles:
        b.add(
            thing(
                "grove.io/v1alpha1",
                "PodClique",
                f"{name}-0-{role}",
                space,
                generation=1,
                labels={"grove.io/podgang": f"{name}-0"},
                spec={"roleName": role, "replicas": 1, "minAvailable": 1},
                status={
                    "replicas": 1,
                    "readyReplicas": 1,
                    "scheduledReplicas": 1,
                    "conditions": [condition("PodCliqueScheduled"), condition("MinAvailableBreached", False)],
                },
            )
        )
