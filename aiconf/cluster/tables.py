"""The shapes of the tables that facts are made with; what each key means stands in the files themselves."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NotRequired, TypedDict

import msgspec

from aiconf.cluster.solution_tables import (
    AutoscalingTable,
    DisaggregationTable,
    GatewayTable,
    MonitoringTable,
    OperatorTable,
    ScalingMetricTable,
    gaps,
)
from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_Kind = Literal["Deployment", "DaemonSet", "StatefulSet"]
_Need = Literal["utilization", "memory", "temperature", "power", "interconnect"]


class Versions(TypedDict):
    """Where a version stands."""

    labels: list[str]
    attributes: list[str]


class Vendor(TypedDict):
    """Whose accelerators are known by what."""

    vendor: str
    resources: dict[str, Literal["device", "share", "partition"]]
    count_label: NotRequired[str]
    shares_label: NotRequired[str]
    present: list[str]
    driver_versions: Versions
    runtime_versions: Versions


class Driver(TypedDict):
    """A DRA driver."""

    driver: str
    kind: Literal["accelerator", "interconnect", "network", "test"]
    vendor: str


class FakeRow(TypedDict):
    """Something that only looks like an accelerator."""

    what: str
    why: str
    images: list[str]
    drivers: NotRequired[list[str]]
    node_labels: NotRequired[list[str]]
    node_annotations: NotRequired[list[str]]
    node_taints: NotRequired[list[str]]
    provider_ids: NotRequired[list[str]]
    simulates_nodes: NotRequired[bool]


class AcceleratorTable(TypedDict):
    """``policies/accelerators.yaml``."""

    vendors: list[Vendor]
    drivers: list[Driver]
    identity: list[str]
    fakes: list[FakeRow]


class AccessTable(TypedDict):
    """``policies/access.yaml``."""

    devices: list[str]
    everything: list[str]
    variables: list[str]
    harmless: list[str]
    namespaces: list[str]
    images: list[str]


class WorkloadRow(TypedDict):
    """What a component runs as."""

    role: str
    kind: _Kind | list[_Kind]
    names: NotRequired[list[str]]
    labels: NotRequired[dict[str, str]]
    images: NotRequired[list[str]]
    required: NotRequired[bool]
    named: NotRequired[bool]
    leading: NotRequired[bool]


class Managed(TypedDict):
    """What shows a component that runs outside of the cluster."""

    crds: NotRequired[list[str]]
    gateway_controllers: NotRequired[list[str]]
    without: NotRequired[list[str]]


class ComponentRow(TypedDict):
    """A component."""

    id: str
    name: str
    vendor: str
    layer: Literal["infrastructure", "runtime"]
    requirements: list[str]
    crds: NotRequired[list[str]]
    images: NotRequired[list[str]]
    workloads: NotRequired[list[WorkloadRow]]
    drivers: NotRequired[list[str]]
    gateway_controllers: NotRequired[list[str]]
    managed: NotRequired[Managed]
    version_annotation: NotRequired[str]
    definitions_only: NotRequired[bool]
    serves_models: NotRequired[bool]
    test_only: NotRequired[bool]


class ComponentTable(TypedDict):
    """``policies/components.yaml``."""

    components: list[ComponentRow]


class DistributionSigns(TypedDict):
    """What gives a distribution away."""

    git_version: NotRequired[str | list[str]]
    api_groups: NotRequired[list[str]]
    node_labels: NotRequired[list[str]]
    node_annotations: NotRequired[list[str]]
    os_image: NotRequired[str | list[str]]
    workloads: NotRequired[list[str]]
    provider_ids: NotRequired[list[str]]
    control_plane: NotRequired[bool]
    generic: NotRequired[bool]


class DistributionRow(TypedDict):
    """A distribution."""

    id: str
    name: str
    vendor: str
    certifiable: NotRequired[bool]
    signs: NotRequired[DistributionSigns]


class DistributionTable(TypedDict):
    """``policies/distributions.yaml``."""

    distributions: list[DistributionRow]


class ExporterRow(TypedDict):
    """A program with metrics."""

    id: str
    serves: Literal["accelerator", "inference"]
    images: list[str]
    keep: str
    vendor: NotRequired[str]
    device: NotRequired[list[str]]
    partition: NotRequired[str]
    unit: NotRequired[str]
    in_use: NotRequired[bool]
    families: NotRequired[dict[_Need, str]]


class ExporterTable(TypedDict):
    """``policies/exporters.yaml``."""

    exporters: list[ExporterRow]


class Shares(TypedDict):
    """How a pod asks for a share of an accelerator."""

    annotations: list[str]
    resources: list[str]


class UsageTable(TypedDict):
    """``policies/usage.yaml``."""

    shares: Shares
    network_status: list[str]


class Tables(NamedTuple):
    """All of them."""

    accelerators: AcceleratorTable
    access: AccessTable
    autoscaling: AutoscalingTable
    components: ComponentTable
    disaggregation: DisaggregationTable
    distributions: DistributionTable
    exporters: ExporterTable
    gateways: GatewayTable
    monitoring: MonitoringTable
    operators: OperatorTable
    scaling_metrics: ScalingMetricTable
    usage: UsageTable


def read_tables(data: Mapping[str, Any]) -> Tables:
    """The tables of a catalog.

    Args:
        data: The catalog's tables by the names of their files.

    Raises:
        CatalogError: One is missing or not of its shape.
    """
    tables = Tables(
        accelerators=_read("accelerators", data, AcceleratorTable),
        access=_read("access", data, AccessTable),
        autoscaling=_read("autoscaling", data, AutoscalingTable),
        components=_read("components", data, ComponentTable),
        disaggregation=_read("disaggregation", data, DisaggregationTable),
        distributions=_read("distributions", data, DistributionTable),
        exporters=_read("exporters", data, ExporterTable),
        gateways=_read("gateways", data, GatewayTable),
        monitoring=_read("monitoring", data, MonitoringTable),
        operators=_read("operators", data, OperatorTable),
        scaling_metrics=_read("scaling_metrics", data, ScalingMetricTable),
        usage=_read("usage", data, UsageTable),
    )
    for name, gap in gaps(tables.operators, tables.disaggregation, tables.monitoring):
        raise CatalogError(f"is not of the expected shape ({gap})", _path(name))
    for path, pattern in _patterns(tables):
        try:
            re.compile(pattern)
        except re.error as error:
            raise CatalogError(f"{pattern!r} is no regular expression: {error}", path) from error
    return tables


def _path(name: str) -> str:
    return f"policies/{name}.yaml"


def _read(name: str, data: Mapping[str, Any], shape: Any) -> Any:
    path = _path(name)
    if name not in data:
        raise CatalogError("is missing", path)
    try:
        return msgspec.convert(data[name], shape)
    except msgspec.ValidationError as error:
        raise CatalogError(f"is not of the expected shape ({error})", path) from error


def _patterns(tables: Tables) -> Iterator[tuple[str, str]]:
    for row in tables.distributions["distributions"]:
        signs = row.get("signs", {})
        for value in (signs.get("git_version", []), signs.get("os_image", [])):
            for pattern in [value] if isinstance(value, str) else value:
                yield _path("distributions"), pattern
    for exporter in tables.exporters["exporters"]:
        for pattern in (exporter["keep"], *exporter.get("families", {}).values()):
            yield _path("exporters"), pattern
    for pattern in (*tables.scaling_metrics["accelerator"], *tables.scaling_metrics["serving"]):
        yield _path("scaling_metrics"), pattern
