"""Values that stand for a value."""

import time
from pathlib import Path

import pytest
import re2
import yaml

from aiconf.submission.placeholders import Placeholders

DATA = yaml.safe_load((Path(__file__).parents[3] / "rules/placeholders.yaml").read_text(encoding="utf-8"))
SAMPLES = {
    "[Vendor Name]": "template",
    "[URL of the entry, e.g., https://github.com/cncf/k8s-conformance/tree/master/v1.35/x]": "template",
    "<evidence url>": "template",
    "{{ url }}": "template",
    "${EVIDENCE_URL}": "template",
    "https://yoyo.dyne/turbo-encabulator": "example",
    "Yoyodyne": "example",
    "Turbo Encabulator": "example",
    "yoyodyne@turbo-encabulator.org": "example",
    "https://docs.vendor.com/features/workload-sandboxing": "example",
    "https://your-company.com/docs": "example",
    "TBD": "filler",
    "N/A": "filler",
    "n/a.": "filler",
    "xxx": "filler",
    "Coming soon": "filler",
    "...": "filler",
    # What is none.
    "https://docs.example.com/dra_support": None,
    "https://example.com": None,
    "https://example.com/logo.svg": None,
    "ai@example.com": None,
    "Acme": None,
    "N/A - built in": None,
    "https://docs.vendor.company/x": None,
    "https://mycompany-docs.example/x": None,
    "https://nonetwork.example": None,
    "v1.37": None,
    "dra.md": None,
    "None of the nodes": None,
    "": None,
}


@pytest.mark.parametrize(("text", "kind"), SAMPLES.items())
@pytest.mark.parametrize("use", ["metadata", "evidence"])
def test_a_placeholder_is_told_by_its_kind(text, kind, use):
    found = Placeholders(DATA).find(text, use)
    assert (found and found["kind"]) == kind


@pytest.mark.parametrize("text", ["file://v1.37/$dir/junit.xml", "evidence url", "link", "Link here", "insert url"])
def test_some_stand_for_evidence_alone(text):
    assert Placeholders(DATA).find(text, "evidence") is not None
    assert Placeholders(DATA).find(text, "metadata") is None


def test_forms_are_told_by_the_beginning():
    placeholders = Placeholders(DATA)
    assert placeholders.has_form("see dra.md", "sentence")
    assert not placeholders.has_form("seeds.md", "sentence")
    assert placeholders.has_form("github.com/acme/docs", "bare_address")
    assert placeholders.has_form("www.acme.example", "bare_address")
    assert not placeholders.has_form("v1.37/acme/dra.md", "bare_address")
    assert not placeholders.has_form("notes.io", "bare_address")


def test_the_patterns_are_in_re2s_syntax_and_mean_the_same_there():
    options = re2.Options()
    options.case_sensitive = False
    for row in DATA["patterns"]:
        alone = Placeholders({"patterns": [{**row, "in": ["evidence"]}]})
        compiled = re2.compile(row["pattern"], options)
        for text in filter(None, SAMPLES):
            assert bool(compiled.fullmatch(text)) == bool(alone.find(text, "evidence")), (row["pattern"], text)
    for pattern in DATA["forms"].values():
        re2.compile(pattern, options)


@pytest.mark.parametrize("piece", ["a", "-", ".", "[", "<", "{", "your", "https://a.", "$dir", "to be ", "é"])
def test_no_pattern_is_slow(piece):
    placeholders = Placeholders(DATA)
    start = time.process_time()
    for text in (piece * (300 // len(piece)), "https://" + piece * (290 // len(piece))):
        placeholders.find(text, "evidence")
        placeholders.has_form(text, "bare_address")
        placeholders.has_form(text, "sentence")
    assert time.process_time() - start < 0.05
