"""Finds submissions: a file, or those in a product's, a version's or a registry's folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiconf.errors import InputError
from aiconf.model import CheckError
from aiconf.submission.folder import ProductFolder

if TYPE_CHECKING:
    from collections.abc import Iterable

FILE_NAME = "PRODUCT.yaml"
# A folder that is no registry is searched this deep, so that a run in a home folder ends.
_SEARCH_DEPTH = 6


class Found(NamedTuple):
    """What paths stand for.

    Attributes:
        files: The submissions, each once.
        refused: Those that are not read, because following them could lead anywhere on the machine that lints.
    """

    files: list[Path]
    refused: tuple[CheckError, ...] = ()


def find_submissions(paths: Iterable[Path]) -> Found:
    """The submissions that paths stand for: themselves, or those below a product, version or registry folder.

    A file that is named is read wherever it leads; a link that is found in a folder is not followed out of its own.

    Raises:
        InputError: There is no such path.
    """
    files, refused = dict[Path, None](), dict[Path, CheckError]()
    for path in paths:
        if not path.is_dir():
            if not path.exists():
                raise InputError(f"{path} does not exist")
            files[path] = None
            continue
        for file in sorted(_below(path, _SEARCH_DEPTH)):
            if file.is_symlink() and ProductFolder(file.parent, None, None).state(FILE_NAME) != "file":
                message = "it is a symbolic link that leads out of its folder, or nowhere; it was not followed"
                refused[file] = CheckError(None, file.as_posix(), message)
            else:
                files[file] = None
    return Found(list(files), tuple(refused.values()))


def _below(folder: Path, depth: int) -> Iterable[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # a folder that may not be read holds no submission that could be linted
        return
    for entry in entries:
        if entry.name == FILE_NAME and (entry.is_symlink() or entry.is_file()):
            yield folder / entry.name
        elif depth and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name, depth - 1)
