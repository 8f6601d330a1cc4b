"""Where a path leads in the product's folder, and that nothing outside is touched."""

import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.submission.folder import ProductFolder

FILES = [
    "dra.md",
    "gpu_sharing.md",
    "My Report.md",
    "tests/TestA/output.md",
    "tests/TestB/output.md",
    "results/junit.xml",
    "README.md",
    "PRODUCT.yaml",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    top = tmp_path_factory.mktemp("repository")
    root = top / "v1.37" / "acme"
    for name in [*FILES, "../other/x.md", "../../secret.md"]:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    (root / "out.md").symlink_to("../../secret.md")
    (root / "absolute.md").symlink_to(top / "secret.md")
    (root / "in.md").symlink_to("results/../dra.md")
    (root / "loop.md").symlink_to("loop.md")
    (root / "elsewhere").symlink_to("../other")
    (root / "back").symlink_to("../acme/results")
    (root / "nowhere.md").symlink_to("gone.md")
    os.mkfifo(root / "pipe.md")
    return root


@pytest.fixture(scope="module")
def folder(repository):
    return ProductFolder(repository, "v1.37", "acme")


@pytest.mark.parametrize(
    ("path", "name", "state"),
    [
        ("dra.md", "dra.md", "file"),
        ("./dra.md", "dra.md", "file"),
        ("v1.37/acme/dra.md", "dra.md", "file"),
        ("My Report.md", "My Report.md", "file"),
        ("tests/TestA", "tests/TestA", "directory"),
        ("tests//TestA/./output.md", "tests/TestA/output.md", "file"),
        ("tests/../dra.md", "dra.md", "file"),
        ("../acme/dra.md", "dra.md", "file"),
        ("../../v1.37/acme/dra.md", "dra.md", "file"),
        ("in.md", "in.md", "file"),
        ("DRA.md", "DRA.md", "missing"),
        ("dra.md/x", "dra.md/x", "missing"),
        ("./v1.37/acme/dra.md", "v1.37/acme/dra.md", "missing"),
        ("pipe.md", "pipe.md", "missing"),
        ("loop.md", "loop.md", "missing"),
        ("nowhere.md", "nowhere.md", "missing"),
        ("a\0b.md", "a\0b.md", "missing"),
        ("\ud800.md", "\ud800.md", "missing"),
        ("x" * 5000, "x" * 5000, "missing"),
        ("~/dra.md", "~/dra.md", "missing"),
        ("results\\junit.xml", "results\\junit.xml", "missing"),
        ("My%20Report.md", "My%20Report.md", "missing"),
        (".", ".", "outside"),
        ("v1.37/acme/", "v1.37/acme/", "outside"),
        ("..", "..", "outside"),
        ("../other/x.md", "../other/x.md", "outside"),
        ("../../secret.md", "../../secret.md", "outside"),
        ("../../../repository0/v1.37/acme/dra.md", "../../../repository0/v1.37/acme/dra.md", "outside"),
        ("results/../../../secret.md", "results/../../../secret.md", "outside"),
        ("out.md", "out.md", "outside"),
        ("absolute.md", "absolute.md", "outside"),
        ("elsewhere/x.md", "elsewhere/x.md", "outside"),
        ("back/junit.xml", "back/junit.xml", "outside"),
        ("v1.37/other/x.md", "v1.37/other/x.md", "other_product"),
        ("v1.36/acme/dra.md", "v1.36/acme/dra.md", "other_product"),
    ],
)
def test_a_path_leads_where_the_validator_goes_and_no_link_out_of_the_folder(folder, path, name, state):
    assert folder.place(path) == (name, state)


def test_without_its_place_in_a_repository_any_product_path_is_the_folders_own(repository):
    folder = ProductFolder(repository, None, None)
    assert folder.place("v1.40/anything/dra.md") == ("dra.md", "file")
    assert folder.place("None/None/dra.md") == ("None/None/dra.md", "missing")
    assert folder.place("../acme/dra.md")[1] == "outside"


def test_without_a_folder_nothing_is_said_to_be_missing():
    folder = ProductFolder(None, None, None)
    assert folder.place("dra.md") == ("dra.md", "unknown")
    assert folder.place("../x.md")[1] == "outside"
    assert folder.nearest("dra.md") == ""


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look everywhere")
def test_a_folder_that_may_not_be_entered_is_told_from_a_missing_file(tmp_path):
    (tmp_path / "locked").mkdir(mode=0)
    assert ProductFolder(tmp_path, None, None).state("locked/x.md") == "unreadable"


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("gpu-sharing.md", "gpu_sharing.md"),
        ("GPU Sharing.MD", "gpu_sharing.md"),
        ("dra.yaml", "dra.md"),
        ("My%20Report.md", "My Report.md"),
        ("results\\junit.xml", "results/junit.xml"),
        ("junit.xml", "results/junit.xml"),
        ("home/me/run/junit.xml", "results/junit.xml"),
        ("gpu_sharin.md", "gpu_sharing.md"),
        ("README", "README.md"),
        ("tests/TestC/output.md", ""),
        ("output.txt", ""),
        ("kueue.log", ""),
        ("PRODUCT.yml", ""),
        ("out.markdown", ""),
        ("", ""),
    ],
)
def test_the_nearest_file_is_named(folder, name, nearest):
    assert folder.nearest(name) == nearest


def test_a_folder_of_thousands_of_files_is_left_alone(tmp_path):
    for number in range(2001):
        (tmp_path / f"{number}.md").touch()
    folder = ProductFolder(tmp_path, None, None)
    assert folder.nearest("17.txt") == ""
    assert folder.place("17.md") == ("17.md", "file")


def test_a_thousand_misspelt_names_cost_little(tmp_path):
    for number in range(1999):
        (tmp_path / f"evidence-of-the-cluster-{number:04}.md").touch()
    folder = ProductFolder(tmp_path, None, None)
    start = time.process_time()
    for number in range(1000):
        folder.nearest(f"evidense-of-clusters-{number}.txt")
    # About two milliseconds for each of the fifty that are compared letter by letter.
    assert time.process_time() - start < 2


SEGMENTS = st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=12).filter(
    lambda part: part not in (".", "..")
)


@given(st.lists(SEGMENTS, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_file_of_any_name_is_found(tmp_path_factory, parts):
    root = tmp_path_factory.mktemp("product")
    path = root.joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    folder = ProductFolder(root, "v9.99", "acme")
    name, state = folder.place("/".join(parts))
    assert (name, state) == ("/".join(parts), "file")


@given(
    st.lists(
        st.sampled_from(["..", ".", "", "acme", "v1.37", "other", "x.md", "results", "back", "out.md"]), max_size=6
    )
)
@settings(max_examples=300, deadline=None)
def test_what_lies_outside_is_never_a_file_of_the_folder(folder, repository, parts):
    name, state = folder.place("/".join(parts))
    if state in ("file", "directory"):
        assert os.path.realpath(repository / name).startswith(f"{os.path.realpath(repository)}/")
