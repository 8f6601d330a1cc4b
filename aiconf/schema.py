"""JSON Schema validations: a fast yes or no first, then what is wrong, at the exact node, in words.

Where `aiconf.schema_proof` cannot show that a document is valid, jsonschema-rs answers whether it is; only for one that
is not does the reference implementation, jsonschema, walk it for details. Importing either takes longer than linting a
file.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, cast

from aiconf.schema_proof import is_proven

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.catalog.runtime import Schema

_TYPE_NAMES = {
    "object": "a mapping",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
}


def violations(schema: Schema, instance: object, *, reference: bool = False) -> list[dict[str, Any]]:
    """What a document violates, sorted by place: rows of pointer, message, keyword, value and hint.

    Args:
        schema: The schema as the catalog carries it.
        instance: The document; its keys are strings.
        reference: Skip the fast answer.
    """
    if not reference and _is_valid(schema, instance):
        return []
    rows = [
        _row(error)
        for error in _leaves(_reference_validator(schema.name, _Held(schema.document)).iter_errors(instance))
    ]
    return sorted(rows, key=lambda row: (row["pointer"], row["keyword"], row["message"]))


def _is_valid(schema: Schema, instance: object) -> bool:
    if is_proven(schema.document, instance):
        return True
    return bool(_fast_validator(schema.name, _Held(schema.document)).is_valid(instance))


class _Held:
    """A schema document as part of a cache key: the same object is the same schema."""

    __slots__ = ("document",)

    def __init__(self, document: Any) -> None:
        self.document = document

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.document is self.document

    def __hash__(self) -> int:
        return id(self.document)


@cache
def _fast_validator(name: str, held: _Held) -> Any:  # noqa: ARG001 - the name only tells cache entries apart
    import jsonschema_rs  # noqa: PLC0415 - only when a schema is used

    # The linear regex engine: a pattern must not be able to hang on a document.
    return jsonschema_rs.validator_for(cast("Any", held.document), pattern_options=jsonschema_rs.RegexOptions())


@cache
def _reference_validator(name: str, held: _Held) -> Any:  # noqa: ARG001 - the name only tells cache entries apart
    from jsonschema import validators  # noqa: PLC0415 - a slow import, and a valid document needs none of it

    return validators.validator_for(held.document)(held.document)


def _leaves(errors: Any) -> Iterator[Any]:
    """Errors without the ones that only say that no branch fitted: the nearest branch's own errors stand for those."""
    for error in errors:
        if error.validator in ("anyOf", "oneOf") and error.context:
            yield from _leaves(_nearest_branch(error.context))
        else:
            yield error


def _nearest_branch(context: list[Any]) -> list[Any]:
    """The branch whose errors lie deepest, and of those the one with fewest: what the writer most likely meant."""
    branches: dict[Any, list[Any]] = {}
    for error in context:
        branches.setdefault(error.relative_schema_path[0], []).append(error)
    return min(branches.values(), key=lambda found: (-max(len(error.path) for error in found), len(found)))


def _row(error: Any) -> dict[str, Any]:
    path = [str(part) for part in error.absolute_path]
    message, hint, extra = _describe(error)
    return {
        "pointer": "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in path + extra),
        "message": message,
        "keyword": error.validator,
        "value": error.instance,
        "hint": hint,
    }


def _describe(error: Any) -> tuple[str, str, list[str]]:
    """Message, hint, and what to add to the path so that it names the offending node itself."""
    where = _where(error.absolute_path)
    if error.validator == "additionalProperties":
        return _unknown_key(error, where)
    if error.validator == "required":
        missing = next(key for key in error.validator_value if key not in error.instance)
        return f"{where} has no {missing}", f"Add {missing}", []
    if error.validator == "type":
        wanted = _or(error.validator_value)
        return f"{where} is {_kind(error.instance)}, not {wanted}", f"Write {where} as {wanted}", []
    if error.validator in ("enum", "const"):
        words = error.validator_value if error.validator == "enum" else [error.validator_value]
        shown = ", ".join(map(str, words))
        return f"{where} is {str(error.instance)[:80]}, not one of {shown}", f"Write one of {shown}", []
    if error.validator == "minLength":
        return f"{where} is empty", f"Give {where} a value", []
    return f"{where}: {str(error.message)[:200]}", "Follow the programme's template", []


def _unknown_key(error: Any, where: str) -> tuple[str, str, list[str]]:
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    known = list(error.schema.get("properties", ()))
    # One error stands for all unknown keys of a mapping; the first by name is reported, whatever the document's order.
    unknown = sorted(key for key in error.instance if key not in known)
    near = get_close_matches(unknown[0], known, 1)
    shown = ", ".join(unknown)
    hint = (
        f"Did you mean {near[0]}? A key that is not known is read by nothing"
        if near
        else f"Remove {shown}, which nothing reads"
    )
    return f"{where} has the unknown key {shown}", hint, [unknown[0]]


def _where(path: Any) -> str:
    """A node in words: ``spec.networking[0].notes``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text or "The document"


def _or(types: Any) -> str:
    names = [_TYPE_NAMES[name] for name in ([types] if isinstance(types, str) else types)]
    return " or ".join(names)


def _kind(value: object) -> str:
    names: dict[type, str] = {
        dict: "a mapping",
        list: "a list",
        str: "text",
        bool: "true or false",
        type(None): "empty",
    }
    return names.get(type(value), "a number")
