"""Operators of AI workloads: whether they run, whether their webhooks answer, and which resources they reconciled."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, number, ref, selects

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.cluster.demand import Demand
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

# Of jobs that ask for accelerators, so many are looked at.
_ENOUGH = 20


def operators(
    index: Index, data: Mapping[str, Any], components: Iterable[Plain], webhooks: Sequence[Plain], demand: Demand
) -> list[Plain]:
    """The operators among the components of a cluster, in the order of the table.

    Controllers of jobs of any kind stand in where there is no other, and as far as their jobs ask for accelerators.

    Args:
        index: The snapshot.
        data: ``policies/operators.yaml``.
        components: See ``aiconf.cluster.components``.
        webhooks: See ``aiconf.cluster.reach``.
        demand: Tells whether what an operator made of a resource asks for accelerators.
    """
    found = {component["id"]: component for component in components if not component["fake"]}
    rows = [(row, found[row["component"]]) for row in data["operators"] if row["component"] in found]
    made = [
        (
            row,
            _operator(component, _own(index, row, component, found.values(), webhooks), _resources(index, row, demand)),
        )
        for row, component in rows
    ]
    own = [one for row, one in made if not row.get("accelerated")]
    return own or [one for _, one in made if one["reconciled"] or one["unreconciled"]]


def _own(
    index: Index, row: Mapping[str, Any], component: Plain, components: Iterable[Plain], webhooks: Sequence[Plain]
) -> list[Plain]:
    """The webhooks of an operator: for a group of it by name, and answered by it.

    One for all groups is somebody else's, as a policy engine's is; and schedulers and policy engines have webhooks for
    single resources of operators too.
    """
    named = [hook for hook in webhooks if any(group in row["groups"] for group in hook["groups"])]
    return [hook for hook in named if _is_answered_by(index, hook["service"], component, components)]


def _is_answered_by(index: Index, service: str | None, component: Plain, components: Iterable[Plain]) -> bool:
    """Whether a Service is one of a component: it is in its namespace, and not in front of another component alone."""
    if service is None:  # outside of the cluster, or nowhere: whose it is, its groups tell
        return True
    namespace, _, name = service.partition("/")
    if namespace not in component["namespaces"]:
        return False
    selector = field(index.find("Service", namespace, name), "spec", "selector")
    behind = {one["id"] for one in components if _selects_one(index, selector, namespace, one["workloads"])}
    return not behind or component["id"] in behind


def _selects_one(index: Index, selector: Any, namespace: str, workloads: Iterable[Plain]) -> bool:
    for one in workloads:
        if selector and one["namespace"] == namespace:
            found = index.find(f"{one['kind']}.apps", namespace, one["name"])
            if selects({"matchLabels": selector}, field(found, "spec", "template", "metadata", "labels")):
                return True
    return False


def _operator(component: Plain, own: Sequence[Plain], resources: Mapping[str, bool]) -> Plain:
    return {
        "component": component["id"],
        "name": component["name"],
        "version": component["version"],
        **_readiness(component),
        "objects": component["objects"],
        "webhooks": list(own),
        "webhooks_work": _work(own),
        "reconciled": sorted(one for one, done in resources.items() if done),
        "unreconciled": sorted(one for one, done in resources.items() if not done),
    }


def _readiness(component: Plain) -> Plain:
    """Whether the operator runs and what it defines is served."""
    missing = [crd["name"] for crd in component["crds"] if crd["established"] is False]
    if missing:
        return {"ready": False, "reason": f"its definition {missing[0]} is not established"}
    return {"ready": component["ready"], "reason": component["reason"]}


def _work(hooks: Sequence[Plain]) -> bool | None:
    """True when each answers and every resource has one that can refuse, False when one is broken, None otherwise."""
    if any(hook["works"] is False for hook in hooks):
        return False
    refusing = [hook for hook in hooks if hook["failure_policy"] == "Fail" and hook["works"]]
    guarded = {resource for hook in refusing for resource in hook["resources"]}
    sure = all(hook["works"] or hook["failure_policy"] != "Fail" for hook in hooks)
    return True if hooks and sure and all(guarded.issuperset(hook["resources"]) for hook in hooks) else None


def _resources(index: Index, row: Mapping[str, Any], demand: Demand) -> dict[str, bool]:
    """The resources of an operator, and whether it has reconciled each.

    Those of a controller for jobs of any kind count only when what it made of them asks for accelerators.
    """
    found = [(one, rules) for kind, rules in row["resources"].items() for one in index.each(kind)]
    if row.get("accelerated"):
        asking = (one for one in found if demand.of_owned(one[0]))
        found = list(islice(asking, _ENOUGH))
    return {ref(one): _is_reconciled(one, rules) for one, rules in found}


def _is_reconciled(one: Plain, rules: Sequence[Mapping[str, Any]]) -> bool:
    seen = field(one, "status", "observedGeneration")
    if isinstance(seen, int) and seen < number(one, "metadata", "generation"):
        return False
    return any(_holds(one, rule) for rule in rules)


def _holds(one: Plain, rule: Mapping[str, Any]) -> bool:
    if "condition" in rule:
        return condition(one, rule["condition"]) == "True"
    if condition(one, rule.get("unless", "")):
        return False
    return field(one, *rule["path"].split(".")) in rule["values"]
