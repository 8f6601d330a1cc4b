"""What a layered product stands on, in the two registries: the base's entries, and whether the submission cites them.

The base's Kubernetes conformance (cncf/k8s-conformance) must be cited; its AI conformance is to be cited where the
registry at hand has an entry of it (faq.md). A citation is a link, wherever in the submission or its README it stands.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError
from aiconf.registry import version_key
from aiconf.source import load_source
from aiconf.submission.folder import ProductFolder
from aiconf.submission.platforms import slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.registry import Registry
    from aiconf.submission.layering import Layering
    from aiconf.submission.lexicon import Names
    from aiconf.submission.platforms import Platform, Platforms

_FOLDER = r"(?P<folder>[A-Za-z0-9][\w.-]*)"
_LINK = re.compile(
    rf"(?P<registry>k8s-conformance|k8s-ai-conformance)/(?:(?:tree|blob|raw)/[^/\s]+/)?(?P<version>v\d+\.\d+)/{_FOLDER}"
)
# A README links to its neighbours in the registry by relative paths.
_RELATIVE = re.compile(rf"(?<![\w/])(?:\.\./)+(?:(?P<version>v\d+\.\d+)/)?{_FOLDER}")
_KUBERNETES, _AI = "k8s-conformance", "k8s-ai-conformance"
IMPLEMENTED = "Implemented"


class Citation(NamedTuple):
    """A link to an entry.

    Attributes:
        registry: ``k8s-conformance`` or ``k8s-ai-conformance``.
        version: ``v1.37``, "" when a relative link names none.
        folder: The entry's folder.
    """

    registry: str
    version: str
    folder: str


class BaseEntry(NamedTuple):
    """The base's entry in the registry at hand.

    Attributes:
        version: Its minor: the submission's, or the closest earlier one.
        folder: Its folder.
    """

    version: str
    folder: str

    @property
    def path(self) -> str:
        """``v1.35/eks``."""
        return f"{self.version}/{self.folder}"


def citations(text: str) -> Iterator[Citation]:
    """Every link to an entry of either registry in a text."""
    for link in _LINK.finditer(text):
        yield Citation(link["registry"], link["version"], link["folder"].rstrip("."))
    for link in _RELATIVE.finditer(text):
        yield Citation(_AI, link["version"] or "", link["folder"].rstrip("."))


class Base:
    """The base of one submission.

    Args:
        platforms: The distributions known.
        layering: The conclusion that there is a base.
        own_folder: The submission's own folder, "" when unknown.
    """

    def __init__(self, platforms: Platforms, layering: Layering, own_folder: str) -> None:
        self._platforms, self._platform = platforms, layering.platform
        self._names = {slug(layering.base), slug(layering.folder)} - {"", slug(own_folder)}
        self._own_folder = slug(own_folder)

    def facts(self, texts: str, registry: Registry | None, version: str | None) -> dict[str, Any]:
        """What rules see of the base beside its name: ``conformance``, ``entry``, ``entry_cited``.

        Args:
            texts: The submission and its README.
            registry: The registry at hand, None without one.
            version: The minor the submission is judged by.
        """
        cited = list(dict.fromkeys(citations(texts)))
        certified = [found for found in cited if found.registry == _KUBERNETES and self.may_be(found.folder)]
        conformance = f"{certified[0].version}/{certified[0].folder}" if certified else ""
        entry = self.entry(registry, version) if registry and version else None
        return {
            "conformance": conformance,
            "entry": entry.path if entry else "",
            "entry_cited": any(found.registry == _AI and self.is_surely(found.folder) for found in cited),
        }

    def may_be(self, folder: str) -> bool:
        """Whether a folder cited may be the base's: of an unknown base, whatever is no other platform's."""
        found, name = self._platforms.named(folder), slug(folder)
        if self._platform is None:
            return found is None and name != self._own_folder
        return found is self._platform or (found is None and self._platforms.within(self._platform, name))

    def is_surely(self, folder: str) -> bool:
        """Whether a folder of the registry is the base's."""
        if self._platform is not None:
            return self._platforms.named(folder) is self._platform
        return slug(folder) in self._names

    def has(self, address: str) -> bool:
        """Whether an address leads into the base's entry of either registry."""
        return any(self.is_surely(found.folder) for found in citations(address))

    def entry(self, registry: Registry, version: str) -> BaseEntry | None:
        """The base's entry for a minor or the closest earlier one, None when the registry has none."""
        known = [found for found in registry.versions if version_key(found) <= version_key(version)]
        for minor in reversed(known):
            for folder in registry.products(minor):
                if self.is_surely(folder) and slug(folder) != self._own_folder:
                    return BaseEntry(minor, folder)
        return None


def implemented_by_base(registry: Registry, path: str, components: Names) -> dict[str, list[str]]:
    """Requirements that the base's entry says are Implemented, each with the ids of the components it names.

    Args:
        registry: The registry at hand.
        path: The entry, ``v1.35/eks``.
        components: Names of components, tagged with their ids.
    """
    if ProductFolder(registry.root / path, None, None).state("PRODUCT.yaml") != "file":  # or a link out of its folder
        return {}
    try:
        data = load_source(registry.root / path / "PRODUCT.yaml").data
    except InputError:  # it may not be read; then nothing is known of it
        return {}
    spec = data.get("spec")
    lists = [items for items in spec.values() if isinstance(items, list)] if isinstance(spec, dict) else []
    rows = [row for items in lists for row in items if isinstance(row, dict)]
    return {
        row["id"]: component_ids(components, row.get("notes"))
        for row in rows
        if isinstance(row.get("id"), str) and row.get("status") == IMPLEMENTED
    }


def component_ids(components: Names, text: Any) -> list[str]:
    """The components that a text names, each once, in order; none for what is no text."""
    return list(dict.fromkeys(kind for kind, *_ in components.find(text))) if isinstance(text, str) else []


def is_of(site: str, platform: Platform | None) -> bool:
    """Whether an address (host and path, without scheme) is one of the vendor of a platform.

    The data names hosts (``aws.amazon.com``, with all below it) and folders of shared ones (``github.com/awslabs``).
    """
    sites = platform.get("sites", ()) if platform else ()
    host, _, path = site.partition("/")
    return any(_covers(known, host.lower(), path.lower()) for known in sites)


def _covers(known: str, host: str, path: str) -> bool:
    known_host, _, known_path = known.partition("/")
    if known_path:
        return host == known_host and f"{path}/".startswith(f"{known_path}/")
    return host == known_host or host.endswith(f".{known_host}")


def names_of_components(components: Mapping[str, Any]) -> dict[str, list[str]]:
    """Component id to its names, as `lexicon.Names` wants them."""
    return {row["id"]: [row["name"], *row.get("aliases", ())] for row in components["components"]}
