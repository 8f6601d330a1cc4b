"""Services, gateways and routes."""

from __future__ import annotations

from typing import Any

from tests.clusters.parts import Plain, condition, thing, uid


def service(
    name: str,
    namespace: str = "default",
    *,
    selector: Plain | None = None,
    port: int = 80,
    labels: Plain | None = None,
    **spec: Any,
) -> Plain:
    """A Service in front of pods with label `app`, or with the labels of `selector`."""
    wanted = {"app": name} if selector is None else selector
    ports = [{"name": "http", "port": port, "targetPort": port, "protocol": "TCP"}]
    return thing(
        "v1",
        "Service",
        name,
        namespace,
        labels=labels,
        spec={"type": "ClusterIP", "selector": wanted, "ports": ports, **spec},
    )


def endpoint_slice(of: Plain, pods: list[Plain] | None = None, *, ready: int = 1, unready: int = 0) -> Plain:
    """The EndpointSlice of a Service: of pods, or else of as many nameless endpoints as `ready` and `unready` say."""
    meta, port = of["metadata"], of["spec"]["ports"][0]
    if pods is None:
        endpoints = [_endpoint(number, number < ready) for number in range(ready + unready)]
    else:
        endpoints = [_endpoint(number, _is_ready(one), one) for number, one in enumerate(pods)]
    return thing(
        "discovery.k8s.io/v1",
        "EndpointSlice",
        f"{meta['name']}-{uid('slice', meta['name'])[:5]}",
        meta.get("namespace"),
        labels={"kubernetes.io/service-name": meta["name"]},
        owner=of,
        addressType="IPv4",
        endpoints=endpoints,
        ports=[{"name": port["name"], "port": port["port"], "protocol": "TCP"}],
    )


def _endpoint(number: int, ready: bool, of: Plain | None = None) -> Plain:
    plain: Plain = {
        "addresses": [f"10.1.0.{number + 1}"],
        "conditions": {"ready": ready, "serving": ready, "terminating": False},
    }
    if of is not None:
        meta = of["metadata"]
        plain["nodeName"] = of["spec"]["nodeName"]
        plain["targetRef"] = {"kind": "Pod", "namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]}
    return plain


def _is_ready(one: Plain) -> bool:
    return any(c["type"] == "Ready" and c["status"] == "True" for c in one["status"]["conditions"])


def gateway_class(name: str, controller: str, *, accepted: bool | str = True) -> Plain:
    """A GatewayClass."""
    conditions = [condition("Accepted", accepted, observedGeneration=1)]
    return thing(
        "gateway.networking.k8s.io/v1",
        "GatewayClass",
        name,
        generation=1,
        spec={"controllerName": controller},
        status={"conditions": conditions},
    )


def gateway(
    name: str, namespace: str = "default", *, of: str, programmed: bool = True, routes: int = 1, addresses: int = 1
) -> Plain:
    """A Gateway of a class, with one listener."""
    listener = {
        "name": "http",
        "attachedRoutes": routes,
        "supportedKinds": [],
        "conditions": [condition(kind, observedGeneration=1) for kind in ("Accepted", "Programmed", "ResolvedRefs")],
    }
    return thing(
        "gateway.networking.k8s.io/v1",
        "Gateway",
        name,
        namespace,
        generation=1,
        spec={"gatewayClassName": of, "listeners": [{"name": "http", "port": 80, "protocol": "HTTP"}]},
        status={
            "addresses": [{"type": "IPAddress", "value": f"192.0.2.{number + 1}"} for number in range(addresses)],
            "conditions": [
                condition("Accepted", observedGeneration=1),
                condition("Programmed", programmed, observedGeneration=1),
            ],
            "listeners": [listener],
        },
    )


def http_route(
    name: str,
    namespace: str = "default",
    *,
    gateway: str,
    controller: str,
    backends: list[Plain],
    headers: list[str] | None = None,
    accepted: bool = True,
    resolved: bool = True,
    gateway_namespace: str | None = None,
) -> Plain:
    """An HTTPRoute to backends (`{"name": ..., "port": ..., "weight": ...}`), by headers when some are named."""
    matches = (
        [{"headers": [{"name": header, "value": "x", "type": "Exact"} for header in headers]}] if headers else None
    )
    rule = {"backendRefs": backends} | ({"matches": matches} if matches else {})
    parent = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": gateway}
    if gateway_namespace:
        parent["namespace"] = gateway_namespace
    conditions = [
        condition("Accepted", accepted, observedGeneration=1),
        condition("ResolvedRefs", resolved, observedGeneration=1),
    ]
    return thing(
        "gateway.networking.k8s.io/v1",
        "HTTPRoute",
        name,
        namespace,
        generation=1,
        spec={"parentRefs": [parent], "rules": [rule]},
        status={"parents": [{"parentRef": parent, "controllerName": controller, "conditions": conditions}]},
    )
