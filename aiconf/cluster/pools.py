"""The model servers behind an inference pool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, text

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


def pools_of(index: Index) -> list[tuple[str, str, Plain]]:
    """Namespace, name and selector of every inference pool that selects by labels."""
    return [
        (text(pool, "metadata", "namespace"), text(pool, "metadata", "name"), selector)
        for pool in index.each(_POOL)
        if (selector := field(pool, "spec", "selector")) and field(selector, "matchLabels")
    ]


def _members(index: Index, pool: Plain) -> int:
    selector = field(pool, "spec", "selector")
    if not field(selector, "matchLabels"):  # the API demands labels; none select nothing
        return 0
    pods = index.select("Pod", text(pool, "metadata", "namespace"), selector)
    return sum(condition(pod, "Ready") == "True" for pod in pods)
