"""The exceptions file: its format, what its entries name, and when they count."""

import os
from dataclasses import replace

import pytest

from aiconf.errors import ConfigError, UsageError
from aiconf.model import Authority, Finding, Severity
from aiconf.suppression.exceptions import Entry, load_exceptions

TODAY = "2026-06-15"
FINDING = Finding("a/b", Severity.ERROR, Authority.FAQ, "m", "p/PRODUCT.yaml", 1, 1, "/x", None, "r")


def write(tmp_path, text):
    path = tmp_path / "exceptions.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def entry(**keys):
    lines = {"id": "a/b", "fingerprint": f'"{FINDING.fingerprint}"', "reason": "why", **keys}
    return "- " + "\n  ".join(f"{key}: {value}" for key, value in lines.items()) + "\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\n", "1:1: The file holds a mapping"),
        ("text\n", "1:1: The file holds a string"),
        ("- 1\n", "1:3: [0] is a number"),
        ("- id: a/b\n", "has no fingerprint"),
        (entry(fingerprint="12"), "2:3: [0].fingerprint is a number"),
        (entry(fingerprint='"xyz"'), "2:3: [0].fingerprint"),
        (entry(reasn="typo"), "Did you mean reason?"),
        (entry(expires="tomorrow"), "4:3: [0].expires"),
        (entry(expires="2026-02-30"), "4:12: expires is 2026-02-30, which is no day"),
        ("- [\n", ":"),
        ("- &a [*a]\n", ":"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load_exceptions(path, TODAY)
    assert str(error.value).startswith(f"{path}:")
    assert says in str(error.value)


def test_bombs_and_other_files_are_refused(tmp_path):
    bomb = "- &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"- &{b} [{(f'*{a},' * 9)[:-1]}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
    )
    for text in (bomb, "- " + "[" * 5000, "- x\n" * 400_000):
        with pytest.raises(ConfigError):
            load_exceptions(write(tmp_path, text), TODAY)
    with pytest.raises(ConfigError, match="does not exist"):
        load_exceptions(tmp_path / "absent.yaml", TODAY)
    with pytest.raises(ConfigError, match="not a file"):
        load_exceptions(tmp_path, TODAY)
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ConfigError, match="not a file"):
            load_exceptions(tmp_path / "pipe", TODAY)


@pytest.mark.parametrize("text", ["", "# none yet\n", "[]\n"])
def test_a_file_without_entries_accepts_nothing(tmp_path, text):
    assert load_exceptions(write(tmp_path, text), TODAY).entries == ()


def test_a_file_to_be_written_may_be_absent(tmp_path):
    assert load_exceptions(tmp_path / "new.yaml", TODAY, may_be_absent=True).entries == ()
    with pytest.raises(ConfigError):
        load_exceptions(tmp_path, TODAY, may_be_absent=True)


@pytest.mark.parametrize(
    ("keys", "counts"),
    [
        ({}, True),
        ({"expires": TODAY}, True),
        ({"expires": "2026-06-14"}, False),
        ({"reason": '"  "'}, False),
        ({"reason": "null"}, False),
    ],
)
def test_what_counts(tmp_path, keys, counts):
    assert load_exceptions(write(tmp_path, entry(**keys)), TODAY).counting(0) is counts


def test_nobody_knows_whether_it_has_expired_without_a_day(tmp_path):
    path = write(tmp_path, entry(expires=TODAY))
    with pytest.raises(UsageError, match="today"):
        load_exceptions(path, None)
    assert load_exceptions(write(tmp_path, entry()), None).counting(0)


@pytest.mark.parametrize(
    ("pattern", "matches", "told_of"),
    [
        ("", True, ["p/PRODUCT.yaml", "q", "p/PRODUCT*yaml"]),
        ("p/PRODUCT.yaml", True, ["p/PRODUCT.yaml"]),
        ("PRODUCT.yaml", False, []),
        ("*/PRODUCT.yaml", True, []),
        ("p/PRODUCT.y[a]ml", True, []),
        ("p/PRODUCT[*]yaml", False, ["p/PRODUCT*yaml"]),
    ],
)
def test_paths(tmp_path, monkeypatch, pattern, matches, told_of):
    path = write(tmp_path, entry(path=f'"{pattern}"'))
    monkeypatch.chdir(tmp_path)
    exceptions = load_exceptions(path, TODAY)
    assert list(exceptions.matching(FINDING, ["a/b"])) == ([0] if matches else [])
    assert [path for path in ("p/PRODUCT.yaml", "q", "p/PRODUCT*yaml") if exceptions.about(path)] == told_of


def test_paths_are_relative_to_the_file_wherever_the_run_is(tmp_path, monkeypatch):
    (tmp_path / "deep").mkdir()
    path = write(tmp_path / "deep", entry(path="../p/PRODUCT.yaml"))
    monkeypatch.chdir(tmp_path)
    assert list(load_exceptions(path, TODAY).matching(FINDING, ["a/b"])) == [0]


def test_another_rule_or_content_is_not_named(tmp_path):
    exceptions = load_exceptions(write(tmp_path, entry() + entry(fingerprint='"' + "0" * 32 + '"')), TODAY)
    assert list(exceptions.matching(FINDING, ["a/c"])) == []
    assert list(exceptions.matching(FINDING, ["a/c", "a/b"])) == [0]
    renamed = replace(FINDING, id="a/new")
    assert list(exceptions.matching(renamed, ["a/new"])) == []
    assert list(exceptions.matching(renamed, ["a/new", "a/b"])) == [0]
    assert exceptions.entries[1] == Entry("a/b", "0" * 32, "", "why")
