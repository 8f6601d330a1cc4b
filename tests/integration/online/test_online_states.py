"""What each kind of answer is taken for."""

import asyncio
import json
import socket
import time

import pytest

from aiconf.online.facts import opened_page
from aiconf.online.names import NoAddressError, NoSuchHostError

GONE = {404, 410}
PASSING = {408, 425, 429, 500, 502, 503, 504}
SITE = "http://www.acme.example"


def expected_state(status):
    if 200 <= status < 300:
        return "alive"
    return "dead" if status in GONE else "undecided"


def test_every_status_is_told_apart_and_only_404_and_410_are_dead(web):
    """One host per status, so that no answer to one changes what becomes of another."""
    statuses = [*range(200, 600), 600, 700, 999]
    for status in statuses:
        web.pages[f"s{status}.example/"] = web.reply(status)
    facts = web.check(*(f"http://s{status}.example/" for status in statuses), retries=1)
    got = {status: facts[f"http://s{status}.example/"] for status in statuses}
    assert {status: fact["state"] for status, fact in got.items()} == {s: expected_state(s) for s in statuses}
    assert {status: fact["status"] for status, fact in got.items()} == {s: s for s in statuses}
    # A good answer to HEAD is believed at once; a bad one is held against GET; one that may pass is asked again.
    assert web.asked("s204.example") == ["HEAD /"]
    assert web.asked("s404.example") == ["HEAD /", "GET /"]
    assert web.asked("s403.example") == ["HEAD /", "GET /"]
    assert {s for s in statuses if len(web.asked(f"s{s}.example")) > 2} == PASSING


@pytest.mark.parametrize("refusal", [400, 403, 404, 405, 406, 500, 501, 503])
def test_a_server_that_refuses_head_is_asked_with_get(web, refusal):
    async def page(request, _reader, writer):
        writer.write(web.reply(200 if request.method == "GET" else refusal))

    web.pages["/"] = page
    assert web.check_one(f"{SITE}/")["state"] == "alive"
    assert web.asked() == ["HEAD /", "GET /"]


def test_a_server_that_breaks_off_at_head_is_asked_with_get(web):
    async def page(request, _reader, writer):
        if request.method == "HEAD":
            writer.close()
        else:
            writer.write(web.reply(200))

    web.pages["/"] = page
    assert web.check_one(f"{SITE}/")["state"] == "alive"


def test_a_body_in_the_answer_to_head_does_no_harm_to_the_next_address(web):
    async def page(_request, _reader, writer):
        writer.write(web.reply(200, b"HTTP/1.1 404 Lie\r\ncontent-length: 0\r\n\r\n"))

    web.pages["/liar"], web.pages["/next"] = page, web.reply(200)
    facts = web.check(f"{SITE}/liar", f"{SITE}/next", per_host=1)
    assert [fact["state"] for fact in facts.values()] == ["alive", "alive"]


def test_permanent_redirects_are_moved_and_say_where_to(web):
    web.pages["/old"] = web.reply(301, location="/newer")
    web.pages["/newer"] = web.reply(308, location="https://docs.acme.example/new#part")
    web.pages["docs.acme.example/new"] = web.reply(200)
    fact = web.check_one(f"{SITE}/old", ca_file=None)
    assert fact["state"] == "undecided"  # the https server's certificate is not one of a known authority
    web.pages["/newer"] = web.reply(308, location="//docs.acme.example/new#part")
    fact = web.check_one(f"{SITE}/old")
    assert (fact["state"], fact["moved_to"]) == ("moved", "http://docs.acme.example/new")
    assert fact["final_url"] == "http://docs.acme.example/new"


@pytest.mark.parametrize("status", [302, 303, 307])
def test_temporary_redirects_leave_an_address_alive(web, status):
    web.pages["/a"] = web.reply(status, location="b")
    web.pages["/b"] = web.reply(301, location="/c")  # permanent, but from an address that nobody wrote down
    web.pages["/c"] = web.reply(200)
    fact = web.check_one(f"{SITE}/a")
    assert (fact["state"], fact["moved_to"], fact["final_url"]) == ("alive", "", f"{SITE}/c")


def test_only_the_permanent_redirects_at_the_beginning_count_as_moving(web):
    web.pages["/a"] = web.reply(301, location="/b")
    web.pages["/b"] = web.reply(302, location="/c")
    web.pages["/c"] = web.reply(200)
    fact = web.check_one(f"{SITE}/a")
    assert (fact["state"], fact["moved_to"], fact["final_url"]) == ("moved", f"{SITE}/b", f"{SITE}/c")


@pytest.mark.parametrize(("status", "state"), [(404, "dead"), (410, "dead"), (403, "undecided"), (401, "undecided")])
def test_behind_a_redirect_the_last_answer_counts(web, status, state):
    web.pages["/a"] = web.reply(301, location="/b")
    web.pages["/b"] = web.reply(status)
    fact = web.check_one(f"{SITE}/a")
    assert (fact["state"], fact["status"]) == (state, status)


