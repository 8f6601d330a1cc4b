"""Asking for one address: HEAD, then GET where HEAD does not settle it; redirects; retries; bodies read in bounds."""

from __future__ import annotations

import asyncio
import random
import zlib
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpcore
import httpx

from aiconf.online.answers import PERMANENT, REDIRECTS, SILENT, Answer, Cause, failure_answer, status_answer, undecided
from aiconf.online.guard import RefusedError, UnusableUrlError, host_of
from aiconf.online.hosts import Host, HostLeftAloneError, Hosts
from aiconf.online.names import NoAddressError, NoSuchHostError
from aiconf.online.network import request_headers

if TYPE_CHECKING:
    from aiconf.online.guard import Guard
    from aiconf.online.settings import Settings

_BROKEN_OFF = (TimeoutError, httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError)
_FAILURES = (
    *_BROKEN_OFF,
    httpcore.ProxyError,
    HostLeftAloneError,
    NoAddressError,
    NoSuchHostError,
    RefusedError,
    UnusableUrlError,
)


@dataclass(frozen=True, slots=True)
class _Reply:
    """What one request brought; `body` is what was read of it."""

    status: int
    headers: httpx.Headers
    body: bytes
    complete: bool


class Fetcher:
    """Asks for addresses, within the settings."""

    def __init__(self, pool: httpcore.AsyncConnectionPool, guard: Guard, settings: Settings) -> None:
        self._pool, self._guard, self._settings = pool, guard, settings
        self._headers = request_headers(settings)
        self._timeouts = {"connect": settings.connect_timeout, "read": settings.request_timeout}
        self._hosts = Hosts(settings)
        self._random = random.Random()  # noqa: S311 - spreads retries; there is nothing to guess

    async def fetch(self, url: str, limit: int = 0) -> Answer:
        """Ask for an address until the answer stands or the retries are used up.

        Args:
            url: The address; a fragment is not sent.
            limit: How many bytes of the body are wanted; 0 wants none, and asks with HEAD first.
        """
        answer = undecided(Cause.UNEXPECTED, "it was not asked for", url)
        methods = (["HEAD"] if not limit else []) + ["GET"] * (self._settings.retries + 1)
        for attempt, method in enumerate(methods):
            latest = await self._follow(method, url, limit)
            if attempt and latest.cause is Cause.LEFT_ALONE:
                break  # what this address itself was answered says more
            answer = latest
            if method == "HEAD" and not answer.settles_head and not answer.asks_to_wait:
                continue  # refused, or a lie: many a server answers HEAD with 404 or 405 where GET is fine
            if not answer.may_pass or not await self._wait(answer, attempt, last=attempt == len(methods) - 1):
                break
        return answer

    async def _wait(self, answer: Answer, attempt: int, *, last: bool) -> bool:
        """Wait before asking again, as the server or the backoff says; False when there is no asking again."""
        settings = self._settings
        if (answer.retry_after or 0.0) > settings.longest_wait:
            self._host(answer.url).leave_alone(f"answered {answer.status}")
            return False
        if last:
            return False
        backoff = settings.backoff * 2**attempt * self._random.uniform(1.0, 1.5)
        seconds = min(max(backoff, answer.retry_after or 0.0), settings.longest_wait)
        if answer.asks_to_wait:
            self._host(answer.url).pause(seconds)  # whoever wants something of this host waits
        else:
            await asyncio.sleep(seconds)
        return True

    def _host(self, url: str) -> Host:
        return self._hosts[host_of(httpx.URL(url))]

    # --- redirects --------------------------------------------------------------------------------------------------

    async def _follow(self, method: str, start: str, limit: int) -> Answer:
        """One request and those that its redirects ask for; each is held against the guard before it is made."""
        url, moved_to, permanent = start, "", True
        seen = {start}
        for _ in range(self._settings.redirects + 1):
            try:
                target = self._guard.check_url(url)
                reply = await self._request(method, target, limit)
                following = _redirect(target, reply)
            except _FAILURES as error:
                return self._failed(error, url, start)
            if following is None:
                answer = status_answer(reply.status, url, moved_to, reply.headers)
                if answer.asks_to_wait:
                    self._host(url).put_off(f"answered {answer.status}")
                return replace(answer, body=reply.body, complete=reply.complete)
            permanent = permanent and reply.status in PERMANENT
            url, moved_to = following, following if permanent else moved_to
            if url in seen:
                return undecided(Cause.REDIRECTS, "its redirects go in a circle", url)
            seen.add(url)
        return undecided(Cause.REDIRECTS, f"it redirects more than {self._settings.redirects} times", url)

    def _failed(self, error: Exception, url: str, start: str) -> Answer:
        host = _host_of(url)
        answer = failure_answer(error, url, host)
        if answer.cause in SILENT:
            self._hosts[host].put_off("did not answer")
        return (
            answer if url == start else replace(answer, reason=f"it redirects to {_shorten(url)}, and {answer.reason}")
        )

    # --- one request ------------------------------------------------------------------------------------------------

    async def _request(self, method: str, url: httpx.URL, limit: int) -> _Reply:
        host = self._hosts[host_of(url)]
        async with self._hosts.turn(host):
            deadline = asyncio.get_running_loop().time() + self._settings.request_timeout
            async with asyncio.timeout_at(deadline):
                response = await self._pool.handle_async_request(self._build(method, url))
            if response.status != HTTPStatus.TOO_MANY_REQUESTS:
                host.answered()
            headers, ok = httpx.Headers(response.headers), response.status // 100 == 2  # noqa: PLR2004 - the 200s
            try:
                body, complete = b"", False
                if method == "HEAD" or (ok and limit):
                    body, complete = await _read(response, headers.get("content-encoding", ""), limit, deadline)
            finally:
                await response.aclose()
        return _Reply(response.status, headers, body, complete)

    def _build(self, method: str, url: httpx.URL) -> httpcore.Request:
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        return httpcore.Request(
            method, target, headers=[(b"Host", url.netloc), *self._headers], extensions={"timeout": self._timeouts}
        )


