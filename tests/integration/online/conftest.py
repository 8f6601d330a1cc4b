"""A web of our own on the loopback interface, and proof that nothing leaves it.

The tests run the real client with the real guard over real sockets. What is theirs is the last step outwards: names
are looked up in a table, and the public addresses found there are dialled at local servers. So the guard sees public
addresses and does its whole work, and an attempt to go anywhere else is seen too: `Web.dialled` holds every address
that was to be connected to, and an audit hook of the interpreter watches every socket.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
import sys
import threading
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import httpcore
import pytest
import trustme

from aiconf.online import Settings, Wanted, check_urls
from aiconf.online.names import NoSuchHostError
from aiconf.online.network import Network

PUBLIC = "93.184.215.14"  # what every name of the table's leads to unless the table says otherwise; never connected to
NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

_watching = False
_left: list[object] = []


def _audit(event, args):
    """Sees every connection and look-up of this process; a hook cannot be taken away, so it can be told to sleep."""
    if _watching and event == "socket.connect" and not _is_loopback(args[1]):
        _left.append(args[1])
        raise PermissionError(f"a test wanted to connect to {args[1]}")
    if _watching and event == "socket.getaddrinfo" and args[0] not in ("127.0.0.1", "localhost", b"localhost", None):
        _left.append(args[0])
        raise PermissionError(f"a test wanted to look up {args[0]}")


def _is_loopback(address):
    if not isinstance(address, tuple):
        return True  # a socket of this machine
    return ipaddress.ip_address(address[0]).is_loopback


sys.addaudithook(_audit)


@pytest.fixture(autouse=True)
def _nothing_leaves():
    global _watching  # noqa: PLW0603 - the hook reads it
    _watching = True
    _left.clear()
    yield
    _watching = False
    assert _left == []


@pytest.fixture
def stray():
    """Gives what wanted to leave so far, and forgets it."""

    def take():
        taken = list(_left)
        _left.clear()
        return taken

    return take


@dataclass
class Request:
    """What a server was asked."""

    method: str
    host: str
    path: str
    headers: dict[str, str]
    peer_name: str | None = None  # the name asked for in the TLS handshake


@dataclass
class Web:
    """Names, servers, and what was asked of them.

    `pages` maps ``host/path`` or ``/path`` (of any host) to bytes, or to ``async def page(request, reader, writer)``.
    `names` maps a name to addresses, to an exception, or to a list of such lists, one per look-up.
    """

    pages: dict[str, Any] = field(default_factory=dict)
    names: dict[str, Any] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    dialled: list[tuple[str, int]] = field(default_factory=list)
    looked_up: list[str] = field(default_factory=list)
    ports: dict[tuple[str, int], int] = field(default_factory=dict)  # (address, port) -> local port
    at_once: Counter[str] = field(default_factory=Counter)
    most_at_once: Counter[str] = field(default_factory=Counter)
    most_at_once_of_all: int = 0
    asked_name: dict[Any, str | None] = field(default_factory=dict)
    writers: list[asyncio.StreamWriter] = field(default_factory=list)
    raw_servers: list[asyncio.Server] = field(default_factory=list)
    run: Any = None  # runs a coroutine where the servers run
    public = PUBLIC
    now = NOW

    @staticmethod
    def reply(status=200, body=b"", *, reason="Because", **headers):
        """The bytes of an HTTP answer; a header given as "" is left out."""
        without_body = status < 200 or status in (204, 304)
        fields = {"content-length": "" if without_body else str(len(body)), "content-type": "text/html"}
        fields |= {key.replace("_", "-"): str(value) for key, value in headers.items()}
        lines = [f"HTTP/1.1 {status} {reason}", *(f"{key}: {value}" for key, value in fields.items() if value)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    # --- asking -----------------------------------------------------------------------------------------------------

    def check(self, *urls, purpose="evidence", progress=None, **changes):
        """The facts of addresses, with patience cut down to what a local server needs."""
        wanted = [url if isinstance(url, Wanted) else Wanted(url, purpose) for url in urls]
        return check_urls(wanted, self.settings(**changes), progress, self.network)

    def check_one(self, url, purpose="evidence", **changes):
        return self.check(url, purpose=purpose, **changes)[url]

    def settings(self, **changes):
        fast = Settings(now=NOW, backoff=0.001, connect_timeout=5.0, request_timeout=10.0, run_timeout=60.0)
        return replace(fast, **changes)

    def asked(self, host=None):
        return [f"{r.method} {r.path}" for r in self.requests if host in (None, r.host)]

    # --- the network ------------------------------------------------------------------------------------------------

    @property
    def network(self):
        return Network(self.resolve, _Dialler(self))

    async def resolve(self, host):
        self.looked_up.append(host)
        found = self.names.get(host, [PUBLIC])
        if isinstance(found, list) and found and isinstance(found[0], list | Exception):
            found = found.pop(0) if len(found) > 1 else found[0]
        if isinstance(found, Exception):
            raise found
        return list(found)

    def raw_server(self, answer):
        """The local port of a server that sends these bytes to whoever connects; None keeps it silent."""

        async def serve(reader, writer):
            self.writers.append(writer)
            with suppress(ConnectionError):
                await reader.read(1)
                if answer is not None:
                    writer.write(answer)
                    await writer.drain()
                await reader.read()
            writer.close()

        async def start():
            return await asyncio.start_server(serve, "127.0.0.1", 0)

        self.raw_servers.append(self.run(start()))
        return self.raw_servers[-1].sockets[0].getsockname()[1]

    # --- the servers ------------------------------------------------------------------------------------------------

    async def serve(self, reader, writer):
        self.writers.append(writer)
        name = self.asked_name.pop(writer.get_extra_info("ssl_object"), None)
        try:
            while (request := await _read_request(reader, name)) is not None:
                self.requests.append(request)
                self.at_once[request.host] += 1
                self.most_at_once[request.host] = max(self.most_at_once[request.host], self.at_once[request.host])
                self.most_at_once_of_all = max(self.most_at_once_of_all, self.at_once.total())
                try:
                    await self._answer(request, reader, writer)
                finally:
                    self.at_once[request.host] -= 1
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            pass
        finally:
            with suppress(ConnectionError, ssl.SSLError):
                writer.close()

    async def _answer(self, request, reader, writer):
        path = str(request.path).partition("?")[0]
        page: Any = self.pages.get(f"{request.host}{path}", self.pages.get(path, self.reply(404)))
        if callable(page):
            await page(request, reader, writer)
        else:
            writer.write(page.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if request.method == "HEAD" else page)
        await writer.drain()


async def _read_request(reader, name):
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    first, *rest = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ")
    headers = {key.lower(): value.strip() for key, _, value in (line.partition(":") for line in rest) if key}
    return Request(method, headers.get("host", "").partition(":")[0], target, headers, name)


class _Dialler(httpcore.AnyIOBackend):
    """Dials local servers in place of the public addresses of the table, and writes down every wish."""

    def __init__(self, web):
        super().__init__()
        self._web = web

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        self._web.dialled.append((host, port))
        local = self._web.ports.get((host, port))
        assert local is not None, f"{host}:{port} is nowhere in the table"
        return await super().connect_tcp("127.0.0.1", local, timeout, local_address, socket_options)


class _Loop:
    """An event loop in a thread, for the servers; the client brings its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(10)

    def stop(self, writers):
        self.run(self._end(writers))
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        self.loop.close()

    async def _end(self, writers):
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        await asyncio.sleep(0.01)  # the transports close in the loop's next rounds


