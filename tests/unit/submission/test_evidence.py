"""What an evidence entry is, and where it leads."""

import os
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.submission.evidence import EvidenceReader
from aiconf.submission.folder import ProductFolder
from aiconf.submission.placeholders import Placeholders

PATTERNS = yaml.safe_load((Path(__file__).parents[3] / "rules/placeholders.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def reader(tmp_path):
    root = tmp_path / "v1.37" / "acme"
    for name in ("dra.md", "gpu_sharing.md", "My Report.md", "tests/TestA/output.md", "results/junit.xml"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    (tmp_path / "v1.37" / "other").mkdir()
    (tmp_path / "v1.37" / "other" / "x.md").write_text("x", encoding="utf-8")
    (tmp_path / "secret.md").write_text("x", encoding="utf-8")
    (root / "out.md").symlink_to("../../secret.md")
    (root / "abs.md").symlink_to("/etc/passwd")
    (root / "in.md").symlink_to("dra.md")
    (root / "loop.md").symlink_to("loop.md")
    (root / "elsewhere").symlink_to("../other")
    os.mkfifo(root / "pipe.md")
    return EvidenceReader(ProductFolder(root, "v1.37", "acme"), Placeholders(PATTERNS), {})


@pytest.mark.parametrize(
    ("entry", "kind", "detail"),
    [
        ("https://docs.example.com/a", "url", ""),
        ("http://localhost:8080/x", "url", ""),
        ("https://en.wikipedia.org/wiki/Foo_(bar)", "url", ""),
        ("https://web.archive.org/web/2026/https://a.example/x", "url", ""),
        ("https://a.example/x#:~:text=a,-b", "url", ""),
        ("https://bücher.example/x", "url", ""),
        ("https://a.example, https://b.example", "malformed_url", "two addresses"),
        ("https://a.example https://b.example", "malformed_url", "two addresses"),
        ("https://a.example/x]", "malformed_url", "stray ]"),
        ("https://a.example/a b", "malformed_url", "space"),
        ("https:/a.example/x", "malformed_url", "https://"),
        ("https://", "malformed_url", "host"),
        ("https://[::1/x", "malformed_url", "malformed"),
        ("www.a.example/x", "malformed_url", "https://"),
        ("ftp://a.example/x", "malformed_url", "ftp://"),
        ("[docs](https://a.example)", "malformed_url", "Markdown"),
        ("<https://a.example>", "malformed_url", "angle"),
        ("See https://a.example", "malformed_url", "before"),
        ("", "blank", ""),
        ("  ", "blank", ""),
        (None, "blank", ""),
        ("TBD", "placeholder", "filler"),
        ("n/a", "placeholder", "filler"),
        ("[Evidence URL]", "placeholder", "template"),
        ("<link>", "placeholder", "template"),
        ("https://docs.vendor.com/features/x", "placeholder", "example"),
        ("see dra.md", "prose", ""),
        ("Documented in the console", "prose", ""),
        (7, "not_string", ""),
        ({"evidence": "x"}, "not_string", ""),
        ("dra.md", "file", ""),
        ("./dra.md", "file", ""),
        ("nothing_of_the_kind", "file", ""),
    ],
)
def test_an_entry_is_told_by_its_form(reader, entry, kind, detail):
    facts = reader.item(entry)
    assert facts["kind"] == kind
    assert detail in facts["reason"]


@pytest.mark.parametrize(
    ("entry", "file", "state"),
    [
        ("dra.md", "dra.md", "file"),
        ("./dra.md#section", "dra.md", "file"),
        ("/dra.md", "dra.md", "file"),
        ("file://dra.md", "dra.md", "file"),
        ("v1.37/acme/dra.md", "dra.md", "file"),
        ("My Report.md", "My Report.md", "file"),
        ("tests/TestA/output.md#x", "tests/TestA/output.md", "file"),
        ("tests/TestA", "tests/TestA", "directory"),
        ("tests/../dra.md", "dra.md", "file"),
        ("in.md", "in.md", "file"),
        ("DRA.md", "DRA.md", "missing"),
        ("pipe.md", "pipe.md", "missing"),
        ("loop.md", "loop.md", "missing"),
        ("a\0b.md", "a\0b.md", "missing"),
        ("x" * 5000 + ".md", "x" * 5000 + ".md", "missing"),
        ("../../secret.md", "../../secret.md", "outside"),
        ("../other/x.md", "../other/x.md", "outside"),
        ("out.md", "out.md", "outside"),
        ("abs.md", "abs.md", "outside"),
        ("elsewhere/x.md", "elsewhere/x.md", "outside"),
        ("v1.37/other/x.md", "v1.37/other/x.md", "other_product"),
        ("v1.36/acme/dra.md", "v1.36/acme/dra.md", "other_product"),
    ],
)
def test_a_file_is_looked_for_as_the_validator_does_and_nowhere_else(reader, entry, file, state):
    facts = reader.item(entry)
    assert (facts["file"], facts["state"]) == (file, state)


@pytest.mark.parametrize(
    ("entry", "nearest"),
    [
        ("gpu-sharing.md", "gpu_sharing.md"),
        ("GPU_Sharing.md", "gpu_sharing.md"),
        ("dra.yaml", "dra.md"),
        ("junit.xml", "results/junit.xml"),
        ("gpu_sharin.md", "gpu_sharing.md"),
        ("kueue.log", ""),
    ],
)
def test_the_nearest_file_is_named(reader, entry, nearest):
    assert reader.item(entry)["nearest"] == nearest


def test_a_file_named_inside_a_sentence_is_named_again(reader):
    assert reader.item("see dra.md for details")["nearest"] == "dra.md"


def test_without_a_folder_nothing_is_said_to_be_missing():
    reader = EvidenceReader(ProductFolder(None, None, None), Placeholders(PATTERNS), {})
    assert reader.item("dra.md")["state"] == "unknown"
    assert reader.item("../x.md")["state"] == "outside"


@pytest.mark.parametrize(
    ("raw", "shape", "filled"),
    [
        ([], "empty", 0),
        ("x", "string", 1),
        ("", "string", 0),
        (None, "null", 0),
        ({}, "mapping", 1),
        (3, "other", 1),
        (["", "x"], "list", 1),
    ],
)
def test_the_shape_of_the_whole_is_told(reader, raw, shape, filled):
    facts = reader.read(raw, "dra_support", "/e", absent=False)
    assert (facts["shape"], facts["filled"]) == (shape, filled)


def test_an_entry_given_twice_points_at_the_first(reader):
    items = reader.read(
        ["dra.md", "https://a.example/x", "./dra.md", "https://a.example/x/", ""], "r", "/e", absent=False
    )["items"]
    assert [item["duplicate_of"] for item in items] == [None, None, 0, 1, None]
    assert [item["pointer"] for item in items] == ["/e/0", "/e/1", "/e/2", "/e/3", "/e/4"]


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_nothing_outside_is_opened(text):
    opened: list[str] = []
    _SINKS.append(opened)
    root = Path(__file__).parent
    EvidenceReader(ProductFolder(root, "v1.37", "acme"), Placeholders(PATTERNS), {}).item(text)
    _SINKS.clear()
    assert all(name.startswith(str(root)) for name in opened)


_SINKS: list[list[str]] = []


def _audit(event, arguments):
    if _SINKS and event in ("open", "os.listdir", "os.scandir"):
        _SINKS[0].append(str(arguments[0]))


sys.addaudithook(_audit)
