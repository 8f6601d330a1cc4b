"""Test output given as evidence: what was looked for in it, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.testresults import TestRun, look_for, read_run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiconf.submission.folder import ProductFolder

# A message has room for a few names, and "did you mean" for the whole of a real suite.
_MOST_NAMES = 500


def artifact_rows(
    entries: Sequence[Mapping[str, Any]], folder: ProductFolder, tests: Mapping[str, str]
) -> list[dict[str, Any]]:
    """A row for each evidence entry that is an artifact which exists; each file is read once.

    Args:
        entries: The submission's entries, with their evidence.
        folder: The product's folder.
        tests: The programme's test of each requirement.
    """
    return list(_rows(entries, folder, tests))


def _rows(
    entries: Sequence[Mapping[str, Any]], folder: ProductFolder, tests: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    runs: dict[str, TestRun] = {}
    for entry in entries:
        for item in entry["evidence"]:
            if not item["artifact"] or item["state"] != "file" or folder.root is None:
                continue
            name = item["file"]
            if name not in runs:
                runs[name] = read_run(folder.root / name)
            yield _row(entry, item, runs[name], item["fragment"] or tests.get(entry["id"], ""))


def _row(entry: Mapping[str, Any], item: Mapping[str, Any], run: TestRun, test: str) -> dict[str, Any]:
    return {
        "requirement": entry["id"],
        "status": entry["status"],
        "pointer": item["pointer"],
        "file": item["file"],
        "test": test,
        "outcome": look_for(run, test).outcome if test else "",
        "tests": [result.name for result in run.results[:_MOST_NAMES]],
        "failed": list(run.failed[:_MOST_NAMES]),
        "error": run.error,
        "foreign": run.foreign,
        "started": run.started,
        "kubernetes": run.kubernetes,
    }
