"""Settings from files and the environment, as a user meets them."""

import json
import shutil

import pytest

from aiconf.cli import run

PRODUCT = "v1.37/heron/PRODUCT.yaml"


@pytest.fixture
def repository(tmp_path, monkeypatch, fixtures):
    """A git repository with a draft that has errors."""
    shutil.copytree(fixtures / "submissions/v1.37/heron", tmp_path / "v1.37/heron")
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def configure(folder, text, name="aiconf.yaml"):
    (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "environment", "flags", "code"),
    [
        ("", {}, [], 1),
        ("fail-on: never\n", {}, [], 0),
        ("fail-on: never\n", {"AICONF_FAIL_ON": "error"}, [], 1),
        ("fail-on: error\n", {"AICONF_FAIL_ON": "error"}, ["--fail-on", "never"], 0),
        ("fail-on: never\n", {"AICONF_NO_CONFIG": "1"}, [], 1),
        ("fail-on: never\n", {"AICONF_NO_CONFIG": "false"}, [], 0),
        ("fail-on: never\n", {"AICONF_NO_CONFIG": "maybe"}, [], 2),
        ("fail-on: never\n", {}, ["--no-config"], 1),
        ("fail-on: error\n", {"AICONF_CONFIG": "other.yaml"}, [], 0),
        ("fail-on: error\n", {"AICONF_CONFIG": "absent.yaml"}, ["--config", "other.yaml"], 0),
    ],
)
def test_a_flag_comes_before_the_environment_before_the_file(repository, monkeypatch, file, environment, flags, code):
    configure(repository, file)
    configure(repository, "fail-on: never\n", "other.yaml")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(["lint", PRODUCT, *flags]) == code


def test_every_setting_takes_effect_and_paths_are_relative_to_the_file(repository, monkeypatch, capsys, fixtures):
    settings = repository / "settings"
    settings.mkdir()
    shutil.copy(fixtures / "members.txt", settings)
    configure(
        settings,
        "members: members.txt\nselect: [metadata, checklist, suppression]\nignore: [metadata/snake_case_key]\n"
        "authority: [instructions, convention]\nkubernetes-version: '1.36'\nengine: reference\nquiet: true\n"
        "exceptions: e.yaml\nformat: [json=report.json, concise]\n",
        "c.yaml",
    )
    configure(settings, "[]\n", "e.yaml")
    monkeypatch.chdir(repository / "v1.37")
    assert run(["lint", "heron", "--config", "../settings/c.yaml"]) == 1
    assert "verdict" not in capsys.readouterr().out
    report = json.loads((settings / "report.json").read_text(encoding="utf-8"))
    assert report["tool"]["engine"] == "reference"
    assert {f["id"].split("/")[0] for f in report["findings"]} == {"metadata", "checklist"}
    assert {f["authority"] for f in report["findings"]} <= {"instructions", "convention"}
    assert [one["path"] for one in report["inputs"] if one["kind"] == "exceptions"] == ["../settings/e.yaml"]


def test_pyproject_is_read_from_above_the_input(repository, monkeypatch, tmp_path_factory):
    configure(repository, '[tool.aiconf]\nfail-on = "never"\n', "pyproject.toml")
    assert run(["lint", "v1.37/heron"]) == 0
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert run(["lint", str(repository / "v1.37/heron")]) == 0
    configure(repository / "v1.37/heron", "fail-on: error\n")
    assert run(["lint", str(repository / "v1.37/heron")]) == 1
    assert run(["lint", str(repository)]) == 0


def test_the_current_folder_serves_inputs_that_lie_elsewhere(repository, monkeypatch, tmp_path_factory):
    here = tmp_path_factory.mktemp("elsewhere")
    configure(here, "fail-on: never\n")
    monkeypatch.chdir(here)
    assert run(["lint", str(repository / PRODUCT)]) == 0


def test_the_settings_and_their_origin_are_shown(repository, monkeypatch, capsys):
    configure(repository, "# ours\nfail-on: note\nonline: true\nexceptions: e.yaml\n")
    monkeypatch.setenv("AICONF_IGNORE", "evidence,artifact")
    assert run(["lint", PRODUCT, "--print-config", "--no-online"]) == 0
    shown = dict(line.split("  # ") for line in capsys.readouterr().out.splitlines())
    shown = {setting.strip(): origin for setting, origin in shown.items()}
    assert shown['fail-on: "note"'] == "aiconf.yaml:2"
    assert shown["online: false"] == "the command line"
    assert shown['ignore: ["evidence,artifact"]'] == "the environment, AICONF_IGNORE"
    assert shown['exceptions: "e.yaml"'] == "aiconf.yaml:4"
    assert shown['engine: "default"'] == "the default"


@pytest.mark.parametrize(
    ("text", "flags", "says"),
    [
        ("failon: never\n", [], "aiconf.yaml:1:1: The document has the unknown key failon. Did you mean fail-on?"),
        ("a: &a [*a]\n", [], "aiconf.yaml:1:"),
        ("exceptions: absent.yaml\n", [], "absent.yaml: does not exist"),
        ("format: [xml]\n", [], "there is no format 'xml'"),
        ("select: [nothing]\n", [], "no rule is called 'nothing'"),
        ("", ["--config", "absent.yaml"], "absent.yaml: does not exist"),
        ("", ["--config", "aiconf.yaml", "--no-config"], "exclude each other"),
    ],
)
def test_what_is_wrong_with_settings_ends_with_2(repository, capsys, text, flags, says):
    configure(repository, text)
    assert run(["lint", PRODUCT, *flags]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err


def test_a_linked_configuration_ends_with_2(repository, capsys, tmp_path_factory):
    configure(elsewhere := tmp_path_factory.mktemp("elsewhere"), "fail-on: never\n")
    (repository / "aiconf.yaml").symlink_to(elsewhere / "aiconf.yaml")
    assert run(["lint", PRODUCT]) == 2
    assert "symbolic link" in capsys.readouterr().err


def test_selected_rules_of_lint_are_not_the_requirements_of_check(repository, capsys):
    configure(repository, "select: [metadata]\nfail-on: note\n")
    assert run(["check", "snapshot.json", "--print-config"]) == 0
    out = capsys.readouterr().out
    assert "select: [] " in out
    assert 'fail-on: "note" ' in out
