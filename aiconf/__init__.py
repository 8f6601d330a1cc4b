"""aiconf: linter and gate for the CNCF Kubernetes AI Conformance programme.

    >>> from aiconf import lint
    >>> report = lint(["v1.37/acme/PRODUCT.yaml"])
    >>> report.verdict
    >>> from aiconf import check
    >>> report = check(["snapshot.json"], "v1.37/acme/PRODUCT.yaml")

Importing the package itself costs next to nothing; a name is loaded when it is first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiconf.catalog.load import load_catalog
    from aiconf.checker import check
    from aiconf.linter import lint
    from aiconf.model import Finding, Report
    from aiconf.options import Options

__all__ = ["Finding", "Options", "Report", "check", "lint", "load_catalog"]

__version__ = "0.1.0"

_HOMES = {
    "Finding": "aiconf.model",
    "Options": "aiconf.options",
    "Report": "aiconf.model",
    "check": "aiconf.checker",
    "lint": "aiconf.linter",
    "load_catalog": "aiconf.catalog.load",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
