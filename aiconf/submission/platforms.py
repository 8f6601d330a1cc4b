"""Kubernetes distributions by the names that texts and conformance folders give them."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.submission.lexicon import Names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Platform = Mapping[str, Any]

_SHORT = 20  # characters; "Charmed Kubernetes" is said in full
_NOT_ALPHANUMERIC = re.compile(r"[^a-z0-9]+")
# "Amazon Web Services (AWS)" or "OCI Kubernetes Engine (OKE)": what stands in brackets names it too.
_BRACKETED = re.compile(r"\(([^()]{2,40})\)")


def slug(name: str) -> str:
    """A name in lower case with hyphens: ``OCI Kubernetes Engine`` gives ``oci-kubernetes-engine``."""
    return _NOT_ALPHANUMERIC.sub("-", name.lower()).strip("-")


def short_name(platform: Platform) -> str:
    """What people call it: its name, or where that is long, the first alias."""
    name: str = platform["name"]
    return name if len(name) <= _SHORT else platform.get("aliases", [name])[0]


class Platforms:
    """The distributions known to the catalog."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._all: Sequence[Platform] = data["distributions"]

    @cached_property
    def _by_slug(self) -> dict[str, Platform]:
        found: dict[str, Platform] = {}
        for platform in self._all:
            for name in (platform["id"], *_names(platform), *platform.get("folders", ())):
                found.setdefault(slug(name), platform)
        return found

    @cached_property
    def _by_id(self) -> dict[str, Platform]:
        return {platform["id"]: platform for platform in self._all}

    @cached_property
    def _names(self) -> Names:
        return Names({platform["id"]: _names(platform) for platform in self._all})

    def named(self, name: str) -> Platform | None:
        """The platform that a whole name or folder name stands for, whatever its case; None when it is unknown."""
        bare = _BRACKETED.sub("", name)
        candidates = (name, bare, *_BRACKETED.findall(name))
        return next((self._by_slug[slug(part)] for part in candidates if slug(part) in self._by_slug), None)

    def own(self, names: Iterable[str]) -> Platform | None:
        """The platform that a product is: a name stands for it, contains its full name or is a part of that."""
        names = [name for name in names if name]
        for name in names:
            if platform := self.named(name):
                return platform
        slugs = [slug(_BRACKETED.sub("", name)) for name in names]
        return next((p for p in self._all if any(_overlaps(slug(p["name"]), name) for name in slugs)), None)

    def within(self, platform: Platform, folder: str) -> bool:
        """Whether a folder's name, as a slug, has one of a platform's names in it ("openshift-4")."""
        return any(f"-{slug(name)}-" in f"-{folder}-" for name in (platform["id"], *_names(platform)))

    def same_vendor(self, vendor: str, platform: Platform) -> bool:
        """Whether a vendor's name is, or contains, that of the platform's vendor."""
        known = {slug(platform["vendor"]), *(slug(alias) for alias in platform.get("vendor_aliases", ()))}
        return any(f"-{name}-" in f"-{slug(vendor)}-" for name in known)

    def mentions(self, text: str) -> list[tuple[Platform, int, int]]:
        """Every platform named in a text, letter for letter, with its place."""
        return [(self._by_id[kind], start, end) for kind, start, end in self._names.find(text)]

    def names(
        self, base: str, base_platform: Platform | None, own: Iterable[str], components: Mapping[str, Any]
    ) -> Names:
        """The names that a layered submission speaks in, tagged as the lexicon wants them.

        Args:
            base: What the submission calls its base.
            base_platform: The platform that is, None when it is unknown.
            own: The names of the product, its vendor and the components it says are its own.
            components: ``policies/components.yaml``.
        """
        own = [name for name in own if name]
        mine = {name.lower() for name in own}
        others = [name for p in self._all if p is not base_platform for name in _names(p)]
        bases = [base]
        if base_platform:
            bases += [
                *_names(base_platform),
                *base_platform.get("vendor_aliases", ()),
                *base_platform.get("features", ()),
            ]
        tagged = {
            "component": [name for c in components["components"] for name in _names(c)],
            "other_platform": others,
            "base": [name for name in bases if name],
            "own": own,
        }
        # A vendor may stand on its own platform; then its name does not tell the two apart.
        return Names(
            {kind: [n for n in names if kind == "own" or n.lower() not in mine] for kind, names in tagged.items()}
        )


def _names(entry: Mapping[str, Any]) -> list[str]:
    return [entry["name"], *entry.get("aliases", ())]


def _overlaps(platform: str, name: str) -> bool:
    """Whether one of two slugs contains the other as whole words; one word alone says too little."""
    short, long = sorted((platform, name), key=len)
    return short.count("-") >= 1 and f"-{short}-" in f"-{long}-"
