"""Timestamps and durations, to the microsecond; finer ones are an error rather than silently rounded."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from aiconf.cel.operators import duration_in_range
from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Callable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:[Zz]|([+-])([01]\d|2[0-3]):([0-5]\d))", re.ASCII
)
_OFFSET = re.compile(r"([+-]?)(\d\d):(\d\d)", re.ASCII)
_DURATION = re.compile(r"[+-]?(?:(?:\d+\.?\d*|\.\d+)(?:h|ms|m|s|us|µs|μs|ns))+", re.ASCII)
_PART = re.compile(r"(\d*)\.?(\d*)(h|ms|m|s|us|µs|μs|ns)", re.ASCII)
_NANOSECONDS = {"h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000}
_NANOSECONDS |= {"us": 1_000, "µs": 1_000, "μs": 1_000, "ns": 1}
_LONGEST_TEXT = 64


def timestamp(value: str | int | datetime) -> datetime:
    """``timestamp(value)``: RFC 3339 text or Unix seconds."""
    if isinstance(value, datetime):
        return value
    try:
        return _EPOCH + timedelta(seconds=value) if isinstance(value, int) else _parsed(value)
    except (OverflowError, ValueError):
        raise CelError("the timestamp is out of range") from None


def _parsed(text: str) -> datetime:
    match = _RFC3339.fullmatch(text)
    if not match:
        raise CelError("the text is no RFC 3339 timestamp")
    year, month_, day_, hour, minute, second = (int(field) for field in match.groups()[:6])
    fraction, sign, hours, minutes = match.groups()[6:]
    offset = timedelta()
    if sign:
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    local = datetime(year, month_, day_, hour, minute, second, tzinfo=UTC)
    return local + timedelta(microseconds=_micros(int((fraction or "0").ljust(9, "0")))) - offset


def _micros(nanoseconds: int) -> int:
    if nanoseconds % 1000:
        raise CelError("times finer than a microsecond are not supported")
    return nanoseconds // 1000


def duration(value: str | timedelta) -> timedelta:
    """``duration(value)``: a text such as ``1h30m``, ``-2.5s``."""
    if isinstance(value, timedelta):
        return value
    if value in ("0", "+0", "-0"):
        return timedelta()
    if len(value) > _LONGEST_TEXT or not _DURATION.fullmatch(value):
        raise CelError("the text is no duration such as 1h30m or 2.5s")
    total = sum(_part(*part) for part in _PART.findall(value))
    try:
        return duration_in_range(timedelta(microseconds=_micros(-total if value[0] == "-" else total)))
    except OverflowError:
        raise CelError("duration out of range") from None


def _part(whole: str, fraction: str, unit: str) -> int:
    """Nanoseconds of ``1.5`` hours and the like, exactly, and truncated."""
    digits = int((whole + fraction) or "0")
    return int(digits * _NANOSECONDS[unit] // 10 ** len(fraction))


def timestamp_text(value: datetime) -> str:
    """RFC 3339 in UTC, the fraction only as long as it needs to be."""
    moment = value.astimezone(UTC)
    text = f"{moment.year:04}-{moment:%m-%dT%H:%M:%S}"
    return f"{text}{_fraction(moment.microsecond)}Z"


def duration_text(value: timedelta) -> str:
    """Seconds with an ``s``."""
    micros = abs(value) // timedelta(microseconds=1)
    sign = "-" if value < timedelta() else ""
    return f"{sign}{micros // 1_000_000}{_fraction(micros % 1_000_000)}s"


def _fraction(micros: int) -> str:
    return f".{micros:06}".rstrip("0") if micros else ""


def unix_seconds(value: datetime) -> int:
    """Whole seconds since 1970."""
    return (value - _EPOCH) // timedelta(seconds=1)


def _zone(name: str) -> tzinfo:
    match = _OFFSET.fullmatch(name)
    if match:
        offset = timedelta(hours=int(match[2]), minutes=int(match[3]))
        if offset < timedelta(days=1):
            return timezone(-offset if match[1] == "-" else offset)
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - rarely needed

    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # ZoneInfoNotFoundError is a KeyError
        raise CelError("unknown time zone") from None


def _of_timestamp(read: Callable[[datetime], int]) -> Callable[..., int]:
    def get(value: datetime, zone: str = "UTC") -> int:
        try:
            return read(value.astimezone(_zone(zone) if zone != "UTC" else UTC))
        except OverflowError:
            raise CelError("timestamp out of range") from None

    return get


full_year = _of_timestamp(lambda moment: moment.year)
month = _of_timestamp(lambda moment: moment.month - 1)
date = _of_timestamp(lambda moment: moment.day)
day = _of_timestamp(lambda moment: moment.day - 1)
weekday = _of_timestamp(lambda moment: moment.isoweekday() % 7)
day_of_year = _of_timestamp(lambda moment: moment.timetuple().tm_yday - 1)


def _of_either(read: Callable[[datetime], int], unit: timedelta, modulus: int = 0) -> Callable[..., int]:
    """A getter of timestamps that on durations counts whole units, towards zero."""
    of_timestamp = _of_timestamp(read)

    def get(value: Any, *zone: str) -> int:
        if not isinstance(value, timedelta):
            return of_timestamp(value, *zone)
        if zone:
            raise CelError("durations have no time zone")
        count = abs(value) // unit
        count = count % modulus if modulus else count
        return -count if value < timedelta() else count

    return get


hours = _of_either(lambda moment: moment.hour, timedelta(hours=1))
minutes = _of_either(lambda moment: moment.minute, timedelta(minutes=1))
seconds = _of_either(lambda moment: moment.second, timedelta(seconds=1))
milliseconds = _of_either(lambda moment: moment.microsecond // 1000, timedelta(milliseconds=1), 1000)
