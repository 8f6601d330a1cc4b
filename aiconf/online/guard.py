"""Which addresses may be connected to, and which texts are an address of the web at all.

A submission comes from a stranger and is often checked inside a company's network or a cloud, where an address in it
could lead to things that only trust their neighbours. The list is one of what is allowed, not of what is forbidden:
for IPv6 the global unicast block alone (RFC 4291), for IPv4 what IANA's special-purpose registry leaves. It is written
out here because what ``ipaddress`` calls global differs between Python versions.
"""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

import httpx

from aiconf.errors import AiconfError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

Address = IPv4Address | IPv6Address

# Networks a request must never reach, and what to call them. The first that matches gives the name.
_SPECIAL: tuple[tuple[str, tuple[IPv4Network | IPv6Network, ...]], ...] = tuple(
    (kind, tuple(ip_network(text) for text in networks.split()))
    for kind, networks in (
        # Azure's lies in a public block; those of AWS, Alibaba and Oracle are also inside the blocks below.
        (
            "a cloud metadata",
            "169.254.169.254/32 169.254.170.2/32 100.100.100.200/32 168.63.129.16/32 192.0.0.192/32 fd00:ec2::/32",
        ),
        ("an unspecified", "0.0.0.0/8 ::/128"),
        ("a loopback", "127.0.0.0/8 ::1/128"),
        ("a private", "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7 fec0::/10"),
        ("a link-local", "169.254.0.0/16 fe80::/10"),
        ("a carrier's shared", "100.64.0.0/10"),
        ("a multicast", "224.0.0.0/4 ff00::/8"),
        ("a documentation", "192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20"),
        ("a tunnel", "192.88.99.0/24 2001::/32 2002::/16"),
        ("a reserved", "192.0.0.0/24 198.18.0.0/15 240.0.0.0/4 2001::/23"),
    )
)
_IPV6_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address

_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?\Z")
_NUMERIC_LABEL = re.compile(r"(\d+|0x[0-9a-f]*)\Z")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029\ufeff\ud800-\udfff]")


class RefusedError(AiconfError):
    """A request that is not made, whatever is there; the text says why."""


class UnusableUrlError(AiconfError):
    """A text that is no address of the web; the text says why."""


def special_kind(address: Address) -> str:
    """What makes an address one that is not on the public internet, with its article; "" for a public one."""
    if isinstance(address, IPv6Address):
        if embedded := embedded_address(address):
            return special_kind(embedded)
        if address.scope_id is not None:
            return "a link-local"
    for kind, networks in _SPECIAL:
        if any(address in network for network in networks):
            return kind
    outside = isinstance(address, IPv6Address) and address not in _IPV6_UNICAST
    return "a reserved" if outside or not address.is_global else ""


def embedded_address(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address a packet to an IPv6 address really goes to: an IPv4-mapped one, or one behind NAT64."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped


class Guard:
    """Says which addresses may be connected to.

    Args:
        allowed: Networks (CIDR) that may be although they are not public.

    Raises:
        UsageError: One of them is no network.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        try:
            self._allowed = tuple(ip_network(text) for text in allowed)
        except ValueError as error:
            raise UsageError(f"a private network to allow is written like 10.0.0.0/8: {error}") from error

    @property
    def allows_private(self) -> bool:
        """Whether anything but the public internet is allowed."""
        return bool(self._allowed)

    def refusal(self, address: Address) -> str:
        """Why an address may not be connected to, "" when it may."""
        kind = special_kind(address)
        if not kind or any(address in network for network in self._allowed):
            return ""
        return f"{address} is {kind} address"

    def check_url(self, text: str) -> httpx.URL:
        """An address of the web that may be asked for, as far as the text alone tells.

        Raises:
            UnusableUrlError: It is none.
            RefusedError: It is one that is never asked for.
        """
        url = parse_url(text)
        address = literal_address(url)
        if address and (why := self.refusal(address)):
            raise RefusedError(why)
        if not address and not self.allows_private and _is_local_name(host_of(url)):
            raise RefusedError(f"{host_of(url)} is a name of the local network")
        return url


def parse_url(text: str) -> httpx.URL:
    """A text as an http or https address.

    Raises:
        UnusableUrlError: It is none that can be opened.
        RefusedError: Its scheme is another, or it holds a password or a host written to mislead.
    """
    if not text or _UNPRINTABLE.search(text):
        raise UnusableUrlError("it is empty or has characters that no address has")
    try:
        url = httpx.URL(text)
        host = host_of(url)
    except (httpx.InvalidURL, ValueError, TypeError) as error:
        raise UnusableUrlError(f"it cannot be read as an address: {error}") from error
    if url.scheme not in ("http", "https"):
        raise RefusedError(f"its scheme is {url.scheme or 'missing'}, not http or https")
    if url.userinfo:
        raise RefusedError("it holds a user name or password")
    if url.port is not None and not 0 < url.port < 65536:  # noqa: PLR2004 - 16 bits
        raise UnusableUrlError(f"there is no port {url.port}")
    _check_host(host)
    return url


def _check_host(host: str) -> None:
    if not host:
        raise UnusableUrlError("it has no host")
    if _as_address(host):
        return
    # inet_aton reads 2130706433, 0x7f.1 and 0177.0.0.1 as addresses; so do browsers, whoever reads the link does not.
    if _NUMERIC_LABEL.match(host.rstrip(".").rpartition(".")[2]):
        raise RefusedError(f"its host {host} is a number that stands for an address")
    if not _NAME.match(host):
        raise UnusableUrlError(f"{host} is no host name")


def literal_address(url: httpx.URL) -> Address | None:
    """The IP address a URL has in place of a name, None when it has a name."""
    return _as_address(host_of(url))


def host_of(url: httpx.URL) -> str:
    """The host as it goes over the wire, lower case; ``url.host`` would turn it into other letters, or fail to."""
    return url.raw_host.decode("ascii").lower()


@lru_cache(maxsize=1024)
def _as_address(host: str) -> Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_local_name(host: str) -> bool:
    """Names that only a local network resolves: of one label, and the special ones (RFC 6761, RFC 6762)."""
    labels = host.rstrip(".").split(".")
    return len(labels) == 1 or labels[-1] in ("localhost", "local", "internal")
