"""Operators of AI workloads, with a webhook that answers and a resource that they have reconciled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.parts import GPU, Plain, condition, container, thing
from tests.clusters.products.scheduling import claiming, trainer_part
from tests.clusters.workloads import job, pod

if TYPE_CHECKING:
    from tests.clusters.build import Builder


def kuberay(b: Builder, *, space: str = "team-search", resource: str = GPU) -> None:
    """KubeRay as its kustomize overlay installs it, with a webhook, and a Ray cluster of a head and a worker."""
    b.define(
        "ray.io", versions=("v1", "v1alpha1"), RayCluster="rayclusters", RayJob="rayjobs", RayService="rayservices"
    )
    b.deploy(
        "kuberay-operator",
        "ray-system",
        "quay.io/kuberay/operator:v1.7.0",
        port=9443,
        behind="kuberay-webhook-service",
        labels={"app.kubernetes.io/name": "kuberay-operator"},
    )
    b.hook(
        "validating-webhook-configuration",
        "ray-system/kuberay-webhook-service",
        "ray.io",
        ["rayclusters", "rayjobs", "rayservices"],
    )
    b.space(space, enforce="baseline")
    made = thing(
        "ray.io/v1",
        "RayCluster",
        "embeddings",
        space,
        generation=1,
        spec={"rayVersion": "2.53.0"},
        status={
            "state": "ready",
            "observedGeneration": 1,
            "readyWorkerReplicas": 1,
            "availableWorkerReplicas": 1,
            "desiredWorkerReplicas": 1,
            "conditions": [
                condition("HeadPodReady", reason="HeadPodRunningAndReady"),
                condition("RayClusterProvisioned", reason="AllPodRunningAndReadyFirstTime"),
            ],
        },
    )
    b.add(made)
    for role, where in (("head", b.home[0]), ("worker", b.gpus[-1])):
        gpus: Plain = {} if role == "head" else {"gpus": 1, "resource": resource}
        b.add(
            pod(
                f"embeddings-{role}-{'7xk2p' if role == 'head' else 'gpu-worker-n5d8q'}",
                space,
                node=where,
                owner=made,
                labels={"ray.io/cluster": "embeddings", "ray.io/node-type": role},
                containers=[container(f"ray-{role}", "docker.io/rayproject/ray:2.53.0-py311-gpu", **gpus)],
            )
        )


def trainer(b: Builder, *, space: str = "team-nlp", claim: str = "") -> None:
    """Kubeflow Trainer with its webhooks, and a training job that is complete."""
    api = "trainer.kubeflow.org"
    b.define(api, versions=("v1alpha1",), TrainJob="trainjobs", TrainingRuntime="trainingruntimes")
    b.define(api, versions=("v1alpha1",), scope="Cluster", ClusterTrainingRuntime="clustertrainingruntimes")
    name = "kubeflow-trainer-controller-manager"
    b.deploy(name, "kubeflow-system", "ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.3.0", port=9443)
    b.hook("validator.trainer.kubeflow.org", f"kubeflow-system/{name}", api, ["trainjobs", "trainingruntimes"])
    runtime = {"apiGroup": api, "kind": "ClusterTrainingRuntime", "name": "torch-distributed"}
    made = thing(
        f"{api}/v1alpha1",
        "TrainJob",
        "bert-tune",
        b.space(space, enforce="restricted"),
        generation=1,
        spec={"suspend": False, "runtimeRef": runtime},
        status={"conditions": [condition("Complete", reason="JobsCompleted")]},
    )
    work = job("bert-tune-node-0", space, owner=made, containers=[trainer_part(GPU, claim)], **claiming(claim))
    b.add(made, work, thing(f"{api}/v1alpha1", "ClusterTrainingRuntime", "torch-distributed", generation=1, spec={}))


def kserve(b: Builder, of: Plain) -> None:
    """KServe with its webhooks, and an InferenceService that is ready and has made a Deployment of a server."""
    api = "serving.kserve.io"
    b.define(api, versions=("v1beta1",), InferenceService="inferenceservices")
    b.define(api, versions=("v1alpha1",), ServingRuntime="servingruntimes", InferenceGraph="inferencegraphs")
    b.define(api, versions=("v1alpha1",), scope="Cluster", ClusterServingRuntime="clusterservingruntimes")
    b.deploy(
        "kserve-controller-manager",
        "kserve",
        "docker.io/kserve/kserve-controller:v0.20.0",
        port=443,
        behind="kserve-webhook-server-service",
        labels={"control-plane": "kserve-controller-manager"},
    )
    for kind in ("inferenceservice", "servingruntime"):
        b.hook(f"{kind}.serving.kserve.io", "kserve/kserve-webhook-server-service", api, [f"{kind}s"])
    meta = of["metadata"]
    made = thing(
        f"{api}/v1beta1",
        "InferenceService",
        meta["name"],
        meta["namespace"],
        generation=1,
        spec={"predictor": {"minReplicas": 1, "maxReplicas": 4, "model": {"modelFormat": {"name": "huggingface"}}}},
        status={
            "modelStatus": {"transitionStatus": "UpToDate"},
            "conditions": [condition("PredictorReady"), condition("IngressReady"), condition("Ready")],
        },
    )
    b.add(made, thing(f"{api}/v1alpha1", "ClusterServingRuntime", "kserve-huggingfaceserver", spec={"disabled": False}))
    meta["ownerReferences"] = [
        {
            "apiVersion": f"{api}/v1beta1",
            "kind": "InferenceService",
            "name": meta["name"],
            "uid": made["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]


def kaito(b: Builder, of: Plain, *, instance: str) -> None:
    """KAITO with its webhook, and a workspace that has made a Deployment of a server."""
    api = "kaito.sh"
    b.define(
        api,
        versions=("v1beta1", "v1alpha1"),
        Workspace="workspaces",
        RAGEngine="ragengines",
        InferenceSet="inferencesets",
    )
    home = "kaito-workspace"
    b.deploy("kaito-workspace", home, "mcr.microsoft.com/aks/kaito/workspace:0.12.0", port=9443)
    b.hook("validation.workspace.kaito.sh", f"{home}/kaito-workspace", api, ["workspaces"])
    meta = of["metadata"]
    made = thing(
        f"{api}/v1beta1",
        "Workspace",
        meta["name"],
        meta["namespace"],
        generation=1,
        resource={"count": 1, "instanceType": instance},
        inference={"preset": {"name": "phi-4-mini-instruct"}},
        status={
            "conditions": [
                condition(kind, observedGeneration=1)
                for kind in ("ResourceReady", "InferenceReady", "WorkspaceSucceeded")
            ]
        },
    )
    b.add(made)
    meta["ownerReferences"] = [
        {
            "apiVersion": f"{api}/v1beta1",
            "kind": "Workspace",
            "name": meta["name"],
            "uid": made["metadata"]["uid"],
            "controller": True,
            "blockOwnerDeletion": True,
        }
    ]