@pytest.fixture(scope="session")
def authority():
    """A certificate authority that the tests may choose to trust."""
    return trustme.CA()


@pytest.fixture
def web(authority):
    """An http server at port 80 and an https server at port 443 of `PUBLIC`, which every name leads to."""
    made = Web()
    loop = _Loop()
    made.run = loop.run
    servers = [loop.run(_start(made, tls=None)), loop.run(_start(made, tls=_server_tls(made, authority)))]
    for server, port in zip(servers, (80, 443), strict=True):
        made.ports[PUBLIC, port] = server.sockets[0].getsockname()[1]
    yield made
    for server in servers + made.raw_servers:
        loop.loop.call_soon_threadsafe(server.close)
    loop.stop(made.writers)


async def _start(web, tls):
    return await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=tls)


def _server_tls(web, authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("*.acme.example", "github.com", "raw.githubusercontent.com").configure_cert(context)

    def note(ssl_object, name, _context):
        web.asked_name[ssl_object] = name

    context.sni_callback = note
    return context


@pytest.fixture
def ca_file(authority, tmp_path):
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def sentinel():
    """A server on the loopback interface that nobody is to reach; gives its port, and fails when it was reached."""
    reached: Counter[str] = Counter()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.05)
        stop = threading.Event()

        def listen():
            while not stop.is_set():
                with suppress(TimeoutError):
                    listener.accept()[0].close()
                    reached["times"] += 1

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        yield listener.getsockname()[1]
        stop.set()
        thread.join(5)
    assert reached["times"] == 0


@pytest.fixture
def no_such_host():
    return NoSuchHostError("gone.example")
