"""Replacing a file: at once, with its mode, and only where it lies."""

import pytest

from aiconf.errors import InputError
from aiconf.fix import replace_file


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "product" / "PRODUCT.yaml"
    path.parent.mkdir()
    path.write_bytes(b"old")
    return path


def test_content_is_replaced_the_mode_kept_and_nothing_left_beside(file):
    file.chmod(0o640)
    replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"new"
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == ["PRODUCT.yaml"]


def test_a_link_inside_the_folder_is_followed_and_stays_a_link(file):
    link = file.with_name("link.yaml")
    link.symlink_to(file.name)
    replace_file(link, b"old", b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_a_link_out_of_the_folder_is_refused(file, tmp_path):
    outside = tmp_path / "outside.yaml"
    outside.write_bytes(b"old")
    link = file.with_name("link.yaml")
    link.symlink_to(outside)
    with pytest.raises(InputError, match="link out of its folder"):
        replace_file(link, b"old", b"new")
    assert outside.read_bytes() == b"old"


def test_a_read_only_file_is_refused(file):
    file.chmod(0o444)
    with pytest.raises(InputError, match="read-only"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"old"


def test_a_file_that_changed_meanwhile_is_refused(file):
    with pytest.raises(InputError, match="changed by someone else"):
        replace_file(file, b"older", b"new")
    assert file.read_bytes() == b"old"


def test_what_is_no_plain_file_or_not_there_is_refused(file):
    with pytest.raises(InputError, match="no plain file"):
        replace_file(file.parent, b"old", b"new")
    with pytest.raises(InputError, match="No such file"):
        replace_file(file.with_name("absent"), b"old", b"new")


def test_a_folder_that_cannot_be_written_to_leaves_the_file_as_it_was(file):
    # A temporary file of the same name in the way is an error of writing, for the superuser too.
    import os  # noqa: PLC0415

    file.with_name(f".PRODUCT.yaml.{os.getpid()}.part").write_bytes(b"in the way")
    with pytest.raises(InputError, match="was not fixed"):
        replace_file(file, b"old", b"new")
    assert file.read_bytes() == b"old"
