"""Writing an exceptions file: entries, order, and texts that YAML reads back as they were."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.model import Authority, Finding, Severity
from aiconf.source import parse_source
from aiconf.suppression.baseline import Debt, baseline, written
from aiconf.suppression.exceptions import Entry, load_exceptions

TODAY = "2026-06-15"


def finding(id_, path, line=1, **changes):
    return Finding(id_, Severity.ERROR, Authority.FAQ, "m", path, line, 1, "/x", None, "r", **changes)


@pytest.fixture
def exceptions(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def load(*entries):
        path = tmp_path / "e.yaml"
        path.write_text(written(entries), encoding="utf-8")
        return load_exceptions(path, TODAY)

    return load


def test_each_content_once_sorted_and_accepted_ones_left_out(exceptions):
    found = [
        finding("b/b", "p"),
        finding("a/a", "p", 5),
        finding("a/a", "p", 6),
        finding("a/a", "o"),
        finding("c/c", "p", suppressed="by a comment"),
    ]
    entries, new = baseline(exceptions(), found, Debt(" Since \n then ", "us", "2026-12-31"))
    assert [(entry.path, entry.id) for entry in entries] == [("o", "a/a"), ("p", "a/a"), ("p", "b/b")]
    assert new == 3
    assert entries[0][3:] == ("Since then", "us", "2026-12-31")


def test_entries_that_count_stay_unless_they_are_unused(exceptions):
    stays = Entry("a/a", finding("a/a", "p").fingerprint, "p", "old reason")
    unused = Entry("a/a", "1" * 32, "p", "old reason")
    elsewhere = Entry("a/a", "2" * 32, "q", "another input")
    expired = Entry("b/b", finding("b/b", "p").fingerprint, "p", "old reason", "", "2026-01-01")
    file = exceptions(stays, unused, elsewhere, expired)
    found = [
        finding("a/a", "p", suppressed="old reason"),
        finding("b/b", "p"),
        replace(finding("suppression/unused", file.path.as_posix()), pointer="/1"),
    ]
    entries, new = baseline(file, found, Debt("new reason"))
    assert entries == [stays, expired._replace(reason="new reason", expires=""), elsewhere]
    assert new == 1


def test_no_findings_give_an_empty_list(exceptions):
    text = written(baseline(exceptions(), [], Debt("r"))[0])
    assert parse_source(text.encode(), "x").items == []


def test_wildcards_in_a_name_are_meant_as_they_stand(exceptions):
    file = exceptions(*baseline(exceptions(), [finding("a/a", "p[1]*/PRODUCT.yaml")], Debt("r"))[0])
    assert list(file.matching(finding("a/a", "p[1]*/PRODUCT.yaml"), ["a/a"])) == [0]
    assert list(file.matching(finding("a/a", "p1x/PRODUCT.yaml"), ["a/a"])) == []
    assert file.about("p[1]*/PRODUCT.yaml") == [0]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(alphabet="0123456789abcdef.eE-+: #'\"\\"))
def test_texts_are_read_back_as_they_were(reason, owner):
    source = parse_source(written([Entry("a/b", "1" * 32, "p", reason, owner)]).encode(), "x")
    assert source.problems == () or [p.kind for p in source.problems] == ["wrong_shape"]
    assert source.items is not None
    assert source.items[0]["reason"] == reason
    assert source.items[0].get("owner", "") == owner
