"""JUnit XML as go-junit-report, gotestsum and Ginkgo write it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from aiconf.testresults.run import TestResult, TestRun

if TYPE_CHECKING:
    from collections.abc import Iterator

# testsuites > testsuite (nested in some tools) > testcase > failure: nothing real is deeper than six.
_DEPTH_LIMIT = 50
_OUTCOMES = {"failure": "failed", "error": "error", "skipped": "skipped"}


def parse_junit(raw: bytes) -> TestRun:
    """Read a JUnit document; entity and document type declarations are refused, since they can only do harm here."""
    from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - XML is parsed only where there is some

    reader = _Reader()
    try:
        reader.read(raw)
    except DefusedXmlException:
        return TestRun(error="it declares a document type or entities, which a test report has no need of")
    except (SyntaxError, ValueError, LookupError) as error:  # ParseError is a SyntaxError; LookupError: unknown encoding
        return TestRun(error=f"it is not well-formed XML ({str(error)[:120]})")
    if reader.root not in ("testsuites", "testsuite"):
        return TestRun(error=f"its root element is {reader.root}, not testsuites or testsuite")
    return TestRun(tuple(reader.results), foreign=_foreign(reader.results), started=reader.started)


class _Reader:
    def __init__(self) -> None:
        self.root = ""
        self.started: str | None = None
        self.results: list[TestResult] = []

    def read(self, raw: bytes) -> None:
        from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - XML is parsed only where there is some

        depth = 0
        for event, element in iterparse(BytesIO(raw), events=("start", "end"), forbid_dtd=True):
            depth += 1 if event == "start" else -1
            if depth > _DEPTH_LIMIT:
                raise ValueError(f"elements are nested more than {_DEPTH_LIMIT} deep")
            name = _local(element.tag)
            if event == "start":
                self.root = self.root or name[:40]
                if name == "testsuite":
                    self.started = self.started or element.get("timestamp")
            elif name == "testcase":
                self.results.append(TestResult(element.get("name", ""), _outcome(element)))
                element.clear()  # the tree is not needed, only its events


def _outcome(case: Any) -> str:
    """Told by the child elements; Ginkgo's ``status`` attribute only repeats them."""
    return next((_OUTCOMES[name] for name in _children(case) if name in _OUTCOMES), "passed")


def _children(element: Any) -> Iterator[str]:
    return (_local(child.tag) for child in element)


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _foreign(results: list[TestResult]) -> str:
    """Ginkgo names its specs ``[It] ...`` and ``[sig-...]``; a Go test is called ``Test...``."""
    if results and all(result.name.startswith("[") for result in results):
        return "Ginkgo specs of the Kubernetes end-to-end suite"
    return ""
