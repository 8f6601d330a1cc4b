"""Marks the findings that are accepted, and gives the facts that the rules about suppressions read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aiconf.selection import named, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.catalog.runtime import Catalog
    from aiconf.model import Finding
    from aiconf.suppression.comments import CommentSuppression
    from aiconf.suppression.exceptions import Exceptions
    from aiconf.suppression.reach import Reach

FILE = "suppression"
"""The file of the rules about suppressions; no comment accepts what they report."""


def accept_by_comments(
    findings: Iterable[Finding], comments: list[CommentSuppression], reach: Reach, path: str
) -> tuple[list[Finding], list[dict[str, Any]]]:
    """Mark the findings that comments of their own file accept.

    Args:
        findings: The findings of one input.
        comments: What its comments say.
        reach: What is known of the run.
        path: The input, as findings name it.

    Returns:
        The findings, and a row for each comment (see docs/architecture.md, `suppressions`).
    """
    by_id: dict[str, list[int]] = {}
    ids = [named(reach.catalog, comment.id) for comment in comments]
    for index, found in enumerate(ids):
        for id_ in found:
            by_id.setdefault(id_, []).append(index)
    used: set[int] = set()
    marked = []
    for finding in findings:
        covering = [
            index
            for index in by_id.get(finding.id, ())
            if finding.path == path and _may_accept(finding, reach) and comments[index].scope.covers(finding)
        ]
        used.update(covering)
        reason = next((comments[index].reason for index in covering if comments[index].reason), None)
        marked.append(replace(finding, suppressed=reason, suppressed_inline=True) if reason else finding)
    rows = [
        {
            **_row(reach.catalog, "comment", comment.id, comment.reason),
            "line": comment.line,
            "column": comment.column,
            "problem": comment.problem,
            "used": index in used,
            "ran": reach.covers(ids[index]),
        }
        for index, comment in enumerate(comments)
    ]
    return marked, rows


def _may_accept(finding: Finding, reach: Reach) -> bool:
    # The last finding of a list that was cut stands for those that are not in it.
    return finding.id not in reach.excluded and not finding.id.startswith(f"{FILE}/")


def accept_by_exceptions(
    findings: Iterable[Finding], exceptions: Exceptions, catalog: Catalog, cut: Iterable[str] = ()
) -> tuple[list[Finding], frozenset[int]]:
    """Mark the findings that an exceptions file accepts.

    Args:
        findings: Findings of inputs.
        exceptions: The file.
        catalog: The rules, which know their earlier ids.
        cut: Ids of rules with more findings than are listed; none of those is accepted one by one.

    Returns:
        The findings, and the indices of the entries that name one of them.
    """
    used: set[int] = set()
    marked = []
    cut = frozenset(cut)
    for finding in findings:
        matching = [] if finding.id in cut else list(exceptions.matching(finding, _names(catalog, finding.id)))
        used.update(matching)
        reason = next((exceptions.entries[i].reason for i in matching if exceptions.counting(i)), None)
        marked.append(replace(finding, suppressed=reason) if reason and finding.suppressed is None else finding)
    return marked, frozenset(used)


def entries_in_reach(exceptions: Exceptions, reach: Reach, path: str) -> frozenset[int]:
    """Indices of the entries of which a run over one input tells whether they are needed."""
    about = exceptions.about(path)
    covered = {id_: reach.covers(named(reach.catalog, id_)) for id_ in {exceptions.entries[i].id for i in about}}
    return frozenset(index for index in about if covered[exceptions.entries[index].id])


def exception_rows(
    exceptions: Exceptions, catalog: Catalog, used: frozenset[int], ran: frozenset[int]
) -> list[dict[str, Any]]:
    """A row for each entry of an exceptions file (see docs/architecture.md, `suppressions`)."""
    return list(_exception_rows(exceptions, catalog, used, ran))


def _exception_rows(
    exceptions: Exceptions, catalog: Catalog, used: frozenset[int], ran: frozenset[int]
) -> Iterator[dict[str, Any]]:
    for index, entry in enumerate(exceptions.entries):
        place = exceptions.source.key_position(f"/{index}") if exceptions.source else None
        yield {
            **_row(catalog, "exceptions", entry.id, entry.reason),
            "path": entry.path,
            "owner": entry.owner,
            "expires": entry.expires,
            "expired": entry.expired(exceptions.today),
            "line": place.line if place else 1,
            "column": place.column if place else 1,
            "pointer": f"/{index}",
            "used": index in used,
            "ran": index in ran,
        }


def _row(catalog: Catalog, where: str, id_: str, reason: str) -> dict[str, Any]:
    known = bool(named(catalog, id_))
    return {
        "where": where,
        "id": id_,
        "known": known,
        "nearest": "" if known or not id_ else nearest(catalog, id_) or "",
        "about_suppressions": id_.partition("/")[0] == FILE,
        "reason": reason,
        "path": "",
        "owner": "",
        "expires": "",
        "expired": False,
        "pointer": "",
        "problem": "",
    }


def _names(catalog: Catalog, id_: str) -> tuple[str, ...]:
    rule = catalog.validation(id_)
    return (id_, *rule.aliases) if rule else (id_,)