def test_redirects_in_a_circle_are_undecided_and_end(web):
    web.pages["/a"] = web.reply(302, location="/b")
    web.pages["/b"] = web.reply(301, location="/a")
    fact = web.check_one(f"{SITE}/a")
    assert (fact["state"], fact["cause"]) == ("undecided", "redirects")
    assert web.asked() == ["HEAD /a", "HEAD /b", "GET /a", "GET /b"]


def test_redirects_without_end_are_undecided_and_end(web):
    async def page(request, _reader, writer):
        writer.write(web.reply(302, location=f"/?n={int(request.path.partition('=')[2] or 0) + 1}"))

    web.pages["/"] = page
    fact = web.check_one(f"{SITE}/", redirects=5)
    assert (fact["state"], fact["cause"]) == ("undecided", "redirects")
    assert len(web.requests) == 2 * 6


@pytest.mark.parametrize(
    "location", ["http://[::1", "http://x.example:99999999/", "//", "http://a b/", "\x01", "?" * 70000]
)
def test_a_redirect_to_what_is_no_address_is_undecided(web, location):
    web.pages["/"] = web.reply(301, location=location)
    fact = web.check_one(f"{SITE}/")
    assert fact["state"] == "undecided"
    assert fact["cause"] in ("unusable_url", "protocol", "redirects")
    assert len(fact["reason"]) <= 400


def test_a_redirect_without_a_location_is_undecided(web):
    web.pages["/"] = web.reply(302)
    fact = web.check_one(f"{SITE}/")
    assert (fact["state"], fact["cause"], fact["status"]) == ("undecided", "http_status", 302)


def test_a_host_that_does_not_exist_is_dead(web):
    web.names["gone.example"] = NoSuchHostError("gone.example")
    fact = web.check_one("http://gone.example/")
    assert (fact["state"], fact["cause"]) == ("dead", "no_such_host")
    assert web.dialled == []
    assert "github.com" in web.looked_up  # a name that exists, to know that names can be looked up at all


def test_a_host_that_does_not_exist_behind_a_redirect_is_dead(web):
    web.names["gone.example"] = NoSuchHostError("gone.example")
    web.pages["/"] = web.reply(302, location="http://gone.example/")
    fact = web.check_one(f"{SITE}/")
    assert (fact["state"], fact["cause"]) == ("dead", "no_such_host")
    assert fact["reason"] == "it redirects to http://gone.example/, and there is no host gone.example"


def test_without_a_network_no_host_is_called_missing(web):
    """Some systems (macOS, Windows) say that a host does not exist when there is no network at all."""
    web.names["gone.example"] = web.names["github.com"] = NoSuchHostError("no network")
    fact = web.check_one("http://gone.example/", retries=0)
    assert (fact["state"], fact["cause"]) == ("undecided", "no_address")


def test_a_name_service_that_fails_for_now_is_undecided_and_asked_again(web):
    web.names["www.acme.example"] = [NoAddressError("try again"), NoAddressError("try again"), [web.public]]
    web.pages["/"] = web.reply(200)
    assert web.check_one(f"{SITE}/")["state"] == "alive"
    web.names["www.acme.example"] = NoAddressError("www.acme.example could not be looked up")
    fact = web.check_one(f"{SITE}/")
    assert (fact["state"], fact["cause"]) == ("undecided", "no_address")


def test_a_refused_connection_is_undecided(web):
    web.names["closed.example"] = ["93.184.215.99"]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        web.ports["93.184.215.99", 80] = closed.getsockname()[1]
    fact = web.check_one("http://closed.example/")
    assert (fact["state"], fact["cause"]) == ("undecided", "connection")


def test_the_next_address_of_a_name_is_tried_when_one_does_not_answer(web):
    web.names["www.acme.example"] = ["93.184.215.99", web.public]
    with socket.create_server(("127.0.0.1", 0)) as closed:
        web.ports["93.184.215.99", 80] = closed.getsockname()[1]
    web.pages["/"] = web.reply(200)
    assert web.check_one(f"{SITE}/")["state"] == "alive"
    assert web.dialled == [("93.184.215.99", 80), (web.public, 80)]


def test_a_certificate_of_an_unknown_authority_is_undecided_and_not_retried(web):
    web.pages["/"] = web.reply(200)
    fact = web.check_one("https://www.acme.example/")
    assert (fact["state"], fact["cause"]) == ("undecided", "tls")
    assert "certificate" in fact["reason"]
    assert web.requests == []
    assert len(web.dialled) == 1


def test_a_certificate_for_another_name_is_undecided(web, ca_file):
    fact = web.check_one("https://www.other.test/", ca_file=ca_file)
    assert (fact["state"], fact["cause"]) == ("undecided", "tls")


