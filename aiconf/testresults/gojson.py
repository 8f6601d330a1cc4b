"""The lines of ``go test -json``, see https://pkg.go.dev/cmd/test2json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiconf.testresults.collect import UnreadableError, bounded_lines

if TYPE_CHECKING:
    from typing import BinaryIO

    from aiconf.testresults.collect import Collector

# test2json cuts a test's output into events of at most 4 KiB.
_LONGEST_LINE = 256 * 1024
_MOST_LINES = 300_000
_HEAD = 4096
_OUTCOMES = {"pass": "passed", "fail": "failed", "skip": "skipped"}
_FIELDS = ("Action", "Package", "Test")
# Numbers are read as floats, because Python refuses to read an integer of thousands of digits.
_DECODER = json.JSONDecoder(parse_int=float)


def parse_go_json(file: BinaryIO, collector: Collector) -> None:
    """Read events, one JSON object a line; one line that is none makes the whole unreadable, as it does the validator.

    Raises:
        UnreadableError: A line is no event, or nothing in it is of a test.
    """
    head = file.read(_HEAD)
    file.seek(0)
    failed_packages: list[str] = []
    try:
        for number, line in bounded_lines(file, _MOST_LINES, _LONGEST_LINE):
            if text := line.strip():
                _record(_event(text, number), collector, failed_packages)
                collector.look_at(text)
    except UnreadableError as error:
        if not collector.results and (kind := _other(head)):
            raise UnreadableError(f"{error}; it is {kind}") from error
        raise
    collector.add_failed_packages(failed_packages)
    if not collector.results and (kind := _other(head)):
        raise UnreadableError(f"it holds no test; it is {kind}")


def _record(event: dict[str, Any], collector: Collector, failed_packages: list[str]) -> None:
    collector.start(event.get("Time"))
    package, test = event.get("Package") or "", event.get("Test") or ""
    collector.add_package(package)
    outcome = _OUTCOMES.get(event.get("Action") or "")
    if outcome and test:
        elapsed = event.get("Elapsed")
        collector.add(test, outcome, elapsed if isinstance(elapsed, float) else None)
    elif outcome == "failed":
        failed_packages.append(package)


def _event(line: bytes, number: int) -> dict[str, Any]:
    try:
        event = _DECODER.decode(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise UnreadableError(f"line {number} is not JSON") from error
    if not isinstance(event, dict) or any(event.get(name) and not isinstance(event[name], str) for name in _FIELDS):
        raise UnreadableError(f"line {number} is no event of go test -json")
    return event


def _other(head: bytes) -> str:
    """What a file that holds no event is, as far as its beginning tells; "" when it does not."""
    if head.startswith(b"\xef\xbb\xbf"):
        return "text with a byte order mark, with which no JSON may begin"
    if b'"reportformat"' in head.lower() and b"ctrf" in head.lower():
        return "a CTRF report"
    if b'"Action"' in head:
        return ""
    return {b"{": "one JSON object", b"[": "a JSON list"}.get(head.lstrip()[:1], "")
