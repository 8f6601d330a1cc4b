"""The facts of one address: what each says, and which type it has.

Every key is always there:

- ``url``, ``purposes`` (sorted), ``checked_at`` (when it was asked, ISO 8601);
- ``state``: alive, moved, dead or undecided; ``cause`` (the words of `answers.Cause`), ``reason`` (the same for
  people), ``status`` (the last HTTP status, or null), ``content_type``;
- ``final_url``: what answered last; ``moved_to``: where permanent redirects alone lead, "" when there are none;
- ``content``: what a logo really is (the words of `content.sniff`), "" when it was not looked at; ``is_svg``: whether
  that is SVG, null when it was not looked at;
- ``anchor``: ok, missing or unknown, null when the address has no fragment; ``line_anchor``: {first, last, lines} when
  the fragment names lines of a GitHub file that could be read (``lines`` is null when only its beginning was), else
  null;
- ``drifts``: it names a file on a branch that moves on.
"""

from __future__ import annotations

from typing import Any

_STATES = ("alive", "moved", "dead", "undecided")
_TYPES: dict[str, tuple[type, ...]] = {
    "url": (str,),
    "checked_at": (str,),
    "state": (str,),
    "cause": (str,),
    "reason": (str,),
    "status": (int, type(None)),
    "content_type": (str,),
    "final_url": (str,),
    "moved_to": (str,),
    "content": (str,),
    "is_svg": (bool, type(None)),
    "anchor": (str, type(None)),
    "line_anchor": (dict, type(None)),
    "drifts": (bool,),
}


def is_facts(value: Any) -> bool:
    """Whether a value has the keys and types of facts, without the purposes, which are the caller's."""
    if not isinstance(value, dict) or value.keys() != _TYPES.keys():
        return False
    return all(isinstance(value[key], types) for key, types in _TYPES.items()) and value["state"] in _STATES


def opened_page(url: str) -> dict[str, Any]:
    """The facts of an address that opens and of which nothing else is to be said.

    Examples in rule files start from these and name only what differs.
    """
    return {
        "url": url,
        "purposes": ["evidence"],
        "checked_at": "1970-01-01T00:00:00+00:00",
        "state": "alive",
        "cause": "http_status",
        "reason": "the server answers 200 (OK)",
        "status": 200,
        "content_type": "text/html",
        "final_url": url,
        "moved_to": "",
        "content": "",
        "is_svg": None,
        "anchor": None,
        "line_anchor": None,
        "drifts": False,
    }
