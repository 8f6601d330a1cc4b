"""The pull request of an example in a rule file, as git would have told it."""

from __future__ import annotations

import re
from hashlib import sha1
from typing import TYPE_CHECKING, Any

from aiconf.errors import CatalogError
from aiconf.pull_request.changes import Change, Changes, Commit, Person

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_PERSON = re.compile(r"([^<>]*?) *<([^<>]*)>\Z")
_KINDS = ("link", "submodule")


def example_changes(example: Mapping[str, Any], root: Path) -> Changes:
    """The changes that an example describes (``PullRequestCase`` in ``aiconf.catalog.models``).

    Raises:
        CatalogError: An author is not written as ``Name <address>``.
    """
    files = tuple(sorted(_change(path, word) for path, word in example["changes"].items()))
    return Changes(
        base="main",
        root=root,
        folder=root,
        files=files,
        commits=tuple(_commit(commit) for commit in example.get("commits", ())),
        tracked=frozenset(change.path for change in files if change.status != "deleted"),
    )


def _change(path: str, word: str) -> Change:
    return Change(path, "added", word) if word in _KINDS else Change(path, word)


def _commit(commit: Mapping[str, Any]) -> Commit:
    match = _PERSON.match(commit["author"])
    if match is None:
        raise CatalogError(f"{commit['author']}: an author is written as Name <address>")
    author = Person(match[1], match[2])
    sha = sha1(commit["message"].encode(), usedforsecurity=False).hexdigest()
    return Commit(sha, commit.get("parents", 1), author, author, commit["message"])
