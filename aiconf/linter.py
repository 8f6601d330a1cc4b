"""From paths to a report: finds submissions, reads each with its surroundings, and has the engine judge them."""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.catalog.load import load_catalog
from aiconf.engine import Subject, evaluate
from aiconf.errors import InputError, UsageError
from aiconf.model import (
    CheckError,
    Finding,
    InputRecord,
    Report,
    RequirementRow,
    RuleInfo,
    RunOptions,
)
from aiconf.options import Options, recorded, told_by
from aiconf.registry import Registry, checklist_for, find_registry, is_registry
from aiconf.selection import select
from aiconf.source import Source, load_source, parse_source
from aiconf.submission.facts import Directory, Surroundings, minor_from, submission_facts
from aiconf.submission.folder import ProductFolder
from aiconf.submission.layers import LayerReader
from aiconf.submission.search import find_submissions

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aiconf.pull_request import Changes
    from aiconf.settlement import Settler
    from aiconf.suppression.exceptions import Exceptions

# Starting a second process costs about as much as linting this many submissions.
_FILES_WORTH_A_PROCESS = 40
# Where a cluster is judged, these are the rules there are to run, beside the policies.
_RULES_ABOUT_CLAIMS = ("consistency", "snapshot", "suppression")


def lint(
    paths: Iterable[str | os.PathLike[str]] = (".",),
    options: Options | None = None,
    *,
    jobs: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Hold submissions against the programme's rules.

    Args:
        paths: Files, or folders that hold them: a product's, a version's, a registry.
        options: What to check, and how.
        jobs: How many processes may work at the same time.
        progress: Called with how many of how many files are done.

    Raises:
        UsageError: An option names something that does not exist.
        InputError: A path does not exist, or the layers.yaml cannot be used.
        ConfigError: The exceptions file is wrong.
        CatalogError: A rule file is wrong.
    """
    options = options or Options()
    linter = Linter(options)
    found = find_submissions(map(Path, paths))
    results = linter.lint_files(found.files, jobs, progress)
    return linter.report([*results, FileResult(None, errors=found.refused)])


class FileResult(NamedTuple):
    """What came of one file.

    Attributes:
        record: The file, None when it could not be read.
        findings: Suppressed ones included.
        requirements: A row for each requirement.
        errors: What could not be checked.
        used: Indices of the entries of the exceptions file that name a finding here.
        ran: Indices of those of which this run tells whether they are needed.
        checklists: The digest of the checkout that it was judged by, None without one.
    """

    record: InputRecord | None
    findings: tuple[Finding, ...] = ()
    requirements: tuple[RequirementRow, ...] = ()
    errors: tuple[CheckError, ...] = ()
    used: frozenset[int] = frozenset()
    ran: frozenset[int] = frozenset()
    checklists: str | None = None


class Linter:
    """The catalog, the selection and the options, ready to take files."""

    def __init__(self, options: Options) -> None:
        """Load what all files share.

        Raises:
            UsageError: The registry is none, a rule is unknown, or options contradict one another.
            InputError: The layers.yaml cannot be used.
            ConfigError: The exceptions file is wrong.
            CatalogError: A rule file is wrong.
        """
        self.options = options
        self.registry: Registry | None = None
        self.policies_only = False
        self._found: dict[Path, Registry | None] = {}
        self.catalog = load_catalog(options.catalog)
        self._layers = LayerReader(self.catalog.data)
        self._told = told_by(options)
        self.selection = select(self.catalog, options.select, options.ignore, options.authorities)
        if options.registry is not None:
            if not is_registry(options.registry):
                raise UsageError(f"{options.registry} is no registry: it has no docs/AIConformance-X.Y.yaml")
            self.registry = Registry(options.registry)
        self.exceptions: Exceptions | None = None
        if options.exceptions is not None:
            from aiconf.suppression.exceptions import load_exceptions  # noqa: PLC0415 - only where there are any

            self.exceptions = load_exceptions(options.exceptions, options.today)

    def keep_policies_only(self) -> None:
        """Leave out the rules that a cluster has no part in, as `aiconf check` does where nothing is selected."""
        self.policies_only = True
        names = (id_.partition("/")[0] for id_ in self.selection.ids)
        wanted = {name for name in names if self.catalog.is_policy(name) or name in _RULES_ABOUT_CLAIMS}
        ids = frozenset(id_ for id_ in self.selection.ids if id_.partition("/")[0] in wanted)
        self.selection = self.selection._replace(ids=ids)
        self.__dict__.pop("_references", None)

    def lint_files(
        self, files: Sequence[Path], jobs: int, progress: Callable[[int, int], None] | None
    ) -> list[FileResult]:
        """Results in the order of the files."""
        jobs = min(jobs, len(files) // _FILES_WORTH_A_PROCESS + 1)
        results = []
        for result in map(self.lint_file, files) if jobs < 2 else self._in_processes(files, jobs):  # noqa: PLR2004 - two or more
            results.append(result)
            if progress:
                progress(len(results), len(files))
        return results

    def _in_processes(self, files: Sequence[Path], jobs: int) -> Iterable[FileResult]:
        import multiprocessing  # noqa: PLC0415 - only for many files
        from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only for many files

        # A forked child has every module already, and loads the catalog alone.
        method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
        context = multiprocessing.get_context(method)
        with ProcessPoolExecutor(jobs, context, _start_worker, (self.options,)) as pool:
            yield from pool.map(_lint_in_worker, files, chunksize=max(1, len(files) // (jobs * 8)))

    def lint_file(self, path: Path) -> FileResult:
        """Lint one file; one that cannot be read is an error of its own, not of the run."""
        try:
            return self.lint_source(load_source(path), path.absolute())
        except (InputError, OSError) as error:
            return FileResult(None, errors=(CheckError(None, path.as_posix(), str(error)),))

    def lint_text(self, raw: bytes, name: str | None) -> FileResult:
        """Lint bytes that came without a file; ``name`` says where they would lie."""
        path = Path(name).absolute() if name else None
        return self.lint_source(parse_source(raw, name or "<stdin>"), path)

    def lint_source(self, source: Source, path: Path | None) -> FileResult:
        """Lint a parsed submission that lies, or would lie, at ``path``."""
        registry = self.registry or self._registry_above(path)
        return self.judge(self.subject(source, path))._replace(checklists=registry.digest if registry else None)

    def judge(self, subject: Subject) -> FileResult:
        """Hold a submission with its facts against the rules, and mark what is accepted with a reason."""
        outcome = evaluate(self.catalog, subject, self.selection, reference=self.options.reference)
        result = FileResult(subject.record, tuple(outcome.findings), tuple(outcome.requirements), tuple(outcome.errors))
        # Most inputs have nothing that could be accepted, and then nothing is loaded for it.
        if self.exceptions is None and not (self.options.inline_ignores and "aiconf:" in subject.source.text):
            return result
        return result._replace(**self.settler.settle(subject, outcome)._asdict())

    @cached_property
    def settler(self) -> Settler:
        """What marks the findings that are accepted with a reason."""
        from aiconf.settlement import Settler  # noqa: PLC0415 - only where something may be accepted

        options = self.options
        asked = bool(options.online)
        return Settler(self.catalog, self.selection, self.exceptions, options.inline_ignores, asked, options.reference)

    def lint_changes(self, changes: Changes) -> FileResult:
        """Hold what a branch changes against the rules for pull requests; without a record where none applies."""
        subject = self._pull_request(changes)
        outcome = evaluate(self.catalog, subject, self.selection, reference=self.options.reference)
        errors = list(outcome.errors)
        if not outcome.applied:  # else a rule says so
            errors += [
                CheckError(None, changes.reported(path), "it is no plain file; it was not followed")
                for path in changes.unread()
            ]
        return FileResult(
            subject.record if outcome.applied or errors else None, tuple(outcome.findings), (), tuple(errors)
        )

    def _pull_request(self, changes: Changes) -> Subject:
        from aiconf.pull_request import pull_request_facts, pull_request_subject  # noqa: PLC0415 - --changed-since only

        submitted = {}
        for name in changes.owners():
            path = changes.root / name
            with suppress(InputError, OSError):  # linting the file says so
                facts = self.subject(load_source(path), path).facts["submission"]
                submitted[path.parent.relative_to(changes.root).as_posix()] = facts
        facts = pull_request_facts(changes, submitted, programme=is_registry(changes.root))
        return pull_request_subject(changes, facts)

    def subject(self, source: Source, path: Path | None) -> Subject:
        """A parsed submission with its facts, ready to be judged."""
        record = InputRecord(source.path, "submission", source.sha256)
        return Subject(record, source, submission_facts(source, self._surroundings(source, path)))

    def _surroundings(self, source: Source, path: Path | None) -> Surroundings:
        options, data = self.options, self.catalog.data
        directory = Directory.of(path)
        version = options.kubernetes_version or directory.version or minor_from(source.data)
        registry = self.registry or self._registry_above(path)
        folder = path.parent if path and path.parent.is_dir() else None
        return Surroundings(
            data=data,
            directory=directory,
            folder=ProductFolder(folder, directory.version, directory.product),
            version=version,
            version_given=options.kubernetes_version is not None or path is None,
            checklist=checklist_for(version, registry, data["checklists"]),
            registry=registry,
            members=self._members(data["members"]),
            online=options.online,
            layers=self._layers,
            told=self._told,
            references=self._references,
        )

    @cached_property
    def _references(self) -> frozenset[str]:
        """What the rules that run read."""
        files = {id_.partition("/")[0] for id_ in self.selection.ids}
        return frozenset(path for file in self.catalog.rules if file.id in files for path in file.references)

    def _registry_above(self, path: Path | None) -> Registry | None:
        folder = path.parent if path else Path.cwd()
        # Products of one version share their registry, and its checklists.
        root = folder.parent
        if root not in self._found:
            self._found[root] = find_registry(folder)
        return self._found[root]

    def _members(self, shipped: Mapping[str, Any]) -> Mapping[str, Any]:
        if self.options.members is None:
            return {"names": shipped["names"], "source": f"of {shipped['date']}", "authoritative": False}
        source, names = self.options.members
        return {"names": list(names), "source": source, "authoritative": True}

    def use(self, results: Iterable[FileResult]) -> tuple[frozenset[int], frozenset[int]]:
        """The entries of the exceptions file that name a finding, and those of which the run tells whether they do."""
        none: frozenset[int] = frozenset()
        results = list(results)
        return none.union(*(result.used for result in results)), none.union(*(result.ran for result in results))

    def report(self, results: Sequence[FileResult], *, with_policies: bool = False) -> Report:
        """One report of many results; the same results give the same report in any order of files.

        Args:
            results: What came of each file.
            with_policies: Whether policies ran too.
        """
        checked = any(result.record for result in results)
        if self.exceptions is not None and (judged := self.settler.judge_exceptions(*self.use(results))):
            record, settlement = judged
            results = [*results, FileResult(record, **settlement._asdict())]
        # What a cluster shows is found once, however many submissions are held against it.
        found = dict.fromkeys(finding for result in results for finding in result.findings)
        findings = sorted(found, key=lambda finding: finding.sort_key)
        inputs = sorted((r.record for r in results if r.record), key=lambda record: record.path)
        by_path = sorted(results, key=lambda result: result.record.path if result.record else "")
        return Report(
            engine="reference" if self.options.reference else "default",
            catalog=self.catalog.digest,
            inputs=tuple(inputs),
            findings=tuple(findings),
            requirements=tuple(row for result in by_path for row in result.requirements),
            errors=tuple(sorted((e for r in results for e in r.errors), key=lambda e: (e.path, e.id or "", e.message))),
            checked=checked and bool(self.selection.ids),
            fail_on=self.options.fail_on,
            rules=tuple(self._rules({record.kind for record in inputs}, with_policies=with_policies)),
            options=self._recorded(results),
        )

    def _recorded(self, results: Sequence[FileResult]) -> RunOptions:
        digests = {result.checklists for result in results} | {self.registry.digest if self.registry else None}
        known = sorted(digest for digest in digests if digest)
        checklists = sha256("".join(known).encode()).hexdigest() if known else None
        return recorded(self.options, checklists, policies_only=self.policies_only)

    def _rules(self, kinds: set[str], *, with_policies: bool) -> Iterable[RuleInfo]:
        """The rules that ran; those for pull requests run where there is one."""
        for id_ in sorted(self.selection.ids):
            if not with_policies and self.catalog.is_policy(id_.partition("/")[0]):
                continue
            rule, file = self.catalog.validation(id_), self.catalog.file(id_.partition("/")[0])
            if rule is None or file is None:
                continue
            if file.subject == "submission" or file.subject in kinds:
                summary = rule.summary or file.title
                yield RuleInfo(id_, summary, file.rationale, rule.authority, rule.severity, rule.source, file.subject)


_worker: Linter | None = None


def _start_worker(options: Options) -> None:
    global _worker  # noqa: PLW0603 - the one linter of this process
    _worker = Linter(options)


def _lint_in_worker(path: Path) -> FileResult:
    if _worker is None:
        raise RuntimeError("the worker was not started")
    return _worker.lint_file(path)
