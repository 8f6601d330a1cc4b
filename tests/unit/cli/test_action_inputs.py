"""The inputs of the action become arguments, and nothing else."""

import pytest
from click.testing import CliRunner

from aiconf.cli import cli
from aiconf.cli.action.inputs import Inputs
from aiconf.errors import UsageError


def test_what_is_not_given_is_no_argument():
    inputs = Inputs({"ACTION_SELECT": "", "ACTION_REGISTRY": "  ", "ACTION_ONLINE": "false"})
    assert (list(inputs.flags()), inputs.paths, inputs.sarif_file, inputs.comment) == ([], [], None, False)


def test_lists_are_separated_by_commas_and_lines():
    inputs = Inputs({"ACTION_SELECT": "a/b, c\n\nd", "ACTION_PATHS": " a, b \n\n c"})
    assert list(inputs.flags()) == ["--select=a/b", "--select=c", "--select=d"]
    assert inputs.paths == ["a, b", "c"]


@pytest.mark.parametrize("value", ["--catalog=x", "a\n--catalog=x", "-"])
def test_a_value_is_never_a_flag_of_its_own(value):
    inputs = Inputs({"ACTION_REGISTRY": value, "ACTION_IGNORE": value})
    assert all(flag.startswith(("--registry=", "--ignore=")) for flag in inputs.flags())


@pytest.mark.parametrize("word", ["true", "TRUE", "True"])
def test_truth_is_written_in_any_case(word):
    inputs = Inputs({"ACTION_ONLINE": word, "ACTION_COMMENT": word})
    inputs.check("1")
    assert (list(inputs.flags()), inputs.comment) == (["--online"], True)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"ACTION_COMMENT": "1"}, "comment: 1 is neither true nor false"),
        ({"ACTION_ONLINE": "on"}, "online: on is neither"),
        ({"ACTION_VERSION": "v2.0"}, "2.0 is expected, and the action carries aiconf 1.0"),
    ],
)
def test_what_makes_no_sense_is_refused(variables, message):
    with pytest.raises(UsageError, match=message):
        Inputs(variables).check("1.0")


@pytest.mark.parametrize("version", ["", "1.0", "v1.0"])
def test_the_version_that_is_carried_is_accepted(version):
    Inputs({"ACTION_VERSION": version}).check("1.0")


def test_the_command_is_not_offered_to_people():
    assert "action " not in CliRunner().invoke(cli, ["--help"]).output
