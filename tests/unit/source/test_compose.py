"""Anchors, merges, keys of all kinds, documents and bounds."""

import pytest
import yaml

from aiconf.model import Position
from aiconf.source import Comment, compose, parse_source


def parse(text):
    return parse_source(text if isinstance(text, bytes) else text.encode(), "x.yaml")


def found(source):
    return [(p.kind, p.line, p.column, p.pointer) for p in source.problems]


def test_an_alias_stands_for_its_anchor_and_is_placed_where_it_stands():
    source = parse("a: &x {b: 1}\nc: *x\nd: [*x]\n")
    assert source.data == {"a": {"b": 1}, "c": {"b": 1}, "d": [{"b": 1}]}
    assert source.position("/c") == Position(2, 4)
    assert source.position("/c/b") == Position(1, 11)
    assert source.position("/d/0") == Position(3, 5)
    assert source.position("/a") == Position(1, 7)


def test_merge_keys_add_what_is_not_there():
    source = parse("x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], a: 0}\nq: {<<: {d: 4}, '<<': 5}\n")
    assert source.data["z"] == {"a": 0, "b": 1, "c": 2}
    assert source.data["q"] == {"d": 4, "<<": 5}
    assert source.position("/z/c") == Position(2, 17)


def test_an_alias_to_nothing_is_a_syntax_problem_and_null():
    source = parse("a: *nowhere\nb: 1\n")
    assert source.data == {"a": None, "b": 1}
    assert found(source) == [("yaml_syntax", 1, 4, "/a")]


def test_an_alias_within_its_own_anchor_is_refused():
    source = parse("a: &x [1, *x]\n")
    assert source.data == {"a": [1, None]}
    assert found(source) == [("wrong_shape", 1, 11, "/a/1")]


@pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "[a, b]", "{a: b}", "2026-01-02"])
def test_a_key_that_is_no_string_keeps_its_text(key):
    source = parse(f"k: 0\n? {key}\n: v\n")
    assert source.data == {"k": 0, key: "v"}
    assert [problem.kind for problem in source.problems] == ["wrong_shape"]
    assert source.problems[0].line == 2


def test_the_last_of_two_equal_keys_counts_and_the_first_is_uncertain():
    source = parse("l:\n  - {a/b: 1,\n     a/b: 2}\n")
    assert source.data == {"l": [{"a/b": 2}]}
    assert found(source) == [("duplicate_key", 3, 6, "/l/0/a~1b")]
    assert source.uncertain == ((2, 2),)
    assert source.position("/l/0/a~1b") == Position(3, 11)


def test_pointers_of_problems_go_through_lists_and_maps():
    assert found(parse("a:\n  - - {b: 1}\n    - {c: 2, 3: 4}\n"))[0][3] == "/a/0/1/3"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("# only\n", "only comments"),
        ("---\n", "is empty"),
        ("- a\n", "holds a list"),
        ("word\n", "holds a string"),
        ("3\n", "holds a int"),
    ],
)
def test_a_file_without_a_mapping_says_what_it_holds_instead(text, words):
    source = parse(text)
    assert source.data == {}
    assert [p.kind for p in source.problems] == ["wrong_shape"]
    assert words in source.problems[0].message
    assert source.position("/metadata") == source.key_position("") == Position(1, 1)


def test_an_empty_document_before_the_first_one_is_passed_over():
    assert parse("---\n---\na: 1\n").data == {"a": 1}


def test_a_second_document_is_told_and_its_lines_are_uncertain():
    source = parse("a: 1\n---\nb: 2\n")
    assert source.data == {"a": 1}
    assert found(source) == [("wrong_shape", 2, 1, "")]
    assert source.uncertain == ((2, 3),)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_are_read_and_told(encoding):
    mark = "" if encoding in ("utf-16", "utf-32") else "\ufeff"
    source = parse((mark + "a: ä\nb: 😀\n").encode(encoding))
    assert source.data == {"a": "ä", "b": "😀"}
    assert found(source) == [("wrong_shape", 1, 1, "")]
    assert source.position("/b") == Position(2, 4)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_lines_are_counted_as_editors_count_them(line_break):
    source = parse(line_break.join(["a: |", "  one\u2028two\u0085three", "b: 2", "c: 3 # no", ""]))
    assert source.position("/b") == Position(3, 4)
    assert source.line_text(4) == "c: 3 # no"
    assert source.line_text(0) == source.line_text(9) == ""


def test_control_characters_are_told_where_they_stand_and_the_rest_is_read():
    source = parse("a: x\x00y\nb: \x1b[1m\nc: 3\n")
    assert source.data == {"a": "x\ufffdy", "b": "\ufffd[1m", "c": 3}
    assert found(source) == [("yaml_syntax", 1, 5, ""), ("yaml_syntax", 2, 4, "")]


def test_comments_are_found_outside_scalars_only():
    text = "# top\na: 'x # no' # one\nb: >- # two\n  text # no\n  more\n# three\nc: a#b\nd: [1, # four\n  2]\n"
    assert parse(text + "e: &x # five\n  1\n").comments == (
        Comment(1, 1, "top"),
        Comment(2, 13, "one"),
        Comment(3, 7, "two"),
        Comment(6, 1, "three"),
        Comment(8, 8, "four"),
        Comment(10, 7, "five"),
    )


def test_a_pointer_that_leads_nowhere_ends_at_the_key_of_the_nearest_parent():
    source = parse("a:\n  b: [x, {c: 1}]\n")
    for pointer in ("/a/b/7", "/a/b/01", "/a/b/-", "/a/b/x", "/a/b/" + "9" * 400):
        assert source.position(pointer) == source.key_position(pointer) == Position(2, 3)
        assert source.scalar_type(pointer) == "absent"
    assert source.position("/a/b/0/deeper") == Position(2, 7)
    assert source.span("/a/b/0", 0, 2) is None
    assert source.span("/a/b", 0, 1) is None


@pytest.mark.parametrize("text", ["[" * 200, "[" * 5000, "- " * 200, "? " * 200, "{a: " * 200])
def test_nesting_beyond_the_bound_is_told_as_such(text):
    source = parse("k:\n " + text)
    assert "nested more than 100 levels" in source.problems[-1].message
    assert source.problems[-1].kind == "wrong_shape"


def test_nesting_up_to_the_bound_is_read():
    source = parse("k: " + "[" * 99 + "]" * 99)
    assert source.problems == ()


def test_the_parser_in_python_reads_what_libyaml_reads(monkeypatch):
    text = "a: &x [1, 'two', \"thr\\\n  ee\"]\nb: >-\n  some\n  text\n? c\n: {d: *x}\ne: !!str 5\n"
    fast = parse(text)
    monkeypatch.setattr(compose, "_LOADER", yaml.SafeLoader)
    slow = parse(text)
    assert slow.data == fast.data
    for pointer in ("/a/1", "/b", "/c/d/0", "/e"):
        assert slow.position(pointer) == fast.position(pointer)
        assert slow.span(pointer, 0, 1) == fast.span(pointer, 0, 1)
