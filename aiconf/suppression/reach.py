"""Whether a rule could have reported anything of an input: only then is a suppression of it known to be unused."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.catalog.roots import ROOTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aiconf.catalog.runtime import Catalog, Expression, Validation
    from aiconf.selection import Selection

_WORD = re.compile(r"[a-z_]+")


class Reach(NamedTuple):
    """What is known of one input's run.

    Attributes:
        catalog: The rules.
        selection: Which of them were to run.
        facts: What they saw.
        applied: Ids of the files of rules that applied.
        excluded: Ids of rules and files that could not be evaluated, or have more findings than are listed.
        asked: Whether the network was asked.
        whole: Whether all of the input could be understood.
    """

    catalog: Catalog
    selection: Selection
    facts: Mapping[str, Any]
    applied: set[str]
    excluded: set[str]
    asked: bool
    whole: bool

    def covers(self, ids: Iterable[str]) -> bool:
        """Whether all of some rules ran over the input with everything that they read."""
        return self.whole and all(self._ran(id_) for id_ in ids)

    def _ran(self, id_: str) -> bool:
        rule = self.catalog.validation(id_)
        if rule is None or not self.selection.includes(rule) or rule.file_id not in self.applied:
            return False
        if self.excluded & {id_, rule.file_id} or not self._authority_is_reported(rule):
            return False
        words = {word for expression in _expressions(rule) for word in _words(expression.text)}
        # A rule that reads what is not there, or what the network says, may find something when it is.
        return all(self.facts.get(root) is not None for root in words & set(ROOTS)) and (
            self.asked or "online" not in words
        )

    def _authority_is_reported(self, rule: Validation) -> bool:
        if not self.selection.authorities:
            return True
        return rule.authority_expression is None and self.selection.admits(rule.authority)


@lru_cache(maxsize=1024)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text))


def _expressions(rule: Validation) -> Iterator[Expression]:
    for expression in (rule.for_each, rule.expression, rule.instance):
        if expression is not None:
            yield expression
    yield from (variable.expression for variable in rule.variables)
