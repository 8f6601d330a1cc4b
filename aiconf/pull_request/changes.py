"""What a branch changes against where it left another: files and commits, as git tells them.

The files are compared between the merge base and the working tree, so that a change counts before it is committed. A
file that git does not know yet is no part of a pull request until it is added.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aiconf.errors import InputError, UsageError
from aiconf.pull_request.git import Git, GitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FILE_NAME = "PRODUCT.yaml"
# GitHub shows no more than 3,000 files of a pull request; one with more commits than this is held against a wrong base.
MOST_CHANGES = 3_000
MOST_COMMITS = 1_000

_STATUSES = {"A": "added", "D": "deleted", "M": "modified", "T": "modified", "U": "modified"}
_KINDS = {"120000": "link", "160000": "submodule", "000000": "file"}
_FIELDS = ("%H", "%P", "%an", "%ae", "%cn", "%ce", "%B")
_SIGN_OFF = re.compile(r"^Signed-off-by:[ \t]*(.*?)[ \t]*<([^<>\n]*)>[ \t]*$", re.IGNORECASE | re.MULTILINE)
_DEEPEN = "fetch the whole history: 'git fetch --unshallow', or in actions/checkout 'fetch-depth: 0'"


class Change(NamedTuple):
    """A changed file.

    Attributes:
        path: From the root of the repository, with forward slashes; bytes that are no UTF-8 are surrogates.
        status: ``added``, ``modified`` or ``deleted``. A file that moved is one deleted and one added.
        kind: ``file``, ``link`` (symbolic) or ``submodule``.
    """

    path: str
    status: str
    kind: str = "file"


class Person(NamedTuple):
    """Whom a commit or a trailer names."""

    name: str
    email: str


class Commit(NamedTuple):
    """A commit.

    Attributes:
        sha: Its full name.
        parents: How many it has; a merge has several.
        author: Who wrote it.
        committer: Who made the commit.
        message: All of it.
    """

    sha: str
    parents: int
    author: Person
    committer: Person
    message: str

    @property
    def subject(self) -> str:
        """The first line of its message."""
        return self.message.strip().split("\n", maxsplit=1)[0]

    @property
    def sign_offs(self) -> list[Person]:
        """The people its trailers name, in order."""
        return [Person(*found) for found in _SIGN_OFF.findall(self.message)]


class Changes(NamedTuple):
    """What a branch changes.

    Attributes:
        base: What it was compared with, as the caller named it.
        root: The top folder of the working tree.
        folder: The folder that reported paths are relative to.
        files: The changed files, sorted by path.
        commits: The commits that the base does not have, oldest first.
        tracked: The paths of all files that git knows in the changed folders, without the deleted ones.
    """

    base: str
    root: Path
    folder: Path
    files: tuple[Change, ...]
    commits: tuple[Commit, ...]
    tracked: frozenset[str]

    def reported(self, path: str) -> str:
        """A path as the caller would write it, fit to be shown."""
        return shown(path if self.root == self.folder else self._place(path).as_posix())

    def owner(self, path: str) -> str | None:
        """The submission that a file belongs to: the one in its folder, or in the nearest folder above.

        Only a plain file counts: a link may lead anywhere on the machine that lints.

        Raises:
            InputError: It is in the repository and not in the working tree.
        """
        folder = posixpath.dirname(path)
        while True:
            candidate = posixpath.join(folder, FILE_NAME)
            if self._is_file(candidate):
                return candidate
            if candidate in self.tracked:
                self.demand(candidate)
            if not folder:
                return None
            folder = posixpath.dirname(folder)

    def owners(self) -> list[str]:
        """The submissions that changed or own a changed file, sorted, from the root of the repository."""
        return sorted({owner for change in self.files if (owner := self.owner(change.path))})

    def unread(self) -> list[str]:
        """The submissions that changed and are no plain files: nobody linted them."""
        return [
            change.path
            for change in self.files
            if posixpath.basename(change.path) == FILE_NAME and change.status != "deleted" and change.kind != "file"
        ]

    def demand(self, path: str) -> None:
        """Refuse to go on without a file that git knows: what is not looked at must not pass.

        Raises:
            InputError: The working tree does not have it.
        """
        if not os.path.lexists(self.root / path):
            raise InputError(f"{self.reported(path)} is not checked out (a sparse checkout?), so it cannot be linted")

    def submissions(self) -> list[Path]:
        """The same, relative to the caller's folder."""
        return [self._place(path) for path in self.owners()]

    def _place(self, path: str) -> Path:
        return Path(os.path.relpath(self.root / path, self.folder))

    def _is_file(self, path: str) -> bool:
        try:
            return stat.S_ISREG((self.root / path).lstat().st_mode)
        except (OSError, ValueError):
            return False


