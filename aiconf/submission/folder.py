"""The product's folder, and what may be asked of it: nothing outside is read, or even looked at."""

from __future__ import annotations

import os
import posixpath
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_MOST_LINKS = 20
_MOST_NAMES = 2000
_MOST_DEPTH = 5


@dataclass(frozen=True, slots=True)
class ProductFolder:
    """Where a submission lies.

    Attributes:
        root: The folder on disk, None when there is none (standard input): then nothing can be said of its files.
        version: ``v1.37``, None when the path names none.
        product: The name of the product's folder, None when the path has none.
    """

    root: Path | None
    version: str | None
    product: str | None
    _names: list[str] = field(default_factory=list, init=False, repr=False, compare=False)

    def state(self, name: str) -> str:
        """What is at a path in the folder: file, directory, missing, outside or unknown.

        Args:
            name: Relative, with forward slashes. Symbolic links are followed one by one, and not out of the folder.
        """
        if self.root is None:
            return "unknown"
        try:
            return _walk(str(self.root), name)
        except (OSError, ValueError):  # a name that is too long, or holds a NUL, is nowhere
            return "missing"

    def nearest(self, name: str) -> str:
        """The file whose name is most like ``name``, "" when none is: ``-`` for ``_``, another case, another ending."""
        from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

        known = self._listed()
        plain = {_plain(candidate): candidate for candidate in reversed(known)}
        wanted = _plain(name)
        if wanted in plain:
            return plain[wanted]
        same_stem = [c for c in known if _stem(c) == _stem(name)] or [
            c for c in known if posixpath.basename(_plain(c)) == posixpath.basename(wanted)
        ]
        near = same_stem or [plain[found] for found in get_close_matches(wanted[:200], plain, 1, 0.75)]
        return near[0] if near else ""

    def _listed(self) -> list[str]:
        if not self._names and self.root is not None:
            names = sorted(name for _, name in zip(range(_MOST_NAMES), _files(self.root, "", 0), strict=False))
            self._names.extend(name for name in names if name != "PRODUCT.yaml")
        return self._names


def _files(root: Path, prefix: str, depth: int) -> Iterator[str]:
    try:
        entries = sorted(os.scandir(root / prefix), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        name = posixpath.join(prefix, entry.name)
        if entry.is_dir(follow_symlinks=False):
            if depth < _MOST_DEPTH:
                yield from _files(root, name, depth + 1)
        elif not entry.is_symlink():
            yield name


def _walk(root: str, name: str) -> str:
    """Follow a path component by component, so that a link out of the folder is seen before it is followed."""
    done: list[str] = []
    rest = list(reversed(name.split("/")))
    links = 0
    mode = stat.S_IFDIR
    while rest:
        part = rest.pop()
        if part in ("", "."):
            continue
        if part == "..":
            if not done:
                return "outside"
            done.pop()
            continue
        path = os.path.join(root, *done, part)  # noqa: PTH118 - pathlib would normalise what must be taken literally
        mode = os.lstat(path).st_mode
        if not stat.S_ISLNK(mode):
            done.append(part)
            continue
        links += 1
        target = os.readlink(path)  # noqa: PTH115 - as above
        if links > _MOST_LINKS or target.startswith("/"):
            return "missing" if links > _MOST_LINKS else "outside"
        rest.extend(reversed(target.split("/")))
        mode = stat.S_IFDIR
    if stat.S_ISDIR(mode):
        return "directory"
    return "file" if stat.S_ISREG(mode) else "missing"  # a pipe or a device holds no evidence


def _plain(name: str) -> str:
    return name.lower().replace("-", "_").replace(" ", "_").replace("%20", "_")


def _stem(name: str) -> str:
    return posixpath.splitext(posixpath.basename(_plain(name)))[0]
