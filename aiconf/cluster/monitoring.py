"""Which workloads' metrics a monitoring system collects: monitors, what they select, and who selects them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import condition, field, maps, ref, selects, text, texts
from aiconf.cluster.images import Images
from aiconf.cluster.nodes import labels_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

_ENDPOINTS = ("endpoints", "podMetricsEndpoints")


_SCRAPED = '"prometheus.io/scrape"'  # stands in the JSON text of a pod that asks for it


class Monitoring:
    """What is monitored in a cluster.

    Args:
        index: The snapshot.
        data: ``policies/monitoring.yaml``: the kinds of monitors and of those that read them.
        exporters: ``policies/exporters.yaml``: whose metrics are those of serving models or accelerators.
        components: See ``aiconf.cluster.components``.
    """

    def __init__(
        self, index: Index, data: Mapping[str, Any], exporters: Mapping[str, Any], components: Iterable[Plain]
    ) -> None:
        self._index, self._data = index, data
        self._exporters = {row["id"]: row for row in exporters["exporters"]}
        tails = {row["id"]: [_tail(image) for image in row["images"]] for row in exporters["exporters"]}
        self._images: Images[str] = Images(tails)
        self._components = {component["id"]: component for component in components}

    def collectors(self) -> list[Plain]:
        """What collects metrics: ``{ref, kind, reads[], ready, reason}``, of which a managed one has no object."""
        found = [
            {"ref": ref(one), "kind": kind, "reads": row["reads"], **self._readiness(one, row)}
            for kind, row in self._data["collectors"].items()
            for one in self._index.each(kind)
        ]
        return sorted(found, key=lambda one: str(one["ref"]))

    def _readiness(self, one: Plain, row: Mapping[str, Any]) -> Plain:
        status = condition(one, row["condition"]) if "condition" in row else ""
        if status:
            return {"ready": status == "True", "reason": "" if status == "True" else f"{row['condition']} is {status}"}
        wanted, there = field(one, "status", "replicas"), field(one, "status", "availableReplicas")
        if isinstance(wanted, int) and isinstance(there, int):
            ready = there >= wanted > 0
            return {"ready": ready, "reason": "" if ready else f"{there} of {wanted} replicas are available"}
        if "component" in row and (component := self._components.get(row["component"])):
            return {"ready": component["ready"], "reason": component["reason"]}
        return {"ready": None, "reason": "its status does not say"}

    def monitors(self) -> list[Plain]:
        """Every monitor: ``{ref, kind, selected_by[], selected, serves[], exporters[], targets[], ready_targets}``.

        ``selected`` is whether something that collects reads it, null where that cannot be told; ``targets`` are
        references to the pods behind it, ``serves`` what these are (inference, accelerator).
        """
        collectors = [one for kind in self._data["collectors"] for one in self._index.each(kind)]
        found = [
            {"ref": ref(one), "kind": kind, **self._selection(one, kind, row, collectors), **self._targets(one, row)}
            for kind, row in self._data["monitors"].items()
            for one in self._index.each(kind)
        ]
        found += self._annotated()
        return sorted(found, key=lambda one: str(one["ref"]))

    def _selection(self, one: Plain, kind: str, row: Mapping[str, Any], collectors: Iterable[Plain]) -> Plain:
        if "managed_by" in row:
            component = self._components.get(row["managed_by"])
            selected = component["ready"] if component else None
            if condition(one, row.get("condition", "")) == "False":
                selected = False
            return {"selected_by": component["objects"] if component else [], "selected": selected}
        read = {ref(each): self._reads(each, one, row) for each in collectors}
        readers = sorted(each for each, reads in read.items() if reads)
        unsure = not readers and (None in read.values() or self._silent(kind))
        return {"selected_by": readers, "selected": None if unsure else bool(readers)}

    def _silent(self, kind: str) -> bool:
        """Whether there is something that reads monitors of a kind, and says nowhere in the cluster which."""
        return any(identity in self._components for identity in self._data["silent"].get(kind, ()))

    def _reads(self, collector: Plain, monitor: Plain, row: Mapping[str, Any]) -> bool | None:
        """Whether something that collects reads a monitor; None where what it leaves out has no one meaning."""
        own = self._data["collectors"][_key(collector)]
        spec = field(collector, *own.get("within", "spec").split("."))
        if _key(monitor) not in own["reads"] or ("enabled" in own and field(spec, own["enabled"]) is not True):
            return False
        labels, spaces = (field(spec, row["selected_by"][part]) for part in ("labels", "namespaces"))
        if labels is None and field(spec, "selectAllByDefault") is True:
            return True
        namespace = text(monitor, "metadata", "namespace")
        if spaces is None:  # no selector of namespaces: its own, or all
            in_reach = "everywhere" in own or namespace == text(collector, "metadata", "namespace")
        else:
            in_reach = selects(spaces, self._namespaces.get(namespace, {}))
        if in_reach and labels is None and "everywhere" in own:
            return None
        return in_reach and selects(labels, labels_of(monitor))

    @cached_property
    def _namespaces(self) -> Mapping[str, Mapping[str, Any]]:
        return {text(one, "metadata", "name"): labels_of(one) for one in self._index.each("Namespace")}

    def _targets(self, one: Plain, row: Mapping[str, Any]) -> Plain:
        selector, ports = field(one, "spec", "selector"), _ports(one)
        pods: list[Plain] = []
        for namespace in self._in_reach(one):
            if row["of"] == "pods":
                pods += (pod for pod in self._pods(namespace, selector) if _has_port(_container_ports(pod), ports))
            else:
                for service in self._services(namespace, selector):
                    behind, declared = field(service, "spec", "selector"), maps(service, "spec", "ports")
                    # Every Service has ports: where none stand here, they were not recorded.
                    if behind and (not declared or _has_port(declared, ports)):
                        pods += self._pods(namespace, {"matchLabels": behind})
        return self._facts_of(pods)

    def _in_reach(self, one: Plain) -> list[str | None]:
        """The namespaces that a monitor looks into; None is every one."""
        if field(one, "spec", "namespaceSelector", "any") is True or "namespace" not in field(one, "metadata"):
            return [None]
        names = texts(one, "spec", "namespaceSelector", "matchNames")
        return list(names) or [text(one, "metadata", "namespace")]

    def _services(self, namespace: str | None, selector: Any) -> Iterator[Plain]:
        for one in self._all_services:
            if namespace in (None, text(one, "metadata", "namespace")) and selects(selector, labels_of(one)):
                yield one

    @cached_property
    def _all_services(self) -> list[Plain]:
        return list(self._index.each("Service"))

    def _pods(self, namespace: str | None, selector: Any) -> Iterator[Plain]:
        """Pods of exporters and engines that a selector matches; others are of no interest here."""
        return (one for one in self._selected(namespace, selector) if self._exporters_of(one))

    def _selected(self, namespace: str | None, selector: Any) -> Iterator[Plain]:
        if field(selector, "matchLabels"):
            yield from self._index.select("Pod", namespace, selector)
            return
        # Every pod may be meant; those of exporters are found by their images.
        for one in self._index.each("Pod", containing=_image_texts(self._exporters.values())):
            if namespace in (None, text(one, "metadata", "namespace")) and selects(selector, labels_of(one)):
                yield one

    def _exporters_of(self, pod: Plain) -> set[str]:
        images = [text(container, "image") for container in maps(pod, "spec", "containers")]
        return {name for image in images for name in self._images.of(image)}

    def _facts_of(self, pods: Iterable[Plain]) -> Plain:
        found = {ref(pod): pod for pod in pods}
        exporters = sorted({name for pod in found.values() for name in self._exporters_of(pod)})
        return {
            "exporters": exporters,
            "serves": sorted({self._exporters[name]["serves"] for name in exporters}),
            "targets": sorted(found),
            "ready_targets": sum(condition(pod, "Ready") == "True" for pod in found.values()),
        }

    def _annotated(self) -> Iterator[Plain]:
        """Pods that ask to be scraped by annotation; whether anybody does cannot be seen."""
        for pod in self._index.each("Pod", containing=_SCRAPED):
            annotations = field(pod, "metadata", "annotations")
            if text(annotations, "prometheus.io/scrape") == "true" and self._exporters_of(pod):
                yield {
                    "ref": ref(pod),
                    "kind": "annotation",
                    "selected_by": [],
                    "selected": None,
                    **self._facts_of([pod]),
                }


def texts_of_scraping(exporters: Mapping[str, Any]) -> list[str]:
    """Texts of which one stands in the JSON text of every pod that is of an exporter, or asks to be scraped."""
    return [_SCRAPED, *_image_texts(exporters["exporters"])]


def _image_texts(exporters: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted({max(_tail(image).split("*"), key=len) for row in exporters for image in row["images"]})


def _ports(monitor: Plain) -> list[str] | None:
    """The names of the ports that a monitor asks for; None when it asks for one by something else than a name."""
    asked = [each.get("port") for key in _ENDPOINTS for each in maps(monitor, "spec", key)]
    return [name for name in asked if isinstance(name, str)] if asked and all(map(_is_name, asked)) else None


def _is_name(port: Any) -> bool:
    return isinstance(port, str) and bool(port) and not port.isdigit()


def _has_port(declared: Iterable[Plain], asked: list[str] | None) -> bool:
    return asked is None or any(port.get("name") in asked for port in declared)


def _container_ports(pod: Plain) -> list[Plain]:
    return [port for part in maps(pod, "spec", "containers") for port in maps(part, "ports")]


def _tail(image: str) -> str:
    """A fragment of the table as the end of an image's path: ``nim/`` stands for what lies in that folder."""
    return f"{image}*" if image.endswith("/") else image


def _key(one: Plain) -> str:
    group = text(one, "apiVersion").rpartition("/")[0]
    return f"{text(one, 'kind')}.{group}" if group else text(one, "kind")