def test_tls_and_host_keep_the_name_though_the_address_is_dialled(web, ca_file):
    web.pages["/"] = web.reply(200)
    assert web.check_one("https://docs.acme.example/", ca_file=ca_file)["state"] == "alive"
    (request,) = web.requests
    assert (request.peer_name, request.headers["host"]) == ("docs.acme.example", "docs.acme.example")
    assert web.dialled == [(web.public, 443)]


def test_a_server_that_speaks_no_tls_is_undecided(web):
    web.ports[web.public, 443] = web.raw_server(web.reply(400))
    fact = web.check_one("https://www.acme.example/")
    assert (fact["state"], fact["cause"]) == ("undecided", "tls")


def test_a_server_that_is_silent_in_the_tls_handshake_is_undecided_in_time(web):
    web.ports[web.public, 443] = web.raw_server(None)
    fact = web.check_one("https://www.acme.example/", request_timeout=0.2, retries=0)
    assert (fact["state"], fact["cause"]) == ("undecided", "timeout")


def test_retry_after_is_kept_to(web):
    answers = [web.reply(429, retry_after=1), web.reply(200)]

    async def page(_request, _reader, writer):
        writer.write(answers.pop(0))

    web.pages["/"] = page
    started = time.monotonic()
    assert web.check_one(f"{SITE}/")["state"] == "alive"
    assert time.monotonic() - started >= 1.0


def test_a_host_that_asks_for_too_long_a_wait_is_left_alone_for_all_its_addresses(web):
    web.pages["/a"] = web.pages["/b"] = web.reply(429, retry_after=3600)
    web.pages["other.example/"] = web.reply(200)
    facts = web.check(f"{SITE}/a", f"{SITE}/b", f"{SITE}/c", "http://other.example/", per_host=1)
    assert [fact["state"] for fact in facts.values()] == ["undecided", "undecided", "undecided", "alive"]
    assert [fact["cause"] for fact in facts.values()][:3] == ["http_status", "host_left_alone", "host_left_alone"]
    assert len(web.asked("www.acme.example")) == 1


def test_a_host_that_keeps_answering_429_is_left_alone(web):
    for n in range(10):
        web.pages[f"/{n}"] = web.reply(429)
    facts = web.check(*(f"{SITE}/{n}" for n in range(10)), retries=1)
    assert {fact["state"] for fact in facts.values()} == {"undecided"}
    assert len(web.requests) <= 6  # two at once, each asked twice, and what was under way meanwhile


def test_an_answer_that_passes_is_asked_for_again(web):
    answers = [web.reply(502), web.reply(503), web.reply(200)]

    async def page(_request, _reader, writer):
        writer.write(answers.pop(0))

    web.pages["/"] = page
    assert web.check_one(f"{SITE}/")["state"] == "alive"


def test_a_fragment_is_not_sent_and_one_page_is_asked_for_once(web):
    web.pages["/page"] = web.reply(200)
    facts = web.check(f"{SITE}/page#a", f"{SITE}/page#b", f"{SITE}/page")
    assert {fact["state"] for fact in facts.values()} == {"alive"}
    assert web.asked() == ["HEAD /page"]
    assert [fact["anchor"] for fact in facts.values()] == ["unknown", "unknown", None]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "see our docs",
        "ftp://acme.example/x",
        "javascript:alert(1)",
        "http://",
        "https:///x",
        "\ud800",
        "http://a\nb/",
    ],
)
def test_a_text_that_is_no_web_address_gets_an_answer_without_a_request(web, text):
    fact = web.check_one(text)
    assert fact["state"] == "undecided"
    assert fact["cause"] in ("unusable_url", "refused")
    assert web.looked_up == []


def test_facts_have_every_key_and_plain_values(web):
    web.pages["/"] = web.reply(200)
    facts = web.check(f"{SITE}/", "nonsense", f"{SITE}/none")
    assert {frozenset(fact) for fact in facts.values()} == {frozenset(opened_page(""))}
    assert json.loads(json.dumps(facts)) == facts
    assert all(type(value) in (str, int, bool, list, type(None)) for fact in facts.values() for value in fact.values())


def test_addresses_are_answered_in_the_order_in_which_they_were_wanted(web):
    async def slow(_request, _reader, writer):
        await asyncio.sleep(0.05)
        writer.write(web.reply(200))

    web.pages["/slow"], web.pages["/fast"] = slow, web.reply(200)
    assert list(web.check(f"{SITE}/slow", f"{SITE}/fast")) == [f"{SITE}/slow", f"{SITE}/fast"]


def test_no_address_makes_no_run(web):
    assert web.check() == {}


def test_progress_counts_up_to_all(web):
    seen = []
    web.pages["/a"] = web.reply(200)
    web.check(f"{SITE}/a", f"{SITE}/b", "nonsense", progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
