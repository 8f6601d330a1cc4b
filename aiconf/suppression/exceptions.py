"""The exceptions file: a list of findings that are accepted, each by rule and content, with a reason.

``rules/schemas/exceptions.schema.json`` is its format, ``aiconf.catalog.user_models`` says what the keys mean.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import ConfigError, UsageError
from aiconf.userfile import check_document, is_empty, load_document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from aiconf.model import Finding
    from aiconf.source import Source

_LITERAL = re.compile(r"\[[*?\[]\]")  # how a pattern writes a wildcard that is meant as itself


class Entry(NamedTuple):
    """One entry; ``expires`` is the last day (``YYYY-MM-DD``) on which it counts, all but ``id`` may be empty."""

    id: str
    fingerprint: str
    path: str = ""
    reason: str = ""
    owner: str = ""
    expires: str = ""

    def expired(self, today: str) -> bool:
        """Whether it counts no longer; days as ISO 8601 writes them are in order as texts."""
        return bool(self.expires) and self.expires < today

    @property
    def input(self) -> str | None:
        """The one input that it names, empty for all of them; None for a pattern, of which no run sees the whole."""
        if re.search(r"[*?\[]", _LITERAL.sub("", self.path)):
            return None
        return _LITERAL.sub(lambda match: match[0][1], self.path)


class Exceptions:
    """An exceptions file.

    Attributes:
        path: The file.
        entries: In its order.
        source: Where they stand; None for a file that is not there yet.
        today: The day of the run, ``YYYY-MM-DD``.
    """

    def __init__(self, path: Path, entries: tuple[Entry, ...], source: Source | None, today: str) -> None:
        self.path, self.entries, self.source, self.today = path, entries, source, today
        self._folder = os.path.abspath(path.parent)  # noqa: PTH100 - resolve() would follow links, and ask the disk
        self._relative: dict[str, str] = {}
        self._by_content: dict[tuple[str, str | None], list[int]] = {}
        self._by_input: dict[str | None, list[int]] = {}
        for index, entry in enumerate(entries):
            self._by_content.setdefault((entry.fingerprint, entry.input), []).append(index)
            self._by_input.setdefault(entry.input, []).append(index)

    def relative(self, path: str) -> str:
        """An input's path as entries name it: relative to the folder of this file, with forward slashes."""
        if path not in self._relative:
            self._relative[path] = self._seen_from_here(path)
        return self._relative[path]

    def _seen_from_here(self, path: str) -> str:
        if path.startswith("<"):  # standard input without a name
            return path
        try:
            found = os.path.relpath(path, self._folder)
        except ValueError:  # another drive on Windows
            found = path
        return found.replace(os.sep, "/")

    def about(self, path: str) -> list[int]:
        """Indices of the entries of which a run over an input tells whether they are needed."""
        return [*self._by_input.get("", ()), *self._by_input.get(self.relative(path), ())]

    def counting(self, index: int) -> bool:
        """Whether an entry accepts anything: it has a reason, and has not expired."""
        entry = self.entries[index]
        return bool(entry.reason) and not entry.expired(self.today)

    def matching(self, finding: Finding, ids: Iterable[str]) -> Iterator[int]:
        """Indices of the entries that name a finding.

        Args:
            finding: The finding.
            ids: The names that its rule has: its id and its earlier ids.
        """
        path = self.relative(finding.path)
        for name in ids:
            content = finding.fingerprint if name == finding.id else replace(finding, id=name).fingerprint
            indices = [*self._by_content.get((content, ""), ()), *self._by_content.get((content, path), ())]
            patterns = self._by_content.get((content, None), ())
            indices += [index for index in patterns if fnmatchcase(path, self.entries[index].path)]
            yield from (index for index in indices if self.entries[index].id == name)


def load_exceptions(path: Path, today: str | None, *, may_be_absent: bool = False) -> Exceptions:
    """Read an exceptions file.

    Args:
        path: The file.
        today: The day of the run, ``YYYY-MM-DD``.
        may_be_absent: Whether a file that is not there is an empty one.

    Raises:
        ConfigError: It is no such list, or there is no such file.
        InputError: It cannot be opened.
        UsageError: Entries expire, and nobody said which day it is.
    """
    if may_be_absent and not os.path.lexists(path):
        return Exceptions(path, (), None, today or "")
    source = load_document(path)
    items = [] if is_empty(source) else source.items
    if items is None:
        raise ConfigError(f"{source.path}:1:1: The file holds a mapping, where a list of exceptions is expected.")
    check_document(source.path, source.key_position, items, "exceptions")
    entries = tuple(_entry(item) for item in items)
    for index, entry in enumerate(entries):
        if entry.expires and today is None:
            raise UsageError("exceptions expire: say which day it is, Options(today='YYYY-MM-DD')")
        _check_day(source, index, entry.expires)
    return Exceptions(path, entries, source, today or "")


def _entry(item: dict[str, Any]) -> Entry:
    return Entry(**{key: " ".join((value or "").split()) for key, value in item.items()})


def _check_day(source: Source, index: int, day: str) -> None:
    from datetime import date  # noqa: PLC0415 - only for a file with exceptions

    if not day:
        return
    try:
        date.fromisoformat(day)
    except ValueError:
        place = source.position(f"/{index}/expires")
        message = f"expires is {day}, which is no day. Write one as YYYY-MM-DD."
        raise ConfigError(f"{source.path}:{place.line}:{place.column}: {message}") from None
