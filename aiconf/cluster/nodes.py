"""Nodes: labels, pools, fakes among them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.cel.kubernetes import condition, field, holds, maps, ref, text
from aiconf.cluster.images import Images

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


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


def labels_of(thing: Any) -> Mapping[str, Any]:
    """The labels of an object, empty when it has none."""
    found = field(thing, "metadata", "labels")
    return found if isinstance(found, dict) else {}


def has_label(labels: Mapping[str, Any], wanted: str) -> bool:
    """Whether there is a label ``key``, or one ``key=value``."""
    key, valued, value = wanted.partition("=")
    return key in labels and (not valued or labels[key] == value)


class Labels:
    """Tells which of some labels (``key`` or ``key=value``) an object has; quick where there are many of both."""

    def __init__(self, wanted: Iterable[str]) -> None:
        self._by_key: dict[str, list[str]] = defaultdict(list)
        for label in wanted:
            self._by_key[label.partition("=")[0]].append(label)

    def of(self, labels: Mapping[str, Any]) -> list[str]:
        """Those that are there, sorted."""
        keys = self._by_key.keys() & labels.keys()
        return sorted(label for key in keys for label in self._by_key[key] if has_label(labels, label))


def is_control_plane(node: Any) -> bool:
    """Whether a node is one of the control plane."""
    return any(key in labels_of(node) for key in CONTROL_PLANE)


def is_ready(node: Any) -> bool:
    """Whether a node is Ready."""
    return condition(node, "Ready") == "True"


def selected(selector: Any, nodes: Iterable[Any]) -> list[str]:
    """The names of the nodes that a node selector (``nodeSelectorTerms``) matches."""
    terms = maps(selector, "nodeSelectorTerms")
    return [text(node, "metadata", "name") for node in nodes if any(_term(term, node) for term in terms)]


def _term(term: Mapping[str, Any], node: Any) -> bool:
    labels, fields = maps(term, "matchExpressions"), maps(term, "matchFields")
    own = {"metadata.name": text(node, "metadata", "name")}
    if not labels and not fields:
        return False
    return all(holds(one, labels_of(node)) for one in labels) and all(holds(one, own) for one in fields)


def find_fakes(index: Index, nodes: Sequence[Plain], data: Mapping[str, Any]) -> dict[str, Fake]:
    """The nodes that are simulated, or whose accelerators are: name to what makes them so.

    Args:
        index: The snapshot; the pods of simulators on a node give it away too.
        nodes: All nodes.
        data: ``policies/accelerators.yaml``.
    """
    found: dict[str, Fake] = {}
    for row in data["fakes"]:
        labels = Labels(row.get("node_labels", ()))
        for node in nodes:
            if sign := _sign(node, row, labels):
                found.setdefault(text(node, "metadata", "name"), Fake(row["what"], ref(node), f"{row['why']} ({sign})"))
    for pod, row in _pods_of_fakes(index, data):
        name = text(pod, "spec", "nodeName")
        if name and _of_daemon_set(pod):
            found.setdefault(name, Fake(row["what"], f"v1 Node {name}", f"{row['why']} ({ref(pod)} runs on it)"))
    return found


def texts_of_fakes(data: Mapping[str, Any]) -> list[str]:
    """Texts of which one stands in the JSON text of every pod of a simulator: the longest part of its image's tail."""
    return sorted({max(tail.split("*"), key=len) for row in data["fakes"] for tail in row["images"]})


def _pods_of_fakes(index: Index, data: Mapping[str, Any]) -> Iterator[tuple[Plain, Plain]]:
    """Pods of simulators, each with its row of ``fakes``."""
    rows = {row["what"]: row for row in data["fakes"]}
    images = Images({what: row["images"] for what, row in rows.items()})
    for pod in index.each("Pod", containing=texts_of_fakes(data)):
        owners = {what for part in maps(pod, "spec", "containers") for what in images.of(text(part, "image"))}
        yield from ((pod, rows[what]) for what in sorted(owners))


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


def _of_daemon_set(pod: Any) -> bool:
    return any(owner.get("kind") == "DaemonSet" for owner in maps(pod, "metadata", "ownerReferences"))
