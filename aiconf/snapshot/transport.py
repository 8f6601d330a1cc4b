"""Requests to an API server, through the connection that the Kubernetes client sets up from a kubeconfig.

The client's own calls decode every object into models and retry in their own way; here the answer's text is what is
wanted, and how often, how long and how much is bounded.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlencode

import msgspec

from aiconf.errors import InputError
from aiconf.snapshot.stream import UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")

_CHUNK = 1024 * 1024
_TRANSIENT = frozenset({429, 500, 502, 503, 504})
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how much is waited for.

    Attributes:
        attempts: How often a request is made before it is given up.
        connect: Seconds for a connection to open.
        silence: Seconds without a byte.
        total: Seconds for the whole answer, however it trickles.
        backoff: Seconds before the second attempt; each further one waits twice as long.
        longest_wait: Seconds that a server may ask to wait (``Retry-After``).
        size: Bytes of an answer.
    """

    attempts: int = 4
    connect: float = 10.0
    silence: float = 30.0
    total: float = 120.0
    backoff: float = 0.5
    longest_wait: float = 60.0
    size: int = 256 * 1024 * 1024


class RequestError(Exception):
    """A request that was given up.

    Attributes:
        status: The HTTP status of the last answer, None when there was none.
        reason: One word: the API server's own, or ``ConnectionFailed`` or ``Malformed``.
        message: For people.
    """

    def __init__(self, status: int | None, reason: str, message: str) -> None:
        self.status, self.reason, self.message = status, reason, message
        super().__init__(f"{reason}: {message}")


class _Status(msgspec.Struct):
    """Kubernetes' own account of what went wrong."""

    reason: str | None = None
    message: str | None = None


