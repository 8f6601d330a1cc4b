"""``aiconf lint --changed-since`` as a user meets it: a real process in a real repository."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gitrepo import Repository

ROOT = Path(__file__).parents[2]
MEMBERS = f"--members={ROOT / 'fixtures/members.txt'}"


@pytest.fixture
def repository(tmp_path):
    return Repository.programme(tmp_path / "repo")


def lint(repository, *arguments, folder="."):
    done = subprocess.run(
        [sys.executable, "-m", "aiconf", "lint", "--changed-since=main", "--format=json", MEMBERS, *arguments],
        cwd=repository.root / folder,
        env={**repository.environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr.decode()


def ids(report):
    return [(finding["id"], finding["path"], finding["line"], finding["column"]) for finding in report["findings"]]


def test_a_clean_submission_passes_and_both_inputs_are_told(repository):
    repository.submit()
    code, report, err = lint(repository)
    assert (code, err, report["findings"]) == (0, "", [])
    assert [(record["kind"], record["path"]) for record in report["inputs"]] == [
        ("pull_request", "main...HEAD"),
        ("submission", "v1.37/corvid/PRODUCT.yaml"),
    ]


def test_findings_stand_at_their_file_at_line_1(repository):
    repository.copy("v1.37/corvid")
    repository.write("v1.37/corvid/.DS_Store")
    repository.write("notes.txt")
    repository.commit("Submit", sign_off=False)
    code, report, _ = lint(repository)
    assert code == 1
    assert ids(report) == [
        ("pull_request/stray_file", "notes.txt", 1, 1),
        ("pull_request/stray_file", "v1.37/corvid/.DS_Store", 1, 1),
        ("pull_request/not_signed_off", "v1.37/corvid/PRODUCT.yaml", 1, 1),
    ]
    assert 'Ada Corvid <ada@corvid.example>: "git commit --amend --signoff"' in report["findings"][2]["remediation"]


def test_only_what_changed_is_linted(repository):
    repository.submit("v1.37/heron")
    _, report, _ = lint(repository, "--ignore=pull_request")
    assert {record["path"] for record in report["inputs"]} == {"v1.37/heron/PRODUCT.yaml"}
    assert {finding["path"] for finding in report["findings"]} == {"v1.37/heron/PRODUCT.yaml"}


def test_paths_are_those_of_the_folder_one_stands_in(repository):
    repository.copy("v1.37/corvid")
    repository.write("v1.37/corvid/.DS_Store")
    repository.commit("Submit")
    code, report, _ = lint(repository, folder="v1.37")
    assert (code, ids(report)) == (0, [("pull_request/stray_file", "corvid/.DS_Store", 1, 1)])


@pytest.mark.parametrize("what", ["nothing", "documents", "a removal"])
def test_where_nothing_is_submitted_nothing_is_checked(repository, what):
    if what == "documents":
        repository.write("docs/more.md")
    if what == "a removal":
        repository.git("rm", "--quiet", "-r", "v1.36/corvid")
    repository.commit("Change", sign_off=False)
    code, report, _ = lint(repository)
    assert (code, report["verdict"], report["inputs"], report["findings"]) == (3, "nothing_checked", [], [])


def test_a_repository_of_the_vendors_own_is_not_held_to_the_programmes_layout(tmp_path):
    repository = Repository.create(tmp_path / "repo")
    repository.commit("Begin")
    repository.git("switch", "--quiet", "--create", "work")
    repository.copy("v1.37/corvid")
    (repository.root / "v1.37").rename(repository.root / "conformance")
    repository.write("src/main.go")
    repository.commit("Work", sign_off=False)
    _, report, _ = lint(repository)
    assert [record["kind"] for record in report["inputs"]] == ["submission"]
    assert not [finding for finding in report["findings"] if finding["id"].startswith("pull_request/")]


def test_a_link_in_place_of_the_submission_is_reported_and_not_read(repository):
    folder = repository.root / "v1.37/corvid"
    folder.mkdir(parents=True)
    (folder / "PRODUCT.yaml").symlink_to("/proc/self/environ")
    repository.commit("Link")
    code, report, _ = lint(repository)
    assert (code, ids(report)) == (1, [("pull_request/not_a_file", "v1.37/corvid/PRODUCT.yaml", 1, 1)])
    assert [record["kind"] for record in report["inputs"]] == ["pull_request"]


def test_hostile_names_are_reported_and_harm_no_form(repository, tmp_path):
    repository.copy("v1.37/corvid")
    for name in (b"a\n::error::owned.md", b"\xff\xfe.md", b"--output=x", b"<img src=x>|`.md"):
        repository.write(name)
    repository.commit("Submit")
    forms = ("sarif", "github", "junit", "markdown", "html", "policyreport", "rdjson", "text", "concise")
    code, report, err = lint(repository, *(f"--format={name}={tmp_path / name}" for name in forms))
    assert (code, err) == (0, "")
    assert len(report["findings"]) == 4
    assert "\n::error::owned" not in (tmp_path / "github").read_text(encoding="utf-8")
    assert all((tmp_path / name).read_text(encoding="utf-8") for name in forms)


def test_a_missing_base_ends_with_2_and_says_what_to_do(repository):
    code, report, err = lint(repository, "--changed-since=origin/main")
    assert (code, report) == (2, None)
    assert "fetch-depth: 0" in err


@pytest.mark.parametrize("extra", [["v1.36"], ["--stdin-filename=x"], ["-"]])
def test_a_path_beside_it_is_a_usage_error(repository, extra):
    code, _, err = lint(repository, *extra)
    assert code == 2
    assert "--changed-since finds" in err


def test_a_rule_passes_only_for_what_it_was_held_against(repository, tmp_path):
    repository.submit()
    lint(repository, f"--format=junit={tmp_path / 'junit.xml'}")
    text = (tmp_path / "junit.xml").read_text(encoding="utf-8")
    suites = dict(zip(("pull_request", "submission"), text.split("<testsuite ")[1:], strict=True))
    assert "pull_request/not_signed_off" in suites["pull_request"]
    assert "metadata/" not in suites["pull_request"]
    assert "pull_request/" not in suites["submission"]


def test_a_link_is_an_error_where_no_rule_for_pull_requests_says_so(repository):
    folder = repository.root / "v1.37/corvid"
    folder.mkdir(parents=True)
    (folder / "PRODUCT.yaml").symlink_to("/proc/self/environ")
    repository.commit("Link")
    code, report, _ = lint(repository, "--ignore=pull_request")
    assert (code, report["verdict"]) == (2, "error")
