"""Puts whole products into a cluster: a workload with its pods, Service and endpoints in one call."""

from __future__ import annotations

from typing import Any

from tests.clusters.apis import crd, webhooks
from tests.clusters.cluster import Cluster
from tests.clusters.network import endpoint_slice, service
from tests.clusters.nodes import namespace
from tests.clusters.parts import NOW, Plain, container
from tests.clusters.workloads import daemon_set, deployment, pods_of, stateful_set

WEBHOOKS = 9443
SUITE = "sigs.k8s.io/ai-conformance/test"


class Builder:
    """A cluster in the making.

    Args:
        version: What its API server says.
        home: Names of the nodes on which controllers run.

    Attributes:
        cluster: What has been made so far.
        home: See above.
        gpus: Names of the nodes with accelerators, once there are some.
    """

    def __init__(self, version: str, home: list[str]) -> None:
        self.cluster = Cluster(version=version)
        self.home = home
        self.gpus: list[str] = []

    def add(self, *objects: Plain) -> None:
        """Add objects."""
        self.cluster.add(*objects)

    def space(self, name: str, *, enforce: str = "") -> str:
        """A namespace, once, with the level of pod security that is enforced in it."""
        keys = {"pod-security.kubernetes.io/enforce": enforce} if enforce else {}
        if not any(one["kind"] == "Namespace" and one["metadata"]["name"] == name for one in self.cluster.objects):
            self.add(namespace(name, keys))
        return name

    def define(
        self,
        group: str,
        *,
        versions: tuple[str, ...] = ("v1",),
        scope: str = "Namespaced",
        annotations: Plain | None = None,
        status: bool = True,
        **kinds: str,
    ) -> None:
        """CustomResourceDefinitions of a group (`RayCluster="rayclusters"`), of one scope and the same versions."""
        self.add(
            *(
                crd(
                    f"{plural}.{group}",
                    kind,
                    versions,
                    namespaced=scope == "Namespaced",
                    annotations=annotations,
                    status=status,
                )
                for kind, plural in kinds.items()
            )
        )

    def deploy(
        self,
        name: str,
        space: str,
        image: str,
        *,
        nodes: list[str] | None = None,
        port: int = 0,
        behind: str | None = None,
        part: Plain | None = None,
        **more: Any,
    ) -> Plain:
        """A Deployment with its ReplicaSet and a pod on each of `nodes`; with `port` a Service in front of it.

        Args:
            name: Its name.
            space: Its namespace, which is made when it is not there.
            image: The image of its container.
            nodes: Where its pods run; one pod on the first of `home` when left out.
            port: The port of the container and of the Service.
            behind: The name of the Service, that of the Deployment when left out.
            part: Further fields of the container.
            more: See `deployment`.
        """
        where = nodes or self.home[:1]
        made = deployment(
            name, self.space(space), replicas=len(where), containers=_containers(name, image, port, part), **more
        )
        self._run(made, where, port, behind)
        return made

    def daemons(
        self,
        name: str,
        space: str,
        image: str,
        nodes: list[str],
        *,
        port: int = 0,
        port_name: str = "http",
        part: Plain | None = None,
        **more: Any,
    ) -> Plain:
        """A DaemonSet with its pods on `nodes`; with `port` a Service in front of it."""
        containers = _containers(name, image, port, part, port_name)
        made = daemon_set(name, self.space(space), desired=len(nodes), containers=containers, **more)
        self._run(made, nodes, port, None)
        return made

    def stateful(
        self,
        name: str,
        space: str,
        image: str,
        *,
        nodes: list[str] | None = None,
        port: int = 0,
        behind: str | None = None,
        part: Plain | None = None,
        **more: Any,
    ) -> Plain:
        """A StatefulSet with its pods; with `port` a Service in front of it."""
        where = nodes or self.home[:1]
        containers = _containers(name, image, port, part)
        made = stateful_set(name, self.space(space), replicas=len(where), containers=containers, **more)
        self._run(made, where, port, behind)
        return made

    def _run(self, workload: Plain, nodes: list[str], port: int, behind: str | None) -> None:
        self.add(workload, *pods_of(workload, nodes))
        if port:
            self.serve(behind or workload["metadata"]["name"], workload, port)

    def serve(self, name: str, workload: Plain, port: int, **spec: Any) -> Plain:
        """A Service in front of a workload's pods, and its endpoints."""
        meta = workload["metadata"]
        selector = {"app": workload["spec"]["selector"]["matchLabels"]["app"]}
        made = service(name, meta["namespace"], selector=selector, port=port, labels=dict(meta["labels"]), **spec)
        if port == WEBHOOKS:  # where controllers listen; they are called at the port of HTTPS
            made["spec"]["ports"][0]["port"] = 443
        self.add(made, endpoint_slice(made, self.pods(workload)))
        return made

    def pods(self, workload: Plain) -> list[Plain]:
        """The pods of a workload."""
        owners = {workload["metadata"]["uid"]}
        for one in self.cluster.objects:
            if one["kind"] == "ReplicaSet" and _owners(one) & owners:
                owners.add(one["metadata"]["uid"])
        return [one for one in self.cluster.objects if one["kind"] == "Pod" and _owners(one) & owners]

    def hook(self, name: str, of: str, group: str, resources: list[str], *, mutating: bool = False) -> None:
        """A webhook configuration of a Service, named `namespace/name`."""
        space, _, service_name = of.partition("/")
        made = self.cluster.get("Service", service_name, space)
        self.add(webhooks(name, made, group, resources, mutating=mutating))

    def scraped(self, workload: Plain, port: int, texts: dict[str, str] | str, path: str = "/metrics") -> None:
        """What the pods of a workload expose, by the name of their node when it is not the same for all."""
        for pod in self.pods(workload):
            meta = pod["metadata"]
            text = texts if isinstance(texts, str) else texts[pod["spec"]["nodeName"]]
            self.cluster.metrics[meta["namespace"], meta["name"], port, path] = text

    def passed(self, requirement: str, *tests: str) -> None:
        """Tests of the programme's suite that passed on the cluster."""
        self.cluster.results += [
            {
                "suite": SUITE,
                "test": test,
                "requirement": requirement,
                "outcome": "passed",
                "time": NOW,
                "source": "results.json",
            }
            for test in tests
        ]


def _owners(one: Plain) -> set[str]:
    return {owner["uid"] for owner in one["metadata"].get("ownerReferences", ())}


def _containers(name: str, image: str, port: int, part: Plain | None, port_name: str = "http") -> list[Plain]:
    ports = {"ports": [{"name": port_name, "containerPort": port, "protocol": "TCP"}]} if port else {}
    parts = {"name": name.rsplit("-", maxsplit=1)[-1], **ports, **(part or {})}
    return [container(parts.pop("name"), image, **parts)]
