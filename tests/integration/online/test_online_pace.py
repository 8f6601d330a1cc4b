"""How fast, and how gently."""

import asyncio
import time

SITE = "http://www.acme.example"


def test_at_most_two_requests_are_at_one_host_at_once_and_many_at_all(web):
    async def slow(_request, _reader, writer):
        await asyncio.sleep(0.02)
        writer.write(web.reply(200))

    urls = [f"http://h{host}.example/{page}" for host in range(5) for page in range(8)]
    for page in range(8):
        web.pages[f"/{page}"] = slow
    facts = web.check(*urls)
    assert {fact["state"] for fact in facts.values()} == {"alive"}
    assert set(web.most_at_once.values()) == {2}
    assert web.most_at_once_of_all > 2


def test_the_number_of_requests_at_once_is_bounded_over_all_hosts(web):
    async def slow(_request, _reader, writer):
        await asyncio.sleep(0.02)
        writer.write(web.reply(200))

    web.pages["/"] = slow
    web.check(*(f"http://h{host}.example/" for host in range(20)), concurrency=3)
    assert web.most_at_once_of_all == 3


def test_a_pause_that_a_host_asks_for_holds_for_all_its_addresses_and_no_others(web):
    answered: dict[str, list[float]] = {}

    async def page(request, _reader, writer):
        answered.setdefault(request.path, []).append(time.monotonic())
        first = request.path == "/first" and len(answered["/first"]) == 1
        writer.write(web.reply(429, retry_after=1) if first else web.reply(200))

    for path in ("/first", "/second", "/third"):
        web.pages[path] = page
    web.pages["other.example/"] = web.reply(200)
    started = time.monotonic()
    done = []
    web.check(
        f"{SITE}/first", f"{SITE}/second", f"{SITE}/third", "http://other.example/",
        per_host=1, progress=lambda n, _total: done.append((n, time.monotonic() - started)),
    )  # fmt: skip
    assert answered["/second"][0] - answered["/first"][0] >= 1.0
    assert done[0][1] < 1.0  # the other host's


def test_a_thousand_addresses_at_fifty_hosts_take_about_as_long_as_the_slowest_host(web):
    """Each host has twenty pages and answers after its own while; the slowest alone needs 20 / 2 whiles of 0.2 s."""
    delays = {f"h{host}.example": 0.004 * (host + 1) for host in range(50)}

    async def page(request, _reader, writer):
        await asyncio.sleep(delays[request.host])
        writer.write(web.reply(200))

    for number in range(20):
        web.pages[f"/{number}"] = page
    urls = [f"http://{host}/{number}" for host in delays for number in range(20)]
    slowest = max(delays.values()) * 20 / 2
    started = time.monotonic()
    facts = web.check(*urls)
    ratio = (time.monotonic() - started) / slowest
    assert {fact["state"] for fact in facts.values()} == {"alive"}
    assert len(facts) == len(web.requests) == 1000
    assert set(web.most_at_once.values()) == {2}
    assert ratio < 10  # about 1.7 on two idle cores, where one host after the other would be 51
