"""Servers that mean harm, or are broken beyond use: each costs little, and gets an honest answer."""

import asyncio
import itertools
import random
import time
import tracemalloc
import zlib

import pytest

SITE = "http://www.acme.example"
MEBIBYTE = 1 << 20


def within(seconds):
    """Fails when the block takes longer."""

    class Watch:
        def __enter__(self):
            self.started = time.monotonic()

        def __exit__(self, *_):
            assert time.monotonic() - self.started < seconds

    return Watch()


def in_memory(web, url, **changes):
    """The facts, and how many bytes the client and the test server together held at the peak."""
    tracemalloc.start()
    try:
        fact = web.check_one(url, **changes)
        return fact, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def hang(_request, reader, _writer):
    await reader.read()


def test_a_server_that_hangs_is_undecided_in_time(web):
    web.pages["/"] = hang
    with within(10):
        fact = web.check_one(f"{SITE}/", request_timeout=0.3, retries=1)
    assert (fact["state"], fact["cause"], fact["status"]) == ("undecided", "timeout", None)
    assert web.asked() == ["HEAD /", "GET /", "GET /"]


def test_a_server_that_drips_its_headers_is_undecided_in_time(web):
    async def drip(_request, _reader, writer):
        for byte in itertools.cycle(b"HTTP/1.1 200 OK\r\nx: y\r\n"):
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.01)

    web.pages["/"] = drip
    with within(10):
        fact = web.check_one(f"{SITE}/", request_timeout=0.3, retries=0)
    assert fact["state"] == "undecided"
    assert fact["cause"] in ("timeout", "protocol")


def test_interim_answers_without_end_are_undecided_in_time(web):
    async def interim(_request, _reader, writer):
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n")
            await writer.drain()

    web.pages["/"] = interim
    with within(10):
        fact = web.check_one(f"{SITE}/", request_timeout=0.3, retries=0)
    assert (fact["state"], fact["cause"]) == ("undecided", "timeout")


def test_a_body_that_drips_leaves_the_address_alive_and_the_content_unknown(web):
    async def drip(_request, _reader, writer):
        writer.write(web.reply(200, content_length=1000, content_type="image/svg+xml") + b"<!-- ")
        while True:
            await asyncio.sleep(0.01)
            writer.write(b"-")
            await writer.drain()

    web.pages["/logo.svg"] = drip
    with within(10):
        fact = web.check_one(f"{SITE}/logo.svg", "logo", request_timeout=0.3)
    assert (fact["state"], fact["status"], fact["is_svg"], fact["content"]) == ("alive", 200, None, "")


def test_headers_without_end_are_undecided_and_bounded(web):
    async def flood(_request, _reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\n")
        for number in itertools.count():
            writer.write(b"x-%d: " % number + b"y" * 4096 + b"\r\n")
            await writer.drain()

    web.pages["/"] = flood
    fact, peak = in_memory(web, f"{SITE}/", retries=0)
    assert (fact["state"], fact["cause"]) == ("undecided", "protocol")
    assert peak < 8 * MEBIBYTE


def test_a_gigabyte_is_not_read(web):
    sent = 0

    async def pour(request, _reader, writer):
        nonlocal sent
        writer.write(web.reply(200, content_length=1 << 30, content_type="image/svg+xml"))
        while request.method == "GET" and sent < 1 << 30:
            writer.write(b" " * 65536)
            await writer.drain()
            sent += 65536

    web.pages["/logo.svg"] = pour
    fact, peak = in_memory(web, f"{SITE}/logo.svg", purpose="logo")
    assert (fact["state"], fact["is_svg"]) == ("alive", None)
    assert sent < 16 * MEBIBYTE  # the limit is one; the rest is what the system buffers
    assert peak < 16 * MEBIBYTE


def test_many_great_files_are_not_all_kept(web):
    great = web.reply(200, b" " * MEBIBYTE)
    urls = [f"{SITE}/{number}.svg" for number in range(80)]
    web.pages |= {f"/{number}.svg": great for number in range(80)}
    tracemalloc.start()
    try:
        facts = web.check(*urls, purpose="logo")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert {fact["content"] for fact in facts.values()} == {"empty"}
    assert peak < 60 * MEBIBYTE


def test_a_page_that_is_only_looked_for_is_not_read_at_all(web):
    sent = 0

    async def pour(request, _reader, writer):
        nonlocal sent
        if request.method == "HEAD":
            writer.write(web.reply(405))
            return
        writer.write(web.reply(200, content_length=1 << 30))
        while sent < 1 << 30:
            writer.write(b" " * 65536)
            await writer.drain()
            sent += 65536

    web.pages["/"] = pour
    assert web.check_one(f"{SITE}/")["state"] == "alive"
    assert sent < 16 * MEBIBYTE


def test_a_decompression_bomb_does_not_unfold(web):
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(bytes(MEBIBYTE)) for _ in range(256)) + packer.flush()
    assert len(bomb) < MEBIBYTE
    web.pages["/logo.svg"] = web.reply(200, bomb, content_encoding="gzip", content_type="image/svg+xml")
    fact, peak = in_memory(web, f"{SITE}/logo.svg", purpose="logo")
    assert (fact["state"], fact["is_svg"]) == ("alive", None)
    assert peak < 16 * MEBIBYTE


