"""What is asked, and how: the plain values the rest of the package works from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

Purpose = Literal["evidence", "logo", "website", "documentation", "repository", "conformance"]

ALL_PRIVATE = ("0.0.0.0/0", "::/0")  # for `Settings.allow_private`: no address is refused

# Where somebody who finds aiconf in a server's log can learn whose links it checks, and whom to ask.
CONTACT = "https://github.com/cncf/k8s-ai-conformance"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An address, as it stands in the submission, and what it is there for."""

    url: str
    purpose: Purpose = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to ask; the defaults suit a run over one submission as well as one over all of them.

    Attributes:
        now: The time of the run, with a time zone: what ages in the cache are counted from.
        cache: The folder for what is kept between runs, None to keep nothing.
        contact: The address given in the user agent.
        allow_private: Networks (CIDR) that may be connected to although they are not public.
        proxy: The address of an HTTP proxy to send everything through; none is used unasked. The proxy then
            looks the names up, so what lies behind a name is its to guard; addresses are still checked here.
        ca_file: Certificates (PEM) to trust instead of the usual ones.
        concurrency: How many requests may be under way at once.
        per_host: How many of them at one host.
        retries: How many more times to ask after an answer that may pass: 429, 5xx, a timeout, a broken connection.
        backoff: Seconds before the first retry; doubled for each next one, and varied by up to a half.
        longest_wait: Seconds; a server that asks (``Retry-After``) for more is left alone for this run.
        connect_timeout: Seconds for one connection attempt.
        request_timeout: Seconds for one request with everything in it, whatever the server does meanwhile.
        run_timeout: Seconds for the whole run; addresses not answered by then are undecided.
        patience: After this many requests in a row without an answer, or put off with 429, a host is not asked again in
            this run.
        redirects: How many redirects are followed.
        body_limit: Bytes, after decompression, that are read of any body.
        landscape_limit: The same for the landscape, which is a big file.
        landscape_url: Where the member list comes from.
        control_host: A name that exists: when it cannot be looked up either, "no such host" means no network.
        fresh_for: Seconds for which an answer that an address is there is kept.
        dead_for: Seconds for which an answer that it is not there is kept; undecided ones are not kept.
    """

    now: datetime
    cache: Path | None = None
    contact: str = CONTACT
    allow_private: tuple[str, ...] = ()
    proxy: str | None = None
    ca_file: Path | None = None
    concurrency: int = 64
    per_host: int = 2
    retries: int = 2
    backoff: float = 1.0
    longest_wait: float = 30.0
    connect_timeout: float = 5.0
    request_timeout: float = 15.0
    run_timeout: float = 300.0
    patience: int = 4
    redirects: int = 8
    body_limit: int = 1 << 20
    landscape_limit: int = 16 << 20
    landscape_url: str = "https://raw.githubusercontent.com/cncf/landscape/master/landscape.yml"
    control_host: str = "github.com"
    fresh_for: float = 24 * 3600.0
    dead_for: float = 3600.0
