"""The notation of fields."""

import pytest

from aiconf.errors import CatalogError
from aiconf.snapshot.fields import parse_fields


def test_a_path_becomes_a_tree_with_the_type_at_its_end():
    assert parse_fields(["a.b[].c int", "a.b[].d", "a.e.* any"], {}) == {
        "a": {"b": {"[]": {"c": "int", "d": "str"}}, "e": {"*": "any"}}
    }


def test_braces_stand_for_one_path_each():
    assert parse_fields(["{a,b}.{c,d} bool"], {}) == {"a": {"c": "bool", "d": "bool"}, "b": {"c": "bool", "d": "bool"}}


def test_sets_stand_for_their_fields_below_the_path_before_them():
    sets = {"inner": ["x", "<deeper>"], "deeper": ["y[].z int"]}
    assert parse_fields(["a.<inner>", "<deeper>"], sets) == {
        "a": {"x": "str", "y": {"[]": {"z": "int"}}},
        "y": {"[]": {"z": "int"}},
    }


def test_a_list_may_be_the_root():
    assert parse_fields(["[].name"], {}) == {"[]": {"name": "str"}}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a number"], "no type"),
        (["a..b"], "no name of a field"),
        (["a.b-c"], "no name of a field"),
        (["a.b", "a any"], "contradicts"),
        (["a any", "a.b"], "kept whole"),
        (["a int", "a str"], "contradicts"),
        (["a[].b", "a.c"], "list or map here and an object elsewhere"),
        (["a.b", "a.*.c"], "list or map here and an object elsewhere"),
        (["<nowhere>"], "no set"),
    ],
)
def test_what_makes_no_sense_is_refused(lines, message):
    with pytest.raises(CatalogError, match=message):
        parse_fields(lines, {})
