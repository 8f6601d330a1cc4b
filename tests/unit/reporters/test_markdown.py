"""The reviewer's page, rendered by GitHub's own Markdown parser."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from aiconf.model import InputRecord
from aiconf.reporters import render
from aiconf.reporters.markdown import LIMIT, MARKER

OWN_TAGS = {
    "a", "br", "code", "details", "em", "h2", "h3", "li", "p", "strong", "summary", "table", "tbody", "td", "th",
    "thead", "tr", "ul",
}  # fmt: skip


class Page(HTMLParser):
    """The tags, links, headings, table cells and texts of a rendered page."""

    def __init__(self, markdown):
        super().__init__()
        self.tags, self.links, self.rows, self.headings = [], [], [], []
        self.text = self.prose = ""  # all of it, and what stands neither in code nor in a link
        self._open = []
        self.feed(cmarkgfm.github_flavored_markdown_to_html(markdown, Options.CMARK_OPT_UNSAFE))

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open += [] if tag == "br" else [tag]
        self.links += [dict(attrs)["href"]] if tag == "a" else []
        self.headings += [""] if tag in ("h2", "h3") else []
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        while self._open.pop() != tag:
            pass

    def handle_data(self, data):
        self.text += data
        if {"td", "th"} & set(self._open):
            self.rows[-1][-1] += data
        if {"h2", "h3"} & set(self._open):
            self.headings[-1] += data
        if not {"code", "a"} & set(self._open):
            self.prose += data


def page(report):
    return Page(render("markdown", report))


def test_it_begins_with_the_marker_and_the_verdict(report):
    assert render("markdown", report).startswith(
        f"{MARKER}\n\n## aiconf: fail (mend what is listed)\n\n2 errors, 1 warning, 1 note, 1 suppressed;"
    )


def test_the_table_has_owner_component_contribution_result_and_evidence(report):
    rows = page(report).rows
    assert rows[0] == ["Requirement", "Level", "Claim", "Owner", "Component", "Contribution", "Result", "Evidence"]
    assert rows[2] == [
        "gang_scheduling", "MUST", "Implemented", "layered product", "KAI Scheduler", "MUST replacement",
        "fail (installed)", "apps/v1 Deployment kai-scheduler/binder",
    ]  # fmt: skip
    assert len(rows) == 1 + len(report.requirements)


def test_a_column_without_anything_to_say_is_named_below_the_table(report):
    rows = tuple(
        replace(row, result=None, proof=None, objects=(), reasons=(), owner="unstated") for row in report.requirements
    )
    text = render("markdown", replace(report, requirements=rows))
    assert "| Requirement | Level | Claim | Component | Contribution |\n" in text
    assert "\n\nNothing is stated or known for any requirement: owner, result, evidence.\n" in text


def test_findings_are_grouped_by_who_demands_them_worst_first(report):
    found = page(report)
    assert found.headings[1:] == [
        "Requirements",
        "Demanded by the programme's validator (2)",
        "Demanded by the programme's FAQ (1)",
        "Demanded by convention (1)",
        "Accepted with a reason (1)",
    ]
    assert found.links == [
        "https://github.com/cncf/k8s-ai-conformance/blob/main/scripts/validate.go",
        "https://github.com/cncf/k8s-ai-conformance/blob/main/scripts/validate.go",
        "https://github.com/cncf/k8s-ai-conformance/blob/main/faq.md",
    ]


def test_places_carry_the_path_once_there_are_several_inputs(report):
    assert "`metadata/field_missing`, line 2:" in render("markdown", report)
    more = replace(report, inputs=(*report.inputs, InputRecord("v1.37/wren/PRODUCT.yaml", "submission", "b" * 64)))
    assert "`metadata/field_missing`, `v1.37/heron/PRODUCT.yaml:2`:" in render("markdown", more)


def test_of_several_submissions_the_findings_come_first_and_tables_fold(report):
    rows = tuple(replace(row, input="a|`b<i>@me") for row in report.requirements)
    found = page(replace(report, requirements=(*report.requirements, *rows)))
    assert found.headings[-1] == "Requirements"
    assert [tag for tag, _ in found.tags].count("details") == 2
    assert "a|`b<i>@me" in found.text
    assert "i" not in {tag for tag, _ in found.tags}


def test_several_submissions_begin_with_what_each_of_them_has(report):
    more = replace(report, inputs=(*report.inputs, InputRecord("v1.37/wren/PRODUCT.yaml", "submission", "b" * 64)))
    assert page(more).rows[:3] == [
        ["Submission", "error", "warning", "note"],
        ["v1.37/heron/PRODUCT.yaml", "2", "1", "1"],
        ["v1.37/wren/PRODUCT.yaml", "0", "0", "0"],
    ]


def test_beside_a_cluster_the_overview_is_of_inputs(beside):
    text = render("markdown", beside)
    assert "### Inputs\n\n| Input | error |" in text
    assert "| `snapshot.json` | 1 | 0 | 0 |" in text


def test_no_text_leaves_its_place(hostile, report):
    found, plain = page(hostile), page(report)
    assert {tag for tag, _ in found.tags} <= OWN_TAGS
    assert all(set(attributes) <= {"href"} for _, attributes in found.tags)
    assert [len(row) for row in found.rows] == [len(row) for row in plain.rows]
    assert len(found.headings) == len(plain.headings) + 1  # what could not be checked
    assert all(re.fullmatch(r"https://(evil\.example|github\.com)[!-~]*", link) for link in found.links)
    assert not re.search(r"@\w|#\d|\bGH-\d", found.prose)
    assert "</script>" in found.prose  # shown, not dropped


@pytest.mark.parametrize(
    "text", ["| a | b |", "`` x ` y", "a\n\n> b\n\n- c", "<b>", "&amp;", "http://x.example/a_b*c*d", "\\", "[x]: /y"]
)
def test_a_text_is_shown_as_it_is(report, text):
    changed = replace(
        report, findings=(replace(report.findings[0], message=f"A {text} Z", remediation="", sources=()),)
    )
    assert f"A {' '.join(text.split())} Z" in page(changed).text


def test_what_does_not_fit_a_comment_is_counted(report):
    findings = tuple(replace(report.findings[3], line=line, message="ü" * 500) for line in range(1, 500))
    accepted = tuple(replace(report.findings[2], line=line, suppressed="x" * 500) for line in range(1, 100))
    rows = tuple(
        replace(row, input=f"v1.37/p{number}/PRODUCT.yaml") for number in range(100) for row in report.requirements
    )
    full = replace(report, findings=(*findings, *accepted, report.findings[0]), requirements=rows, errors=())
    text = render("markdown", full)
    assert len(text.encode()) <= LIMIT
    shown = len(re.findall(r"^- \*\*", text, re.MULTILINE))
    tables = text.count("<details>")
    (cut,) = re.findall(r"Left out here for length: (\d+) findings, (\d+) tables\.", text)
    assert int(cut[0]) + shown == 499 + 99 + 1
    assert int(cut[1]) + tables == 100
    assert "`metadata/field_missing`" in text  # the one error is not among those left out
    assert "### Accepted with a reason (99)" in text


def test_a_checklist_of_any_length_is_bounded(report):
    rows = tuple(replace(report.requirements[0], id=f"r{number}") for number in range(500))
    text = render("markdown", replace(report, requirements=rows))
    assert "440 more requirements are left out." in text
    assert text.count("\n| `r") == 60
