"""What objects are made of."""

from __future__ import annotations

import hashlib
from typing import Any

NOW = "2026-11-02T09:00:00Z"
BEFORE = "2026-11-01T09:00:00Z"
GPU = "nvidia.com/gpu"
IMAGE = "registry.example/app:v1"

Plain = dict[str, Any]


def uid(*parts: object) -> str:
    """A stable identifier in the form of a UUID."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()
    return "-".join((digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32]))


def condition(kind: str, status: bool | str = True, reason: str = "", message: str = "", **more: Any) -> Plain:
    """A status condition; `status` is True, False or the text itself, as in "Unknown"."""
    word = str(status) if isinstance(status, bool) else status
    plain = {"type": kind, "status": word, "reason": reason or kind, "message": message, "lastTransitionTime": BEFORE}
    return plain | more


def thing(api_version: str, kind: str, name: str, namespace: str | None = None, /, **parts: Any) -> Plain:
    """Any object: its labels, annotations, owner and generation go into the metadata, everything else below the root.

    An `owner` is another object, which becomes the controller of this one. Parts that are None are left out.
    """
    meta: Plain = {"name": name, "uid": uid(kind, namespace, name), "creationTimestamp": BEFORE, "resourceVersion": "1"}
    if namespace is not None:
        meta["namespace"] = namespace
    for key in ("labels", "annotations", "generation", "deletionTimestamp"):
        if (value := parts.pop(key, None)) is not None:
            meta[key] = value
    if owner := parts.pop("owner", None):
        meta["ownerReferences"] = [reference(owner)]
    present = {key: value for key, value in parts.items() if value is not None}
    return {"apiVersion": api_version, "kind": kind, "metadata": meta, **present}


def reference(owner: Plain) -> Plain:
    """The ownerReference to a controller."""
    meta = owner["metadata"]
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": meta["name"],
        "uid": meta["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def container(name: str = "main", image: str = IMAGE, *, gpus: int = 0, resource: str = GPU, **more: Any) -> Plain:
    """A container; `gpus` asks for that many of `resource`."""
    plain: Plain = {"name": name, "image": image}
    if gpus:
        plain["resources"] = {"limits": {resource: str(gpus)}, "requests": {resource: str(gpus)}}
    return plain | more


def template(labels: Plain, containers: list[Plain] | None = None, image: str = IMAGE, **spec: Any) -> Plain:
    """A pod template."""
    return {"metadata": {"labels": labels}, "spec": {"containers": containers or [container(image=image)], **spec}}
