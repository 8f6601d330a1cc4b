"""Which addresses may be connected to."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aiconf.errors import UsageError
from aiconf.online.guard import Guard, RefusedError, UnusableUrlError, embedded_address, parse_url, special_kind
from aiconf.online.settings import ALL_PRIVATE

# IANA's special-purpose address registries and the cloud metadata addresses, an address from each block's either end.
SPECIAL = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4", "255.255.255.255/32", "168.63.129.16/32", "::/128", "::1/128", "::ffff:0:0/104",
    "64:ff9b::/104", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32", "2002::/16",
    "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "fd00:ec2::254/128", "::/96",
    "4000::/3", "8000::/1",
)  # fmt: skip
PUBLIC = (
    "1.1.1.1", "8.8.8.8", "93.184.215.14", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0",
    "192.167.255.255", "192.169.0.0", "9.255.255.255", "11.0.0.0", "126.255.255.255", "128.0.0.0",
    "223.255.255.255", "169.253.255.255", "198.17.255.255", "198.20.0.0", "2606:4700::1111", "2a00:1450::1",
    "2001:4860:4860::8888", "2001:200::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8",
)  # fmt: skip


@pytest.mark.parametrize("network", SPECIAL)
def test_no_special_block_may_be_connected_to(network):
    block = ip_network(network)
    assert all(Guard().refusal(address) for address in (block[0], block[-1], block[block.num_addresses // 2]))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_may_be_connected_to_right_up_to_the_special_blocks(address):
    assert Guard().refusal(ip_address(address)) == ""


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
@example(IPv6Address("64:ff9b::a00:1"))
def test_every_address_that_python_calls_non_global_is_refused(address):
    if not address.is_global or address.is_multicast or address.is_reserved or address.is_link_local:
        embedded = isinstance(address, IPv6Address) and embedded_address(address)
        assert Guard().refusal(address) or (embedded and embedded.is_global)


@given(st.sampled_from(SPECIAL).flatmap(lambda network: st.ip_addresses(network=network)))
def test_every_address_of_a_special_block_is_refused(address):
    assert special_kind(address)


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::"]))
def test_an_ipv4_address_inside_an_ipv6_address_is_judged_as_itself(address, prefix):
    wrapped = IPv6Address(int(IPv6Address(prefix)) | int(address))
    assert embedded_address(wrapped) == address
    assert special_kind(wrapped) == special_kind(address)


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("169.254.169.254", "a cloud metadata"),
        ("127.0.0.1", "a loopback"),
        ("10.1.2.3", "a private"),
        ("fe80::1", "a link-local"),
        ("100.64.0.1", "a carrier's shared"),
        ("ff02::1", "a multicast"),
        ("2002:7f00:1::", "a tunnel"),
        ("4000::1", "a reserved"),
        ("2606:4700::1111%eth0", "a link-local"),
    ],
)
def test_a_refusal_says_what_the_address_is(address, kind):
    assert Guard().refusal(ip_address(address)) == f"{address} is {kind} address"


def test_an_allowed_network_is_allowed_and_nothing_beside_it():
    guard = Guard(["10.1.0.0/16", "fd00::/8"])
    assert guard.refusal(IPv4Address("10.1.2.3")) == guard.refusal(IPv6Address("fd12::1")) == ""
    assert guard.refusal(IPv4Address("10.2.0.1"))
    assert guard.refusal(IPv6Address("::ffff:10.1.2.3"))


@given(st.ip_addresses())
def test_all_private_allows_every_address(address):
    assert Guard(ALL_PRIVATE).refusal(address) == ""


@pytest.mark.parametrize("text", ["10.0.0.1/8", "everything", "", "10.0.0.0/33"])
def test_what_is_no_network_cannot_be_allowed(text):
    with pytest.raises(UsageError, match=r"10\.0\.0\.0/8"):
        Guard([text])


URLISH = st.text(alphabet="htps:/.@[]?#%\\0123456789abcdefx-_ \t\n\u3002\uff11\u00df\ud800é", max_size=60)


@given(st.one_of(st.text(max_size=80), URLISH, URLISH.map("http://".__add__), URLISH.map("https://a.example/".__add__)))
@example("http://[")
@example("http://[::1%25a]/")
@example("http://\u2100.example/")
@example("http://xn--.example/")
@example("http://a.example:" + "9" * 5000)
@example("http://" + "a." * 200)
@example("https://" + "a" * 70_000)
def test_any_text_is_an_address_that_opens_nothing_private_or_a_typed_refusal(text):
    try:
        url = Guard().check_url(text)
    except (RefusedError, UnusableUrlError) as error:
        assert str(error)  # noqa: PT017 - either outcome is right
        return
    assert url.scheme in ("http", "https")
    assert url.raw_host.isascii()
    assert not url.userinfo
    assert {*b".:"} & {*url.raw_host}


@pytest.mark.parametrize(
    "text",
    [
        "https://docs.corvid.example",
        "http://docs.corvid.example:8080/a/b?c=d#e",
        "HTTPS://DOCS.CORVID.EXAMPLE/",
        "https://bücher.example/ü?q=ü#ü",
        "https://docs.corvid.example./",
        "https://a_b.example/",
        "https://8.8.8.8/",
        "https://[2606:4700::1111]/",
        "https://github.com/o/r/blob/main/a%20b.md#L1-L2",
    ],
)
def test_addresses_of_the_web_are_accepted(text):
    assert Guard().check_url(text) == parse_url(text)
