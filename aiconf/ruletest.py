"""Runs the examples that rule and policy files carry: a submission or a snapshot, edited, and what must come of it.

The examples of rules are held to real files: a copy of the base document's folder, with the edits made, in a temporary
folder. Snapshots go through the reader that reads them from files.
"""

from __future__ import annotations

import json
import multiprocessing
import shutil
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.checker import Checker
from aiconf.edited_snapshot import edited_snapshot
from aiconf.engine import Outcome, Subject, evaluate, evaluate_file
from aiconf.errors import AiconfError, CatalogError
from aiconf.fix import Fixer
from aiconf.judgement import Judgement, judge
from aiconf.linter import Linter
from aiconf.model import Level
from aiconf.observer import Observation, read_document
from aiconf.online.facts import opened_page
from aiconf.options import Options
from aiconf.selection import Selection
from aiconf.source import parse_source
from aiconf.suppression.acceptance import exception_rows
from aiconf.suppression.comments import MARK
from aiconf.suppression.exceptions import load_exceptions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.catalog.runtime import Catalog, RuleFile, Test
    from aiconf.model import Proof

# Fewer examples than these take less time than starting processes.
_WORTH_PROCESSES = 40
_FILE_NAME = "PRODUCT.yaml"
_TODAY = "2026-01-01"  # of the examples, so that what has expired stays so


