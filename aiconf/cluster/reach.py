"""What answers behind a Service, and whether admission webhooks and aggregated APIs work through it."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, ref, selects, text, texts, unready
from aiconf.cluster.nodes import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_SLICE = "EndpointSlice.discovery.k8s.io"
_SERVICE_LABEL = "kubernetes.io/service-name"
_WEBHOOKS = {
    "ValidatingWebhookConfiguration.admissionregistration.k8s.io": "validating",
    "MutatingWebhookConfiguration.admissionregistration.k8s.io": "mutating",
}
_API_SERVICE = "APIService.apiregistration.k8s.io"
_CLUSTER_SCOPED = "Cluster"


class Reach:
    """What can be reached in a cluster."""

    def __init__(self, index: Index) -> None:
        self._index = index

    @cached_property
    def endpoints(self) -> dict[str, int]:
        """``namespace/name`` of every Service to the number of its ready endpoints."""
        ready: dict[str, set[Any]] = defaultdict(set)
        for one in self._index.each(_SLICE):
            if service := text(labels_of(one), _SERVICE_LABEL):
                ready[f"{text(one, 'metadata', 'namespace')}/{service}"] |= _ready(one)
        return {service: len(ready.get(service, ())) for service in sorted(self._services | ready.keys())}

    @cached_property
    def _services(self) -> set[str]:
        return {f"{namespace}/{name}" for namespace, name in self._index.names("Service")}

    def of(self, service: str) -> int | None:
        """The ready endpoints of a Service; None when there are none to be seen and not all could be read."""
        if service not in self._services and not self._index.omitted("Service"):
            return 0  # left over from a Service that is gone
        found = self.endpoints.get(service, 0)
        return None if not found and self._index.omitted(_SLICE) else found

    def webhooks(self) -> list[Plain]:
        """Every admission webhook."""
        found = [
            self._webhook(configuration, kind, hook)
            for key, kind in _WEBHOOKS.items()
            for configuration in self._index.each(key)
            for hook in maps(configuration, "webhooks")
        ]
        return sorted(found, key=lambda one: (one["ref"], one["name"]))

    def api_services(self) -> list[Plain]:
        """Every API service."""
        return sorted(map(self._api_service, self._index.each(_API_SERVICE)), key=lambda one: str(one["name"]))

    def _webhook(self, configuration: Plain, kind: str, hook: Plain) -> Plain:
        service, rules = _service(field(hook, "clientConfig", "service")), maps(hook, "rules")
        endpoints = self.of(service) if service else None
        bundle, url = bool(text(hook, "clientConfig", "caBundle")), text(hook, "clientConfig", "url") or None
        excluded = self._excluded(hook, rules)
        works, reason = _webhook_works(service, url, endpoints, bundle=bundle, excluded=excluded)
        return {
            "ref": ref(configuration),
            "kind": kind,
            "configuration": text(configuration, "metadata", "name"),
            "name": text(hook, "name"),
            "groups": _union(rules, "apiGroups"),
            "resources": _union(rules, "resources"),
            "operations": _union(rules, "operations"),
            "service": service,
            "url": url,
            "endpoints": endpoints,
            "ca_bundle": bundle,
            "failure_policy": text(hook, "failurePolicy") or "Fail",
            "excludes_everything": bool(excluded),
            "works": works,
            "reason": reason,
        }

    def _excluded(self, hook: Plain, rules: list[Plain]) -> str:
        """Why a webhook is called for nothing at all, "" when it is for something."""
        if not any(
            texts(rule, "resources") and texts(rule, "apiGroups") and texts(rule, "operations") for rule in rules
        ):
            return "its rules name no resources"
        never = [one for one in maps(hook, "matchConditions") if text(one, "expression").strip() == "false"]
        if never:
            return "one of its match conditions is never met"
        if _contradictory(field(hook, "objectSelector")):
            return "its objectSelector matches nothing"
        selector = field(hook, "namespaceSelector")
        bound = all(text(rule, "scope") != _CLUSTER_SCOPED for rule in rules)
        if _contradictory(selector) or (bound and self._no_namespace(selector)):
            return "its namespaceSelector matches no namespace"
        return ""

    def _no_namespace(self, selector: Any) -> bool:
        if not isinstance(selector, dict) or not self._namespaces or self._index.omitted("Namespace"):
            return False
        return not any(selects(selector, labels) for labels in self._namespaces)

    @cached_property
    def _namespaces(self) -> list[Any]:
        return [labels_of(one) for one in self._index.each("Namespace")]

    def _api_service(self, one: Plain) -> Plain:
        service = _service(field(one, "spec", "service"))
        endpoints = self.of(service) if service else None
        available = condition(one, "Available") == "True"
        reason = unready(one)
        if not reason and service and endpoints == 0:
            reason = f"nothing answers behind Service {service}"
        return {
            "name": text(one, "metadata", "name"),
            "ref": ref(one),
            "group": text(one, "spec", "group"),
            "version": text(one, "spec", "version"),
            "available": available,
            "service": service,
            "endpoints": endpoints,
            "works": not reason,
            "reason": reason,
        }


def _ready(one: Plain) -> set[Any]:
    """The ready endpoints of a slice.

    One that stands in several slices (IPv4 and IPv6) is one, and one that does not say whether it is ready counts as
    ready, as the API has it.
    """
    found = set()
    for number, endpoint in enumerate(maps(one, "endpoints")):
        if field(endpoint, "conditions", "ready") is not False:
            found.add(field(endpoint, "targetRef", "name") or (ref(one), number))
    return found


def _service(reference: Any) -> str | None:
    name = text(reference, "name")
    return f"{text(reference, 'namespace')}/{name}" if name else None


def _union(rules: Iterable[Plain], key: str) -> list[str]:
    return sorted({value for rule in rules for value in texts(rule, key)})


def _webhook_works(
    service: str | None, url: str | None, endpoints: int | None, *, bundle: bool, excluded: str
) -> tuple[bool | None, str]:
    if excluded:
        return False, excluded
    if not service:
        return (None, "it is called outside of the cluster") if url else (False, "it names nothing to call")
    if endpoints == 0:
        return False, f"Service {service} has no ready endpoints"
    if not bundle:
        # The API server then trusts public authorities, and none of them signs names inside a cluster.
        return False, "its caBundle is empty"
    return (None, f"the endpoints of Service {service} could not be read") if endpoints is None else (True, "")


def _contradictory(selector: Any) -> bool:
    """Whether no labels can satisfy a selector: a key must be there and absent, or have two values at once."""
    allowed: dict[str, set[str]] = defaultdict(set)
    for key, values in _demands(selector):
        if values is None:
            continue
        allowed[key] = allowed[key] & values if key in allowed else values
    present = {key for key, values in _demands(selector) if values is None} | allowed.keys()
    absent = {text(one, "key") for one in maps(selector, "matchExpressions") if one.get("operator") == "DoesNotExist"}
    return bool(present & absent) or any(not values for values in allowed.values())


def _demands(selector: Any) -> Iterator[tuple[str, set[str] | None]]:
    """Keys that must be there, with the values that they may have; None for any."""
    wanted = field(selector, "matchLabels")
    for key, value in (wanted if isinstance(wanted, dict) else {}).items():
        yield key, {str(value)}
    for one in maps(selector, "matchExpressions"):
        if one.get("operator") == "In":
            yield text(one, "key"), set(texts(one, "values"))
        elif one.get("operator") == "Exists":
            yield text(one, "key"), None
