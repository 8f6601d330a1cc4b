"""Gateway API, its inference extension, and their implementations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.network import gateway, gateway_class, http_route
from tests.clusters.parts import Plain, condition, thing

if TYPE_CHECKING:
    from tests.clusters.build import Builder

_GROUP = "gateway.networking.k8s.io"
GATEWAY = "inference-gateway"
_PROXY = {f"{_GROUP}/gateway-name": GATEWAY}


def gateway_api(b: Builder, bundle: str = "v1.5.0") -> None:
    """The definitions of Gateway API's standard channel."""
    notes = {f"{_GROUP}/bundle-version": bundle, f"{_GROUP}/channel": "standard"}
    both = ("v1", "v1beta1")
    b.define(_GROUP, versions=both, scope="Cluster", annotations=notes, GatewayClass="gatewayclasses")
    b.define(_GROUP, versions=both, annotations=notes, Gateway="gateways", HTTPRoute="httproutes")
    b.define(_GROUP, annotations=notes, GRPCRoute="grpcroutes")
    b.define(_GROUP, versions=("v1beta1", "v1"), annotations=notes, ReferenceGrant="referencegrants")


def inference_extension(b: Builder, bundle: str = "v1.5.0") -> None:
    """The definitions of the inference extension."""
    notes = {"inference.networking.k8s.io/bundle-version": bundle}
    b.define("inference.networking.k8s.io", annotations=notes, InferencePool="inferencepools")
    x_group = "inference.networking.x-k8s.io"
    b.define(x_group, versions=("v1alpha2",), annotations=notes, InferenceObjective="inferenceobjectives")


def envoy_gateway(b: Builder, space: str) -> str:
    """Envoy Gateway with the proxy of the gateway in `space`; the name of its class."""
    b.define(
        "gateway.envoyproxy.io",
        versions=("v1alpha1",),
        EnvoyProxy="envoyproxies",
        BackendTrafficPolicy="backendtrafficpolicies",
        SecurityPolicy="securitypolicies",
    )
    home = "envoy-gateway-system"
    api = "gateway.envoyproxy.io"
    owned = {f"{api}/owning-gateway-name": GATEWAY, f"{api}/owning-gateway-namespace": space}
    b.deploy("envoy-gateway", home, "docker.io/envoyproxy/gateway:v1.6.0", port=18000)
    b.deploy(
        f"envoy-{space}-{GATEWAY}-5f2a8c11",
        home,
        "docker.io/envoyproxy/envoy:distroless-v1.36.2",
        port=80,
        labels=owned,
    )
    b.add(gateway_class("eg", "gateway.envoyproxy.io/gatewayclass-controller"))
    return "eg"


def kgateway(b: Builder, space: str) -> str:
    """Kgateway with the proxy of the gateway in `space`; the name of its class."""
    b.define(
        "gateway.kgateway.dev",
        versions=("v1alpha1",),
        GatewayParameters="gatewayparameters",
        TrafficPolicy="trafficpolicies",
        Backend="backends",
    )
    b.deploy("kgateway", "kgateway-system", "cr.kgateway.dev/kgateway-dev/kgateway:v2.2.0", port=9977)
    b.deploy(GATEWAY, space, "cr.kgateway.dev/kgateway-dev/envoy-wrapper:v2.2.0", port=80, labels=_PROXY)
    b.add(gateway_class("kgateway", "kgateway.dev/kgateway"))
    return "kgateway"


def istio(b: Builder, space: str, *, home: str = "istio-system", image: str = "docker.io/istio/pilot:1.29.0") -> str:
    """Istio with the proxy of the gateway in `space`; the name of its class. Its other classes provide nothing."""
    b.define("networking.istio.io", VirtualService="virtualservices", DestinationRule="destinationrules")
    b.define("security.istio.io", PeerAuthentication="peerauthentications")
    b.deploy("istiod", home, image, port=443)
    b.hook("istio-validator-istio-system", f"{home}/istiod", "networking.istio.io", ["virtualservices"])
    b.deploy(f"{GATEWAY}-istio", space, image.replace("pilot", "proxyv2"), port=80, labels=_PROXY)
    b.add(
        gateway_class("istio", "istio.io/gateway-controller"),
        gateway_class("istio-remote", "istio.io/unmanaged-gateway"),
    )
    return "istio"


