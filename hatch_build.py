"""Puts the rules, their compiled form and the base documents of their examples into the wheel, as ``aiconf/_data``.

An editable install gets none of them: there the rules are read from the checkout, so that an edit counts at once.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_DATA = "aiconf/_data"


class CatalogHook(BuildHookInterface):  # type: ignore[misc,type-arg]  # hatchling is not installed where mypy runs
    """Compiles the catalog before a wheel is built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files; a wrong rule file fails the build with its list of problems."""
        if version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, self.root)
        from aiconf.catalog.files import FOLDERS  # noqa: PLC0415 - importable from the line above on
        from aiconf.catalog.load import SHIPPED_NAME, compiled  # noqa: PLC0415

        self._scratch = TemporaryDirectory()
        shipped = Path(self._scratch.name, SHIPPED_NAME)
        shipped.write_bytes(compiled(root))
        included = {str(shipped): f"{_DATA}/{SHIPPED_NAME}"}
        included |= {str(root / folder): f"{_DATA}/{folder}" for folder in FOLDERS if (root / folder).is_dir()}
        # What the examples in the rule files start from, so that `aiconf test` runs wherever aiconf is installed.
        fixtures = ("submissions", "snapshots", "members.txt")
        included |= {str(root / "fixtures" / name): f"{_DATA}/fixtures/{name}" for name in fixtures}
        build_data["force_include"].update(included)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling calls it so
        """Remove the scratch folder."""
        if version != "editable":
            self._scratch.cleanup()
