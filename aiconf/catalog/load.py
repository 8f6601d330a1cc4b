"""Loads the catalog: from its compiled form where one fits, else from its files."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from aiconf.cache import cache_directory, read_cached, write_cached
from aiconf.catalog.build import Plain, build_catalog
from aiconf.catalog.files import digest_of, find_root, read_files

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.catalog.runtime import Catalog

SHIPPED_NAME = "catalog.json"

_PACKAGE = Path(__file__).resolve().parent.parent
# The code that shapes the compiled form: a form made by other code is not read.
_MAKERS = ("catalog", "cel")
_CHECKSUM_LENGTH = 64


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
    return build_catalog(json.loads(_body(head, content) or b""))


def compiled(root: Path) -> bytes:
    """The compiled form of a folder, as it is shipped in the wheel.

    Raises:
        CatalogErrors: Everything that is wrong with the files.
    """
    from aiconf.catalog.compiler import compile_catalog  # noqa: PLC0415 - imports pydantic and lark

    files = read_files(root)
    return _packed(_head(digest_of(files)), compile_catalog(root, files))


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
    body = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    return b"".join((head, sha256(body).hexdigest().encode(), b'","catalog":', body, b"}"))


def _body(head: bytes, content: bytes) -> bytes | None:
    """The catalog inside a compiled form, None when it is of other files or other code, or damaged."""
    if not content.startswith(head):
        return None
    end = len(head) + _CHECKSUM_LENGTH
    body = content[end + len(b'","catalog":') : -1]
    return body if sha256(body).hexdigest().encode() == content[len(head) : end] else None


def _from_compiled(head: bytes, content: bytes | None) -> Catalog | None:
    body = _body(head, content) if content else None
    return build_catalog(json.loads(body)) if body else None


def _shipped(folder: Path) -> bytes | None:
    path = folder / SHIPPED_NAME
    return path.read_bytes() if path.is_file() else None


def _cache_file(cache: Path | None, head: bytes) -> Path | None:
    folder = cache or cache_directory()
    return folder / f"catalog-{sha256(head).hexdigest()[:32]}.json" if folder else None
