"""Links into GitHub: what they name, whether that will drift, and where the text behind them can be read."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

# Branches that move on with every change. Other branch names cannot be told from tags by looking at the link.
_MOVING = ("main", "master", "HEAD")
_FILE_VIEWS = frozenset({"blob", "raw", "blame", "edit"})
_RAW_HOST = "raw.githubusercontent.com"


@dataclass(frozen=True, slots=True)
class GitHubLink:
    """A link to a repository, or to a file or folder in it.

    Attributes:
        repository: ``owner/name``.
        view: ``blob``, ``tree``, ``raw``, ``blame``, ``edit``; "" for the repository itself.
        path: The branch, tag or commit with the path behind it, as in the link: where the one ends and the other begins
            only the repository knows, since a branch's name may hold slashes. "" for the repository itself.
        fragment: What stands behind ``#``, as it is.
    """

    repository: str
    view: str
    path: str
    fragment: str

    @property
    def is_file(self) -> bool:
        """Whether it names a file."""
        return self.view in _FILE_VIEWS

    @property
    def drifts(self) -> bool:
        """Whether it names a file on a branch that moves on, so that it will show something else one day."""
        return self.is_file and self.path.removeprefix("refs/heads/").startswith(tuple(f"{b}/" for b in _MOVING))

    @property
    def raw_url(self) -> str:
        """Where the text of the file can be read, of its README for a repository or folder."""
        path = self.path or "HEAD"
        return f"https://{_RAW_HOST}/{self.repository}/{path if self.is_file else path + '/README.md'}"


def parse_link(url: str) -> GitHubLink | None:
    """Read a link; None when it is not one into a GitHub repository's files.

    Any text may be given.
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    segments = [segment for segment in parts.path.split("/") if segment]
    place = _raw_place(segments) if host == _RAW_HOST else _place(segments) if host == "github.com" else None
    return GitHubLink("/".join(segments[:2]), *place, parts.fragment) if place else None


def _place(segments: list[str]) -> tuple[str, str] | None:
    """The view and path of github.com's addresses."""
    match segments:
        case [_, _]:
            return "", ""
        case [_, _, "tree", _, *_]:
            return "tree", "/".join(segments[3:])
        case [_, _, view, _, _, *_] if view in _FILE_VIEWS:
            return view, "/".join(segments[3:])
    return None


def _raw_place(segments: list[str]) -> tuple[str, str] | None:
    """The same for the host that serves the files alone: owner, name, branch, path."""
    return ("raw", "/".join(segments[2:])) if len(segments) >= 4 else None  # noqa: PLR2004 - those four
