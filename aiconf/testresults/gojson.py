"""The lines of ``go test -json``, see https://pkg.go.dev/cmd/test2json."""

from __future__ import annotations

import json
from typing import Any

from aiconf.testresults.run import TestResult, TestRun

_OUTCOMES = {"pass": "passed", "fail": "failed", "skip": "skipped"}


def parse_go_json(raw: bytes) -> TestRun:
    """Read events, one JSON object a line. A package that failed without a failed test counts as a failed test."""
    results: list[TestResult] = []
    started = None
    failed_packages: list[str] = []
    for number, line in enumerate(raw.splitlines(), 1):
        if not line.strip():
            continue
        event = _event(line)
        if event is None:
            return _other(raw, number)
        started = started or _text(event.get("Time"))
        outcome, test = _OUTCOMES.get(str(event.get("Action"))), _text(event.get("Test"))
        if outcome and test:
            results.append(TestResult(test, outcome))
        elif outcome == "failed":
            failed_packages.append(_text(event.get("Package")) or "unnamed")
    if not any(result.outcome == "failed" for result in results):
        results += [TestResult(f"package {package}", "failed") for package in failed_packages]
    return TestRun(tuple(results), started=started)


def _event(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and "Action" in found else None


def _other(raw: bytes, number: int) -> TestRun:
    """What a file that is no ``go test -json`` is, as far as that can be told."""
    head = raw[:4000].lower()
    if b'"reportformat"' in head and b"ctrf" in head:
        return TestRun(foreign="a CTRF report")
    return TestRun(error=f"line {number} is no event of go test -json")


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
