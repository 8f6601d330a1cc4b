"""The text of ``go test -v``."""

from __future__ import annotations

import re

from aiconf.testresults.run import TestResult, TestRun

_OUTCOMES = {b"PASS": "passed", b"FAIL": "failed", b"SKIP": "skipped"}
# Subtests are indented. The name has no white space: Go writes an underscore for it.
_LINE = re.compile(rb"^[ \t]*--- (PASS|FAIL|SKIP): (\S{1,1000})", re.MULTILINE)
_GINKGO = re.compile(rb"^(?:Running Suite: |Ran \d+ of \d+ Specs)", re.MULTILINE)


def parse_go_text(raw: bytes) -> TestRun:
    """Read the lines ``--- PASS: Name``; what stands between them is the tests' own output."""
    results = tuple(
        TestResult(match[2].decode("utf-8", "replace"), _OUTCOMES[match[1]]) for match in _LINE.finditer(raw)
    )
    if not results and _GINKGO.search(raw):
        return TestRun(foreign="the output of Ginkgo")
    return TestRun(results)
