"""What a README says of who owns each requirement: tables in any column order, lists, sections and prose."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING

from aiconf.submission.platforms import slug
from aiconf.submission.readme import read_items, read_rows
from aiconf.submission.statement import Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.submission.readme import Item
    from aiconf.submission.statement import StatementReader

_WORD_ID = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+")
_BULLET = re.compile(r"^\s*(?:[-*+•]|\d{1,3}[.)])\s+")
_COLON = re.compile(r"\s*(?::|\s[–—-])\s+")  # noqa: RUF001 - dashes occur
_HEAD_END = re.compile(r"[(,;.]")
_LONGEST_NAME, _LONGEST_CELL, _QUOTE = 60, 400, 200  # characters
_MOST_OWNER_WORDS = 3  # "the layered product"; more is a sentence
_NOWHERE: Mapping[str, tuple[int, int]] = MappingProxyType({})


class ReadmeReader:
    """Reads a README with the words and names of one submission.

    Args:
        notes: The reader of labelled text.
        requirements: The ids that exist.
    """

    def __init__(self, notes: StatementReader, requirements: Iterable[str]) -> None:
        self._notes, self._labels = notes, notes.labels
        self._ids = {slug(name): name for name in requirements}

    def read(self, readme: str) -> Iterator[tuple[str, Statement]]:
        """What it says, as requirement and statement, in order of the forms: tables first, then lists and prose."""
        for row in read_rows(readme):
            columns = self._notes.columns(row)
            if len(columns) > 1:
                for name in self._requirements(columns.get("requirement", row.cells[0])):
                    yield name, self._notes.from_row(row, columns)
        for item in read_items(readme, lambda _: True):
            if told := self._from_item(item):
                yield told

    def _from_item(self, item: Item) -> tuple[str, Statement] | None:
        text = _BULLET.sub("", item.text)
        if self._labels.roadmap_heading.search(item.heading):
            return self._from_roadmap(item) if self.requirement(text) else None
        head, _, rest = (part.strip() for part in _COLON.sub("\0", text, count=1).partition("\0"))
        if len(head) <= _LONGEST_NAME and rest and (name := self.requirement(head)):
            said = self._notes.from_notes(rest) or self._led_by_owner(rest)
        else:
            name = self.requirement(text) or (self.requirement(item.heading) if self._begins_with_label(text) else "")
            said = self._notes.from_notes(text) if name else None
        if not said or not (said.owner or said.contribution):
            return None
        return name, said._replace(source="readme", line=item.line, text=text[:_QUOTE], spans=_NOWHERE)

    def _from_roadmap(self, item: Item) -> tuple[str, Statement]:
        text = _BULLET.sub("", item.text)
        component = self._notes.component(text)
        owner = "layered" if component else ""
        said = Statement("readme", owner, component, "roadmap", text=text[:_QUOTE], line=item.line)
        return self.requirement(text), said

    def _begins_with_label(self, text: str) -> bool:
        return next((start for _, start, _ in self._labels.find_labels(text)), -1) == 0

    def _led_by_owner(self, text: str) -> Statement | None:
        """``gang_scheduling: layered (KAI Scheduler), variant``."""
        head = _HEAD_END.split(text, maxsplit=1)[0]
        owner = self._labels.owner(head) if len(head.split()) <= _MOST_OWNER_WORDS else ""
        if not owner:
            return None
        return Statement("readme", owner, self._notes.component(text), self._labels.contribution(text))

    def _requirements(self, text: str) -> list[str]:
        """The ids that a cell lists, or the one that it names by its words."""
        listed = [self._ids[slug(word)] for word in _WORD_ID.findall(text[:_LONGEST_CELL]) if slug(word) in self._ids]
        return list(dict.fromkeys(listed)) or [name for name in (self.requirement(text),) if name]

    def requirement(self, text: str) -> str:
        """The id that a cell or item names, by itself or by its words ("Gang scheduling"); "" if none."""
        for word in _WORD_ID.findall(text[:_LONGEST_CELL]):
            if slug(word) in self._ids:
                return self._ids[slug(word)]
        words = slug(text[:200])
        if words in self._ids:
            return self._ids[words]
        return next((name for key, name in self._ids.items() if f"-{words}-".startswith(f"-{key}-")), "")
