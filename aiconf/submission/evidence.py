"""What an entry of ``evidence`` is, and where it leads.

The reading follows the programme's validator: blank entries count for nothing, ``http(s)`` is an address, and all else
is a file of the product's folder, for which ``file://`` and a leading slash are stripped, a ``#fragment`` is split off,
and the product's own ``vX.Y/<product>/`` prefix is taken away.
"""

from __future__ import annotations

import json
import posixpath
import re
from typing import TYPE_CHECKING, Any

from aiconf.submission.address import LONGEST, flaw, host_of, is_address, scheme_of, why_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.submission.folder import ProductFolder
    from aiconf.submission.placeholders import Placeholders

ARTIFACT_NAMES = ("junit.xml", "results.json", "e2e.log")

# An ending has a letter, which the number of a version has not.
_ENDING = re.compile(r"[^\s/]\.(?=[0-9]{0,7}[A-Za-z])[A-Za-z0-9]{1,8}\Z")
_SHAPES = {str: "string", dict: "mapping", type(None): "null"}
_SHOWN = 200
# A sentence names few files; the bound keeps a long text from asking for thousands.
_MOST_WORDS = 50
_FACTS: dict[str, Any] = {
    "kind": "not_string",
    "reason": "",
    "target": "",
    "scheme": "",
    "host": "",
    "file": "",
    "fragment": "",
    "state": "",
    "nearest": "",
    "artifact": False,
}


class EvidenceReader:
    """Reads the evidence of one submission.

    Args:
        folder: The product's folder.
        placeholders: What stands for a value.
        online: Addresses to what the network says of them.
    """

    def __init__(self, folder: ProductFolder, placeholders: Placeholders, online: Mapping[str, Any]) -> None:
        self.folder, self.placeholders, self.online = folder, placeholders, online

    def read(self, raw: object, requirement: str, pointer: str, *, absent: bool) -> dict[str, Any]:
        """Facts of one requirement's evidence.

        Args:
            raw: The value as it stands in the document.
            requirement: The id of the requirement.
            pointer: Where the value stands.
            absent: The key is not there at all.

        Returns:
            ``shape`` (list, empty, string, mapping, null, absent, other), ``items``, and ``filled``: how many entries
            are there that are not blank.
        """
        if absent or not isinstance(raw, list):
            shape = "absent" if absent else _SHAPES.get(type(raw), "other")
            return {"shape": shape, "items": [], "filled": int(shape not in ("absent", "null") and raw != "")}
        items: list[dict[str, Any]] = []
        seen: dict[str, int] = {}
        for index, entry in enumerate(raw):
            item = self.item(entry)
            target = item["target"] or f"\0{index}"
            items.append(
                {
                    "requirement": requirement,
                    "pointer": f"{pointer}/{index}",
                    "duplicate_of": seen.get(target),
                    "online": self.online.get(item["text"]),
                    "of_base": False,
                    **item,
                }
            )
            seen.setdefault(target, index)
        filled = sum(item["kind"] != "blank" for item in items)
        return {"shape": "list" if items else "empty", "items": items, "filled": filled}

    def item(self, entry: object) -> dict[str, Any]:
        """Facts of one entry. Every key is always there.

        Returns:
            ``is_string``, ``type`` and ``text``; ``padded``: white space stands around it; ``kind``: url, file, blank,
            placeholder, prose, malformed_url or not_string; ``reason``: what is wrong with it, as far as that can be
            told; ``target``: equal for two entries that lead to the same place; ``scheme`` and ``host`` of an address;
            ``file`` in the product's folder, ``fragment`` and ``state`` (see `ProductFolder.place`), and the
            ``nearest`` file there is; ``artifact``: the file's name says that it is test output.
        """
        is_string = isinstance(entry, str)
        padded = isinstance(entry, str) and entry != entry.strip()
        facts = {"is_string": is_string, "type": _type(entry), "text": _shown(entry), "padded": padded, **_FACTS}
        if entry is None or (isinstance(entry, str) and not entry.strip()):
            return facts | {"kind": "blank"}  # null is a dash with nothing behind it
        return facts | self._classify(entry) if isinstance(entry, str) else facts

    def _classify(self, raw: str) -> dict[str, Any]:
        text = raw.strip()
        if placeholder := self.placeholders.find(text, "evidence"):
            return {"kind": "placeholder", "reason": placeholder["reason"], "target": text}
        if is_address(text):
            reason = flaw(raw)
            names = {"scheme": scheme_of(text), "host": host_of(text)}
            return {"kind": "malformed_url" if reason else "url", "reason": reason, "target": text.rstrip("/"), **names}
        if len(text) > LONGEST:
            return {"kind": "prose", "reason": f"it is longer than {LONGEST:,} characters", "target": text}
        return self._no_address(text)

    def _no_address(self, text: str) -> dict[str, Any]:
        file = self._file(text)
        if file["state"] in ("file", "directory"):
            return file
        if reason := why_none(text) or self._bare(text):
            return {"kind": "malformed_url", "reason": reason, "scheme": scheme_of(text), "target": text}
        return file if file["file"] and self._is_file_name(text) else self._prose(text)

    def _bare(self, text: str) -> str:
        return "it has no https:// in front" if self.placeholders.has_form(text, "bare_address") else ""

    def _file(self, text: str) -> dict[str, Any]:
        path, _, fragment = text.removeprefix("file://").partition("#")
        path = path.strip().removeprefix("/")
        name, state = self.folder.place(path) if path else ("", "missing")
        return {
            "kind": "file",
            "reason": _caution(path) if state == "missing" else "",
            "file": name,
            "fragment": fragment,
            "state": state,
            "nearest": self.folder.nearest(name) if name and state == "missing" else "",
            # The validator compares these names without regard to case.
            "artifact": posixpath.basename(name).lower() in ARTIFACT_NAMES,
            "target": f"{name}#{fragment}",
        }

    def _is_file_name(self, text: str) -> bool:
        """Whether a text that names no file was meant to: file names may have spaces, and sentences file names."""
        path = text.partition("#")[0].strip()
        if text.startswith("file://"):
            return True
        if not re.search(r"[\s,;]", path):
            return any(mark in path for mark in "/\\_-") or bool(_ENDING.search(path) or self.folder.nearest(path))
        if len(_files_named(path)) > 1 or self.placeholders.has_form(path, "sentence"):
            return False
        return _ENDING.search(path) is not None

    def _prose(self, text: str) -> dict[str, Any]:
        named = [name for name in _files_named(text) if self.folder.state(name) == "file"]
        reason = "it names several files" if len(named) > 1 else ""
        return {"kind": "prose", "reason": reason, "nearest": named[0] if named else "", "target": text}


def _files_named(text: str) -> list[str]:
    """The words of a text that look like file names."""
    words = [word.strip("()[]<>\"'`,;:.!") for word in re.split(r"[\s,;]", text[:LONGEST], maxsplit=_MOST_WORDS)]
    return [word for word in words if _ENDING.search(word)]


def _caution(path: str) -> str:
    """What is odd about the path of a file that is not there."""
    if "\\" in path:
        return "it is written with backslashes"
    return "~ stands for nobody's home here" if path.startswith("~") else ""


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", dict: "mapping", list: "list", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), "value")


def _shown(value: object) -> str:
    if isinstance(value, str):
        text = value.strip()
        return text if len(text) <= LONGEST else f"{text[:_SHOWN]}…"
    return json.dumps(value, ensure_ascii=False, default=str)[:_SHOWN]
