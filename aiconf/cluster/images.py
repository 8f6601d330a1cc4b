"""Container images by the end of their path, whatever registry mirrors them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Generic, TypeVar

from aiconf.snapshot.automaton import match_whole

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

Name = TypeVar("Name", bound="Hashable")

_TAG = re.compile(r":([^/:]*)$")
_VERSION = re.compile(r"[vV]?\d+(?:\.\d+)+[\w.+-]*|v\d+", re.ASCII)


def image_path(image: str) -> str:
    """An image without tag and digest: ``registry.k8s.io/kueue/kueue`` of ``registry.k8s.io/kueue/kueue:v0.19.2``."""
    return _TAG.sub("", image.partition("@")[0])


def image_version(image: str) -> str | None:
    """The tag of an image, when it is a version; ``latest`` and a digest are none."""
    tag = _TAG.search(image.partition("@")[0])
    return tag[1] if tag and _VERSION.fullmatch(tag[1]) else None


def _pattern(tail: str) -> str:
    return "[^/]*".join(map(re.escape, tail.split("*")))  # what re escapes is the same to RE2


class Images(Generic[Name]):
    """Tells whose an image is.

    A tail is the last parts of an image's path, such as ``kueue/kueue``; ``*`` stands for anything within a part.

    Args:
        tails: Names of any kind, and the tails that each is known by.
    """

    def __init__(self, tails: Mapping[Name, Iterable[str]]) -> None:
        rows = [(name, f"(?:.*/)?{_pattern(tail)}") for name, own in tails.items() for tail in own]
        self._names = [name for name, _ in rows]
        self._match = match_whole(pattern for _, pattern in rows)
        self._known: dict[str, frozenset[Name]] = {}

    def of(self, image: str) -> frozenset[Name]:
        """The names whose tails an image has."""
        if image not in self._known:
            found = self._match(image_path(image).encode("utf-8", "replace")) or ()
            self._known[image] = frozenset(self._names[number] for number in found)
        return self._known[image]
