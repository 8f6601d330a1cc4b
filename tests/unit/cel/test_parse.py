"""Text to tree: positions, messages, and texts that mean harm."""

import json
import subprocess
import sys
import time

import pytest

from aiconf.cel.lower import MAX_DEPTH
from aiconf.cel.parse import MAX_BRACKETS, MAX_TEXT, parse
from aiconf.errors import CelError


def failure(text):
    with pytest.raises(CelError) as caught:
        parse(text)
    return caught.value


def test_a_tree_is_plain_data_that_survives_json():
    text = "x.all(e, e.?a[?0] in [1, ?y] || has(e.b)) ? {'k': b'\\xff', ?'l': z} : cel.bind(q, 1.5, -q + size(x))"
    node = parse(text)
    again = json.loads(json.dumps(node))
    assert again == json.loads(json.dumps(parse(text)))
    _assert_exact_types(node)


def _assert_exact_types(value):
    """No lark token, which is a kind of str, may hide in the tree: it would drag the whole text along."""
    assert type(value) in (tuple, list, str, int, float, bool, type(None)), type(value)
    if isinstance(value, tuple | list):
        for item in value:
            _assert_exact_types(item)


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("a", "name", (1, 1)),
        ("  a", "name", (1, 3)),
        ("a +\n  b", "binary", (1, 3)),
        ("a\n  in b", "binary", (2, 3)),
        ("a.b\n .c", "select", (2, 3)),
        ("a.f(1)", "method", (1, 3)),
        ("f(1)", "call", (1, 1)),
        ("a[1]", "index", (1, 3)),
        ("é == 'x'", None, None),
        ("'é' == x", "binary", (1, 5)),
        ("a && b", "and", (1, 1)),
        ("[1]", "list", (1, 1)),
        (" []", "list", (1, 2)),
        ("{}", "map", (1, 1)),
        ("x.all(e, e)", "comprehension", (1, 3)),
    ],
)
def test_a_node_knows_its_place(text, kind, place):
    if kind is None:
        assert (failure(text).line, failure(text).column) == (1, 1)
        return
    node = parse(text)
    assert (node[0], (node[1], node[2])) == (kind, place)


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("", "the expression ends too early", (1, 1)),
        ("1 +\n", "the expression ends too early", (2, 1)),
        ("a b", "unexpected 'b'", (1, 3)),
        ("(a\n))", "unexpected ')'", (2, 2)),
        ("a == 'b", "this string has no end", (1, 6)),
        ("a\n== #", "unexpected character '#'", (2, 4)),
        ("'a\\qb'", "unknown escape '\\\\q'", (1, 3)),
        ("'''a\n\\q'''", "unknown escape '\\\\q'", (2, 1)),
        ("for", "'for' is a reserved word", (1, 1)),
        ("has(a)", "has() takes one field selection", (1, 1)),
        ("x.map(1, 2)", "the variable of map() must be a simple name", (1, 7)),
        ("x.exists(e)", "exists() takes 2 or 3 arguments, not 1", (1, 3)),
        ("x.filter(e)", "filter() takes 2 arguments, not 1", (1, 3)),
        ("99999999999999999999", "the integer is out of range", (1, 1)),
        ("a{b: 1}", "message construction", (1, 1)),
    ],
)
def test_a_bad_text_is_told_with_its_place(text, message, place):
    error = failure(text)
    assert message in error.message
    assert (error.line, error.column) == place


