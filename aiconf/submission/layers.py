"""The facts of a layered product: that it is one and on what it stands, who owns what, and how it is worded.

`LayerReader.read` adds to the facts of a submission:

- ``layered``, ``base`` ({name, known, conformance, entry, entry_cited}) and ``layered_reasons[]``
  {kind, text, where, line, conclusive};
- ``entries[].attribution``, see `_attribution`, and ``entries[].evidence[].of_base``;
- ``roadmap[]``: what the README lists as on the programme's roadmap;
- ``retest[]``: where it is said that the whole stack was tested again;
- ``sentences[]``: those of notes, description and README that say something of somebody, see `wording.sentence_facts`,
  with ``place`` of the first telling words.

The words are data (``rules/wording.yaml``, ``rules/labels.yaml``) and are compiled for the first submission that needs
them: one that stands on nothing needs few.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from aiconf.submission.labels import Labels
from aiconf.submission.layering import LayeringReader, Submission, Text, comment_texts
from aiconf.submission.platforms import Platforms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.source import Source
    from aiconf.submission.facts import Surroundings
    from aiconf.submission.folder import ProductFolder
    from aiconf.submission.layering import Layering

README = "README.md"
_README_LIMIT = 1024 * 1024
UNSTATED: dict[str, Any] = {
    "owner": "unstated",
    "component": "",
    "contribution": "unstated",
    "level": "",
    "does_not_apply": "",
    "in_base": None,
    "owner_place": None,
    "contribution_place": None,
    "contradictions": [],
}
NOT_LAYERED: dict[str, Any] = {
    "layered": False,
    "base": None,
    "layered_reasons": [],
    "roadmap": [],
    "retest": [],
    "sentences": [],
}


class LayerReader:
    """Reads what submissions say of layers, with the catalog's words and names.

    Args:
        data: The catalog's data files by name.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    @cached_property
    def labels(self) -> Labels:
        """The words of ``rules/labels.yaml``."""
        return Labels(self.data["labels"])

    @cached_property
    def platforms(self) -> Platforms:
        """The names of ``policies/distributions.yaml``."""
        return Platforms(self.data["distributions"])

    @cached_property
    def lexicon(self) -> Any:
        """The patterns of ``rules/wording.yaml``."""
        from aiconf.submission.lexicon import Lexicon  # noqa: PLC0415 - only for a layered product

        return Lexicon(self.data["wording"])

    @cached_property
    def _layering(self) -> LayeringReader:
        return LayeringReader(self.labels, self.platforms)

    def read(self, facts: dict[str, Any], source: Source, around: Surroundings) -> None:
        """Add the facts of layers to those of a submission."""
        readme = _readme(around.folder)
        layering = self._conclude(facts, source, around, readme)
        facts["layered_reasons"] = [_reason(reason) for reason in layering.reasons]
        facts["layered"] = layering.layered
        if layering.layered:
            from aiconf.submission.stack import Stack  # noqa: PLC0415 - only for a layered product

            Stack(self, facts, source, layering, readme).describe(around)

    def _conclude(self, facts: dict[str, Any], source: Source, around: Surroundings, readme: str) -> Layering:
        folder, told = around.folder, around.told
        description = facts["metadata"].get("description")
        texts = [Text("/metadata/description", description)] if isinstance(description, str) else []
        texts += [Text(README, readme, 1)] if readme else []
        texts += comment_texts((comment.line, comment.text) for comment in source.comments)
        notes = {f"{entry['pointer']}/notes": entry["notes"] for entry in facts["entries"]}
        submission = Submission(facts["metadata"], folder.product or "", notes, texts)
        base = told.base_name(self.platforms) if told.base else None
        return told.with_reason(self._layering.conclude(submission, layered=told.layered, base=base))


def _readme(folder: ProductFolder) -> str:
    """The README beside the submission, "" without one; a link out of the folder is not followed."""
    if folder.root is None or folder.state(README) != "file":
        return ""
    try:
        with (folder.root / README).open("rb") as file:
            return file.read(_README_LIMIT).decode("utf-8-sig", "replace")
    except OSError:
        return ""


def _reason(reason: Any) -> dict[str, Any]:
    keys = ("kind", "text", "where", "line", "conclusive")
    return {key: getattr(reason, key) for key in keys}
