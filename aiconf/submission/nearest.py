"""The names of a folder's files, for "did you mean"."""

from __future__ import annotations

import os
import posixpath
import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A folder with more entries is no product's folder: real ones have up to 30. It gets no suggestions, and costs no time.
_MOST_NAMES = 2000
_MOST_DEPTH = 5
# Comparing letter by letter is slow; a submission with more misspelt files than this has another trouble.
_MOST_COMPARISONS = 50
_LONGEST = 200
_ALIKE = 0.8


class NameIndex:
    """The files below a folder, links left out, by what is alike in their names.

    Args:
        root: The folder; what cannot be listed is left out.
    """

    def __init__(self, root: Path) -> None:
        entries = list(islice(_entries(root, "", 0), _MOST_NAMES + 1))
        names = [name for name in entries if not name.endswith("/")] if len(entries) <= _MOST_NAMES else []
        self._comparisons = _MOST_COMPARISONS
        self._by_path: dict[str, str] = {}
        self._by_name: dict[str, str] = {}
        self._by_stem: dict[str, str] = {}
        for name in sorted(names, key=lambda name: (name.count("/"), name)):
            plain = _plain(name)
            base = posixpath.basename(plain)
            self._by_path.setdefault(plain, name)
            # A name that several files have tells nothing: every test of a suite may have its output.md.
            self._by_name[base] = "" if base in self._by_name else name
            self._by_stem[_stem(base)] = "" if _stem(base) in self._by_stem else name

    def nearest(self, name: str) -> str:
        """The file most like ``name``: by its path, by its name elsewhere, by its name with another ending, by letters.

        "" when none is, or several are. Case, white space, ``-`` and ``_`` make no difference, nor do backslashes for
        slashes or ``%20`` for a space.
        """
        plain = _plain(name[:_LONGEST])
        base = posixpath.basename(plain)
        found = self._by_path.get(plain) or self._by_name.get(base) or self._by_stem.get(_stem(base))
        return found or self._alike(base)

    def _alike(self, base: str) -> str:
        if not self._comparisons or not base or base in self._by_name:
            return ""
        from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

        self._comparisons -= 1
        found = get_close_matches(base, self._by_name, 1, _ALIKE)
        return self._by_name[found[0]] if found else ""


def _entries(root: Path, prefix: str, depth: int) -> Iterator[str]:
    """What lies below a folder; names of folders end in a slash."""
    try:
        with os.scandir(root / prefix) as entries:
            for entry in entries:
                name = posixpath.join(prefix, entry.name)
                if entry.is_dir(follow_symlinks=False):
                    yield f"{name}/"
                    if depth < _MOST_DEPTH:
                        yield from _entries(root, name, depth + 1)
                elif entry.is_file(follow_symlinks=False) and name != "PRODUCT.yaml":
                    yield name
    except OSError:
        return


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]+", "", unquote(name).replace("\\", "/").casefold())


def _stem(base: str) -> str:
    return posixpath.splitext(base)[0]
