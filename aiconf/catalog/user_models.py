"""The format of the files that a user keeps for aiconf, as pydantic models; the schemas are generated from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

RuleName = Annotated[str, Field(min_length=1, max_length=160)]
Words = Annotated[str, Field(max_length=1000)]
FilePath = Annotated[str, Field(min_length=1, max_length=1000)]


class _Strict(BaseModel):
    """Unknown keys are errors, and no value is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


class AcceptedFinding(_Strict):
    """One finding that is accepted."""

    id: RuleName
    """The rule, such as `evidence/missing`."""
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    """The finding's content, as `aiconf lint --write-baseline` and the SARIF report give it: 32 hex digits."""
    path: Words = ""
    """The input, relative to the folder of this file, with forward slashes; `*` and `?` stand for any characters. All
    inputs when absent."""
    # Null is no slip of form: that the reason is missing is for a rule to say.
    reason: Annotated[Words | None, Field(json_schema_extra={"type": ["string", "null"]})] = None
    """Why it is accepted. Without a reason nothing is."""
    owner: Words | None = None
    """Who answers for it."""
    expires: Annotated[str | None, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = None
    """The last day on which it counts, `YYYY-MM-DD`."""


class ExceptionsFile(RootModel[list[AcceptedFinding]]):
    """Findings that are accepted, each with a reason."""

    model_config = ConfigDict(title="aiconf exceptions file")


class ConfigFile(_Strict):
    """Settings of `aiconf`, named like its options. Paths are relative to the file."""

    model_config = ConfigDict(title="aiconf.yaml", alias_generator=lambda name: name.replace("_", "-"))

    select: list[RuleName] = []
    """Run only these rules: ids, or files of rules."""
    ignore: list[RuleName] = []
    """Do not run these rules."""
    authority: list[Literal["validator", "instructions", "faq", "convention"]] = []
    """Report only what these authorities demand."""
    fail_on: Literal["error", "warning", "note", "never"] = "error"
    """The mildest severity that makes the run fail."""
    registry: FilePath | None = None
    """A checkout of cncf/k8s-ai-conformance."""
    kubernetes_version: Annotated[str | None, Field(pattern=r"^v?[0-9]+\.[0-9]+(\.[0-9]+)?$")] = None
    """The version to judge by, in place of the folder's."""
    members: FilePath | None = None
    """A file of CNCF member names, one a line."""
    catalog: FilePath | None = None
    """A folder with `rules/` and `policies/` in place of the shipped ones."""
    engine: Literal["default", "reference"] = "default"
    """Evaluate with aiconf's own engine or with the reference implementations."""
    snapshot: list[FilePath] = []
    """Hold the claims against a cluster."""
    require: Literal["installed", "operational", "demonstrated"] | None = None
    """With a snapshot: how strongly every MUST has to be shown."""
    layered: bool | None = None
    """Whether the products are layered on another vendor's distribution; found out when absent."""
    base: Words | None = None
    """What they stand on: a name, an id, or an entry such as `v1.37/eks`."""
    layers: FilePath | None = None
    """A layers.yaml, whose statements come before all others."""
    exceptions: FilePath | None = None
    """The file of accepted findings."""
    inline_ignores: bool = True
    """Whether comments `# aiconf: ignore[id] reason` in the inputs accept findings."""
    online: bool = False
    """Also ask whether the addresses open, and for today's member list."""
    allow_private: bool = False
    """With online: also ask addresses inside your own network."""
    format: list[Annotated[str, Field(pattern="^[a-z]+(=.+)?$")]] = []
    """The forms of the report, such as `text` or `sarif=report.sarif`."""
    output_file: FilePath | None = None
    """Write the report there, not to standard output."""
    color: Literal["auto", "always", "never"] = "auto"
    """Whether to colour the report."""
    quiet: bool = False
    """Findings alone: no summary, no progress."""
    verbose: bool = False
    """Also what is claimed for each requirement."""
    show_suppressed: bool = False
    """Also the findings that are accepted, with the reason."""
