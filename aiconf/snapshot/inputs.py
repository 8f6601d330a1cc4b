"""Files, folders and archives as named streams of bytes; nothing is ever written to disk.

Archives come from strangers: links, devices and sparse files in them are left out, names are only shown, files whose
names lead out of the archive are refused, and what is unpacked is bounded in size and in its ratio to what is packed.
"""

from __future__ import annotations

import io
import os
from contextlib import contextmanager
from pathlib import Path
from posixpath import normpath
from stat import S_ISREG
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError
from aiconf.snapshot.zstd import library

if TYPE_CHECKING:
    from collections.abc import Iterator

PEEK = 64 * 1024
UNPACKED_LIMIT = 16 * 1024**3
# Objects of one cluster pack well, but hardly a hundredfold; a bomb packs a thousandfold and more.
RATIO_LIMIT = 300
_RATIO_FROM = 256 * 1024**2
_HEADER_LIMIT = 16 * 1024**2
_MEMBERS_LIMIT = 1_000_000
_WINDOW_LOG = 27  # zstd --long; more memory than 2**27 is not given to a stranger's file
# What tarfile lets through of a header's malformed numbers and encodings.
_MALFORMED = (EOFError, ValueError, ArithmeticError, LookupError, RecursionError)
_GZIP, _ZSTD, _TAR, _TAR_AT = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"ustar", 257


class Entry(NamedTuple):
    """A file: how to name it, and its content, which must be read before the next one is asked for."""

    name: str
    stream: Any
    alone: bool
    """Whether it was given by itself, and not in a folder or archive, where files of other kinds are expected."""
    path: Path | None = None
    """Where its bytes can be read again: None of what is packed, or comes through a pipe."""


def entries(path: Path) -> Iterator[Entry]:
    """The files behind a path: the file itself, or those in a folder or archive, sorted within folders.

    Raises:
        InputError: It cannot be opened, or is damaged, or unpacks to more than it may.
    """
    if not path.is_dir():
        yield from _file(path, str(path), alone=True)
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file() and not file.is_symlink():
                yield from _file(file, str(file.relative_to(path)), alone=False)


def _file(path: Path, name: str, *, alone: bool) -> Iterator[Entry]:
    try:
        with path.open("rb", buffering=0) as file:
            again = path if S_ISREG(os.fstat(file.fileno()).st_mode) else None
            yield from unpack(file, name, alone=alone, path=again)
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror or error}") from error


def unpack(file: Any, name: str, *, alone: bool = True, path: Path | None = None) -> Iterator[Entry]:
    """The files in a stream of bytes, packed or not; see `entries`.

    Args:
        file: The stream; it need not be seekable.
        name: How to name it.
        alone: See `Entry`.
        path: See `Entry`.
    """
    packed = _Counted(file)
    stream = io.BufferedReader(packed, PEEK)
    head = stream.peek(PEEK)
    if not head.startswith((_GZIP, _ZSTD)):
        yield from _open(stream, name, alone=alone, path=path)
        return
    with _decompressor(stream, gzip=head.startswith(_GZIP)) as (inner, damages):
        guard = _Guard(inner, packed, name, damages)
        yield from _open(io.BufferedReader(guard, PEEK), name, alone=alone)


