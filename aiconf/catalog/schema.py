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
}


class _ForEditors(GenerateJsonSchema):
    """Without null, which no key of a file may hold, and without titles that repeat the key."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        generated = super().default_schema(schema)
        if generated.get("default", ...) in (None, [], {}):
            del generated["default"]
        return generated

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - pydantic's signature
        return False


def schemas() -> dict[str, str]:
    """The text of each schema file, by its path relative to the catalog."""
    return {f"rules/schemas/{name}.schema.json": _text(model) for name, model in MODELS.items()}


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


def _text(model: type[BaseModel]) -> str:
    generated = model.model_json_schema(by_alias=True, schema_generator=_ForEditors)
    return json.dumps({"$schema": _ForEditors.schema_dialect, **generated}, indent=2, ensure_ascii=False) + "\n"


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
