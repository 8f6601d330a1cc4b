"""The words that several forms share, so that they say the same thing the same way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aiconf.model import Authority, Proof, Severity, Verdict

if TYPE_CHECKING:
    from aiconf.model import Finding, InputRecord, Report, RequirementRow, RuleInfo

VERDICTS = {
    Verdict.PASS: ("pass", "nothing that fails this run"),
    Verdict.FAIL: ("fail", "mend what is listed"),
    Verdict.ERROR: ("error", "not everything could be checked"),
    Verdict.NOTHING_CHECKED: ("nothing checked", "no submission was found, or no rule was selected"),
}
DEMANDED_BY = {
    Authority.VALIDATOR: "the programme's validator",
    Authority.INSTRUCTIONS: "the programme's instructions",
    Authority.FAQ: "the programme's FAQ",
    Authority.CONVENTION: "convention",
}

OWNERS = {"base": "base platform", "layered": "layered product", "both": "both layers"}


def counted(number: int, noun: str) -> str:
    """``1 error``, ``2 errors``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def counts(report: Report) -> str:
    """How many findings there are of each severity, and how many were accepted."""
    return ", ".join([*(counted(report.count(s), str(s)) for s in Severity), f"{report.suppressed} suppressed"])


def verdict(report: Report) -> str:
    """``fail (mend what is listed)``."""
    return "{} ({})".format(*VERDICTS[report.verdict])


def checked(report: Report) -> list[InputRecord]:
    """The inputs that rules were held against; a file that accepts findings is none of them."""
    return [record for record in report.inputs if record.kind != "exceptions"]


def counted_inputs(report: Report) -> str:
    """How many inputs of each kind were checked: ``1 snapshot; 2 submissions``."""
    kinds = Counter(record.kind for record in checked(report)) or {"submission": 0}
    return "; ".join(counted(number, kind.replace("_", " ")) for kind, number in sorted(kinds.items()))


def active(report: Report) -> list[Finding]:
    """The findings that count, in the report's order."""
    return [finding for finding in report.findings if finding.suppressed is None]


def suppressed(report: Report) -> list[Finding]:
    """The findings that were accepted with a reason, in the report's order."""
    return [finding for finding in report.findings if finding.suppressed is not None]


def worst_first(report: Report) -> list[Finding]:
    """The findings that count, errors before warnings before notes, else in the report's order."""
    return sorted(active(report), key=lambda finding: finding.severity.rank)


def input_files(report: Report) -> list[str]:
    """The paths of the inputs that are files; a pull request as a whole is an input too, and none."""
    return [record.path for record in checked(report) if record.kind != "pull_request"]


def rules_for(report: Report, path: str) -> list[RuleInfo]:
    """The rules that the input at a path was held against; none when it is no input."""
    whole = {record.kind == "pull_request" for record in checked(report) if record.path == path}
    return [rule for rule in report.rules if (rule.subject == "pull_request") in whole]


def paths(report: Report) -> list[str]:
    """Every path that anything is reported of, inputs first."""
    found = [record.path for record in report.inputs]
    found += [finding.path for finding in report.findings] + [error.path for error in report.errors]
    found += [row.input for row in report.requirements]
    return list(dict.fromkeys(found))


def outcome(row: RequirementRow) -> str:
    """What was concluded about a requirement and how strongly it is shown, empty when nothing was."""
    if row.result is None:
        return ""
    result = row.result.replace("_", " ")
    return f"{result} ({row.proof})" if row.proof and row.proof is not Proof.NONE else result


def refutations(report: Report) -> list[tuple[RequirementRow, str]]:
    """The requirements that fail the run by themselves, each with why."""
    told = {(finding.path, finding.requirement) for finding in active(report)}
    rows = [row for row in report.requirements if row.refuted and (row.input, row.id) not in told]
    return [
        (row, f"{row.id} is a MUST, and its result is {outcome(row)}. {' '.join(row.reasons)}".strip()) for row in rows
    ]


def words(term: str) -> str:
    """A vocabulary's word as people read it: ``must_replacement`` is ``MUST replacement``."""
    return term.replace("must_", "MUST ").replace("should_", "SHOULD ").replace("_", " ")
