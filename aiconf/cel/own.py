"""Functions of aiconf's own, which no other CEL engine has; they do what messages and rules about texts need."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from aiconf.errors import CelError

# The least similarity (difflib's ratio) at which a candidate is worth suggesting; at 0.7 "JD Cloud" finds "Wand Cloud".
_SIMILAR = 0.8
# difflib is quadratic in the lengths; identifiers are short.
_LONGEST_NAME = 200
_KUBERNETES_VERSION = re.compile(r"v?(\d{1,3})\.(\d{1,3})(?:\.\d+)?(?:[-+.][0-9A-Za-z.+_-]*)?", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*", re.ASCII)


def nearest(value: str, candidates: list[Any]) -> str:
    """The candidate most like ``value``, "" when none is.

    One that differs only in case, ``-`` and ``_`` comes before all others; then the most similar one; then one that
    begins with the value's words, or whose words the value begins with (``Google`` and ``Google Cloud``).
    """
    if not all(isinstance(name, str) for name in candidates):
        raise CelError("the candidates must be strings")
    return _nearest(value, tuple(candidates))


# A vendor has many products, and the list of members is the same for all: a search takes longer than reading a file.
@lru_cache(maxsize=128)
def _nearest(value: str, names: tuple[str, ...]) -> str:
    folded, by_folded = _folded(value), _by_folded(names)
    if folded in by_folded:
        return by_folded[folded]
    if len(value) > _LONGEST_NAME:
        return ""
    from difflib import get_close_matches  # noqa: PLC0415 - only for values that are wrong

    short = [key for key in by_folded if len(key) <= _LONGEST_NAME]
    near = get_close_matches(folded, short, n=1, cutoff=_SIMILAR)
    return by_folded[near[0]] if near else _same_beginning(value, names)


@lru_cache(maxsize=8)
def _by_folded(names: tuple[str, ...]) -> dict[str, str]:
    """The names by their folded form; of names that differ in nothing else the first."""
    return {_folded(name): name for name in reversed(names)}


def _same_beginning(value: str, names: tuple[str, ...]) -> str:
    wanted = value.casefold().split()
    for name in names:
        words = name.casefold().split()
        shorter = min(len(wanted), len(words))
        if shorter and wanted[:shorter] == words[:shorter]:
            return name
    return ""


def _folded(name: str) -> str:
    return name.casefold().replace("-", "").replace("_", "")


def did_you_mean(value: str, candidates: list[Any]) -> str:
    """A sentence with a space in front, to be appended to a message: "" or `` Did you mean `x`?``."""
    name = nearest(value, candidates)
    return f" Did you mean `{name}`?" if name else ""


def normalize_space(value: str) -> str:
    """``value`` with each run of white space as one space, and none at the ends."""
    return " ".join(value.split())


def minor_version(value: str) -> str:
    """The minor of a Kubernetes version: ``v1.35`` of ``1.35``, ``v1.35.3`` or ``v1.35.3-eks-1``; "" of other texts."""
    match = _KUBERNETES_VERSION.fullmatch(value.strip())
    return f"v{int(match[1])}.{int(match[2])}" if match else ""


def url(value: str) -> dict[str, Any]:
    """The parts of a URL: ``{valid, scheme, host, port, path, query, fragment}``.

    ``valid`` tells whether it is an absolute ``http`` or ``https`` URL with a host and without white space. ``port`` is
    null when the URL names none. Other parts are "" when absent.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415 - imported by few rules

    parts: dict[str, Any] = dict.fromkeys(("scheme", "host", "path", "query", "fragment"), "")
    try:
        split = urlsplit(value)
        host, port = split.hostname or "", split.port
    except ValueError:  # a bad port, or brackets that are no IPv6 address
        return {"valid": False, **parts, "port": None}
    valid = split.scheme in ("http", "https") and host != "" and value == value.strip() and not re.search(r"\s", value)
    parts |= {
        "scheme": split.scheme,
        "host": host,
        "path": split.path,
        "query": split.query,
        "fragment": split.fragment,
    }
    return {"valid": valid, **parts, "port": port}
