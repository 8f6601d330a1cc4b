"""What an evidence entry is, and where it leads."""

import json
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
REGISTRY = Path(__file__).parents[4] / "shared" / "upstream"
FILES = ["dra.md", "gpu_sharing.md", "My Report.md", "LICENSE", "tests/TestA/output.md", "results/junit.xml", "e2e.log"]
KEYS = {
    "is_string", "type", "text", "padded", "kind", "reason", "target", "scheme", "host", "file", "fragment", "state",
    "nearest", "artifact",
}  # fmt: skip


def reader_of(folder, online=None):
    return EvidenceReader(folder, Placeholders(PATTERNS), online or {})


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """A product's folder with files that nobody may look at beside it."""
    top = tmp_path_factory.mktemp("repository")
    root = top / "v1.37" / "acme"
    for name in [*FILES, "../other/x.md", "../../secret.md"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    (root / "out.md").symlink_to("../../secret.md")
    (root / "elsewhere").symlink_to("../other")
    return root


@pytest.fixture(scope="module")
def reader(repository):
    return reader_of(ProductFolder(repository, "v1.37", "acme"))


@pytest.mark.parametrize(
    ("entry", "kind", "detail"),
    [
        ("https://docs.example.com/a", "url", ""),
        ("https://a.example, https://b.example", "malformed_url", "2 addresses"),
        ("https://a.example/x]", "malformed_url", "stray ]"),
        ("https:/a.example/x", "malformed_url", "https://"),
        ("https://a.example/x\n", "malformed_url", "line break"),
        (" https://a.example/x", "malformed_url", "begins with a space"),
        ("HTTPS://a.example/x", "malformed_url", "small letters"),
        ("github.com/acme/docs", "malformed_url", "no https://"),
        ("See https://a.example", "malformed_url", "text stands before"),
        ("", "blank", ""),
        (" \n ", "blank", ""),
        (None, "blank", ""),
        ("TBD", "placeholder", "filler"),
        ("[Evidence URL]", "placeholder", "template"),
        ("file://v1.37/$dir/junit.xml", "placeholder", "instructions"),
        ("https://docs.vendor.com/features/x", "placeholder", "example"),
        ("see dra.md", "prose", ""),
        ("Documented in the console", "prose", ""),
        ("N/A - built in", "prose", ""),
        ("Kueue v0.8", "prose", ""),
        ("yes", "prose", ""),
        ("file://#TestA", "prose", ""),
        ("e2e.log, results/junit.xml", "prose", "several files"),
        ("e2e.log,results/junit.xml", "prose", "several files"),
        ("x" * 9000, "prose", "longer than"),
        (7, "not_string", ""),
        (False, "not_string", ""),
        ({"evidence": "x"}, "not_string", ""),
        (["https://a.example"], "not_string", ""),
        ("dra.md", "file", ""),
        ("My Report.md", "file", ""),
        ("Our Other Report.md", "prose", ""),
        ("Isolation of the GPUs in Detail.md", "file", ""),
        ("LICENSE", "file", ""),
        ("LICENCE", "file", ""),
        ("nothing_of_the_kind", "file", ""),
        ("archive.7z", "file", ""),
        ("~/dra.md", "file", "home"),
        ("results\\junit.xml", "file", "backslashes"),
    ],
)
def test_an_entry_is_told_by_its_form(reader, entry, kind, detail):
    facts = reader.item(entry)
    assert facts["kind"] == kind
    assert detail in facts["reason"]
    assert bool(detail) == bool(facts["reason"])
    assert set(facts) == KEYS
    json.dumps(facts, allow_nan=False)


@pytest.mark.parametrize(
    ("entry", "file", "fragment", "state"),
    [
        ("./dra.md#section", "dra.md", "section", "file"),
        (" dra.md #a#b ", "dra.md", "a#b", "file"),
        ("/dra.md", "dra.md", "", "file"),
        ("file://dra.md", "dra.md", "", "file"),
        ("file:///v1.37/acme/results/junit.xml#TestA", "results/junit.xml", "TestA", "file"),
        ("v1.37/acme/dra.md", "dra.md", "", "file"),
        ("tests/TestA", "tests/TestA", "", "directory"),
        ("../acme/dra.md", "dra.md", "", "file"),
        ("DRA.md", "DRA.md", "", "missing"),
        ("out.md", "out.md", "", "outside"),
        ("file://../../secret.md", "../../secret.md", "", "outside"),
        ("elsewhere/x.md", "elsewhere/x.md", "", "outside"),
        ("file://v1.37/other/x.md#y", "v1.37/other/x.md", "y", "other_product"),
    ],
)
def test_a_file_is_looked_for_as_the_validator_does(reader, entry, file, fragment, state):
    facts = reader.item(entry)
    assert (facts["kind"], facts["file"], facts["fragment"], facts["state"]) == ("file", file, fragment, state)


@pytest.mark.parametrize(
    ("entry", "artifact"),
    [
        ("e2e.log", True), ("results/junit.xml#TestA", True), ("results/JUnit.XML", True), ("gone/results.json", True),
        ("junit_01.xml", False), ("install.log", False), ("e2e.log/x", False), ("https://a.example/e2e.log", False),
    ],
)  # fmt: skip
def test_test_output_is_told_by_its_name_alone(reader, entry, artifact):
    assert reader.item(entry)["artifact"] is artifact


@pytest.mark.parametrize(
    ("entry", "nearest"),
    [
        ("gpu-sharing.md", "gpu_sharing.md"),
        ("dra.yaml", "dra.md"),
        ("see (dra.md) for details", "dra.md"),
        ("dra.md", ""),
    ],
)
def test_the_nearest_file_is_named(reader, entry, nearest):
    assert reader.item(entry)["nearest"] == nearest


def test_scheme_and_host_of_an_address_are_told(reader):
    facts = reader.item("https://Docs.Example.com/a")
    assert (facts["scheme"], facts["host"]) == ("https", "docs.example.com")
    assert reader.item("s3://bucket/x")["scheme"] == "s3"


def test_without_a_folder_nothing_is_said_to_be_missing():
    reader = reader_of(ProductFolder(None, None, None))
    assert reader.item("dra.md")["state"] == "unknown"
    assert reader.item("../x.md")["state"] == "outside"


@pytest.mark.parametrize(
    ("raw", "shape", "filled"),
    [
        ([], "empty", 0), ("x", "string", 1), ("", "string", 0), (None, "null", 0), ({}, "mapping", 1),
        (3, "other", 1), (["", "x", None], "list", 1), ([3], "list", 1),
    ],
)  # fmt: skip
def test_the_shape_of_the_whole_is_told(reader, raw, shape, filled):
    facts = reader.read(raw, "dra_support", "/e", absent=False)
    assert (facts["shape"], facts["filled"]) == (shape, filled)
    assert reader.read(raw, "dra_support", "/e", absent=True)["shape"] == "absent"


def test_an_entry_given_twice_points_at_the_first(reader):
    entries = [
        "dra.md",
        "https://a.example/x",
        "v1.37/acme/dra.md",
        "https://a.example/x/",
        "",
        "",
        "dra.md#a",
        "TBD",
        "TBD",
    ]
    items = reader.read(entries, "r", "/e", absent=False)["items"]
    assert [item["duplicate_of"] for item in items] == [None, None, 0, 1, None, None, None, None, 7]
    assert [item["pointer"] for item in items[:2]] == ["/e/0", "/e/1"]


def test_what_the_network_says_of_an_address_stands_beside_it(repository):
    answer = {"state": "ok"}
    reader = reader_of(ProductFolder(repository, "v1.37", "acme"), {"https://a.example/x": answer})
    items = reader.read(["https://a.example/x", "dra.md"], "r", "/e", absent=False)["items"]
    assert [item["online"] for item in items] == [answer, None]


@pytest.mark.skipif(not REGISTRY.is_dir(), reason="needs a checkout of real submissions")
def test_real_evidence_is_addresses_and_files_and_one_file_is_misnamed():
    odd = []
    for path in sorted(REGISTRY.glob("v*/*/PRODUCT.yaml")):
        if path.parent.name in ("daocloud", "kops"):
            continue  # the copy lacks a file of each
        reader = reader_of(ProductFolder(path.parent, *path.parts[-3:-1]))
        for entries in yaml.safe_load(path.read_text(encoding="utf-8"))["spec"].values():
            for entry in entries:
                items = reader.read(entry.get("evidence"), entry["id"], "/e", absent="evidence" not in entry)["items"]
                odd += [i for i in items if i["kind"] != "url" and (i["kind"], i["state"]) != ("file", "file")]
    assert [(item["text"], item["nearest"]) for item in odd] == [("./dra.yaml", "dra.md")]


TOUCHED = {"open", "os.listdir", "os.scandir"}
_WATCH: list[list[str]] = []  # where accesses are noted while a test watches


def _audit(event, arguments):
    if _WATCH and event in TOUCHED and isinstance(arguments[0], str | bytes | os.PathLike):
        _WATCH[0].append(os.fsdecode(arguments[0]))


sys.addaudithook(_audit)
PIECES = st.sampled_from(
    ["..", "/", "\\", "secret.md", "x.md", "v1.37/", "acme/", "other/", "elsewhere/", "out.md", "file://", "https://",
     "#", "%2e", "%00", "\0", "~", " ", ",", "C:", "e2e.log", "a.example", "[", ")", "\n", "é", "\u200b", "-", "_"]
)  # fmt: skip


@pytest.fixture
def looked_at(monkeypatch):
    """The paths given to lstat and readlink, which raise no audit event."""
    seen = []

    def noting(plain):
        def call(path, *rest, **named):
            seen.append(path)
            return plain(path, *rest, **named)

        return call

    for name in ("lstat", "readlink"):
        monkeypatch.setattr(os, name, noting(getattr(os, name)))
    return seen


@given(st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=8).map("".join)))
@settings(max_examples=500, deadline=None)
def test_any_text_is_read_and_nothing_outside_is_opened(repository, text):
    opened: list[str] = []
    _WATCH.append(opened)
    try:
        facts = reader_of(ProductFolder(repository, "v1.37", "acme")).item(text)
    finally:
        _WATCH.clear()
    assert set(facts) == KEYS
    assert all(os.path.abspath(name).startswith(str(repository)) for name in opened)  # noqa: PTH100 - resolves no link
    if facts["state"] == "file":
        assert os.path.realpath(repository / facts["file"]).startswith(f"{repository}/")


@pytest.mark.parametrize(
    "entry",
    ["../../secret.md", "out.md", "elsewhere/x.md", "../other/x.md", "/etc/passwd", "results/../../../secret.md"],
)
def test_nothing_outside_is_even_looked_at(reader, repository, looked_at, entry):
    reader.item(entry)
    assert all(os.path.abspath(path).startswith(f"{repository}/") for path in looked_at)  # noqa: PTH100 - resolves no link


def test_thousands_of_entries_cost_little(repository):
    reader = reader_of(ProductFolder(repository, "v1.37", "acme"))
    entries = (
        [f"evidence_{n}.md" for n in range(2000)]
        + ["see it in " + "x.md " * 20] * 500
        + ["https://a" + "-" * 5000] * 500
    )
    start = os.times().user
    assert len(reader.read(entries, "r", "/e", absent=False)["items"]) == 3000
    assert os.times().user - start < 3
