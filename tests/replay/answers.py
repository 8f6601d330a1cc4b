"""What the API server answers: discovery, lists, single objects, metrics."""

from __future__ import annotations

import base64
from typing import Any

from tests.clusters import Cluster, key_of

Plain = dict[str, Any]


class Answers:
    """What the API answers to a path."""

    def __init__(
        self,
        cluster: Cluster,
        apis: list[Plain],
        query: dict[str, list[str]],
        *,
        aggregated: bool,
        page: int | None = None,
    ) -> None:
        """Prepare an answer.

        Args:
            cluster: What to answer from.
            apis: What it serves.
            query: The request's query parameters.
            aggregated: Whether the client wants aggregated discovery, and the server has it.
            page: The most objects of one page, whatever the client asks for.
        """
        self.cluster, self.page, self.query, self.aggregated = cluster, page, query, aggregated
        self.apis = apis
        self.metadata_only = False

    def to(self, path: list[str]) -> Plain | str | None:
        """The document at a path, text for metrics, None for nothing."""
        match path:
            case ["version"]:
                return {"kind": "Info", **self.cluster.server()}
            case ["api" | "apis" as root]:
                return self._root(root)
            case ["api", version, *rest]:
                return self._objects("", version, rest) if rest else self._resources("", version)
            case ["apis", group, version, *rest]:
                return self._objects(group, version, rest) if rest else self._resources(group, version)
        return None

    def _root(self, root: str) -> Plain:
        if self.aggregated:
            return self._groups_aggregated(core=root == "api")
        if root == "api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        return {"kind": "APIGroupList", "apiVersion": "v1", "groups": self._groups()}

    def _versions(self) -> dict[str, list[str]]:
        versions: dict[str, list[str]] = {}
        for api in self.apis:
            known = versions.setdefault(api["group"], [])
            if api["version"] not in known:
                known.append(api["version"])
        return versions

    def _groups(self) -> list[Plain]:
        groups = []
        for group, versions in self._versions().items():
            if group:
                rows = [{"groupVersion": f"{group}/{version}", "version": version} for version in versions]
                groups.append({"name": group, "versions": rows, "preferredVersion": rows[0]})
        return groups

    def _groups_aggregated(self, *, core: bool) -> Plain:
        items = []
        for group, versions in self._versions().items():
            if core == (not group):
                rows = [
                    {"version": v, "freshness": "Current", "resources": self._aggregated(group, v)} for v in versions
                ]
                items.append({"metadata": {"name": group, "creationTimestamp": None}, "versions": rows})
        return {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "metadata": {}, "items": items}

    def _aggregated(self, group: str, version: str) -> list[Plain]:
        """Resources; what has a slash in its name is a subresource, of a parent without verbs if that is not there."""
        rows: dict[str, Plain] = {}
        for api in self._of(group, version):
            name, _, below = api["resource"].partition("/")
            kind = {"group": group, "version": version, "kind": api["kind"]}
            scope = "Namespaced" if api["namespaced"] else "Cluster"
            row = rows.setdefault(name, {"resource": name, "responseKind": {}, "scope": scope, "singularResource": ""})
            if below:
                row.setdefault("subresources", []).append(
                    {"subresource": below, "responseKind": kind, "verbs": api["verbs"]}
                )
            else:
                row |= {"responseKind": kind, "verbs": api["verbs"], "singularResource": api["kind"].lower()}
        return list(rows.values())

    def _of(self, group: str, version: str) -> list[Plain]:
        return [api for api in self.apis if api["group"] == group and api["version"] == version]

    def _resources(self, group: str, version: str) -> Plain | None:
        rows = [
            {
                "name": api["resource"],
                "singularName": api["kind"].lower(),
                "namespaced": api["namespaced"],
                "kind": api["kind"],
                "verbs": api["verbs"],
            }
            for api in self._of(group, version)
        ]
        api_version = f"{group}/{version}" if group else version
        return (
            {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": api_version, "resources": rows}
            if rows
            else None
        )

    def _objects(self, group: str, version: str, path: list[str]) -> Plain | str | None:
        space, rest = None, path
        if path[0] == "namespaces" and len(path) > 2:
            space, rest = path[1], path[2:]
        match rest:
            case ["pods", target, "proxy", *inner]:
                name, _, port = target.partition(":")
                return self.cluster.metrics.get((space or "", name, int(port), "/" + "/".join(inner)))
            case ["pods", _, "log"]:
                return "a line of a log\n"
            case [resource, *name] if len(name) < 2:
                api = next((api for api in self._of(group, version) if api["resource"] == resource), None)
                return self._found(api, space, name[0] if name else None) if api else None
        return None

    def _found(self, api: Plain, space: str | None, name: str | None) -> Plain | None:
        key = f"{api['kind']}.{api['group']}" if api["group"] else api["kind"]
        objects = [one for one in self.cluster.objects if key_of(one) == key]
        objects = [one for one in objects if space is None or one["metadata"].get("namespace") == space]
        if name is not None:
            return next((one for one in objects if one["metadata"]["name"] == name), None)
        return self._page(api, [one for one in objects if self._selected(one)])

    def _selected(self, one: Plain) -> bool:
        meta = one["metadata"]
        fields = {
            "metadata.name": meta["name"],
            "metadata.namespace": meta.get("namespace"),
            "reason": one.get("reason"),
        }
        wanted = self.query.get("fieldSelector", [""])[0]
        labels = self.query.get("labelSelector", [""])[0]
        return all(
            fields.get(term.partition("=")[0]) == term.partition("=")[2] for term in wanted.split(",") if term
        ) and all(
            meta.get("labels", {}).get(term.partition("=")[0]) == term.partition("=")[2]
            for term in labels.split(",")
            if term
        )

    def _page(self, api: Plain, objects: list[Plain]) -> Plain:
        limit = int(self.query.get("limit", ["0"])[0]) or len(objects) or 1
        limit = min(limit, self.page or limit)
        start = int(base64.b64decode(self.query["continue"][0])) if "continue" in self.query else 0
        end = start + limit
        meta: Plain = {"resourceVersion": "42"}
        if end < len(objects):
            meta |= {"continue": base64.b64encode(str(end).encode()).decode(), "remainingItemCount": len(objects) - end}
        items = objects[start:end]
        if self.metadata_only:
            items = [{"metadata": one["metadata"]} for one in items]
            kind = "PartialObjectMetadataList"
            return {"kind": kind, "apiVersion": "meta.k8s.io/v1", "metadata": meta, "items": items}
        api_version = f"{api['group']}/{api['version']}" if api["group"] else api["version"]
        if "." not in api["group"] or api["group"].endswith(".k8s.io"):
            # Built-in kinds: an item leaves its kind to the list.
            items = [{key: below for key, below in one.items() if key not in ("apiVersion", "kind")} for one in items]
        return {"kind": f"{api['kind']}List", "apiVersion": api_version, "metadata": meta, "items": items}
