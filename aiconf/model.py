"""The plain values that cross module borders: what a report is made of.

Everything here is frozen; the words are those of ``docs/architecture.md``, one meaning each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256


class Level(StrEnum):
    """Upstream's word for how binding a requirement is."""

    MUST = "MUST"
    SHOULD = "SHOULD"


class Status(StrEnum):
    """What the submitter claims for a requirement (the programme's four words, case exact)."""

    IMPLEMENTED = "Implemented"
    PARTIALLY_IMPLEMENTED = "Partially Implemented"
    NOT_IMPLEMENTED = "Not Implemented"
    NOT_APPLICABLE = "N/A"


class Result(StrEnum):
    """What aiconf concludes about a requirement."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Proof(StrEnum):
    """How strongly a snapshot shows a requirement, weakest first."""

    NONE = "none"
    INSTALLED = "installed"
    OPERATIONAL = "operational"
    DEMONSTRATED = "demonstrated"


class Severity(StrEnum):
    """How much a finding weighs, worst first."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """0 for the worst, growing as severity falls."""
        return list(Severity).index(self)


class Authority(StrEnum):
    """Who demands what a validation checks."""

    VALIDATOR = "validator"
    INSTRUCTIONS = "instructions"
    FAQ = "faq"
    CONVENTION = "convention"


class Verdict(StrEnum):
    """The one-word outcome of a whole run."""

    PASS = "pass"  # noqa: S105 - a verdict, not a password
    FAIL = "fail"
    ERROR = "error"
    NOTHING_CHECKED = "nothing_checked"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text file, 1-based; columns count code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text file; ``end`` is the position just behind the last character."""

    start: Position
    end: Position


class FixAction(StrEnum):
    """What a fix does to a node."""

    SET = "set"
    REMOVE = "remove"
    MOVE_TO = "move_to"
    IN_LIST = "in_list"


