"""What parsers of test output find, collected within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

# The whole Kubernetes suite has about 7,000 tests, the programme's own below 200.
TEST_LIMIT = 50_000
NAME_LIMIT = 1000
_PACKAGE_LIMIT = 100
# Kubernetes' own suite prints "kube-apiserver version: v1.37.1".
_KUBERNETES = re.compile(rb"(?i)(?:kube-apiserver|kubernetes|server) version[ :=\"']{1,4}(v1\.\d{1,3}(?:\.\d{1,3})?)")


class UnreadableError(Exception):
    """A file that is not what its name says; the text completes "it cannot be read: ..."."""


@dataclass(slots=True)
class Collector:
    """What has been found so far; the attributes are those of `aiconf.testresults.TestRun`.

    Attributes:
        results: Outcome and seconds by test name.
    """

    results: dict[str, tuple[str, float | None]] = field(default_factory=dict)
    foreign: str = ""
    started: str | None = None
    packages: dict[str, None] = field(default_factory=dict)  # a dict keeps the order, which a set does not
    kubernetes: str | None = None
    unseen: int = 0

    def add(self, name: str, outcome: str, seconds: float | None = None) -> None:
        """Record a test. As in the validator, a later result replaces an earlier one, but never a failure.

        Raises:
            UnreadableError: There are more than `TEST_LIMIT`.
        """
        name = _clean(name)
        seconds = seconds if seconds is not None and 0 <= seconds < float("inf") else None
        known = self.results.get(name)
        if known is None and len(self.results) >= TEST_LIMIT:
            raise UnreadableError(f"it holds more than {TEST_LIMIT:,} tests")
        if known is None or known[0] not in ("failed", "error"):
            self.results[name] = (outcome, seconds)

    def add_package(self, name: str) -> None:
        """Note a Go package that tests are of."""
        if name and len(self.packages) < _PACKAGE_LIMIT:
            self.packages.setdefault(_clean(name))

    def add_failed_packages(self, names: list[str]) -> None:
        """A package that failed without a failed test did not build, panicked or ran out of time: that is a failure."""
        if any(outcome in ("failed", "error") for outcome, _ in self.results.values()):
            return
        for name in names[:_PACKAGE_LIMIT]:
            self.add(f"package {name}", "failed")

    def start(self, moment: object) -> None:
        """Note when the run began, from the first text that is an ISO 8601 moment."""
        if self.started is None and isinstance(moment, str):
            self.started = _iso(moment)

    def look_at(self, line: bytes) -> None:
        """Note the Kubernetes version from the first line that names one."""
        if self.kubernetes is None and b"ersion" in line and (found := _KUBERNETES.search(line)):
            self.kubernetes = found[1].decode()


def bounded_lines(file: BinaryIO, most: int, longest: int) -> Iterator[tuple[int, bytes]]:
    """The lines of a file with their numbers, from 1; only a line feed ends a line.

    Args:
        file: Open for reading bytes.
        most: How many lines there may be.
        longest: How many bytes a line may have.

    Raises:
        UnreadableError: There are more, or one is longer.
    """
    number = 0
    while line := file.readline(longest + 1):
        number += 1
        if len(line) > longest:
            raise UnreadableError(f"line {number} is longer than {longest // 1024:,} KiB")
        if number > most:
            raise UnreadableError(f"it has more than {most:,} lines")
        yield number, line


def _clean(name: str) -> str:
    """A name of bounded length that can be printed: JSON may hold half a surrogate pair."""
    name = name[:NAME_LIMIT]
    return name if name.isascii() else name.encode("utf-8", "replace").decode()


def _iso(moment: str) -> str | None:
    try:
        return datetime.fromisoformat(moment[:64]).isoformat(timespec="seconds")
    except ValueError:
        return None
