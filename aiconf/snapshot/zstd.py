"""Zstandard, wherever this Python has it: in its library from 3.14 on, before that in the backport."""

from __future__ import annotations

import sys
from typing import Any


def library() -> Any:
    """The module ``compression.zstd`` or its backport; imported when it is asked for."""
    if sys.version_info >= (3, 14):
        from compression import zstd  # noqa: PLC0415 - seldom met
    else:
        from backports import zstd  # noqa: PLC0415 - seldom met
    return zstd
