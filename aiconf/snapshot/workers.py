"""Cutting the items of a large list down on several cores."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from aiconf.snapshot.trim import Trimmer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aiconf.snapshot.collection import Collection
    from aiconf.snapshot.format import Item, Plain
    from aiconf.snapshot.stream import Piece, Place
    from aiconf.snapshot.trim import Default

# Starting processes costs about as much as cutting down this many pieces.
_PIECES_WORTH_A_PROCESS = 4

Kept = list["Item | Plain"]


def trim_pieces(
    pieces: Iterable[Piece], trimmer: Trimmer, collection: Collection, default: Default | None
) -> Iterator[Kept]:
    """What is kept of each piece, in order; see `Trimmer.trim` for what an element is."""
    remaining = iter(pieces)
    for piece in islice(remaining, _PIECES_WORTH_A_PROCESS):
        yield trimmer.trim_list(piece.text, default)
    first = next(remaining, None)
    if first is None:
        return
    jobs = os.cpu_count() or 1
    if jobs == 1:
        for piece in (first, *remaining):
            yield trimmer.trim_list(piece.text, default)
        return
    yield from _in_processes(_chain(first, remaining), collection, default, jobs)


def _chain(first: Piece, remaining: Iterator[Piece]) -> Iterator[Piece]:
    yield first
    yield from remaining


def _in_processes(
    pieces: Iterator[Piece], collection: Collection, default: Default | None, jobs: int
) -> Iterator[Kept]:
    import multiprocessing  # noqa: PLC0415 - only for a large input
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415 - only for a large input

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    waiting: deque[Future[Kept]] = deque()
    with ProcessPoolExecutor(jobs, context, _start, (collection, default)) as pool:
        for piece in pieces:
            waiting.append(pool.submit(_work, piece.place or bytes(piece.text)))
            if len(waiting) > jobs + 1:  # each holds a piece
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_worker: dict[str, Any] = {}


def _start(collection: Collection, default: Default | None) -> None:
    import gc  # noqa: PLC0415 - only for a large input

    gc.disable()  # nothing here makes cycles
    _worker.update(trimmer=Trimmer(collection), default=default)


def _work(source: Place | bytes) -> Kept:
    # A gigabyte that goes from process to process costs as much as reading it again.
    text = source if isinstance(source, bytes) else b"[%b]" % source.read()
    found: Kept = _worker["trimmer"].trim_list(text, _worker["default"])
    return found
