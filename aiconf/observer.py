"""From files of a cluster to what they show: reads a snapshot, finds its facts, and judges every requirement."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING, Any

from aiconf.cluster.facts import Facts
from aiconf.errors import InputError
from aiconf.judgement import Judgement, judge
from aiconf.model import InputRecord, Level, Proof, RequirementRow, Result
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import Loader

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from aiconf.catalog.runtime import Catalog, RuleFile
    from aiconf.registry import Checklist
    from aiconf.snapshot.format import Snapshot

_CHUNK = 1 << 20
STDIN = "<stdin>"


@dataclass(frozen=True)
class Observation:
    """A cluster as files show it.

    Attributes:
        path: What findings and rows call it: the first of the files.
        records: The files.
        facts: What expressions see; see ``docs/architecture.md``.
    """

    path: str
    records: tuple[InputRecord, ...]
    facts: Facts

    @cached_property
    def version(self) -> str | None:
        """The minor version of the API server, as ``v1.37``; None when unknown."""
        return self.facts.version()

    @property
    def index(self) -> Index:
        """Its objects."""
        return self.facts.index

    def facts_for(self, *files: RuleFile, lazy: bool = False) -> dict[str, Any]:
        """What the expressions of files see: only the facts that they name, and the objects of their kinds.

        Args:
            files: The files.
            lazy: Whether facts may be worked out while expressions are evaluated; see `Facts.roots`.
        """
        paths = frozenset(path for file in files for path in file.references)
        kinds = {kind for file in files for kind in file.kinds}
        objects = {kind: self.index.objects(kind) for kind in kinds if reads_objects(paths)}
        return {**self.facts.roots([*paths, "omissions"], lazy=lazy), "objects": objects}


def reads_objects(paths: Iterable[str]) -> bool:
    """Whether any of some paths leads into ``objects``: a policy names kinds that only facts read, too."""
    return any(path.partition(".")[0] == "objects" for path in paths)


def observe(paths: Sequence[Path], catalog: Catalog, standard_input: bytes | None = None) -> Observation:
    """Read a snapshot, or whatever else shows a cluster, and test results with it.

    Args:
        paths: Files, folders and archives; together they are one snapshot.
        catalog: What is kept of objects, and how components, distributions and accelerators are recognised.
        standard_input: What came on standard input, which is read before the files.

    Raises:
        InputError: Nothing can be read from a path, or it is damaged.
    """
    records: list[InputRecord] = []
    # Hashing releases the interpreter, so it costs nothing beside reading on a second core.
    hashing = Thread(target=lambda: records.extend(_records(paths)), daemon=True)
    hashing.start()
    loader = _loader(catalog)
    if standard_input is not None:
        loader.read_stream(BytesIO(standard_input), STDIN)
    for path in paths:
        loader.read(path)
    hashing.join()
    if len(records) < len(paths):
        raise InputError(f"{', '.join(map(str, paths))}: a file changed while it was read")
    if standard_input is not None:
        records.insert(0, InputRecord(STDIN, "snapshot", hashlib.sha256(standard_input).hexdigest()))
    return observation(loader.snapshot(), catalog, records[0].path, records)


def observation(snapshot: Snapshot, catalog: Catalog, path: str, records: Iterable[InputRecord] = ()) -> Observation:
    """A snapshot that has been read, with its facts."""
    return Observation(path, tuple(records), Facts(Index(snapshot), catalog.data))


def read_document(raw: bytes, catalog: Catalog, name: str) -> Observation:
    """A snapshot that is at hand as bytes.

    Raises:
        InputError: It is none.
    """
    loader = _loader(catalog)
    loader.read_stream(BytesIO(raw), name)
    return observation(loader.snapshot(), catalog, name)


def _loader(catalog: Catalog) -> Loader:
    return Loader(parse_collection(catalog.data["collection"]), catalog.data["results"])


def judge_all(
    seen: Observation,
    catalog: Catalog,
    checklist: Checklist | None,
    claims: Mapping[str, Mapping[str, Any]],
    *,
    reference: bool = False,
) -> list[tuple[RequirementRow, Judgement]]:
    """Every requirement of a version, in the checklist's order, with what the cluster shows of it.

    Args:
        seen: The cluster.
        catalog: The policies.
        checklist: What is required; None to judge by all policies.
        claims: The submission's entries by requirement, for policies that look at what is claimed.
        reference: Evaluate with the reference engine.
    """
    policies = {policy.id: policy for policy in catalog.policies}
    judged = []
    for id_, level in _required(checklist, policies):
        if id_ in policies:
            facts = {**seen.facts_for(policies[id_], lazy=not reference), "requirement": claims.get(id_)}
            judgement = judge(policies[id_], facts, seen.path, level, reference=reference)
        else:
            reason = "There is no policy for it yet."
            judgement = Judgement(id_, Result.INCONCLUSIVE, Proof.NONE, reasons=(reason,))
        judged.append((_row(seen.path, level, judgement), judgement))
    return judged


def _required(checklist: Checklist | None, policies: Iterable[str]) -> list[tuple[str, Level | None]]:
    if checklist is None:
        return [(id_, None) for id_ in policies]
    levels = list(Level)
    return [(entry.id, Level(entry.level) if entry.level in levels else None) for entry in checklist.entries]


def _row(path: str, level: Level | None, judgement: Judgement) -> RequirementRow:
    return RequirementRow(
        path,
        judgement.id,
        level,
        None,
        judgement.result,
        judgement.proof,
        component=judgement.component,
        objects=judgement.objects,
        reasons=judgement.reasons,
    )


def _records(paths: Iterable[Path]) -> Iterable[InputRecord]:
    for path in paths:
        try:
            yield InputRecord(path.as_posix(), "snapshot", _digest(path))
        except OSError:  # the reader says what is wrong with it
            return


def _digest(path: Path) -> str:
    """SHA-256 of a file's bytes; of a folder, over the names and digests of its files."""
    whole = hashlib.sha256()
    if path.is_dir():
        for below in sorted(path.rglob("*")):
            if below.is_file() and not below.is_symlink():
                whole.update(f"{below.relative_to(path).as_posix()}\0{_digest(below)}\n".encode())
        return whole.hexdigest()
    with path.open("rb") as file:
        while piece := file.read(_CHUNK):
            whole.update(piece)
    return whole.hexdigest()
