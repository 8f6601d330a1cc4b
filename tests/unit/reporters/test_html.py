"""The page as text; what it does in a browser is tested in tests/integration/test_html_report.py."""

import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser

import pytest

from aiconf.model import InputRecord
from aiconf.reporters import render


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.raw, self.text, self._tag = [], [], {}, "", ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._tag = tag
        self.ids += [value for name, value in attrs if name == "id"]

    def handle_endtag(self, tag):
        self._tag = "" if tag == self._tag else self._tag

    def handle_data(self, data):
        if self._tag in ("script", "style"):
            self.raw[self._tag] = self.raw.get(self._tag, "") + data
        else:
            self.text += data

    def all(self, tag, class_=None):
        return [
            attrs
            for name, attrs in self.tags
            if name == tag and (class_ is None or class_ in attrs.get("class", "").split())
        ]


def page(report):
    return Page(render("html", report))


def test_nothing_but_the_pages_own_script_and_style_may_run(report, hostile):
    for found in (page(report), page(hostile)):
        (policy,) = [
            meta["content"] for meta in found.all("meta") if meta.get("http-equiv") == "Content-Security-Policy"
        ]
        hashes = {tag: b64encode(sha256(raw.encode()).digest()).decode() for tag, raw in found.raw.items()}
        assert policy == (
            f"default-src 'none'; script-src 'sha256-{hashes['script']}'; style-src 'sha256-{hashes['style']}'; "
            "base-uri 'none'; form-action 'none'"
        )
        assert len(found.all("script")) == len(found.all("style")) == 1


def test_it_asks_the_network_for_nothing(report):
    found = page(report)
    assert not {"src", "srcset", "style", "data", "action", "background"} & {
        name for _, attrs in found.tags for name in attrs
    }
    assert not found.all("link") + found.all("img") + found.all("iframe") + found.all("base")
    assert "url(" not in found.raw["style"]
    assert not re.search(r"fetch|XMLHttpRequest|import\b|innerHTML|eval", found.raw["script"])


def test_every_finding_and_every_requirement_stands_in_it(report):
    found = page(report)
    assert [attrs["data-severity"] for attrs in found.all("article")] == ["error", "note", "warning", "error"]
    assert [attrs["data-requirement"] for attrs in found.all("article")] == [
        "",
        "",
        "gang_scheduling",
        "ai_service_metrics",
    ]
    assert len(found.all("th")) == 8 + len(report.requirements)
    assert all(finding.message in found.text for finding in report.findings)
    assert "Accepted: The evidence says it all" in found.text


def test_ids_are_unique_and_links_lead_somewhere(report, broken):
    several = replace(
        broken,
        inputs=(*report.inputs, InputRecord("v1.37/wren/PRODUCT.yaml", "submission", "b" * 64)),
        requirements=(
            *report.requirements,
            *(replace(row, input="v1.37/wren/PRODUCT.yaml") for row in report.requirements),
        ),
    )
    for found in (page(report), page(several)):
        assert len(found.ids) == len(set(found.ids))
        inside = [attrs["href"][1:] for attrs in found.all("a") if attrs["href"].startswith("#")]
        references = [name for _, attrs in found.tags for name in attrs.get("aria-labelledby", "").split()]
        assert set(inside + references) <= set(found.ids)
    assert len(page(several).all("svg")) == 2


def test_the_layer_picture_has_a_box_for_each_layer_that_meets_a_requirement(report):
    found = page(report)
    assert len(found.all("rect", "base")) == 3
    assert len(found.all("rect", "layered")) == 3
    assert len(found.all("rect", "unstated")) == 1
    assert len(found.all("line", "link")) == 1
    assert "gang_scheduling: layered product (KAI Scheduler, MUST replacement, fail (installed))" in found.text
    assert "pod_autoscaling: base platform and layered product (KEDA, variant, inconclusive)" in found.text
    assert "workload_sandboxing: owner not stated." in found.text


def test_there_is_no_picture_without_a_stated_owner(report):
    rows = tuple(replace(row, owner="unstated") for row in report.requirements)
    assert not page(replace(report, requirements=rows)).all("svg")


def test_source_lines_stand_with_their_marks(report):
    text = render("html", report)
    assert "Größe: <mark>EKS does not ship a gang scheduler.</mark> KAI" in text
    assert '<mark>"ai-service-metrics.md"</mark>' in text


def test_a_stranger_can_add_no_element(report, hostile):
    found, plain = page(hostile), page(report)
    allowed = {tag for tag, _ in plain.tags} | {"ul", "li", "em"}
    assert {tag for tag, _ in found.tags} <= allowed
    assert not any(name.startswith("on") for _, attrs in found.tags for name in attrs)
    assert all(re.match(r"#|https://github\.com/", attrs["href"]) for attrs in found.all("a"))
    assert "</script><script>alert(1)</script>" in found.text


def test_only_addresses_of_the_web_become_links(report):
    findings = (replace(report.findings[0], sources=("javascript:alert(1)", "https://good.example/")),)
    links = [attrs["href"] for attrs in page(replace(report, findings=findings)).all("a", "outside")]
    assert links == ["https://good.example/"]


@pytest.mark.parametrize(
    ("name", "words"), [("clean", "Verdict: pass"), ("broken", "Verdict: error"), ("empty", "Verdict: nothing checked")]
)
def test_the_verdict_is_said_in_words(name, words, request):
    found = page(request.getfixturevalue(name))
    assert words in found.text
    assert "None." in found.text or name == "broken"