def _open(stream: Any, name: str, *, alone: bool, path: Path | None = None) -> Iterator[Entry]:
    if stream.peek(PEEK)[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR:
        yield from _members(stream, name)
    else:
        yield Entry(name, stream, alone, path)


@contextmanager
def _decompressor(stream: Any, *, gzip: bool) -> Iterator[tuple[Any, tuple[type[Exception], ...]]]:
    """The unpacked stream, and what it raises of damaged data."""
    if gzip:
        import zlib  # noqa: PLC0415 - seldom met
        from gzip import GzipFile  # noqa: PLC0415 - seldom met

        with GzipFile(fileobj=stream) as out:
            yield out, (OSError, EOFError, zlib.error)
    else:
        zstd = library()
        with zstd.ZstdFile(stream, options={zstd.DecompressionParameter.window_log_max: _WINDOW_LOG}) as out:
            yield out, (OSError, EOFError, zstd.ZstdError)


def _members(stream: Any, name: str) -> Iterator[Entry]:
    import tarfile  # noqa: PLC0415 - seldom met

    meter = _Meter(stream, name)
    number = 0
    try:
        with tarfile.open(fileobj=meter, mode="r|", bufsize=1024 * 1024) as archive:
            while member := archive.next():
                meter.left = member.size + _HEADER_LIMIT
                archive.members = []  # type: ignore[attr-defined] # else it keeps every member it has passed
                if (number := number + 1) > _MEMBERS_LIMIT:
                    raise InputError(f"{name} has more than {_MEMBERS_LIMIT:,} members.")
                if member.isreg() and not member.issparse() and (content := archive.extractfile(member)):
                    display = f"{name}!{member.name[:500]}"
                    stream = _Escaping(display) if _escapes(member.name) else _Member(content, name)
                    yield Entry(display, io.BufferedReader(stream, PEEK), alone=False)
            # What ends an archive is a block of zeros; without it, the rest of it is missing.
            if archive.fileobj.tell() <= archive.offset:
                raise EOFError("it breaks off")
    except (tarfile.TarError, *_MALFORMED) as error:
        raise InputError(f"{name} is a damaged archive: {str(error)[:200]}") from error


class _Raw(io.RawIOBase):
    """A stream that can only read, as one that `io.BufferedReader` takes."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return int(self._stream.readinto(buffer))


class _Escaping(_Raw):
    """A member that is not read: who packs such a name wants a file overwritten where the archive is unpacked."""

    def readinto(self, _buffer: Any) -> int:
        raise InputError(f"{self._stream} is not read: its name leads out of the archive.")


def _escapes(name: str) -> bool:
    """Whether a name means a file outside of the folder that an archive is unpacked into, on any system."""
    path = name.replace("\\", "/")
    return path.startswith("/") or path[1:3] == ":/" or normpath(path).partition("/")[0] == ".."


class _Member(_Raw):
    """The content of a member, which may be shorter than its header says."""

    def __init__(self, stream: Any, name: str) -> None:
        super().__init__(stream)
        self._name = name

    def readinto(self, buffer: Any) -> int:
        from tarfile import TarError  # noqa: PLC0415 - seldom met

        try:
            return super().readinto(buffer)
        except (TarError, *_MALFORMED) as error:
            raise InputError(f"{self._name} is a damaged archive: {str(error)[:200]}") from error


class _Counted(_Raw):
    """A stream that knows how much of it was read."""

    def __init__(self, stream: Any) -> None:
        super().__init__(stream)
        self.count = 0

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        self.count += count
        return count


class _Guard(_Counted):
    """An unpacked stream that stops a bomb."""

    def __init__(self, stream: Any, packed: _Counted, name: str, damages: tuple[type[Exception], ...]) -> None:
        super().__init__(stream)
        self._packed, self._name, self._damages = packed, name, damages

    def readinto(self, buffer: Any) -> int:
        try:
            count = super().readinto(buffer)
        except self._damages as error:
            raise InputError(f"{self._name} is damaged: {error}") from error
        if self.count > UNPACKED_LIMIT:
            raise InputError(f"{self._name} unpacks to more than {UNPACKED_LIMIT // 1024**3} GiB.")
        if self.count > _RATIO_FROM and self.count > RATIO_LIMIT * self._packed.count:
            raise InputError(f"{self._name} unpacks to more than {RATIO_LIMIT} times its size, as no snapshot does.")
        return count


class _Meter(_Raw):
    """An archive's bytes; between two members no more than a header may pass, whose size the archive itself names."""

    def __init__(self, stream: Any, name: str) -> None:
        super().__init__(stream)
        self._name, self.left = name, _HEADER_LIMIT

    def readinto(self, buffer: Any) -> int:
        count = super().readinto(buffer)
        self.left -= count
        if self.left < 0:
            raise InputError(f"{self._name} has a member with a header of more than {_HEADER_LIMIT // 1024**2} MiB.")
        return count