@dataclass(frozen=True, slots=True)
class Fix:
    """The one right answer to a finding.

    Attributes:
        action: What is done.
        pointer: To which node; for ``set`` it need not be there yet.
        value: The text that is set, or the pointer that a key is moved to; empty for the other actions.
    """

    action: FixAction
    pointer: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One reported thing.

    Attributes:
        id: ``<file id>/<validation name>``, for example ``metadata/field_missing``.
        severity: How much it weighs.
        authority: Who demands it.
        message: What is wrong, with the actual values in it.
        path: The input file, as given by the user, with forward slashes.
        line: 1-based line; that of the nearest existing parent for something absent.
        column: 1-based column.
        pointer: JSON Pointer of the node concerned, which need not exist.
        requirement: The requirement's id, when the finding is about one.
        remediation: How to mend it.
        suppressed: The reason given for accepting it, None when it counts.
        span: The stretch to underline, None for the one character at line and column.
        excerpt: The source line it stands at.
        sources: Where the demand is written (URLs).
        suppressed_inline: Whether a comment in the input accepts it, rather than an exceptions file.
        fix: How it is mended without asking, None where that needs judgement.
    """

    id: str
    severity: Severity
    authority: Authority
    message: str
    path: str
    line: int
    column: int
    pointer: str
    requirement: str | None
    remediation: str
    suppressed: str | None = None
    span: Span | None = None
    excerpt: str = ""
    sources: tuple[str, ...] = ()
    suppressed_inline: bool = False
    fix: Fix | None = None

    @property
    def fingerprint(self) -> str:
        """Names the finding within its file by content (32 hex digits).

        It survives lines that move, entries that are inserted before it, and a message that is worded anew.
        """
        pointer = re.sub(r"/[0-9]+(?=/|$)", "/*", self.pointer)
        parts = (self.id, self.requirement or "", pointer, " ".join(self.excerpt.split()))
        return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

    @property
    def sort_key(self) -> tuple[str, int, str, int, str, str]:
        """Findings are ordered by path, line, id; the rest makes the order total."""
        return (self.path, self.line, self.id, self.column, self.pointer, self.message)


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """One requirement of one input: what is claimed, what was concluded, and by what.

    Attributes:
        input: The input file the row belongs to.
        id: The requirement's id.
        level: Its level in the checklist.
        status: What the submission claims, None without a submission.
        result: What was concluded, None without a snapshot or results.
        proof: How strongly, None without a snapshot or results.
        owner: ``base``, ``layered``, ``both`` or ``unstated``.
        component: The component that meets it, None when unnamed.
        contribution: must_replacement, variant, should_addition, roadmap, matches_base, implements or unstated.
        objects: The Kubernetes objects that show it.
        reasons: Why the result is what it is.
    """

    input: str
    id: str
    level: Level | None
    status: str | None
    result: Result | None = None
    proof: Proof | None = None
    owner: str = "unstated"
    component: str | None = None
    contribution: str = "unstated"
    objects: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def refuted(self) -> bool:
        """Whether it fails the run: a MUST of which the opposite was found."""
        return self.level is Level.MUST and self.result is Result.FAIL


@dataclass(frozen=True, slots=True)
class InputRecord:
    """One input of a run: its path, what kind it is, and the SHA-256 of its bytes."""

    path: str
    kind: str
    sha256: str


@dataclass(frozen=True, slots=True)
class CheckError:
    """Something that could not be checked: never a pass, and nothing a submitter has to mend.

    Attributes:
        id: The validation that failed to evaluate, None when the input itself could not be read.
        path: The input at hand.
        message: What went wrong; for a validation, with the place inside the rule file.
    """

    id: str | None
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What there is to say of a rule that ran, whether or not it found anything.

    Attributes:
        id: ``<file id>/<validation name>``, as in `Finding.id`.
        summary: What must hold, in one line.
        rationale: Why it matters.
        authority: Who demands it, unless a finding says otherwise.
        severity: How much a finding weighs, unless it says otherwise.
        sources: Where the demand is written (URLs).
        subject: The kind of input (`InputRecord.kind`) that it is held against.
    """

    id: str
    summary: str
    rationale: str
    authority: Authority
    severity: Severity
    sources: tuple[str, ...] = ()
    subject: str = "submission"


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What was chosen for a run, as far as it changes what is found; enough to run it again.

    Attributes:
        select: Ids or files of rules, as they were named; empty for all.
        ignore: The same of those left out.
        authorities: The authorities whose findings count, empty for all.
        kubernetes_version: The minor that was named, None when folders and files say it.
        registry: The checkout as it was named, None when it was looked for above each file.
        checklists: SHA-256 over the checklists of all checkouts used, None when there was none.
        members: Where the member list comes from and the SHA-256 of its names, None for the shipped one.
        online: Whether the network was asked.
        snapshots: The files of the cluster, in the order in which they were named.
        require: With a cluster: how strongly every MUST had to be shown, None for what its policy asks.
        policies_only: Whether the rules about submissions alone were left out.
        layered: Whether the products were said to be layered, None when that was found out.
        base: What they were said to stand on.
        layers: The layers.yaml, as it was named.
        inline_ignores: Whether comments could accept findings.
        today: The day by which exceptions expired, None without any.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    authorities: tuple[Authority, ...] = ()
    kubernetes_version: str | None = None
    registry: str | None = None
    checklists: str | None = None
    members: tuple[str, str] | None = None
    online: bool = False
    snapshots: tuple[str, ...] = ()
    require: Proof | None = None
    policies_only: bool = False
    layered: bool | None = None
    base: str | None = None
    layers: str | None = None
    inline_ignores: bool = True
    today: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a run; see ``aiconf.reporters`` for its printed forms.

    Attributes:
        engine: ``default`` or ``reference``.
        catalog: SHA-256 over all policy and rule files.
        inputs: What was read.
        findings: Sorted; suppressed ones included.
        requirements: Sorted by input, then in the checklist's order.
        errors: What could not be checked.
        checked: Whether any rule was held against any input.
        fail_on: The mildest severity that fails the run, None for never.
        rules: The rules that ran, sorted by id.
        options: What was chosen.
    """

    engine: str
    catalog: str
    inputs: tuple[InputRecord, ...]
    findings: tuple[Finding, ...]
    requirements: tuple[RequirementRow, ...]
    errors: tuple[CheckError, ...] = ()
    checked: bool = True
    fail_on: Severity | None = Severity.ERROR
    rules: tuple[RuleInfo, ...] = ()
    options: RunOptions = RunOptions()

    @property
    def verdict(self) -> Verdict:
        """Error before failure before nothing checked: what could not be checked must not be masked by a threshold."""
        if self.errors or any(row.result is Result.ERROR for row in self.requirements):
            return Verdict.ERROR
        if any(self.fails(finding) for finding in self.findings) or any(row.refuted for row in self.requirements):
            return Verdict.FAIL
        return Verdict.PASS if self.checked else Verdict.NOTHING_CHECKED

    def count(self, severity: Severity) -> int:
        """How many findings of a severity count, suppressed ones left out."""
        return sum(finding.severity is severity and finding.suppressed is None for finding in self.findings)

    @property
    def suppressed(self) -> int:
        """How many findings were accepted with a reason."""
        return sum(finding.suppressed is not None for finding in self.findings)

    def fails(self, finding: Finding) -> bool:
        """Whether a finding fails the run."""
        counts = self.fail_on is not None and finding.severity.rank <= self.fail_on.rank
        return counts and finding.suppressed is None
