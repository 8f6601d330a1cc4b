"""Any report, in every form: no exception, within bounds, the same findings, the same bytes."""

import json
import re

from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
from aiconf.reporters import FORMATS, Style, render
from aiconf.reporters.markdown import LIMIT

NASTY = st.sampled_from(
    ["</script>", "::error::x", "##[error]x", "|", "``", "\ud800", "\u202e", "\x1b[0m", "]]>", "@a", "<b>", "\r\n"]
)  # fmt: skip
TEXT = st.lists(st.text(st.characters(exclude_categories=()), max_size=12) | NASTY, max_size=5).map("".join)
TEXTS = st.lists(TEXT | st.just("v1 Node n"), max_size=3).map(tuple)
PATHS = st.sampled_from(["v1.37/a/PRODUCT.yaml", "b/PRODUCT.yaml", "<stdin>", "::error::x", "a|b\n"])
NAMES = st.sampled_from(["metadata/field_missing", "evidence/blank", "layered/owner_not_stated"])
SOURCES = st.lists(st.just("https://x.example/a&b"), max_size=2).map(tuple)
POSITIONS = st.builds(Position, st.integers(1, 10_000), st.integers(1, 500))

FINDINGS = st.builds(
    Finding,
    id=NAMES,
    severity=st.sampled_from(Severity),
    authority=st.sampled_from(Authority),
    message=TEXT,
    path=PATHS,
    line=st.integers(0, 10_000),
    column=st.integers(0, 60),
    pointer=TEXT,
    requirement=st.none() | TEXT,
    remediation=TEXT,
    suppressed=st.none() | TEXT,
    span=st.none() | st.builds(Span, POSITIONS, POSITIONS),
    excerpt=TEXT,
    sources=SOURCES,
    suppressed_inline=st.booleans(),
)
ROWS = st.builds(
    RequirementRow,
    input=PATHS,
    id=TEXT,
    level=st.none() | st.sampled_from(Level),
    status=st.none() | TEXT,
    result=st.none() | st.sampled_from(Result),
    proof=st.none() | st.sampled_from(Proof),
    owner=st.sampled_from(["base", "layered", "both", "unstated"]),
    component=st.none() | TEXT,
    contribution=st.sampled_from(["must_replacement", "variant", "unstated"]),
    objects=TEXTS,
    reasons=TEXTS,
)
RULES = st.builds(RuleInfo, NAMES, TEXT, TEXT, st.sampled_from(Authority), st.sampled_from(Severity), SOURCES)
INPUTS = st.builds(InputRecord, PATHS, st.just("submission"), st.just("a" * 64))
REPORTS = st.builds(
    Report,
    engine=st.just("default"),
    catalog=st.just("c" * 64),
    inputs=st.lists(INPUTS, max_size=3, unique_by=lambda record: record.path).map(tuple),
    findings=st.lists(FINDINGS, max_size=25).map(tuple),
    requirements=st.lists(ROWS, max_size=6).map(tuple),
    errors=st.lists(st.builds(CheckError, st.none() | NAMES, PATHS, TEXT), max_size=3).map(tuple),
    checked=st.booleans(),
    fail_on=st.none() | st.sampled_from(Severity),
    rules=st.lists(RULES, max_size=3, unique_by=lambda rule: rule.id).map(tuple),
)
# Controls but tab and line feed, what turns the writing direction, other line ends, surrogates.
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
SETTINGS = settings(
    max_examples=75, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def in_github(text, report):
    """Annotations and lines, without those of errors and refuted requirements."""
    notices = [line for line in text.split("\n") if re.match(r"(::(error|warning|notice) |- )", line)]
    return len(notices) - len(report.errors) - sum(", and its result is fail" in line for line in notices)


def in_junit(text, _):
    cases = [case for case in fromstring(text).iter("testcase") if not case.get("name", "").startswith("requirement")]
    return sum(case.find("failure") is not None or case.find("system-out") is not None for case in cases)


def in_markdown(text, report):
    """The items, accepted ones among them, and how many the page says it left out."""
    left_out = re.search(r"Left out here[^\n]*?(\d+) findings?", text)
    return len(re.findall(r"^- \*\*", text, re.MULTILINE)) + int(left_out[1] if left_out else 0) - report.suppressed


def in_policyreport(text, _):
    results = [result for item in json.loads(text)["items"] for result in item["results"]]
    return sum("severity" in result and result["result"] != "skip" for result in results)


# How many findings that count a form holds.
COUNT = {
    "text": lambda text, _: len(re.findall(r":\d+:\d+: (error|warning|note)\[", text)),
    "concise": lambda text, _: len(re.findall(r":\d+:\d+: (error|warning|note)\[", text)),
    "json": lambda text, _: sum(finding["suppressed"] is None for finding in json.loads(text)["findings"]),
    "sarif": lambda text, _: sum("suppressions" not in r for r in json.loads(text)["runs"][0]["results"]),
    "github": in_github,
    "junit": in_junit,
    "markdown": in_markdown,
    "html": lambda text, _: text.count("<article "),
    "policyreport": in_policyreport,
    "rdjson": lambda text, report: len(json.loads(text)["diagnostics"]) - len(report.errors),
}


@SETTINGS
@given(REPORTS)
def test_every_form_holds_the_same_findings(report):
    held = {form: COUNT[form](render(form, report), report) for form in FORMATS}
    assert held == dict.fromkeys(FORMATS, len(report.findings) - report.suppressed)


@SETTINGS
@given(REPORTS, st.builds(Style, st.booleans(), st.booleans(), st.booleans()))
def test_the_same_report_gives_the_same_bytes_within_bounds(report, style):
    for form in FORMATS:
        text = render(form, report, style)
        assert text == render(form, report, style)
        assert text.encode("utf-8").decode("utf-8") == text
        assert text == "" or text.endswith("\n")
    assert len(render("markdown", report).encode()) <= LIMIT
    assert render("html", report).count("<script") == 1


@SETTINGS
@given(REPORTS)
def test_nothing_acts_on_a_terminal_or_in_a_log(report):
    for form in ("text", "concise", "github"):
        assert not ACTS.search(render(form, report, Style(verbose=True)))
    for line in render("github", report).split("\n"):
        assert re.match(r"::(error|warning|notice|group|endgroup)\b", line) or not line.lstrip().startswith("::")
        assert line.startswith("::") or "##[" not in line


@SETTINGS
@given(REPORTS)
def test_programs_can_read_what_is_meant_for_them(report):
    for form in ("json", "sarif", "policyreport", "rdjson"):
        json.dumps(json.loads(render(form, report)), ensure_ascii=False).encode("utf-8")  # fails on a lone surrogate
    fromstring(render("junit", report))
