"""The model servers behind an inference pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, selects, text
from aiconf.cluster.nodes import labels_of

if TYPE_CHECKING:
    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_POOL = "InferencePool.inference.networking.k8s.io"


def pool_members(index: Index) -> dict[str, int]:
    """``namespace/name`` of every inference pool to the number of ready pods that it selects."""
    return {
        f"{text(pool, 'metadata', 'namespace')}/{text(pool, 'metadata', 'name')}": _members(index, pool)
        for pool in index.each(_POOL)
    }


def _members(index: Index, pool: Plain) -> int:
    selector, namespace = field(pool, "spec", "selector"), text(pool, "metadata", "namespace")
    wanted = field(selector, "matchLabels")
    if not isinstance(wanted, dict) or not wanted:  # the API demands labels; none select nothing
        return 0
    needle = max((key for key in wanted if key.isascii()), key=len, default="")
    return sum(
        text(pod, "metadata", "namespace") == namespace
        and selects(selector, labels_of(pod))
        and condition(pod, "Ready") == "True"
        for pod in index.each("Pod", containing=needle)
    )