def test_operators_bind_as_the_specification_says():
    def shape(node):
        if node[0] == "binary":
            return f"({shape(node[4])}{node[3]}{shape(node[5])})"
        if node[0] in ("and", "or"):
            return "(" + {"and": "&&", "or": "||"}[node[0]].join(map(shape, node[3])) + ")"
        if node[0] == "if":
            return f"({shape(node[3])}?{shape(node[4])}:{shape(node[5])})"
        return node[3] if node[0] == "name" else node[3] + shape(node[4])

    assert shape(parse("a || b && c == d + e * -f")) == "(a||(b&&(c==(d+(e*-f)))))"
    assert shape(parse("a - b - c")) == "((a-b)-c)"
    assert shape(parse("a && b && c || d")) == "((a&&b&&c)||d)"
    assert shape(parse("a ? b : c ? d : e")) == "(a?b:(c?d:e))"
    assert shape(parse("a < b in c")) == "((a<b)inc)"


def test_chains_of_logical_operators_are_no_depth():
    node = parse(" || ".join(["a"] * 1_000))
    assert len(node[3]) == 1_000


HOSTILE = {
    "parentheses": "(" * 10_000 + "1" + ")" * 10_000,
    "open parentheses": "(" * 10_000,
    "open parentheses in a string": "'" + "(" * 10_000 + "' + " + "(" * (MAX_BRACKETS + 1),
    "sum": "1" + "+1" * 5_000,
    "negations": "!" * 10_000 + "x",
    "minuses": "-" * 10_000 + "x",
    "ternaries": "x ? 1 : " * 1_500 + "2",
    "selections": "a" + ".a" * 5_000,
    "indices": "a" + "[0]" * 5_000,
    "unclosed string": "'" + "a" * 100_000,
    "unclosed string that fits": "'" + "a" * (MAX_TEXT - 1),
    "unclosed escapes": "'" + "\\\\" * (MAX_TEXT // 2 - 1) + "x",
    "unclosed long string": '"""' + '\\"' * (MAX_TEXT // 2 - 2),
    "quotes": "'" * MAX_TEXT,
    "a megabyte": "x" * 1_000_000,
    "a megabyte of spaces": " " * 1_000_000,
    "a list that never ends": "[" + "1," * (MAX_TEXT // 2 - 1),
    "comments": "//" + "x" * (MAX_TEXT - 2),
    "operators": "+" * MAX_TEXT,
    "control characters": "\x00" * MAX_TEXT,
    "surrogates": "\ud800" * MAX_TEXT,
    "macros": "x.map(e, " * 200 + "e" + ")" * 200,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_ends_in_a_clear_error_within_two_seconds(text):
    start = time.process_time()
    error = failure(text)
    assert time.process_time() - start < 2
    assert error.line >= 1
    assert len(error.message) < 200


def test_the_deepest_and_longest_allowed_texts_are_parsed():
    assert parse("[" * MAX_BRACKETS + "]" * MAX_BRACKETS)[0] == "list"
    assert parse("!" * MAX_DEPTH + "x")[0] == "unary"
    assert parse("'" + "a" * (MAX_TEXT - 2) + "'")[0] == "literal"
    start = time.process_time()
    assert len(parse("[" + ",".join("1" for _ in range(MAX_TEXT // 2 - 2)) + "]")[3]) > 8_000
    assert time.process_time() - start < 4


def test_brackets_in_strings_and_comments_do_not_count():
    brackets = "(" * 500
    for text in (f"'{brackets}'", f'"{brackets}"', f"'''{brackets}'''", f"r'{brackets}'", f"1 // {brackets}"):
        assert parse(text)[0] == "literal"


def test_evaluating_a_lowered_tree_needs_no_cel_library():
    code = (
        "import sys, aiconf.cel.compile as c, aiconf.cel.check as k; n = ['call', 1, 1, 'size', [['name', 1, 1, 'x']]];"
        "k.check(n, k.Declarations(frozenset('x'))); print(c.compile_node(n).evaluate({'x': 'abc'}));"
        "print([m for m in ('celpy', 'lark', 're2', 'pendulum') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["3", "[]"]


def test_parsing_imports_lark_but_not_celpy():
    code = (
        "import sys; from aiconf.cel.parse import parse; parse('1');"
        "print(*(name in sys.modules for name in ('lark', 'celpy')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "False"]
