"""What a caller says of a product's layers: it goes before what the submission lets one conclude."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.submission.layering import Reason
from aiconf.submission.platforms import short_name, slug

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.submission.layering import Layering
    from aiconf.submission.platforms import Platforms

ENTRY = re.compile(r"(v\d+\.\d+/(?P<folder>[A-Za-z0-9][\w.-]*))(?:/PRODUCT\.yaml|/)?")
LAYERS_FILE = "layers.yaml"
OPTIONS = "options"


def entry_folder(base: str) -> str:
    """The product folder of a registry's entry (``v1.35/eks`` gives ``eks``); any other name as it is."""
    match = ENTRY.fullmatch(base)
    return match["folder"] if match else base


class Told(NamedTuple):
    """What the caller knows; nothing by default.

    Attributes:
        layered: Whether the product is layered, None to find out.
        base: What it stands on, None to find out.
        where: Who says so: ``options`` or ``layers.yaml``.
        layers: The content of layers.yaml, empty without one.
    """

    layered: bool | None = None
    base: str | None = None
    where: str = OPTIONS
    layers: Mapping[str, Any] = MappingProxyType({})

    def base_name(self, platforms: Platforms) -> str | None:
        """The base as people call it, where it was given by an id or a folder."""
        platform = platforms.named(self.base) if self.base else None
        if platform is None or self.base is None or self.base != slug(self.base):
            return self.base
        return short_name(platform)

    def with_reason(self, layering: Layering) -> Layering:
        """A conclusion with what the caller said as the first of its reasons."""
        if self.layered is None:
            return layering
        who = LAYERS_FILE if self.where == LAYERS_FILE else "the caller"
        text = f"{who} says that the product is {'' if self.layered else 'not '}layered"
        if self.layered and self.base:
            text = f"{who} names the base '{layering.base}'"
            text += "" if layering.platform else ", which is no distribution that aiconf knows"
        reason = Reason("given", text, self.where, 0, conclusive=True, base=layering.base)
        return layering._replace(reasons=(reason, *layering.reasons))