def test_a_bomb_inside_a_compressed_svg_does_not_unfold(web):
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b" " * MEBIBYTE) for _ in range(256)) + packer.flush()
    web.pages["/logo.svgz"] = web.reply(200, bomb, content_type="image/svg+xml")
    fact, peak = in_memory(web, f"{SITE}/logo.svgz", purpose="logo")
    assert (fact["state"], fact["is_svg"]) == ("alive", False)
    assert peak < 24 * MEBIBYTE


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, gzip", "zstd", "nonsense"])
def test_a_body_in_an_encoding_that_is_not_what_it_says_leaves_the_content_unknown(web, encoding):
    web.pages["/logo.svg"] = web.reply(200, b"<svg/>", content_encoding=encoding)
    fact = web.check_one(f"{SITE}/logo.svg", "logo")
    assert (fact["state"], fact["is_svg"]) == ("alive", None)


def test_a_length_that_is_too_great_leaves_the_address_alive(web):
    async def lie(_request, _reader, writer):
        writer.write(web.reply(200, content_length=5000) + b"<svg xmlns='http://www.w3.org/2000/svg'/>")
        await writer.drain()
        writer.close()

    web.pages["/logo.svg"] = lie
    fact = web.check_one(f"{SITE}/logo.svg", "logo")
    assert (fact["state"], fact["is_svg"]) == ("alive", True)


def test_a_length_that_is_too_small_does_no_harm_to_the_next_address(web):
    async def lie(_request, _reader, writer):
        writer.write(web.reply(200, content_length=6) + b"<svg/>HTTP/1.1 404 Lie\r\ncontent-length: 0\r\n\r\n")

    web.pages["/logo.svg"], web.pages["/next"] = lie, web.reply(200)
    facts = web.check(f"{SITE}/logo.svg", f"{SITE}/next", purpose="logo", per_host=1)
    assert [fact["state"] for fact in facts.values()] == ["alive", "alive"]


@pytest.mark.parametrize("length", ["-1", "0x10", "1e3", "5, 6", "9" * 30])
def test_a_length_that_is_none_is_undecided_at_worst(web, length):
    web.pages["/"] = web.reply(200, b"hello", content_length=length)
    fact = web.check_one(f"{SITE}/", retries=0)
    assert fact["cause"] in ("protocol", "http_status")
    assert fact["state"] in ("undecided", "alive")


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\x00" * 100,
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nx\r\n\r\n",
        b"HTTP/1.1 20 OK\r\n\r\n",
        b"HTTP/1.1 99999 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nx: \x00\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: nonsense\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFFFF\r\n",
        b"HTTP/1.1 301 Moved\r\nlocation: \xff\xfe\r\n\r\n",
        b"HTTP/1.1 429 Slow\r\nretry-after: " + b"9" * 5000 + b"\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 429 Slow\r\nretry-after: Wed, 99 Foo 99999 99:99:99 GMT\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 429 Slow\r\nretry-after: -5\r\ncontent-length: 0\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    ],
    ids=lambda answer: repr(answer[:40]),
)
def test_an_answer_that_is_no_http_is_undecided_and_foreseen(web, answer):
    web.ports[web.public, 80] = web.raw_server(answer)
    fact = web.check_one(f"{SITE}/", "logo", retries=1, request_timeout=0.3)
    assert fact["state"] in ("undecided", "alive")
    assert fact["cause"] != "unexpected"
    assert "\x00" not in fact["reason"]


def test_random_answers_are_all_foreseen(web):
    """Mutations of a good answer: whatever comes, the run goes on and nothing is taken for a fault of aiconf's."""
    choose = random.Random(7)  # noqa: S311 - the same answers in every run
    good = web.reply(301, b"<svg/>", location="/next", content_encoding="gzip", retry_after="3")
    urls = []
    for number in range(60):
        broken = bytearray(good)
        for _ in range(choose.randrange(1, 8)):
            broken[choose.randrange(len(broken))] = choose.randrange(256)
        address = f"93.184.216.{number}"
        web.names[f"h{number}.example"] = [address]
        web.ports[address, 80] = web.raw_server(bytes(broken))
        urls.append(f"http://h{number}.example/")
    facts = web.check(*urls, purpose="logo", retries=0, request_timeout=0.3)
    assert {fact["cause"] for fact in facts.values()}.isdisjoint({"unexpected"})


def test_a_host_that_stays_silent_is_soon_left_alone(web):
    for number in range(40):
        web.pages[f"/{number}"] = hang
    web.pages["other.example/"] = web.reply(200)
    urls = [f"{SITE}/{number}" for number in range(40)]
    with within(10):
        facts = web.check(*urls, "http://other.example/", request_timeout=0.3)
    assert [facts[url]["state"] for url in urls] == ["undecided"] * 40
    assert {facts[url]["cause"] for url in urls} == {"timeout", "host_left_alone"}
    assert facts["http://other.example/"]["state"] == "alive"
    assert len(web.asked("www.acme.example")) <= 8


def test_the_whole_run_ends_in_its_time_and_keeps_what_was_answered(web):
    web.pages["/"] = hang
    web.pages["good.example/"] = web.reply(200)
    hosts = [f"http://h{number}.example/" for number in range(30)]
    with within(10):
        facts = web.check("http://good.example/", *hosts, request_timeout=60.0, run_timeout=0.5)
    assert facts["http://good.example/"]["state"] == "alive"
    assert {facts[url]["cause"] for url in hosts} == {"run_timeout"}
    assert {facts[url]["state"] for url in hosts} == {"undecided"}


def test_a_name_service_that_hangs_does_not_hold_up_the_end(web):
    async def never(_host):
        await asyncio.Event().wait()

    web.resolve = never
    with within(10):
        fact = web.check_one(f"{SITE}/", run_timeout=0.3)
    assert (fact["state"], fact["cause"]) == ("undecided", "run_timeout")
