"""From paths to a report: finds submissions, reads each with its surroundings, and has the engine judge them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.catalog.load import load_catalog
from aiconf.engine import Subject, evaluate
from aiconf.errors import InputError, UsageError
from aiconf.model import (
    Authority,
    CheckError,
    Finding,
    InputRecord,
    Report,
    RequirementRow,
    RuleInfo,
    RunOptions,
    Severity,
)
from aiconf.registry import Registry, checklist_for, find_registry, is_registry
from aiconf.selection import select
from aiconf.source import Source, load_source, parse_source
from aiconf.submission.facts import Directory, Surroundings, minor_from, submission_facts
from aiconf.submission.folder import ProductFolder
from aiconf.submission.layers import LayerReader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

FILE_NAME = "PRODUCT.yaml"
# Starting a second process costs about as much as linting this many submissions.
_FILES_WORTH_A_PROCESS = 40
# A folder that is no registry is searched this deep, so that a run in a home folder ends.
_SEARCH_DEPTH = 6


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose; every value can be sent to another process.

    Attributes:
        catalog: A folder with rules/ and policies/, None for the shipped ones.
        select: Ids or files of rules that run, empty for all.
        ignore: Ids or files of rules that do not.
        authorities: Only findings of these count, empty for all.
        registry: A checkout of the programme's repository, None to look upward from each file.
        kubernetes_version: The minor to judge by (``v1.37``), None to take it from the folder or the file.
        members: The names on the member list and where they come from, None for the shipped list.
        online: Addresses to what the network says of them; of others nothing is said.
        reference: Evaluate with the reference engines.
        fail_on: The mildest severity that fails the run, None for never.
    """

    catalog: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    authorities: tuple[Authority, ...] = ()
    registry: Path | None = None
    kubernetes_version: str | None = None
    members: tuple[str, tuple[str, ...]] | None = None
    online: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reference: bool = False
    fail_on: Severity | None = Severity.ERROR


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
        InputError: A path does not exist.
        CatalogError: A rule file is wrong.
    """
    options = options or Options()
    linter = Linter(options)
    files = [found for path in paths for found in find_submissions(Path(path))]
    files = list(dict.fromkeys(files))
    results = linter.lint_files(files, jobs, progress)
    return linter.report(results)


class FileResult(NamedTuple):
    """What came of one file; ``checklists`` is the digest of the checkout that it was judged by."""

    record: InputRecord | None
    findings: tuple[Finding, ...] = ()
    requirements: tuple[RequirementRow, ...] = ()
    errors: tuple[CheckError, ...] = ()
    checklists: str | None = None


class Linter:
    """The catalog, the selection and the options, ready to take files."""

    def __init__(self, options: Options) -> None:
        """Load what all files share.

        Raises:
            UsageError: The registry is none, or a rule is unknown.
            CatalogError: A rule file is wrong.
        """
        self.options = options
        self.registry: Registry | None = None
        self.policies_only = False
        self._found: dict[Path, Registry | None] = {}
        self.catalog = load_catalog(options.catalog)
        self._layers = LayerReader(self.catalog.data)
        self.selection = select(self.catalog, options.select, options.ignore, options.authorities)
        if options.registry is not None:
            if not is_registry(options.registry):
                raise UsageError(f"{options.registry} is no registry: it has no docs/AIConformance-X.Y.yaml")
            self.registry = Registry(options.registry)

    def restrict_to(self, *, policies: bool, files: Iterable[str]) -> None:
        """Leave out all rules but those of some files, and the policies where they are wanted."""
        self.policies_only = policies
        wanted = frozenset(files) | ({policy.id for policy in self.catalog.policies} if policies else frozenset())
        ids = frozenset(id_ for id_ in self.selection.ids if id_.partition("/")[0] in wanted)
        self.selection = self.selection._replace(ids=ids)

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
        subject = self.subject(source, path)
        outcome = evaluate(self.catalog, subject, self.selection, reference=self.options.reference)
        registry = self.registry or self._registry_above(path)
        return FileResult(
            subject.record,
            tuple(outcome.findings),
            tuple(outcome.requirements),
            tuple(outcome.errors),
            registry.digest if registry else None,
        )

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
        )

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

    def report(self, results: Sequence[FileResult], *, with_policies: bool = False) -> Report:
        """One report of many results; the same results give the same report in any order of files.

        Args:
            results: What came of each file.
            with_policies: Whether policies ran too.
        """
        findings = sorted((f for result in results for f in result.findings), key=lambda f: f.sort_key)
        inputs = sorted((r.record for r in results if r.record), key=lambda record: record.path)
        by_path = sorted(results, key=lambda result: result.record.path if result.record else "")
        return Report(
            engine="reference" if self.options.reference else "default",
            catalog=self.catalog.digest,
            inputs=tuple(inputs),
            findings=tuple(findings),
            requirements=tuple(row for result in by_path for row in result.requirements),
            errors=tuple(sorted((e for r in results for e in r.errors), key=lambda e: (e.path, e.id or "", e.message))),
            checked=bool(inputs) and bool(self.selection.ids),
            fail_on=self.options.fail_on,
            rules=tuple(self._rules(with_policies=with_policies)),
            options=self._recorded(results),
        )

    def _recorded(self, results: Sequence[FileResult]) -> RunOptions:
        options = self.options
        digests = {result.checklists for result in results} | {self.registry.digest if self.registry else None}
        known = sorted(digest for digest in digests if digest)
        return RunOptions(
            select=options.select,
            ignore=options.ignore,
            authorities=options.authorities,
            kubernetes_version=options.kubernetes_version,
            registry=options.registry.as_posix() if options.registry else None,
            checklists=sha256("".join(known).encode()).hexdigest() if known else None,
            members=options.members and (options.members[0], members_digest(options.members[1])),
            online=bool(options.online),
            policies_only=self.policies_only,
        )

    def _rules(self, *, with_policies: bool) -> Iterable[RuleInfo]:
        for id_ in sorted(self.selection.ids):
            rule, file = self.catalog.validation(id_), self.catalog.file(id_.split("/")[0])
            if rule and file and (with_policies or not file.is_policy):
                yield RuleInfo(
                    id_, rule.summary or file.title, file.rationale, rule.authority, rule.severity, rule.source
                )


def members_digest(names: Iterable[str]) -> str:
    """SHA-256 of a member list, in hexadecimal; the order of the names does not matter."""
    return sha256("\n".join(sorted(names)).encode("utf-8", "surrogatepass")).hexdigest()


_worker: Linter | None = None


def _start_worker(options: Options) -> None:
    global _worker  # noqa: PLW0603 - the one linter of this process
    _worker = Linter(options)


def _lint_in_worker(path: Path) -> FileResult:
    if _worker is None:
        raise RuntimeError("the worker was not started")
    return _worker.lint_file(path)


def find_submissions(path: Path) -> list[Path]:
    """The submissions a path stands for: itself, or those below a product, version or registry folder.

    Raises:
        InputError: There is no such path.
    """
    if path.is_dir():
        return sorted(_below(path, _SEARCH_DEPTH))
    if not path.exists():
        raise InputError(f"{path} does not exist")
    return [path]


def _below(folder: Path, depth: int) -> Iterable[Path]:
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:  # a folder that may not be read holds no submission that could be linted
        return
    for entry in entries:
        if entry.name == FILE_NAME and entry.is_file():
            yield folder / entry.name
        elif depth and not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False):
            yield from _below(folder / entry.name, depth - 1)
