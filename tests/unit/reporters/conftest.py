"""Reports built by hand: what a form prints depends on the report alone."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from aiconf.model import (
    Authority,
    CheckError,
    Finding,
    InputRecord,
    Level,
    Position,
    Proof,
    Report,
    RequirementRow,
    Result,
    RuleInfo,
    Severity,
    Span,
)

_IN_CI = bool(os.environ.get("CI"))
PATH = "v1.37/heron/PRODUCT.yaml"
SNAPSHOT = "snapshot.json"
VALIDATOR = "https://github.com/cncf/k8s-ai-conformance/blob/main/scripts/validate.go"
FAQ = "https://github.com/cncf/k8s-ai-conformance/blob/main/faq.md"

FINDINGS = (
    Finding(
        id="metadata/field_missing",
        severity=Severity.ERROR,
        authority=Authority.VALIDATOR,
        message="The required metadata field k8sConformanceUrl is absent.",
        path=PATH,
        line=2,
        column=1,
        pointer="/metadata/k8sConformanceUrl",
        requirement=None,
        remediation="Give metadata.k8sConformanceUrl the address of the base's entry.",
        excerpt="metadata:",
        sources=(VALIDATOR,),
    ),
    Finding(
        id="metadata/placeholder",
        severity=Severity.NOTE,
        authority=Authority.CONVENTION,
        message="The description is shorter than a sentence.",
        path=PATH,
        line=7,
        column=16,
        pointer="/metadata/description",
        requirement=None,
        remediation="Say in one sentence what the product is.",
        excerpt='  description: "Runtime"',
    ),
    Finding(
        id="checklist/notes_missing",
        severity=Severity.WARNING,
        authority=Authority.INSTRUCTIONS,
        message="ai_inference has no notes.",
        path=PATH,
        line=30,
        column=7,
        pointer="/spec/networking/0/notes",
        requirement="ai_inference",
        remediation="Say how the product meets ai_inference.",
        suppressed="The evidence says it all; agreed with the reviewer.",
        suppressed_inline=True,
        excerpt='    - id: "ai_inference"',
    ),
    Finding(
        id="layered/deficiency_framed",
        severity=Severity.WARNING,
        authority=Authority.FAQ,
        message="A sentence says what the base lacks: “EKS does not ship a gang scheduler.”",
        path=PATH,
        line=41,
        column=16,
        pointer="/spec/schedulingOrchestration/0/notes",
        requirement="gang_scheduling",
        remediation="Say what the product contributes.",
        excerpt="        Größe: EKS does not ship a gang scheduler. KAI Scheduler runs all pods of a group or none.",
        span=Span(Position(41, 16), Position(41, 51)),
        sources=(FAQ,),
    ),
    Finding(
        id="evidence/file_missing",
        severity=Severity.ERROR,
        authority=Authority.VALIDATOR,
        message="ai-service-metrics.md is not in the product's folder.",
        path=PATH,
        line=99,
        column=11,
        pointer="/spec/observability/1/evidence/0",
        requirement="ai_service_metrics",
        remediation="Did you mean ai_service_metrics.md? Names are compared letter by letter.",
        excerpt='        - "ai-service-metrics.md"',
        sources=(VALIDATOR,),
    ),
)

RULES = tuple(
    RuleInfo(id_, summary, "The programme's own check stops at this.", authority, severity, (source,))
    for id_, summary, authority, severity, source in (
        ("checklist/notes_missing", "Every claim has notes.", Authority.INSTRUCTIONS, Severity.WARNING, FAQ),
        ("evidence/blank", "No evidence entry is blank.", Authority.CONVENTION, Severity.WARNING, FAQ),
        ("evidence/file_missing", "Every evidence file exists.", Authority.VALIDATOR, Severity.ERROR, VALIDATOR),
        ("layered/deficiency_framed", "Notes say what is contributed.", Authority.FAQ, Severity.WARNING, FAQ),
        ("metadata/field_missing", "Required fields are given.", Authority.VALIDATOR, Severity.ERROR, VALIDATOR),
    )
)

ROWS = (
    RequirementRow(
        PATH,
        "ai_inference",
        Level.MUST,
        "Implemented",
        Result.PASS,
        Proof.OPERATIONAL,
        owner="layered",
        component="Heron Gateway",
        contribution="variant",
        objects=("apps/v1 Deployment heron/gateway", "v1 Node worker-1"),
    ),
    RequirementRow(
        PATH,
        "gang_scheduling",
        Level.MUST,
        "Implemented",
        Result.FAIL,
        Proof.INSTALLED,
        owner="layered",
        component="KAI Scheduler",
        contribution="must_replacement",
        objects=("apps/v1 Deployment kai-scheduler/binder",),
        reasons=("No controller of it is ready.",),
    ),
    RequirementRow(
        PATH,
        "cluster_autoscaling",
        Level.MUST,
        "N/A",
        Result.NOT_APPLICABLE,
        owner="base",
        component="Karpenter",
        contribution="matches_base",
        reasons=("The status is N/A.",),
    ),
    RequirementRow(
        PATH,
        "pod_autoscaling",
        Level.MUST,
        "Implemented",
        Result.INCONCLUSIVE,
        Proof.NONE,
        owner="both",
        component="KEDA",
        contribution="variant",
    ),
    RequirementRow(
        PATH,
        "driver_runtime_management",
        Level.SHOULD,
        "Partially Implemented",
        owner="base",
        component="GPU Operator",
    ),
    RequirementRow(PATH, "workload_sandboxing", Level.SHOULD, None),
)

REPORT = Report(
    engine="default",
    catalog="c" * 64,
    inputs=(InputRecord(PATH, "submission", "a" * 64),),
    findings=FINDINGS,
    requirements=ROWS,
    rules=RULES,
)


@pytest.fixture(autouse=True)
def _a_version_that_does_not_change(monkeypatch):
    monkeypatch.setattr("aiconf.reporters.plain.__version__", "9.9.9")


@pytest.fixture
def report():
    """A layered product with findings of every severity and authority, one of them accepted."""
    return REPORT


@pytest.fixture
def clean():
    """A submission without findings."""
    rows = tuple(replace(row, result=None, proof=None, objects=(), reasons=()) for row in ROWS)
    return replace(REPORT, findings=(), requirements=rows)


@pytest.fixture
def broken():
    """A run in which not everything could be checked."""
    errors = (
        CheckError("evidence/blank", PATH, "no such key: text"),
        CheckError(None, "gone.yaml", "gone.yaml: no permission"),
    )
    return replace(REPORT, errors=errors)


@pytest.fixture
def beside():
    """A submission held against a cluster, which refutes one of its claims."""
    seen = replace(
        FINDINGS[3],
        id="gang_scheduling/operational",
        severity=Severity.ERROR,
        authority=Authority.INSTRUCTIONS,
        message="KAI Scheduler: Deployment kai-scheduler/binder: 0 of 1 replicas are available.",
        path=SNAPSHOT,
        line=1,
        column=1,
        pointer="",
        remediation="Bring the workloads of the scheduler to be ready.",
        excerpt="",
        span=None,
    )
    rows = tuple(replace(row, input=SNAPSHOT) for row in ROWS)
    inputs = (InputRecord(SNAPSHOT, "snapshot", "b" * 64), *REPORT.inputs)
    return replace(REPORT, inputs=inputs, findings=(seen, *FINDINGS), requirements=rows)


@pytest.fixture
def empty():
    """A run that checked nothing."""
    return Report("default", "c" * 64, (), (), (), checked=False)


# What acts somewhere: terminals, workflow commands, HTML, Markdown, XML, reading direction, JSON readers.
HOSTILE = (
    "</script><script>alert(1)</script><img src=x onerror=alert(1)> ]]> & "
    "\x1b[31m \x00 \x07 \x85 \u2028 \u202eevil\u202c \ud800 \ufffe "
    "@octocat #1 GH-1 | `code` ``` *b* _i_ ~~s~~ $x$ [click](https://evil.example) ![i](https://evil.example/i.png) "
    "\n::error::forged\r\n::add-mask::x\n##[error]forged %0A %25 \\| <!-- --> <details> &lt; {0} ${{ github.token }} "
    "https://evil.example/a|b`c<d>\"e'f)"
)


@pytest.fixture
def hostile():
    """A report in which every text of a stranger tries to leave its place."""
    findings = tuple(
        replace(
            finding,
            message=HOSTILE,
            remediation=HOSTILE,
            path=HOSTILE,
            pointer=f"/{HOSTILE}",
            requirement=HOSTILE,
            excerpt=HOSTILE,
            suppressed=finding.suppressed and HOSTILE,
        )
        for finding in FINDINGS
    )
    rows = tuple(
        replace(
            row,
            input=HOSTILE,
            id=HOSTILE,
            status=HOSTILE,
            component=HOSTILE,
            objects=(HOSTILE,),
            reasons=(HOSTILE,),
        )
        for row in ROWS
    )
    inputs = (InputRecord(HOSTILE, "submission", "a" * 64),)
    errors = (CheckError("evidence/blank", HOSTILE, HOSTILE),)
    return replace(REPORT, inputs=inputs, findings=findings, requirements=rows, errors=errors)


def _missing(what):
    """A tool that tests need: CI must have it, elsewhere its tests are left out."""
    if _IN_CI:
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def node_package():
    """Finds an npm package of tests/npm: formats whose schemas and validators are published there only."""

    def find(name):
        folder = Path(__file__).parents[2] / "npm" / "node_modules" / name
        if not folder.is_dir():
            _missing(f"no npm package {name}: run 'npm ci --ignore-scripts --prefix tests/npm'")
        return folder

    return find
