"""Which Kubernetes distribution a cluster is, by ``policies/distributions.yaml``.

Signs have an order of trust: what the server says of itself, API groups that only one distribution has, labels and
annotations of nodes, their operating system, workloads, and at last the providerID, which mostly names the cloud alone.
The distribution is the one with the most trusted sign; where two have one of equal trust it cannot be told.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import field, text
from aiconf.cluster.nodes import has_label, is_control_plane, labels_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_CRD = "CustomResourceDefinition.apiextensions.k8s.io"
_LONGEST_PREFIX = 15  # "ocid1.instance."; what follows is another for each node
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):/")


class Distributions:
    """The distributions that a cluster may be.

    Args:
        index: The snapshot.
        nodes: Its nodes, without simulated ones.
        data: ``policies/distributions.yaml``.
    """

    def __init__(self, index: Index, nodes: Sequence[Plain], data: Mapping[str, Any]) -> None:
        self._index, self._nodes, self._rows = index, nodes, data["distributions"]
        server = index.server or {}
        self._git_version = str(server.get("gitVersion") or "")
        self._control_plane = any(is_control_plane(node) for node in nodes)

    def candidates(self) -> list[Plain]:
        """All distributions that there are signs of, the likeliest first."""
        found = [one for row in self._rows if (one := self._candidate(row))]
        return sorted(found, key=lambda one: (one["trust"], str(one["id"])))

    def providers(self) -> list[str]:
        """The clouds that the nodes' providerIDs name, such as ``aws``."""
        return sorted({match[1] for one in self._beginnings if (match := _SCHEME.match(one))})

    def _candidate(self, row: Mapping[str, Any]) -> Plain | None:
        signs = row.get("signs")
        if not signs or not self._possible(signs):
            return None
        found = [
            (trust, sign)
            for trust, key in enumerate(_KINDS)
            for wanted in _listed(signs.get(key))
            if (sign := _KINDS[key](self, wanted))
        ]
        if not found:
            return None
        trust = min(trust for trust, _ in found)
        return {
            "id": row["id"],
            "name": row["name"],
            "vendor": row["vendor"],
            "certifiable": row.get("certifiable", True),
            # A tool that others are built with is meant only where none of them is.
            "trust": trust + (len(_KINDS) if signs.get("generic") else 0),
            "signs": [sign for _, sign in found],
        }

    def _possible(self, signs: Mapping[str, Any]) -> bool:
        """Whether nothing speaks against it: a managed control plane has no nodes that anybody sees."""
        wanted = signs.get("control_plane")
        return wanted is None or not self._nodes or wanted == self._control_plane

    def _version(self, pattern: str) -> str:
        return f"gitVersion {self._git_version}" if re.search(pattern, self._git_version) else ""

    def _group(self, group: str) -> str:
        return f"API group {group}" if group in self._groups else ""

    @cached_property
    def _groups(self) -> set[str]:
        served = {api["group"] for api in self._index.apis or ()}
        return served | {name.partition(".")[2] for _, name in self._index.names(_CRD)}

    def _label(self, wanted: str) -> str:
        if wanted.partition("=")[0] not in self._label_keys:
            return ""
        return f"node label {wanted}" if any(has_label(labels_of(node), wanted) for node in self._nodes) else ""

    @cached_property
    def _label_keys(self) -> set[str]:
        return set().union(*map(labels_of, self._nodes))

    def _annotation(self, key: str) -> str:
        return f"node annotation {key}" if key in self._annotation_keys else ""

    @cached_property
    def _annotation_keys(self) -> set[str]:
        found = (field(node, "metadata", "annotations") for node in self._nodes)
        return set().union(*(one for one in found if isinstance(one, dict)))

    def _os_image(self, pattern: str) -> str:
        return next((f"osImage {image}" for image in self._os_images if re.search(pattern, image)), "")

    @cached_property
    def _os_images(self) -> list[str]:
        return sorted({text(node, "status", "nodeInfo", "osImage") for node in self._nodes})

    def _workload(self, wanted: str) -> str:
        kind, _, name = wanted.partition(" ")
        namespace, _, name = name.partition("/")
        return wanted if self._index.find(f"{kind}.apps", namespace, name) else ""

    def _provider(self, prefix: str) -> str:
        return f"providerID {prefix}" if any(one.startswith(prefix) for one in self._beginnings) else ""

    @cached_property
    def _beginnings(self) -> set[str]:
        return {text(node, "spec", "providerID")[:_LONGEST_PREFIX] for node in self._nodes}


# By trust, the highest first.
_KINDS: Mapping[str, Callable[[Distributions, str], str]] = {
    "git_version": Distributions._version,  # noqa: SLF001 - the class's own table
    "api_groups": Distributions._group,  # noqa: SLF001 - see above
    "node_labels": Distributions._label,  # noqa: SLF001 - see above
    "node_annotations": Distributions._annotation,  # noqa: SLF001 - see above
    "os_image": Distributions._os_image,  # noqa: SLF001 - see above
    "workloads": Distributions._workload,  # noqa: SLF001 - see above
    "provider_ids": Distributions._provider,  # noqa: SLF001 - see above
}


def _listed(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif value:
        yield from value


def the_one(candidates: Sequence[Plain]) -> Plain | None:
    """The distribution; None when there is no sign of any, or two have signs of equal trust."""
    if not candidates or (len(candidates) > 1 and candidates[0]["trust"] == candidates[1]["trust"]):
        return None
    return candidates[0]