def _redirect(url: httpx.URL, reply: _Reply) -> str | None:
    """Where a reply redirects to, without the fragment; None when it does not."""
    location = reply.headers.get("location") if reply.status in REDIRECTS else None
    if location is None:
        return None
    try:
        return str(url.join(location).copy_with(fragment=None))
    except (httpx.InvalidURL, ValueError) as error:
        raise UnusableUrlError(f"it redirects to {_shorten(location)}, which is no address") from error


def _host_of(url: str) -> str:
    try:
        return host_of(httpx.URL(url))
    except (httpx.InvalidURL, ValueError):
        return ""


def _shorten(text: str) -> str:
    return text if len(text) <= 100 else text[:99] + "…"  # noqa: PLR2004 - a line's worth


async def _read(response: httpcore.Response, encoding: str, limit: int, deadline: float) -> tuple[bytes, bool]:
    """At most ``limit`` bytes of a body, decompressed, and whether that is all of it.

    A body that breaks off or is damaged is as long as it got: the status came all the same.
    """
    unpacker = _Unpacker(encoding, limit)
    try:
        async with asyncio.timeout_at(deadline):
            async for part in response.aiter_stream():
                if not unpacker.feed(part):
                    return unpacker.body, False
    except (*_BROKEN_OFF, zlib.error):
        return unpacker.body, False
    return unpacker.body, unpacker.complete


class _Unpacker:
    """Puts a body together, never beyond a limit: a few kilobytes may unpack to gigabytes."""

    def __init__(self, encoding: str, limit: int) -> None:
        words = {word.strip().lower() for word in encoding.split(",")} - {"", "identity"}
        self._readable = words <= {"gzip", "x-gzip", "deflate"} and len(words) <= 1
        self._zlib = zlib.decompressobj(zlib.MAX_WBITS | 32) if words else None
        self._limit = limit
        self._body = bytearray()

    def feed(self, part: bytes) -> bool:
        """Take the next part; False when no more is wanted."""
        room = self._limit - len(self._body)
        if not self._readable or room <= 0:
            return False
        if self._zlib:
            part = self._zlib.decompress(part, room + 1)
        self._body += part[:room]
        return len(part) <= room

    @property
    def body(self) -> bytes:
        """What was fed, decompressed, up to the limit."""
        return bytes(self._body)

    @property
    def complete(self) -> bool:
        """Whether what was fed is a whole body."""
        return self._readable and (self._zlib is None or self._zlib.eof)
