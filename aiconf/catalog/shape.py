"""Holds a file against the models of the format and says in words, at the right place, what does not fit."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from aiconf.catalog import models
from aiconf.errors import CatalogError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pydantic_core import ErrorDetails

    from aiconf.source import Source

Model = TypeVar("Model", bound=BaseModel)
Location = tuple[int | str, ...]

# A file with thousands of mistakes is told of the first ones; finding near keys for all would take minutes.
MAX_PROBLEMS = 50

_WORDS = {
    "missing": "is missing",
    "string_type": "must be text; put it in quotes",
    "list_type": "must be a list",
    "dict_type": "must be a mapping",
    "model_type": "must be a mapping",
    "model_attributes_type": "must be a mapping",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "string_too_long": "is longer than {max_length} characters",
    "too_long": "has more than {max_length} entries",
    "enum": "must be {expected}",
    "literal_error": "must be {expected}",
    "value_error": "{error}",
}
_PATTERNS = {
    models.NAME: "must be in snake_case, such as field_missing",
    models.FULL_ID: "must be <file id>/<name>, such as metadata/field_missing",
    models.SENTENCE: "must end in a full stop",
    models.URL: "must be an http or https URL",
    models.KIND: "must be Kind.group, such as Workload.kueue.x-k8s.io, or Kind for the core group",
    models.POINTER: "must be a JSON Pointer, such as /metadata/vendorName",
    models.CASE: "must be a folder vX.Y/<case>",
    models.RELATIVE_PATH: "must be a relative path with forward slashes",
    models.SCHEMA_FILE: "must be the relative path of a .json file",
    models.FIXTURE: "must be the name of a fixture, without its ending",
}


class Problems:
    """Collects what is wrong with one file."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.found: list[CatalogError] = []

    def add(self, location: Location, message: str, *, at_key: bool = False) -> None:
        """Report a node, named by its keys and indices."""
        pointer = pointer_of(location)
        position = self.source.key_position(pointer) if at_key else self.source.position(pointer)
        self.add_at(location, message, position.line, position.column)

    def add_at(self, location: Location, message: str, line: int, column: int) -> None:
        """Report a place inside a node."""
        name = _name_of(location)
        self.found.append(CatalogError(f"{name}: {message}" if name else message, self.source.path, line, column))


def pointer_of(location: Location) -> str:
    """The JSON Pointer of a node."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def read_syntax(problems: Problems) -> Mapping[str, Any] | None:
    """The mapping a file holds, None when its YAML leaves none; every problem of it is reported."""
    for problem in problems.source.problems:
        # Hints about the shape are made for submissions.
        hint = f" {problem.hint}" if problem.hint and problem.kind != "wrong_shape" else ""
        problems.add_at((), f"{problem.message}{hint}", problem.line, problem.column)
    return problems.source.data or (None if problems.found else {})


def read_shape(model: type[Model], data: Mapping[str, Any], problems: Problems) -> Model | None:
    """The file as its model, None when it does not fit.

    Unknown keys alone do not end the reading: they are reported, dropped, and the rest is read.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        for detail in details[:MAX_PROBLEMS]:
            _report(model, detail, problems)
        unknown = [detail["loc"] for detail in details if detail["type"] == "extra_forbidden"]
        if len(unknown) < len(details):
            return None
        return model.model_validate(_without(data, unknown))


def _report(model: type[BaseModel], detail: ErrorDetails, problems: Problems) -> None:
    # For a mapping's own key pydantic appends this word to the path.
    location = tuple(part for part in detail["loc"] if part != "[key]")
    if detail["type"] == "extra_forbidden":
        near = get_close_matches(str(location[-1])[:80], _keys_at(model, location[:-1]), n=1)
        hint = f"; did you mean '{near[0]}'?" if near else f"; known are {', '.join(_keys_at(model, location[:-1]))}"
        problems.add(location, f"unknown key{hint}", at_key=True)
        return
    context = detail.get("ctx", {})
    words = _PATTERNS.get(context.get("pattern", "")) or _WORDS.get(detail["type"])
    problems.add(location, words.format_map(context) if words else detail["msg"], at_key=location != detail["loc"])


def _keys_at(model: type[BaseModel], location: Location) -> list[str]:
    """The keys that the format knows at a place."""
    for part in location:
        if isinstance(part, str):
            model = next(_models_in(_field(model, part)), model)
    return [field.alias or name for name, field in model.model_fields.items()]


def _field(model: type[BaseModel], key: str) -> Any:
    return next(field.annotation for name, field in model.model_fields.items() if key in (name, field.alias))


def _models_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _without(data: Any, locations: Sequence[Location]) -> Any:
    """A copy of the data without the named keys."""
    heads: dict[int | str, list[Location]] = {}
    for location in locations:
        heads.setdefault(location[0], []).append(location[1:])
    gone = {head for head, tails in heads.items() if () in tails}
    if isinstance(data, dict):
        return {
            key: _without(value, heads[key]) if key in heads else value
            for key, value in data.items()
            if key not in gone
        }
    return [_without(value, heads[index]) if index in heads else value for index, value in enumerate(data)]


def _name_of(location: Location) -> str:
    """A node as people write it: ``validations[2].message``."""
    text = ""
    for part in location:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else str(part)
    return text[:200]
