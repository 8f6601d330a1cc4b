"""The configuration file: where it is found, and what may stand in it."""

import os
from pathlib import Path

import pytest

from aiconf.config import find_config, load_config
from aiconf.errors import ConfigError

TABLE = """\
[project]
name = "x"

[tool.aiconf]
fail-on = "note"
select = [
  "metadata",
]

[tool.other]
online = 1
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A repository with two levels of folders below its root; the current folder lies outside."""
    (tmp_path / "outside").mkdir()
    monkeypatch.chdir(tmp_path / "outside")
    root = tmp_path / "above" / "repository"
    (root / "v1.37" / "acme").mkdir(parents=True)
    (root / ".git").mkdir()
    return root


def put(folder, name="aiconf.yaml", text="fail-on: note\n"):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_nearest_file_up_to_the_git_root_is_found(tree):
    acme = str(tree / "v1.37" / "acme")
    put(tree.parent)
    assert find_config(acme) is None
    table = put(tree, "pyproject.toml", TABLE)
    assert find_config(acme) == table
    nearest = put(tree / "v1.37")
    assert find_config(acme) == nearest
    assert find_config(str(tree)) == table


@pytest.mark.parametrize(
    "text", ["", "[tool.ruff]\n", '[project]\nname = "aiconf"\n', "# [tool.aiconf]\n", "[tool.aiconfig]\n"]
)
def test_a_pyproject_that_does_not_speak_of_aiconf_is_passed_by(tree, text):
    put(tree, "pyproject.toml", text)
    assert find_config(str(tree)) is None


def test_outside_a_repository_only_folders_at_hand_are_looked_at(tmp_path, monkeypatch):
    (tmp_path / "a" / "b").mkdir(parents=True)
    above, here = put(tmp_path), put(tmp_path / "a")
    assert find_config(str(tmp_path / "a" / "b")) is None
    monkeypatch.chdir(tmp_path / "a")
    assert find_config("b") == here
    here.unlink()
    assert find_config("b") is None
    monkeypatch.chdir(tmp_path)
    assert find_config("a/b") == above


def test_two_files_in_one_folder_are_refused(tree):
    put(tree)
    put(tree, "pyproject.toml", TABLE)
    with pytest.raises(ConfigError, match="keep one of the two"):
        find_config(str(tree))


def test_settings_and_their_lines(tree):
    config = load_config(put(tree, "pyproject.toml", TABLE))
    assert config.settings == {"fail-on": "note", "select": ["metadata"]}
    assert config.lines == {"fail-on": 5, "select": 6}
    config = load_config(put(tree, text="# c\nselect:\n  - metadata\nfail-on: note\n"))
    assert config.settings == {"fail-on": "note", "select": ["metadata"]}
    assert config.lines == {"select": 2, "fail-on": 4}


@pytest.mark.parametrize(("name", "text"), [("aiconf.yaml", ""), ("aiconf.yaml", "# later\n"), ("x.toml", "")])
def test_a_file_without_settings_sets_nothing(tree, name, text):
    assert load_config(put(tree, name, text)).settings == {}


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("aiconf.yaml", "fail-onn: note\n", ":1:1: The document has the unknown key fail-onn. Did you mean fail-on?"),
        ("aiconf.yaml", "\nselect: metadata\n", ":2:1: select is text, not a list"),
        ("aiconf.yaml", "online: 'yes'\n", ":1:1: online is text, not true or false"),
        ("aiconf.yaml", "fail-on: sometimes\n", "not one of error, warning, note, never"),
        ("aiconf.yaml", "- a\n", ":1:1: The file holds a list"),
        ("aiconf.yaml", "text\n", ":1:1: The file holds a string"),
        ("aiconf.yaml", "a: [\n", ":1:"),
        ("aiconf.yaml", "select: [" + "x" * 200 + "]\n", ":1:10: select[0]"),
        ("x.toml", TABLE.replace("fail-on", "failon"), ":5:1: The document has the unknown key failon"),
        ("x.toml", TABLE.replace('"note"', "1"), ":5:1: fail-on is 1, not one of"),
        ("x.toml", "[tool.aiconf\n", "is no TOML"),
        ("x.toml", "[tool]\naiconf = 1\n", "no table"),
        ("x.toml", "tool = 1\n", "no TOML"),
        ("x.toml", "x = " + "[" * 20_000, "no TOML"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tree, name, text, says):
    path = put(tree, name, text)
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert str(error.value).startswith(path.as_posix())
    assert says in str(error.value)


def test_a_link_is_followed_only_where_it_is_named(tree):
    target = put(tree.parent, "elsewhere.yaml")
    (tree / "aiconf.yaml").symlink_to(target)
    path = tree / "aiconf.yaml"
    assert find_config(str(tree)) == path
    with pytest.raises(ConfigError, match="symbolic link"):
        load_config(path, found=True)
    assert load_config(path).settings == {"fail-on": "note"}


def test_huge_special_and_absent_files_are_refused(tree):
    with pytest.raises(ConfigError, match="larger than"):
        load_config(put(tree, text="# x\n" * 300_000))
    with pytest.raises(ConfigError, match="larger than"):
        load_config(put(tree, "x.toml", "# x\n" * 300_000))
    with pytest.raises(ConfigError, match="does not exist"):
        load_config(tree / "absent.yaml")
    (tree / "aiconf.yaml").unlink()
    (tree / "aiconf.yaml").mkdir()
    found = find_config(str(tree))
    assert isinstance(found, Path)
    with pytest.raises(ConfigError, match="is not a file"):
        load_config(found, found=True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_does_not_block(tree):
    os.mkfifo(tree / "pyproject.toml")
    assert find_config(str(tree)) is None
    os.mkfifo(tree / "aiconf.yaml")
    with pytest.raises(ConfigError, match="is not a file"):
        load_config(tree / "aiconf.yaml", found=True)
