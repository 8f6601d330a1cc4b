"""Evaluates the catalog's rules over the facts of inputs. Pure: it neither reads files nor prints.

A rule that cannot be evaluated becomes a `CheckError`, which ends a run with "could not check": never a pass, and never
a finding that a submitter would have to mend.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from aiconf.errors import CelError
from aiconf.evaluation import Evaluation
from aiconf.model import (
    CheckError,
    Finding,
    InputRecord,
    Level,
    Position,
    RequirementRow,
    Span,
)
from aiconf.schema import violations

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.catalog.runtime import Catalog, RuleFile, Validation
    from aiconf.model import Authority, Fix, Severity
    from aiconf.selection import Selection
    from aiconf.source import Source

Word = TypeVar("Word", "Authority", "Severity")


# A list of ten thousand findings of one rule about one file helps nobody, and its messages take their time.
MOST_FINDINGS = 200
"""So many of one rule are reported of one input."""


class Subject(NamedTuple):
    """One input to judge.

    Attributes:
        record: Path, kind and digest, for the report.
        source: Where its nodes stand in the text.
        facts: The bindings that expressions see.
    """

    record: InputRecord
    source: Source
    facts: Mapping[str, Any]


class Outcome:
    """What came of one subject, or of one file of rules over it.

    Attributes:
        requirements: A row for each requirement.
        findings: What the rules report.
        errors: What could not be evaluated.
        applied: Whether any rule was held against the subject.
        files: Ids of the files of rules that applied.
        cut: Ids of the rules that have more findings than are listed.
    """

    __slots__ = ("applied", "cut", "errors", "files", "findings", "requirements")

    def __init__(self, requirements: list[RequirementRow] | None = None) -> None:
        self.requirements = requirements or []
        self.findings: list[Finding] = []
        self.errors: list[CheckError] = []
        self.applied = False
        self.files: set[str] = set()
        self.cut: set[str] = set()


def evaluate(catalog: Catalog, subject: Subject, selection: Selection, *, reference: bool = False) -> Outcome:
    """Hold one subject against all selected rules.

    Args:
        catalog: The rules.
        subject: The input.
        selection: Which of them run.
        reference: Evaluate with the reference engines instead of aiconf's own.
    """
    total = Outcome(requirements=_requirement_rows(subject))
    for file in catalog.rules:
        if file.subject != subject.record.kind:
            continue
        outcome = evaluate_file(file, subject, selection, reference=reference)
        total.findings += outcome.findings
        total.errors += outcome.errors
        total.files |= outcome.files
        total.cut |= outcome.cut
        total.applied |= outcome.applied
    total.findings.sort(key=lambda finding: finding.sort_key)
    return total


def evaluate_file(file: RuleFile, subject: Subject, selection: Selection, *, reference: bool = False) -> Outcome:
    """Hold one subject against the selected validations of one file."""
    return _FileRun(file, subject, selection, reference=reference).run()


class _FileRun(Evaluation):
    """One file of rules over one subject."""

    def __init__(self, file: RuleFile, subject: Subject, selection: Selection, *, reference: bool) -> None:
        super().__init__(subject.facts, reference=reference)
        self.file, self.subject, self.selection = file, subject, selection
        self.outcome = Outcome()

    def run(self) -> Outcome:
        selected = [validation for validation in self.file.validations if self.selection.includes(validation)]
        if not selected or not self._applies():
            return self.outcome
        self.outcome.applied = True
        self.outcome.files.add(self.file.id)
        for validation in selected:
            try:
                self._validate(validation)
            except CelError as error:
                self._fail(validation.id, error)
        return self.outcome

    def _applies(self) -> bool:
        try:
            return self.unmet(self.file) is None
        except CelError as error:
            self._fail(self.file.id, error)
            return False

    def _fail(self, id_: str, error: CelError) -> None:
        self.outcome.errors.append(CheckError(id_, self.subject.record.path, error.message))

    def _validate(self, validation: Validation) -> None:
        self.define(validation.variables)
        refuting = self._refuting_items(validation)
        for item in islice(refuting, MOST_FINDINGS):
            self._report(validation, item)
        if more := sum(1 for _ in refuting):
            self.outcome.cut.add(validation.id)
            self._say_how_many_more(more)

    def _say_how_many_more(self, more: int) -> None:
        if self.outcome.findings:
            last = self.outcome.findings.pop()
            self.outcome.findings.append(
                replace(last, message=f"{last.message} {more} more like it are left out here.")
            )

    def _refuting_items(self, validation: Validation) -> Iterator[Any]:
        """The items (None for a validation without any) that do not pass."""
        if validation.schema is not None:
            yield from violations(validation.schema, self._instance(validation), reference=self.reference)
        if validation.expression is not None:
            for item in self.items(validation):
                if not self.boolean(validation.expression, self.with_item(item)):
                    yield item

    def _instance(self, validation: Validation) -> Any:
        if validation.instance is None:
            return self.bindings["submission"]["document"]
        return self.value(validation.instance, self.bindings)

    def _report(self, validation: Validation, item: Any) -> None:
        bindings = self.with_item(item)
        authority = self._word(validation.authority_expression, bindings, validation.authority)
        if not self.selection.admits(authority):
            return
        place = self._place(validation, item, bindings)
        requirement = item.get("requirement") if isinstance(item, dict) else None
        self.outcome.findings.append(
            Finding(
                id=validation.id,
                severity=self._word(validation.severity_expression, bindings, validation.severity),
                authority=authority,
                message=validation.message.render(bindings),
                path=place.path,
                line=place.start.line,
                column=place.start.column,
                pointer=place.pointer,
                requirement=requirement if isinstance(requirement, str) and requirement else None,
                remediation=validation.remediation.render(bindings),
                span=place.span,
                excerpt=place.excerpt,
                sources=validation.source,
                fix=self._fix(validation, place.pointer, bindings),
            )
        )

    def _fix(self, validation: Validation, pointer: str, bindings: Mapping[str, Any]) -> Fix | None:
        """The one right answer; none in a file that cannot be read in full, of which nothing is edited."""
        if validation.fix is None or self.subject.source.problems:
            return None
        return validation.fix.resolve(pointer, bindings, reference=self.reference)

    def _word(self, expression: Any, bindings: Mapping[str, Any], default: Word) -> Word:
        """The word an override gives. One that is no word of its vocabulary is an error of the rule."""
        if expression is None:
            return default
        word, vocabulary = self.value(expression, bindings), type(default)
        if word not in list(vocabulary):
            raise CelError(f"{expression.path}:{expression.line}: {word!r} is none of {', '.join(vocabulary)}")
        return vocabulary(word)

    def _pointer(self, validation: Validation, item: Any, bindings: Mapping[str, Any]) -> str:
        pointer = validation.at.render_pointer(bindings) if validation.at else None
        if pointer is None and isinstance(item, dict):
            pointer = item.get("pointer")
        return pointer if isinstance(pointer, str) else ""

    def _place(self, validation: Validation, item: Any, bindings: Mapping[str, Any]) -> _Place:
        pointer = self._pointer(validation, item, bindings)
        path, source = self.subject.record.path, self.subject.source
        given = self.value(validation.position, bindings) if validation.position is not None else None
        if isinstance(given, dict):
            start, span = _given_place(given)
            if "file" in given:
                return _Place(given["file"], given.get("pointer", ""), start, span, given["excerpt"])
            return _Place(path, pointer, start, span, source.line_text(start.line))
        start = source.key_position(pointer) if validation.anchor == "key" else source.position(pointer)
        return _Place(path, pointer, start, None, source.line_text(start.line))


class _Place(NamedTuple):
    """Where a finding stands: in the input, or in another file, where no pointer leads unless one is given."""

    path: str
    pointer: str
    start: Position
    span: Span | None
    excerpt: str


def _given_place(place: Mapping[str, Any]) -> tuple[Position, Span | None]:
    start = Position(place["line"], place["column"])
    if "end_line" not in place:
        return start, None
    return start, Span(start, Position(place["end_line"], place["end_column"]))


def _requirement_rows(subject: Subject) -> list[RequirementRow]:
    """A row for each requirement of the checklist, claimed or not; of the submission's entries when none is known."""
    if "submission" not in subject.facts:
        return []
    entries = subject.facts["submission"]["entries"]
    claimed = {entry["id"]: entry for entry in reversed(entries)}
    rows = subject.facts["checklist"]
    if rows is None:
        rows = [entry for entry in entries if entry["id"]]
    return [_requirement_row(subject.record.path, row, claimed.get(row["id"])) for row in rows]


def _requirement_row(path: str, row: Mapping[str, Any], entry: Mapping[str, Any] | None) -> RequirementRow:
    level = Level(row["level"]) if row["level"] in list(Level) else None
    if entry is None:
        return RequirementRow(path, row["id"], level, None)
    said = entry["attribution"]
    return RequirementRow(
        path,
        row["id"],
        level,
        entry["status"],
        owner=said["owner"],
        component=said["component"] or None,
        contribution=said["contribution"],
    )