@dataclass(frozen=True, slots=True)
class TestResult:
    """What came of one example.

    Attributes:
        file_id: The rule file.
        name: The example's name.
        problem: What is not as expected, None when all is.
        failing: Names of the validations that reported something; of a policy, those that did not hold.
        passing: Names of those that were held against the document and reported nothing; of a policy, that held.
        fixed: Names of those whose fix was made, and left the document as the example says.
    """

    __test__ = False  # pytest must not collect it

    file_id: str
    name: str
    problem: str | None
    failing: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()
    fixed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each validation was seen to pass, to fail and to be fixed, by id."""

    passed: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    fixed: Counter[str] = field(default_factory=Counter)

    def gaps(self, catalog: Catalog) -> Iterator[str]:
        """What is still to be shown, one line for each validation."""
        for id_ in catalog.ids():
            validation = catalog.validation(id_)
            wanted = [("passes", self.passed), ("fails", self.failed)]
            if validation and validation.fix:
                wanted.append(("is fixed", self.fixed))
            missing = [word for word, seen in wanted if not seen[id_]]
            if missing:
                yield f"{id_}: no example in which it {' and none in which it '.join(missing)}"


def coverage(results: list[TestResult]) -> Coverage:
    """Count over results, those with a problem left out."""
    seen = Coverage()
    for result in results:
        if result.problem is None:
            seen.passed.update(f"{result.file_id}/{name}" for name in result.passing)
            seen.failed.update(f"{result.file_id}/{name}" for name in result.failing)
            seen.fixed.update(f"{result.file_id}/{name}" for name in result.fixed)
    return seen


class TestRunner:
    """Runs the examples of a catalog.

    Args:
        catalog: A folder with rules/ and policies/, None for the shipped ones.
        fixtures: The folder that holds ``submissions/``, ``snapshots/`` and ``members.txt``.
        reference: Evaluate with the reference engines.
    """

    __test__ = False  # pytest must not collect it

    def __init__(self, catalog: Path | None, fixtures: Path, *, reference: bool = False) -> None:
        self.submissions, self.snapshots = fixtures / "submissions", fixtures / "snapshots"
        self.names = tuple((fixtures / "members.txt").read_text(encoding="utf-8").split("\n"))
        options = Options(catalog=catalog, registry=self.submissions, reference=reference)
        self.linter = Linter(options)
        self.fixer = Fixer(options)
        self.reference = reference

    @property
    def files(self) -> tuple[RuleFile, ...]:
        """The rule and policy files, each sorted by id."""
        return (*self.linter.catalog.rules, *self.linter.catalog.policies)

    def run(self, file: RuleFile, test: Test) -> TestResult:
        """Run one example."""
        return self._run_policy(file, test) if file.is_policy else self._run_rule(file, test)

    def _run_policy(self, file: RuleFile, test: Test) -> TestResult:
        try:
            judgement = self._judged(file, test)
        except AiconfError as error:
            return TestResult(file.id, test.name, str(error))
        holding = frozenset(step.validation.name for step in judgement.steps if step.holds)
        others = frozenset(step.validation.name for step in judgement.steps) - holding
        return TestResult(file.id, test.name, _policy_problem(test, judgement), others, holding)

    def _judged(self, file: RuleFile, test: Test) -> Judgement:
        seen = self._observation(test)
        claims = {}
        if test.submission or test.text is not None:
            with TemporaryDirectory() as folder:
                subject = self._subject(self._lay(test, Path(folder)))
            claims = {entry["id"]: entry for entry in subject.facts["submission"]["entries"]}
        facts = {**seen.facts_for(file), "requirement": claims.get(file.id)}
        return judge(file, facts, seen.path, Level.MUST, reference=self.reference)

    def _observation(self, test: Test) -> Observation:
        document = edited_snapshot(test, self.snapshots)
        return read_document(json.dumps(document).encode(), self.linter.catalog, f"{test.snapshot}.json")

    def _checker(self, test: Test) -> Checker:
        return Checker(self.linter, self._observation(test), test.require)

    def _run_rule(self, file: RuleFile, test: Test) -> TestResult:
        fixed, flaw = frozenset[str](), None
        try:
            if file.subject == "snapshot":
                subject, _ = self._checker(test).alone()
                outcome = evaluate_file(file, subject, self.linter.selection, reference=self.reference)
            else:
                with TemporaryDirectory() as folder:
                    laid = self._lay(test, Path(folder))
                    outcome = self._evaluate(file, test, laid, Path(folder))
                    if test.fixed is not None:
                        fixed, flaw = self._fix(file, test, laid)
        except AiconfError as error:
            return TestResult(file.id, test.name, str(error))
        failing = frozenset(finding.id.split("/")[1] for finding in outcome.findings)
        every = frozenset(v.name for v in file.validations) if outcome.applied else frozenset()
        problem = _problem(test, outcome, failing) or flaw
        return TestResult(file.id, test.name, problem, failing, every - failing, fixed)

    def _evaluate(self, file: RuleFile, test: Test, laid: _Laid, folder: Path) -> Outcome:
        subject = self._subject(laid)
        if file.subject == "pull_request":
            subject = self._pull_request(test, subject, folder)
        if test.snapshot:
            subject, _ = self._checker(test).beside(subject)
        if test.exceptions or MARK in subject.source.text:
            rows = self._suppressions(test, subject, folder)
            subject = subject._replace(facts={**subject.facts, "suppressions": rows})
        return evaluate_file(file, subject, self.linter.selection, reference=self.reference)

    def _suppressions(self, test: Test, subject: Subject, folder: Path) -> list[dict[str, Any]]:
        """What the comments and the exceptions of an example accept of what all rules find in it."""
        path = folder / "exceptions.yaml"
        path.write_text(json.dumps(test.exceptions), encoding="utf-8")
        exceptions = load_exceptions(path, _TODAY)
        catalog, selection = self.linter.catalog, self.linter.selection
        outcome = evaluate(catalog, subject, selection, reference=self.reference)
        settler = self.linter.settler._replace(exceptions=exceptions, asked=bool(test.online))
        settled = settler.settle(subject, outcome)
        return settler.rows(subject, outcome) + exception_rows(exceptions, catalog, settled.used, settled.ran)

    def _subject(self, laid: _Laid) -> Subject:
        return self.linter.subject(parse_source(laid.raw, laid.display), laid.place)

    def _lay(self, test: Test, folder: Path) -> _Laid:
        place = folder / (test.path or f"{test.submission}/{_FILE_NAME}")
        raw = edited(test, self.submissions).encode("utf-8", "surrogatepass")
        if test.submission and test.text is None:
            shutil.copytree(self.submissions / test.submission, place.parent)
        place.parent.mkdir(parents=True, exist_ok=True)
        for name, content in test.files.items():
            target = place.parent / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(content, encoding="utf-8")
        self.linter.options = self.fixer.linter.options = self._options(test)
        return _Laid(raw, place.relative_to(folder).as_posix(), place)

    def _fix(self, file: RuleFile, test: Test, laid: _Laid) -> tuple[frozenset[str], str | None]:
        """The names of what is fixed of the failing validations, and what is not as the example says."""
        self.fixer.selection = Selection(frozenset(f"{file.id}/{name}" for name in test.fails))
        fixed = self.fixer.fix(laid.raw, laid.display, laid.place)
        names = frozenset(finding.id.split("/")[1] for finding in fixed.findings)
        return names, _unlike(test.fixed or {}, parse_source(fixed.raw, laid.display).data, names)

    @staticmethod
    def _pull_request(test: Test, submission: Subject, root: Path) -> Subject:
        """The pull request of an example, in which the example's submission lies."""
        from aiconf.pull_request import (  # noqa: PLC0415 - for these rules only
            example_changes,
            pull_request_facts,
            pull_request_subject,
        )

        if not test.pull_request or test.submission is None:
            raise CatalogError(f"{test.name}: needs a pull_request and a submission")
        submitted = {test.submission: submission.facts["submission"]}
        changes = example_changes(test.pull_request, root)
        facts = pull_request_facts(changes, submitted, programme=test.pull_request.get("programme", True))
        return pull_request_subject(changes, facts)

    def _options(self, test: Test) -> Options:
        from dataclasses import replace  # noqa: PLC0415 - not on the way to linting

        names = self.names if test.members is None else test.members
        members = ("of the fixtures", tuple(name for name in names if name))
        online = {url: {**opened_page(url), **given} for url, given in test.online.items()}
        return replace(self.linter.options, members=members, online=online)


