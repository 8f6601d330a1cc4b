"""The format of rule and policy files, as pydantic models.

The JSON Schemas under ``rules/schemas/`` are generated from these models (``python -m aiconf.catalog.schema --write``),
so every text under a field is what an editor shows while a rule is written. What a model alone cannot say (expressions
that check, ids that are unique, tests that cover) is in ``aiconf.catalog.invariants``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from aiconf.model import Authority, Proof, Severity

NAME = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"
FULL_ID = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*/[a-z][a-z0-9]*(_[a-z0-9]+)*$"
SENTENCE = r"\.(\{[^{}]*\})?\s*$"  # a last {...} may add a sentence of its own
URL = r"^https?://[^\s/?#]+\S*$"
KIND = r"^[A-Z][A-Za-z0-9]*(\.[a-z0-9][a-z0-9.-]*)?$"
POINTER = r"^(/([^/~]|~[01])*)*$"
CASE = r"^v[0-9]+\.[0-9]+/[^/\s]+$"
RELATIVE_PATH = r"^\.?[^/\s.][^/\s]*(/\.?[^/\s.][^/\s]*)*$"  # no segment is ".."
SCHEMA_FILE = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_.-]+)*\.json$"
FIXTURE = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"


def _given(value: object) -> object:
    """A key that stands in the file must have a value: a forgotten one is not the same as no key."""
    if value is None:
        raise ValueError("has no value")
    return value


# The bounds keep a hostile file from costing minutes; the longest real expression has a few hundred characters.
Name = Annotated[str, Field(pattern=NAME, max_length=80)]
FullId = Annotated[str, Field(pattern=FULL_ID, max_length=160)]
Cel = Annotated[str, Field(min_length=1, max_length=8000)]
Template = Annotated[str, Field(min_length=1, max_length=4000)]
Sentence = Annotated[str, Field(pattern=SENTENCE, max_length=4000)]
Text = Annotated[str, Field(min_length=1, max_length=8000)]
Url = Annotated[str, Field(pattern=URL, max_length=2000)]
Urls = Annotated[list[Url], Field(min_length=1, max_length=50)]
Kind = Annotated[str, Field(pattern=KIND, max_length=200)]
Pointer = Annotated[str, Field(pattern=POINTER, max_length=1000)]
Case = Annotated[str, Field(pattern=CASE, max_length=200)]
Fixture = Annotated[str, Field(pattern=FIXTURE, max_length=200)]
SchemaFile = Annotated[str, Field(pattern=SCHEMA_FILE, max_length=200)]
RelativePath = Annotated[str, Field(pattern=RELATIVE_PATH, max_length=300)]

_GIVEN = BeforeValidator(_given)
OptionalCel = Annotated[Cel | None, _GIVEN]
OptionalCase = Annotated[Case | None, _GIVEN]

# Strict models refuse text where an enum is meant; in YAML text is all there is.
AuthorityWord = Annotated[Authority, Field(strict=False)]
SeverityWord = Annotated[Severity, Field(strict=False)]
ProofWord = Annotated[Proof, Field(strict=False)]


class _Strict(BaseModel):
    """Unknown keys are errors, and no value is converted: ``"1"`` is not ``1``."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class MatchCondition(_Strict):
    """A condition that must be true for the file to apply; otherwise the result is `not_applicable`."""

    name: Name
    """Named in errors, and given as the reason when there is no `message`."""
    expression: Cel
    """CEL, true when the file applies. It is evaluated before the variables and cannot read them."""
    message: Annotated[Sentence | None, _GIVEN] = None
    """Why the file does not apply when this is false; a template. Ends in a full stop."""


class Variable(_Strict):
    """A named value, evaluated at most once per input."""

    name: Name
    """Read as `variables.<name>` in expressions and templates below it."""
    expression: Cel
    """CEL. It may read variables that stand above it."""


