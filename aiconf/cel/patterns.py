"""Regular expressions: RE2, whose time is linear in the text, as the CEL specification asks."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Callable

# Compiling is linear in the pattern; this keeps a pattern that comes from data from costing seconds.
_MAX_PATTERN = 4_096


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Callable[[str], bool]:
    """Return a function that tells whether the pattern matches anywhere in a text.

    Raises:
        CelError: RE2 does not take the pattern: bad syntax, look-around or back-references, too large.
    """
    import re2  # noqa: PLC0415 - most expressions match nothing

    if len(pattern) > _MAX_PATTERN:
        raise CelError(f"the regular expression has {len(pattern):,} characters, more than {_MAX_PATTERN:,}")
    options = re2.Options()
    options.log_errors = False  # RE2 would print them on standard error
    options.never_capture = True  # nobody asks for groups
    try:
        expression = re2.compile(_encoded(pattern), options)
    except re2.error as error:
        reason = error.args[0] if error.args else b""
        shown = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
        raise CelError(f"bad regular expression: {shown[:200]}") from None
    # On bytes RE2's wrapper does not translate offsets, which nobody asks for.
    return lambda text: expression.search(_encoded(text)) is not None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # a lone surrogate, possible in JSON, is no UTF-8
