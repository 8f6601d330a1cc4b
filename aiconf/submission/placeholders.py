"""Values that stand for a value, and texts told by their form; both are data (``rules/placeholders.yaml``)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# No placeholder is longer, so that no pattern has to look at a long text.
_LONGEST = 300


class Placeholders:
    """The patterns of ``rules/placeholders.yaml``, compiled when the first text is looked at."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._data = data
        self._compiled: dict[str, list[tuple[re.Pattern[str], dict[str, str]]]] = {}
        self._forms: dict[str, re.Pattern[str]] = {}

    def find(self, text: str, use: str) -> dict[str, str] | None:
        """The ``kind`` and ``reason`` of the first pattern that a whole text matches, None when none does.

        Args:
            text: A value, stripped of white space around it.
            use: Where it stands: ``metadata`` or ``evidence``.
        """
        if not text or len(text) > _LONGEST:
            return None
        return next((facts for pattern, facts in self._for(use) if pattern.fullmatch(text)), None)

    def has_form(self, text: str, form: str) -> bool:
        """Whether a text begins with one of the ``forms`` of the data file.

        Args:
            text: Stripped of white space around it.
            form: ``bare_address`` or ``sentence``.
        """
        if form not in self._forms:
            self._forms[form] = re.compile(self._data["forms"][form], re.IGNORECASE)
        return self._forms[form].match(text[:_LONGEST]) is not None

    def _for(self, use: str) -> list[tuple[re.Pattern[str], dict[str, str]]]:
        if use not in self._compiled:
            self._compiled[use] = [
                (re.compile(row["pattern"], re.IGNORECASE), {"kind": row["kind"], "reason": row["reason"]})
                for row in self._data["patterns"]
                if use in row["in"]
            ]
        return self._compiled[use]
