"""Which validations run: by id, by file, by authority."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiconf.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.catalog.runtime import Catalog, Validation
    from aiconf.model import Authority


class Selection(NamedTuple):
    """The ids that may report, and the authorities that count.

    Attributes:
        ids: Ids of the validations that run.
        authorities: Findings of other authorities are left out; empty for all. An authority can depend on the item, so
            it is compared on the finding, not on the validation.
    """

    ids: frozenset[str]
    authorities: frozenset[Authority] = frozenset()

    def includes(self, validation: Validation) -> bool:
        """Whether a validation runs."""
        return validation.id in self.ids

    def admits(self, authority: Authority) -> bool:
        """Whether a finding of this authority is reported."""
        return not self.authorities or authority in self.authorities


def select(
    catalog: Catalog, select: Iterable[str] = (), ignore: Iterable[str] = (), authorities: Iterable[Authority] = ()
) -> Selection:
    """Resolve what a user names: a full id (``metadata/field_missing``), a file (``metadata``), or an earlier id.

    Raises:
        UsageError: A name is unknown; the text gives the nearest one that is known.
    """
    chosen = _resolve(catalog, select) if (select := tuple(select)) else frozenset(catalog.ids())
    return Selection(chosen - _resolve(catalog, ignore), frozenset(authorities))


def _resolve(catalog: Catalog, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        found |= _ids_of(catalog, name.strip().rstrip("/"))
    return frozenset(found)


def _ids_of(catalog: Catalog, name: str) -> set[str]:
    if validation := catalog.validation(name):
        return {validation.id}
    if file := catalog.file(name):
        return {validation.id for validation in file.validations}
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    known = [*catalog.ids(), *(file.id for file in catalog.files)]
    near = get_close_matches(name, known, 1) or [id_ for id_ in known if id_.endswith("/" + name)]
    raise UsageError(
        f"no rule is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "") + " See 'aiconf list'."
    )
