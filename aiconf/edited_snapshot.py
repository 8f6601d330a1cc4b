"""The snapshot of an example: a fixture with the example's edits made, as plain data.

Objects are named as reports name them, ``apps/v1 Deployment space/name``; ``*`` stands for anything.
"""

from __future__ import annotations

import json
from copy import deepcopy
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aiconf.catalog.runtime import Test

Plain = dict[str, Any]

_RESULT = {"suite": "example", "test": "example", "requirement": None, "outcome": "passed", "time": None, "source": ""}


def edited_snapshot(test: Test, folder: Path) -> Plain:
    """The snapshot document of an example.

    Args:
        test: The example; it names a snapshot.
        folder: Where the fixtures ``<name>.json`` lie.

    Raises:
        CatalogError: There is no such fixture, or an edit has nothing to change.
    """
    document = _read(folder / f"{test.snapshot}.json")
    if test.server:
        document["server"] = {"gitVersion": test.server, **_version(test.server)}
    for name in test.remove_objects:
        gone = _named(document, name)
        document["objects"] = [one for one in document["objects"] if one not in gone]
    document["objects"] += deepcopy(list(test.add_objects))
    for name, changes in test.change.items():
        for one in _named(document, name):
            for pointer, value in changes.items():
                _set(one, pointer, value)
    for kind in test.omit:
        _omit(document, kind)
    for api in test.unserved:
        _stop_serving(document, api)
    for old, new in test.replace_metrics.items():
        _replace_metrics(document, old, new)
    if test.results is not None:
        document["results"] = [{**_RESULT, **row} for row in test.results]
    return document


def _read(path: Path) -> Plain:
    try:
        document: Plain = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CatalogError(f"there is no fixture {path}") from error
    return document


def _version(text: str) -> Plain:
    major, minor = text.removeprefix("v").split(".")[:2]
    return {"major": major, "minor": minor}


def reference(one: Mapping[str, Any]) -> str:
    """How reports name an object."""
    meta = one["metadata"]
    return f"{one['apiVersion']} {one['kind']} {'/'.join(filter(None, (meta.get('namespace'), meta['name'])))}"


def _named(document: Plain, name: str) -> list[Plain]:
    found = [one for one in document["objects"] if fnmatchcase(reference(one), name)]
    if not found:
        raise CatalogError(f"the snapshot has no object {name!r}")
    return found


def _set(node: Any, pointer: str, value: object) -> None:
    *path, last = [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]
    try:
        for part in path:
            node = node[_index(node, part)] if isinstance(node, list) else node.setdefault(part, {})
        key = _index(node, last) if isinstance(node, list) else last
        if value is None:
            del node[key]
        elif key == len(node) and isinstance(node, list):
            node.append(value)
        else:
            node[key] = value
    except (KeyError, IndexError, ValueError, TypeError, AttributeError) as error:
        raise CatalogError(f"the object has no place {pointer}") from error


def _index(items: list[Any], part: str) -> int:
    """A segment as an index: a number, ``-`` for one more, or what a condition's ``type``, or else ``name``, is."""
    if part == "-":
        return len(items)
    if part.isdigit():
        return int(part)
    return next(i for i, item in enumerate(items) if part in (item.get("type"), item.get("name")))


def _omit(document: Plain, kind: str) -> None:
    name, _, group = kind.partition(".")
    document["objects"] = [
        one for one in document["objects"] if (one["kind"], one["apiVersion"].rpartition("/")[0]) != (name, group)
    ]
    if name == "PodProxyOptions":  # the kind that stands for scraping, see aiconf.snapshot.metrics
        document["metrics"] = []
    document["omissions"].append(
        {
            "group": group,
            "version": None,
            "kind": name,
            "resource": None,
            "namespace": None,
            "status": 403,
            "reason": "Forbidden",
            "message": "may not be listed",
        }
    )
    document["metadata"]["complete"] = False


def _stop_serving(document: Plain, api: str) -> None:
    wanted = api.split("/")
    kept = [row for row in document["apis"] if not _is_api(row, wanted)]
    if len(kept) == len(document["apis"]):
        raise CatalogError(f"the snapshot does not serve {api}")
    document["apis"] = kept


def _is_api(row: Mapping[str, Any], wanted: list[str]) -> bool:
    path = [part for part in (row["group"], row["version"], row["resource"]) if part]
    return path[: len(wanted)] == wanted


def _replace_metrics(document: Plain, old: str, new: str) -> None:
    found = False
    for entry in document["metrics"]:
        found |= old in entry["text"]
        entry["text"] = entry["text"].replace(old, new)
    if not found:
        raise CatalogError(f"the metrics of the snapshot do not contain {old!r}")