def shown(path: str) -> str:
    r"""A path in characters that can be printed and encoded: what is no UTF-8 is written ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_changes(base: str, folder: Path, environment: Mapping[str, str]) -> Changes:
    """Ask git what the working tree and the branch it stands on change.

    Args:
        base: The branch, tag or commit to compare with. The comparison is with the commit where the two parted.
        folder: A folder of the working tree; reported paths are relative to it.
        environment: For git; its own variables are left out but for its configuration.

    Raises:
        UsageError: The base is no name of a commit.
        InputError: There is no repository, the base or its history is not there, or the change is beyond all measure.
    """
    if base.startswith("-") or not base or "\0" in base:
        raise UsageError(f"--changed-since {base}: write a branch, tag or commit, such as origin/main")
    git = Git(folder, environment)
    root = Path(git.line("rev-parse", "--show-toplevel"))
    git = git.at(root)
    tip = _commit(git, "HEAD")
    start = _merge_base(git, base, _commit(git, base), tip)
    files = tuple(sorted(_files(git, start)))
    changes = Changes(
        base=base,
        root=root,
        folder=folder.resolve(),
        files=files,
        commits=tuple(_commits(git, base, tip)),
        tracked=_tracked(git, files),
    )
    for change in files:
        if change.status != "deleted" and change.kind != "submodule":
            changes.demand(change.path)
    return changes


def _commit(git: Git, name: str) -> str:
    try:
        return git.line("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except GitError as error:
        if name == "HEAD":
            raise InputError("the repository has no commit yet; --changed-since compares with one") from error
        raise InputError(
            f"--changed-since {name}: the repository has no such commit. Fetch it first, as in 'git fetch origin', or "
            f"{_DEEPEN}"
        ) from error


def _merge_base(git: Git, name: str, base: str, tip: str) -> str:
    cut = _cut_history(git, base, tip)
    try:
        found = git.line("merge-base", base, tip)
    except GitError as error:
        if cut is None:
            raise InputError(f"--changed-since {name}: it has no commit in common with HEAD") from error
        found = ""
    if cut or not found:
        raise InputError(f"--changed-since {name}: the history ends before the two meet (a shallow clone); {_DEEPEN}")
    return found


def _cut_history(git: Git, base: str, tip: str) -> bool | None:
    """Whether a commit that only one side has is where a shallow clone was cut; None in a whole one."""
    if git.line("rev-parse", "--is-shallow-repository") != "true":
        return None
    place = Path(git.line("rev-parse", "--path-format=absolute", "--git-path", "shallow"))
    cuts = set(place.read_text(encoding="ascii").split())
    between = git.run("rev-list", f"{base}...{tip}").decode("ascii").split()
    return not cuts.isdisjoint(between)


def _files(git: Git, start: str) -> Iterator[Change]:
    """Changed files, from ``git diff --raw -z``: ``:modes shas status NUL path NUL``."""
    fields = iter(
        git.run(
            *("diff", "--raw", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color", "--abbrev"),
            *("--ignore-submodules=dirty", "--no-relative", start, "--"),
        ).split(b"\0")
    )
    for number, (head, path) in enumerate(zip(fields, fields, strict=False)):
        if number == MOST_CHANGES:
            raise InputError(f"more than {MOST_CHANGES:,} files changed; is --changed-since given the right branch?")
        _, mode, _, _, status = head.decode("ascii").split(" ")
        yield Change(os.fsdecode(path), _STATUSES.get(status[0], "modified"), _KINDS.get(mode, "file"))


def _commits(git: Git, base: str, tip: str) -> Iterator[Commit]:
    output = git.run(
        *("log", "-z", "--reverse", "--topo-order", f"--max-count={MOST_COMMITS + 1}", "--no-decorate", "--no-notes"),
        *("--no-show-signature", "--no-patch", "--no-color", "--encoding=UTF-8", f"--format={'%x00'.join(_FIELDS)}"),
        *(tip, f"^{_commit(git, base)}", "--"),
    )
    fields = output.decode("utf-8", "replace").split("\0")
    size = len(_FIELDS)
    if len(fields) > MOST_COMMITS * size + 1:
        raise InputError(f"more than {MOST_COMMITS:,} commits; is --changed-since given the right branch?")
    for index in range(0, len(fields) - size + 1, size):
        sha, parents, author, author_email, committer, committer_email, message = fields[index : index + size]
        yield Commit(
            sha, len(parents.split()), Person(author, author_email), Person(committer, committer_email), message
        )


def _tracked(git: Git, files: tuple[Change, ...]) -> frozenset[str]:
    """The files that git knows in the folders that may be products', without those deleted and not yet staged.

    The names of folders are no patterns here. A file that a sparse checkout leaves out does not count as deleted.
    """
    folders = {"/".join(change.path.split("/")[:2]) for change in files if change.path.count("/") > 1}
    if not folders:
        return frozenset()
    known, gone = (
        set(git.run("--literal-pathspecs", "ls-files", "-z", option, "--", *sorted(folders)).split(b"\0"))
        for option in ("--cached", "--deleted")
    )
    return frozenset(os.fsdecode(name) for name in known - gone if name)
