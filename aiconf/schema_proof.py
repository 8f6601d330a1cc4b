"""A proof that a document satisfies a JSON Schema, for the common keywords, without importing a validator.

Loading a validator takes as long as linting two files, and most documents are of the right shape. What is not proven
here is for the validator to decide: an unknown keyword, a number, another dialect or too deep a nesting is never taken
for valid. Semantics: https://json-schema.org/draft/2020-12/json-schema-validation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DEPTH = 50  # also ends a $ref that leads back to itself
# Numbers are left out: whether 1.0 is an integer is a question for the validator.
_TYPES: dict[str, type] = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def is_proven(schema: Any, instance: object) -> bool:
    """Whether ``instance`` surely satisfies ``schema``; False says nothing.

    Args:
        schema: The whole document, of dialect 2020-12 when it names one.
        instance: Plain data; keys are strings.
    """
    return _Proof(schema).holds(schema, instance, _DEPTH)


class _Proof:
    def __init__(self, document: Any) -> None:
        self.document = document

    def holds(self, schema: Any, instance: Any, depth: int) -> bool:
        if isinstance(schema, bool):
            return schema
        if not depth or not isinstance(schema, dict):
            return False
        return all(key in _KEYWORDS and _KEYWORDS[key](self, schema, instance, depth - 1) for key in schema)

    def dialect(self, schema: Any, _instance: Any, _depth: int) -> bool:
        return bool(schema["$schema"] == _DIALECT)

    def annotation(self, _schema: Any, _instance: Any, _depth: int) -> bool:
        return True

    def type(self, schema: Any, instance: Any, _depth: int) -> bool:
        wanted = schema["type"]
        names = [wanted] if isinstance(wanted, str) else wanted
        return any(_TYPES.get(name) is type(instance) for name in names)

    def enum(self, schema: Any, instance: Any, _depth: int) -> bool:
        return isinstance(instance, str) and instance in schema["enum"]

    def required(self, schema: Any, instance: Any, _depth: int) -> bool:
        return not isinstance(instance, dict) or all(key in instance for key in schema["required"])

    def min_length(self, schema: Any, instance: Any, _depth: int) -> bool:
        return not isinstance(instance, str) or len(instance) >= schema["minLength"]

    def max_length(self, schema: Any, instance: Any, _depth: int) -> bool:
        return not isinstance(instance, str) or len(instance) <= schema["maxLength"]

    def properties(self, schema: Any, instance: Any, depth: int) -> bool:
        known = schema["properties"]
        return not isinstance(instance, dict) or all(
            self.holds(known[key], value, depth) for key, value in instance.items() if key in known
        )

    def additional_properties(self, schema: Any, instance: Any, depth: int) -> bool:
        known, other = schema.get("properties", ()), schema["additionalProperties"]
        return not isinstance(instance, dict) or all(
            self.holds(other, value, depth) for key, value in instance.items() if key not in known
        )

    def items(self, schema: Any, instance: Any, depth: int) -> bool:
        return not isinstance(instance, list) or all(self.holds(schema["items"], item, depth) for item in instance)

    def reference(self, schema: Any, instance: Any, depth: int) -> bool:
        prefix, _, name = schema["$ref"].rpartition("/")
        # A definition of the document itself; escapes, anchors and other documents are for the validator.
        known = self.document.get("$defs", {}) if prefix == "#/$defs" and isinstance(self.document, dict) else {}
        return name in known and self.holds(known[name], instance, depth)


_KEYWORDS: dict[str, Callable[[_Proof, Any, Any, int], bool]] = {
    "$schema": _Proof.dialect,
    "$comment": _Proof.annotation,
    "$defs": _Proof.annotation,
    "title": _Proof.annotation,
    "description": _Proof.annotation,
    "default": _Proof.annotation,
    "type": _Proof.type,
    "enum": _Proof.enum,
    "required": _Proof.required,
    "minLength": _Proof.min_length,
    "maxLength": _Proof.max_length,
    "properties": _Proof.properties,
    "additionalProperties": _Proof.additional_properties,
    "items": _Proof.items,
    "$ref": _Proof.reference,
}
