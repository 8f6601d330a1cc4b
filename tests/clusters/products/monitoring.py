"""Systems that collect metrics, and what tells them where: Prometheus Operator, Google's and Azure's managed ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.clusters.parts import Plain, condition, thing

if TYPE_CHECKING:
    from tests.clusters.build import Builder

RELEASE = "kube-prometheus-stack"


def node_exporter(b: Builder, space: str, nodes: list[str]) -> None:
    """The agent that reads a node's own files, host processes included."""
    b.daemons(
        f"{RELEASE}-prometheus-node-exporter" if space == "monitoring" else "node-exporter",
        space,
        "quay.io/prometheus/node-exporter:v1.10.2",
        nodes,
        port=9100,
        hostPID=True,
        hostNetwork=True,
        volumes=[{"name": "root", "hostPath": {"path": "/"}}, {"name": "sys", "hostPath": {"path": "/sys"}}],
    )


def prometheus_crds(b: Builder) -> None:
    """The definitions of Prometheus Operator."""
    b.define(
        "monitoring.coreos.com",
        Prometheus="prometheuses",
        ServiceMonitor="servicemonitors",
        PodMonitor="podmonitors",
        PrometheusRule="prometheusrules",
        Alertmanager="alertmanagers",
    )


def prometheus(
    b: Builder, nodes: list[str], *, space: str = "monitoring", name: str = RELEASE, selects_all: bool = False
) -> None:
    """Prometheus Operator and a Prometheus; it reads monitors with its release's label, or all of them."""
    prometheus_crds(b)
    b.deploy(
        f"{name}-operator" if name == RELEASE else "prometheus-operator",
        space,
        "quay.io/prometheus-operator/prometheus-operator:v0.87.0",
        port=443,
    )
    node_exporter(b, space, nodes)
    selector = {} if selects_all else {"matchLabels": {"release": name}}
    own = f"{name}-prometheus" if name == RELEASE else name
    made = thing(
        "monitoring.coreos.com/v1",
        "Prometheus",
        own,
        space,
        generation=1,
        spec={
            "replicas": 1,
            "serviceMonitorSelector": selector,
            "serviceMonitorNamespaceSelector": {},
            "podMonitorSelector": selector,
            "podMonitorNamespaceSelector": {},
        },
        status={
            "replicas": 1,
            "availableReplicas": 1,
            "conditions": [
                condition("Available", reason="", observedGeneration=1),
                condition("Reconciled", reason="", observedGeneration=1),
            ],
        },
    )
    b.add(made)
    b.stateful(
        f"prometheus-{own}",
        space,
        "quay.io/prometheus/prometheus:v3.8.0",
        port=9090,
        behind="prometheus-operated",
        owner=made,
        labels={"app.kubernetes.io/name": "prometheus"},
    )


def service_monitor(
    b: Builder, of: Plain, *, port: str = "http", path: str = "/metrics", release: str = RELEASE
) -> None:
    """A ServiceMonitor of the Service before a workload."""
    meta = of["metadata"]
    b.add(
        thing(
            "monitoring.coreos.com/v1",
            "ServiceMonitor",
            meta["name"],
            meta["namespace"],
            labels={"release": release},
            generation=1,
            spec={
                "selector": {"matchLabels": {"app": meta["labels"]["app"]}},
                "namespaceSelector": {"matchNames": [meta["namespace"]]},
                "endpoints": [{"port": port, "path": path, "interval": "15s", "honorLabels": True}],
            },
        )
    )


def pod_monitor(b: Builder, of: Plain, *, port: str = "http", path: str = "/metrics", api: str = "") -> None:
    """A monitor of the pods of a workload: a PodMonitor, or the PodMonitoring of Google's managed collection."""
    meta = of["metadata"]
    google = api.startswith("monitoring.googleapis.com")
    endpoints = [{"port": port, "path": path, "interval": "15s"}]
    b.add(
        thing(
            api or "monitoring.coreos.com/v1",
            "PodMonitoring" if google else "PodMonitor",
            meta["name"],
            meta["namespace"],
            labels={"release": RELEASE},
            generation=1,
            spec={
                "selector": {"matchLabels": {"app": meta["labels"]["app"]}},
                "endpoints" if google else "podMetricsEndpoints": endpoints,
            },
            status={"conditions": [condition("ConfigurationCreateSuccess", observedGeneration=1)]} if google else None,
        )
    )


def google_managed(b: Builder, nodes: list[str]) -> None:
    """Google Cloud Managed Service for Prometheus, as GKE runs it."""
    b.define("monitoring.googleapis.com", PodMonitoring="podmonitorings", Rules="rules")
    b.define("monitoring.googleapis.com", scope="Cluster", ClusterPodMonitoring="clusterpodmonitorings")
    image = "gke.gcr.io/prometheus-engine"
    b.deploy("gmp-operator", "gke-gmp-system", f"{image}/operator:v0.17.2-gke.1", port=443)
    b.daemons("collector", "gke-gmp-system", f"{image}/prometheus:v2.53.5-gmp.1-gke.0", nodes)
    b.hook(
        "gmp-operator.gke-gmp-system.monitoring.googleapis.com",
        "gke-gmp-system/gmp-operator",
        "monitoring.googleapis.com",
        ["podmonitorings", "clusterpodmonitorings"],
    )


def azure_managed(b: Builder, nodes: list[str]) -> None:
    """Azure Monitor managed service for Prometheus, as its add-on runs it."""
    b.define("azmonitoring.coreos.com", ServiceMonitor="servicemonitors", PodMonitor="podmonitors")
    image = "mcr.microsoft.com/azuremonitor/containerinsights/ciprod/prometheus-collector/images:6.24.0-main"
    b.deploy("ama-metrics", "kube-system", image, nodes=nodes[:2])
    b.daemons("ama-metrics-node", "kube-system", image, nodes)


def victoria_metrics(b: Builder, nodes: list[str]) -> None:
    """VictoriaMetrics with an agent that reads every scrape."""
    group = "operator.victoriametrics.com"
    b.define(
        group,
        versions=("v1beta1",),
        VMAgent="vmagents",
        VMServiceScrape="vmservicescrapes",
        VMPodScrape="vmpodscrapes",
    )
    b.deploy("vm-operator", "monitoring", "docker.io/victoriametrics/operator:v0.66.0", port=9443)
    node_exporter(b, "monitoring", nodes)
    status = {"updateStatus": "operational", "replicas": 1, "availableReplicas": 1}
    agent = thing(
        f"{group}/v1beta1",
        "VMAgent",
        "main",
        "monitoring",
        generation=1,
        spec={"selectAllByDefault": True},
        status=status,
    )
    b.add(agent)
    b.deploy("vmagent-main", "monitoring", "docker.io/victoriametrics/vmagent:v1.131.0", port=8429, owner=agent)


def scrape(b: Builder, of: Plain, *, port: str = "http") -> None:
    """A scrape of the Service before a workload, for VictoriaMetrics."""
    meta = of["metadata"]
    b.add(
        thing(
            "operator.victoriametrics.com/v1beta1",
            "VMServiceScrape",
            meta["name"],
            meta["namespace"],
            generation=1,
            spec={
                "selector": {"matchLabels": {"app": meta["labels"]["app"]}},
                "endpoints": [{"port": port, "path": "/metrics"}],
            },
            status={"updateStatus": "operational"},
        )
    )
