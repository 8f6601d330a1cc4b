"""What a cluster has to allow, and a Job that records a snapshot inside it, from the collection itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.snapshot.collection import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.snapshot.collection import Collection, Kind
    from aiconf.snapshot.format import Plain

NAME = "aiconf-snapshot"
_DISCOVERY = ["/version", "/api", "/api/*", "/apis", "/apis/*"]
_IMAGE = "docker.io/library/python:3.13-slim"


def manifests(collection: Collection, version: str, *, metrics: bool) -> str:
    """Namespace, ServiceAccount, ClusterRole, ClusterRoleBinding and Job as YAML.

    Args:
        collection: What is recorded.
        version: The version of aiconf that the Job installs.
        metrics: Whether metrics are scraped, which needs the pod proxy.
    """
    import yaml  # noqa: PLC0415 - only here

    documents = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAME}},
        {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": NAME, "namespace": NAME}},
        cluster_role(collection, metrics=metrics),
        _binding(),
        _job(version, metrics=metrics),
    ]
    head = (
        "# Read-only, and without Secrets. Apply it, wait for the Job, and take the snapshot from its log:\n"
        f"#   kubectl -n {NAME} wait --for=condition=complete job/{NAME} --timeout=30m\n"
        f"#   kubectl -n {NAME} logs job/{NAME} > snapshot.json\n"
        f"#   kubectl delete namespace/{NAME} clusterrole/{NAME} clusterrolebinding/{NAME}\n"
        + "".join(map(_about_names, (kind for kind in collection.kinds.values() if kind.globs)))
    )
    return head + "".join(f"---\n{yaml.safe_dump(document, sort_keys=False)}" for document in documents)


def _about_names(kind: Kind) -> str:
    return (
        f"# Of {kind.resource}, metadata alone is asked of all, and the rest of those whose names match. Their rule\n"
        "# without resourceNames can be left out: those under their usual names are read all the same, and the\n"
        "# snapshot says what it did not see.\n"
    )


def cluster_role(collection: Collection, *, metrics: bool) -> Plain:
    """The least that has to be allowed: to list the kinds of the collection, and to see which APIs there are."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": NAME},
        "rules": [
            *_rules(collection),
            *([_PROXY] if metrics else []),
            {"nonResourceURLs": _DISCOVERY, "verbs": ["get"]},
        ],
    }


_PROXY: Plain = {"apiGroups": [""], "resources": ["pods/proxy"], "verbs": ["get"]}


def _rules(collection: Collection) -> Iterator[Plain]:
    by_group: dict[str, list[str]] = {}
    for kind in collection.kinds.values():
        if kind.where and kind.where[0] == BY_NAME:
            # A list that selects a name is allowed by that name.
            yield {**_list(kind), "resourceNames": sorted(kind.exact)}
            if kind.globs:
                yield _list(kind)
        else:
            by_group.setdefault(kind.group, []).append(kind.resource)
    for group, resources in sorted(by_group.items()):
        yield {"apiGroups": [group], "resources": sorted(resources), "verbs": ["list"]}


def _list(kind: Kind) -> Plain:
    return {"apiGroups": [kind.group], "resources": [kind.resource], "verbs": ["list"]}


def _binding() -> Plain:
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": {"name": NAME},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": NAME},
        "subjects": [{"kind": "ServiceAccount", "name": NAME, "namespace": NAME}],
    }


def _job(version: str, *, metrics: bool) -> Plain:
    flags = " --metrics" if metrics else ""
    install = f"pip install --quiet --target /scratch/lib 'aiconf[snapshot]=={version}' 1>&2"
    container: dict[str, Any] = {
        "name": "snapshot",
        "image": _IMAGE,
        "command": ["sh", "-ec", f"{install}\nPYTHONPATH=/scratch/lib python -m aiconf snapshot -o -{flags}"],
        "env": [{"name": "HOME", "value": "/scratch"}],
        "resources": {"requests": {"cpu": "100m", "memory": "256Mi"}, "limits": {"memory": "2Gi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "volumeMounts": [{"name": "work", "mountPath": "/scratch"}, {"name": "work", "mountPath": "/tmp"}],  # noqa: S108 - in the pod
    }
    security = {"runAsNonRoot": True, "runAsUser": 65532, "seccompProfile": {"type": "RuntimeDefault"}}
    pod = {
        "serviceAccountName": NAME,
        "restartPolicy": "Never",
        "securityContext": security,
        "containers": [container],
        "volumes": [{"name": "work", "emptyDir": {}}],
    }
    spec = {"backoffLimit": 0, "template": {"spec": pod}}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": NAME, "namespace": NAME}, "spec": spec}
