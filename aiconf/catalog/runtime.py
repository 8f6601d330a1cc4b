"""The catalog as the engine sees it: frozen values, cheap to build and importing nothing heavy.

Most are named tuples, since making a frozen dataclass takes several times as long, at every start.

Everything here is built by ``aiconf.catalog.build`` from the compiled form; ``aiconf.catalog.models`` says what the
keys mean.
"""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.catalog.expression import Expression
from aiconf.catalog.fixes import FixRule
from aiconf.catalog.template import Template
from aiconf.model import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aiconf.model import Authority, Severity

__all__ = [
    "Catalog",
    "Expression",
    "FixRule",
    "MatchCondition",
    "RuleFile",
    "Schema",
    "Template",
    "Test",
    "Validation",
    "Variable",
]


_EMPTY: Mapping[str, Any] = MappingProxyType({})


class MatchCondition(NamedTuple):
    """A condition under which a file applies."""

    name: str
    expression: Expression
    message: Template | None = None


class Variable(NamedTuple):
    """A named value; ``variables.<name>`` in expressions."""

    name: str
    expression: Expression


class Schema(NamedTuple):
    """A JSON Schema: its file relative to the catalog, and the document."""

    name: str
    document: dict[str, Any] | bool


class Validation(NamedTuple):
    """One thing that must hold, in a rule or a policy.

    Attributes:
        id: ``<file id>/<name>``.
        file_id: The id of its file.
        name: Its name in the file.
        summary: What must hold, in one line; empty when the file gives none.
        authority: Who demands it, unless ``authority_expression`` says otherwise for an item.
        severity: How much a finding weighs, unless ``severity_expression`` says otherwise for an item.
        for_each: Gives the list of items; None to evaluate once.
        expression: True is a pass; None when there is a ``schema``.
        schema: What ``instance`` must satisfy; None when there is an ``expression``.
        instance: What the schema is held against; None for ``submission.document``.
        at: Template of the JSON Pointer reported; None for ``item.pointer``, or else the document.
        anchor: ``value`` or ``key``, whichever of the node is reported.
        position: Gives line and column when a pointer is not enough.
        fix: How a finding is mended without asking; None where that needs judgement.
        message: What is wrong.
        remediation: How to mend it.
        source: Where the demand is written: its own URLs, or else the file's.
        aliases: Earlier ids.
        proves: Policies: how strongly the requirement is shown when it holds.
        inconclusive_when: Policies: true where false would refute nothing.
        needs: Policies: the kinds that must have been read whole.
        objects: Policies: what the report cites.
        reason: Policies: what is said when it holds.
        variables: The variables it needs, directly or through others, each behind those it reads.
        line: 1-based line of the validation in its file.
    """

    id: str
    file_id: str
    name: str
    summary: str
    authority: Authority
    severity: Severity
    message: Template
    remediation: Template
    source: tuple[str, ...]
    authority_expression: Expression | None = None
    severity_expression: Expression | None = None
    for_each: Expression | None = None
    expression: Expression | None = None
    schema: Schema | None = None
    instance: Expression | None = None
    at: Template | None = None
    anchor: str = "value"
    position: Expression | None = None
    fix: FixRule | None = None
    aliases: tuple[str, ...] = ()
    proves: Proof | None = None
    inconclusive_when: Expression | None = None
    needs: tuple[str, ...] = ()
    objects: Expression | None = None
    reason: Template | None = None
    variables: tuple[Variable, ...] = ()
    line: int = 0


class Test(NamedTuple):
    """One in-file example; see ``aiconf.catalog.models`` for the keys and the order of the edits.

    Attributes:
        submission: The base document, the file's default already filled in; None when there is none.
        snapshot: The base snapshot, likewise.
        fixed: What the document holds once fixed, by pointer; None when that is not looked at.
        line: 1-based line of the test in its file.
    """

    name: str
    expect: str
    fails: tuple[str, ...] = ()
    submission: str | None = None
    snapshot: str | None = None
    text: str | None = None
    replace_text: Mapping[str, str] = _EMPTY
    set: Mapping[str, object] = _EMPTY
    remove: tuple[str, ...] = ()
    rename: Mapping[str, str] = _EMPTY
    files: Mapping[str, str] = _EMPTY
    path: str | None = None
    members: tuple[str, ...] | None = None
    online: Mapping[str, Mapping[str, object]] = _EMPTY
    change: Mapping[str, Mapping[str, object]] = _EMPTY
    remove_objects: tuple[str, ...] = ()
    add_objects: tuple[Mapping[str, Any], ...] = ()
    replace_metrics: Mapping[str, str] = _EMPTY
    results: tuple[Mapping[str, object], ...] | None = None
    omit: tuple[str, ...] = ()
    unserved: tuple[str, ...] = ()
    server: str | None = None
    exceptions: tuple[Mapping[str, object], ...] = ()
    pull_request: Mapping[str, Any] = _EMPTY
    require: Proof | None = None
    proof: Proof | None = None
    fixed: Mapping[str, object] | None = None
    line: int = 0


