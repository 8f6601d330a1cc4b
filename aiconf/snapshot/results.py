"""Imports test results: which requirement a test is of is told by a table (``policies/results.yaml``)."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from aiconf.errors import CatalogError, InputError
from aiconf.snapshot.inputs import PEEK, entries
from aiconf.snapshot.recode import as_utf8
from aiconf.snapshot.yaml import YamlError, read_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from aiconf.snapshot.format import Plain
    from aiconf.testresults.collect import Collector

_PATH = "policies/results.yaml"
_SIZE_LIMIT = 50 * 1024 * 1024
_FAILED = ("failed", "error")
_JUNIT = re.compile(rb"<testsuites?[\s>/]")
_GO_JSON = re.compile(rb'\s*\{[^{}\n]*"Action"\s*:\s*"[a-z]+"[^{}\n]*\}')
_CTRF = re.compile(rb"(?i)[\"']?reportformat[\"']?\s*:\s*[\"']?ctrf\b")
_GO_TEXT = re.compile(rb"(?m)^(?:=== RUN\s+\S|--- (?:PASS|FAIL|SKIP): \S)")


class _Row(NamedTuple):
    suite: str
    name: re.Pattern[str]
    package: re.Pattern[str] | None
    requirement: str
    outcomes: Mapping[str, str]


def read_results(paths: Iterable[Path], table: Mapping[str, Any]) -> list[Plain]:
    """The ``results`` of a snapshot, from files, folders and archives of test results.

    Args:
        paths: What to read.
        table: Content of ``policies/results.yaml``.

    Raises:
        InputError: There is a path without test results, or they cannot be read.
    """
    reader = ResultReader(table)
    for path in paths:
        found = 0
        for entry in entries(path):
            stream, _ = as_utf8(entry.stream)
            if reader.recognises(stream.peek(PEEK)):
                found += reader.read(stream, entry.name)
        if not found:
            raise InputError(f"{path} holds no test results: JUnit XML, go test -json, go test -v or CTRF.")
    return reader.rows


class ResultReader:
    """Reads test results, one file after the other.

    Attributes:
        rows: Entries of a snapshot's ``results``; of a test with subtests those, and itself when it failed by itself.
        ignored: How many tests are of no requirement.
    """

    def __init__(self, table: Mapping[str, Any]) -> None:
        self.rows: list[Plain] = []
        self.ignored = 0
        rows = table.get("tests")
        if not isinstance(rows, list):
            raise CatalogError("is not of the expected shape (no list `tests`)", _PATH)
        self._table = [_row(plain) for plain in rows]

    def recognises(self, head: bytes) -> bool:
        """Whether a file that begins like this holds test results."""
        return _suite_of(head) is not None

    def read(self, stream: BinaryIO, name: str) -> bool:
        """Read one file.

        Raises:
            InputError: It cannot be read as what it seems to be.
        """
        raw = stream.read(_SIZE_LIMIT + 1)
        if len(raw) > _SIZE_LIMIT:
            raise InputError(f"{name}: test results of more than {_SIZE_LIMIT // 2**20} MiB")
        from aiconf.testresults.collect import Collector, UnreadableError  # noqa: PLC0415 - only where there are results

        collector = Collector()
        suite = _suite_of(raw[:PEEK]) or ""
        try:
            _parse(suite, raw, collector)
        except (UnreadableError, YamlError) as error:
            raise InputError(f"{name} cannot be read as test results: {error}") from error
        if suite == "junit":
            suite = "ginkgo" if collector.foreign else "go"
        elif suite == "go-json":
            suite = "go"
        self.rows += self._rows(suite, collector, name)
        return True

    def _rows(self, suite: str, collector: Collector, source: str) -> Iterator[Plain]:
        packages = list(collector.packages)
        for test, (outcome, seconds) in _leaves(collector.results):
            if suite == "ginkgo" and outcome == "skipped" and not seconds:
                continue  # left out by focus or skip, which Ginkgo lists all the same
            row = next((row for row in self._table if _fits(row, suite, test, packages)), None)
            if row is None:
                self.ignored += 1
                continue
            yield {
                "suite": packages[0] if packages else suite,
                "test": test,
                "requirement": row.requirement,
                "outcome": row.outcomes.get(outcome, outcome),
                "time": _utc(collector.started),
                "source": source,
            }


def _row(plain: Mapping[str, Any]) -> _Row:
    try:
        package = re.compile(plain["package"]) if "package" in plain else None
        return _Row(plain["suite"], re.compile(plain["name"]), package, plain["requirement"], plain.get("as", {}))
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise CatalogError(f"tests: a row is wrong ({error})", _PATH) from error


def _fits(row: _Row, suite: str, test: str, packages: Iterable[str]) -> bool:
    if row.suite != suite or not row.name.fullmatch(test):
        return False
    return row.package is None or any(map(row.package.search, packages))


def _leaves(results: Mapping[str, tuple[str, float | None]]) -> Iterator[tuple[str, tuple[str, float | None]]]:
    """Tests without those that only sum up their subtests: a test passes when all its subtests were skipped."""
    parents: dict[str, bool] = {}
    for name, (outcome, _) in results.items():
        parts = name.split("/")
        for depth in range(1, len(parts) if parts[0].startswith("Test") else 0):
            above = "/".join(parts[:depth])
            parents[above] = parents.get(above, False) or outcome in _FAILED
    for name, result in results.items():
        if name not in parents or (result[0] in _FAILED and not parents[name]):
            yield name, result


def _suite_of(head: bytes) -> str | None:
    start = head.lstrip()[:1]
    if start == b"<":
        return "junit" if _JUNIT.search(head) else None
    if _CTRF.search(head):
        return "ctrf"
    if start == b"{" and _GO_JSON.match(head):
        return "go-json"
    return "go" if start not in (b"{", b"[") and _GO_TEXT.search(head) else None


def _parse(suite: str, raw: bytes, collector: Collector) -> None:
    from aiconf.testresults.ctrf import parse_ctrf  # noqa: PLC0415 - only where there are results
    from aiconf.testresults.gojson import parse_go_json  # noqa: PLC0415 - only where there are results
    from aiconf.testresults.gotext import parse_go_text  # noqa: PLC0415 - only where there are results
    from aiconf.testresults.junit import parse_junit  # noqa: PLC0415 - only where there are results

    parsers: dict[str, Callable[[BinaryIO, Collector], None]] = {
        "junit": parse_junit,
        "go-json": parse_go_json,
        "go": parse_go_text,
        "ctrf": parse_ctrf,
    }
    if suite == "ctrf" and raw.lstrip()[:1] != b"{":
        raw = msgspec.json.encode(next(read_documents(raw), None))
    parsers[suite](io.BytesIO(raw), collector)


def _utc(moment: str | None) -> str | None:
    """A moment in UTC; one without a zone is taken to be in UTC, as runners in a cluster are."""
    if moment is None:
        return None
    found = datetime.fromisoformat(moment)
    zoned = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    return zoned.isoformat().replace("+00:00", "Z")