class Validation(_Strict):
    """What rules and policies have in common: one thing that must hold."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["expression"]}, {"required": ["schema"]}]})

    name: Name
    """Unique in the file; the id of a finding is `<file id>/<name>`."""
    summary: Annotated[Text | None, _GIVEN] = None
    """What must hold, in one line, for documentation."""
    for_each: OptionalCel = None
    """CEL giving a list; the validation is evaluated once per element, bound to `item`."""
    expression: OptionalCel = None
    """CEL; true is a pass, false a finding, and an error is an error, never a pass. In a policy null means that the
    snapshot cannot tell."""
    schema_file: Annotated[SchemaFile | None, _GIVEN] = Field(None, alias="schema")
    """A JSON Schema, as a path relative to `rules/` or `policies/`, instead of or beside `expression`. One finding per
    violation, bound to `item` as `{pointer, message, keyword, value, hint}`."""
    instance: OptionalCel = None
    """CEL giving what the schema is held against; `submission.document` when absent."""
    message: Sentence
    """What is wrong, with the actual values: `{...}` holds CEL, `{{` and `}}` are braces. Ends in a full stop; one
    `{...}` that adds a sentence or nothing may follow it."""
    remediation: Sentence
    """How to mend it; a template like `message`. Ends in a full stop."""
    source: Annotated[Urls | None, _GIVEN] = None
    """Where the demand is written, when that differs from the file's `source`."""
    aliases: Annotated[list[FullId], Field(max_length=20)] = []
    """Earlier ids (`<file id>/<name>`) of this validation; suppressions and `explain` still know them."""


class Fix(_Strict):
    """How a finding is mended without asking: one action, only where there is exactly one right answer."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": [action]} for action in ("set", "remove", "move_to", "in_list")]}
    )

    when: OptionalCel = None
    """CEL; false where this finding has no single right answer. It may read `item`."""
    at: Annotated[Template | None, _GIVEN] = None
    """JSON Pointer of the node that changes, as a template; the reported one when absent."""
    set_: OptionalCel = Field(None, alias="set")
    """CEL giving the text that the value becomes. Where there is no such key yet, it is written."""
    remove: Annotated[Literal[True] | None, _GIVEN] = None
    """Take the list item away."""
    move_to: Annotated[Template | None, _GIVEN] = None
    """JSON Pointer that the key is to have, as a template; within the same mapping the key is renamed in its place."""
    in_list: Annotated[Literal[True] | None, _GIVEN] = None
    """Make the text the only item of a list."""

    @property
    def actions(self) -> dict[str, str | bool]:
        """What is given of the actions, by name."""
        given = {"set": self.set_, "remove": self.remove, "move_to": self.move_to, "in_list": self.in_list}
        return {name: value for name, value in given.items() if value is not None}


class RuleValidation(Validation):
    """One thing that a submission must satisfy."""

    summary: Text
    """What must hold, in one line, for documentation."""
    authority: AuthorityWord
    """Who demands it: the programme's `validator`, its `instructions`, its `faq`, or plain `convention`."""
    authority_expression: OptionalCel = None
    """CEL giving one of the words of `authority`, overriding it per item."""
    severity: SeverityWord
    """How much a finding weighs."""
    severity_expression: OptionalCel = None
    """CEL giving one of the words of `severity`, overriding it per item."""
    at: Annotated[Template | None, _GIVEN] = None
    """JSON Pointer of the reported node, as a template. `item.pointer`, or else the document, when absent."""
    anchor: Literal["value", "key"] = "value"
    """Whether the value or the key of that node is reported."""
    position: OptionalCel = None
    """CEL giving `{line, column}` or `{line, column, end_line, end_column}` when a pointer is not enough, with `{file,
    excerpt}` (its path as it is shown, and the line's text) beside these for a place in another file, and `pointer`
    where one leads into the facts; null leaves it to the pointer."""
    fix: Annotated[Fix | None, _GIVEN] = None
    """What `aiconf lint --fix` does about a finding."""


