"""The shapes of the tables about what serves a requirement; what each key means stands in the files themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NotRequired, TypedDict

_Role = Literal["prefill", "decode", "both"]


class Sign(TypedDict):
    """By what a custom resource shows that it was reconciled."""

    condition: NotRequired[str]
    path: NotRequired[str]
    values: NotRequired[list[str]]
    unless: NotRequired[str]


class OperatorRow(TypedDict):
    """An operator of AI workloads."""

    component: str
    groups: list[str]
    resources: dict[str, list[Sign]]
    accelerated: NotRequired[bool]


class OperatorTable(TypedDict):
    """``policies/operators.yaml``."""

    operators: list[OperatorRow]


class StackRow(TypedDict):
    """A serving stack that splits inference."""

    id: str
    name: str
    needles: list[str]
    labels: NotRequired[list[str]]
    roles: NotRequired[dict[str, _Role]]
    arguments: NotRequired[dict[str, _Role]]
    group_labels: NotRequired[list[str]]


class DisaggregationTable(TypedDict):
    """``policies/disaggregation.yaml``."""

    stacks: list[StackRow]


class ControllerRow(TypedDict):
    """Who stands behind the controller of a GatewayClass."""

    controller: str
    name: str
    component: NotRequired[str]
    managed: NotRequired[bool]
    provisions: NotRequired[bool]


class Carrier(TypedDict):
    """The labels of a Service that carries a gateway's traffic."""

    name: str
    namespace: NotRequired[str]


class GatewayTable(TypedDict):
    """``policies/gateways.yaml``."""

    controllers: list[ControllerRow]
    carriers: list[Carrier]


class StatusSource(TypedDict):
    """Where the Cluster Autoscaler reports."""

    key: str
    seconds: int


class Bounds(TypedDict):
    """Annotations with the bounds of a group."""

    min: list[str]
    max: list[str]


class PoolRow(TypedDict):
    """Where a provider's own kind says how it scales."""

    by: str
    enabled: str
    min: str
    max: str
    labels: str


class AutoscalingTable(TypedDict):
    """``policies/autoscaling.yaml``."""

    status: StatusSource
    resources: list[str]
    pool_labels: list[str]
    node_pool_label: str
    accelerator_labels: list[str]
    accelerator_requirements: dict[str, list[str]]
    bounds: Bounds
    capacity: list[str]
    group_ends: list[str]
    machine: str
    pools: dict[str, PoolRow]


class CollectorRow(TypedDict):
    """A kind of what collects metrics."""

    reads: list[str]
    within: NotRequired[str]
    enabled: NotRequired[str]
    everywhere: NotRequired[bool]
    condition: NotRequired[str]
    component: NotRequired[str]


class SelectedBy(TypedDict):
    """The fields of a collector that select a monitor."""

    labels: str
    namespaces: str


class MonitorRow(TypedDict):
    """A kind of what names targets."""

    of: Literal["services", "pods"]
    selected_by: NotRequired[SelectedBy]
    managed_by: NotRequired[str]
    condition: NotRequired[str]


class MonitoringTable(TypedDict):
    """``policies/monitoring.yaml``."""

    collectors: dict[str, CollectorRow]
    monitors: dict[str, MonitorRow]
    silent: dict[str, list[str]]


class ScalingMetricTable(TypedDict):
    """``policies/scaling_metrics.yaml``."""

    accelerator: list[str]
    serving: list[str]


def gaps(
    operators: OperatorTable, disaggregation: DisaggregationTable, monitoring: MonitoringTable
) -> Iterator[tuple[str, str]]:
    """The rows that lack one of several keys of which they need one: the table, and what is missing where."""
    for where, row, needs in (*_signs(operators), *_stacks(disaggregation), *_monitors(monitoring)):
        if not any(row.keys() >= keys for keys in needs):
            alternatives = " nor ".join(" and ".join(f"`{key}`" for key in sorted(keys)) for keys in needs)
            table, _, pointer = where.partition(":")
            yield table, f"`$.{pointer}` has neither {alternatives}"


# Where a row stands, the row, and the sets of keys of which it must have one.
_Row = tuple[str, Mapping[str, object], Sequence[set[str]]]


def _signs(table: OperatorTable) -> Iterator[_Row]:
    for number, operator in enumerate(table["operators"]):
        for kind, signs in operator["resources"].items():
            for position, sign in enumerate(signs):
                where = f"operators:operators[{number}].resources.{kind}[{position}]"
                yield where, sign, [{"condition"}, {"path", "values"}]


def _stacks(table: DisaggregationTable) -> Iterator[_Row]:
    for number, stack in enumerate(table["stacks"]):
        yield f"disaggregation:stacks[{number}]", stack, [{"arguments"}, {"labels", "roles"}]


def _monitors(table: MonitoringTable) -> Iterator[_Row]:
    for kind, monitor in table["monitors"].items():
        yield f"monitoring:monitors.{kind}", monitor, [{"selected_by"}, {"managed_by"}]
