"""Loads the catalog: from its compiled form where one fits, else from its files."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiconf.cache import cache_directory, read_cached, write_cached
from aiconf.catalog.build import Plain, build_catalog, parts_of
from aiconf.catalog.files import digest_of, find_root, read_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiconf.catalog.runtime import Catalog

SHIPPED_NAME = "catalog.jsonl"

_PACKAGE = Path(__file__).resolve().parent.parent
# The code that shapes the compiled form: a form made by other code is not read.
_MAKERS = ("catalog", "cel")
_CHECKSUM_LENGTH = 64
_HEAD_END = b'"}\n'


def load_catalog(root: Path | None = None, cache: Path | None = None) -> Catalog:
    """All rules, policies and data files.

    The compiled form is taken from the installed package, or else from the cache; else it is made and cached. Neither
    is used unless it was made by this code from exactly these files.

    Args:
        root: A folder with ``rules/`` and ``policies/``; the shipped ones when None.
        cache: The cache folder; the user's own when None.

    Raises:
        CatalogErrors: Everything that is wrong with the files.
        CatalogError: There are no files, or one cannot be read.
    """
    folder = find_root(root)
    files = read_files(folder)
    head = _head(digest_of(files))
    cached = _cache_file(cache, head)
    if root is None and (catalog := _from_compiled(head, _shipped(folder))):
        return catalog
    if cached and (catalog := _from_compiled(head, read_cached(cached))):
        return catalog
    from aiconf.catalog.compiler import compile_catalog  # noqa: PLC0415 - imports pydantic and lark

    document = compile_catalog(folder, files)
    # What is returned is what the next run reads, not what happened to be compiled.
    content = _packed(head, document)
    if cached:
        write_cached(cached, content)
    return build_catalog(_Lines(_body(head, content) or b""))


def compiled(root: Path) -> bytes:
    """The compiled form of a folder, as it is shipped in the wheel.

    Raises:
        CatalogErrors: Everything that is wrong with the files.
    """
    from aiconf.catalog.compiler import compile_catalog  # noqa: PLC0415 - imports pydantic and lark

    files = read_files(root)
    return _packed(_head(digest_of(files)), compile_catalog(root, files))


class _Lines:
    """A compiled document as it is kept: a line with the names of its parts, and a line of JSON for each."""

    def __init__(self, body: bytes) -> None:
        names, *lines = body.split(b"\n")
        self._lines = dict(zip(json.loads(names), lines, strict=True))
        self.names: Sequence[str] = tuple(self._lines)

    def read(self, name: str) -> Any:
        return json.loads(self._lines[name])


def _head(digest: str) -> bytes:
    """How a compiled form begins that was made by this code from files with this digest."""
    return f'{{"format":"aiconf/catalog/{_makers_digest()}","digest":"{digest}","checksum":"'.encode()


def _makers_digest() -> str:
    digest = sha256()
    for path in _makers():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def _makers() -> Iterable[Path]:
    return sorted(path for folder in _MAKERS for path in (_PACKAGE / folder).glob("*.py"))


def _packed(head: bytes, document: Plain) -> bytes:
    parts = parts_of(document)
    body = b"\n".join(_json(value) for value in (list(parts), *parts.values()))
    return b"".join((head, sha256(body).hexdigest().encode(), _HEAD_END, body))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _body(head: bytes, content: bytes) -> bytes | None:
    """The catalog inside a compiled form, None when it is of other files or other code, or damaged."""
    if not content.startswith(head):
        return None
    end = len(head) + _CHECKSUM_LENGTH
    body = content[end + len(_HEAD_END) :]
    return body if sha256(body).hexdigest().encode() == content[len(head) : end] else None


def _from_compiled(head: bytes, content: bytes | None) -> Catalog | None:
    body = _body(head, content) if content else None
    return build_catalog(_Lines(body)) if body else None


def _shipped(folder: Path) -> bytes | None:
    path = folder / SHIPPED_NAME
    return path.read_bytes() if path.is_file() else None


def _cache_file(cache: Path | None, head: bytes) -> Path | None:
    folder = cache or cache_directory()
    return folder / f"catalog-{sha256(head).hexdigest()[:32]}.jsonl" if folder else None