class PolicyValidation(Validation):
    """One thing that a cluster must show."""

    proves: Annotated[ProofWord | None, _GIVEN] = None
    """How strongly the requirement is shown when this holds: `installed`, `operational` or `demonstrated`."""
    inconclusive_when: OptionalCel = None
    """CEL, looked at when `expression` is false: true means that nothing can be told, and so nothing is refuted. An
    `expression` that gives null says the same by itself."""
    needs: Annotated[list[Kind] | None, Field(max_length=200), _GIVEN] = None
    """The kinds that must have been read whole for false (with `proves`) or true (without) to count; all `kinds` of
    the policy when absent. What was not read makes it inconclusive."""
    objects: OptionalCel = None
    """CEL giving what the report cites: objects, components, or texts such as `apps/v1 Deployment space/name`."""
    reason: Annotated[Sentence | None, _GIVEN] = None
    """What the report says when it holds; a template. Ends in a full stop."""
    authority: AuthorityWord = Authority.INSTRUCTIONS
    """Who demands it; a requirement stands in the checklist that the programme's instructions point to."""
    severity: SeverityWord = Severity.ERROR
    """How much a finding weighs."""


class _Test(_Strict):
    """A document, edited in the order of the keys below, and what must come of it."""

    name: Text
    """What the case shows, in a few words; unique in the file."""
    submission: OptionalCase = None
    """The base document: a folder `vX.Y/<case>` under `fixtures/submissions`; `default_submission` when absent."""
    text: Annotated[str | None, _GIVEN] = None
    """The whole document, instead of a base document."""
    replace_text: dict[str, str] = {}
    """Text to replace in the document, old to new. Each old text must occur."""
    set_: dict[Pointer, Any] = Field({}, alias="set")
    """Values to set, by JSON Pointer; a last segment `-` appends to a list."""
    remove: list[Pointer] = []
    """Nodes to remove, by JSON Pointer. Each must exist."""
    rename: dict[Pointer, str] = {}
    """Keys to rename: JSON Pointer of the key to its new name. Each must exist."""
    files: dict[RelativePath, str] = {}
    """Files to lay beside the document: path relative to its folder, to content."""
    path: Annotated[RelativePath | None, _GIVEN] = None
    """Where the document lies, such as `v1.36/other/PRODUCT.yaml`; the place of the base document when absent."""
    members: Annotated[list[str] | None, _GIVEN] = None
    """The names on the member list; those of the fixtures when absent."""
    online: dict[str, dict[str, Any]] = {}
    """What the network says: address to the facts that differ from those of a page that opens. Others are not asked."""
    change: dict[str, dict[Pointer, Any]] = {}
    """Values to set in objects of the snapshot: `apps/v1 Deployment space/name` to what `set` takes; null takes a key
    out, `*` in the name stands for anything. Each must exist."""
    remove_objects: list[Text] = []
    """Objects to take out of the snapshot, named as in `change`. Each must exist."""
    add_objects: list[dict[str, Any]] = []
    """Objects to put into the snapshot."""
    replace_metrics: dict[str, str] = {}
    """Text to replace in the metrics of the snapshot, old to new. Each old text must occur."""
    results: Annotated[list[dict[str, Any]] | None, _GIVEN] = None
    """The test results, in place of the snapshot's: `test`, `requirement`, `outcome`, and what else the format has."""
    omit: list[Kind] = []
    """Kinds that could not be read: their objects go, and an omission says so."""
    unserved: list[Text] = []
    """APIs that are not served, as `group/version` or `group/version/resource`. Each must be served by the snapshot."""
    server: Annotated[Text | None, _GIVEN] = None
    """The version of the API server, such as `v1.34.2`."""
    fails: list[Name] = []
    """The names of exactly those validations of this file that must report something."""


class PullRequestCommit(_Strict):
    """A commit of an example."""

    author: Text
    """`Name <address>`; the committer is the same."""
    message: Text
    """All of it, trailers included."""
    parents: Annotated[int, Field(ge=0, le=8)] = 1
    """How many it has; two for a merge."""


class PullRequestCase(_Strict):
    """A pull request to hold against rules with the subject `pull_request`."""

    changes: dict[Text, Literal["added", "modified", "deleted", "link", "submodule"]]
    """Paths from the root of the repository, to what became of them."""
    commits: Annotated[list[PullRequestCommit], Field(max_length=20)] = []
    """Oldest first."""
    programme: bool = True
    """Whether the repository is the programme's, or a fork of it."""


