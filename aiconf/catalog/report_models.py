"""The formats that other programs read, as pydantic models: a report and a snapshot.

Every key is written, and a program must put up with keys that it does not know. Only the schemas are made of these
models; ``aiconf.reporters.json`` and ``aiconf.snapshot.format`` write the files, and tests hold them together.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from aiconf.model import Authority, Level, Proof, Result, Severity, Verdict  # noqa: TC001 - pydantic reads them

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]


class _Written(BaseModel):
    """A value as it is written."""

    model_config = ConfigDict(strict=True, frozen=True, use_attribute_docstrings=True)


class Tool(_Written):
    """The program and the rules."""

    name: Literal["aiconf"]
    """The tool."""
    version: str
    """Its version."""
    engine: Literal["default", "reference"]
    """Whose engine evaluated the rules."""
    catalog: Sha256
    """SHA-256 over all policy and rule files."""


class Input(_Written):
    """A file that was read."""

    path: str
    """As it was given, with forward slashes."""
    kind: str
    """What it is: `submission`, `snapshot`, `exceptions`."""
    sha256: Sha256
    """SHA-256 of its bytes."""


class Summary(_Written):
    """Findings by weight."""

    error: Count
    """Errors that count."""
    warning: Count
    """Warnings that count."""
    note: Count
    """Notes that count."""
    suppressed: Count
    """Findings that are accepted with a reason."""


class ReportedFinding(_Written):
    """One reported thing."""

    id: str
    """`<file id>/<validation name>`."""
    severity: Severity
    """How much it weighs."""
    authority: Authority
    """Who demands it."""
    message: str
    """What is wrong, with the actual values."""
    path: str
    """The file."""
    line: Count
    """1-based line; that of the nearest existing parent for something absent."""
    column: Count
    """1-based column, in code points."""
    pointer: str
    """JSON Pointer of the node concerned, which need not exist."""
    requirement: str | None
    """The requirement, when the finding is about one."""
    remediation: str
    """How to mend it."""
    suppressed: str | None
    """Why it is accepted, null when it counts."""
    fixable: bool
    """Whether `aiconf lint --fix` mends it."""


class ReportedRequirement(_Written):
    """One requirement of one input."""

    input: str
    """The file."""
    id: str
    """The requirement."""
    level: Level | None
    """Its level in the checklist."""
    status: str | None
    """What the submission claims, null without one."""
    result: Result | None
    """What was concluded, null without a snapshot or results."""
    proof: Proof | None
    """How strongly it is shown, null without a snapshot or results."""
    owner: Literal["base", "layered", "both", "unstated"]
    """Which layer meets it."""
    component: str | None
    """The component that meets it."""
    contribution: Literal[
        "must_replacement", "variant", "should_addition", "roadmap", "matches_base", "implements", "unstated"
    ]
    """What a layered product contributes."""
    objects: list[str]
    """The Kubernetes objects that show it."""
    reasons: list[str]
    """Why the result is what it is."""


class ReportedError(_Written):
    """Something that could not be checked."""

    id: str | None
    """The rule, null when the input could not be read."""
    path: str
    """The file."""
    message: str
    """What went wrong."""


class MemberList(_Written):
    """The list of members that was used."""

    source: str
    """The file, or where it was fetched."""
    sha256: Sha256
    """SHA-256 over its names."""


class ChosenOptions(_Written):
    """What was chosen for the run, as far as it changes what is found: `aiconf verify` runs with the same."""

    select: list[str]
    """Rules that ran, empty for all."""
    ignore: list[str]
    """Rules that were left out."""
    authority: list[Authority]
    """The authorities whose findings count, empty for all."""
    fail_on: Literal["error", "warning", "note", "never"]
    """The mildest severity that fails the run."""
    kubernetes_version: str | None
    """The minor to judge by, null when folders and files say it."""
    registry: str | None
    """The checkout that was named."""
    checklists: Sha256 | None
    """SHA-256 over the checklists of all checkouts used."""
    members: MemberList | None
    """The member list, null for the shipped one."""
    online: bool
    """Whether the network was asked."""
    snapshots: list[str]
    """The files of the cluster, in the order in which they were named."""
    require: Proof | None
    """How strongly every MUST had to be shown."""
    policies_only: bool
    """Whether the rules about submissions alone were left out."""
    layered: bool | None
    """Whether the products were said to be layered, null when that was found out."""
    base: str | None
    """What they were said to stand on."""
    layers: str | None
    """The layers.yaml."""
    inline_ignores: bool
    """Whether comments could accept findings."""
    today: str | None
    """The day by which exceptions expired."""


class ReportFile(_Written):
    """The outcome of a run, as `--format json` writes it."""

    model_config = ConfigDict(title="aiconf/report/v1")

    format: Literal["aiconf/report/v1"]
    """The format and its version."""
    tool: Tool
    """What made the report."""
    inputs: list[Input]
    """What was read."""
    verdict: Verdict
    """The outcome in one word."""
    summary: Summary
    """How many findings there are."""
    findings: list[ReportedFinding]
    """Sorted by path, line, id."""
    requirements: list[ReportedRequirement]
    """In the checklist's order."""
    errors: list[ReportedError]
    """What could not be checked."""
    options: ChosenOptions
    """What was chosen."""


