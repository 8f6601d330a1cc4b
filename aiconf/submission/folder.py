"""The product's folder, and what may be asked of it: nothing outside is read, or even looked at."""

from __future__ import annotations

import errno
import os
import re
import stat
from typing import TYPE_CHECKING

from aiconf.submission.nearest import NameIndex

if TYPE_CHECKING:
    from pathlib import Path

_MOST_LINKS = 20
_PRODUCT_PATH = re.compile(r"v\d+\.\d+/[^/]+/")


class ProductFolder:
    """Where a submission lies.

    Attributes:
        root: The folder on disk, None when there is none (standard input): then nothing can be said of its files.
        version: ``v1.37``, None when the path names none.
        product: The name of the product's folder, None when the path has none.
    """

    def __init__(self, root: Path | None, version: str | None, product: str | None) -> None:
        self.root, self.version, self.product = root, version, product
        self._index: NameIndex | None = None

    def place(self, path: str) -> tuple[str, str]:
        """Where a path given as evidence leads, as the programme's validator reads it.

        The folder's own ``vX.Y/<product>/`` is taken away, any other is another product's, and what is left is resolved
        as text: ``../<product>/x`` comes back to where it began.

        Args:
            path: With forward slashes, without scheme and fragment.

        Returns:
            The path inside the folder, and its state: ``file``, ``directory``, ``missing``, ``unreadable``,
            ``outside``, ``other_product``, or ``unknown`` when there is no folder to look into. The path is as given
            when it leads nowhere inside.
        """
        own = f"{self.version}/{self.product}/" if self.version and self.product else ""
        found = _PRODUCT_PATH.match(path)
        if found and own and not path.startswith(own):
            return path, "other_product"
        name = _resolve(path.removeprefix(found[0]) if found else path, own)
        return (path, "outside") if name is None else (name, self.state(name))

    def state(self, name: str) -> str:
        """What is at a path in the folder: file, directory, missing, unreadable, outside or unknown.

        Args:
            name: Relative, with forward slashes. Symbolic links are followed one by one, and not out of the folder.
        """
        if self.root is None:
            return "unknown"
        if os.name == "nt" and re.search(r"[\\:]", name):
            return "missing"  # a path of another kind there, and part of no file's name
        try:
            return _walk(str(self.root), name)
        except OSError as error:
            return "unreadable" if error.errno in (errno.EACCES, errno.EPERM) else "missing"
        except ValueError:  # a NUL, or half a surrogate pair
            return "missing"

    def nearest(self, name: str) -> str:
        """The file whose name is most like ``name``, "" when none is: ``-`` for ``_``, another case, another ending."""
        if self.root is None:
            return ""
        if self._index is None:
            self._index = NameIndex(self.root)
        return self._index.nearest(name)


def _resolve(path: str, own: str) -> str | None:
    """The path inside the folder, None when it leads out of it or names the folder itself.

    Args:
        path: Relative to the folder.
        own: The folder from the root of the repository, ``v1.37/acme/``; "" when that is not known.
    """
    base = own.split("/")[:2] if own else ["", ""]
    parts = list(base)
    for part in path.split("/"):
        if part == "..":
            if not parts:
                return None
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    inside = parts[:2] == base and len(parts) > len(base)
    return "/".join(parts[2:]) if inside else None


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
        if links > _MOST_LINKS:
            return "missing"
        if os.path.isabs(target):  # noqa: PTH117 - as above
            return "outside"
        rest.extend(reversed(target.split("/")))
        mode = stat.S_IFDIR
    if stat.S_ISDIR(mode):
        return "directory"
    return "file" if stat.S_ISREG(mode) else "missing"  # a pipe or a device holds no evidence
