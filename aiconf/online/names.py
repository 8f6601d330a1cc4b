"""Looking names up: bounded in time, and honest about what a failed look-up says."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

Resolve = Callable[[str], Awaitable[Sequence[str]]]


class NoSuchHostError(Exception):
    """The name does not exist (NXDOMAIN)."""


class NoAddressError(Exception):
    """The name could not be turned into an address now; that says nothing about tomorrow."""


async def system_resolve(host: str) -> Sequence[str]:
    """The addresses of a name, by the system's resolver, in its order of preference.

    The resolver blocks for as long as it is configured to. Threads of a pool are waited for when the program ends;
    these are not, so a look-up that hangs costs no more than the run allows.

    Raises:
        NoSuchHostError: There is no such name.
        NoAddressError: It has no address, or no answer came.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[Sequence[str]] = loop.create_future()

    def look_up() -> None:
        try:
            outcome: Sequence[str] | Exception = _getaddrinfo(host)
        except (NoSuchHostError, NoAddressError) as error:
            outcome = error
        with suppress(RuntimeError):  # the run is over and its loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, found, outcome)

    threading.Thread(target=look_up, daemon=True, name="aiconf-dns").start()
    return await found


def _settle(future: asyncio.Future[Sequence[str]], outcome: Sequence[str] | Exception) -> None:
    if future.done():  # nobody waits any more
        return
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


def _getaddrinfo(host: str) -> Sequence[str]:
    # The final dot keeps the resolver from trying the name inside its search domains, where another host may have it.
    absolute = f"{host.rstrip('.')}." if "." in host else host
    try:
        rows = socket.getaddrinfo(absolute.encode("ascii"), None, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno == socket.EAI_NONAME:
            raise NoSuchHostError(host) from error
        raise NoAddressError(f"{host} could not be looked up ({error.strerror})") from error
    except (OSError, UnicodeError) as error:
        raise NoAddressError(f"{host} could not be looked up ({error})") from error
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


class Names:
    """Looks names up, and believes that one does not exist only while the resolver is seen to work.

    Without a network, some systems (macOS, Windows) say "no such host" of every name.
    """

    def __init__(self, resolve: Resolve, control: str) -> None:
        self._resolve = resolve
        self._control = control
        self._works: asyncio.Task[bool] | None = None
        self._seen_working = False

    async def addresses(self, host: str) -> Sequence[str]:
        """The addresses of a name.

        Raises:
            NoSuchHostError: There is no such name.
            NoAddressError: That cannot be told.
        """
        try:
            found = await self._resolve(host)
        except NoSuchHostError:
            if not await self._can_resolve():
                raise NoAddressError("no name can be looked up here; is there a network?") from None
            raise
        self._seen_working = True
        return found

    async def _can_resolve(self) -> bool:
        if self._seen_working:
            return True
        if self._works is None:
            self._works = asyncio.create_task(self._try_control())
        return await asyncio.shield(self._works)

    async def _try_control(self) -> bool:
        try:
            return bool(await self._resolve(self._control))
        except (NoSuchHostError, NoAddressError):
            return False
