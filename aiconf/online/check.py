"""What is asked of each address, and putting its facts together."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING, Any

from aiconf.online.anchors import count_lines, judge_heading, judge_lines, line_range
from aiconf.online.answers import Answer, Cause, State, failure_answer, undecided
from aiconf.online.content import sniff
from aiconf.online.facts import is_facts
from aiconf.online.fetch import Fetcher
from aiconf.online.github import GitHubLink, parse_link
from aiconf.online.guard import Guard
from aiconf.online.network import Network, open_pool
from aiconf.online.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from aiconf.online.settings import Settings, Wanted

_FILE = "links-v1.json"
_MOST_KEPT = 32 << 20  # bytes of bodies kept for other addresses that lead to the same; from then on they ask again
_SHOWN_VIEWS = ("", "tree", "blob", "blame")  # the pages of GitHub on which a fragment leads to a place in a text


def run(
    wanted: Iterable[Wanted], settings: Settings, progress: Callable[[int, int], None] | None, network: Network | None
) -> dict[str, dict[str, Any]]:
    """See `aiconf.online.check_urls`."""
    purposes: dict[str, set[str]] = {}
    for item in wanted:
        purposes.setdefault(item.url, set()).add(item.purpose)
    if not purposes:
        return {}
    return asyncio.run(_check_all(purposes, settings, progress, network or Network()))


async def _check_all(
    purposes: Mapping[str, set[str]],
    settings: Settings,
    progress: Callable[[int, int], None] | None,
    network: Network,
) -> dict[str, dict[str, Any]]:
    guard = Guard(settings.allow_private)
    store = Store(settings.cache, _FILE, settings.now.timestamp(), is_facts)
    async with open_pool(settings, guard, network) as pool:
        checker = _Checker(Fetcher(pool, guard, settings), store, settings)
        tasks = {url: asyncio.create_task(checker.check(url, logo="logo" in why)) for url, why in purposes.items()}
        if progress:
            done = count(1)
            for task in tasks.values():
                task.add_done_callback(lambda _: progress(next(done), len(tasks)))
        try:
            await _wait(tasks.values(), settings.run_timeout)
        finally:
            store.save()
    return {url: {**checker.outcome(url, task), "purposes": sorted(purposes[url])} for url, task in tasks.items()}


async def _wait(tasks: Iterable[asyncio.Task[Any]], seconds: float) -> None:
    """Wait for tasks, and stop those that are not done in time."""
    _, late = await asyncio.wait(tasks, timeout=seconds)
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


class _Checker:
    """Asks what is to be known of addresses, each page once."""

    def __init__(self, fetcher: Fetcher, store: Store, settings: Settings) -> None:
        self._fetcher, self._store, self._settings = fetcher, store, settings
        self._pages: dict[tuple[str, int], asyncio.Task[Answer]] = {}
        self._kept = 0

    async def check(self, url: str, *, logo: bool) -> dict[str, Any]:
        """The facts of one address, from the store when it has them."""
        # What was found with other networks within reach is no answer for this run.
        key = " ".join([url, "logo" if logo else "page", *self._settings.allow_private])
        kept = self._store.get(key)
        if kept is not None:
            return dict(kept)
        page = await self._page(url, content=logo and not _is_blob(url))
        place = await self._place(url, page)
        picture = await self._picture(url, page) if logo else None
        facts = self._facts(url, page, place=place, picture=picture)
        if all(answer.state is not State.UNDECIDED for answer in (page, place, picture) if answer):
            seconds = self._settings.fresh_for if page.opens else self._settings.dead_for
            self._store.put(key, facts, seconds)
        return facts

    def outcome(self, url: str, task: asyncio.Task[dict[str, Any]]) -> dict[str, Any]:
        """The facts a finished task came to, or why it did not."""
        if task.cancelled():
            answer = undecided(
                Cause.RUN_TIMEOUT, f"there was no time left after {self._settings.run_timeout:g} seconds"
            )
            return self._facts(url, answer)
        error = task.exception()
        # A stranger's server must not end the run with a fault in how its answer is read.
        return task.result() if error is None else self._facts(url, failure_answer(error, url, url))

    async def _page(self, url: str, *, content: bool) -> Answer:
        request = url.partition("#")[0], self._settings.body_limit if content else 0
        if request not in self._pages:
            self._pages[request] = asyncio.create_task(self._fetcher.fetch(*request))
        answer = await self._pages[request]
        self._kept += len(answer.body)
        if self._kept > _MOST_KEPT:
            self._pages.pop(request, None)
        return answer

    async def _place(self, url: str, page: Answer) -> Answer | None:
        """The text that the fragment of a GitHub link points into, None when there is nothing to look into."""
        link = _link(url, page)
        if not (page.opens and link and link.fragment and link.view in _SHOWN_VIEWS):
            return None
        return await self._page(link.raw_url, content=True)

    async def _picture(self, url: str, page: Answer) -> Answer | None:
        """The file of a logo: behind GitHub's page about the file, where the link leads there."""
        link = _link(url, page)
        if page.opens and link and _is_blob(url):
            return await self._page(link.raw_url, content=True)
        return page

    def _facts(
        self, url: str, page: Answer, *, place: Answer | None = None, picture: Answer | None = None
    ) -> dict[str, Any]:
        link = parse_link(url)
        content = _content(picture)
        return {
            "url": url,
            "checked_at": self._settings.now.isoformat(timespec="seconds"),
            "state": page.state.value,
            "cause": page.cause.value,
            "reason": page.reason,
            "status": page.status,
            "content_type": page.content_type,
            "final_url": page.url,
            "moved_to": page.moved_to,
            "content": content,
            "is_svg": content == "svg" if content else None,
            **_anchor(url, page, place),
            "drifts": link is not None and link.drifts,
        }


def _link(url: str, page: Answer) -> GitHubLink | None:
    """The GitHub link behind an address: where it leads, with the fragment it has."""
    fragment = url.partition("#")[2]
    return parse_link(f"{page.url.partition('#')[0]}#{fragment}") or parse_link(url)


def _is_blob(url: str) -> bool:
    link = parse_link(url)
    return link is not None and link.view == "blob"


def _content(picture: Answer | None) -> str:
    """What a logo's file is, "" when too little of it came to tell."""
    if picture is None or not picture.opens:
        return ""
    kind = sniff(picture.body)
    return "" if kind in ("empty", "other") and not picture.complete else kind


def _anchor(url: str, page: Answer, place: Answer | None) -> dict[str, Any]:
    fragment = url.partition("#")[2]
    if not fragment:
        return {"anchor": None, "line_anchor": None}
    link = _link(url, page)
    if link is None or place is None or not place.opens:
        return {"anchor": "unknown", "line_anchor": None}
    lines = line_range(fragment)
    if lines is None:
        path = link.path if link.is_file else "README.md"
        verdict = judge_heading(fragment, path, place.body, complete=place.complete)
        return {"anchor": verdict, "line_anchor": None}
    known = count_lines(place.body) if place.complete else None
    return {
        "anchor": judge_lines(lines, place.body, complete=place.complete),
        "line_anchor": {"first": lines[0], "last": lines[1], "lines": known},
    }