class RuleTest(_Test):
    """A test of a rule file."""

    pull_request: Annotated[PullRequestCase | None, _GIVEN] = None
    """The pull request, for rules that are held against one; the submission is what its product's file says."""

    snapshot: Annotated[Fixture | None, _GIVEN] = None
    """The snapshot beside the submission: a file name under `fixtures/snapshots`, without its ending."""
    exceptions: list[dict[str, Any]] = []
    """The entries of an exceptions file; it is 2026-01-01."""
    require: Annotated[ProofWord | None, _GIVEN] = None
    """How strongly every MUST has to be shown, as with `--require`."""
    expect: Literal["pass", "fail", "not_applicable"]
    """The outcome of the file."""
    fixed: Annotated[dict[Pointer, Any] | None, _GIVEN] = None
    """What the document holds once the fixes of the failing validations are made, by JSON Pointer; null for what is no
    longer there. `{}` says that nothing is fixed."""


class PolicyTest(_Test):
    """A test of a policy file."""

    snapshot: Annotated[Fixture | None, _GIVEN] = None
    """The snapshot to judge: a file name under `fixtures/snapshots`, without its ending; `default_snapshot` when
    absent."""
    expect: Literal["pass", "fail", "inconclusive", "not_applicable"]
    """The result of the requirement."""
    proof: Annotated[ProofWord | None, _GIVEN] = None
    """How strongly the requirement must be found shown; not compared when absent."""


class _File(_Strict):
    """What rule and policy files have in common."""

    id: Name
    """The name of the file without its ending."""
    title: Text
    """What the file demands, in one line."""
    source: Urls
    """Where the demand is written: http(s) URLs."""
    rationale: Text
    """Why it matters to those who read the submission or run the cluster."""
    match_conditions: Annotated[list[MatchCondition], Field(max_length=20)] = []
    """All must be true, or the file does not apply."""
    variables: Annotated[list[Variable], Field(max_length=50)] = []
    """Named values, in an order in which each reads only earlier ones."""


class RuleFile(_File):
    """What a submission must satisfy (a file in `rules/`)."""

    model_config = ConfigDict(title="aiconf rule file")

    subject: Literal["submission", "pull_request", "snapshot"] = "submission"
    """What the file is held against: each submission, the pull request as a whole (`--changed-since`), or a cluster
    without a submission."""
    validations: Annotated[list[RuleValidation], Field(min_length=1, max_length=100)]
    """What must hold."""
    default_submission: OptionalCase = None
    """The base document of every test that names none: a folder `vX.Y/<case>` under `fixtures/submissions`."""
    default_snapshot: Annotated[Fixture | None, _GIVEN] = None
    """The snapshot of every test that names none: a file name under `fixtures/snapshots`; none when absent."""
    tests: Annotated[list[RuleTest], Field(max_length=500)]
    """Examples, run by `aiconf test`. Each validation fails in one of them and passes in another."""


class PolicyFile(_File):
    """What a cluster must show for one requirement (a file in `policies/`); `id` is the requirement's id."""

    model_config = ConfigDict(title="aiconf policy file")

    kinds: Annotated[list[Kind], Field(max_length=200)] = []
    """The Kubernetes objects handed to CEL as `objects["<kind>"]`: `Kind.group`, or `Kind` for the core group."""
    pass_needs: ProofWord = Proof.OPERATIONAL
    """How strongly the requirement must be shown for a pass."""
    component: OptionalCel = None
    """CEL giving the name of the component that meets the requirement, or null."""
    validations: Annotated[list[PolicyValidation], Field(min_length=1, max_length=100)]
    """What must hold."""
    default_submission: OptionalCase = None
    """The submission of every test that names none; no submission when absent."""
    default_snapshot: Annotated[Fixture | None, _GIVEN] = None
    """The snapshot of every test that names none: a file name under `fixtures/snapshots`, without its ending."""
    tests: Annotated[list[PolicyTest], Field(max_length=500)]
    """Examples, run by `aiconf test`. Each validation fails in one of them and passes in another."""


class DataFile(BaseModel):
    """A table that rules and facts read (a file in `rules/` or `policies/` with a top-level key `data`)."""

    model_config = ConfigDict(extra="allow", strict=True, frozen=True, use_attribute_docstrings=True)

    data: Name
    """The name of the file without its ending; `catalog.data[<name>]` holds its content."""
    source: Urls
    """Where the content comes from: http(s) URLs."""
