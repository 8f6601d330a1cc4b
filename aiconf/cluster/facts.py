"""The roots that expressions see of a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.snapshot.index import Index


def snapshot_facts(index: Index, data: Mapping[str, Any]) -> dict[str, Any]:  # noqa: ARG001 - comes with detection
    """What expressions see of a snapshot, beside ``objects``.

    Args:
        index: The snapshot.
        data: The catalog's data files.
    """
    server = index.server or {}
    version = f"v{server['major']}.{server['minor'].rstrip('+')}" if server.get("minor") else None
    return {
        "cluster": {"version": version, "git_version": server.get("gitVersion")},
        "components": [],
        "metrics": {"sources": []},
        "results": index.results,
        "omissions": index.omissions,
    }
