"""Which forms a run writes, and where to."""

import os
import stat
from pathlib import Path
from threading import Thread

import pytest

from aiconf.cli.output import Target, _targets, write_file
from aiconf.errors import UsageError


@pytest.mark.parametrize(("actions", "form"), [(None, "text"), ("false", "text"), ("true", "github")])
@pytest.mark.parametrize("formats", [(), ("auto",)])
def test_auto_is_github_inside_actions_and_text_elsewhere(actions, form, formats, monkeypatch):
    if actions:
        monkeypatch.setenv("GITHUB_ACTIONS", actions)
    assert _targets(formats, None) == (Target(form, None),)


def test_one_run_writes_several_forms():
    targets = _targets(("auto", "sarif=out.sarif", "markdown=a=b.md"), None)
    assert targets == (Target("text", None), Target("sarif", Path("out.sarif")), Target("markdown", Path("a=b.md")))


def test_an_unknown_form_is_refused_with_those_there_are():
    with pytest.raises(UsageError, match=r"no format 'yaml': choose from text, .*, auto"):
        _targets(("yaml",), None)


def test_two_forms_may_not_share_a_place():
    with pytest.raises(UsageError, match="two formats go to standard output"):
        _targets(("text", "json"), None)


def test_a_pipe_or_device_is_written_to_and_stays_what_it_is(tmp_path):
    """A file is put in its place whole; /dev/null must not become one."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    write_file(pipe, "report")
    reader.join(10)
    assert read == [b"report"]
    assert stat.S_ISFIFO(pipe.lstat().st_mode)
    assert [entry.name for entry in tmp_path.iterdir()] == ["pipe"]
