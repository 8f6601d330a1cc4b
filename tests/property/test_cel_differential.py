"""Three engines, one answer: ours, Google's C++ engine and cel-python, on generated and on tabled expressions."""

import json

import pytest
from cases import BINDINGS, CASES, same  # type: ignore[import-not-found]  # see conftest.py
from cel_expressions import documents, expressions  # type: ignore[import-not-found]
from cel_oracle import FAILS, REFUSED, has_nan, judge  # type: ignore[import-not-found]
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from aiconf.cel.check import Declarations, check, references
from aiconf.cel.compile import compile_node
from aiconf.cel.parse import parse
from aiconf.cel.reference import evaluate as evaluate_by_reference
from aiconf.errors import BudgetExceededError, CelError

# Where the C++ engine departs from the specification or from us, each for a reason of its own.
ORACLE_DEVIATIONS = {
    "1e400": "reads it as infinity",
    "9007199254740993 == 9007199254740992.0": "compares int and double as doubles; the specification compares numbers",
    "9223372036854775807 < 9223372036854775808.0": "the same",
    "{1: 'a', 1u: 'b'}": "keeps both keys, though they are equal",
    "{1: 'a', true: 'b', 2u: 'c'}": "ours cannot tell true from 1 as a key of one map, and says so",
    "{'a': 1}.transformMap(k, v, v + 1)": "does not know the macro",
    "{'a': 1, 'b': 2}.transformMap(k, v, v > 1, v)": "does not know the macro",
    "['a'].transformMap(i, v, v)": "does not know the macro",
    "[1, 2].existsOne(e, e > 1)": "knows the name for two variables only",
    "[1, 2].exists_one(i, v, v == 2)": "knows the name for one variable only",
    "x.big - x.big": "takes integers beyond int64 for unsigned ones",
    "type(x.big)": "the same",
    "string(x.big)": "the same",
    "int(true)": "takes bools, which the specification does not list",
    "startsWith('a', 'a')": "does not tell methods from functions when unchecked",
}

moderate = settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


def outcome(text, bindings):
    """Our value, or ``FAILS``."""
    try:
        return compile_node(parse(text)).evaluate(bindings)
    except BudgetExceededError:
        reject()
    except CelError:
        return FAILS


@moderate
@given(expressions(), documents)
def test_ours_and_the_cpp_engine_agree_on_generated_expressions(text, bindings):
    found = outcome(text, bindings)
    assume(not has_nan(found))
    verdict = judge(text, bindings, found)
    assume(verdict is not REFUSED)
    assert verdict is True, found


@moderate
@given(expressions(optionals=False), documents)
def test_ours_and_the_reference_agree_on_generated_expressions(text, bindings):
    found = outcome(text, bindings)
    try:
        reference = evaluate_by_reference(text, bindings)
    except BudgetExceededError:
        reject()
    except CelError as error:
        assume("does not support" not in error.message)
        reference = FAILS
    assert same(found, reference), (found, reference)


@moderate
@given(expressions())
def test_a_generated_expression_passes_the_check_and_survives_json(text):
    node = parse(text)
    compile_node(json.loads(json.dumps(node)))
    assert {path.split(".")[0] for path in references(node)} <= {"x", "y"}
    try:
        check(node, Declarations(frozenset({"x", "y"})))
    except CelError as error:  # a type slipped in on purpose
        assert "takes" in error.message  # noqa: PT017
        assert error.line == 1  # noqa: PT017


@moderate
@given(st.text(max_size=60) | st.text(alphabet="xy.?[](){}!-+&|'\"\\:,e1 \n", max_size=60))
def test_any_text_is_parsed_or_refused_with_a_place(text):
    try:
        parse(text)
    except CelError as error:
        assert error.line >= 1  # noqa: PT017
        assert error.column >= 1  # noqa: PT017
    else:
        outcome(text, {"x": [1], "y": {"e": "e"}})  # raises nothing but CelError, which it turns into FAILS


@pytest.mark.parametrize(("text", "value", "error"), [case for case in CASES if case[0] not in ORACLE_DEVIATIONS])
def test_the_cpp_engine_confirms_our_table_of_cases(text, value, error):
    assert judge(text, BINDINGS, FAILS if error else value) in (True, REFUSED)