class _Laid(NamedTuple):
    """An example's document: its bytes, its name, and where it would lie among the example's files."""

    raw: bytes
    display: str
    place: Path


def _unlike(wanted: Mapping[str, object], data: Any, fixed: frozenset[str]) -> str | None:
    """How a fixed document differs from what an example says of it."""
    if not wanted and fixed:
        return f"expected nothing to be fixed, but {', '.join(sorted(fixed))} was"
    for pointer, value in wanted.items():
        try:
            parent, key = _parent(data, pointer)
            found = parent[key]
        except CatalogError:
            found = None
        if found != value or type(found) is not type(value):
            return f"expected {pointer} to be fixed to {value!r}, found {found!r}"
    return None


def run_all(runner: TestRunner, jobs: int) -> list[TestResult]:
    """Run every example, in the order of the files.

    Args:
        runner: The examples.
        jobs: How many processes may work at the same time, where processes can be forked.
    """
    places = [(number, index) for number, file in enumerate(runner.files) for index in range(len(file.tests))]
    if jobs < 2 or "fork" not in multiprocessing.get_all_start_methods() or len(places) < _WORTH_PROCESSES:  # noqa: PLR2004 - two or more
        return [_run_at(runner, place) for place in places]
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork"), _start_worker, (runner,)) as pool:
        return list(pool.map(_run_in_worker, places, chunksize=8))


_worker: TestRunner | None = None


def _start_worker(runner: TestRunner) -> None:
    global _worker  # noqa: PLW0603 - the one runner of this process
    _worker = runner


def _run_in_worker(place: tuple[int, int]) -> TestResult:
    if _worker is None:
        raise RuntimeError("the worker was not started")
    return _run_at(_worker, place)


def _run_at(runner: TestRunner, place: tuple[int, int]) -> TestResult:
    file = runner.files[place[0]]
    return runner.run(file, file.tests[place[1]])


