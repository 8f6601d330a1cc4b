"""The names of the CNCF's members and supporters, as the landscape has them today.

The programme's validator reads the same file: the category named ``CNCF Members``, its items' names without the
suffixes `` (member)`` and `` (supporter)``.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiconf.online.answers import Cause, undecided
from aiconf.online.fetch import Fetcher
from aiconf.online.guard import Guard
from aiconf.online.network import Network, open_pool
from aiconf.online.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.online.answers import Answer
    from aiconf.online.settings import Settings

_FILE = "members-v1.json"
_CATEGORY = "CNCF Members"
_KEPT = 90 * 24 * 3600.0  # seconds that an old list stays at hand for when the landscape cannot be read
_DEEPEST = 50


def load(settings: Settings, shipped: Mapping[str, Any], network: Network | None = None) -> dict[str, Any]:
    """See `aiconf.online.load_members`."""
    store = Store(settings.cache, _FILE, settings.now.timestamp(), _is_list)
    key = settings.landscape_url
    if (kept := store.get(key)) is not None:
        return _known(kept, authoritative=True)
    names, problem = _today(settings, network or Network())
    if names:
        today = {"names": names, "date": settings.now.date().isoformat()}
        store.put(key, today, settings.fresh_for)
        store.save(keep=_KEPT)
        return _known(today, authoritative=True)
    candidates = [dict(shipped), *([old] if (old := store.latest(key)) else [])]
    return _known(max(candidates, key=lambda known: str(known["date"])), authoritative=False, problem=problem)


def _known(known: Mapping[str, Any], *, authoritative: bool, problem: str = "") -> dict[str, Any]:
    source = f"of {known['date']}"
    return {"names": list(known["names"]), "source": source, "authoritative": authoritative, "problem": problem}


def _today(settings: Settings, network: Network) -> tuple[list[str], str]:
    """The names in the landscape, or none and why."""
    answer = asyncio.run(_fetch(settings, network))
    if not answer.opens:
        return [], f"{settings.landscape_url}: {answer.reason}"
    if not answer.complete:
        return [], f"{settings.landscape_url} did not arrive whole"
    names = read_members(answer.body)
    return names, "" if names else f"{settings.landscape_url} has no category {_CATEGORY} that can be read"


async def _fetch(settings: Settings, network: Network) -> Answer:
    guard = Guard(settings.allow_private)
    try:
        async with open_pool(settings, guard, network) as pool, asyncio.timeout(settings.run_timeout):
            return await Fetcher(pool, guard, settings).fetch(settings.landscape_url, settings.landscape_limit)
    except TimeoutError:
        return undecided(Cause.RUN_TIMEOUT, f"there was no time left after {settings.run_timeout:g} seconds")


def read_members(raw: bytes) -> list[str]:
    """The member names in a landscape file, in its order and each once; none when it is no landscape.

    The file is read event by event and never built in memory, so aliases and deep nesting cost nothing.
    """
    import yaml  # noqa: PLC0415 - a slow import

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    reader = _Reader()
    try:
        for event in yaml.parse(raw, Loader=loader):
            reader.take(event)
    except (yaml.YAMLError, ValueError, RecursionError, _TooDeepError):
        return []
    stripped = (name.removesuffix(" (member)").removesuffix(" (supporter)").strip() for name in reader.names)
    return list(dict.fromkeys(name for name in stripped if name))


class _TooDeepError(Exception):
    """No landscape nests like this."""


@dataclass(slots=True)
class _Frame:
    """An open collection: the keys that lead to it, and in a mapping the key whose value comes next."""

    path: tuple[str, ...]
    is_map: bool
    key: str | None = None


@dataclass(slots=True)
class _Reader:
    """Follows YAML events and collects the names of the items of one category.

    ``landscape: [{name: <category>, subcategories: [{items: [{name: <member>}]}]}]``; positions in lists are no part of
    a path.
    """

    names: list[str] = field(default_factory=list)
    _frames: list[_Frame] = field(default_factory=list)
    _category: str = ""
    _items: list[str] = field(default_factory=list)

    def take(self, event: Any) -> None:
        """Take the next event.

        Raises:
            _TooDeepError: The file nests deeper than any landscape.
        """
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event.value)
        elif kind == "AliasEvent":
            self._scalar("")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(is_map=kind == "MappingStartEvent")
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._end(self._frames.pop())

    def _start(self, *, is_map: bool) -> None:
        if len(self._frames) >= _DEEPEST:
            raise _TooDeepError
        self._frames.append(_Frame(self._path(), is_map))

    def _path(self) -> tuple[str, ...]:
        """The path of the value that comes next; a collection as a key is a key without a name."""
        if not self._frames:
            return ()
        parent = self._frames[-1]
        if not parent.is_map:
            return parent.path
        key, parent.key = parent.key, "" if parent.key is None else None
        return (*parent.path, key or "")

    def _scalar(self, value: str) -> None:
        parent = self._frames[-1] if self._frames else None
        if parent and parent.is_map and parent.key is None:
            parent.key = value
            return
        path = self._path()
        if path == ("landscape", "name"):
            self._category = value
        elif path == ("landscape", "subcategories", "items", "name"):
            self._items.append(value)

    def _end(self, frame: _Frame) -> None:
        if not (frame.is_map and frame.path == ("landscape",)):
            return
        if self._category == _CATEGORY:
            self.names += self._items
        self._category, self._items = "", []


def _is_list(value: Any) -> bool:
    if not isinstance(value, dict) or value.keys() != {"names", "date"} or not isinstance(value["date"], str):
        return False
    return isinstance(value["names"], list) and bool(value["names"]) and all(isinstance(n, str) for n in value["names"])
