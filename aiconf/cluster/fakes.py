"""Which nodes are simulated, or have accelerators that are."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.cel.kubernetes import field, maps, number, ref, selects, text
from aiconf.cluster.images import Images
from aiconf.cluster.nodes import Labels, labels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]


class Fake(NamedTuple):
    """Something that only looks like what it is.

    Attributes:
        what: The tool that made it.
        ref: The object that shows it.
        why: Why it does not count.
    """

    what: str
    ref: str
    why: str

    def plain(self) -> Plain:
        """As facts have it."""
        return self._asdict()


def find_fakes(index: Index, nodes: Sequence[Plain], data: Mapping[str, Any]) -> dict[str, Fake]:
    """The nodes that are simulated, or whose accelerators are: name to what makes them so.

    Args:
        index: The snapshot; the workloads of simulators give their nodes away too.
        nodes: All nodes.
        data: ``policies/accelerators.yaml``.
    """
    found: dict[str, Fake] = {}
    for row in data["fakes"]:
        labels = Labels(row.get("node_labels", ()))
        for node in nodes:
            if sign := _sign(node, row, labels):
                found.setdefault(text(node, "metadata", "name"), Fake(row["what"], ref(node), f"{row['why']} ({sign})"))
    for name, row, reason in _run_on(index, nodes, data):
        found.setdefault(name, Fake(row["what"], f"v1 Node {name}", f"{row['why']} ({reason})"))
    return found


def _run_on(index: Index, nodes: Sequence[Plain], data: Mapping[str, Any]) -> Iterator[tuple[str, Plain, str]]:
    """The nodes that agents of simulators run on, or may run on where their pods were not all recorded."""
    seen: Counter[tuple[str, str]] = Counter()
    for pod, row in _of_fakes(index, "Pod", data, ()):
        name = text(pod, "spec", "nodeName")
        for owner in maps(pod, "metadata", "ownerReferences"):
            if name and owner.get("kind") == "DaemonSet":
                seen[text(pod, "metadata", "namespace"), text(owner, "name")] += 1
                yield name, row, f"{ref(pod)} runs on it"
    for agents, row in _of_fakes(index, "DaemonSet.apps", data, ("spec", "template")):
        own = text(agents, "metadata", "namespace"), text(agents, "metadata", "name")
        if seen[own] < number(agents, "status", "desiredNumberScheduled", default=1):
            selector = {"matchLabels": field(agents, "spec", "template", "spec", "nodeSelector") or {}}
            for node in nodes:
                if selects(selector, labels_of(node)):
                    yield text(node, "metadata", "name"), row, f"{ref(agents)} runs on such nodes"


def texts_of_fakes(data: Mapping[str, Any]) -> list[str]:
    """Texts of which one stands in the JSON text of what a simulator runs: the longest part of its image's tail."""
    return sorted({max(tail.split("*"), key=len) for row in data["fakes"] for tail in row["images"]})


def _of_fakes(index: Index, kind: str, data: Mapping[str, Any], path: Sequence[str]) -> Iterator[tuple[Plain, Plain]]:
    """The objects of a kind with images of simulators in the pod at a path, each with its row of ``fakes``."""
    rows = {row["what"]: row for row in data["fakes"]}
    images = Images({what: row["images"] for what, row in rows.items()})
    for one in index.each(kind, containing=texts_of_fakes(data)):
        parts = maps(one, *path, "spec", "containers")
        for what in sorted({what for part in parts for what in images.of(text(part, "image"))}):
            yield one, rows[what]


def _sign(node: Any, row: Mapping[str, Any], labels: Labels) -> str:
    """What of a node shows that it is a fake of this row, "" when nothing does."""
    annotations = field(node, "metadata", "annotations")
    if found := labels.of(labels_of(node)):
        return f"label {found[0]}"
    for key in row.get("node_annotations", ()):
        if isinstance(annotations, dict) and key in annotations:
            return f"annotation {key}"
    for key in row.get("node_taints", ()):
        if any(taint.get("key") == key for taint in maps(node, "spec", "taints")):
            return f"taint {key}"
    provider = text(node, "spec", "providerID")
    return next((f"providerID {prefix}" for prefix in row.get("provider_ids", ()) if provider.startswith(prefix)), "")
