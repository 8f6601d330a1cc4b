"""The parser's tables: kept between runs, made anew when they cannot be used, trusted only when they are ours."""

import json
import os
import stat
import sys

import pytest

from aiconf.cache import cache_directory, read_cached
from aiconf.cel import tables
from aiconf.errors import CelError


def written(folder):
    tables.load_lark(folder)
    (path,) = folder.iterdir()
    return path


def parses(folder):
    tree = tables.load_lark(folder).parse("true ? a.?b : [?c]")
    return tree.data == "expr"


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return written(tmp_path_factory.mktemp("tables") / "aiconf").read_bytes()


def test_tables_are_kept_as_plain_json_in_a_folder_of_the_user_alone(tmp_path):
    folder = tmp_path / "cache" / "aiconf"
    path = written(folder)
    assert set(json.loads(path.read_text())) == {"data", "memo"}
    if hasattr(os, "geteuid"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_second_load_builds_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "aiconf"
    written(folder)
    monkeypatch.setattr(tables, "_tables", lambda _: pytest.fail("the tables were built again"))
    assert parses(folder)


DAMAGES = [b"", b"{", b"[]", b'{"data": {}, "memo": {}}', b"\xff\xfe", b'{"data": 1, "memo": {"1": 2}}']


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_tables_are_made_anew(tmp_path, damage):
    path = written(tmp_path / "aiconf")
    path.write_bytes(damage)
    assert parses(path.parent)
    assert set(json.loads(path.read_bytes())) == {"data", "memo"}


def test_a_truncated_file_is_made_anew(tmp_path, content):
    path = written(tmp_path / "aiconf")
    path.write_bytes(content[: len(content) // 2])
    assert parses(path.parent)
    assert set(json.loads(path.read_bytes())) == {"data", "memo"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="access lists instead of modes")
@pytest.mark.parametrize("of", ["file", "folder"])
def test_tables_that_others_may_write_are_not_read(tmp_path, of):
    path = written(tmp_path / "aiconf")
    (path if of == "file" else path.parent).chmod(0o777)
    assert read_cached(path) is None
    assert parses(path.parent)


def test_without_a_usable_folder_the_tables_are_just_built(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    assert parses(blocked / "aiconf")
    monkeypatch.setattr(tables, "cache_directory", lambda: None)
    assert tables.load_lark().parse("1").data == "expr"


@pytest.mark.parametrize(("configured", "expected"), [("/x/y", "/x/y/aiconf"), ("relative", None), ("", None)])
@pytest.mark.skipif(sys.platform == "win32", reason="paths of POSIX")
def test_the_folder_follows_the_xdg_specification(monkeypatch, configured, expected):
    monkeypatch.setenv("XDG_CACHE_HOME", configured)
    monkeypatch.setenv("HOME", "/home/someone")
    assert str(cache_directory()) == (expected or "/home/someone/.cache/aiconf")


def test_the_file_name_changes_with_grammar_and_versions(monkeypatch):
    before = tables._file_name()
    monkeypatch.setattr(tables, "version", lambda _: "99")
    assert tables._file_name() != before


def test_a_grammar_of_another_form_is_refused(monkeypatch):
    tables.grammar.cache_clear()
    monkeypatch.setitem(tables._AMENDMENTS, "no_such_rule", "x")
    with pytest.raises(CelError, match="no rule no_such_rule"):
        tables.grammar()
    tables.grammar.cache_clear()
