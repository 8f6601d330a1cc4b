"""Addresses in evidence, and what in their text keeps them from being opened.

The programme's validator takes a text for an address when it begins with ``http://`` or ``https://`` letter by letter,
and opens it with Go's ``net/http``; what Go refuses before it sends anything is refused here.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import urlsplit

# What a server should at least be able to take (RFC 9110, section 4.1).
LONGEST = 8000

# Two labels at the least; \w covers international names, which clients encode themselves.
_HOST = re.compile(r"\w[\w-]*(\.[\w-]+)+\.?|localhost|\[[0-9A-Fa-f:.]+\]")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
# Addresses may hold addresses, as those of archives and redirections do.
_MAY_STAND_BEFORE_AN_ADDRESS = "/=&?:#%+@~!*$"
_PAIRS = {"]": "[", ")": "(", ">": "<", "}": "{"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,20})://")
_BROKEN_HTTP = re.compile(r"https?[:/]|h?t?tps?:/|www\.", re.IGNORECASE)
_MARKDOWN = re.compile(r"!?\[[^\]]*\]\(\s*https?://", re.IGNORECASE)
_NAMES = {" ": "a space", "\n": "a line break", "\r": "a line break", "\t": "a tab"}


def is_address(text: str) -> bool:
    """Whether a text is meant as an ``http(s)`` address, however it is written."""
    return _ADDRESS.match(text) is not None


def scheme_of(text: str) -> str:
    """The scheme that a text begins with, in small letters; "" without ``://``."""
    found = _SCHEME.match(text)
    return found[1].lower() if found else ""


def host_of(text: str) -> str:
    """The host of an address, in small letters; "" when it cannot be told."""
    try:
        return urlsplit(text).hostname or ""
    except ValueError:
        return ""


def flaw(text: str) -> str:
    """Why an address cannot be opened, "" when nothing speaks against it.

    Args:
        text: Begins with ``http(s)://``, after white space if any.
    """
    checks = (_flaw_of_length, _flaw_of_edges, _flaw_of_number, _flaw_of_characters, _flaw_of_end, _flaw_of_parts)
    return next((reason for check in checks if (reason := check(text))), "")


def _flaw_of_length(text: str) -> str:
    return f"it is longer than {LONGEST:,} characters" if len(text) > LONGEST else ""


def _flaw_of_edges(text: str) -> str:
    if text[0].isspace():
        return f"it begins with {_named(text[0])}, so that the validator takes it for a file"
    if not text.startswith(("http://", "https://")):
        return "its scheme is not in small letters, so that the validator takes it for a file"
    return f"it ends in {_named(text[-1])}" if text[-1].isspace() else ""


def _flaw_of_number(text: str) -> str:
    starts = [found.start() for found in _ADDRESS.finditer(text)]
    joined = [later for _, later in pairwise(starts) if text[later - 1] not in _MAY_STAND_BEFORE_AN_ADDRESS]
    return f"it holds {len(joined) + 1} addresses" if joined else ""


def _flaw_of_characters(text: str) -> str:
    for character in text:
        if character.isspace():
            return f"it holds {_named(character)}"
        if not character.isprintable():
            return f"it holds the invisible character U+{ord(character):04X}"
    return ""


def _flaw_of_end(text: str) -> str:
    last = text[-1]
    if last in "\"',;`" or (last in _PAIRS and text.count(last) > text.count(_PAIRS[last])):
        return f"it ends in a stray {last}"
    inside = next((character for character in '<>"\\`' if character in text), "")
    return f"it holds {inside}, which no address may" if inside else ""


def _flaw_of_parts(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return "its host or port is malformed"
    if host in ("http", "https"):
        return f"it begins twice with {host}://"
    if not _HOST.fullmatch(f"[{host}]" if ":" in host else host):
        return f"{host} is no full host name" if host else "it has no host name"
    # Go decodes these two parts before it sends anything, and leaves the query as it is.
    if re.search(r"%(?![0-9A-Fa-f]{2})", parts.path + "#" + parts.fragment):
        return "it holds a % that is not followed by two hexadecimal digits"
    return ""


def why_none(text: str) -> str:
    """Why a text that was meant as an address is none, "" when it was not meant as one.

    Args:
        text: Stripped, and no ``http(s)`` address by itself.
    """
    if _MARKDOWN.match(text):
        return "it is a Markdown link; write the address alone"
    if text[0] in "<\"'`([" and is_address(text[1:]):
        return f"it begins with {text[0]}; write the address alone"
    scheme = scheme_of(text)
    if scheme and scheme != "file":
        return f"{scheme}:// is neither http:// nor https://"
    if _BROKEN_HTTP.match(text):
        return "it does not begin with https://"
    return "text stands before the address" if _ADDRESS.search(text) else ""


def _named(space: str) -> str:
    return _NAMES.get(space, f"the white space U+{ord(space):04X}")
