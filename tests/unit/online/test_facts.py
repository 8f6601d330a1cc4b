"""The facts that rules see."""

import pytest

from aiconf.online.facts import is_facts, opened_page


def stored(**changes):
    return {key: value for key, value in {**opened_page("https://a.example/"), **changes}.items() if key != "purposes"}


def test_the_facts_that_examples_start_from_are_facts():
    assert is_facts(stored())


@pytest.mark.parametrize(
    "changes", [{"state": "fine"}, {"status": "200"}, {"is_svg": 1}, {"more": 1}, {"line_anchor": []}]
)
def test_what_has_other_keys_types_or_words_is_not(changes):
    assert not is_facts(stored(**changes))


@pytest.mark.parametrize("value", [None, [], "x", {}])
def test_what_is_no_mapping_of_facts_is_not(value):
    assert not is_facts(value)
