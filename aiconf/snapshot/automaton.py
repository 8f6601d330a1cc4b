"""Many patterns as one automaton, which reads each byte once however many there are, and is made in no time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Of a set of patterns the library has no slower way to fall back to when an automaton outgrows this.
_MEMORY = 64 * 1024 * 1024


def find_texts(texts: Iterable[str]) -> Callable[[bytes], list[int] | None]:
    """What gives the positions of those texts that some bytes contain, None for none."""
    import re2  # noqa: PLC0415 - most inputs are of no cluster

    options = _options()
    options.literal = True
    return _compiled(re2.Set.SearchSet(options), texts)


def match_whole(patterns: Iterable[str]) -> Callable[[bytes], list[int] | None]:
    """What gives the positions of those patterns (RE2) that match all of some bytes, None for none."""
    import re2  # noqa: PLC0415 - most inputs are of no cluster

    return _compiled(re2.Set.FullMatchSet(_options()), patterns)


def _options() -> Any:
    import re2  # noqa: PLC0415 - most inputs are of no cluster

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1  # bytes are compared
    options.max_mem = _MEMORY
    return options


def _compiled(automaton: Any, patterns: Iterable[str]) -> Callable[[bytes], list[int] | None]:
    for pattern in patterns:
        automaton.Add(pattern.encode())
    automaton.Compile()
    match: Callable[[bytes], list[int] | None] = automaton.Match
    return match
