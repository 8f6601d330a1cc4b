"""From changes to what expressions see as ``pull_request``; the verdicts are in ``rules/pull_request.yaml``."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from aiconf.pull_request.changes import FILE_NAME, shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aiconf.pull_request.changes import Change, Changes, Commit, Person

_VERSION = re.compile(r"v\d+\.\d+\Z")
# What people call a submission when they misremember its name.
_LIKE_A_SUBMISSION = re.compile(r"product\.ya?ml\Z", re.IGNORECASE)
_MOST_SIGN_OFFS = 20
_TEXT = 200


def pull_request_facts(
    changes: Changes, submitted: Mapping[str, Mapping[str, Any]], *, programme: bool
) -> dict[str, Any]:
    """The value of ``pull_request``.

    Args:
        changes: What git says.
        submitted: The facts of the submissions (``submission``), by the folder of the product, ``v1.37/acme``.
        programme: Whether the repository is the programme's, or a fork of it.
    """
    facts = [_change(change, changes, submitted) for change in changes.files]
    return {
        "base": changes.base,
        "programme": programme,
        "submits": any(_is_submitted(fact) for fact in facts),
        "changes": facts,
        "products": _products(facts, changes),
        "commits": [_commit(commit) for commit in changes.commits],
    }


def _is_submitted(fact: Mapping[str, Any]) -> bool:
    return fact["status"] != "deleted" and bool(fact["product"] or fact["submission"])


def _change(change: Change, changes: Changes, submitted: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    parts = change.path.split("/")
    version = parts[0] if _VERSION.match(parts[0]) else ""
    product = parts[1] if version and len(parts) > 2 else ""  # noqa: PLR2004 - version, product, file
    inside = "/".join(parts[2:]) if product else ""
    name = posixpath.basename(change.path)
    folder = f"{version}/{product}" if product else ""
    return {
        "path": shown(change.path),
        "file": changes.reported(change.path),
        "name": shown(name),
        "place": _place(changes.reported(change.path)),
        "segments": [shown(part) for part in parts],
        "status": change.status,
        "kind": change.kind,
        "version": version,
        "product": shown(product),
        "folder": shown(folder),
        "inside": shown(inside),
        "submission": "exact" if name == FILE_NAME else "like" if _LIKE_A_SUBMISSION.match(name) else "",
        "spelled_otherwise": _spelled_otherwise(inside, folder, changes, submitted.get(folder)),
    }


def _place(file: str) -> dict[str, Any]:
    """Where a finding about a whole file stands: at its beginning, whatever is in it."""
    return {"file": file, "line": 1, "column": 1, "excerpt": ""}


def _spelled_otherwise(
    inside: str, folder: str, changes: Changes, submission: Mapping[str, Any] | None
) -> list[dict[str, str]]:
    """The evidence entries that mean this file and write it otherwise: another case, ``-`` for ``_``."""
    if submission is None or not inside:
        return []
    return [
        {"requirement": item["requirement"], "file": item["file"]}
        for entry in submission["entries"]
        for item in entry["evidence"]
        if item["kind"] == "file"
        and item["file"] != inside
        and _plain(item["file"]) == _plain(inside)
        and f"{folder}/{item['file']}" not in changes.tracked
    ]


def _plain(name: str) -> str:
    return name.casefold().replace("-", "_")


def _products(facts: Sequence[Mapping[str, Any]], changes: Changes) -> list[dict[str, Any]]:
    """The products that have a changed file, by folder."""
    tracked = {shown(path) for path in changes.tracked}
    products = []
    for folder in sorted({fact["folder"] for fact in facts if fact["folder"]}):
        touched = [fact for fact in facts if fact["folder"] == folder]
        kept = [fact for fact in touched if fact["status"] != "deleted"]
        document = [fact["file"] for fact in kept if fact["inside"] == FILE_NAME]
        alike = [path for path in tracked if path.startswith(f"{folder}/") and _LIKE_A_SUBMISSION.search(path)]
        products.append(
            {
                "version": touched[0]["version"],
                "product": touched[0]["product"],
                "folder": folder,
                "place": _place((document or [fact["file"] for fact in kept] or [touched[0]["file"]])[0]),
                "pointer": "/products/" + folder.replace("~", "~0").replace("/", "~1"),
                "changed": len(kept),
                "deleted": [fact["path"] for fact in touched if fact["status"] == "deleted"],
                "has_submission": f"{folder}/{FILE_NAME}" in tracked,
                "alike": sorted(alike),
            }
        )
    return products


def _commit(commit: Commit) -> dict[str, Any]:
    people = (commit.author, commit.committer)
    sign_offs = commit.sign_offs[:_MOST_SIGN_OFFS]
    return {
        "sha": commit.sha,
        "short": commit.sha[:9],
        "pointer": f"/commits/{commit.sha}",
        "subject": commit.subject[:_TEXT],
        "author": _person(commit.author),
        "committer": _person(commit.committer),
        "merge": commit.parents > 1,
        "bot": commit.author.name.endswith("[bot]"),
        "sign_offs": [_person(person) for person in sign_offs],
        "signed_off": any(_is_one_of(person, people) for person in sign_offs),
    }


def _is_one_of(signer: Person, people: Sequence[Person]) -> bool:
    """As the DCO check compares: name and address each that of the author or the committer, in any case."""
    names = {person.name.strip().lower() for person in people}
    emails = {person.email.strip().lower() for person in people}
    return signer.name.strip().lower() in names and signer.email.strip().lower() in emails


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name[:_TEXT], "email": person.email[:_TEXT]}
