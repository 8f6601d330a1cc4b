"""The JSON Schema of PRODUCT.yaml for editors: made of the tables of fields and checklists.

It completes and describes; what a submission is judged by are the rules, of which ``product.schema.json`` is a part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from aiconf.model import Level, Status

if TYPE_CHECKING:
    from pathlib import Path

Plain = dict[str, Any]

# What a value has to look like, by the `format` of rules/fields.yaml.
_FORMATS: dict[str, Plain] = {
    "text": {"type": "string", "minLength": 1},
    "version": {"type": "string", "pattern": r"^v1\.[0-9]+$"},
    "url": {"type": "string", "pattern": r"^https?://\S+$"},
    "email": {"type": "string", "pattern": r"^[^@\s]+@[^@\s]+\.[^@\s]+$"},
}
_KEYS: dict[str, Plain] = {
    "id": {"type": "string", "description": "The requirement's id in the programme's checklist.", "minLength": 1},
    "description": {"type": "string", "description": "The checklist's description, word for word."},
    "level": {"description": "The checklist's level, unchanged.", "enum": list(Level)},
    "status": {
        "description": "What the product does. A MUST is Implemented; N/A needs the reason in the notes.",
        "enum": list(Status),
    },
    "evidence": {
        "type": "array",
        "description": "Public addresses, and files in the product's folder, that show it. One for each item.",
        "items": {"type": "string", "minLength": 1},
    },
    "notes": {
        "type": "string",
        "description": "How the requirement is met, by which component, and what a reviewer has to know.",
    },
}


def submission_schema(root: Path) -> Plain:
    """The schema, from the tables under ``root``."""
    fields, checklists = _table(root, "fields"), _table(root, "checklists")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "PRODUCT.yaml of the Kubernetes AI Conformance programme",
        "type": "object",
        "required": ["metadata", "spec"],
        "additionalProperties": False,
        "properties": {"metadata": _metadata(fields), "spec": _spec(checklists["versions"])},
        "$defs": {
            "entries": {"type": "array", "items": {"$ref": "#/$defs/entry"}},
            "entry": {
                "type": "object",
                "required": ["id", "level", "status"],
                "properties": _KEYS,
                "additionalProperties": False,
            },
        },
    }


def _table(root: Path, name: str) -> Plain:
    table: Plain = yaml.safe_load((root / "rules" / f"{name}.yaml").read_text(encoding="utf-8"))
    return table


def _metadata(table: Plain) -> Plain:
    return {
        "type": "object",
        "description": "The product, its vendor and where to read about it.",
        "required": [field["name"] for field in table["fields"] if field["required"]],
        "properties": {
            field["name"]: {"description": table["about"][field["name"]], **_FORMATS[field["format"]]}
            for field in table["fields"]
        },
        "additionalProperties": False,
    }


def _spec(versions: Plain) -> Plain:
    """The categories of all checklists; another one may belong to a checklist that is not known here."""
    ids: dict[str, dict[str, list[str]]] = {}
    for version, checklist in versions.items():
        for row in checklist["requirements"]:
            ids.setdefault(row["category"], {}).setdefault(row["id"], []).append(version)
    return {
        "type": "object",
        "description": "The requirements of the checklist by category, each with what is claimed and why.",
        "properties": {category: _category(category, known) for category, known in ids.items()},
        "additionalProperties": {"$ref": "#/$defs/entries"},
    }


def _category(name: str, known: dict[str, list[str]]) -> Plain:
    # The open end keeps an id of a later checklist valid; editors offer the known ones.
    offered = [{"const": id_, "description": f"In the checklists of {', '.join(known[id_])}."} for id_ in sorted(known)]
    return {
        "type": "array",
        "description": f"The requirements of the category {name}.",
        "items": {
            "$ref": "#/$defs/entry",
            "properties": {
                "id": {
                    "description": _KEYS["id"]["description"],
                    "anyOf": [*offered, {"pattern": "^[a-z][a-z0-9_]*$"}],
                }
            },
        },
    }
