"""The text of ``go test -v``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.testresults.collect import NAME_LIMIT, UnreadableError, bounded_lines

if TYPE_CHECKING:
    from typing import BinaryIO

    from aiconf.testresults.collect import Collector

# The validator reads lines of up to 16 MiB; the number of lines keeps a file of line feeds from costing seconds.
_LONGEST_LINE = 16 * 1024 * 1024
_MOST_LINES = 500_000
_OUTCOMES = {b"PASS": "passed", b"FAIL": "failed", b"SKIP": "skipped"}
# The name has no white space: Go writes an underscore for it.
_RESULT = re.compile(rb"--- (PASS|FAIL|SKIP): ([^\t\n\f\r ]{1,%d})(?: \((\d{1,9}\.\d{1,9})s\))?" % NAME_LIMIT)
_PACKAGE = re.compile(rb"(ok|FAIL)[ ]*\t([^\t\n\r ]{1,%d})" % NAME_LIMIT)
_GINKGO = re.compile(rb"Running Suite: |Ran \d+ of \d+ Specs")


def parse_go_text(file: BinaryIO, collector: Collector) -> None:
    """Read the lines ``--- PASS: Name (1.00s)``; what stands between them is the tests' own output.

    Subtests are indented. A result line that begins with anything but white space is no result for the validator, and
    so it is none here: it is counted as unseen.

    Raises:
        UnreadableError: It has too many lines, too long ones, or result lines that are all unseen.
    """
    failed_packages: list[str] = []
    ginkgo = False
    for _, line in bounded_lines(file, _MOST_LINES, _LONGEST_LINE):
        collector.look_at(line)
        if b"--- " in line:
            _result(line, collector)
        elif found := _PACKAGE.match(line):
            name = _text(found[2])
            collector.add_package(name)
            failed_packages += [name] if found[1] == b"FAIL" else []
        elif line.startswith((b"Running Suite: ", b"Ran ")):
            ginkgo = ginkgo or _GINKGO.match(line) is not None
    collector.add_failed_packages(failed_packages)
    if collector.results:
        return
    if ginkgo:
        collector.foreign = "the output of Ginkgo"
    elif collector.unseen:
        raise UnreadableError(
            f"its result lines ({collector.unseen}) begin with a time stamp or colour codes, "
            "where the validator does not see them"
        )


def _result(line: bytes, collector: Collector) -> None:
    start = line.index(b"--- ")
    found = _RESULT.match(line, start)
    if found is None:
        return
    if line[:start].strip(b"\t\f\r "):
        collector.unseen += 1
        return
    collector.add(_text(found[2]), _OUTCOMES[found[1]], float(found[3]) if found[3] else None)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
