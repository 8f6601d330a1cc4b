"""Sandboxes: classes of runtimes that isolate, nodes that have them, and a pod that runs in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.nodes import runtime_class
from tests.clusters.parts import container
from tests.clusters.workloads import pod

if TYPE_CHECKING:
    from tests.clusters.build import Builder


def sandbox(b: Builder, name: str, handler: str, label: str, node_name: str) -> None:
    """A class of sandboxes on the nodes with a label (`key=value`), and a pod that runs code of others in one."""
    key, _, value = label.partition("=")
    b.cluster.get("Node", node_name)["metadata"]["labels"][key] = value
    space = b.space("code-runner", enforce="restricted")
    b.add(
        runtime_class(name, handler, **{key: value}),
        pod(
            "python-tool-0",
            space,
            node=node_name,
            labels={"app": "python-tool"},
            containers=[container("python", "docker.io/library/python:3.14-slim")],
            runtimeClassName=name,
        ),
    )


def kata(b: Builder, node_name: str) -> None:
    """Kata Containers as its own installer sets it up."""
    b.daemons(
        "kata-deploy",
        "kube-system",
        "quay.io/kata-containers/kata-deploy:3.24.0",
        [node_name],
        part={"securityContext": {"privileged": True}},
        volumes=[{"name": "host", "hostPath": {"path": "/"}}],
    )
    sandbox(b, "kata-qemu", "kata-qemu", "katacontainers.io/kata-runtime=true", node_name)
