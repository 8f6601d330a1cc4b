"""The format ``aiconf/snapshot/v1`` (a contract with other programs): its values, its reading and its writing.

    {"format": "aiconf/snapshot/v1",
     "metadata": {collectedAt, collector, complete, namespaces},
     "server": {gitVersion, major, minor},
     "apis": [{group, version, kind, resource, namespaced, verbs}],
     "objects": [plain Kubernetes objects],
     "metrics": [{source: {kind, namespace, name, port, path}, text}],
     "results": [{suite, test, requirement, outcome: passed | failed | skipped | error, time, source}],
     "omissions": [{group, version, kind, resource, namespace, status, reason, message}]}

Every key is written; what is unknown is null. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from aiconf.errors import InputError
from aiconf.snapshot.zstd import library

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from aiconf.snapshot.collection import Kind

FORMAT = "aiconf/snapshot/v1"

Plain = dict[str, Any]


class Item(NamedTuple):
    """An object of a snapshot, still as JSON text; ``namespace`` is empty for what lies in none."""

    kind: str
    namespace: str
    name: str
    raw: bytes


@dataclass(slots=True)
class Snapshot:
    """What a cluster showed at one moment.

    Attributes:
        metadata: ``collectedAt``, ``collector``, ``complete`` (nothing was left out) and ``namespaces`` (those it was
            limited to, null for all).
        server: ``gitVersion``, ``major``, ``minor``; None when unknown.
        apis: What the API server serves; None when unknown.
        items: The objects, each once.
        metrics: Scraped metrics.
        results: Imported test results.
        omissions: What could not be read, and why.
    """

    metadata: Plain = field(
        default_factory=lambda: {"collectedAt": None, "collector": None, "complete": False, "namespaces": None}
    )
    server: Plain | None = None
    apis: list[Plain] | None = None
    items: list[Item] = field(default_factory=list)
    metrics: list[Plain] = field(default_factory=list)
    results: list[Plain] = field(default_factory=list)
    omissions: list[Plain] = field(default_factory=list)

    def objects(self) -> Iterator[Plain]:
        """The objects, one at a time; each is decoded anew."""
        decoder = msgspec.json.Decoder()
        return (decoder.decode(item.raw) for item in self.items)


def omission(  # noqa: PLR0913 - the keys of the format
    kind: Kind | None,
    reason: str,
    message: str,
    *,
    version: str | None = None,
    namespace: str | None = None,
    status: int | None = None,
) -> Plain:
    """An entry of ``omissions``.

    Args:
        kind: What could not be read; None when that cannot be told.
        reason: One word, as Kubernetes' own ``Forbidden`` or ``Expired``.
        message: For people.
        version: The API version, when it is known.
        namespace: The namespace, when it is one only.
        status: The HTTP status, when there was one.
    """
    return {
        "group": kind.group if kind else None,
        "version": version,
        "kind": kind.kind if kind else None,
        "resource": kind.resource if kind else None,
        "namespace": namespace,
        "status": status,
        "reason": reason,
        "message": message,
    }


class _Metadata(msgspec.Struct):
    collectedAt: str | None = None  # noqa: N815 - the format's word
    collector: str | None = None
    complete: bool = False
    namespaces: list[str] | None = None


class _Server(msgspec.Struct):
    gitVersion: str | None = None  # noqa: N815 - the format's word
    major: str | None = None
    minor: str | None = None


class _Api(msgspec.Struct):
    group: str
    version: str
    kind: str
    resource: str
    namespaced: bool
    verbs: list[str]


class _Source(msgspec.Struct):
    kind: str
    namespace: str | None
    name: str
    port: str | int | None = None
    path: str | None = None


class _Metrics(msgspec.Struct):
    source: _Source
    text: str


class _Result(msgspec.Struct):
    suite: str
    test: str
    outcome: Literal["passed", "failed", "skipped", "error"]
    requirement: str | None = None
    time: str | None = None
    source: str | None = None


class _Omission(msgspec.Struct):
    group: str | None = None
    version: str | None = None
    kind: str | None = None
    resource: str | None = None
    namespace: str | None = None
    status: int | None = None
    reason: str | None = None
    message: str | None = None


_PARTS: Mapping[str, Any] = {
    "metadata": _Metadata,
    "server": _Server | None,
    "apis": list[_Api] | None,
    "metrics": list[_Metrics],
    "results": list[_Result],
    "omissions": list[_Omission],
}


def read_parts(head: Mapping[str, msgspec.Raw], display: str) -> Snapshot:
    """Everything but the objects, from the JSON text of each part.

    Args:
        head: The top-level keys of the file.
        display: How to name the file.

    Raises:
        InputError: The file is of another format or version, or a part is not of its shape.
    """
    snapshot = Snapshot()
    check_format(head, display)
    for name, shape in _PARTS.items():
        if name not in head:
            continue
        try:
            value = msgspec.to_builtins(msgspec.json.decode(head[name], type=shape))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise InputError(f"{display}: {name}: {str(error)[:300]}") from error
        setattr(snapshot, name, value)
    return snapshot


def read_server(raw: Any) -> Plain:
    """The version of an API server, from its own JSON text.

    Raises:
        msgspec.DecodeError: It is not of its shape.
    """
    found: Plain = msgspec.to_builtins(msgspec.json.decode(raw, type=_Server))
    return found


def check_format(head: Mapping[str, msgspec.Raw], display: str) -> None:
    """Refuse another format or version.

    Raises:
        InputError: It is one.
    """
    found = bytes(head.get("format", b"null"))
    if found == msgspec.json.encode(FORMAT):
        return
    text = found[:80].decode("utf-8", "replace")
    newer = " A newer aiconf may read it." if text.startswith('"aiconf/snapshot/') else ""
    raise InputError(f"{display} is of the format {text}, and {FORMAT} is the one that can be read.{newer}")


def encode(snapshot: Snapshot) -> Iterator[bytes]:
    """The text of a snapshot, piece by piece: the same snapshot gives the same bytes, an object stands on a line."""
    encoder = msgspec.json.Encoder()
    yield b'{"format":' + encoder.encode(FORMAT)
    for name in ("metadata", "server", "apis"):
        yield b',\n"%s":%s' % (name.encode(), encoder.encode(getattr(snapshot, name)))
    yield from _array("objects", (item.raw for item in sorted(snapshot.items)))
    for name in ("metrics", "results", "omissions"):
        yield from _array(name, map(encoder.encode, getattr(snapshot, name)))
    yield b"}\n"


def _array(name: str, elements: Iterable[bytes]) -> Iterator[bytes]:
    yield b',\n"%s":[' % name.encode()
    separator = b"\n"
    for element in elements:
        yield separator + element
        separator = b",\n"
    yield b"]"


def write_snapshot(snapshot: Snapshot, path: Path) -> None:
    """Write a file; it is complete or not there at all. ``.gz`` and ``.zst`` are compressed.

    Raises:
        OSError: It cannot be written.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file, _compressed(file, path.suffix) as out:
            for piece in encode(snapshot):
                out.write(piece)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _compressed(file: BinaryIO, ending: str) -> Iterator[Any]:
    if ending == ".gz":
        import gzip  # noqa: PLC0415 - seldom asked for

        # Without name and time the same snapshot gives the same bytes.
        with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as out:
            yield out
    elif ending == ".zst":
        zstd = library()
        options = {zstd.CompressionParameter.compression_level: 9, zstd.CompressionParameter.checksum_flag: 1}
        with zstd.ZstdFile(file, "w", options=options) as out:
            yield out
    else:
        yield file