class Transport:
    """Makes GET requests; nothing else is ever sent."""

    def __init__(
        self, connect: Callable[[], Any], patience: Patience | None = None, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Open no connection yet.

        Args:
            connect: Gives a ``kubernetes.client.ApiClient``; called again when a token has run out.
            patience: How long and how much is waited for.
            sleep: Waits some seconds.
        """
        self._connect, self._patience, self._sleep = connect, patience or Patience(), sleep
        self._client = connect()
        self._renewed = False

    def get(
        self,
        path: str,
        parse: Callable[[bytes], T],
        *,
        query: Mapping[str, str] | None = None,
        accept: str = "application/json",
    ) -> T:
        """Ask, and ask again after a passing failure.

        Args:
            path: The path, with a leading slash.
            parse: Turns the answer into a value. A msgspec error is taken for an answer that broke off.
            query: Query parameters.
            accept: The media type wanted.

        Raises:
            RequestError: It was given up.
        """
        url = path + (f"?{urlencode(query)}" if query else "")
        for attempt in range(self._patience.attempts):
            last = attempt == self._patience.attempts - 1
            try:
                status, headers, body = self._once(url, accept)
            except _failures() as error:
                if last:
                    raise RequestError(None, "ConnectionFailed", _plain(error)) from error
                self._wait(attempt, None)
                continue
            if status == _UNAUTHORIZED and not self._renewed:
                self._renew()
            elif status in _TRANSIENT and not last:
                self._wait(attempt, headers.get("Retry-After"))
            elif status != 200:  # noqa: PLR2004 - OK
                raise _request_error(status, body)
            else:
                try:
                    return parse(body)
                except UNREADABLE as error:
                    if last:
                        raise RequestError(status, "Malformed", str(error)[:300]) from error
                    self._wait(attempt, None)
        raise RequestError(_UNAUTHORIZED, "Unauthorized", "the credentials were refused, and again after a renewal")

    def close(self) -> None:
        """Close the connections."""
        self._client.rest_client.pool_manager.clear()

    def _renew(self) -> None:
        """Take the credentials anew, once: a token from a plugin or a mounted file may have run out meanwhile."""
        self._renewed = True
        self.close()
        self._client = self._connect()

    def _wait(self, attempt: int, asked: str | None) -> None:
        seconds = self._patience.backoff * 2**attempt
        if asked and asked.isdigit():
            seconds = min(float(asked[:9]), self._patience.longest_wait)
        self._sleep(seconds)

    def _once(self, url: str, accept: str) -> tuple[int, Mapping[str, str], bytes]:
        import urllib3  # noqa: PLC0415 - the client's own HTTP library, and as heavy

        patience, configuration = self._patience, self._client.configuration
        headers = {"Accept": accept, "Accept-Encoding": "gzip", "User-Agent": self._client.user_agent}
        for setting in configuration.auth_settings().values():
            headers[setting["key"]] = setting["value"]
        response = self._client.rest_client.pool_manager.request(
            "GET",
            configuration.host.rstrip("/") + url,
            headers=headers,
            preload_content=False,
            retries=False,
            redirect=False,
            timeout=urllib3.Timeout(connect=patience.connect, read=patience.silence),
        )
        try:
            return response.status, response.headers, self._read(response)
        finally:
            response.release_conn()

    def _read(self, response: Any) -> bytes:
        """The body; a server that trickles it, or never ends it, is left."""
        deadline, parts, size = time.monotonic() + self._patience.total, [], 0
        while part := response.read1(_CHUNK):
            parts.append(part)
            size += len(part)
            if size > self._patience.size or time.monotonic() > deadline:
                response.close()
                raise _EndlessError(
                    f"the answer had not ended after {size:,} bytes and {self._patience.total:g} seconds"
                )
        return b"".join(parts)


class _EndlessError(Exception):
    """An answer that goes on for too long."""


def _failures() -> tuple[type[Exception], ...]:
    """What a connection may die of."""
    from urllib3.exceptions import HTTPError  # noqa: PLC0415 - the client's own HTTP library, and as heavy

    return (HTTPError, OSError, _EndlessError)


def _request_error(status: int, body: bytes) -> RequestError:
    try:
        found = msgspec.json.decode(body, type=_Status)
    except UNREADABLE:
        found = _Status()
    message = found.message or body[:200].decode("utf-8", "replace").strip() or f"HTTP status {status}"
    return RequestError(status, (found.reason or f"HTTP{status}")[:100], message[:500])


def _plain(error: BaseException) -> str:
    """The cause, without the address and the object of urllib3's messages."""
    return str(getattr(error, "reason", None) or error).split(": ", 1)[-1][:300]


def connector(kubeconfig: str | None, context: str | None) -> Callable[[], Any]:
    """What opens a client: from a kubeconfig, or inside a cluster from the pod's service account.

    Args:
        kubeconfig: The file; ``KUBECONFIG`` or the usual place when None.
        context: The context in it; the current one when None.

    Raises:
        InputError: The Kubernetes client is not installed.
    """
    try:
        from kubernetes import client  # noqa: PLC0415 - half a second, and only for a cluster
        from kubernetes import config as untyped  # noqa: PLC0415 - as above
    except ImportError as error:
        raise InputError("collecting needs the Kubernetes client: pip install 'aiconf[snapshot]'") from error

    config: Any = untyped

    def connect() -> Any:
        try:
            return config.new_client_from_config(config_file=kubeconfig, context=context, persist_config=False)
        except config.ConfigException as error:
            if kubeconfig is None and context is None:
                inside = client.Configuration()
                try:
                    config.load_incluster_config(client_configuration=inside)
                except config.ConfigException:
                    pass
                else:
                    return client.ApiClient(configuration=inside)
            raise InputError(f"no cluster to connect to: {str(error)[:300]}") from error

    return connect


def path_of(group: str, version: str, *parts: str) -> str:
    """The path of an API, or of something in it.

    Args:
        group: The API group, empty for the core group.
        version: Its version.
        parts: What stands below, such as ``namespaces``, a namespace, ``pods``.
    """
    from urllib.parse import quote  # noqa: PLC0415 - only for a cluster

    below: Sequence[str] = [quote(part, safe="") for part in parts]
    return "/".join(["/apis", group, version, *below] if group else ["/api", version, *below])
