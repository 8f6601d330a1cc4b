"""The proof that a document satisfies a schema: never wrong, and enough for the schemas that are shipped."""

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.schema_proof import is_proven

ROOT = Path(__file__).parents[2]
PRODUCT = json.loads((ROOT / "rules/schemas/product.schema.json").read_text(encoding="utf-8"))
KEYS = st.sampled_from(["a", "b", "metadata", "spec", "id", "notes", "evidence"])
TYPE_NAMES = st.sampled_from(["object", "array", "string", "boolean", "null", "integer", "number"])

INSTANCES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.0, "", "x", "\U0001f600", "long"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=10,
)


def _schemas(inner):
    return st.fixed_dictionaries(
        {},
        optional={
            "type": TYPE_NAMES | st.lists(TYPE_NAMES, min_size=1, max_size=2, unique=True),
            "required": st.lists(KEYS, max_size=2, unique=True),
            "minLength": st.integers(0, 2),
            "maxLength": st.integers(0, 2),
            "properties": st.dictionaries(KEYS, inner, max_size=3),
            "patternProperties": st.fixed_dictionaries({"^[ab]": inner}),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": st.lists(inner, min_size=1, max_size=2),
            "not": inner,
            "enum": st.lists(st.sampled_from([None, True, 1, "x"]), min_size=1, unique_by=repr),
            "$ref": st.sampled_from(["#/$defs/a", "#/$defs/b"]),
            "title": st.just("t"),
        },
    )


SCHEMAS = st.recursive(st.booleans() | _schemas(st.booleans()), _schemas, max_leaves=6)
DEFINITIONS = st.fixed_dictionaries(
    {"a": st.booleans() | st.just({"type": "string"}), "b": st.just({"type": ["object", "null"], "required": ["a"]})}
)


@given(SCHEMAS.filter(lambda schema: isinstance(schema, dict)), DEFINITIONS, INSTANCES)
@settings(max_examples=400, deadline=None)
def test_what_is_proven_is_valid(schema, definitions, instance):
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$defs": definitions, **schema}
    if is_proven(document, instance):
        jsonschema.Draft202012Validator(document).validate(instance)


@given(INSTANCES)
@settings(max_examples=200, deadline=None)
def test_every_valid_document_of_the_product_schema_is_proven(instance):
    assert is_proven(PRODUCT, instance) == jsonschema.Draft202012Validator(PRODUCT).is_valid(instance)


@pytest.mark.parametrize(
    "schema",
    [
        {"pattern": ""},
        {"type": "integer"},
        {"$ref": "#"},
        {"$ref": "https://example.com/s"},
        {"$defs": {"a": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"},
        {"$schema": "http://json-schema.org/draft-04/schema#"},
        {"items": [{"type": "string"}]},
    ],
)
def test_what_it_does_not_know_is_not_proven(schema):
    assert not is_proven(schema, 1 if "items" not in schema else ["x"])
