"""Writes the exceptions file that accepts what there is today, so that only what is new is reported."""

from __future__ import annotations

import glob
import json
import re
from typing import TYPE_CHECKING

from aiconf.suppression.exceptions import Entry

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.model import Finding
    from aiconf.suppression.exceptions import Exceptions

UNUSED = "suppression/unused"
_HEADER = "# Findings that are accepted, each with a reason; `aiconf lint --write-baseline` writes this file anew.\n"
# What YAML 1.2 takes for printable; the rest stands as an escape.
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\x85\u2028\u2029]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class Debt:
    """The words that new entries carry."""

    def __init__(self, reason: str, owner: str = "", expires: str = "") -> None:
        self.reason, self.owner, self.expires = (" ".join(text.split()) for text in (reason, owner, expires))

    def entry(self, finding: Finding, exceptions: Exceptions) -> Entry:
        """The entry that accepts a finding; wildcards in its path are meant as they stand."""
        # A name that is no UTF-8 cannot be written in YAML.
        path = _SURROGATE.sub("?", glob.escape(exceptions.relative(finding.path)))
        return Entry(finding.id, finding.fingerprint, path, self.reason, self.owner, self.expires)


def baseline(exceptions: Exceptions, findings: Iterable[Finding], debt: Debt) -> tuple[list[Entry], int]:
    """The entries that accept all findings: those that are still needed, and new ones.

    Args:
        exceptions: The file as it is. Of its entries stay those that count and are not found to be unused.
        findings: What a run that used it reports.
        debt: What new entries say.

    Returns:
        The entries in order, and how many of them are new.
    """
    findings, own = list(findings), exceptions.path.as_posix()
    unused = {finding.pointer for finding in findings if finding.path == own and finding.id == UNUSED}
    kept = {
        entry
        for index, entry in enumerate(exceptions.entries)
        if exceptions.counting(index) and f"/{index}" not in unused
    }
    new = {debt.entry(finding, exceptions) for finding in findings if finding.path != own and not finding.suppressed}
    return sorted(kept | new, key=lambda entry: (entry.path, entry.id, entry)), len(new - kept)


def written(entries: Iterable[Entry]) -> str:
    """The text of an exceptions file."""
    shown = [_shown(entry) for entry in entries]
    return _HEADER + ("".join(shown) if shown else "[]\n")


def _shown(entry: Entry) -> str:
    lines = [f"{key}: {_quoted(value)}\n" for key, value in entry._asdict().items() if value]
    return "- " + "  ".join(lines)


def _quoted(text: str) -> str:
    """A double-quoted YAML scalar; a fingerprint such as 12e4 is no number then."""
    return _UNPRINTABLE.sub(_escape, json.dumps(text, ensure_ascii=False))


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004 - widths
