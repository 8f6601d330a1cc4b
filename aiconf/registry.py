"""A checkout of the programme's repository: its checklists and its entries.

Without one, the catalog's built-in facts (``rules/checklists.yaml``) stand in. A checkout wins over them, so that a
checklist which is newer than this release works as soon as it is there.
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError
from aiconf.source import MAX_BYTES, load_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_CHECKLIST_FILE = re.compile(r"AIConformance-(\d+\.\d+)\.ya?ml\Z")
_VERSION_FOLDER = re.compile(r"v\d+\.\d+\Z")


def description_digest(text: str) -> str:
    """SHA-256 of a description with runs of white space folded: the catalog knows upstream's texts in this form."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "surrogatepass")).hexdigest()


class ChecklistEntry(NamedTuple):
    """One requirement of a checklist.

    Attributes:
        id: Its id in snake_case.
        category: The key under ``spec`` it belongs to.
        level: ``MUST`` or ``SHOULD``.
        digest: See `description_digest`.
        text: The description itself, None when only the digest is known.
    """

    id: str
    category: str
    level: str
    digest: str
    text: str | None = None

    def compare(self, description: str) -> str:
        """How a submission's description differs from upstream's: same, whitespace or different."""
        if description_digest(description) != self.digest:
            return "different"
        # Every checklist known by digest alone has single-spaced descriptions, so folding tells the two apart.
        upstream = " ".join(description.split()) if self.text is None else self.text
        return "same" if description == upstream else "whitespace"


class Checklist(NamedTuple):
    """The requirements of one Kubernetes minor version.

    Attributes:
        version: ``v1.37``.
        entries: In the file's order.
        released: The day that Kubernetes minor was released (ISO date), None when unknown.
    """

    version: str
    entries: tuple[ChecklistEntry, ...]
    released: str | None = None


class Registry:
    """A checkout of cncf/k8s-ai-conformance, or a folder of the same shape."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def _checklist_files(self) -> dict[str, Path]:
        found = {}
        for path in sorted((self.root / "docs").iterdir()):
            if match := _CHECKLIST_FILE.match(path.name):
                found["v" + match[1]] = path
        return found

    @property
    def versions(self) -> list[str]:
        """The versions it has a checklist for, oldest first."""
        return sorted(self._checklist_files, key=version_key)

    def checklist(self, version: str) -> Checklist | None:
        """The checklist of a version, None when the registry has none.

        Raises:
            InputError: The file is there but holds no checklist.
        """
        path = self._checklist_files.get(version)
        if path is None:
            return None
        source = load_source(path)
        entries = tuple(_read_entries(source.data))
        if not entries:
            detail = f": line {source.problems[0].line}: {source.problems[0].message}" if source.problems else ""
            raise InputError(f"{path} holds no checklist{detail}")
        return Checklist(version, entries)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the versions and bytes of its checklists, in hexadecimal; an unreadable one counts as empty."""
        digest = hashlib.sha256()
        for version, path in self._checklist_files.items():
            digest.update(f"{version} {hashlib.sha256(_bytes_of(path)).hexdigest()}\n".encode())
        return digest.hexdigest()

    def products(self, version: str) -> list[str]:
        """The product folders that have a submission under ``version``, sorted."""
        folder = self.root / version
        if not folder.is_dir():
            return []
        return sorted(item.name for item in folder.iterdir() if (item / "PRODUCT.yaml").is_file())


def _bytes_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES)
    except OSError:
        return b""


def _read_entries(data: Any) -> Iterable[ChecklistEntry]:
    spec = data.get("spec") if isinstance(data, dict) else None
    for category, items in spec.items() if isinstance(spec, dict) else ():
        for item in items if isinstance(items, list) else ():
            if not isinstance(item, dict) or not isinstance(item.get("id"), str):
                continue
            text = item.get("description")
            text = text if isinstance(text, str) else ""
            yield ChecklistEntry(item["id"], category, str(item.get("level")), description_digest(text), text)


def find_registry(start: Path) -> Registry | None:
    """The nearest folder at or above ``start`` that holds ``docs/AIConformance-*.yaml``."""
    for folder in (start, *start.parents):
        if is_registry(folder):
            return Registry(folder)
    return None


def is_registry(folder: Path) -> bool:
    """Whether a folder holds the programme's checklists."""
    docs = folder / "docs"
    try:
        return docs.is_dir() and any(_CHECKLIST_FILE.match(path.name) for path in docs.iterdir())
    except OSError:  # a folder above that may not be read is not a registry
        return False


def is_version_folder(folder: Path) -> bool:
    """Whether a folder is one of a registry's ``vX.Y``."""
    return bool(_VERSION_FOLDER.match(folder.name))


def version_key(version: str) -> tuple[int, ...]:
    """Sorts ``v1.9`` before ``v1.10``."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def built_in_checklist(facts: Mapping[str, Any], version: str) -> Checklist | None:
    """The checklist of a version from the catalog's ``checklists`` data, None when it has none."""
    found = facts["versions"].get(version)
    if found is None:
        return None
    entries = tuple(
        ChecklistEntry(row["id"], row["category"], row["level"], row["description"]) for row in found["requirements"]
    )
    return Checklist(version, entries, found["released"])


def checklist_for(version: str | None, registry: Registry | None, facts: Mapping[str, Any]) -> Checklist | None:
    """The checklist a submission is held against: the registry's, else the built-in one, else None."""
    if version is None:
        return None
    built_in = built_in_checklist(facts, version)
    found = registry.checklist(version) if registry else None
    if found is None:
        return built_in
    return Checklist(version, found.entries, built_in.released if built_in else None)
