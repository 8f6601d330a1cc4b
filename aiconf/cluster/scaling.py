"""What scales pods: HorizontalPodAutoscalers with their metrics and targets, and what KEDA makes of ScaledObjects."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, number, ref, text
from aiconf.snapshot.index import kind_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_CUSTOM = ("Pods", "Object", "External")
_TARGETS = ("Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps")


class PodAutoscalers:
    """The autoscalers of pods.

    Args:
        index: The snapshot.
        data: ``policies/scaling_metrics.yaml``: which metrics speak of accelerators or of serving models.
        resources: Globs of the extended resources that are accelerators.
        drivers: The DRA drivers of accelerators; a claim by a DeviceClass of theirs is one for an accelerator.
    """

    def __init__(self, index: Index, data: Mapping[str, Any], resources: Iterable[str], drivers: Iterable[str]) -> None:
        from fnmatch import translate  # noqa: PLC0415 - compiled once

        self._index = index
        self._metrics = {
            subject: re.compile("|".join(data[subject]), re.IGNORECASE) for subject in ("accelerator", "serving")
        }
        self._resources = re.compile("|".join(map(translate, resources)))
        self._drivers = frozenset(drivers)

    def facts(self) -> list[Plain]:
        """Every HorizontalPodAutoscaler.

        Each is ``{ref, target, metrics[], custom, external_only, subjects[], able, active, reason, values, scaled,
        room, accelerator, by_keda}``. ``metrics`` are the names of its custom metrics and what KEDA's triggers ask for;
        ``subjects`` what these speak of (accelerator, serving); ``values`` whether it has current values of them;
        ``accelerator`` whether the pods of its target ask for one, null when the target is not in the snapshot.
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
            return called, self._owned_ask(namespace, found)
        return called, self._asks(spec, namespace)

    def _owned_ask(self, namespace: str, owner: Plain) -> bool | None:
        uid = text(owner, "metadata", "uid")
        pods = [
            pod
            for pod in self._index.each("Pod", containing=uid)
            if uid and text(pod, "metadata", "namespace") == namespace
        ]
        return any(self._asks(field(pod, "spec"), namespace) for pod in pods) if pods else None

    def _asks(self, spec: Any, namespace: str) -> bool:
        """Whether a pod's specification asks for an accelerator, as a resource or by a claim."""
        for container in (*maps(spec, "containers"), *maps(spec, "initContainers")):
            limits = field(container, "resources", "limits")
            if isinstance(limits, dict) and any(map(self._resources.match, limits)):
                return True
        return any(self._is_claim_for_one(claim, namespace) for claim in maps(spec, "resourceClaims"))

    def _is_claim_for_one(self, claim: Plain, namespace: str) -> bool:
        template, name = text(claim, "resourceClaimTemplateName"), text(claim, "resourceClaimName")
        if template:
            found = self._index.find("ResourceClaimTemplate.resource.k8s.io", namespace, template)
            return self._asks_for_one(field(found, "spec", "spec"))
        found = self._index.find("ResourceClaim.resource.k8s.io", namespace, name)
        return self._asks_for_one(field(found, "spec"))

    def _asks_for_one(self, spec: Any) -> bool:
        requests = maps(spec, "devices", "requests")
        wanted = [*requests, *(field(one, "exactly") for one in requests)]
        wanted += [each for one in requests for each in maps(one, "firstAvailable")]
        return any(self._is_accelerator_class(text(one, "deviceClassName")) for one in wanted)

    def _is_accelerator_class(self, name: str) -> bool:
        if not name:
            return False
        if name in self._drivers:
            return True
        found = self._index.find("DeviceClass.resource.k8s.io", None, name)
        expressions = [text(selector, "cel", "expression") for selector in maps(found, "spec", "selectors")]
        return any(driver in expression for driver in self._drivers for expression in expressions)


# Where a trigger of KEDA says what it asks for.
_ASKED = ("query", "metricName")


def _made_by_keda(one: Plain) -> str:
    return text(one, "status", "hpaName") or f"keda-hpa-{text(one, 'metadata', 'name')}"


def _reason(one: Plain) -> str:
    """The reason of the condition that keeps it from scaling, "" when none does."""
    for kind in ("AbleToScale", "ScalingActive"):
        for each in maps(one, "status", "conditions"):
            if each.get("type") == kind and each.get("status") != "True":
                return text(each, "reason")
    return ""
