"""Types of the function table, in words, and whether a call fits a function."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aiconf.cel.values import _TYPE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.cel.functions import Function

_WORDS = {"timestamp": "google.protobuf.Timestamp", "duration": "google.protobuf.Duration", "optional": "optional_type"}


@lru_cache(maxsize=128)
def type_names(declared: str) -> frozenset[str] | None:
    """The CEL types a declared one stands for, such as ``string|list``; None for ``dyn``, which is all of them."""
    if declared == "dyn":
        return None
    return frozenset(_WORDS.get(word, word) for word in declared.replace("list<string>", "list").split("|"))


@lru_cache(maxsize=128)
def accepted(declared: str) -> frozenset[type] | None:
    """The Python types of a declared one; None for all."""
    names = type_names(declared)
    return None if names is None else frozenset(kind for kind, name in _TYPE_NAMES.items() if name in names)


def problem_with_call(name: str, function: Function | None, count: int, *, as_method: bool) -> str:
    """What is wrong with calling ``function`` with ``count`` arguments, the receiver included; "" when nothing is."""
    if function is None:
        return f"unknown {'method' if as_method else 'function'} {name!r}"
    if function.receiver not in ("both", "yes" if as_method else "no"):
        right = f"{name}(...)" if as_method else f"x.{name}(...)"
        return f"{name} is called as {right}"
    least, most = function.least, function.most
    if least <= count <= most:
        return ""
    shift = int(as_method)  # people count what stands in the parentheses
    expected = str(least - shift) if least == most else f"{least - shift} to {most - shift}"
    if function.variadic:
        expected = f"at least {least - shift}"
    return f"{name}() takes {expected} argument{'' if expected.split()[-1] == '1' else 's'}, not {count - shift}"


def hint(name: str, known: Iterable[str]) -> str:
    """`` Did you mean ...?`` with the nearest of the known names, "" when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only for what is wrong

    near = get_close_matches(name, list(known), n=1, cutoff=0.7)
    return f"; did you mean {near[0]!r}?" if near else ""
