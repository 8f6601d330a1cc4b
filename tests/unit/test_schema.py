"""JSON Schema validations: the exact node, in words, and the fast validator held equal to the reference."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.catalog.runtime import Schema
from aiconf.schema import violations

DOCUMENT = json.loads((Path(__file__).parents[2] / "rules/schemas/product.schema.json").read_text(encoding="utf-8"))
PRODUCT = Schema("schemas/product.schema.json", DOCUMENT)


def rows(instance, schema=PRODUCT):
    return [(row["pointer"], row["message"], row["hint"]) for row in violations(schema, instance)]


def test_a_document_of_the_right_shape_has_no_violation():
    assert rows({"metadata": {}, "spec": {"operator": [{"id": "robust_controller", "evidence": 3}]}}) == []


def test_an_unknown_key_is_reported_at_the_key_with_its_nearest_neighbour():
    found = rows({"spec": {"operator": [{"id": "x", "state": "Implemented"}]}})
    assert found == [
        (
            "/spec/operator/0/state",
            "spec.operator[0] has the unknown key state",
            "Did you mean status? A key that is not known is read by nothing",
        )
    ]


def test_a_wrong_type_is_named_in_words():
    assert rows({"spec": {"operator": {"id": "x"}}}) == [
        ("/spec/operator", "spec.operator is a mapping, not a list", "Write spec.operator as a list")
    ]


def test_a_missing_id_is_reported_at_its_entry():
    assert rows({"spec": {"a": [{"notes": "n"}]}}) == [("/spec/a/0", "spec.a[0] has no id", "Add id")]


def test_an_alternative_is_explained_by_its_nearest_branch():
    schema = Schema("s", {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"n": {"type": "integer"}}}]})
    assert rows({"n": "one"}, schema) == [("/n", "n is text, not a whole number", "Write n as a whole number")]


def test_a_pattern_cannot_hang_on_a_document():
    schema = Schema("s", {"type": "string", "pattern": "^(a+)+$"})
    assert violations(schema, "a" * 4000) == []


SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", "robust_controller"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["metadata", "spec", "id", "notes", "status", "operator", "state"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@given(SHAPES)
@settings(max_examples=150, deadline=None)
def test_the_fast_validator_agrees_with_the_reference(instance):
    assert violations(PRODUCT, instance) == violations(PRODUCT, instance, reference=True)


@pytest.mark.parametrize("instance", [None, [], "text", 3])
def test_a_document_that_is_no_mapping_is_one_violation(instance):
    assert [row["pointer"] for row in violations(PRODUCT, instance)] == [""]
