"""Files kept between runs: only what can be made again, and never trusted more than its owner.

A cache that is absent, damaged, not ours or not writable means more work, never an error and never other results.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

_OTHERS_MAY_WRITE = 0o022


def cache_directory() -> Path | None:
    r"""The user's cache folder for aiconf, None when there is no home folder.

    ``$XDG_CACHE_HOME/aiconf`` where that is set (a relative one is ignored, as the XDG specification asks), else
    ``~/Library/Caches/aiconf`` on macOS, ``%LOCALAPPDATA%\aiconf\Cache`` on Windows, ``~/.cache/aiconf`` elsewhere.
    """
    configured = Path(os.environ.get("XDG_CACHE_HOME", ""))
    if configured.is_absolute():
        return configured / "aiconf"
    local = os.environ.get("LOCALAPPDATA", "")
    if sys.platform == "win32" and local:
        return Path(local, "aiconf", "Cache")
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises where this gives "~" back
    if not home.is_absolute():
        return None
    return home / ("Library/Caches/aiconf" if sys.platform == "darwin" else ".cache/aiconf")


def read_cached(path: Path) -> bytes | None:
    """The content of a cache file, None when it is absent or somebody else may have written it."""
    try:
        # A symbolic link could lead to a file of ours that was never meant to be a cache.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)), "rb") as file:  # noqa: PTH123
            return file.read() if _is_ours(os.fstat(file.fileno())) and _is_ours(path.parent.stat()) else None
    except OSError:
        return None


def write_cached(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step, in a folder that only the user may enter."""
    from tempfile import NamedTemporaryFile  # noqa: PLC0415 - a slow import, and most runs only read

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_ours(path.parent.stat()):
            return
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as temporary:
            temporary.write(content)
        Path(temporary.name).replace(path)
    except OSError:
        return


def _is_ours(status: os.stat_result) -> bool:
    if not hasattr(os, "geteuid"):
        return True  # Windows: the folder inherits the profile's access list
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS_MAY_WRITE
