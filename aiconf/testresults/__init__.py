"""Reads the output of test runs: JUnit XML, ``go test -json`` lines, ``go test -v`` text.

Files come from strangers: size, depth and number are bounded, entities are refused, and what cannot be read is a value
with a reason, never an exception.
"""

from aiconf.testresults.run import TestResult, TestRun, look_for, read_run

__all__ = ["TestResult", "TestRun", "look_for", "read_run"]
