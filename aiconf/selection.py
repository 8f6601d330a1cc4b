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


def named(catalog: Catalog, name: str) -> frozenset[str]:
    """The ids that a name stands for: a full id, an earlier id, or a file of rules; none when it is unknown."""
    if validation := catalog.validation(name):
        return frozenset((validation.id,))
    file = catalog.file(name)
    return frozenset(validation.id for validation in file.validations) if file else frozenset()


def nearest(catalog: Catalog, name: str) -> str | None:
    """The known id or file that an unknown name most likely means."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for a mistake

    known = [*catalog.ids(), *(file.id for file in catalog.files)]
    near = get_close_matches(name, known, 1) or [id_ for id_ in known if id_.endswith("/" + name)]
    return near[0] if near else None


def _resolve(catalog: Catalog, names: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    for written in names:
        name = written.strip().rstrip("/")
        ids = named(catalog, name)
        if not ids:
            near = nearest(catalog, name)
            hint = f"; did you mean {near!r}?" if near else ""
            raise UsageError(f"no rule is called {name!r}{hint} See 'aiconf list'.")
        found |= ids
    return frozenset(found)