def gateway_with_routes(
    b: Builder, space: str, klass: str, controller: str, backends: list[Plain], pool: str = ""
) -> None:
    """A Gateway with a route that splits traffic and steers by header, and one to an InferencePool."""
    b.space(space)
    b.add(gateway(GATEWAY, space, of=klass, routes=2 if pool else 1))
    names = [one["metadata"] for one in backends]
    split = [
        {"name": meta["name"], "namespace": meta["namespace"], "port": 8000, "weight": weight}
        for meta, weight in zip(names, (90, 10), strict=False)
    ]
    b.add(http_route("chat", space, gateway=GATEWAY, controller=controller, backends=split, headers=["x-model"]))
    if pool:
        target = [{"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": pool, "port": 8000}]
        b.add(http_route(pool, space, gateway=GATEWAY, controller=controller, backends=target))


def inference_pool(
    b: Builder, name: str, space: str, controller: str, labels: Plain, *, image: str = "", deployed: bool = True
) -> None:
    """An InferencePool behind the gateway in the same namespace, with its endpoint picker and what that exposes."""
    picker = f"{name}-epp"
    parent = {"group": _GROUP, "kind": "Gateway", "name": GATEWAY, "namespace": space}
    conditions = [condition(kind, observedGeneration=1) for kind in ("Accepted", "ResolvedRefs")]
    b.add(
        thing(
            "inference.networking.k8s.io/v1",
            "InferencePool",
            name,
            space,
            generation=1,
            spec={
                "selector": {"matchLabels": labels},
                "targetPorts": [{"number": 8000}],
                "endpointPickerRef": {
                    "group": "",
                    "kind": "Service",
                    "name": picker,
                    "port": {"number": 9002},
                    "failureMode": "FailClose",
                },
            },
            status={"parents": [{"controllerName": controller, "parentRef": parent, "conditions": conditions}]},
        ),
        thing(
            "inference.networking.x-k8s.io/v1alpha2",
            "InferenceObjective",
            f"{name}-interactive",
            space,
            generation=1,
            spec={
                "priority": 10,
                "poolRef": {"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": name},
            },
        ),
    )
    if deployed:
        image = image or "registry.k8s.io/gateway-api-inference-extension/epp:v1.5.0"
        ports = [
            {"name": "grpc", "containerPort": 9002, "protocol": "TCP"},
            {"name": "metrics", "containerPort": 9090, "protocol": "TCP"},
        ]
        made = b.deploy(picker, space, image, port=9002, part={"ports": ports})
        b.scraped(made, 9090, picker_text(name))


def picker_text(pool: str) -> str:
    """What an endpoint picker exposes."""
    return (
        f'inference_pool_average_kv_cache_utilization{{name="{pool}"}} 0.31\n'
        f'inference_pool_average_queue_size{{name="{pool}"}} 1\n'
        f'inference_pool_ready_pods{{name="{pool}"}} 2\n'
        f'inference_objective_request_total{{model_name="llama-3-8b",target_model_name="llama-3-8b"}} 1840\n'
    )


def google(b: Builder, space: str) -> str:
    """GKE Gateway, whose controller and proxies are outside the cluster; the name of its class."""
    b.define("networking.gke.io", GCPBackendPolicy="gcpbackendpolicies", HealthCheckPolicy="healthcheckpolicies")
    b.space(space)
    for name in ("gke-l7-regional-external-managed", "gke-l7-rilb"):
        b.add(gateway_class(name, "networking.gke.io/gateway"))
    return "gke-l7-regional-external-managed"


def openshift(b: Builder, space: str) -> str:
    """OpenShift's implementation, for which its ingress operator has made an Istio; the name of its class."""
    b.define("networking.istio.io", VirtualService="virtualservices", DestinationRule="destinationrules")
    image = "registry.redhat.io/openshift-service-mesh"
    b.deploy("istiod-openshift-gateway", "openshift-ingress", f"{image}/istio-pilot-rhel9:1.28.2", port=15017)
    b.deploy(f"{GATEWAY}-openshift-default", space, f"{image}/istio-proxyv2-rhel9:1.28.2", port=80, labels=_PROXY)
    b.add(gateway_class("openshift-default", "openshift.io/gateway-controller/v1"))
    return "openshift-default"


def cilium(b: Builder, space: str) -> str:
    """Cilium as an implementation of Gateway API, its proxy in the agent; the name of its class."""
    b.space(space)
    b.add(gateway_class("cilium", "io.cilium/gateway-controller"))
    return "cilium"


def traefik(b: Builder, space: str) -> str:
    """Traefik; the name of its class."""
    b.define("traefik.io", versions=("v1alpha1",), IngressRoute="ingressroutes", Middleware="middlewares")
    b.space(space)
    b.deploy("traefik", "traefik", "docker.io/traefik:v3.6.2", port=80, labels={"app.kubernetes.io/name": "traefik"})
    b.add(gateway_class("traefik", "traefik.io/gateway-controller"))
    return "traefik"
