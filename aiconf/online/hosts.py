"""The pace at one host: few requests at once, pauses it asks for, and no more of them when it stays silent."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiconf.online.settings import Settings


class HostLeftAloneError(Exception):
    """A host is not asked again in this run; the text says why."""


class Host:
    """What is known of one host in this run."""

    def __init__(self, name: str, settings: Settings) -> None:
        self._name = name
        self._patience = settings.patience
        self._slots = asyncio.Semaphore(settings.per_host)
        self._resume_at = 0.0
        self._fruitless = 0
        self._left_alone = ""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for one's turn, and for the end of a pause.

        Raises:
            HostLeftAloneError: No request is to be made any more.
        """
        async with self._slots:
            # Another request may lengthen the pause while this one waits for its end.
            while (wait := self._resume_at - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110 - it sleeps to the end
                await asyncio.sleep(wait)
            if self._left_alone:
                raise HostLeftAloneError(self._left_alone)
            yield

    def pause(self, seconds: float) -> None:
        """Make no request for a while."""
        self._resume_at = max(self._resume_at, asyncio.get_running_loop().time() + seconds)

    def leave_alone(self, what: str) -> None:
        """Make no request any more in this run, because of what the host did."""
        self._left_alone = self._left_alone or f"{self._name} {what} before, so it was not asked again"

    def answered(self) -> None:
        """It answered a request, well or not."""
        self._fruitless = 0

    def put_off(self, what: str) -> None:
        """It did not answer, or asked to come back later; when that goes on, it is left alone."""
        self._fruitless += 1
        if self._fruitless >= self._patience:
            self.leave_alone(f"{what} {self._fruitless} times")


class Hosts:
    """The hosts of one run, and the number of requests under way at all of them together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._hosts: dict[str, Host] = {}
        self._slots = asyncio.Semaphore(settings.concurrency)

    def __getitem__(self, name: str) -> Host:
        key = name.lower().rstrip(".")
        if key not in self._hosts:
            self._hosts[key] = Host(key, self._settings)
        return self._hosts[key]

    @asynccontextmanager
    async def turn(self, host: Host) -> AsyncIterator[None]:
        """Wait for one's turn at a host, and then for one's turn among all.

        In this order a host that keeps its requests waiting holds up nobody else.

        Raises:
            HostLeftAloneError: See `Host.turn`.
        """
        async with host.turn(), self._slots:
            yield
