"""The facts of what serves a requirement: operators, gateways, groups of nodes, autoscalers of pods, monitors."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cluster.autoscaling import NodeGroups
from aiconf.cluster.configuration import Configuration
from aiconf.cluster.demand import Demand
from aiconf.cluster.disaggregation import disaggregated
from aiconf.cluster.gateways import Gateways
from aiconf.cluster.monitoring import Monitoring
from aiconf.cluster.operators import operators
from aiconf.cluster.pools import pool_members
from aiconf.cluster.scaling import PodAutoscalers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aiconf.cluster.facts import Facts
    from aiconf.cluster.tables import Tables

    Plain = dict[str, Any]


class Solutions:
    """What serves requirements in one snapshot, each worked out when it is first asked for.

    Args:
        facts: The facts that these stand on.
        tables: The tables of the catalog.
    """

    def __init__(self, facts: Facts, tables: Tables) -> None:
        self._facts, self._tables = facts, tables

    @cached_property
    def configuration(self) -> list[Plain]:
        """See ``aiconf.cluster.configuration``."""
        return self._configuration.entries()

    @cached_property
    def unread_configuration(self) -> list[Plain]:
        """See ``aiconf.cluster.configuration``."""
        return self._configuration.unread()

    @cached_property
    def _configuration(self) -> Configuration:
        return Configuration(self._facts.index, self._facts.component_list)

    @cached_property
    def operators(self) -> list[Plain]:
        """See ``aiconf.cluster.operators``."""
        components, webhooks = (
            self._facts.component_list,
            self._facts.cluster(frozenset(["cluster.webhooks"]))["webhooks"],
        )
        return operators(self._facts.index, self._tables.operators, components, webhooks, self._demand)

    @cached_property
    def _gateway_api(self) -> Gateways:
        components = self._facts.component_list
        return Gateways(self._facts.index, self._tables.gateways, components, self._facts.reach)

    @cached_property
    def gateway_classes(self) -> list[Plain]:
        """See ``aiconf.cluster.gateways``."""
        return self._gateway_api.classes()

    @cached_property
    def gateways(self) -> list[Plain]:
        """See ``aiconf.cluster.gateways``."""
        return self._gateway_api.gateways(self.gateway_classes)

    @cached_property
    def pool_members(self) -> dict[str, int]:
        """See ``aiconf.cluster.pools``."""
        return pool_members(self._facts.index)

    @cached_property
    def disaggregated(self) -> list[Plain]:
        """See ``aiconf.cluster.disaggregation``."""
        return disaggregated(self._facts.index, self._tables.disaggregation)

    @cached_property
    def node_groups(self) -> list[Plain]:
        """See ``aiconf.cluster.autoscaling``."""
        nodes, table = self._facts.accelerator_nodes, self._tables.autoscaling
        return NodeGroups(self._facts.index, table, nodes, self.configuration).groups()

    @cached_property
    def pod_autoscalers(self) -> list[Plain]:
        """See ``aiconf.cluster.scaling``."""
        return PodAutoscalers(self._facts.index, self._tables.scaling_metrics, self._demand).facts()

    @cached_property
    def _demand(self) -> Demand:
        drivers = {device["driver"] for device in self._facts.devices.all if device["accelerator"]}
        return Demand(self._facts.index, self._tables.autoscaling["resources"], drivers)

    @cached_property
    def _monitoring(self) -> Monitoring:
        tables = self._tables.monitoring, self._tables.exporters
        return Monitoring(self._facts.index, *tables, self._facts.component_list)

    @cached_property
    def collectors(self) -> list[Plain]:
        """See ``aiconf.cluster.monitoring``."""
        return self._monitoring.collectors()

    @cached_property
    def monitors(self) -> list[Plain]:
        """See ``aiconf.cluster.monitoring``."""
        return self._monitoring.monitors()


SOLUTIONS: Mapping[str, Callable[[Facts], Any]] = {
    "configuration": lambda facts: facts.solutions.configuration,
    "unread_configuration": lambda facts: facts.solutions.unread_configuration,
    "operators": lambda facts: facts.solutions.operators,
    "gateway_classes": lambda facts: facts.solutions.gateway_classes,
    "gateways": lambda facts: facts.solutions.gateways,
    "pool_members": lambda facts: facts.solutions.pool_members,
    "disaggregated": lambda facts: facts.solutions.disaggregated,
    "node_groups": lambda facts: facts.solutions.node_groups,
    "pod_autoscalers": lambda facts: facts.solutions.pod_autoscalers,
    "collectors": lambda facts: facts.solutions.collectors,
    "monitors": lambda facts: facts.solutions.monitors,
}