def _problem(test: Test, outcome: Outcome, failing: frozenset[str]) -> str | None:
    if outcome.errors:
        return f"{outcome.errors[0].id} could not be evaluated: {outcome.errors[0].message}"
    verdict = "not_applicable" if not outcome.applied else "fail" if failing else "pass"
    expected = frozenset(test.fails)
    if verdict == test.expect and failing == expected:
        return None
    found = f"{verdict} ({', '.join(sorted(failing))})" if failing else verdict
    wanted = f"{test.expect} ({', '.join(sorted(expected))})" if expected else test.expect
    details = "".join(f"; {finding.pointer or '/'}: {finding.message}" for finding in outcome.findings[:3])
    return f"expected {wanted}, found {found}{details}"


def _policy_problem(test: Test, judgement: Judgement) -> str | None:
    if judgement.errors:
        return f"{judgement.errors[0].id} could not be evaluated: {judgement.errors[0].message}"
    refuted = sorted({finding.id.split("/")[1] for finding in judgement.findings})
    found = (str(judgement.result), judgement.proof if test.proof else None, refuted)
    wanted = (test.expect, test.proof, sorted(test.fails))
    if found == wanted:
        return None
    say = " ".join(judgement.reasons[:3])
    return f"expected {_said(*wanted)}, found {_said(str(judgement.result), judgement.proof, refuted)}; {say}"


def _said(result: str, proof: Proof | None, refuted: list[str]) -> str:
    shown = f" with proof {proof}" if proof else ""
    return result + shown + (f" ({', '.join(refuted)})" if refuted else "")


def edited(test: Test, submissions: Path) -> str:
    """The document of an example: its base, with the edits made.

    Raises:
        CatalogError: The base does not exist, or an edit has nothing to change.
    """
    text = _base_text(test, submissions)
    for old, new in test.replace_text.items():
        if old not in text:
            raise CatalogError(f"{test.name}: the document does not contain {old!r}")
        text = text.replace(old, new)
    if not (test.set or test.remove or test.rename):
        return text
    import yaml  # noqa: PLC0415 - only for edited documents

    data = yaml.safe_load(text)
    for pointer, value in test.set.items():
        _set(data, pointer, value)
    for pointer in test.remove:
        parent, key = _parent(data, pointer)
        del parent[key]
    for pointer, name in test.rename.items():
        parent, key = _parent(data, pointer)
        items = [(name if old == key else old, value) for old, value in parent.items()]
        parent.clear()
        parent.update(items)
    dumped: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=1_000_000)
    return dumped


def _base_text(test: Test, submissions: Path) -> str:
    if test.text is not None:
        return test.text
    if test.submission is None:
        raise CatalogError(f"{test.name}: names no submission, and its file has no default_submission")
    path = submissions / test.submission / _FILE_NAME
    if not path.is_file():
        raise CatalogError(f"{test.name}: there is no fixture {path}")
    return path.read_text(encoding="utf-8")


def _segments(pointer: str) -> list[str]:
    return [part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]]


def _parent(data: Any, pointer: str) -> tuple[Any, Any]:
    """The container and the key of an existing node."""
    *path, last = _segments(pointer)
    try:
        for part in path:
            data = data[int(part)] if isinstance(data, list) else data[part]
        key: Any = int(last) if isinstance(data, list) else last
        data[key]  # an edit of what is not there would test nothing
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise CatalogError(f"the document has no {pointer}") from error
    return data, key


def _set(data: Any, pointer: str, value: object) -> None:
    *path, last = _segments(pointer)
    try:
        for part in path:
            data = data[int(part)] if isinstance(data, list) else data[part]
        if isinstance(data, list) and last == "-":
            data.append(value)
        elif isinstance(data, list):
            data[int(last)] = value
        else:
            data[last] = value
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise CatalogError(f"the document has no place {pointer}") from error
