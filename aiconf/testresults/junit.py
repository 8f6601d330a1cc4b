"""JUnit XML as go-junit-report, gotestsum and Ginkgo write it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiconf.testresults.collect import UnreadableError

if TYPE_CHECKING:
    from typing import BinaryIO

    from aiconf.testresults.collect import Collector

# testsuites > testsuite (nested in some tools) > testcase > failure: nothing real is deeper than six.
_DEPTH_LIMIT = 50
_ELEMENT_LIMIT = 300_000
_TAG_LIMIT = 1024 * 1024
_CHUNK = 64 * 1024
_ROOTS = ("testsuites", "testsuite")
_OUTCOMES = {"failure": "failed", "error": "error", "skipped": "skipped"}
_GRAVITY = ("passed", "skipped", "error", "failed")
_DECLARATION = re.compile(rb"\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([^\"'>]{1,40})")


def parse_junit(file: BinaryIO, collector: Collector) -> None:
    """Read a JUnit document as a stream of tags; no tree is built.

    A document type is refused where it begins, so that no entity can be declared: a test report has no need of either.

    Raises:
        UnreadableError: It is not well-formed, no JUnit, too deep or too large, or not in UTF-8.
    """
    from xml.parsers import expat  # noqa: PLC0415 - XML is parsed only where there is some

    reader = _Reader(collector)
    # The encoding is fixed, because the validator's parser reads UTF-8 only.
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.StartDoctypeDeclHandler = _refuse_document_type
    read = 0
    try:
        while chunk := file.read(_CHUNK):
            _check_encoding(chunk if not read else b"")
            read += len(chunk)
            parser.Parse(chunk, False)  # noqa: FBT003 - expat takes no keywords
            if read - parser.CurrentByteIndex > _TAG_LIMIT:
                raise UnreadableError(f"a tag in line {parser.CurrentLineNumber} is longer than {_TAG_LIMIT >> 20} MiB")
        parser.Parse(b"", True)  # noqa: FBT003 - as above
    except expat.ExpatError as error:
        raise UnreadableError(_why(error)) from error
    if collector.results and all(name.startswith("[") for name in collector.results):
        collector.foreign = "Ginkgo specs of the Kubernetes end-to-end suite"


def _why(error: Exception) -> str:
    """Cut off is told apart from broken: the remedy is another."""
    from xml.parsers.expat import errors  # noqa: PLC0415 - as above

    code, line = getattr(error, "code", 0), getattr(error, "lineno", 0)
    text = errors.messages.get(code, "unknown error")
    if text in (errors.XML_ERROR_NO_ELEMENTS, errors.XML_ERROR_UNCLOSED_TOKEN, errors.XML_ERROR_UNCLOSED_CDATA_SECTION):
        return f"it is cut off at line {line}"
    return f"it is not well-formed XML: {text}, line {line}"


def _refuse_document_type(*_: object) -> None:
    raise UnreadableError("it declares a document type or entities, which a test report has no need of")


def _check_encoding(head: bytes) -> None:
    declared = _DECLARATION.match(head.removeprefix(b"\xef\xbb\xbf"))
    if declared and declared[1].lower() != b"utf-8":
        raise UnreadableError(f"it declares the encoding {declared[1].decode('ascii', 'replace')}, not UTF-8")


class _Reader:
    """Follows the tags; only test cases and what stands right in them matter."""

    def __init__(self, collector: Collector) -> None:
        self.collector = collector
        self.elements = 0
        self.path: list[str] = []
        self.case: dict[str, str] = {}
        self.outcome = "passed"

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._count(name)
        if name in _ROOTS:
            self.collector.start(attributes.get("timestamp"))
            self.collector.add_package(attributes.get("name", "") if name == "testsuite" else "")
        elif name == "testcase" and _are_suites(self.path):
            self.case, self.outcome = attributes, "passed"
        elif name in _OUTCOMES and self.path[-1] == "testcase" and _are_suites(self.path[:-1]):
            self.outcome = max(self.outcome, _OUTCOMES[name], key=_GRAVITY.index)
        self.path.append(name)

    def end(self, _: str) -> None:
        if self.path.pop() == "testcase" and _are_suites(self.path):
            self.collector.add(self.case.get("name", ""), self.outcome, _seconds(self.case.get("time", "")))

    def _count(self, name: str) -> None:
        self.elements += 1
        if not self.path and name not in _ROOTS:
            raise UnreadableError(f"its root element is {name[:40]}, not testsuites or testsuite")
        if len(self.path) >= _DEPTH_LIMIT:
            raise UnreadableError(f"its elements are nested more than {_DEPTH_LIMIT} deep")
        if self.elements > _ELEMENT_LIMIT:
            raise UnreadableError(f"it has more than {_ELEMENT_LIMIT:,} elements")


def _are_suites(path: list[str]) -> bool:
    """Whether a test case below counts: the validator follows suites in suites, and nothing else."""
    return bool(path) and all(name == "testsuite" for name in path[1:])


def _seconds(text: str) -> float | None:
    try:
        return float(text[:40])
    except ValueError:
        return None
