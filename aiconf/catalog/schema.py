"""JSON Schemas of the file format, for editors: generated from the models, committed, and checked for staleness.

python -m aiconf.catalog.schema --write | --check
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from aiconf.catalog.files import find_root
from aiconf.catalog.models import PolicyFile, RuleFile
from aiconf.catalog.report_models import ReportFile, SnapshotFile
from aiconf.catalog.submission_schema import submission_schema
from aiconf.catalog.user_models import ConfigFile, ExceptionsFile

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import core_schema

MODELS: dict[str, type[BaseModel]] = {
    "rule": RuleFile,
    "policy": PolicyFile,
    "config": ConfigFile,
    "exceptions": ExceptionsFile,
    "report": ReportFile,
    "snapshot": SnapshotFile,
}
# What programs write holds every key, null where there is nothing; what people write does not.
_BY_PROGRAMS = ("report", "snapshot")


class _Untitled(GenerateJsonSchema):
    """Without titles that repeat the key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


class _ForEditors(_Untitled):
    """Also without null, which no key of a file may hold."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        generated = super().default_schema(schema)
        if generated.get("default", ...) in (None, [], {}):
            del generated["default"]
        return generated


def schemas() -> dict[str, str]:
    """The text of each schema file, by its path relative to the catalog."""
    documents = {name: _document(model, name in _BY_PROGRAMS) for name, model in MODELS.items()}
    documents["submission"] = submission_schema(find_root())
    return {
        f"rules/schemas/{name}.schema.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for name, document in documents.items()
    }


def stale(root: Path) -> list[str]:
    """The schema files under ``root`` that are absent or not what the models give."""
    return [name for name, text in schemas().items() if not _holds(root / name, text)]


def write(root: Path) -> list[str]:
    """Write the stale ones and name them."""
    changed = stale(root)
    for name in changed:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(schemas()[name], encoding="utf-8")
    return changed


def _document(model: type[BaseModel], by_program: bool) -> dict[str, Any]:  # noqa: FBT001 - passed on by one caller
    generator = _Untitled if by_program else _ForEditors
    generated = model.model_json_schema(by_alias=True, schema_generator=generator)
    return {"$schema": generator.schema_dialect, **generated}


def _holds(path: Path, text: str) -> bool:
    return path.is_file() and path.read_text(encoding="utf-8") == text


def main(arguments: list[str]) -> int:
    """``--write`` writes stale schemas, ``--check`` fails on them; both name them."""
    if arguments not in (["--write"], ["--check"]):
        sys.stderr.write("usage: python -m aiconf.catalog.schema --write | --check\n")
        return 2
    names = write(find_root()) if arguments == ["--write"] else stale(find_root())
    sys.stdout.writelines(f"{name}\n" for name in names)
    return 1 if names and arguments == ["--check"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
