"""The part of a line that is shown, and what is marked in it."""

from dataclasses import replace

import pytest

from aiconf.model import Position, Span
from aiconf.reporters.excerpt import excerpt


def at(finding, line, column, end=None):
    span = Span(Position(finding.line, column), Position(*end)) if end else None
    return excerpt(replace(finding, excerpt=line, column=column, span=span))


@pytest.fixture
def finding(report):
    return report.findings[0]


@pytest.mark.parametrize(
    ("line", "column", "parts"),
    [
        ('key: "value" # comment', 6, ("key: ", '"value"', " # comment")),
        ("key: some words # comment", 6, ("key: ", "some words", " # comment")),
        ("key: 'it", 6, ("key: ", "'it", "")),
        ("key:", 5, ("key:", "", "")),
        ("key:", 99, ("key:", "", "")),
        ("key: value", 0, ("", "key: value", "")),
    ],
)
def test_the_word_or_value_at_the_place_is_marked(finding, line, column, parts):
    shown = at(finding, line, column)
    assert (shown.before, shown.marked, shown.after) == parts


def test_a_span_is_marked_on_its_first_line_only(finding):
    one = at(finding, "some words here", 6, (finding.line, 11))
    assert (one.before, one.marked, one.after) == ("some ", "words", " here")
    more = at(finding, "some words here", 6, (finding.line + 1, 3))
    assert (more.before, more.marked, more.after) == ("some ", "words here", "")


def test_a_long_line_is_cut_around_the_place(finding):
    shown = at(finding, "a" * 500 + "MARK" + "b" * 500, 501, (finding.line, 505))
    assert shown.before == "…" + "a" * 40
    assert shown.marked == "MARK"
    assert shown.after.endswith("b…")
    assert len(shown.before + shown.marked + shown.after) == 112


def test_nothing_is_shown_of_a_blank_line(finding):
    assert at(finding, "  \t ", 1) is None


def test_every_character_stays_one_column_wide(finding):
    shown = at(finding, "a\tb\x1b\u202ec: d", 7)
    assert shown.before == "a b  c"
    assert shown.marked.isprintable()