class RuleFile(NamedTuple):
    """A rule or policy file.

    Attributes:
        id: The name of the file; for a policy, the requirement's id.
        path: The file relative to the catalog, such as ``rules/metadata.yaml``.
        title: What it demands, in one line.
        source: Where the demand is written (URLs).
        rationale: Why it matters.
        kinds: Policies: the Kubernetes objects handed to CEL, as ``Kind.group``.
        pass_needs: Policies: how strongly the requirement must be shown for a pass.
        component: Policies: gives the name of the component that meets the requirement.
        match_conditions: All must be true for the file to apply.
        variables: All of its variables, each behind those it reads.
        validations: In the order of the file.
        examples: Makes its examples, which few runs need.
        subject: The kind of input that it is held against.
        references: The dotted paths that its expressions and templates read from their roots.
    """

    id: str
    path: str
    title: str
    source: tuple[str, ...]
    rationale: str
    match_conditions: tuple[MatchCondition, ...]
    variables: tuple[Variable, ...]
    validations: tuple[Validation, ...]
    examples: Callable[[], tuple[Test, ...]]
    kinds: tuple[str, ...] = ()
    pass_needs: Proof = Proof.OPERATIONAL
    component: Expression | None = None
    subject: str = "submission"
    references: frozenset[str] = frozenset()

    @property
    def tests(self) -> tuple[Test, ...]:
        """Its examples."""
        return self.examples()

    @property
    def is_policy(self) -> bool:
        """Whether it lies in ``policies/``."""
        return self.path.startswith("policies/")


class Catalog:
    """All rules, policies and data files.

    Policies are of no use to `aiconf lint`, and examples to nearly nothing: they are made when they are asked for.

    Attributes:
        digest: SHA-256 over all policy and rule files (see ``aiconf.catalog.files``), lower-case hex.
        rules: Sorted by id.
        data: Content of the data files by name, ``data`` and ``source`` keys included.
    """

    def __init__(
        self,
        digest: str,
        rules: tuple[RuleFile, ...],
        data: Mapping[str, Mapping[str, Any]],
        policy_ids: Mapping[str, Sequence[str]],
        make_policies: Callable[[], tuple[RuleFile, ...]],
    ) -> None:
        """Take what is made already, and what makes the rest.

        Args:
            digest: See the class.
            rules: See the class.
            data: See the class.
            policy_ids: Ids of the policies, each with those of its validations.
            make_policies: Makes the policies, sorted by id.
        """
        self.digest, self.rules, self.data = digest, rules, data
        self._policy_ids, self._make_policies = policy_ids, make_policies
        self._rules_by_id = _by_id(rules)

    @cached_property
    def policies(self) -> tuple[RuleFile, ...]:
        """Sorted by id."""
        return self._make_policies()

    @cached_property
    def _policies_by_id(self) -> Mapping[str, Validation]:
        return _by_id(self.policies)

    @property
    def files(self) -> tuple[RuleFile, ...]:
        """Rules, then policies."""
        return self.rules + self.policies

    def validation(self, id_: str) -> Validation | None:
        """The validation with this id or earlier id, None when there is none."""
        return self._rules_by_id.get(id_) or self._policies_by_id.get(id_)

    def file(self, id_: str) -> RuleFile | None:
        """The rule or policy file with this id, None when there is none."""
        files = self.policies if id_ in self._policy_ids else self.rules
        return next((file for file in files if file.id == id_), None)

    def is_policy(self, id_: str) -> bool:
        """Whether this is the id of a policy."""
        return id_ in self._policy_ids

    def ids(self) -> tuple[str, ...]:
        """The ids of all validations, sorted; earlier ids are not among them."""
        own = {validation.id for validation in self._rules_by_id.values()}
        return tuple(sorted(own.union(*self._policy_ids.values())))


def _by_id(files: tuple[RuleFile, ...]) -> dict[str, Validation]:
    """The validations by id and by earlier ids."""
    every = [validation for file in files for validation in file.validations]
    index = {alias: validation for validation in every for alias in validation.aliases}
    index.update((validation.id, validation) for validation in every)
    return index
