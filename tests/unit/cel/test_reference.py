"""The reference engine: where it agrees with the specification, where it does not, and what it refuses."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from cases import BINDINGS, CASES, same  # type: ignore[import-not-found]  # see conftest.py

from aiconf.cel.budget import Budget
from aiconf.cel.reference import compile_reference, evaluate
from aiconf.cel.reference.deviations import DEVIATIONS, FAILS
from aiconf.errors import BudgetExceededError, CelError

DEVIATING = {deviation.expression for deviation in DEVIATIONS}


UNSUPPORTED = "the engine says that it does not support this"


def outcome(text, bindings=BINDINGS):
    """The value, ``FAILS`` or ``UNSUPPORTED``."""
    try:
        return evaluate(text, bindings)
    except CelError as error:
        return UNSUPPORTED if "does not support" in error.message else FAILS


@pytest.mark.parametrize(("text", "value", "error"), [case for case in CASES if case[0] not in DEVIATING])
def test_it_follows_the_specification_or_says_that_it_cannot(text, value, error):
    found = outcome(text)
    assert found is UNSUPPORTED or same(found, FAILS if error else value), found


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.expression)
def test_each_listed_deviation_is_one(deviation):
    found = outcome(deviation.expression)
    assert same(found, deviation.reference), found
    assert not same(deviation.reference, deviation.specification)
    table = {text: (FAILS if error else value) for text, value, error in CASES}
    assert same(table[deviation.expression], deviation.specification)


@pytest.mark.parametrize(
    "text",
    ["x.?a", "x[?0]", "[?x]", "{?'a': x}", "[1].map(i, v, v)", "[1].map(e, true, e)", "cel.bind(a, 1, a)", "x.`a b`",
     "[1].transformMap(i, v, v)", "optional.of(1)", "[1].first()"],
)  # fmt: skip
def test_what_it_cannot_express_is_refused_with_a_place(text):
    with pytest.raises(CelError, match=r"does not support|takes") as caught:
        compile_reference(text)
    assert caught.value.line == 1


def test_only_what_is_read_is_converted():
    class Forbidden:
        """Nothing CEL knows: converting it would fail."""

    document = {"metadata": {"name": "x", "other": Forbidden()}, "rest": Forbidden()}
    assert evaluate("submission.metadata.name == 'x'", {"submission": document, "unused": Forbidden()}) is True
    with pytest.raises(CelError, match="no CEL value"):
        evaluate("size(submission)", {"submission": document})


def test_a_path_that_is_read_whole_elsewhere_is_whole():
    assert evaluate("size(a) + a.b.c", {"a": {"b": {"c": 1}, "d": 2}}) == 3
    assert evaluate("a.b.c + size(a.b)", {"a": {"b": {"c": 1, "d": 2}}}) == 3


def test_integers_beyond_64_bits_pass_as_data():
    assert evaluate("x.n > 1", {"x": {"n": 10**400}}) is True
    assert outcome("x.n + 1", {"x": {"n": 2**63}}) is FAILS


VALUES = [None, True, 1, 1.5, "a", b"a", [1, [None]], {"a": {"b": 1}}]


@pytest.mark.parametrize("value", [*VALUES, datetime(2024, 1, 1, tzinfo=UTC), timedelta(hours=-1)])
def test_values_come_back_as_they_went_in(value):
    assert same(evaluate("x", {"x": value}), value)


def test_an_error_never_holds_the_document():
    big = {"rows": ["secret" * 10] * 20_000}
    for text in ("x.rows.nothing", "x.nothing", "x.rows + 1", "nothing", "x.rows.nothing()"):
        with pytest.raises(CelError) as caught:
            evaluate(text, {"x": big})
        assert len(str(caught.value)) < 300


@pytest.mark.parametrize("text", ["x.all(a, x.all(b, x.all(c, a + b + c >= 0)))", "x.all(a, x.all(b, x.all(c, true)))"])
def test_loops_end_when_the_budget_does(text):
    program = compile_reference(text)
    with pytest.raises(BudgetExceededError, match="too many steps"):
        program.evaluate({"x": list(range(100))}, Budget(steps=500))


def test_deep_and_cyclic_data_are_refused():
    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    cyclic: list[object] = []
    cyclic.append(cyclic)
    for value in (deep, cyclic):
        with pytest.raises(BudgetExceededError):
            evaluate("x == 1", {"x": value})


def test_the_interpreter_leaves_the_recursion_limit_as_it_was():
    before = sys.getrecursionlimit()
    evaluate("1 + 1", {})
    assert sys.getrecursionlimit() == before


def test_nesting_that_cel_python_cannot_follow_is_a_budget_error():
    with pytest.raises(BudgetExceededError):
        evaluate("(" * 95 + "1" + ")" * 95 + " == [[[[1]]]]", {})
