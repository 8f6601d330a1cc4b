"""What came of asking for an address, and what that means.

Four states, kept apart because only one of them is the submitter's to mend for certain: *alive*, *moved* (alive behind
permanent redirects), *dead* (the server, or the name service, says that there is nothing) and *undecided* (everything
else: it may well open for a person with a browser).
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from enum import StrEnum
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpcore

from aiconf.online.guard import RefusedError, UnusableUrlError
from aiconf.online.hosts import HostLeftAloneError
from aiconf.online.names import NoAddressError, NoSuchHostError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class State(StrEnum):
    """Whether an address can be opened."""

    ALIVE = "alive"
    MOVED = "moved"
    DEAD = "dead"
    UNDECIDED = "undecided"


class Cause(StrEnum):
    """What an answer rests on."""

    STATUS = "http_status"
    NO_SUCH_HOST = "no_such_host"
    NO_ADDRESS = "no_address"
    CONNECTION = "connection"
    TIMEOUT = "timeout"
    TLS = "tls"
    PROTOCOL = "protocol"
    REDIRECTS = "redirects"
    REFUSED = "refused"
    UNUSABLE = "unusable_url"
    LEFT_ALONE = "host_left_alone"
    RUN_TIMEOUT = "run_timeout"
    UNEXPECTED = "unexpected"


GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE})
PERMANENT = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})
REDIRECTS = PERMANENT | {HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT}
_PASSING_STATUS = frozenset({408, 425, 429, 500, 502, 503, 504})
_PASSING_CAUSE = frozenset({Cause.NO_ADDRESS, Cause.CONNECTION, Cause.TIMEOUT, Cause.PROTOCOL})
_SETTLED_BY_HEAD = frozenset(
    {Cause.NO_SUCH_HOST, Cause.TLS, Cause.REFUSED, Cause.UNUSABLE, Cause.LEFT_ALONE, Cause.UNEXPECTED}
)
SILENT = frozenset({Cause.NO_ADDRESS, Cause.CONNECTION, Cause.TIMEOUT})
_LONGEST_REASON = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request and the redirects behind it came to.

    Attributes:
        state: Whether the address can be opened.
        cause: What that rests on.
        reason: The same for people: completes "because …"; never more than a line.
        status: The last HTTP status, None when no answer came.
        url: The address that answered last.
        moved_to: Where the permanent redirects at the beginning lead, "" when there are none.
        content_type: The media type of a body, without parameters, as the server names it.
        retry_after: How many seconds the server asks to wait, None when it asks for nothing.
        body: What was read of the body; empty when it was not asked for.
        complete: The body is all there.
    """

    state: State
    cause: Cause
    reason: str
    status: int | None = None
    url: str = ""
    moved_to: str = ""
    content_type: str = ""
    retry_after: float | None = None
    body: bytes = b""
    complete: bool = False

    @property
    def opens(self) -> bool:
        """Whether something is there."""
        return self.state in (State.ALIVE, State.MOVED)

    @property
    def may_pass(self) -> bool:
        """Whether asking again later may bring another answer."""
        return self.cause in _PASSING_CAUSE or self.status in _PASSING_STATUS

    @property
    def settles_head(self) -> bool:
        """Whether GET cannot bring another answer than this one to HEAD."""
        return self.opens or self.cause in _SETTLED_BY_HEAD

    @property
    def asks_to_wait(self) -> bool:
        """Whether the server wants no request now, of either method."""
        return self.retry_after is not None or self.status == HTTPStatus.TOO_MANY_REQUESTS


def status_answer(status: int, url: str, moved_to: str, headers: Mapping[str, str]) -> Answer:
    """What an HTTP status that is no redirect means."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        state = State.MOVED if moved_to else State.ALIVE
    else:
        state = State.DEAD if status in GONE else State.UNDECIDED
    return Answer(
        state=state,
        cause=Cause.STATUS,
        reason=f"the server answers {describe_status(status)}",
        status=status,
        url=url,
        moved_to=moved_to,
        content_type=headers.get("content-type", "").partition(";")[0].strip().lower()[:100],
        retry_after=seconds_to_wait(headers) if status in _PASSING_STATUS else None,
    )


def describe_status(status: int) -> str:
    """``404 (Not Found)``, or the bare number of a status that has no name."""
    try:
        return f"{status} ({HTTPStatus(status).phrase})"
    except ValueError:
        return str(status)


def undecided(cause: Cause, reason: str, url: str = "") -> Answer:
    """Nothing is known, and why."""
    return Answer(State.UNDECIDED, cause, _one_line(reason), url=url)


def failure_answer(error: BaseException, url: str, host: str) -> Answer:
    """What it means that a request failed."""
    if isinstance(error, NoSuchHostError):
        return Answer(State.DEAD, Cause.NO_SUCH_HOST, f"there is no host {host}", url=url)
    # Waiting for the next bytes of a handshake is an SSLError too, and what is left of it when the time is up.
    tls = next(
        (e for e in _chain(error) if isinstance(e, ssl.SSLError) and not isinstance(e, ssl.SSLWantReadError)), None
    )
    if tls:
        why = getattr(tls, "verify_message", "") or getattr(tls, "reason", "") or "the handshake failed"
        return undecided(Cause.TLS, f"no secure connection to {host}: {why}", url)
    for kinds, cause, text in _FAILURES:
        if isinstance(error, kinds):
            return undecided(cause, text.format(host=host, error=error), url)
    return undecided(Cause.UNEXPECTED, f"asking for it failed: {type(error).__name__}: {error}", url)


_FAILURES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], Cause, str], ...] = (
    (RefusedError, Cause.REFUSED, "no request is made: {error}"),
    (UnusableUrlError, Cause.UNUSABLE, "no request can be made: {error}"),
    (HostLeftAloneError, Cause.LEFT_ALONE, "{error}"),
    (NoAddressError, Cause.NO_ADDRESS, "{error}"),
    ((TimeoutError, httpcore.TimeoutException), Cause.TIMEOUT, "{host} did not answer in time"),
    (httpcore.NetworkError, Cause.CONNECTION, "the connection to {host} failed"),
    ((httpcore.ProtocolError, httpcore.ProxyError), Cause.PROTOCOL, "{host} does not speak HTTP as it should"),
)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and what brought it about; bounded, since a chain may close on itself."""
    current: BaseException | None = error
    for _ in range(10):
        if current is None:
            return
        yield current
        current = current.__cause__ or current.__context__


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds (RFC 9110, 10.2.3), None when it is absent or makes no sense.

    A date is read against the answer's own ``Date``, so that no clock has to agree with another.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        wait = parsedate_to_datetime(text) - parsedate_to_datetime(headers.get("date", ""))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, wait.total_seconds())


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_REASON else line[: _LONGEST_REASON - 1] + "…"
