"""One run of tests, whatever wrote it down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# The largest real file, a JUnit report of the whole Kubernetes suite, has 3 MB.
SIZE_LIMIT = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: its full name, and ``passed``, ``failed``, ``skipped`` or ``error``."""

    __test__ = False  # pytest must not collect it

    name: str
    outcome: str


@dataclass(frozen=True, slots=True)
class TestRun:
    """What a file says of a run.

    Attributes:
        results: Its tests, in the file's order.
        error: Why it cannot be read, "" when it can.
        foreign: What it holds in place of a Go test run ("the output of Ginkgo"), "" for a Go test run.
        started: When the run began (ISO 8601), None when the file does not say.
    """

    __test__ = False  # pytest must not collect it

    results: tuple[TestResult, ...] = ()
    error: str = ""
    foreign: str = ""
    started: str | None = None

    @property
    def failed(self) -> tuple[str, ...]:
        """Names of the tests that failed, in the file's order."""
        return tuple(result.name for result in self.results if result.outcome in ("failed", "error"))


def read_run(path: Path) -> TestRun:
    """Read a file by its name: ``.xml`` is JUnit, ``.json`` is ``go test -json``, anything else ``go test -v``.

    Nothing is read beyond `SIZE_LIMIT` bytes.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        return TestRun(error=f"it cannot be opened ({error.strerror})")
    if len(raw) > SIZE_LIMIT:
        return TestRun(error=f"it is larger than {SIZE_LIMIT // 2**20} MiB")
    return _parse(path.suffix.lower(), raw)


def _parse(ending: str, raw: bytes) -> TestRun:
    # Each kind is imported when it is met: most submissions have none.
    if ending == ".xml":
        from aiconf.testresults.junit import parse_junit  # noqa: PLC0415

        run = parse_junit(raw)
    elif ending == ".json":
        from aiconf.testresults.gojson import parse_go_json  # noqa: PLC0415

        run = parse_go_json(raw)
    else:
        from aiconf.testresults.gotext import parse_go_text  # noqa: PLC0415

        run = parse_go_text(raw)
    if run.error or run.foreign or run.results:
        return run
    return TestRun(error="it holds no test", started=run.started)


def look_for(run: TestRun, name: str) -> str:
    """The outcome of a test: ``passed``, ``failed``, ``skipped``, or ``absent``.

    As the programme's validator does: the exact name first; without it, the subtests ``name/...`` together, which failed
    when one failed, and were skipped when all were.
    """
    outcomes = [result.outcome for result in run.results if result.name == name]
    outcomes = outcomes or [result.outcome for result in run.results if result.name.startswith(name + "/")]
    if not outcomes:
        return "absent"
    if any(outcome in ("failed", "error") for outcome in outcomes):
        return "failed"
    return "skipped" if all(outcome == "skipped" for outcome in outcomes) else "passed"
