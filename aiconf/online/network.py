"""Connecting: the one way out, past the guard.

A name is looked up here, each address found is held against the guard, and the connection goes to the very address
that passed. There is no second look-up that could answer otherwise (DNS rebinding). TLS and the ``Host`` header keep
the name, since httpcore takes them from the request and not from where the connection goes.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from typing import TYPE_CHECKING

import httpcore
import httpx

from aiconf.errors import InputError, UsageError
from aiconf.online.guard import Guard, RefusedError
from aiconf.online.names import Names, NoAddressError, Resolve, system_resolve

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
                return await self._inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

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


class _Transport(httpx.AsyncBaseTransport):
    """Hands httpx's requests to an httpcore pool; what httpcore raises is passed on as it is."""

    def __init__(self, pool: httpcore.AsyncConnectionPool) -> None:
        self._pool = pool

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        response = await self._pool.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Body(response))

    async def aclose(self) -> None:
        await self._pool.aclose()


class _Body(httpx.AsyncByteStream):
    """A response's body, with the type httpx asks for."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part

    async def aclose(self) -> None:
        await self._response.aclose()


def open_client(settings: Settings, guard: Guard, network: Network) -> httpx.AsyncClient:
    """A client that leaves by the guard alone: no redirects, cookies, proxies or passwords but what is asked for.

    Raises:
        InputError: The file of certificates cannot be read.
        UsageError: The proxy's address makes no sense.
    """
    headers = {
        "User-Agent": f"aiconf/{_version()} (checks the links of submissions; +{settings.contact})",
        "Accept": "text/html,application/xhtml+xml,image/svg+xml,*/*;q=0.8",
        "Accept-Language": "en",
        "Accept-Encoding": "gzip",
    }
    seconds = settings.connect_timeout
    return httpx.AsyncClient(
        transport=_Transport(_open_pool(settings, guard, network)),
        headers=headers,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # one answer must not change the next
        timeout=httpx.Timeout(settings.request_timeout, connect=seconds),
        trust_env=False,
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - a slow import

    try:
        return version("aiconf")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"


def _open_pool(settings: Settings, guard: Guard, network: Network) -> httpcore.AsyncConnectionPool:
    inner = network.backend or httpcore.AnyIOBackend()
    trust = _trust(settings)
    if settings.proxy is not None:
        return httpcore.AsyncHTTPProxy(
            _proxy_url(settings.proxy), ssl_context=trust, max_connections=None, network_backend=inner
        )
    names = Names(network.resolve, settings.control_host)
    return httpcore.AsyncConnectionPool(
        ssl_context=trust,
        max_connections=None,  # the number of requests is bounded already
        max_keepalive_connections=settings.concurrency,
        network_backend=GuardedBackend(names, guard, inner),
    )


def _proxy_url(text: str) -> httpcore.URL:
    try:
        url = httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise UsageError(f"{text} is no address of an HTTP proxy: {error}") from error
    if url.scheme != "http" or not url.host:
        raise UsageError(f"{text} is no address of an HTTP proxy; it is written like http://proxy.example:3128")
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target="/")


def _trust(settings: Settings) -> ssl.SSLContext:
    if settings.ca_file is None:
        return httpx.create_ssl_context()
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise InputError(f"{settings.ca_file} cannot be read as certificates: {error}") from error
