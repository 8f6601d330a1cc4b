"""Nodes: their labels, and which of them a selector means."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, holds, maps, text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

CONTROL_PLANE = ("node-role.kubernetes.io/control-plane", "node-role.kubernetes.io/master")


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
