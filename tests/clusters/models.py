"""Objects held against the models of the Kubernetes client: fields, their types, and what may stand in them."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clusters.parts import Plain

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
# Several groups have a kind of these names, and the client tells them apart.
_SHARED = {
    ("v1", "Event"): "CoreV1Event",
    ("resource.k8s.io/v1", "ResourceClaim"): "ResourceV1ResourceClaim",
}
# Groups that the API server itself serves; all others are those of definitions.
_BUILT_IN = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "discovery.k8s.io",
        "node.k8s.io",
        "resource.k8s.io",
    }
)
_WORDS = {
    ("Pod", "status.phase"): {"Pending", "Running", "Succeeded", "Failed", "Unknown"},
    ("Pod", "spec.restartPolicy"): {"Always", "OnFailure", "Never"},
    ("Service", "spec.type"): {"ClusterIP", "NodePort", "LoadBalancer", "ExternalName"},
    ("Namespace", "status.phase"): {"Active", "Terminating"},
    ("EndpointSlice", "addressType"): {"IPv4", "IPv6", "FQDN"},
    ("CustomResourceDefinition", "spec.scope"): {"Namespaced", "Cluster"},
    ("HorizontalPodAutoscaler", "spec.metrics[].type"): {"Resource", "ContainerResource", "Pods", "Object", "External"},
    ("Node", "spec.taints[].effect"): {"NoSchedule", "PreferNoSchedule", "NoExecute"},
    ("ValidatingWebhookConfiguration", "webhooks[].failurePolicy"): {"Fail", "Ignore"},
    ("MutatingWebhookConfiguration", "webhooks[].failurePolicy"): {"Fail", "Ignore"},
    ("ResourceClaim", "spec.devices.requests[].exactly.allocationMode"): {"ExactCount", "All"},
}
_STATUSES = {"True", "False", "Unknown"}


def is_built_in(one: Plain) -> bool:
    """Whether an object is of a kind of Kubernetes itself."""
    group, slash, _ = str(one["apiVersion"]).partition("/")
    return (group if slash else "") in _BUILT_IN


def model_of(one: Plain) -> Any:
    """The client's class for an object.

    Raises:
        AttributeError: There is none.
    """
    from kubernetes import client  # noqa: PLC0415 - a second to import, and emitting clusters does not need it

    version = one["apiVersion"].rpartition("/")[2]
    return getattr(client, _SHARED.get((one["apiVersion"], one["kind"]), f"{version.capitalize()}{one['kind']}"))


def there_and_back(one: Plain) -> Any:
    """An object as the client gives it back: what it does not know is lost.

    Raises:
        ValueError: A field has a type that it cannot have, or a required one is absent.
    """
    from kubernetes import client  # noqa: PLC0415 - see above

    read = model_of(one).from_dict(json.loads(json.dumps(one)))
    return client.ApiClient().sanitize_for_serialization(read)


def plain(value: Any) -> Any:
    """Moments in one spelling, so that an object can be compared with what came of it."""
    if isinstance(value, dict):
        return {key: plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [plain(below) for below in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return datetime.fromisoformat(value).isoformat() if isinstance(value, str) and _MOMENT.fullmatch(value) else value


def strange_words(one: Plain) -> list[str]:
    """Values that Kubernetes does not know, where it knows a few only."""
    found = [
        f"{path}: {value}"
        for (kind, path), words in _WORDS.items()
        if kind == one["kind"]
        for value in _at(one, path.split("."))
        if value not in words
    ]
    statuses = _at(one, ["status", "conditions[]", "status"])
    return found + [f"condition: {status}" for status in statuses if status not in _STATUSES]


def _at(node: Any, path: list[str]) -> Iterator[Any]:
    if not path:
        yield node
        return
    below = node.get(path[0].removesuffix("[]")) if isinstance(node, dict) else None
    if below is None:
        return
    for each in below if path[0].endswith("[]") else [below]:
        yield from _at(each, path[1:])
