"""Puts new contents in the place of old ones: all of a file or nothing, and nothing that a link leads to."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from aiconf.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = 1024 * 1024
_WRITABLE = 0o222


def contents(path: Path) -> bytes | None:
    """What a file of the product folder holds, None when there is none.

    Raises:
        InputError: It is a link or no plain file, is larger than `LIMIT`, or cannot be read.
    """
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            what = "a symbolic link, which is not followed" if stat.S_ISLNK(mode) else "no plain file"
            raise InputError(f"{path} is left as it is: it is {what}")
        with path.open("rb") as file:
            raw = file.read(LIMIT + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from error
    if len(raw) > LIMIT:
        raise InputError(f"{path} is larger than {LIMIT} bytes, the most that is read")
    return raw


def put(path: Path, old: bytes | None, new: bytes) -> None:
    """Replace what a file holds at once, so that no reader and no crash sees half of it; its mode stays.

    Args:
        path: The file.
        old: What it must still hold, None when it must not be there.
        new: What it is to hold.

    Raises:
        InputError: It is a link, read-only, was changed meanwhile, or cannot be written.
    """
    if contents(path) != old:
        raise InputError(f"{path} was not written: it was changed by someone else meanwhile")
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        mode = None if old is None else stat.S_IMODE(path.stat().st_mode)
        # The bits are asked by hand, since a superuser may write to what is marked read-only.
        if mode is not None and not (mode & _WRITABLE and os.access(path, os.W_OK)):
            raise InputError(f"{path} was not written: it is read-only")
        with part.open("xb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            part.chmod(mode)
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise InputError(f"{path} was not written: {error.strerror or error}") from error
