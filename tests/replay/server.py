"""The server: sockets, tokens and faults."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, unquote, urlsplit

from tests.replay.answers import Answers

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from tests.clusters import Cluster

Plain = dict[str, Any]
_REASONS = {
    400: "BadRequest",
    401: "Unauthorized",
    403: "Forbidden",
    404: "NotFound",
    410: "Expired",
    429: "TooManyRequests",
    500: "InternalError",
    503: "ServiceUnavailable",
    504: "Timeout",
}


@dataclass
class Fault:
    """What goes wrong with a request.

    Attributes:
        path: The path of the request; `*` at its end stands for anything.
        status: The status to answer with; 0 to answer as usual, but see the rest.
        headers: Headers of that answer.
        times: How often it goes wrong; negative for always.
        continued: Only requests with a continue token go wrong.
        whole: Only requests without a field selector go wrong.
        after: How many matching requests go well before.
        delay: Seconds to wait before the answer.
        cut: The connection dies in the middle of the answer.
        drip: The answer comes byte by byte, a tenth of a second apart.
        body: The answer in place of the usual one.
    """

    path: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    times: int = 1
    continued: bool = False
    whole: bool = False
    after: int = 0
    delay: float = 0
    cut: bool = False
    drip: bool = False
    body: bytes | None = None

    def hits(self, path: str, query: dict[str, list[str]]) -> bool:
        """Whether this request goes wrong; counts it if so."""
        fits = path.startswith(self.path[:-1]) if self.path.endswith("*") else path == self.path
        if not fits or (self.continued and "continue" not in query) or self.times == 0:
            return False
        if self.whole and "fieldSelector" in query:
            return False
        if self.after:
            self.after -= 1
            return False
        self.times -= 1
        return True


class Replay:
    """The server; a context manager."""

    def __init__(
        self,
        cluster: Cluster,
        *,
        token: str | None = None,
        aggregated: bool = True,
        certificate: ssl.SSLContext | None = None,
        page: int | None = None,
    ) -> None:
        """Listen on a free port.

        Args:
            cluster: What to replay.
            token: The bearer token that is asked for; may be changed while the server runs.
            aggregated: Whether discovery is offered in its aggregated form.
            certificate: Makes it speak TLS.
            page: The most objects of one page, whatever a client asks for.
        """
        self.cluster, self.token, self.aggregated, self.page = cluster, token, aggregated, page
        self.apis = cluster.apis()
        self.faults: list[Fault] = []
        self.requests: list[str] = []
        self.headers: list[dict[str, str]] = []
        self.lock = threading.Lock()
        replay = self

        class Handler(_Handler):
            server_state = replay

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if certificate:
            self._server.socket = certificate.wrap_socket(self._server.socket, server_side=True)
        self.url = f"{'https' if certificate else 'http'}://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def kubeconfig(self, path: Path, *, ca: bytes | None = None, token: str | None = None) -> str:
        """Write a kubeconfig that leads here, and give its path."""
        cluster: Plain = {"server": self.url}
        if ca:
            cluster["certificate-authority-data"] = base64.b64encode(ca).decode()
        user = {"token": token or self.token} if token or self.token else {}
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "replay",
            "clusters": [{"name": "replay", "cluster": cluster}],
            "users": [{"name": "replay", "user": user}],
            "contexts": [{"name": "replay", "context": {"cluster": "replay", "user": "replay"}}],
        }
        path.write_text(json.dumps(config))
        return str(path)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body of an answer are forty milliseconds apart
    server_state: Replay

    def log_message(self, *_: object) -> None:
        """Keep quiet."""

    def do_GET(self) -> None:
        state, parts = self.server_state, urlsplit(self.path)
        path, query = unquote(parts.path), parse_qs(parts.query)
        with state.lock:
            state.requests.append(self.path)
            state.headers.append(dict(self.headers))
            fault = next((fault for fault in state.faults if fault.hits(path, query)), None)
        if fault and fault.delay:
            time.sleep(fault.delay)
        if fault and fault.body is not None:
            status, body, headers = 200, fault.body, fault.headers
        elif fault and fault.status:
            status, body, headers = fault.status, _status(fault.status), fault.headers
        elif state.token is not None and self.headers.get("Authorization") != f"Bearer {state.token}":
            status, body, headers = 401, _status(401), {}
        else:
            status, body, headers = self._answer(path, query)
        self._send(status, body, headers, fault)

    def _answer(self, path: str, query: dict[str, list[str]]) -> tuple[int, bytes, dict[str, str]]:
        state = self.server_state
        accept = self.headers.get("Accept", "")
        aggregated = state.aggregated and "as=APIGroupDiscoveryList" in accept
        answers = Answers(state.cluster, state.apis, query, aggregated=aggregated, page=state.page)
        answers.metadata_only = "as=PartialObjectMetadataList" in accept
        found = answers.to([part for part in path.split("/") if part])
        if found is None:
            return 404, _status(404), {}
        if isinstance(found, str):
            return 200, found.encode(), {"Content-Type": "text/plain"}
        kind = (
            ";g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" if found["kind"] == "APIGroupDiscoveryList" else ""
        )
        return found.get("code", 200), json.dumps(found).encode(), {"Content-Type": "application/json" + kind}

    def _send(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            if fault and fault.cut:
                self.wfile.write(body[: len(body) // 2])
                self.close_connection = True
            elif fault and fault.drip:
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    time.sleep(0.1)
            else:
                self.wfile.write(body)
        except OSError:  # the client has had enough
            self.close_connection = True


def _status(code: int) -> bytes:
    reason = _REASONS.get(code, "Unknown")
    status = {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Failure",
        "code": code,
        "reason": reason,
        "message": f"{reason}: as the test asks for",
    }
    return json.dumps(status).encode()
