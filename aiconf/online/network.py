"""Connecting: the one way out, past the guard.

A name is looked up here, each address found is held against the guard, and the connection goes to the very address
that passed. There is no second look-up that could answer otherwise (DNS rebinding). TLS and the ``Host`` header keep
the name, since httpcore takes them from the request and not from where the connection goes.
"""

from __future__ import annotations

import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

import httpcore
import httpx

from aiconf.errors import InputError, UsageError
from aiconf.online.guard import Guard, RefusedError, UnusableUrlError, parse_url
from aiconf.online.names import Names, NoAddressError, Resolve, system_resolve
from aiconf.online.settings import ALL_PRIVATE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterable, Sequence

    from aiconf.online.settings import Settings

_MOST_ADDRESSES = 4  # of one name that are tried


@dataclass(frozen=True, slots=True)
class Network:
    """How names are looked up and addresses connected to; tests put their own in place.

    Attributes:
        resolve: Gives the addresses of a name; see `names.system_resolve`.
        backend: Makes the connections; None for httpcore's own.
    """

    resolve: Resolve = system_resolve
    backend: httpcore.AsyncNetworkBackend | None = None


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Connects to nothing that the guard refuses."""

    def __init__(self, names: Names, guard: Guard, inner: httpcore.AsyncNetworkBackend) -> None:
        self._names, self._guard, self._inner = names, guard, inner
        self._opened: list[httpcore.AsyncNetworkStream] = []

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's interface
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first address of a name that is allowed and answers.

        Raises:
            RefusedError: None of its addresses is allowed.
            NoSuchHostError: There is no such name.
            NoAddressError: It has no address now.
            httpcore.ConnectError: None of them answers.
            httpcore.ConnectTimeout: The same, in time.
        """
        failure: Exception = NoAddressError(f"{host} has no address")
        for address in await self._allowed(host):
            try:
                stream = await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
                continue
            self._opened.append(stream)
            return stream
        raise failure

    async def close_all(self) -> None:
        """Close what is still open: httpcore forgets a connection whose TLS handshake was cancelled."""
        for stream in self._opened:
            await stream.aclose()

    async def _allowed(self, host: str) -> Sequence[str]:
        found = [host] if _is_address(host) else await self._names.addresses(host)
        refusals = {address: self._guard.refusal(ip_address(address)) for address in found}
        allowed = [address for address, why in refusals.items() if not why]
        if found and not allowed:
            why = next(iter(refusals.values()))
            raise RefusedError(why if host in refusals else f"{host} leads to {why}")
        return allowed[:_MOST_ADDRESSES]

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 - httpcore's interface
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002 - httpcore's interface
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no address of the web is a socket of this machine.

        Raises:
            RefusedError: Always.
        """
        raise RefusedError(f"{path} is a socket of this machine")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@asynccontextmanager
async def open_pool(settings: Settings, guard: Guard, network: Network) -> AsyncIterator[httpcore.AsyncConnectionPool]:
    """The connections of one run, which leave by the guard alone.

    This is the layer below httpx's client on purpose: that one keeps cookies, sends passwords found in addresses,
    takes proxies from where it can and reads redirects, and none of this must happen here unasked.

    Raises:
        InputError: The file of certificates cannot be read.
        UsageError: The proxy's address makes no sense.
    """
    inner = network.backend or httpcore.AnyIOBackend()
    names = Names(network.resolve, settings.control_host)
    options: dict[str, Any] = {
        "ssl_context": _trust(settings),
        "max_connections": None,  # the number of requests is bounded already
    }
    if settings.proxy is None:
        backend = GuardedBackend(names, guard, inner)
        pool = httpcore.AsyncConnectionPool(network_backend=backend, **options)
    else:  # the one host that is connected to is the caller's own choice
        backend = GuardedBackend(names, Guard(ALL_PRIVATE), inner)
        pool = httpcore.AsyncHTTPProxy(_proxy_url(settings.proxy), network_backend=backend, **options)
    try:
        async with pool:
            yield pool
    finally:
        await backend.close_all()


def request_headers(settings: Settings) -> list[tuple[bytes, bytes]]:
    """What every request says of itself."""
    agent = f"aiconf/{_version()} (checks the links of submissions; +{settings.contact})"
    return [
        (b"User-Agent", agent.encode("ascii", "replace")),
        (b"Accept", b"text/html,application/xhtml+xml,image/svg+xml,*/*;q=0.8"),
        (b"Accept-Language", b"en"),
        (b"Accept-Encoding", b"gzip"),
        # One connection, one answer: what a server sends beyond the length it named cannot pass for the next answer.
        (b"Connection", b"close"),
    ]


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - a slow import

    try:
        return version("aiconf")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _proxy_url(text: str) -> httpcore.URL:
    try:
        url = parse_url(text)
    except (RefusedError, UnusableUrlError) as error:
        raise UsageError(f"{text} is no address of a proxy such as http://proxy.example:3128: {error}") from error
    if url.scheme != "http":
        raise UsageError(f"the proxy {text} is asked over http, so its address begins with http://")
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target="/")


def _trust(settings: Settings) -> ssl.SSLContext:
    if settings.ca_file is None:
        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise InputError(f"{settings.ca_file} cannot be read as certificates: {error}") from error
