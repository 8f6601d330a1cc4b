"""Where things are kept between runs."""

import sys
from pathlib import Path

import pytest

from aiconf.cache import cache_directory, read_cached, write_cached


@pytest.mark.parametrize(
    ("platform", "environment", "folder"),
    [
        ("linux", {"XDG_CACHE_HOME": "/xdg", "HOME": "/home/a"}, "/xdg/aiconf"),
        ("linux", {"XDG_CACHE_HOME": "relative", "HOME": "/home/a"}, "/home/a/.cache/aiconf"),
        ("linux", {"HOME": "/home/a"}, "/home/a/.cache/aiconf"),
        ("darwin", {"HOME": "/Users/a"}, "/Users/a/Library/Caches/aiconf"),
        ("win32", {"LOCALAPPDATA": "/local", "HOME": "/home/a"}, "/local/aiconf/Cache"),
        ("linux", {"HOME": "nowhere"}, None),
    ],
)
def test_the_folder_is_the_one_the_platform_has_for_caches(monkeypatch, platform, environment, folder):
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert cache_directory() == (Path(folder) if folder else None)


def test_what_was_written_is_read(tmp_path):
    path = tmp_path / "new" / "file"
    write_cached(path, b"content")
    assert read_cached(path) == b"content"
    assert [found.name for found in path.parent.iterdir()] == ["file"]


def test_what_is_absent_reads_as_nothing(tmp_path):
    assert read_cached(tmp_path / "none") is None


def test_nothing_is_written_into_a_folder_that_others_may_write(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    write_cached(folder / "file", b"content")
    assert list(folder.iterdir()) == []
