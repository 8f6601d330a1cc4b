"""Where the rules and policies lie, their bytes, and the digest over them."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDERS = ("rules", "policies")
_ENDINGS = (".yaml", ".json")
_FILE_LIMIT = 1_000_000  # bytes; many times the largest real file

_PACKAGE = Path(__file__).resolve().parent.parent


def find_root(root: Path | None = None) -> Path:
    """The folder that holds ``rules/`` and ``policies/``.

    Args:
        root: The folder to use; by default that of the installed package, else the checkout around the package
            (an editable install has no package data).

    Raises:
        CatalogError: There is no ``rules`` folder.
    """
    candidates = [root] if root is not None else [_PACKAGE / "_data", _PACKAGE.parent]
    for candidate in candidates:
        if (candidate / "rules").is_dir():
            return candidate
    if root is not None:
        raise CatalogError("holds no folder 'rules'", str(root))
    raise CatalogError("the installation is damaged: its rules are missing; install aiconf again")


def read_files(root: Path) -> dict[str, bytes]:
    """The content of every ``.yaml`` and ``.json`` file under ``rules/`` and ``policies/``.

    Returns:
        Path relative to ``root`` (forward slashes) to bytes, sorted by path.

    Raises:
        CatalogError: A file cannot be read, is too large, or has the ending ``.yml``.
    """
    return {name: _read(root / name) for name in sorted(_names(root))}


def digest_of(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the sorted paths and contents, lower-case hex.

    Each path and content is preceded by its length, so that no two sets of files can give the same bytes.
    """
    digest = sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()


def _names(root: Path) -> Iterator[str]:
    for folder in FOLDERS:
        for parent, folders, names in os.walk(root / folder):
            folders[:] = [name for name in folders if not name.startswith(".")]
            for name in names:
                if name.startswith("."):
                    continue
                if name.endswith(".yml"):
                    raise CatalogError(
                        "rename it to end in '.yaml'; other endings are not read", str(Path(parent, name))
                    )
                if name.endswith(_ENDINGS):
                    yield Path(parent, name).relative_to(root).as_posix()


def _read(path: Path) -> bytes:
    try:
        # A pipe or device would block or never end.
        if not path.is_file():
            raise CatalogError("is not a file", str(path))
        with path.open("rb") as file:
            content = file.read(_FILE_LIMIT + 1)
    except OSError as error:
        raise CatalogError(f"cannot be read: {error.strerror}", str(path)) from error
    if len(content) > _FILE_LIMIT:
        raise CatalogError(f"is larger than {_FILE_LIMIT:,} bytes", str(path))
    return content
