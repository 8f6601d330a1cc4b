"""Which components a text names, and which distribution a folder of cncf/k8s-conformance belongs to."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_SEPARATORS = re.compile(r"[^a-z0-9]+")


class Names:
    """The names of components, as texts write them: letter for letter, between word boundaries.

    Args:
        components: The entries of ``policies/components.yaml``.
    """

    def __init__(self, components: Iterable[Mapping[str, Any]]) -> None:
        self._ids = {name: one["id"] for one in components for name in (one["name"], *one.get("aliases", ()))}
        # Longer names first: "NVIDIA GPU Operator" is no "GPU Operator" of somebody else.
        names = sorted(self._ids, key=lambda name: (-len(name), name))
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")

    def within(self, text: str) -> list[str]:
        """The ids of the components that a text names, sorted."""
        return sorted({self._ids[match[0]] for match in self._pattern.finditer(text)})


def folder_owners(distributions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Folder names in cncf/k8s-conformance, in lower case, to the id of the distribution they are of.

    A folder is called like the id, a name or an alias, or as the table says. One that two distributions could have is
    left out.
    """
    owners: dict[str, set[str]] = {}
    for one in distributions:
        for name in (one["id"], one["name"], *one.get("aliases", ()), *one.get("folders", ())):
            owners.setdefault(_SEPARATORS.sub("-", name.lower()).strip("-"), set()).add(one["id"])
    return {folder: ids.pop() for folder, ids in sorted(owners.items()) if len(ids) == 1}
