"""Scrapes exporters and serving engines through the API server's pod proxy, a few pods of each.

Which those are, and which of their series are kept, is data: ``policies/exporters.yaml``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from aiconf.errors import CatalogError
from aiconf.snapshot.format import omission
from aiconf.snapshot.transport import RequestError, path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aiconf.snapshot.format import Plain, Snapshot
    from aiconf.snapshot.transport import Transport

_LINES_LIMIT = 5000
# A name, labels or not, and a value: what a sample line of the exposition format begins with.
_SAMPLE = re.compile(rb"([A-Za-z_:][A-Za-z0-9_:]*)(?:\{[^\n]*\})?[ \t]+[^\s]+")
_FORBIDDEN = 403
# The pod proxy has no kind of its own but this; that of the pod would say that pods were left out.
_PROXY = {"group": "", "version": "v1", "kind": "PodProxyOptions", "resource": "pods/proxy"}


class Exporter(NamedTuple):
    """A program with metrics; see ``policies/exporters.yaml``."""

    id: str
    images: tuple[str, ...]
    ports: tuple[int, ...]
    port_names: tuple[str, ...]
    path: str
    keep: re.Pattern[bytes]
    pods: int


class Target(NamedTuple):
    """A pod to ask."""

    namespace: str
    name: str
    port: int
    path: str


def parse_exporters(data: Mapping[str, Any]) -> tuple[Exporter, ...]:
    """The exporters from the content of their data file.

    Raises:
        CatalogError: The file is wrong.
    """
    try:
        return tuple(_exporter(plain) for plain in data["exporters"])
    except (KeyError, TypeError, re.error) as error:
        raise CatalogError(f"is not of the expected shape ({error})", "policies/exporters.yaml") from error


def _exporter(plain: Mapping[str, Any]) -> Exporter:
    return Exporter(
        id=plain["id"],
        images=tuple(plain["images"]),
        ports=tuple(plain["ports"]),
        port_names=tuple(plain["port_names"]),
        path=plain.get("path", "/metrics"),
        keep=re.compile(plain["keep"].encode()),
        pods=plain["pods"],
    )


def not_requested() -> Plain:
    """The omission that says that nothing was scraped."""
    return omission(None, "NotRequested", "metrics are scraped with --metrics only") | _PROXY


def scrape(
    transport: Transport, snapshot: Snapshot, exporters: tuple[Exporter, ...], progress: Callable[[str], None]
) -> None:
    """Add the metrics of the exporters among the snapshot's pods; what cannot be read becomes an omission."""
    pods = [msgspec.json.decode(item.raw) for item in snapshot.items if item.kind == "Pod"]
    for exporter in exporters:
        progress(f"metrics of {exporter.id}")
        for target in list(_targets(exporter, pods))[: exporter.pods]:
            try:
                text = transport.get(_path(target), bytes, accept="text/plain")
            except RequestError as error:
                who = f"{exporter.id} in pod {target.namespace}/{target.name}: {error.message}"
                entry = omission(None, error.reason, who, status=error.status, namespace=target.namespace)
                snapshot.omissions.append(entry | _PROXY)
                if error.status == _FORBIDDEN:
                    return  # it is the same for every pod
                continue
            source = {"kind": "Pod", "namespace": target.namespace, "name": target.name}
            snapshot.metrics.append(
                {"source": source | {"port": target.port, "path": target.path}, "text": _kept(text, exporter.keep)}
            )


def _path(target: Target) -> str:
    pod = path_of("", "v1", "namespaces", target.namespace, "pods", f"{target.name}:{target.port}")
    return f"{pod}/proxy{target.path}"


def _targets(exporter: Exporter, pods: list[Any]) -> Iterator[Target]:
    for pod in pods:
        if (pod.get("status") or {}).get("phase") != "Running":
            continue
        containers = (pod.get("spec") or {}).get("containers") or ()
        if any(is_of(exporter.images, container.get("image") or "") for container in containers):
            meta = pod["metadata"]
            yield Target(meta.get("namespace") or "", meta["name"], _port(exporter, containers), exporter.path)


def is_of(fragments: tuple[str, ...], image: str) -> bool:
    """Whether one of the fragments begins a part of an image's path; its registry and tag count for nothing.

    ``*`` in a fragment stands for anything within a part of the path.
    """
    path = re.sub(r":[^/]*$", "", image.partition("@")[0])
    patterns = ("[^/]*".join(map(re.escape, fragment.split("*"))) for fragment in fragments)
    return any(re.search(rf"(^|/){pattern}", path) is not None for pattern in patterns)


def _port(exporter: Exporter, containers: Any) -> int:
    """A declared port that is known by number or else by name; the likeliest one otherwise."""
    declared = [port for container in containers for port in container.get("ports") or ()]
    numbers = [port.get("containerPort") for port in declared]
    named = [port["containerPort"] for port in declared if port.get("name") in exporter.port_names]
    known = [port for port in exporter.ports if port in numbers]
    return int((known + named + list(exporter.ports))[0])


def _kept(text: bytes, keep: re.Pattern[bytes]) -> str:
    """The sample lines of the series that are kept."""
    lines = []
    for line in text.splitlines():
        found = _SAMPLE.match(line)
        if found and keep.fullmatch(found[1]):
            lines.append(line)
            if len(lines) == _LINES_LIMIT:
                break
    return b"\n".join(lines).decode("utf-8", "replace")
