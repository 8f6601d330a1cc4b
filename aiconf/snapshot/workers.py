"""Cutting the items of a large list down on several cores."""

from __future__ import annotations

import os
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Any

from aiconf.errors import InputError
from aiconf.snapshot.stream import UNREADABLE
from aiconf.snapshot.trim import Trimmer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from concurrent.futures import Executor, Future

    from aiconf.snapshot.collection import Collection
    from aiconf.snapshot.format import Item, Plain
    from aiconf.snapshot.stream import JsonStream, Piece, Place
    from aiconf.snapshot.trim import Default

# Starting processes costs about as much as cutting down this many pieces.
_PIECES_WORTH_A_PROCESS = 4

Kept = list["Item | Plain"]


def trim_pieces(
    stream: JsonStream, pieces: Iterable[Piece], trimmer: Trimmer, collection: Collection, default: Default | None
) -> Iterator[Kept]:
    """What is kept of each piece of a document, in order; see `Trimmer.trim` for what an element is.

    Raises:
        InputError: The document is damaged.
    """
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
    yield from _in_processes(stream, _chain(first, remaining), (collection, default), jobs)


def _chain(first: Piece, remaining: Iterator[Piece]) -> Iterator[Piece]:
    yield first
    yield from remaining


def _in_processes(
    stream: JsonStream, pieces: Iterator[Piece], what: tuple[Collection, Default | None], jobs: int
) -> Iterator[Kept]:
    import multiprocessing  # noqa: PLC0415 - only for a large input
    from concurrent.futures import ProcessPoolExecutor  # noqa: PLC0415 - only for a large input

    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    with ProcessPoolExecutor(jobs, multiprocessing.get_context(method), _start, what) as pool:
        stream.trusting = True
        wrong: Place | None = None
        for piece, kept in _in_order(pool, pieces, jobs):
            if kept is None:
                wrong = piece.place
                break
            yield kept
        if wrong is None:
            return
        for _, kept in _in_order(pool, stream.read_again(wrong), jobs):
            if kept is None:
                raise InputError(f"{stream.display} changed while it was read")
            yield kept


def _in_order(pool: Executor, pieces: Iterator[Piece], jobs: int) -> Iterator[tuple[Piece, Kept | None]]:
    """Every piece with what is kept of it, None when it is no list."""
    waiting: deque[tuple[Piece, Future[Kept | None]]] = deque()
    for piece in pieces:
        waiting.append((piece, pool.submit(_work, piece.place or bytes(piece.text))))
        if len(waiting) > jobs + 1:  # each holds a piece
            done, future = waiting.popleft()
            yield done, future.result()
    for done, future in waiting:
        yield done, future.result()


_worker: dict[str, Any] = {}


def _start(collection: Collection, default: Default | None) -> None:
    import gc  # noqa: PLC0415 - only for a large input

    gc.disable()  # nothing here makes cycles
    _worker.update(trimmer=Trimmer(collection), default=default)


def _work(source: Place | bytes) -> Kept | None:
    # A gigabyte that goes from process to process costs as much as reading it again.
    text = source if isinstance(source, bytes) else source.read_list()
    try:
        found: Kept = _worker["trimmer"].trim_list(text, _worker["default"])
    except UNREADABLE:
        return None
    return found
