"""The action, the workflows and what is written about them: valid, safe, and in step with each other."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from aiconf.cli.lint import command as lint

ROOT = Path(__file__).parents[2]
ACTION = ROOT / "action.yml"
DOCUMENT = ROOT / "docs/github-action.md"
WORKFLOWS = [*sorted((ROOT / ".github/workflows").glob("*.yaml")), *sorted((ROOT / "docs/examples").glob("*.yaml"))]
OWN = {"version", "comment", "token", "paths", "sarif-file"}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def check(*command):
    done = subprocess.run([*command], capture_output=True, text=True, check=False, timeout=120, cwd=ROOT)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize(("schema", "files"), [("github-actions", [ACTION]), ("github-workflows", WORKFLOWS)])
def test_they_are_valid_by_the_official_schemas(schema, files):
    code, said = check(sys.executable, "-m", "check_jsonschema", f"--builtin-schema=vendor.{schema}", *files)
    assert code == 0, said


def test_zizmor_finds_nothing_at_its_strictest_for_people():
    zizmor = Path(sys.executable).with_name("zizmor")
    code, said = check(
        zizmor, "--offline", "--no-progress", "--persona=pedantic", "--strict-collection", ACTION, *WORKFLOWS
    )
    assert code == 0, said


@pytest.mark.parametrize("path", [ACTION, *WORKFLOWS], ids=lambda path: path.name)
def test_every_action_is_pinned_by_commit(path):
    used = re.findall(r"uses: (\S+)(.*)", path.read_text(encoding="utf-8"))
    for name, comment in used:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", name), name
        assert re.fullmatch(r" # v[\dX]+\.[\dY]+\.[\dZ]+", comment), comment


def test_no_script_of_the_action_has_an_expression_in_it():
    steps = load(ACTION)["runs"]["steps"]
    assert steps
    assert not [step["name"] for step in steps if "${{" in step["run"]]


def test_every_input_reaches_the_command_as_a_variable():
    definition = load(ACTION)
    given = definition["runs"]["steps"][-1]["env"]
    expected = {
        f"ACTION_{name.upper().replace('-', '_')}": f"${{{{ inputs.{name} }}}}" for name in definition["inputs"]
    }
    assert {name: value for name, value in given.items() if name != "ACTION_PYTHON"} == expected


def test_the_inputs_are_flags_of_lint():
    flags = {option.removeprefix("--") for parameter in lint.params for option in parameter.opts}
    assert set(load(ACTION)["inputs"]) - OWN <= flags


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_inputs_and_outputs_are_described(kind):
    text = DOCUMENT.read_text(encoding="utf-8")
    section = text.split(f"## {kind.title()}\n", maxsplit=1)[1].split("\n## ", maxsplit=1)[0]
    rows = "".join(re.findall(r"^\| (`.*?) \|", section, re.MULTILINE))
    assert set(re.findall(r"`([\w-]+)`", rows)) == set(load(ACTION)[kind])


@pytest.mark.parametrize("path", [path for path in WORKFLOWS if "examples" in path.parts], ids=lambda path: path.name)
def test_the_examples_give_inputs_that_exist_and_read_outputs_that_exist(path):
    definition, jobs = load(ACTION), load(path)["jobs"]
    steps = [step for job in jobs.values() for step in job["steps"]]
    ours = [step for step in steps if step.get("uses", "").startswith("OWNER/aiconf@")]
    assert ours
    assert all(set(step.get("with", {})) <= set(definition["inputs"]) for step in ours)
    read = re.findall(r"steps\.aiconf\.outputs\.([\w-]+)", path.read_text(encoding="utf-8"))
    assert set(read) <= set(definition["outputs"])
    checkouts = [step for step in steps if step.get("uses", "").startswith("actions/checkout@")]
    assert checkouts[0]["with"]["fetch-depth"] == 0


def test_the_examples_ask_for_no_more_rights_than_the_document_says():
    programme = load(ROOT / "docs/examples/programme.yaml")
    assert programme["permissions"] == {}
    assert programme["jobs"]["lint"]["permissions"] == {"contents": "read"}
    assert "pull_request_target" not in programme[True]