class SnapshotMetadata(_Written):
    """The circumstances of a snapshot."""

    collectedAt: str | None = None  # noqa: N815 - the format's word
    """When, ISO 8601 in UTC."""
    collector: str | None = None
    """What collected it."""
    complete: bool = False
    """Whether nothing was left out."""
    namespaces: list[str] | None = None
    """The namespaces that it was limited to, null for all."""


class Server(_Written):
    """A version."""

    gitVersion: str | None = None  # noqa: N815 - the format's word
    """Such as `v1.37.0`."""
    major: str | None = None
    """Such as `1`."""
    minor: str | None = None
    """Such as `37`."""


class Api(_Written):
    """A resource that the server serves."""

    group: str
    """The API group, empty for the core."""
    version: str
    """The API version."""
    kind: str
    """The kind."""
    resource: str
    """The plural name."""
    namespaced: bool
    """Whether its objects lie in namespaces."""
    verbs: list[str]
    """What can be asked of it."""


class MetricsSource(_Written):
    """An object and where it serves metrics."""

    kind: str
    """Pod, Service or Node."""
    namespace: str | None
    """Its namespace."""
    name: str
    """Its name."""
    port: str | int | None = None
    """The port."""
    path: str | None = None
    """The path."""


class Metrics(_Written):
    """Metrics in the Prometheus text format."""

    source: MetricsSource
    """What was scraped."""
    text: str
    """The metrics."""


class TestOutcome(_Written):
    """The result of a test."""

    __test__ = False  # pytest must not collect it

    suite: str
    """The suite."""
    test: str
    """The test."""
    outcome: Literal["passed", "failed", "skipped", "error"]
    """What came of it."""
    requirement: str | None = None
    """The requirement that it is about."""
    time: str | None = None
    """When, ISO 8601 in UTC."""
    source: str | None = None
    """The file that it comes from."""


class Omission(_Written):
    """Something that is not known."""

    group: str | None = None
    """The API group."""
    version: str | None = None
    """The API version."""
    kind: str | None = None
    """The kind, null when it cannot be told."""
    resource: str | None = None
    """The plural name."""
    namespace: str | None = None
    """The namespace, when it is one only."""
    status: int | None = None
    """The HTTP status."""
    reason: str | None = None
    """One word, such as `Forbidden`."""
    message: str | None = None
    """For people."""


class SnapshotFile(_Written):
    """What a cluster showed at one moment, as `aiconf snapshot` writes it."""

    model_config = ConfigDict(title="aiconf/snapshot/v1")

    format: Literal["aiconf/snapshot/v1"]
    """The format and its version."""
    metadata: SnapshotMetadata = SnapshotMetadata()
    """Where it comes from."""
    server: Server | None = None
    """The API server, null when unknown."""
    apis: list[Api] | None = None
    """What the API server serves, null when unknown."""
    objects: list[dict[str, Any]] = []
    """Kubernetes objects, of the fields that policies read."""
    metrics: list[Metrics] = []
    """Scraped metrics."""
    results: list[TestOutcome] = []
    """Imported test results."""
    omissions: list[Omission] = []
    """What could not be read, and why."""
