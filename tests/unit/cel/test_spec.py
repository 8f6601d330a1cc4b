"""The default engine against the table of specification cases."""

import json

import pytest
from cases import BINDINGS, CASES, same  # type: ignore[import-not-found]  # see conftest.py

from aiconf.cel.compile import compile_node
from aiconf.cel.functions import FUNCTIONS
from aiconf.cel.parse import parse
from aiconf.errors import CelError


@pytest.mark.parametrize(("text", "value", "error"), CASES)
def test_an_expression_has_the_value_the_specification_gives_it(text, value, error):
    if error is not None:
        with pytest.raises(CelError) as caught:
            compile_node(parse(text)).evaluate(BINDINGS)
        assert error in caught.value.message
        assert (caught.value.line, caught.value.column) >= (1, 1)
        return
    found = compile_node(parse(text)).evaluate(BINDINGS)
    assert same(found, value), found


@pytest.mark.parametrize(("text", "value"), [case[:2] for case in CASES if case[2] is None])
def test_a_tree_read_back_from_json_gives_the_same_value(text, value):
    node = json.loads(json.dumps(parse(text)))
    assert same(compile_node(node).evaluate(BINDINGS), value)


def test_there_are_cases_for_every_function_of_the_table():
    texts = " ".join(case[0] for case in CASES)
    missing = [name for name, row in FUNCTIONS.items() if not row.own and f"{name}(" not in texts]
    assert missing == []
