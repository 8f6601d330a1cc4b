"""Holds a cluster against the policies, and a submission's claims against the cluster."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.claims import Observed
from aiconf.engine import Subject, evaluate
from aiconf.errors import InputError
from aiconf.linter import FileResult, Linter
from aiconf.model import CheckError, InputRecord, RequirementRow
from aiconf.observer import judge_all, observe
from aiconf.options import Options
from aiconf.registry import checklist_for
from aiconf.source import load_source, parse_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from os import PathLike

    from aiconf.judgement import Judgement
    from aiconf.model import Proof, Report
    from aiconf.observer import Observation


def check(
    paths: Iterable[str | PathLike[str]],
    submission: str | PathLike[str] | None = None,
    options: Options | None = None,
    *,
    require: Proof | None = None,
) -> Report:
    """Judge what a cluster shows of each requirement, and hold a submission's claims against it.

    Args:
        paths: Snapshots, or what else shows a cluster, and test results: together they are one cluster.
        submission: A PRODUCT.yaml whose claims are held against it.
        options: What to check, and how; without a selection the policies and the rules about claims run.
        require: How strongly every MUST has to be shown; None for what its policy asks.

    Raises:
        UsageError: An option names something that does not exist.
        InputError: Nothing can be read from a path, or it is damaged.
        CatalogError: A rule or policy file is wrong.
    """
    options = options or Options()
    linter = Linter(options)
    if not options.select:
        linter.keep_policies_only()
    checker = Checker(linter, observe([Path(path) for path in paths], linter.catalog), require)
    return checker.report([checker.check_submission(Path(submission)) if submission else checker.check()])


class Checked(NamedTuple):
    """What came of a snapshot, alone or with one submission.

    Attributes:
        result: The findings, rows and errors, of the submission's rules too.
        judgements: How each requirement was judged, in the checklist's order.
    """

    result: FileResult
    judgements: tuple[Judgement, ...]


class Checker:
    """A cluster, ready to be held against policies and claims."""

    def __init__(self, linter: Linter, seen: Observation, require: Proof | None = None) -> None:
        """Take the cluster.

        Args:
            linter: The catalog, the selection and the options.
            seen: The cluster.
            require: How strongly every MUST has to be shown; None for what its policy asks.
        """
        self.linter, self.seen, self.require = linter, seen, require
        self._observed = Observed(seen, linter.catalog.data, require)

    def check(self) -> Checked:
        """The snapshot alone, by the checklist of its version or of the one that was asked for."""
        subject, rows = self.alone()
        outcome = evaluate(self.linter.catalog, subject, self.linter.selection, reference=self.linter.options.reference)
        result = FileResult(None, tuple(outcome.findings), errors=tuple(outcome.errors))
        return self._together(rows, result, [row for row, _ in rows])

    def alone(self) -> tuple[Subject, list[tuple[RequirementRow, Judgement]]]:
        """The cluster as an input for rules, which stands for all of the snapshot's text, and what it shows."""
        rows = self._judged(self.linter.options.kubernetes_version or self.seen.version, {})
        record = InputRecord(self.seen.path, "snapshot", "")
        return Subject(record, parse_source(b"", self.seen.path), self._facts({}, rows, "snapshot")), rows

    def rows(self, version: str | None) -> list[RequirementRow]:
        """What the snapshot alone shows of the requirements of a version."""
        return [row for row, _ in self._judged(version, {})]

    def check_submission(self, path: Path) -> Checked:
        """A submission held against the snapshot; one that cannot be read is an error of its own, not of the run."""
        try:
            subject = self.linter.subject(load_source(path), path.absolute())
        except (InputError, OSError) as error:
            return Checked(FileResult(None, errors=(CheckError(None, path.as_posix(), str(error)),)), ())
        return self.check_subject(subject)

    def check_subject(self, subject: Subject) -> Checked:
        """A submission with its facts, held against the snapshot."""
        subject, rows = self.beside(subject)
        result = self.linter.judge(subject)
        judged = {row.id: row for row, _ in rows}
        merged = [_merged(judged.get(row.id), row) for row in result.requirements]
        return self._together(rows, result, merged)

    def beside(self, subject: Subject) -> tuple[Subject, list[tuple[RequirementRow, Judgement]]]:
        """A submission that also sees what the cluster shows, and what that is."""
        claims = {entry["id"]: entry for entry in reversed(subject.facts["submission"]["entries"])}
        rows = self._judged(subject.facts["submission"]["version"] or self.seen.version, claims)
        return subject._replace(facts=self._facts(subject.facts, rows, "submission")), rows

    def _judged(
        self, version: str | None, claims: Mapping[str, Mapping[str, Any]]
    ) -> list[tuple[RequirementRow, Judgement]]:
        catalog = self.linter.catalog
        checklist = checklist_for(version, self.linter.registry, catalog.data["checklists"])
        selected = {id_.partition("/")[0] for id_ in self.linter.selection.ids}
        left_out = {policy.id for policy in catalog.policies} - selected
        rows = judge_all(self.seen, catalog, checklist, claims, reference=self.linter.options.reference)
        return [(row, judgement) for row, judgement in rows if row.id not in left_out]

    def _facts(
        self, facts: Mapping[str, Any], rows: Iterable[tuple[RequirementRow, Judgement]], kind: str
    ) -> dict[str, Any]:
        """Facts of an input of some kind, with what the rules about such inputs read of the cluster."""
        observed = self._observed.facts([row for row, _ in rows], facts.get("submission"))
        rules = [file for file in self.linter.catalog.rules if file.subject == kind]
        seen = self.seen.facts_for(*rules, lazy=not self.linter.options.reference)
        return {**facts, **seen, "observed": observed}

    def report(self, checked: Sequence[Checked]) -> Report:
        """One report, with the files of the cluster among its inputs."""
        files = [FileResult(record) for record in self.seen.records]
        report = self.linter.report([*files, *(one.result for one in checked)], with_policies=True)
        paths = tuple(record.path for record in self.seen.records)
        return replace(report, options=replace(report.options, snapshots=paths, require=self.require))

    def _together(
        self, rows: Iterable[tuple[RequirementRow, Judgement]], result: FileResult, shown: Iterable[RequirementRow]
    ) -> Checked:
        judgements = tuple(judgement for _, judgement in rows)
        selection = self.linter.selection
        findings = [
            finding
            for judgement in judgements
            for finding in judgement.findings
            if finding.id in selection.ids and selection.admits(finding.authority)
        ]
        used: frozenset[int] = frozenset()
        if self.linter.exceptions is not None:
            findings, used = self.linter.settler.accept(findings)
        errors = [error for judgement in judgements for error in judgement.errors]
        return Checked(
            result._replace(
                findings=tuple(sorted([*result.findings, *findings], key=lambda finding: finding.sort_key)),
                requirements=tuple(shown),
                errors=(*result.errors, *errors),
                used=result.used | used,
            ),
            judgements,
        )


def _merged(seen: RequirementRow | None, claimed: RequirementRow) -> RequirementRow:
    """What the cluster shows, with what the submission says of it."""
    if seen is None:
        return claimed
    return replace(
        seen,
        level=seen.level or claimed.level,
        status=claimed.status,
        owner=claimed.owner,
        component=seen.component or claimed.component,
        contribution=claimed.contribution,
    )
