"""What scraped metrics show: which series there are, and of each accelerator which needs they meet.

A family counts where a sample of it with a value stands; that its name occurs, as in a HELP line, is nothing.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.cel.kubernetes import maps, text
from aiconf.cluster.images import Images
from aiconf.snapshot.metrics import is_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.snapshot.index import Index

    Plain = dict[str, Any]

NEEDS = ("utilization", "memory", "temperature", "power", "interconnect")
_SAMPLE = re.compile(r'([A-Za-z_:][A-Za-z0-9_:]*)(?:\{((?:[^"{}]|"(?:[^"\\]|\\.)*+")*+)\})?[ \t]+([^\s#]+).*')
_LABEL = re.compile(r'([A-Za-z_][A-Za-z0-9_]*)="((?:[^"\\]|\\.)*+)"')
_ESCAPE = re.compile(r"\\(.)")
_LINES_LIMIT = 50_000


class Sample(NamedTuple):
    """A line with a value."""

    name: str
    labels: dict[str, str]


class Metrics:
    """The metrics of a snapshot.

    Args:
        index: The snapshot.
        data: ``policies/exporters.yaml``.
        accelerators: ``policies/accelerators.yaml``; it knows who makes metrics up.
        fakes: The nodes whose accelerators are made up.
    """

    def __init__(
        self, index: Index, data: Mapping[str, Any], accelerators: Mapping[str, Any], fakes: Mapping[str, Any]
    ) -> None:
        self._index, self._fakes = index, fakes
        self._exporters = [_Exporter(row) for row in data["exporters"]]
        self._imitators: Images[str] = Images({row["what"]: row["images"] for row in accelerators["fakes"]})

    def facts(self) -> Plain:
        """``{sources: [...]}``, one for each endpoint."""
        return {"sources": [self._source(one) for one in self._index.metrics]}

    def _source(self, one: Plain) -> Plain:
        source, samples = one["source"], list(parse(one["text"]))
        namespace, name = text(source, "namespace"), text(source, "name")
        pod = self._index.find("Pod", namespace, name) if text(source, "kind") == "Pod" else None
        images = [text(part, "image") for part in maps(pod, "spec", "containers")]
        exporter = self._exporter(images, samples)
        node = text(pod, "spec", "nodeName")
        return {
            "source": " ".join(
                filter(None, ("v1", text(source, "kind"), f"{namespace}/{name}" if namespace else name))
            ),
            "exporter": exporter.id if exporter else "",
            "serves": exporter.serves if exporter else "",
            "vendor": exporter.vendor if exporter else "",
            "unit": exporter.unit if exporter else "",
            "in_use": exporter is not None and exporter.in_use,
            "node": node or None,
            "namespace": namespace,
            "pod": f"{namespace}/{name}" if text(source, "kind") == "Pod" else None,
            "fake": node in self._fakes or any(self._imitators.of(image) for image in images),
            "series": sorted({sample.name for sample in samples}),
            "devices": exporter.devices(samples) if exporter else [],
        }

    def _exporter(self, images: list[str], samples: list[Sample]) -> _Exporter | None:
        """The exporter that a pod is; where its image is of several, or of none, the one that its series are of."""
        names = {sample.name for sample in samples}
        named = [one for one in self._exporters if any(is_of(one.images, image) for image in images)]
        fitting = [one for one in named or self._exporters if any(map(one.keep.fullmatch, names))]
        return next(iter(fitting or named), None)


class _Exporter:
    """A row of the table."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.id, self.serves, self.vendor = row["id"], row["serves"], row.get("vendor", "")
        self.unit, self.in_use = row.get("unit", ""), bool(row.get("in_use"))
        self.images = tuple(row["images"])
        self.keep = re.compile(row["keep"])
        self._device, self._partition = tuple(row.get("device", ())), row.get("partition", "")
        self._families = {need: re.compile(pattern) for need, pattern in row.get("families", {}).items()}

    def devices(self, samples: list[Sample]) -> list[Plain]:
        """Each accelerator that samples speak of, and which needs they meet for it."""
        found: dict[str, Plain] = {}
        for sample in samples:
            needs = [need for need, family in self._families.items() if family.fullmatch(sample.name)]
            identity = self._identity(sample.labels) if needs else ""
            if not identity:
                continue
            device = found.setdefault(identity, {"id": identity, "labels": {}, **dict.fromkeys(NEEDS, False)})
            device["labels"] |= sample.labels
            device |= dict.fromkeys(needs, True)
        return [found[identity] for identity in sorted(found)]

    def _identity(self, labels: Mapping[str, str]) -> str:
        device = next((labels[key] for key in self._device if labels.get(key)), "")
        partition = labels.get(self._partition, "")
        return f"{device}/{partition}" if device and partition else device


def parse(exposition: str) -> Iterator[Sample]:
    """The samples in a text in the exposition format of Prometheus or OpenMetrics that have a number for a value."""
    for line in exposition.splitlines()[:_LINES_LIMIT]:
        found = _SAMPLE.fullmatch(line.strip())
        if found and _is_number(found[3]):
            labels = {key: _ESCAPE.sub(_unescaped, value) for key, value in _LABEL.findall(found[2] or "")}
            yield Sample(found[1], labels)


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]


def _is_number(value: str) -> bool:
    try:
        return math.isfinite(float(value))
    except ValueError:
        return False
