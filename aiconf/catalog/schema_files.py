"""The JSON Schemas that validations name: read, checked, and kept for the compiled form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.catalog.shape import Problems
from aiconf.source import parse_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from aiconf.catalog.shape import Location


class SchemaFiles:
    """The schema files of a catalog.

    Attributes:
        used: The documents that were asked for, by path relative to the catalog.
    """

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self._root, self._files = root, files
        self.used: dict[str, Any] = {}

    def use(self, name: str, location: Location, problems: Problems) -> None:
        """Load a schema that a validation names at ``location``; each is read once."""
        if name in self.used:
            return
        if name not in self._files:
            known = ", ".join(path.partition("/")[2] for path in self._files if path.endswith(".json"))
            problems.add(location, f"there is no file {name}" + (f"; known are {known}" if known else ""))
            return
        schema = Problems(parse_source(self._files[name], str(self._root / name)))
        self.used[name] = _checked(schema)
        problems.found += schema.found


def _checked(problems: Problems) -> Any:
    source = problems.source
    for problem in source.problems:
        problems.add_at((), problem.message, problem.line, problem.column)
    if source.problems:
        return None
    for location in _outward_references(source.data):
        # Following one would mean fetching what a rule author names, from wherever the tool runs.
        problems.add(location, "a reference must stay in the file and start with '#'")
    if not problems.found:
        _check_validity(source.data, problems)
    return source.data


def _check_validity(document: Any, problems: Problems) -> None:
    import jsonschema_rs  # noqa: PLC0415 - only when a schema is used

    try:
        # The engine's own options: a pattern that this regex engine refuses must be refused here.
        jsonschema_rs.validator_for(document, pattern_options=jsonschema_rs.RegexOptions())
    except jsonschema_rs.ValidationError as error:
        problems.add(tuple(error.instance_path), f"no valid JSON Schema: {error.message[:200]}")


def _outward_references(document: Any, location: Location = ()) -> Iterator[Location]:
    if isinstance(document, dict):
        for key in ("$ref", "$dynamicRef"):
            reference = document.get(key, "#")
            if isinstance(reference, str) and not reference.startswith("#"):
                yield (*location, key)
    items: Iterable[tuple[int | str, Any]] = ()
    if isinstance(document, dict | list):
        items = document.items() if isinstance(document, dict) else enumerate(document)
    for part, value in items:
        yield from _outward_references(value, (*location, part))
