"""Files, folders and archives, and what hostile ones try."""

import gzip
import io
import os
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest

from aiconf.errors import InputError
from aiconf.snapshot import inputs
from aiconf.snapshot.inputs import entries, unpack
from aiconf.snapshot.zstd import library

zstd = library()


def contents(path):
    return {entry.name: entry.stream.read() for entry in entries(path)}


def tar(members, mode="w"):
    """An archive; a member is bytes, or a TarInfo made by a function of its name."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode=mode) as archive:
        for name, content in members.items():
            if isinstance(content, bytes):
                member = tarfile.TarInfo(name)
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
            else:
                archive.addfile(content(name))
    return raw.getvalue()


def link(kind, target):
    def make(name):
        member = tarfile.TarInfo(name)
        member.type, member.linkname = kind, target
        return member

    return make


def test_a_file_is_itself(tmp_path):
    path = tmp_path / "a.json"
    path.write_bytes(b"{}")
    [entry] = entries(path)
    assert (entry.name, entry.alone) == (str(path), True)


def test_a_folder_is_its_files_in_a_fixed_order(tmp_path):
    for name in ("b/z.json", "b/a.json", "a.json", "c/d/e.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert list(contents(tmp_path)) == ["a.json", "b/a.json", "b/z.json", "c/d/e.json"]
    assert not [entry for entry in entries(tmp_path) if entry.alone]


def test_links_and_pipes_in_a_folder_are_left_out(tmp_path):
    outside = tmp_path / "outside"
    outside.write_bytes(b"secret")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "real").write_bytes(b"x")
    (folder / "link").symlink_to(outside)
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    assert contents(folder) == {"real": b"x"}


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        list(entries(tmp_path / "nowhere"))


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_packed_files_are_told_by_their_content(tmp_path, pack):
    path = tmp_path / "no-ending"
    path.write_bytes(pack(b'{"a": 1}') + pack(b" "))
    assert contents(path) == {str(path): b'{"a": 1} '}
    path.write_bytes(pack(tar({"a": b"1", "b/c": b"2"})))
    assert contents(path) == {f"{path}!a": b"1", f"{path}!b/c": b"2"}


def test_a_stream_that_cannot_be_sought_is_read():
    reading, writing = os.pipe()
    os.write(writing, gzip.compress(b"text"))
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        assert [(entry.name, entry.stream.read()) for entry in unpack(file, "-")] == [("-", b"text")]


def test_members_that_lead_elsewhere_are_refused_or_left_out_and_never_written(tmp_path):
    path = tmp_path / "evil.tar"
    path.write_bytes(
        tar(
            {
                "../../escape": b"1",
                "./a/../../escape": b"1",
                "/etc/passwd": b"2",
                "C:\\Windows\\x": b"2",
                "..\\x": b"2",
                "./a/../inside": b"4",
                "link": link(tarfile.SYMTYPE, "/etc/passwd"),
                "hard": link(tarfile.LNKTYPE, "/etc/passwd"),
                "device": link(tarfile.CHRTYPE, ""),
                "fifo": link(tarfile.FIFOTYPE, ""),
                "folder": link(tarfile.DIRTYPE, ""),
                "good": b"3",
            }
        )
    )
    before = sorted(tmp_path.rglob("*"))
    found, refused = [], []
    for entry in entries(path):
        try:
            found.append(entry.stream.read())
        except InputError as error:
            refused.append(str(error))
    assert found == [b"4", b"3"]
    assert [text.partition("!")[2].partition(" ")[0] for text in refused] == [
        "../../escape",
        "./a/../../escape",
        "/etc/passwd",
        "C:\\Windows\\x",
        "..\\x",
    ]
    assert sorted(tmp_path.rglob("*")) == before
    assert not Path("/escape").exists()


@pytest.mark.parametrize("record", [b"GNU.sparse.size=%d\n", b"GNU.sparse.realsize=%d\n", b"size=%d\n"])
@pytest.mark.parametrize("size", [10**15, -1])
def test_members_that_claim_what_they_have_not_cost_nothing(tmp_path, record, size):
    text = record % size
    line = b"%d %s" % (len(text) + 3, text)
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.XHDTYPE, len(line)
    path = tmp_path / "claims.tar"
    path.write_bytes(member.tobuf() + line.ljust(512, b"\0") + tar({"big": b"tiny", "good": b"1"}))
    found = {}
    with suppress(InputError):
        found = contents(path)
    assert all(len(content) < 20_000 for content in found.values())


@pytest.mark.parametrize(
    ("level", "pack"), [("gzip", lambda raw: gzip.compress(raw, 9)), ("zstd", lambda raw: zstd.compress(raw, 19))]
)
def test_a_bomb_is_left_before_it_has_gone_off(tmp_path, monkeypatch, level, pack):
    monkeypatch.setattr(inputs, "_RATIO_FROM", 8 * 1024**2)
    path = tmp_path / f"bomb.{level}"
    path.write_bytes(pack(b" " * 64 * 1024**2))
    with pytest.raises(InputError, match="300 times its size"):
        contents(path)


def test_what_unpacks_to_too_much_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "UNPACKED_LIMIT", 1024**2)
    path = tmp_path / "large.gz"
    path.write_bytes(gzip.compress(os.urandom(2 * 1024**2)))
    with pytest.raises(InputError, match="unpacks to more than"):
        contents(path)


def test_a_header_of_an_archive_cannot_fill_the_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "_HEADER_LIMIT", 4 * 1024**2)
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.XHDTYPE, 64 * 1024**2
    path = tmp_path / "header.tar"
    path.write_bytes(member.tobuf() + b"a" * 64 * 1024**2 + b"\0" * 1024)
    with pytest.raises(InputError, match="a header of more than 4 MiB"):
        contents(path)


def test_too_many_members_are_left(tmp_path, monkeypatch):
    monkeypatch.setattr(inputs, "_MEMBERS_LIMIT", 10)
    path = tmp_path / "many.tar"
    path.write_bytes(tar({f"m{n}": b"" for n in range(20)}))
    with pytest.raises(InputError, match="more than 10 members"):
        contents(path)


@pytest.mark.parametrize("cut", [15, 100, 2000])
@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress], ids=["gzip", "zstd"])
def test_damaged_archives_are_errors(tmp_path, pack, cut):
    path = tmp_path / "damaged"
    packed = pack(tar({"a": os.urandom(5000), "b": b"2"}))
    path.write_bytes(packed[:cut])
    with pytest.raises(InputError, match="damaged"):
        contents(path)


def test_a_flipped_bit_is_found_where_there_is_a_checksum(tmp_path):
    path = tmp_path / "damaged.gz"
    packed = bytearray(gzip.compress(os.urandom(5000)))
    packed[3000] ^= 1
    path.write_bytes(packed)
    with pytest.raises(InputError, match="damaged"):
        contents(path)


def test_a_window_that_needs_gigabytes_is_refused(tmp_path):
    path = tmp_path / "window.zst"
    with zstd.ZstdFile(path, "w", options={zstd.CompressionParameter.window_log: 30}) as file:
        file.write(os.urandom(10**6))
    with pytest.raises(InputError, match="damaged"):
        contents(path)
