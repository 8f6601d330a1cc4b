"""Text of strangers, made safe to show."""

import json

import pytest

from aiconf.reporters.plain import json_text, one_line, shortened, visible, well_formed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Größe 日本語 👩‍🚀", "plain Größe 日本語 👩‍🚀"),
        ("a\r\nb\tc\n", "a\nb\tc\n"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x00\x7f\x9b", r"\x00\x7f\x9b"),
        ("user\u202etxt.exe", r"user\u202etxt.exe"),
        ("\u2066\u200b\ufeff\u2028", r"\u2066\u200b\ufeff\u2028"),
        ("\ud800\udfff\uffff", r"\ud800\udfff\uffff"),
        ("\U000e0041", r"\U000e0041"),
    ],
)
def test_what_acts_or_hides_is_written_out(text, shown):
    assert visible(text) == shown


def test_one_line_holds_no_line_break_of_any_kind():
    text = "a\nb\r\nc\vd\fe\x1cf\x85g\u2028h\u2029i"
    assert one_line(text).splitlines() == ["a b c d e f g h i"]


def test_a_long_text_ends_in_an_ellipsis_within_its_limit():
    assert shortened("abcdef", 6) == "abcdef"
    assert shortened("abcdefg", 6) == "abcde…"
    assert one_line("ab   cd ef", 4) == "ab…"


def test_json_keeps_values_and_applies_its_conversion_to_every_text():
    document = {"a": ["\x1b", {"b": ("\ud800", 1, None, True)}]}
    assert json.loads(json_text(document)) == {"a": [r"\x1b", {"b": [r"\ud800", 1, None, True]}]}
    assert json.loads(json_text(document, well_formed)) == {"a": ["\x1b", {"b": ["\ufffd", 1, None, True]}]}
