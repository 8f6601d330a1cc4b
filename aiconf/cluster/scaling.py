"""What scales pods: HorizontalPodAutoscalers with their metrics and targets, and what KEDA makes of ScaledObjects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, number, ref, text
from aiconf.snapshot.index import kind_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.cluster.demand import Demand
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_CUSTOM = ("Pods", "Object", "External")


class PodAutoscalers:
    """The autoscalers of pods.

    Args:
        index: The snapshot.
        data: ``policies/scaling_metrics.yaml``: which metrics speak of accelerators or of serving models.
        demand: Tells what asks for accelerators.
    """

    def __init__(self, index: Index, data: Mapping[str, Any], demand: Demand) -> None:
        self._index, self._demand = index, demand
        self._metrics = {
            subject: re.compile("|".join(data[subject]), re.IGNORECASE) for subject in ("accelerator", "serving")
        }

    def facts(self) -> list[Plain]:
        """Every HorizontalPodAutoscaler.

        Each is ``{ref, target, metrics[], custom, external_only, subjects[], able, active, reason, values, scaled,
        room, accelerator, by_keda, fed}``. ``metrics`` are the names of its custom metrics and what KEDA's triggers ask
        for; ``subjects`` what these speak of (accelerator, serving); ``values`` whether it has current values of them;
        ``accelerator`` whether the pods of its target ask for one, null when the target is not in the snapshot; ``fed``
        whether KEDA, where it made the autoscaler, has values itself, null when it does not say.
        """
        scaled = self._scaled_objects()
        found = [
            self._fact(one, scaled.get((text(one, "metadata", "namespace"), text(one, "metadata", "name"))))
            for one in self._index.each("HorizontalPodAutoscaler.autoscaling")
        ]
        return sorted(found, key=lambda one: str(one["ref"]))

    def _scaled_objects(self) -> dict[tuple[str, str], Plain]:
        """ScaledObjects by the namespace and name of the autoscaler that KEDA made of them."""
        return {
            (text(one, "metadata", "namespace"), _made_by_keda(one)): one
            for one in self._index.each("ScaledObject.keda.sh")
        }

    def _fact(self, one: Plain, scaled: Plain | None) -> Plain:
        metrics = [metric for metric in maps(one, "spec", "metrics") if metric.get("type") in _CUSTOM]
        names = [text(metric, str(metric["type"]).lower(), "metric", "name") for metric in metrics]
        asked = [text(trigger, "metadata", key) for trigger in maps(scaled, "spec", "triggers") for key in _ASKED]
        said = [name for name in (*names, *asked) if name]
        current = [metric for metric in maps(one, "status", "currentMetrics") if metric.get("type") in _CUSTOM]
        low, high = number(one, "spec", "minReplicas", default=1), number(one, "spec", "maxReplicas")
        return {
            "ref": ref(one),
            "target": self._target(one)[0],
            "metrics": said,
            "custom": bool(metrics),
            "external_only": bool(metrics) and all(metric["type"] == "External" for metric in metrics),
            "subjects": [subject for subject, names_of in self._metrics.items() if any(map(names_of.search, said))],
            "able": condition(one, "AbleToScale"),
            "active": condition(one, "ScalingActive"),
            "reason": _reason(one),
            "values": bool(current),
            "scaled": bool(text(one, "status", "lastScaleTime")),
            "room": high > low,
            "accelerator": self._target(one)[1],
            "by_keda": scaled is not None,
            "fed": _is_fed(scaled),
        }

    def _target(self, one: Plain) -> tuple[str, bool | None]:
        """How the target is called, and whether its pods ask for an accelerator."""
        target = field(one, "spec", "scaleTargetRef")
        kind = kind_key(text(target, "apiVersion"), text(target, "kind"))
        namespace, name = text(one, "metadata", "namespace"), text(target, "name")
        called = f"{text(target, 'apiVersion')} {text(target, 'kind')} {namespace}/{name}"
        found = self._index.find(kind, namespace, name)
        if found is None:
            return called, None
        spec = field(found, "spec", "template", "spec")
        if spec is None:  # a custom resource with scale: its pods tell
            return called, self._demand.of_owned(found)
        return called, self._demand.of_spec(spec, namespace)


# Where a trigger of KEDA says what it asks for.
_ASKED = ("query", "metricName")


def _made_by_keda(one: Plain) -> str:
    return text(one, "status", "hpaName") or f"keda-hpa-{text(one, 'metadata', 'name')}"


def _is_fed(scaled: Plain | None) -> bool | None:
    """Whether KEDA feeds an autoscaler with what it asks for; where its scalers fail, that may be a made-up number."""
    if scaled is None:
        return True
    ready = condition(scaled, "Ready")
    if ready == "False" or condition(scaled, "Fallback") == "True":
        return False
    return True if ready == "True" else None


def _reason(one: Plain) -> str:
    """The reason of the condition that keeps it from scaling, "" when none does."""
    for kind in ("AbleToScale", "ScalingActive"):
        for each in maps(one, "status", "conditions"):
            if each.get("type") == kind and each.get("status") != "True":
                return text(each, "reason")
    return ""
