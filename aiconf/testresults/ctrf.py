"""The Common Test Report Format, see https://ctrf.io."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from aiconf.testresults.collect import UnreadableError

if TYPE_CHECKING:
    from typing import BinaryIO

    from aiconf.testresults.collect import Collector

_SIZE_LIMIT = 50 * 1024 * 1024
# "other" is what a runner writes of a test that ran out of time or memory: it has not passed.
_OUTCOMES = {"passed": "passed", "failed": "failed", "skipped": "skipped", "pending": "skipped", "other": "error"}
# Moments are milliseconds; some tools write seconds, whose numbers are a thousand times smaller.
_MILLISECONDS_FROM = 10**11


def parse_ctrf(file: BinaryIO, collector: Collector) -> None:
    """Read a CTRF report; keys are compared without regard to case, because its YAML form is written in lower case.

    Raises:
        UnreadableError: It is no JSON, no CTRF, or too large.
    """
    raw = file.read(_SIZE_LIMIT + 1)
    if len(raw) > _SIZE_LIMIT:
        raise UnreadableError(f"it is larger than {_SIZE_LIMIT // 2**20} MiB")
    try:
        # Numbers are read as floats, because Python refuses to read an integer of thousands of digits.
        report = json.loads(raw.decode("utf-8-sig", "replace"), parse_int=float)
    except (ValueError, RecursionError) as error:
        raise UnreadableError("it is not JSON") from error
    results = _get(report, "results")
    tests = _get(results, "tests")
    if not isinstance(tests, list):
        raise UnreadableError("it has no list results.tests")
    collector.start(_moment(_get(_get(results, "summary"), "start")))
    collector.add_package(_text(_get(_get(results, "tool"), "name")))
    for test in tests:
        _record(test, collector)


def _record(test: object, collector: Collector) -> None:
    name, status = _text(_get(test, "name")), _text(_get(test, "status"))
    if not name or status not in _OUTCOMES:
        raise UnreadableError(f"a test has no name, or the status {status[:40]!r}")
    duration = _get(test, "duration")
    collector.add(name, _OUTCOMES[status], duration / 1000 if isinstance(duration, float) else None)


def _get(value: object, name: str) -> Any:
    if not isinstance(value, dict):
        return None
    return next((below for key, below in value.items() if key.lower() == name), None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _moment(value: object) -> str | None:
    if not isinstance(value, float) or not 0 < value < 10**14:
        return None
    return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS_FROM else value, UTC).isoformat()
