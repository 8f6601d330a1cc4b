"""One run of tests, whatever wrote it down."""

from __future__ import annotations

import stat
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from aiconf.testresults.collect import Collector, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path, PurePath
    from typing import BinaryIO

# GitHub's recommended maximum for one file: it warns above this, and refuses twice as much. The largest known artifact,
# a JUnit report of the whole Kubernetes suite, has 3 MB.
SIZE_LIMIT = 50 * 1024 * 1024
_HEAD = 4096


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test.

    Attributes:
        name: Its full name, ``TestA/Sub_Test`` for a subtest; ``package p`` for a package that failed by itself.
        outcome: ``passed``, ``failed``, ``skipped`` or ``error``.
        seconds: How long it took, None when the file does not say.
    """

    __test__ = False  # pytest must not collect it

    name: str
    outcome: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class TestRun:
    """What a file says of a run.

    Attributes:
        results: Its tests, in the file's order, each name once.
        error: Why it cannot be read, "" when it can; ``results`` then holds what stands before that place.
        foreign: What it holds in place of a Go test run ("the output of Ginkgo"), "" for a Go test run.
        started: When the run began (ISO 8601, to the second), None when the file does not say.
        packages: The Go packages it names, in the file's order.
        kubernetes: The Kubernetes version it names, such as ``v1.37.1``, None when it names none.
        unseen: How many result lines stand behind a time stamp or colour codes, where the validator does not see them.
        outcomes: The outcome of each test by its name.
        names: The names in alphabetical order.
    """

    __test__ = False  # pytest must not collect it

    results: tuple[TestResult, ...] = ()
    error: str = ""
    foreign: str = ""
    started: str | None = None
    packages: tuple[str, ...] = ()
    kubernetes: str | None = None
    unseen: int = 0
    outcomes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    names: Sequence[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the results known by name."""
        outcomes = {result.name: result.outcome for result in self.results}
        # A frozen dataclass with slots has no other way to keep a value that it computes once.
        object.__setattr__(self, "outcomes", outcomes)
        object.__setattr__(self, "names", sorted(outcomes))

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the tests that failed, in the file's order."""
        return tuple(result.name for result in self.results if result.outcome in ("failed", "error"))


@dataclass(frozen=True, slots=True)
class Found:
    """What a run says of one test.

    Attributes:
        outcome: ``passed``, ``failed``, ``skipped`` or ``absent``.
        how: ``exact``, ``subtests`` (told by its subtests together) or ``absent``.
        subtests: The outcomes of its subtests, by their names without the test's.
    """

    outcome: str
    how: str
    subtests: Mapping[str, str]


def read_run(path: Path) -> TestRun:
    """Read a file by its name: ``.xml`` is JUnit, ``.json`` is ``go test -json``, anything else ``go test -v``.

    A file of more than `SIZE_LIMIT` bytes is not opened, and neither is what is no regular file.
    """
    collector = Collector()
    error = ""
    try:
        _read(path, collector)
    except UnreadableError as found:
        error = str(found)
    except OSError as found:
        error = f"it cannot be opened ({found.strerror})"
    return _run(collector, error)


def _read(path: Path, collector: Collector) -> None:
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise UnreadableError("it is no regular file")
    if about.st_size > SIZE_LIMIT:
        raise UnreadableError(f"it is larger than {SIZE_LIMIT // 2**20} MiB")
    with path.open("rb") as file:
        _refuse_other_encodings(file)
        _parser(path)(file, collector)
    if not collector.results and not collector.foreign:
        raise UnreadableError("it holds no test")


def _run(collector: Collector, error: str) -> TestRun:
    results = tuple(TestResult(name, outcome, seconds) for name, (outcome, seconds) in collector.results.items())
    return TestRun(
        results=results,
        error=error,
        foreign=collector.foreign,
        started=collector.started,
        packages=tuple(collector.packages),
        kubernetes=collector.kubernetes,
        unseen=collector.unseen,
    )


def _refuse_other_encodings(file: BinaryIO) -> None:
    """The validator reads UTF-8 as it lies there: it opens no archive and knows no other encoding."""
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableError("it is UTF-16 text, as PowerShell writes it; save it as UTF-8")
    if head.startswith((b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd")):
        raise UnreadableError("it is compressed")
    if b"\0" in head:
        raise UnreadableError("it is binary, not text")


def _parser(path: PurePath) -> Callable[[BinaryIO, Collector], None]:
    # Each kind is imported when it is met: most submissions have none.
    ending = path.suffix.lower()
    if ending == ".xml":
        from aiconf.testresults.junit import parse_junit  # noqa: PLC0415

        return parse_junit
    if ending == ".json":
        from aiconf.testresults.gojson import parse_go_json  # noqa: PLC0415

        return parse_go_json
    from aiconf.testresults.gotext import parse_go_text  # noqa: PLC0415

    return parse_go_text


def look_for(run: TestRun, name: str) -> Found:
    """What a run says of a test.

    As the programme's validator does: the exact name first; without it, the subtests ``name/...`` together, which
    failed when one failed, were skipped when all were, and passed otherwise. An error is a failure.
    """
    prefix = f"{name}/"
    # Names with the same beginning stand together in alphabetical order.
    below = (run.names[index] for index in range(bisect_left(run.names, prefix), len(run.names)))
    known = takewhile(lambda other: other.startswith(prefix), below)
    subtests = {other.removeprefix(prefix): run.outcomes[other] for other in known}
    exact = run.outcomes.get(name)
    outcomes = [exact] if exact else list(subtests.values())
    how = "exact" if exact else "subtests" if subtests else "absent"
    return Found(_together(outcomes), how, subtests)


def _together(outcomes: list[str]) -> str:
    if not outcomes:
        return "absent"
    if any(outcome in ("failed", "error") for outcome in outcomes):
        return "failed"
    return "skipped" if all(outcome == "skipped" for outcome in outcomes) else "passed"
