"""Writes a cluster of any size as `kubectl get nodes,pods,... -A -o json` prints it.

    python bench/generate_cluster.py --nodes 5000 --pods 100000 cluster.json

A pod has about 8.6 KB, as one of an inference service has. Beside nodes and pods there is what a platform consists of,
that of fixtures/snapshots/onprem.json, so that every policy finds something to judge. The file is invented throughout,
the same for the same numbers, and written piece by piece, so that a gigabyte costs no memory.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

PODS_PER_DEPLOYMENT = 20
NAMESPACES = 50
CREATED = "2026-10-01T08:00:00Z"
GPU = "nvidia.com/gpu"
PLATFORM = Path(__file__).parents[1] / "fixtures/snapshots/onprem.json"
GPU_NODES, GPUS = 4, 8  # every how many nodes has how many


def uid(*parts: object) -> str:
    """A stable identifier in the form of a UUID."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def condition(kind: str, **more: str) -> dict[str, str]:
    return {"type": kind, "status": "True", "lastTransitionTime": CREATED, "lastProbeTime": CREATED, **more}


def namespace_of(deployment: int) -> str:
    return f"team-{deployment % NAMESPACES:02d}"


def node(number: int) -> dict[str, Any]:
    gpus = str(GPUS) if number % GPU_NODES == 0 else "0"
    name = f"worker-{number:05d}"
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "uid": uid("node", number),
            "creationTimestamp": CREATED,
            "annotations": {
                "node.alpha.kubernetes.io/ttl": "0",
                "volumes.kubernetes.io/controller-managed-attach-detach": "true",
            },
            "labels": {
                "kubernetes.io/hostname": name,
                "kubernetes.io/arch": "amd64",
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": "gpu.8x" if gpus == "8" else "cpu.64x",
                "topology.kubernetes.io/zone": f"zone-{number % 3}",
                **({"nvidia.com/gpu.present": "true", "nvidia.com/gpu.count": "8"} if gpus == "8" else {}),
            },
        },
        "spec": {"podCIDR": f"10.{number // 256}.{number % 256}.0/24", "providerID": f"example:///{name}"},
        "status": {
            "addresses": [{"type": "Hostname", "address": name}],
            "allocatable": {"cpu": "63500m", "memory": "500Gi", "pods": "110", GPU: gpus},
            "capacity": {"cpu": "64", "memory": "512Gi", "pods": "110", GPU: gpus},
            "conditions": [
                condition(kind, reason="Kubelet" + kind, message=f"kubelet reports {kind}")
                for kind in ("MemoryPressure", "DiskPressure", "PIDPressure", "Ready")
            ],
            "images": [{"names": [f"registry.example/models/image-{i}:v1"], "sizeBytes": 10**9 + i} for i in range(50)],
            "nodeInfo": {
                "kubeletVersion": "v1.37.1",
                "containerRuntimeVersion": "containerd://2.1.6",
                "osImage": "Linux",
            },
        },
    }


def container(name: str, image: str, number: int, resources: dict[str, Any]) -> dict[str, Any]:
    probe = {"httpGet": {"path": "/health", "port": 8000, "scheme": "HTTP"}, "periodSeconds": 10, "timeoutSeconds": 5}
    return {
        "name": name,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "args": ["--model", f"model-{number % 7}", "--max-model-len", "8192", "--gpu-memory-utilization", "0.9"],
        "env": [
            {"name": "NVIDIA_VISIBLE_DEVICES", "value": "all"},
            {"name": "POD_IP", "valueFrom": {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}}},
            *({"name": f"SETTING_{i}", "value": f"value of setting {i} for pod {number}"} for i in range(3)),
        ],
        "livenessProbe": probe,
        "readinessProbe": probe,
        "ports": [{"containerPort": 8000, "name": "http", "protocol": "TCP"}],
        "resources": resources,
        "terminationMessagePath": "/dev/termination-log",
        "terminationMessagePolicy": "File",
        "volumeMounts": [{"mountPath": f"/mnt/volume-{i}", "name": f"volume-{i}", "readOnly": True} for i in range(2)],
    }


