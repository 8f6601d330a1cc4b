"""Who owns what, requirement by requirement, and what is not said yet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError, UsageError
from aiconf.registry import Registry
from aiconf.source import load_source
from aiconf.submission.lexicon import Names
from aiconf.submission.told import ENTRY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

UNSTATED = "unstated"
# Of a requirement that is claimed all of these are to be said, of one that does not apply only whose it is (faq.md).
_CLAIMED = ("Implemented", "Partially Implemented")
_NOT_CLAIMED = "Not Implemented"


class Claim(NamedTuple):
    """What the base's own entry says of a requirement: status, the components its notes name, evidence."""

    status: str
    components: tuple[str, ...]
    evidence: tuple[str, ...]


class Row(NamedTuple):
    """One requirement.

    Attributes:
        id: Its id.
        level: ``MUST`` or ``SHOULD``, "" when unknown.
        status: What is claimed, "" when the submission has no entry.
        owner: base, layered, both or unstated.
        component: "" when unnamed.
        contribution: A kind, or unstated.
        said_level: The level that the contribution is said to be of, "" when it is not said.
        evidence: Addresses and files.
        missing: What is still to be said, in words.
        base: What the base's entry says, None without one or where it says nothing.
    """

    id: str
    level: str
    status: str
    owner: str
    component: str
    contribution: str
    said_level: str
    evidence: tuple[str, ...]
    missing: tuple[str, ...] = ()
    base: Claim | None = None


class Feature(NamedTuple):
    """A roadmap feature of layers.yaml, which no checklist of the version lists."""

    id: str
    component: str
    note: str


class LayerTable(NamedTuple):
    """The conclusion and the rows.

    Attributes:
        path: The submission.
        product: Its platform's name.
        layered: Whether it stands on another product.
        base: On which, "" when unknown.
        entry: The base's entry beside it (``v1.35/eks``), "" without one.
        reasons: ``{kind, text, where, line, conclusive}`` for each sign.
        rows: In the checklist's order.
        roadmap: Features that no checklist lists.
    """

    path: str
    product: str
    layered: bool
    base: str
    entry: str
    reasons: tuple[Mapping[str, Any], ...]
    rows: tuple[Row, ...]
    roadmap: tuple[Feature, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return not any(row.missing for row in self.rows)


def build_table(
    facts: Mapping[str, Any], layers: Mapping[str, Mapping[str, Any]], claims: Mapping[str, Claim], entry: str
) -> LayerTable:
    """The table of one submission.

    Args:
        facts: Its facts.
        layers: The rows of its layers.yaml, empty without one.
        claims: What the base's entry says, by requirement; empty without one.
        entry: That entry, "" without one.
    """
    submission = facts["submission"]
    name = submission["metadata"].get("platformName")
    known = {row["id"] for row in facts["checklist"] or ()} | {row["id"] for row in submission["entries"]}
    rows = _rows(facts, layers, claims) if submission["layered"] else ()
    return LayerTable(
        path=submission["path"],
        product=name if isinstance(name, str) and name.strip() else "the product",
        layered=submission["layered"],
        base=submission["base"]["name"] if submission["base"] else "",
        entry=entry,
        reasons=tuple(submission["layered_reasons"]),
        rows=tuple(rows),
        roadmap=tuple(features(layers, known)),
    )


def features(layers: Mapping[str, Mapping[str, Any]], known: set[str]) -> Iterator[Feature]:
    """The rows of a layers.yaml that no requirement is known for."""
    for name, row in layers.items():
        if name not in known:
            yield Feature(name, row.get("component", ""), row.get("note", ""))


def _rows(
    facts: Mapping[str, Any], layers: Mapping[str, Mapping[str, Any]], claims: Mapping[str, Claim]
) -> Iterator[Row]:
    """The checklist's requirements in its order, then entries that it does not list."""
    entries = {entry["id"]: entry for entry in reversed(facts["submission"]["entries"]) if entry["id"]}
    levels = {row["id"]: row["level"] for row in facts["checklist"] or ()}
    others = [entry["id"] for entry in facts["submission"]["entries"] if entry["id"] not in levels and entry["id"]]
    for name in dict.fromkeys([*levels, *others]):
        entry = entries.get(name)
        row = _absent(name, levels[name]) if entry is None else _row(entry, levels.get(name), layers.get(name, {}))
        yield row._replace(base=claims.get(name))


def _absent(name: str, level: str) -> Row:
    return Row(name, level, "", UNSTATED, "", UNSTATED, "", (), ("its entry",))


def _row(entry: Mapping[str, Any], level: str | None, kept: Mapping[str, Any]) -> Row:
    said = entry["attribution"]
    evidence = [item["text"] for item in entry["evidence"] if item["kind"] not in ("blank", "not_string")]
    evidence += [text for text in kept.get("evidence", ()) if text not in evidence]
    row = Row(
        entry["id"],
        level or entry["level"],
        entry["status"],
        said["owner"],
        said["component"],
        said["contribution"],
        said["level"],
        tuple(evidence),
    )
    return row._replace(missing=(*_missing(row), *map(_disagreement, said["contradictions"])))


def _missing(row: Row) -> Iterator[str]:
    if row.owner == UNSTATED and row.status != _NOT_CLAIMED:
        yield "owner"
    if row.status in _CLAIMED:
        if row.owner in ("layered", "both") and not row.component:
            yield "component"
        if row.contribution == UNSTATED:
            yield "contribution"
        if not row.evidence:
            yield "evidence"


def _disagreement(found: Mapping[str, Any]) -> str:
    return f"one {found['what']} ({' or '.join(found['values'])})"


def base_claims(entry: str, registry: Path | None, components: Mapping[str, Any]) -> dict[str, Claim]:
    """What an entry of the registry says of each requirement.

    Args:
        entry: ``v1.35/eks``.
        registry: The checkout, None without one.
        components: ``policies/components.yaml``.

    Raises:
        UsageError: There is no registry, or no such entry in it.
        InputError: It cannot be read.
    """
    match = ENTRY.fullmatch(entry)
    if match is None:
        return {}
    if registry is None:
        raise UsageError(f"--base {entry} is an entry of the registry, and none was found: give --registry DIR")
    path = registry / match[1] / "PRODUCT.yaml"
    if not path.is_file():
        there = ", ".join(Registry(registry).products(match[1].partition("/")[0])[:20]) or "nothing"
        raise UsageError(f"--base {entry}: there is no {path}; in that folder there is {there}")
    data = load_source(path).data
    names = Names({row["name"]: [row["name"], *row.get("aliases", ())] for row in components["components"]})
    claims = dict(_claims(data, names))
    if not claims:
        raise InputError(f"{path} holds no entries that could be read")
    return claims


def _claims(data: Mapping[str, Any], names: Names) -> Iterator[tuple[str, Claim]]:
    spec = data.get("spec")
    for items in spec.values() if isinstance(spec, dict) else ():
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                notes = item.get("notes")
                found = dict.fromkeys(kind for kind, *_ in names.find(notes)) if isinstance(notes, str) else {}
                evidence = item.get("evidence")
                texts = [evidence] if isinstance(evidence, str) else evidence if isinstance(evidence, list) else []
                shown = tuple(text for text in texts if isinstance(text, str) and text.strip())
                yield item["id"], Claim(str(item.get("status") or ""), tuple(found), shown)
