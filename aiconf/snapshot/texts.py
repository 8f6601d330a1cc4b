"""Which of many JSON texts contain what: facts about few of a hundred thousand pods need not decode the others.

Looking for one text costs a pass over all of them. So the texts that will be asked for are named beforehand, and the
first question answers them all in one pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.snapshot.automaton import find_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiconf.snapshot.format import Item


class Texts:
    """Finds the items of one kind that contain something.

    Args:
        items: The items, whose numbers the answers are.
        expected: What will be asked for; anything else may be, too, and costs a pass of its own.
    """

    def __init__(self, items: Sequence[Item], expected: Iterable[str] = ()) -> None:
        self._items, self._expected = items, sorted(set(expected))
        self._found: dict[str, list[int]] = {}

    def containing(self, wanted: Iterable[str]) -> list[int]:
        """The numbers of the items in whose JSON text at least one of several texts stands, ascending."""
        found: set[int] = set()
        for one in wanted:
            if one not in self._found:
                self._search(one)
            found.update(self._found[one])
        return sorted(found)

    def _search(self, one: str) -> None:
        if one in self._expected:
            self._search_expected()
        else:
            needle = one.encode()
            self._found[one] = [number for number, item in enumerate(self._items) if needle in item.raw]

    def _search_expected(self) -> None:
        match = find_texts(self._expected)
        found: list[list[int]] = [[] for _ in self._expected]
        for number, item in enumerate(self._items):
            for position in match(item.raw) or ():
                found[position].append(number)
        self._found |= zip(self._expected, found, strict=True)
