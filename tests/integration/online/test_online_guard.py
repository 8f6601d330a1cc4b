"""Nothing private is touched, by whatever way an address leads there."""

import socket

import pytest

SITE = "http://www.acme.example"
PRIVATE = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127。0。0。1:{port}/",  # dots that IDNA takes for dots
    "http://localhost:{port}/",
    "http://LOCALHOST.:{port}/",
    "http://0.0.0.0:{port}/",
    "http://0:{port}/",
    "http://[::1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://100.100.100.200/latest/",
    "http://100.64.0.1/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://intranet/",
    "http://printer.local/",
    "http://metadata.google.internal/computeMetadata/v1/",
    "http://user:password@127.0.0.1:{port}/",
    "http://www.acme.example@127.0.0.1:{port}/",
    "http://user@www.acme.example/",
    "http://user:password@www.acme.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/",
    "ftp://127.0.0.1:{port}/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_a_private_address_is_never_asked_for(web, sentinel, url):
    url = url.format(port=sentinel)
    fact = web.check_one(url)
    assert fact["state"] == "undecided"
    assert fact["cause"] in ("refused", "unusable_url")
    assert web.dialled == []
    assert web.looked_up == []


@pytest.mark.parametrize("url", PRIVATE)
def test_a_redirect_to_a_private_address_is_not_followed(web, sentinel, url):
    web.pages["/"] = web.reply(302, location=url.format(port=sentinel).encode().decode("latin-1"))
    fact = web.check_one(f"{SITE}/")
    assert fact["state"] == "undecided"
    assert fact["cause"] in ("refused", "unusable_url")
    assert {address for address, _ in web.dialled} == {web.public}
    assert web.looked_up == ["www.acme.example"]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "::ffff:127.0.0.1",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "fd00::1",
        "64:ff9b::7f00:1",
        "168.63.129.16",
        "0.0.0.0",  # noqa: S104 - nothing is bound
    ],
)
def test_a_public_name_for_a_private_address_is_not_connected_to(web, sentinel, address):
    web.names["inside.acme.example"] = [address]
    fact = web.check_one(f"http://inside.acme.example:{sentinel}/")
    assert (fact["state"], fact["cause"]) == ("undecided", "refused")
    assert web.dialled == []


def test_a_name_that_changes_its_address_between_two_requests_is_checked_each_time(web, sentinel):
    """DNS rebinding: the address that was checked is the one that is dialled, and there is no other look-up."""
    web.names["rebind.example"] = [[web.public], ["127.0.0.1"]]
    web.ports[web.public, sentinel] = web.ports[web.public, 80]

    async def page(_request, _reader, writer):
        writer.write(web.reply(405, connection="close"))
        writer.close()

    web.pages["/"] = page
    fact = web.check_one(f"http://rebind.example:{sentinel}/")
    assert (fact["state"], fact["cause"]) == ("undecided", "refused")
    assert web.dialled == [(web.public, sentinel)]
    assert web.looked_up == ["rebind.example", "rebind.example"]


def test_of_a_name_with_both_kinds_of_address_only_the_public_one_is_dialled(web):
    web.names["both.example"] = ["127.0.0.1", "10.0.0.1", web.public, "::1"]
    web.pages["/"] = web.reply(200)
    assert web.check_one("http://both.example/")["state"] == "alive"
    assert web.dialled == [(web.public, 80)]


def test_the_files_behind_github_links_are_fetched_past_the_guard_too(web, sentinel, ca_file):
    web.names["raw.githubusercontent.com"] = ["127.0.0.1"]
    web.pages["/o/r/blob/v1/a.md"] = web.reply(200)
    fact = web.check_one("https://github.com/o/r/blob/v1/a.md#part", ca_file=ca_file)
    assert (fact["state"], fact["anchor"]) == ("alive", "unknown")
    assert web.dialled == [(web.public, 443)]
    assert sentinel


def test_private_networks_can_be_allowed_one_by_one(web):
    local = web.ports[web.public, 80]
    web.ports["127.0.0.1", local] = local
    web.pages["/"] = web.reply(200)
    assert web.check_one(f"http://127.0.0.1:{local}/", allow_private=("127.0.0.1/32",))["state"] == "alive"
    assert web.check_one(f"http://127.0.0.2:{local}/", allow_private=("127.0.0.1/32",))["cause"] == "refused"
    assert web.check_one(f"http://[::1]:{local}/", allow_private=("127.0.0.1/32",))["cause"] == "refused"


def test_with_the_systems_own_network_an_allowed_name_of_this_machine_opens(web):
    """No table and no dialler of the tests: the resolver, the guard and the sockets are the product's."""
    from aiconf.online import Wanted, check_urls  # noqa: PLC0415 - as a caller would

    port = web.ports[web.public, 80]
    web.pages["/"] = web.reply(200)
    url = f"http://localhost:{port}/"
    allowed = check_urls([Wanted(url)], web.settings(allow_private=("127.0.0.0/8", "::1/128")))
    refused = check_urls([Wanted(url), Wanted(f"http://127.0.0.1:{port}/")], web.settings())
    assert allowed[url]["state"] == "alive"
    assert {fact["cause"] for fact in refused.values()} == {"refused"}
    assert len(web.requests) == 1


def test_a_proxy_of_the_environment_is_not_used(web, sentinel, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{sentinel}")
    web.pages["/"] = web.reply(200)
    assert web.check_one(f"{SITE}/")["state"] == "alive"


def test_a_proxy_that_is_asked_for_is_used_and_private_addresses_stay_refused(web):
    port = web.ports["127.0.0.1", 3128] = web.ports[web.public, 80]
    web.pages["http://www.acme.example/"] = web.reply(200)
    proxy = "http://127.0.0.1:3128"
    assert web.check_one(f"{SITE}/", proxy=proxy)["state"] == "alive"
    assert web.dialled == [("127.0.0.1", 3128)]
    assert web.check_one(f"http://127.0.0.1:{port}/", proxy=proxy)["cause"] == "refused"
    assert web.asked() == ["HEAD http://www.acme.example/"]


def test_no_cookie_and_no_password_is_ever_sent(web, monkeypatch, tmp_path):
    (tmp_path / ".netrc").write_text("machine www.acme.example login me password secret\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    web.pages["/a"] = web.reply(302, location="/b", set_cookie="id=1; Path=/")
    web.pages["/b"] = web.reply(200, set_cookie="id=2; Path=/")
    web.check(f"{SITE}/a", f"{SITE}/b", per_host=1)
    sent = {name for request in web.requests for name in request.headers}
    assert sent == {"host", "user-agent", "accept", "accept-language", "accept-encoding", "connection"}


def test_requests_say_who_asks_and_where_to_complain(web):
    web.pages["/"] = web.reply(200)
    web.check_one(f"{SITE}/", contact="https://acme.example/links")
    agent = web.requests[0].headers["user-agent"]
    assert agent.startswith("aiconf/")
    assert "+https://acme.example/links" in agent


def test_a_connection_that_left_the_loopback_interface_would_be_seen(stray):
    """The watch over this folder's tests works: it stops what it is there to stop."""
    with pytest.raises(PermissionError), socket.socket() as outward:
        outward.connect(("192.0.2.1", 9))
    assert stray() == [("192.0.2.1", 9)]
