"""Expressions that know where they stand."""

import pytest

from aiconf.catalog.expression import Expression, offset_of, place_of
from aiconf.catalog.expression_compiler import runs_of
from aiconf.cel.compile import Budget
from aiconf.cel.parse import parse
from aiconf.errors import BudgetExceededError, CelError
from aiconf.source import parse_source


def at(text: str, *runs: tuple[int, int, int]) -> Expression:
    return Expression(text, parse(text), "rules/a.yaml", runs or ((0, 3, 5),))


def test_an_expression_evaluates_over_plain_values():
    assert at("a.b + 1").evaluate({"a": {"b": 2}}) == 3


def test_the_reference_engine_gives_the_same_value():
    assert at("a.b + 1").evaluate({"a": {"b": 2}}, reference=True) == 3


def test_a_program_is_compiled_once():
    expression = at("1 + 1")
    assert expression.program is expression.program


def test_a_failure_names_file_line_and_column_of_the_failing_part():
    expression = at("true &&\n1 / a == 1", (0, 3, 5), (8, 4, 7))
    with pytest.raises(CelError, match=r"^rules/a\.yaml:4:9: "):
        expression.evaluate({"a": 0})


def test_the_kind_of_a_failure_survives():
    with pytest.raises(BudgetExceededError, match=r"^rules/a\.yaml:3:"):
        at("a.all(x, a.all(y, a.all(z, x + y + z >= 0)))").evaluate({"a": list(range(10_000))}, Budget(steps=1000))


@pytest.mark.parametrize(
    ("line", "column", "offset"), [(1, 1, 0), (1, 3, 2), (2, 1, 3), (3, 1, 6), (9, 9, 7), (1, 99, 7)]
)
def test_line_and_column_become_an_offset_clipped_to_the_text(line, column, offset):
    assert offset_of("ab\ncd\ne", line, column) == offset


def test_an_offset_becomes_the_place_of_its_run():
    runs = [(0, 1, 10), (4, 2, 3), (9, 4, 3)]
    assert [place_of(runs, offset) for offset in (0, 3, 4, 8, 9, 20)] == [
        (1, 10),
        (1, 13),
        (2, 3),
        (2, 7),
        (4, 3),
        (4, 14),
    ]


SCALARS = {
    "plain": "a: size(x) > 1\n",
    "plain over two lines": "a: size(x)\n  > 1 &&\n  true\n",
    "single quotes": "a: 'x == \"it''s\" && ok'\n",
    "double quotes": 'a: "x == \\"b\\" && \\u0041\\x42c"\n',
    "folded": "k: v\na: >-\n    one\n    two three\n\n    four\n",
    "literal": "a: |\n  one\n   two\n\n  three\n",
    "flow": "a: {b: [x, 'y z']}\n",
}


@pytest.mark.parametrize("text", SCALARS.values(), ids=SCALARS.keys())
def test_runs_place_every_character_where_the_source_has_it(text):
    source = parse_source(text.encode(), "a.yaml")
    pointer = "/a/b/1" if "{b" in text else "/a"
    value = source.data["a"]["b"][1] if "{b" in text else source.data["a"]
    runs = runs_of(source, pointer, 0, len(value))
    lines = text.split("\n")
    for index, character in enumerate(value):
        line, column = place_of(runs, index)
        if character not in " \n" and "\\" not in text:
            assert lines[line - 1][column - 1] == character
    first = source.span(pointer, 0, 1)
    assert first is not None
    assert place_of(runs, 0) == (first.start.line, first.start.column)


def test_a_one_line_scalar_is_one_run():
    source = parse_source(b"a: size(x) > 1\n", "a.yaml")
    assert runs_of(source, "/a", 0, 11) == [[0, 1, 4]]
