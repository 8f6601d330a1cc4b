"""Answers kept between runs, each with the time until which it is believed.

One file, read once and written once. One that is damaged, too big or of another format is as good as none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiconf.cache import read_cached, write_cached

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_LARGEST = 32 << 20
_LONGEST = 7 * 24 * 3600.0  # seconds; an end further away was written by a clock gone wrong
_FORMAT = "aiconf/online/v1"


class Store:
    """Plain values by key, each with an end.

    Args:
        folder: Where the file lies, None to keep nothing.
        name: The file's name.
        now: The time of the run, in seconds since the epoch.
        accepts: Says whether a value read from the file is what it should be.
    """

    def __init__(self, folder: Path | None, name: str, now: float, accepts: Callable[[Any], bool]) -> None:
        self._path = folder / name if folder else None
        self._now = now
        self._entries = {key: entry for key, entry in self._read().items() if _is_entry(entry) and accepts(entry[1])}

    def get(self, key: str) -> Any | None:
        """A value that is still believed, None when there is none."""
        entry = self._entries.get(key)
        return entry[1] if entry and self._now < entry[0] <= self._now + _LONGEST else None

    def latest(self, key: str) -> Any | None:
        """A value whatever its age, None when there is none."""
        entry = self._entries.get(key)
        return entry[1] if entry else None

    def put(self, key: str, value: Any, seconds: float) -> None:
        """Keep a value for so many seconds."""
        self._entries[key] = (self._now + seconds, value)

    def save(self, keep: float = 0.0) -> None:
        """Write what is still believed, or ended less than ``keep`` seconds ago."""
        if self._path is None:
            return
        entries = {key: entry for key, entry in self._entries.items() if self._now < entry[0] + keep}
        document = {"format": _FORMAT, "entries": entries}
        write_cached(self._path, json.dumps(document, sort_keys=True).encode())

    def _read(self) -> dict[str, Any]:
        raw = read_cached(self._path) if self._path else None
        if raw is None or len(raw) > _LARGEST:
            return {}
        try:
            document = json.loads(raw)
        except (ValueError, RecursionError):
            return {}
        usable = isinstance(document, dict) and document.get("format") == _FORMAT
        entries = document.get("entries") if usable else None
        return entries if isinstance(entries, dict) else {}


def _is_entry(entry: Any) -> bool:
    pair = isinstance(entry, (list, tuple)) and len(entry) == 2  # noqa: PLR2004 - an end and a value
    return pair and isinstance(entry[0], (int, float)) and not isinstance(entry[0], bool)
