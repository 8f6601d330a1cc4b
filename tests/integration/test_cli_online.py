"""``aiconf lint --online`` over a real socket: only what is dead is an error."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from aiconf.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures"


class _Pages(BaseHTTPRequestHandler):
    def do_HEAD(self):
        status = 404 if "gang" in self.path or "dead" in self.path else 403 if "ai-inference" in self.path else 200
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD  # noqa: N815 - http.server calls it so

    def log_message(self, *_):
        """Keep the tests' output clean."""


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), _Pages) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}"
        httpd.shutdown()
        thread.join()


@pytest.fixture
def submission(tmp_path, server):
    """A submission whose every address is on this machine."""
    text = (FIXTURES / "submissions/v1.36/corvid/PRODUCT.yaml").read_text(encoding="utf-8")
    text = re.sub(r"https://(docs\.)?corvid\.example", server, text)
    text = re.sub(r"  (repoUrl|k8sConformanceUrl):.*\n", "", text)
    path = tmp_path / "v1.36" / "corvid" / "PRODUCT.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def lint(submission, tmp_path, *arguments):
    report = tmp_path / "report.json"
    options = ["--registry", str(FIXTURES / "submissions"), "--members", str(FIXTURES / "members.txt")]
    run(["lint", str(submission), "--select", "evidence,metadata", f"--format=json={report}", *options, *arguments])
    return {
        (f["id"], f["severity"], f["requirement"]) for f in json.loads(report.read_text(encoding="utf-8"))["findings"]
    }


def test_a_dead_address_is_an_error_and_a_refused_one_a_note(submission, tmp_path):
    found = lint(submission, tmp_path, "--online", "--allow-private")
    assert ("evidence/url_dead", "error", "gang_scheduling") in found
    assert ("evidence/url_undecided", "note", "ai_inference") in found
    assert not {row for row in found if row[2] == "pod_autoscaling"}


def test_an_address_of_this_machine_is_not_asked_unasked(submission, tmp_path):
    found = lint(submission, tmp_path, "--online")
    assert ("evidence/url_undecided", "note", "gang_scheduling") in found
    assert not {row for row in found if row[0] == "evidence/url_dead"}


def test_offline_nothing_is_asked(submission, tmp_path):
    assert not {row for row in lint(submission, tmp_path) if "url_" in row[0]}
