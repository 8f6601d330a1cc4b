"""Test output given as evidence: what was looked for in it, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aiconf.submission.folder import ProductFolder
    from aiconf.testresults import TestRun

# Enough for "did you mean" over a real suite, and for a message.
_MOST_NAMES = 500
_MOST_FAILED = 20


def artifact_rows(
    entries: Sequence[Mapping[str, Any]], folder: ProductFolder, autotests: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """A row for each evidence entry that is an artifact which exists; each file is read once.

    Args:
        entries: The submission's entries, with their evidence.
        folder: The product's folder.
        autotests: The data of ``rules/autotests.yaml``.

    Returns:
        ``requirement``, ``status``, ``pointer`` and ``file`` of the evidence entry; ``first``: no entry before it names
        the same file; ``test``: what is looked for, "" for nothing, and ``test_by``: who says so, ``fragment``,
        ``validator``, ``suite`` (the suite has such a test, but the validator does not look for it) or "";
        ``outcome``: passed, failed, skipped, absent or "", and ``how``: exact, subtests, absent or "";
        ``subtests_unshown``: those expected of the test that are left out or skipped, none where the file lists none of
        them; ``tests`` and ``failed``: names, not all of them when there are many; ``error``, ``foreign``, ``started``,
        ``kubernetes`` and ``unseen`` as in `aiconf.testresults.TestRun`.
    """
    return list(_Reader(folder, autotests).rows(entries))


class _Reader:
    def __init__(self, folder: ProductFolder, autotests: Mapping[str, Any]) -> None:
        self.folder, self.autotests = folder, autotests
        self.runs: dict[str, TestRun] = {}

    def rows(self, entries: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        for entry in entries:
            for item in entry["evidence"]:
                if item["artifact"] and item["state"] == "file" and self.folder.root is not None:
                    yield self._row(entry, item, first=item["file"] not in self.runs)

    def _row(self, entry: Mapping[str, Any], item: Mapping[str, Any], *, first: bool) -> dict[str, Any]:
        run = self._run(item["file"])
        test, test_by = self._looked_for(entry["id"], item["fragment"])
        return {
            "requirement": entry["id"],
            "status": entry["status"],
            "pointer": item["pointer"],
            "file": item["file"],
            "first": first,
            "test": test,
            "test_by": test_by,
            **self._found(run, test),
            "tests": [result.name for result in run.results[:_MOST_NAMES]],
            "failed": _some(run.failed),
            "error": run.error,
            "started": run.started,
            "kubernetes": run.kubernetes,
            "unseen": run.unseen,
        }

    def _run(self, file: str) -> TestRun:
        from aiconf.testresults import read_run  # noqa: PLC0415 - most submissions cite no artifact

        if file not in self.runs and self.folder.root is not None:
            self.runs[file] = read_run(self.folder.root / file)
        return self.runs[file]

    def _looked_for(self, requirement: str, fragment: str) -> tuple[str, str]:
        named = (
            (fragment, "fragment"),
            (self.autotests["tests"].get(requirement, ""), "validator"),
            (self.autotests["suite"].get(requirement, ""), "suite"),
        )
        return next((pair for pair in named if pair[0]), ("", ""))

    def _found(self, run: TestRun, test: str) -> dict[str, Any]:
        if not test:
            return {"outcome": "", "how": "", "subtests_unshown": [], "foreign": run.foreign}
        from aiconf.testresults import look_for  # noqa: PLC0415 - as above

        found = look_for(run, test)
        expected = self.autotests["subtests"].get(test, ())
        if found.subtests.keys().isdisjoint(expected):  # it lists none, or those of another version of the suite
            expected = ()
        return {
            "outcome": found.outcome,
            "how": found.how,
            "subtests_unshown": [name for name in expected if found.subtests.get(name, "skipped") == "skipped"],
            "foreign": run.foreign or (self._other_suite(run) if found.outcome == "absent" else ""),
        }

    def _other_suite(self, run: TestRun) -> str:
        """What a run is of that has none of the programme's tests, "" when its packages do not tell."""
        tests = {*self.autotests["tests"].values(), *self.autotests["suite"].values()}
        if not run.packages or any(name.partition("/")[0] in tests for name in run.names):
            return ""
        own = [package for package in run.packages if package in self.autotests["packages"]]
        return "only the suite's own unit tests" if own else f"the tests of {run.packages[0]}"


def _some(names: Sequence[str]) -> list[str]:
    left = len(names) - _MOST_FAILED
    return [*names[:_MOST_FAILED], f"and {left} more"] if left > 0 else list(names)
