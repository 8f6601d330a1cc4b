"""What an answer, or none, means."""

import ssl

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.online.answers import Cause, State, failure_answer, seconds_to_wait, status_answer
from aiconf.online.guard import RefusedError, UnusableUrlError
from aiconf.online.hosts import HostLeftAloneError
from aiconf.online.names import NoAddressError, NoSuchHostError

DATE = "Thu, 26 Nov 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": " 0 "}, 0.0),
        ({"retry-after": "Thu, 26 Nov 2026 12:02:00 GMT", "date": DATE}, 120.0),
        ({"retry-after": "Thu, 26 Nov 2026 11:00:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Thu, 26 Nov 2026 12:02:00 GMT"}, None),
        ({"retry-after": "Thu, 26 Nov 2026 12:02:00 GMT", "date": "Thu, 26 Nov 2026 12:00:00 -0000"}, None),
        ({"retry-after": "9" * 5000}, 999999999.0),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "1.5"}, None),
        ({"retry-after": "²"}, None),
        ({"retry-after": "soon", "date": DATE}, None),
        ({}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date_against_the_servers_own_clock(headers, seconds):
    assert seconds_to_wait(headers) == seconds


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_retry_after_is_a_number_of_seconds_or_none(text, date):
    seconds = seconds_to_wait({"retry-after": text, "date": date})
    assert seconds is None or seconds >= 0


def test_a_wait_is_only_heard_from_answers_that_may_pass():
    assert status_answer(404, "u", "", {"retry-after": "60"}).retry_after is None
    assert status_answer(503, "u", "", {"retry-after": "60"}).retry_after == 60


def test_a_content_type_is_shown_without_its_parameters():
    assert (
        status_answer(200, "u", "", {"content-type": "Image/SVG+xml ; charset=utf-8"}).content_type == "image/svg+xml"
    )


@pytest.mark.parametrize(
    ("error", "state", "cause"),
    [
        (NoSuchHostError(), State.DEAD, Cause.NO_SUCH_HOST),
        (NoAddressError("later"), State.UNDECIDED, Cause.NO_ADDRESS),
        (TimeoutError(), State.UNDECIDED, Cause.TIMEOUT),
        (httpcore.ReadTimeout(), State.UNDECIDED, Cause.TIMEOUT),
        (httpcore.ConnectError(), State.UNDECIDED, Cause.CONNECTION),
        (httpcore.RemoteProtocolError(), State.UNDECIDED, Cause.PROTOCOL),
        (httpcore.ProxyError(), State.UNDECIDED, Cause.PROTOCOL),
        (RefusedError("private"), State.UNDECIDED, Cause.REFUSED),
        (UnusableUrlError("nonsense"), State.UNDECIDED, Cause.UNUSABLE),
        (HostLeftAloneError("silent"), State.UNDECIDED, Cause.LEFT_ALONE),
        (ZeroDivisionError("odd\nlines\x00" * 100), State.UNDECIDED, Cause.UNEXPECTED),
    ],
)
def test_only_a_host_that_does_not_exist_makes_a_failure_dead(error, state, cause):
    answer = failure_answer(error, "https://a.example/", "a.example")
    assert (answer.state, answer.cause) == (state, cause)
    assert len(answer.reason) <= 200
    assert "\n" not in answer.reason


def test_a_tls_error_is_found_behind_the_error_that_was_raised():
    error = httpcore.ConnectError()
    error.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    assert failure_answer(error, "https://a.example/", "a.example").cause is Cause.TLS


def test_causes_that_go_in_a_circle_end():
    error = httpcore.ConnectError()
    error.__cause__ = error
    assert failure_answer(error, "https://a.example/", "a.example").cause is Cause.CONNECTION
