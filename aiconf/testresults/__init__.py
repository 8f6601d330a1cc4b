"""Reads the output of test runs: JUnit XML, ``go test -json`` lines, ``go test -v`` text.

Files come from strangers: bytes, lines, elements and tests are counted, a document type is refused, and what cannot be
read is a value with a reason, never an exception.
"""

from aiconf.testresults.run import Found, TestResult, TestRun, look_for, read_run

__all__ = ["Found", "TestResult", "TestRun", "look_for", "read_run"]
