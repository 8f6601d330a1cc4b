"""The names that expressions may read beside ``variables`` and ``item``; docs/architecture.md says what they hold."""

from __future__ import annotations

# An input that is not given is null.
ROOTS = (
    "submission",
    "pull_request",
    "requirement",
    "checklist",
    "registry",
    "members",
    "objects",
    "components",
    "cluster",
    "metrics",
    "results",
    "omissions",
    "observed",
    "suppressions",
)
