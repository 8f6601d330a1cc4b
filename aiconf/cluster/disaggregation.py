"""Inference that is split into prefill and decode: which pods take which role, and whether they are ready."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, maps, ref, selects, text, texts
from aiconf.cluster.nodes import labels_of
from aiconf.cluster.pools import pools_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_ROLES = ("prefill", "decode")


def disaggregated(index: Index, data: Mapping[str, Any]) -> list[Plain]:
    """The serving stacks in which pods take the role of prefill or decode.

    Each is ``{stack, name, namespace, group, prefill[], decode[], ready_prefill[], ready_decode[], prefill_owners,
    decode_owners}``: references to pods, of all and of the ready ones, and how many controllers made them. A pod that
    takes both roles is in neither list. ``group`` says by what they belong together, "" when nothing says that they do.

    Args:
        index: The snapshot.
        data: ``policies/disaggregation.yaml``.
    """
    stacks: dict[tuple[str, str, str], dict[str, list[Plain]]] = defaultdict(lambda: defaultdict(list))
    names, pools = {}, pools_of(index)
    for pod in index.each("Pod", containing=texts_of_roles(data)):
        for row in data["stacks"]:
            role = _role(pod, row)
            if role in _ROLES:
                names[row["id"]] = row["name"]
                stacks[row["id"], text(pod, "metadata", "namespace"), _group(pod, row, pools)][role].append(pod)
                break
    return [
        {"stack": stack, "name": names[stack], "namespace": namespace, "group": group, **_by_role(roles)}
        for (stack, namespace, group), roles in sorted(stacks.items())
    ]


def texts_of_roles(data: Mapping[str, Any]) -> list[str]:
    """Texts of which one stands in the JSON text of every pod that takes a role."""
    return [needle for row in data["stacks"] for needle in row["needles"]]


def _by_role(roles: Mapping[str, Sequence[Plain]]) -> Plain:
    facts: Plain = {}
    for role in _ROLES:
        facts[role] = sorted(map(ref, roles.get(role, ())))
        facts[f"{role}_owners"] = len({_owner(pod) for pod in roles.get(role, ())})
        facts[f"ready_{role}"] = sorted(ref(pod) for pod in roles.get(role, ()) if condition(pod, "Ready") == "True")
    return facts


def _owner(pod: Plain) -> str:
    """The controller that a pod names first, "" when it names none."""
    return next((text(owner, "uid") or text(owner, "name") for owner in maps(pod, "metadata", "ownerReferences")), "")


def _group(pod: Plain, row: Mapping[str, Any], pools: Sequence[tuple[str, str, Plain]]) -> str:
    """By what a pod belongs with others: a label, or the one pool that selects it; "" when nothing says so."""
    labels, namespace = labels_of(pod), text(pod, "metadata", "namespace")
    for label in row.get("group_labels", ()):
        if value := text(labels, label):
            return f"{label}={value}"
    own = [name for space, name, selector in pools if space == namespace and selects(selector, labels)]
    return f"InferencePool {own[0]}" if len(own) == 1 else ""


def _role(pod: Plain, row: Mapping[str, Any]) -> str:
    """``prefill``, ``decode``, ``both``, or "" when nothing says so."""
    labels = labels_of(pod)
    found = {row["roles"].get(text(labels, label), "") for label in row.get("labels", ())}
    for container in maps(pod, "spec", "containers"):
        found |= {_by_arguments([*texts(container, "command"), *texts(container, "args")], row)}
    found.discard("")
    return found.pop() if len(found) == 1 else "both" if found else ""


def _by_arguments(arguments: Sequence[str], row: Mapping[str, Any]) -> str:
    """The role that the arguments of a container give it; they are kept as ``--flag``, value or ``--flag=value``."""
    joined = " ".join(arguments)
    return next((role for sign, role in row.get("arguments", {}).items() if sign in joined), "")