def pod(number: int, nodes: int) -> dict[str, Any]:
    deployment = number // PODS_PER_DEPLOYMENT
    owner, namespace = f"serve-{deployment}-7d4b9c6f5", namespace_of(deployment)
    # As long as a real suffix, and unique among the pods of the deployment.
    name = f"{owner}-{uid('pod', number)[:3]}{number % PODS_PER_DEPLOYMENT:02}"
    gpu = {"limits": {GPU: "1", "memory": "64Gi"}, "requests": {GPU: "1", "memory": "64Gi", "cpu": "8"}}
    containers = [container("server", "registry.example/vllm/vllm-openai:v0.11.0", number, gpu)]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "annotations": {"example.com/checksum": uid("checksum", number), "example.com/config": "x" * 300},
            "creationTimestamp": CREATED,
            "generateName": owner + "-",
            "labels": {"app": f"serve-{deployment}", "pod-template-hash": "7d4b9c6f5", "team": namespace},
            "name": name,
            "namespace": namespace,
            "ownerReferences": [
                {
                    "apiVersion": "apps/v1",
                    "kind": "ReplicaSet",
                    "name": owner,
                    "uid": uid("rs", deployment),
                    "controller": True,
                    "blockOwnerDeletion": True,
                }
            ],
            "resourceVersion": str(10**6 + number),
            "uid": uid("pod", number),
        },
        "spec": {
            "containers": containers,
            "dnsPolicy": "ClusterFirst",
            "nodeName": f"worker-{number % nodes:05d}",
            "priority": 0,
            "restartPolicy": "Always",
            "schedulerName": "default-scheduler",
            "securityContext": {},
            "serviceAccount": "default",
            "serviceAccountName": "default",
            "tolerations": [
                {
                    "effect": "NoExecute",
                    "key": f"node.kubernetes.io/{key}",
                    "operator": "Exists",
                    "tolerationSeconds": 300,
                }
                for key in ("not-ready", "unreachable")
            ],
            "volumes": [{"name": f"volume-{i}", "emptyDir": {}} for i in range(2)],
        },
        "status": {
            "conditions": [
                condition(kind)
                for kind in ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
            ],
            "containerStatuses": [
                {
                    "containerID": "containerd://" + 2 * uid("c", number),
                    "image": c["image"],
                    "name": c["name"],
                    "imageID": "registry.example/image@sha256:" + 2 * uid("i", number),
                    "ready": True,
                    "restartCount": 0,
                    "started": True,
                    "state": {"running": {"startedAt": CREATED}},
                    "lastState": {},
                }
                for c in containers
            ],
            "hostIP": "10.0.0.1",
            "phase": "Running",
            "podIP": "10.1.0.1",
            "qosClass": "Burstable",
            "startTime": CREATED,
        },
    }


def owners(pods: int) -> Iterator[dict[str, Any]]:
    """The Deployment and the ReplicaSet behind every twenty pods."""
    for number in range(-(-pods // PODS_PER_DEPLOYMENT)):
        name, namespace = f"serve-{number}", namespace_of(number)
        labels = {"app": name}
        for kind, own, above in (("Deployment", name, None), ("ReplicaSet", f"{name}-7d4b9c6f5", name)):
            reference = {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": above,
                "uid": uid("d", number),
                "controller": True,
            }
            yield {
                "apiVersion": "apps/v1",
                "kind": kind,
                "metadata": {
                    "name": own,
                    "namespace": namespace,
                    "labels": labels,
                    "generation": 1,
                    "creationTimestamp": CREATED,
                    "uid": uid("rs" if above else "d", number),
                    **({"ownerReferences": [reference]} if above else {}),
                },
                "spec": {"replicas": PODS_PER_DEPLOYMENT, "selector": {"matchLabels": labels}},
                "status": {
                    "replicas": PODS_PER_DEPLOYMENT,
                    "readyReplicas": PODS_PER_DEPLOYMENT,
                    "availableReplicas": PODS_PER_DEPLOYMENT,
                    "observedGeneration": 1,
                    "conditions": [condition("Available")] if not above else [],
                },
            }


def device_slice(number: int) -> dict[str, Any]:
    """The devices that the DRA driver publishes for a node with GPUs."""
    name = f"worker-{number:05d}"
    return {
        "apiVersion": "resource.k8s.io/v1",
        "kind": "ResourceSlice",
        "metadata": {"name": f"{name}-gpu.nvidia.com", "uid": uid("slice", number), "creationTimestamp": CREATED},
        "spec": {
            "driver": "gpu.nvidia.com",
            "nodeName": name,
            "pool": {"name": name, "generation": 1, "resourceSliceCount": 1},
            "devices": [
                {
                    "name": f"gpu-{one}",
                    "attributes": {
                        "type": {"string": "gpu"},
                        "uuid": {"string": f"GPU-{uid('gpu', number, one)}"},
                        "driverVersion": {"version": "580.126.9"},
                        "cudaDriverVersion": {"version": "13.0.0"},
                    },
                    "capacity": {"memory": {"value": "80Gi"}},
                }
                for one in range(GPUS)
            ],
        },
    }


def platform() -> Iterator[dict[str, Any]]:
    """Controllers, definitions and their objects, without the nodes, devices and pods, which are generated."""
    for one in json.loads(PLATFORM.read_text(encoding="utf-8"))["objects"]:
        if one["kind"] not in {"Node", "Pod", "ResourceSlice"}:
            yield one


def objects(nodes: int, pods: int) -> Iterator[dict[str, Any]]:
    yield from platform()
    yield from (node(number) for number in range(nodes))
    yield from (device_slice(number) for number in range(0, nodes, GPU_NODES))
    yield from owners(pods)
    yield from (pod(number, nodes) for number in range(pods))


def write(path: str, nodes: int, pods: int) -> None:
    """Write the cluster with the indentation of kubectl."""
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - a script for the command line
        file.write('{\n    "apiVersion": "v1",\n    "items": [')
        separator = "\n"
        for item in objects(nodes, pods):
            text = json.dumps(item, indent=4)
            file.write(separator + "        " + text.replace("\n", "\n        "))
            separator = ",\n"
        file.write('\n    ],\n    "kind": "List",\n    "metadata": {\n        "resourceVersion": ""\n    }\n}\n')


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path")
    parser.add_argument("--nodes", type=int, default=5000)
    parser.add_argument("--pods", type=int, default=100_000)
    arguments = parser.parse_args()
    write(arguments.path, arguments.nodes, arguments.pods)


if __name__ == "__main__":
    main()
