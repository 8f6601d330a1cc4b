"""Which forms a run writes, and where to."""

from pathlib import Path

import pytest

from aiconf.cli.output import Target, _targets
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
