"""What a caller of the linter may choose, what that says of layers, and what of it a report records."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aiconf.errors import UsageError
from aiconf.model import Authority, RunOptions, Severity
from aiconf.submission.told import LAYERS_FILE, OPTIONS, Told, entry_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """What a caller may choose; every value can be sent to another process.

    Attributes:
        catalog: A folder with rules/ and policies/, None for the shipped ones.
        select: Ids or files of rules that run, empty for all.
        ignore: Ids or files of rules that do not.
        authorities: Only findings of these count, empty for all.
        registry: A checkout of the programme's repository, None to look upward from each file.
        kubernetes_version: The minor to judge by (``v1.37``), None to take it from the folder or the file.
        members: The names on the member list and where they come from, None for the shipped list.
        online: Addresses to what the network says of them; of others nothing is said.
        reference: Evaluate with the reference engines.
        fail_on: The mildest severity that fails the run, None for never.
        layered: Whether the products are layered, None to find out.
        base: What they stand on: a name, an id of ``policies/distributions.yaml``, or an entry (``v1.35/eks``).
        layers: A layers.yaml; what it says counts as said by the submission, and before anything else that is.
        exceptions: The file of accepted findings, None for none.
        inline_ignores: Whether comments in the inputs accept findings.
        today: The day of the run (``YYYY-MM-DD``), by which exceptions expire; needed only where they do.
    """

    catalog: Path | None = None
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    authorities: tuple[Authority, ...] = ()
    registry: Path | None = None
    kubernetes_version: str | None = None
    members: tuple[str, tuple[str, ...]] | None = None
    online: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    reference: bool = False
    fail_on: Severity | None = Severity.ERROR
    layered: bool | None = None
    base: str | None = None
    layers: Path | None = None
    exceptions: Path | None = None
    inline_ignores: bool = True
    today: str | None = None


def told_by(options: Options) -> Told:
    """What the options say of layers.

    Raises:
        UsageError: They contradict one another.
        InputError: The layers.yaml cannot be used.
    """
    base = options.base.strip() if options.base is not None else None
    if base == "":
        raise UsageError("the base has no name: give one such as EKS")
    if options.layered is False and (base or options.layers):
        raise UsageError("a product that is not layered has no base and no layers: leave these out")
    if options.layers is not None:
        from aiconf.layers_file import load_layers  # noqa: PLC0415 - only with a layers.yaml

        file = load_layers(options.layers, options.catalog)
        layers = {"base": file.base, "layers": file.rows}
        told = Told(layered=True, base=file.base, where=LAYERS_FILE, layers=layers)
    else:
        told = Told(layered=options.layered)
    return told._replace(layered=True, base=entry_folder(base), where=OPTIONS) if base else told


def members_digest(names: Iterable[str]) -> str:
    """SHA-256 of a member list, in hexadecimal; the order of the names does not matter."""
    return sha256("\n".join(sorted(names)).encode("utf-8", "surrogatepass")).hexdigest()


def recorded(options: Options, checklists: str | None, *, policies_only: bool) -> RunOptions:
    """What a report says of how it came about, so that it can be made anew.

    Args:
        options: The caller's choice.
        checklists: The digest of the checkouts that were judged by, None without any.
        policies_only: Whether only rules ran that a cluster has a part in.
    """
    return RunOptions(
        select=options.select,
        ignore=options.ignore,
        authorities=options.authorities,
        kubernetes_version=options.kubernetes_version,
        registry=options.registry.as_posix() if options.registry else None,
        checklists=checklists,
        members=options.members and (options.members[0], members_digest(options.members[1])),
        online=bool(options.online),
        policies_only=policies_only,
        layered=options.layered,
        base=options.base,
        layers=options.layers.as_posix() if options.layers else None,
        inline_ignores=options.inline_ignores,
        today=options.today,
    )
