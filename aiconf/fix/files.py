"""Putting a mended text in the place of the old one."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from aiconf.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

_WRITABLE = 0o222


def replace_file(path: Path, old: bytes, new: bytes) -> None:
    """Replace a file's content at once, so that no reader and no crash sees half of it; its mode stays.

    Args:
        path: The file. A symbolic link is followed, but not out of the folder it lies in.
        old: What it must still hold.
        new: What it is to hold.

    Raises:
        InputError: It is read-only, no plain file, a link out of its folder, changed meanwhile, or not to be written.
    """
    try:
        target = _target(path)
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} was not fixed: it is no plain file")
        # The permission bits are asked by hand, since a superuser may write to what is marked read-only.
        if not status.st_mode & _WRITABLE or not os.access(target, os.W_OK):
            raise InputError(f"{path} was not fixed: it is read-only")
        if target.read_bytes() != old:
            raise InputError(f"{path} was not fixed: it was changed by someone else meanwhile")
        _write(target, new, status)
    except OSError as error:
        raise InputError(f"{path} was not fixed: {error.strerror or error}") from error


def _target(path: Path) -> Path:
    folder, target = path.parent.resolve(strict=True), path.resolve(strict=True)
    if not target.is_relative_to(folder):
        raise InputError(f"{path} was not fixed: it is a link out of its folder, to {target}")
    return target


def _write(target: Path, content: bytes, status: os.stat_result) -> None:
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(OSError, AttributeError):  # only a superuser may give files away, and not on every system
            os.chown(part, status.st_uid, status.st_gid)
        part.chmod(stat.S_IMODE(status.st_mode))
        part.replace(target)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise
