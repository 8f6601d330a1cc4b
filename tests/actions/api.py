"""The part of GitHub's REST API that comments need, as a real server on this machine."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"


class Api:
    """Comments of one pull request. The token ``write`` may write, ``read`` may read, others may nothing."""

    def __init__(self):
        self.comments = []
        self.requests = []
        self.broken = 0
        self.url = ""

    def add(self, body, login):
        self.comments.append({"id": len(self.comments) + 1, "body": body, "user": {"login": login}})
        return self.comments[-1]

    def refusal(self, method, path, token):
        if self.broken:
            return self.broken
        word = token.removeprefix("Bearer ")
        if word not in ("write", "read"):
            return 401
        return 403 if path == "/user" or (method != "GET" and word != "write") else 0

    def answer(self, method, address, token, body):
        self.requests.append((method, address))
        parts, path = urlsplit(address), urlsplit(address).path
        if refusal := self.refusal(method, path, token):
            return refusal, {"message": "refused"}
        if path == "/repos/programme/registry/issues/7/comments":
            if method == "POST":
                return 201, self.add(body["body"], BOT)
            query = {name: int(values[0]) for name, values in parse_qs(parts.query).items()}
            start = (query["page"] - 1) * query["per_page"]
            return 200, self.comments[start : start + query["per_page"]]
        for comment in self.comments:
            if method == "PATCH" and path == f"/repos/programme/registry/issues/comments/{comment['id']}":
                comment["body"] = body["body"]
                return 200, comment
        return 404, {"message": "Not Found"}


@contextmanager
def serve():
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            code, document = api.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
            content = json.dumps(document).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = handle_any  # noqa: N815 - the names that the library looks for

        def log_message(self, *arguments):
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    api.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
