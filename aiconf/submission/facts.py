"""From a parsed ``PRODUCT.yaml`` to the facts that rules see (``docs/architecture.md``, section Facts).

Facts state what is there; whether that is right is for the rules to say. Every key is always present.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.cel.functions import minor_version
from aiconf.registry import version_key
from aiconf.submission.artifacts import artifact_rows
from aiconf.submission.evidence import EvidenceReader
from aiconf.submission.layers import NOT_LAYERED, UNSTATED
from aiconf.submission.placeholders import Placeholders
from aiconf.submission.told import Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import PurePath

    from aiconf.registry import Checklist, Registry
    from aiconf.source import Source
    from aiconf.submission.folder import ProductFolder
    from aiconf.submission.layers import LayerReader

_VERSION_FOLDER = re.compile(r"v\d+\.\d+\Z")


class Directory(NamedTuple):
    """Where a submission lies: upstream's layout is ``vX.Y/<product>/PRODUCT.yaml``.

    Attributes:
        version: ``v1.37``, None when no folder of the path is named so.
        product: The folder below it, None when the file lies right in it.
    """

    version: str | None
    product: str | None

    @classmethod
    def of(cls, path: PurePath | None) -> Directory:
        """Read the layout from a path; the folder nearest to the file wins."""
        parts = path.parts if path else ()
        for index in range(len(parts) - 2, -1, -1):
            if _VERSION_FOLDER.match(parts[index]):
                product = parts[index + 1] if index + 2 < len(parts) else None
                return cls(parts[index], product)
        return cls(None, None)


class Surroundings(NamedTuple):
    """What a submission is read together with.

    Attributes:
        data: The catalog's data files by name.
        directory: Where the submission lies.
        folder: The product folder on disk, for evidence files; its root is None when there is none.
        version: The Kubernetes minor it is judged by, None when unknown.
        version_given: The caller named the version, so the folder need not.
        checklist: That version's checklist, None when none is known.
        registry: The checkout found, None without one.
        members: The names vendorName is held against: ``{names, source, authoritative}``.
        online: Addresses to what the network says of them; empty offline.
        layers: Reads what a layered product says of its layers.
        told: What the caller says of them.
        references: The dotted paths that rules read; a costly fact that none of them reads stays empty. None for all.
    """

    data: Mapping[str, Any]
    directory: Directory
    folder: ProductFolder
    version: str | None
    version_given: bool
    checklist: Checklist | None
    registry: Registry | None
    members: Mapping[str, Any]
    online: Mapping[str, Mapping[str, Any]]
    layers: LayerReader
    told: Told = Told()
    references: frozenset[str] | None = None

    def wants(self, fact: str) -> bool:
        """Whether any rule may read a fact of the submission."""
        paths = self.references
        return (
            paths is None
            or "submission" in paths
            or any(f"{path}.".startswith(f"submission.{fact}.") for path in paths)
        )


def submission_facts(source: Source, around: Surroundings) -> dict[str, Any]:
    """The bindings for one submission: ``submission``, ``checklist``, ``registry`` and ``members``."""
    submission = _Reader(source, around).submission()
    around.layers.read(submission, source, around)
    return {
        "submission": submission,
        "checklist": checklist_facts(around),
        "registry": _registry_facts(around),
        "members": around.members,
    }


def checklist_facts(around: Surroundings) -> list[dict[str, Any]] | None:
    """The requirements of the version, None when no checklist is known for it."""
    if around.checklist is None:
        return None
    facts, autotests = around.data["checklists"], around.data["autotests"]
    recommended = version_key(around.checklist.version) >= version_key(autotests["recommended_from"])
    return [
        {
            "requirement": entry.id,
            "id": entry.id,
            "category": entry.category,
            "level": entry.level,
            "conditional": entry.id in facts["conditional"],
            "not_applicable_accepted": entry.id in facts["not_applicable_accepted"],
            "description": entry.text or None,
            "test": autotests["tests"].get(entry.id, ""),
            "artifact_recommended": recommended and entry.id in autotests["tests"],
        }
        for entry in around.checklist.entries
    ]


def _registry_facts(around: Surroundings) -> dict[str, Any]:
    known = set(around.data["checklists"]["versions"])
    registry = around.registry
    return {
        "found": registry is not None,
        "path": registry.root.as_posix() if registry else "",
        "versions": sorted(known.union(registry.versions if registry else ()), key=version_key),
    }


class _Reader:
    """Reads one submission's document, which may have any shape."""

    def __init__(self, source: Source, around: Surroundings) -> None:
        self.source = source
        self.around = around
        self.document = source.data
        self.placeholders = Placeholders(around.data["placeholders"])
        self.evidence = EvidenceReader(around.folder, self.placeholders, around.online)
        self.requirements = {row["id"]: row for row in checklist_facts(around) or ()}
        self.entries_known = {entry.id: entry for entry in around.checklist.entries} if around.checklist else {}
        self.first_pointer: dict[str, str] = {}

    def submission(self) -> dict[str, Any]:
        around, doubt = self.around, self.source.uncertain
        fields = list(self._fields())
        entries = list(self._entries())
        return {
            "path": self.source.path,
            "document": self.source.data,
            "problems": [self._problem(problem) for problem in self.source.problems],
            "doubtful_text": "\n".join(self.source.line_text(n) for a, b in doubt for n in range(a, b + 1)),
            "directory": {"version": around.directory.version, "product": around.directory.product},
            "version": around.version,
            "version_given": around.version_given,
            "released": around.checklist.released if around.checklist else None,
            "metadata": {field["name"]: field["value"] for field in fields if field["present"]},
            "metadata_shape": _shape(self.document, "metadata"),
            "spec_shape": _shape(self.document, "spec"),
            "fields": fields,
            "unknown_metadata": list(self._unknown_metadata()),
            "root_keys": list(self._root_keys()),
            "categories": list(self._categories()),
            "entries": entries,
            "placed": [f"{entry['category']}/{entry['id']}" for entry in entries],
            **NOT_LAYERED,
            "artifacts": artifact_rows(entries, around.folder, around.data["autotests"]),
        }

    def _problem(self, problem: Any) -> dict[str, Any]:
        return {
            "kind": problem.kind,
            # Whole sentences there, parts of a sentence in rules.
            "message": problem.message.rstrip("."),
            "hint": problem.hint.rstrip("."),
            "pointer": problem.pointer,
            "line": problem.line,
            "column": problem.column,
        }

    # --- metadata ---------------------------------------------------------------------------------------------------

    @property
    def _metadata(self) -> dict[str, Any]:
        found = self.document.get("metadata")
        return found if isinstance(found, dict) else {}

    def _fields(self) -> Iterator[dict[str, Any]]:
        """One row per field the programme knows, present or not; camelCase and snake_case keys are both read."""
        for field in self.around.data["fields"]["fields"]:
            name = field["name"]
            key = next((k for k in (name, snake_case(name)) if k in self._metadata), name)
            pointer, present = f"/metadata/{key}", key in self._metadata
            value = self._metadata.get(key)
            text = value.strip() if isinstance(value, str) else ""
            yield {
                **field,
                "key": key,
                "pointer": pointer,
                "present": present,
                "value": value,
                "type": self.source.scalar_type(pointer) if present else "absent",
                "written": self._written(pointer) if present and not isinstance(value, str) else text,
                "text": text,
                "snake_case": key != name,
                "placeholder": self.placeholders.find(text, "metadata"),
                "elsewhere": self._misplaced(name),
                "online": self.around.online.get(text),
            }

    def _written(self, pointer: str) -> str:
        """A value as it stands in the file: 2.10, of which YAML makes the number 2.1."""
        return self.source.written(pointer)

    def _misplaced(self, name: str) -> str:
        """The document root's key for a metadata field that was left there, "" when there is none."""
        return next((key for key in (name, snake_case(name)) if key in self.document), "")

    def _unknown_metadata(self) -> Iterator[dict[str, Any]]:
        names = self._field_names()
        for key in self._metadata:
            if key not in names:
                yield {"key": key, "pointer": f"/metadata/{escape(key)}"}

    def _field_names(self) -> dict[str, str]:
        """Every key that names a field, in either style, to the field's name."""
        names = [field["name"] for field in self.around.data["fields"]["fields"]]
        return {key: name for name in names for key in (name, snake_case(name))}

    def _root_keys(self) -> Iterator[dict[str, Any]]:
        names = self._field_names()
        for key in self.document:
            if key not in ("metadata", "spec"):
                yield {"key": key, "pointer": f"/{escape(key)}", "is_field": key in names, "name": names.get(key, "")}

    # --- spec -------------------------------------------------------------------------------------------------------

    @property
    def _spec(self) -> dict[str, Any]:
        found = self.document.get("spec")
        return found if isinstance(found, dict) else {}

    def _categories(self) -> Iterator[dict[str, Any]]:
        known = {row["category"] for row in self.requirements.values()}
        for name, items in self._spec.items():
            is_list = isinstance(items, list)
            yield {"name": name, "pointer": f"/spec/{escape(name)}", "is_list": is_list, "known": name in known}

    def _entries(self) -> Iterator[dict[str, Any]]:
        for category, items in self._spec.items():
            for index, item in enumerate(items if isinstance(items, list) else ()):
                if isinstance(item, dict):
                    yield self._entry(category, index, item)

    def _entry(self, category: str, index: int, item: dict[str, Any]) -> dict[str, Any]:
        pointer = f"/spec/{escape(category)}/{index}"
        entry_id = _text(item.get("id"))
        row = self.requirements.get(entry_id)
        notes = _text(item.get("notes"))
        evidence = self.evidence.read(
            item.get("evidence"), entry_id, f"{pointer}/evidence", absent="evidence" not in item
        )
        return {
            "requirement": entry_id,
            "id": entry_id,
            "category": category,
            "index": index,
            "pointer": pointer,
            "keys": list(item),
            "level": _text(item.get("level")),
            "status": _text(item.get("status")),
            "notes": notes,
            "description": _text(item.get("description")),
            "description_state": (state := self._description_state(entry_id, item)),
            "description_right": self._description_right(entry_id, state, item),
            "evidence": evidence["items"],
            "evidence_shape": evidence["shape"],
            "evidence_filled": evidence["filled"],
            "checklist": row if row and row["category"] == category else None,
            "belongs_to": row["category"] if row else "",
            "first": self.first_pointer.setdefault(entry_id, pointer),
            "history": self._history(entry_id) if row is None else [],
            "in_doubt": self._in_doubt(pointer),
            "attribution": UNSTATED,
        }

    def _description_state(self, entry_id: str, item: dict[str, Any]) -> str:
        """How the description stands to upstream's: same, whitespace, different, absent or unknown."""
        known = self.entries_known.get(entry_id)
        if known is None:
            return "unknown"
        description = item.get("description")
        if description is None or (isinstance(description, str) and not description.strip()):
            return "absent"
        return known.compare(description) if isinstance(description, str) else "different"

    def _description_right(self, entry_id: str, state: str, item: dict[str, Any]) -> str | None:
        """The description as the checklist has it, None where only its digest is known and the text is another."""
        known = self.entries_known.get(entry_id)
        if known is not None and known.text:
            return known.text
        # Every checklist known by digest alone has single-spaced descriptions.
        return " ".join(item["description"].split()) if state == "whitespace" else None

    def _history(self, entry_id: str) -> list[str]:
        """The versions whose checklist has this id, oldest first: an id may have left, or not have come yet."""
        versions = self.around.data["checklists"]["versions"]
        found = [v for v, facts in versions.items() if any(row["id"] == entry_id for row in facts["requirements"])]
        return sorted(found, key=version_key)

    def _in_doubt(self, pointer: str) -> bool:
        """Whether lines of this entry could not be understood, so that what seems absent may be in them."""
        if not self.source.uncertain:
            return False
        first = self.source.key_position(pointer).line
        head, _, index = pointer.rpartition("/")
        behind = self.source.key_position(f"{head}/{int(index) + 1}").line
        last = behind if behind > first else len(self.source.text.splitlines()) + 1
        return any(start <= last and end >= first for start, end in self.source.uncertain)


def minor_from(document: Any) -> str | None:
    """The Kubernetes minor a submission names itself, None when it names none that can be read."""
    metadata = document.get("metadata") if isinstance(document, dict) else None
    if not isinstance(metadata, dict):
        return None
    value = metadata.get("kubernetesVersion", metadata.get("kubernetes_version"))
    return minor_version(str(value)) or None


def snake_case(name: str) -> str:
    """``k8sConformanceUrl`` to ``k8s_conformance_url``, as the validator accepts it."""
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def escape(key: str) -> str:
    """A key as a JSON Pointer segment (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1")


def _text(value: Any) -> str:
    """A scalar's text; "" for null, lists and mappings, whose shape is another rule's business."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _shape(document: dict[str, Any], key: str) -> str:
    if key not in document:
        return "absent"
    value = document[key]
    names = {dict: "map", list: "list", type(None): "null"}
    return names.get(type(value), "scalar")
