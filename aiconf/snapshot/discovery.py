"""What an API server serves, from its discovery documents, aggregated or one by one.

Entries are those of a snapshot's ``apis``: {group, version, kind, resource, namespaced, verbs}; within a group the
preferred version stands first. Subresources are left out, except where there is nothing but them: adapters of the
custom metrics API list a metric as ``pods/<metric>``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# For the aggregated form; a server that has none answers with the plain lists.
ACCEPT = ",".join(
    [f"application/json;g=apidiscovery.k8s.io;v={v};as=APIGroupDiscoveryList" for v in ("v2", "v2beta1")]
    + ["application/json"]
)


class _Kind(msgspec.Struct):
    kind: str = ""


class _Subresource(msgspec.Struct):
    subresource: str
    responseKind: _Kind | None = None  # noqa: N815 - the API's word
    verbs: list[str] | None = None


class _Resource(msgspec.Struct):
    resource: str
    responseKind: _Kind | None = None  # noqa: N815 - the API's word
    scope: str = ""
    verbs: list[str] | None = None
    subresources: list[_Subresource] | None = None


class _Version(msgspec.Struct):
    version: str
    resources: list[_Resource] | None = None
    freshness: str = "Current"


class _Name(msgspec.Struct):
    name: str = ""


class _Group(msgspec.Struct):
    metadata: _Name | None = None
    versions: list[_Version] | None = None


class _PlainResource(msgspec.Struct):
    name: str
    kind: str = ""
    namespaced: bool = False
    verbs: list[str] | None = None


class ResourceList(msgspec.Struct):
    """An ``APIResourceList``."""

    groupVersion: str  # noqa: N815 - the API's word
    resources: list[_PlainResource] | None = None


class _GroupVersion(msgspec.Struct):
    version: str


class PlainGroup(msgspec.Struct):
    """An element of an ``APIGroupList``."""

    name: str
    versions: list[_GroupVersion]
    preferredVersion: _GroupVersion | None = None  # noqa: N815 - the API's word


def versions_of(groups: Iterable[PlainGroup]) -> Iterator[tuple[str, str]]:
    """Each group with each of its versions, the preferred one first."""
    for group in groups:
        names = [group.preferredVersion.version] if group.preferredVersion else []
        for version in dict.fromkeys(names + [version.version for version in group.versions]):
            yield group.name, version


def entries_of_groups(items: Iterable[Any]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Entries of the items of an ``APIGroupDiscoveryList``, and the groups and versions that could not be asked.

    Args:
        items: JSON texts.

    Raises:
        msgspec.DecodeError: One is not of its shape.
    """
    entries: list[dict[str, Any]] = []
    stale: list[tuple[str, str]] = []
    for item in items:
        group = msgspec.json.decode(item, type=_Group)
        name = group.metadata.name if group.metadata else ""
        for version in group.versions or ():
            if version.freshness == "Stale":
                stale.append((name, version.version))
            for resource in version.resources or ():
                entries += _entries(name, version.version, resource)
    return entries, stale


def _entries(group: str, version: str, resource: _Resource) -> Iterator[dict[str, Any]]:
    common = {"group": group, "version": version, "namespaced": resource.scope == "Namespaced"}
    if resource.verbs:
        yield common | _named(resource.resource, resource.responseKind, resource.verbs)
        return
    for below in resource.subresources or ():
        yield common | _named(f"{resource.resource}/{below.subresource}", below.responseKind, below.verbs)


def entries_of_resources(found: ResourceList) -> list[dict[str, Any]]:
    """Entries of one ``APIResourceList``."""
    group, _, version = found.groupVersion.rpartition("/")
    resources = found.resources or []
    names = {resource.name for resource in resources}
    return [
        {"group": group, "version": version, "namespaced": resource.namespaced}
        | _named(resource.name, _Kind(resource.kind), resource.verbs)
        for resource in resources
        if "/" not in resource.name or resource.name.partition("/")[0] not in names
    ]


def _named(resource: str, kind: _Kind | None, verbs: list[str] | None) -> dict[str, Any]:
    return {"resource": resource, "kind": kind.kind if kind else "", "verbs": verbs or []}
