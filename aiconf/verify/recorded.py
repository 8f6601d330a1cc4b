"""The JSON report as it is read back: it comes from a stranger, so its size, shape and paths are checked first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import msgspec

from aiconf.errors import InputError
from aiconf.model import Authority, Proof, Severity

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = "aiconf/report/v1"
MAX_BYTES = 64 * 1024 * 1024
"""Largest report that is read; one of the sixty merged submissions has some 300 KB."""
_MOST = 100_000

_Words = Annotated[list[Annotated[str, msgspec.Meta(max_length=200)]], msgspec.Meta(max_length=1000)]
_Word = Annotated[str, msgspec.Meta(max_length=1000)]
_Path = Annotated[str, msgspec.Meta(min_length=1, max_length=4096)]


class Tool(msgspec.Struct, frozen=True):
    """What made the report."""

    name: str
    version: str
    engine: str
    catalog: str


class Input(msgspec.Struct, frozen=True):
    """One input of the report."""

    path: _Path
    kind: str
    sha256: str


class Members(msgspec.Struct, frozen=True):
    """The member list it was made with."""

    source: str
    sha256: str


class RecordedOptions(msgspec.Struct, frozen=True):
    """What was chosen; see ``aiconf.model.RunOptions``."""

    select: _Words = []
    ignore: _Words = []
    authority: list[Authority] = []
    fail_on: str = "error"
    kubernetes_version: str | None = None
    registry: _Path | None = None
    checklists: str | None = None
    members: Members | None = None
    online: bool = False
    snapshots: Annotated[list[_Path], msgspec.Meta(max_length=_MOST)] = []
    require: Proof | None = None
    policies_only: bool = False
    layered: bool | None = None
    base: _Word | None = None
    layers: _Path | None = None
    inline_ignores: bool = True
    today: _Word | None = None

    @property
    def threshold(self) -> Severity | None:
        """The mildest severity that fails the run, None for never.

        Raises:
            InputError: The word is none of the four.
        """
        if self.fail_on == "never":
            return None
        if self.fail_on not in list(Severity):
            raise InputError(f"options.fail_on is {self.fail_on[:40]!r}, and should be error, warning, note or never")
        return Severity(self.fail_on)


class Finding(msgspec.Struct, frozen=True):
    """A finding, with the keys of the contract; keys beside them are not compared."""

    id: str
    severity: str
    authority: str
    message: str
    path: str
    line: int
    column: int
    pointer: str
    requirement: str | None
    remediation: str
    suppressed: str | None


class Row(msgspec.Struct, frozen=True):
    """A requirement row, with the keys of the contract."""

    input: str
    id: str
    level: str | None
    status: str | None
    result: str | None
    proof: str | None
    owner: str
    component: str | None
    contribution: str
    objects: list[str]
    reasons: list[str]


class Problem(msgspec.Struct, frozen=True):
    """Something that could not be checked."""

    id: str | None
    path: str
    message: str


class Recorded(msgspec.Struct, frozen=True):
    """A JSON report."""

    format: str
    tool: Tool
    inputs: Annotated[list[Input], msgspec.Meta(max_length=_MOST)]
    verdict: str
    summary: dict[str, int]
    findings: Annotated[list[Finding], msgspec.Meta(max_length=_MOST)]
    requirements: Annotated[list[Row], msgspec.Meta(max_length=_MOST)]
    errors: Annotated[list[Problem], msgspec.Meta(max_length=_MOST)] = []
    options: RecordedOptions | None = None


def read_report(path: Path) -> Recorded:
    """Read a JSON report.

    Raises:
        InputError: It cannot be read, is too large, or is no report of this format.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from error
    if len(raw) > MAX_BYTES:
        raise InputError(f"{path} is larger than {MAX_BYTES:,} bytes, the most that is read as a report")
    return decode_report(raw, str(path))


def decode_report(raw: bytes | str, name: str) -> Recorded:
    """Decode a JSON report; see `read_report`."""
    try:
        report = msgspec.json.decode(raw, type=Recorded)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise InputError(f"{name} is no report of the format {FORMAT}: {str(error)[:300]}") from error
    if report.format != FORMAT:
        raise InputError(f"{name} has the format {report.format[:80]!r}; only {FORMAT} can be verified")
    return report


def inside(root: Path, path: str) -> Path:
    """Where a path of a report lies, links followed.

    Args:
        root: The folder that the report's paths are relative to, and outside of which nothing is read.
        path: As recorded.

    Raises:
        InputError: It lies outside, or is no path.
    """
    try:
        base = root.resolve(strict=True)
        found = (root / path).resolve()
    except (OSError, ValueError, RuntimeError) as error:
        raise InputError(f"{path[:200]} cannot be looked for below {root}: {error}") from error
    if not found.is_relative_to(base):
        raise InputError(f"{path[:200]} lies outside {root}; name what holds it with --root, --registry or --members")
    return root / path
