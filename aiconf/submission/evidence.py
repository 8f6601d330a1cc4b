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
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.submission.folder import ProductFolder
    from aiconf.submission.placeholders import Placeholders

ARTIFACT_NAMES = ("junit.xml", "results.json", "e2e.log")

_PRODUCT_PATH = re.compile(r"v\d+\.\d+/[^/]+/")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_BROKEN_HTTP = re.compile(r"(https?[:/]|h?t?tps?:/|www\.)", re.IGNORECASE)
# Two labels at the least; \w covers international names, which clients encode themselves.
_HOST = re.compile(r"(\w([\w-]*\w)?\.)+\w[\w-]*\.?|localhost|\[[0-9A-Fa-f:.]+\]")
_ENDING = re.compile(r"[^\s/]\.[A-Za-z0-9]{1,8}\Z")
_FILE_NAMED_IN_TEXT = re.compile(r"[\w./-]+\.(?:md|txt|log|xml|json|yaml|yml|html|pdf|png|sh)\b", re.ASCII)
_SHAPES = {str: "string", dict: "mapping", type(None): "null"}


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
                    **item,
                }
            )
            seen.setdefault(target, index)
        filled = sum(item["kind"] != "blank" for item in items)
        return {"shape": "list" if items else "empty", "items": items, "filled": filled}

    def item(self, entry: object) -> dict[str, Any]:
        """Facts of one entry; ``kind`` is url, file, blank, placeholder, prose, malformed_url or not_string."""
        facts = {"is_string": isinstance(entry, str), "type": _type(entry), "text": _shown(entry), "target": ""}
        facts |= {"kind": "not_string", "reason": "", "nearest": ""}
        facts |= {"file": "", "fragment": "", "state": "", "artifact": False}
        if isinstance(entry, str):
            facts |= self._classify(entry.strip())
        elif entry is None:
            facts |= {"kind": "blank"}  # a dash with nothing behind it
        return facts

    def _classify(self, text: str) -> dict[str, Any]:
        if not text:
            return {"kind": "blank"}
        if placeholder := self.placeholders.find(text, "evidence"):
            return {"kind": "placeholder", "reason": placeholder["reason"], "target": text}
        scheme = _SCHEME.match(text)
        if scheme and scheme[1].lower() in ("http", "https"):
            return self._address(text)
        file = self._file(text)
        if file["state"] in ("file", "directory"):
            return file
        if reason := _why_no_address(text, scheme[1].lower() if scheme else ""):
            return {"kind": "malformed_url", "reason": reason, "target": text}
        return file if _looks_like_a_file(text) else self._prose(text)

    def _address(self, text: str) -> dict[str, Any]:
        reason = _flaw(text)
        kind = "malformed_url" if reason else "url"
        return {"kind": kind, "reason": reason, "target": text.rstrip("/")}

    def _prose(self, text: str) -> dict[str, Any]:
        named = _FILE_NAMED_IN_TEXT.search(text)
        near = named[0] if named and self.folder.state(named[0]) == "file" else ""
        return {"kind": "prose", "nearest": near, "target": text}

    def _file(self, text: str) -> dict[str, Any]:
        text = text[7:] if text.lower().startswith("file://") else text
        path, _, fragment = text.lstrip("/").partition("#")
        own = f"{self.folder.version}/{self.folder.product}/"
        path = path.removeprefix(own)
        name = posixpath.normpath(path) if path else ""
        state = self._state(name)
        return {
            "kind": "file",
            "file": name,
            "fragment": fragment,
            "state": state,
            "nearest": self.folder.nearest(name) if state == "missing" else "",
            "artifact": posixpath.basename(name) in ARTIFACT_NAMES,
            "target": f"{name}#{fragment}",
        }

    def _state(self, name: str) -> str:
        if name == ".." or name.startswith("../"):
            return "outside"
        if _PRODUCT_PATH.match(name):
            return "other_product"
        return self.folder.state(name) if name not in ("", ".") else "missing"


def _flaw(text: str) -> str:
    """Why an ``http(s)`` address cannot be opened, "" when nothing speaks against it."""
    if re.search(r"[\s,;|]\s*https?://", text):
        return "it holds two addresses"
    if re.search(r"\s", text):
        return "it holds a space"
    if text[-1] in "])>}\"',;" and not _balanced(text):
        return f"it ends in a stray {text[-1]}"
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "its host or port is malformed"
    return "" if _HOST.fullmatch(f"[{host}]" if ":" in host else host) else "it has no host name"


def _balanced(text: str) -> bool:
    """A closing bracket with its partner belongs to the address, as in ``.../Foo_(bar)``."""
    pairs = {"]": "[", ")": "(", ">": "<", "}": "{"}
    closing = text[-1]
    return closing in pairs and text.count(closing) <= text.count(pairs[closing])


def _why_no_address(text: str, scheme: str) -> str:
    """Why a text that was meant as an address is none, "" when it was not meant as one."""
    if re.match(r"\[[^\]]*\]\(\s*https?://", text):
        return "it is a Markdown link; write the address alone"
    if re.match(r"<\s*https?://", text):
        return "it stands in angle brackets"
    if scheme and scheme != "file":
        return f"{scheme}:// is neither http:// nor https://"
    if _BROKEN_HTTP.match(text):
        return "it does not begin with https://"
    return "a text stands before the address" if re.search(r"https?://", text) else ""


def _looks_like_a_file(text: str) -> bool:
    path = text.partition("#")[0]
    if re.search(r"\s", path):
        # A name may have spaces, a sentence has no ending; "see x.md" has both, and begins with a small word.
        return bool(_ENDING.search(path)) and not re.match(
            r"(?i)(see|in|cf\.?|refer|documented|described|as|the|our|please)\b", path
        )
    return "/" in path or bool(_ENDING.search(path)) or bool(re.fullmatch(r"[\w.~-]*[_-][\w.~-]*", path))


def _type(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    names = {str: "string", dict: "mapping", list: "list", int: "number", float: "number", type(None): "null"}
    return names.get(type(value), "value")


def _shown(value: object) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)[:200]
