"""The whole action, as a runner would run it: real steps, real git, a real server for the comment."""

import json
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from aiconf import __version__
from aiconf.reporters.markdown import MARKER
from tests.actions import Runner
from tests.actions.api import BOT, serve
from tests.gitrepo import Repository

ROOT = Path(__file__).parents[3]
MEMBERS = str(ROOT / "fixtures/members.txt")


@pytest.fixture(scope="session")
def python(tmp_path_factory):
    """A Python in which aiconf is importable, for runs that skip the installation; -I ignores PYTHONPATH."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    site = next(folder.glob("lib/python*/site-packages"))
    (site / "aiconf.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    return folder / "bin" / "python"


@pytest.fixture
def repository(tmp_path):
    """On GitHub: the base moves on while the pull request is open."""
    repository = Repository.programme(tmp_path / "upstream")
    repository.git("switch", "--quiet", "main")
    repository.write("docs/news.md")
    repository.commit("News", sign_off=False)
    repository.git("switch", "--quiet", "submit")
    return repository


@pytest.fixture
def runner(tmp_path, python):
    def make(workspace, **environment):
        return Runner(workspace, tmp_path / "runner", ACTION_AICONF_PYTHON=str(python), **environment)

    return make


@pytest.fixture
def api():
    with serve() as api:
        yield api


def event(repository, *, fork=False):
    """What GitHub says of the pull request; its base is the one that it was opened against."""
    return {
        "action": "synchronize",
        "pull_request": {
            "number": 7,
            "head": {
                "sha": repository.git("rev-parse", "submit"),
                "repo": {"full_name": "vendor/registry" if fork else "programme/registry"},
            },
            "base": {"sha": repository.git("rev-parse", "main~1"), "repo": {"full_name": "programme/registry"}},
        },
    }


def checkout(repository, tmp_path, *, depth=0, ref="merge"):
    """What actions/checkout gives: a merge of the head into the base, or the head, as a detached HEAD."""
    if ref == "merge":
        repository.git("switch", "--quiet", "--detach", "main")
        repository.git("merge", "--quiet", "--no-ff", "--message=Merge head into base", "submit")
        repository.git("update-ref", "refs/pull/7/merge", "HEAD")
        repository.git("switch", "--quiet", "submit")
    name = {"merge": "refs/pull/7/merge", "head": "refs/heads/submit", "base": "refs/heads/main"}[ref]
    workspace = Repository.create(tmp_path / "workspace")
    options = [f"--depth={depth}"] if depth else ["+refs/heads/*:refs/remotes/origin/*"]
    workspace.git("fetch", "--quiet", "--no-tags", f"file://{repository.root}", f"+{name}:refs/remotes/pull", *options)
    workspace.git("checkout", "--quiet", "--force", "--detach", "refs/remotes/pull")
    return workspace.root


def test_a_clean_pull_request_passes(repository, runner, tmp_path):
    repository.submit()
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), members=MEMBERS)
    assert (result.conclusion, result.outputs["verdict"], result.annotations) == ("success", "pass", [])
    assert {record["kind"] for record in result.report["inputs"]} == {"submission", "pull_request"}
    assert json.loads(Path(result.outputs["sarif"]).read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert result.summary.startswith(f"{MARKER}\n\n## aiconf: pass")


def test_what_others_merged_meanwhile_is_not_the_pull_requests(repository, runner, tmp_path):
    repository.submit()
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), members=MEMBERS)
    assert not [finding for finding in result.report["findings"] if "news" in finding["path"]]


def test_findings_fail_the_job_with_annotations_at_their_lines(repository, runner, tmp_path):
    repository.submit("v1.37/heron")
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), members=MEMBERS)
    assert (result.conclusion, result.outputs["verdict"]) == ("failure", "fail")
    assert result.codes["check"] == 1
    assert len(result.annotations) == 10
    assert all("file=v1.37/heron/PRODUCT.yaml,line=" in line for line in result.annotations)
    assert "evidence/file_missing" in result.summary


@pytest.mark.parametrize("ref", ["merge", "head"])
def test_the_head_may_be_checked_out_in_place_of_the_merge(repository, runner, tmp_path, ref):
    repository.copy("v1.37/corvid")
    repository.commit("Submit", sign_off=False)
    result = runner(checkout(repository, tmp_path, ref=ref)).run(ROOT, event(repository), members=MEMBERS)
    assert [finding["id"] for finding in result.report["findings"]] == ["pull_request/not_signed_off"]


def test_the_base_in_place_of_the_pull_request_is_an_error_never_a_pass(repository, runner, tmp_path):
    repository.submit()
    result = runner(checkout(repository, tmp_path, ref="base")).run(ROOT, event(repository))
    assert (result.conclusion, result.outputs["verdict"], result.codes["check"]) == ("failure", "error", 2)
    assert "not the pull request" in result.annotations[0].replace("%0A", " ")
    assert "not the pull request" in result.summary.replace("\n", " ")


@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_checkout_is_an_error_that_says_how_to_mend_it(repository, runner, tmp_path, depth):
    repository.commit("Prepare")
    repository.submit()
    result = runner(checkout(repository, tmp_path, depth=depth)).run(ROOT, event(repository))
    assert (result.outputs["verdict"], result.codes["check"]) == ("error", 2)
    assert "fetch-depth: 0" in result.annotations[0]
    assert "fetch-depth: 0" in result.summary
    assert json.loads(Path(result.outputs["sarif"]).read_text(encoding="utf-8"))["runs"]


@pytest.mark.parametrize("what", ["nothing", "documents", "a removal"])
def test_a_pull_request_without_a_submission_passes_and_says_so(repository, runner, tmp_path, api, what):
    if what == "documents":
        repository.write("docs/more.md")
    if what == "a removal":
        repository.git("rm", "--quiet", "-r", "v1.36/corvid")
    repository.commit("Change", sign_off=False)
    workspace = checkout(repository, tmp_path)
    result = runner(workspace, GITHUB_API_URL=api.url).run(ROOT, event(repository), token="write", comment="true")
    assert (result.conclusion, result.outputs["verdict"]) == ("success", "nothing_checked")
    assert "there is nothing to check" in result.annotations[-1]
    assert api.comments == []


def test_paths_that_hold_no_submission_are_a_mistake(repository, runner, tmp_path):
    repository.submit()
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), paths="docs")
    assert (result.conclusion, result.codes["check"]) == ("failure", 3)


def test_outside_of_a_pull_request_everything_is_linted(repository, runner, tmp_path):
    workspace = checkout(repository, tmp_path, ref="base")
    result = runner(workspace).run(ROOT, {"ref": "refs/heads/main"}, members=MEMBERS, comment="true", token="write")
    assert [record["path"] for record in result.report["inputs"]] == ["v1.36/corvid/PRODUCT.yaml"]
    assert result.conclusion == "success"
    assert "not of a pull request" in result.summary


def test_a_merge_queue_is_compared_with_its_base(repository, runner, tmp_path):
    repository.submit()
    queued = {"merge_group": {"base_sha": repository.git("rev-parse", "main"), "head_sha": "x"}}
    result = runner(checkout(repository, tmp_path)).run(ROOT, queued, members=MEMBERS)
    assert result.report["inputs"][-1]["path"] == "v1.37/corvid/PRODUCT.yaml"
    assert result.conclusion == "success"


def test_inputs_become_the_flags_of_their_name(repository, runner, tmp_path):
    repository.submit("v1.37/heron")
    shutil.copytree(repository.root, registry := tmp_path / "registry")
    result = runner(checkout(repository, tmp_path)).run(
        ROOT,
        event(repository),
        version=__version__,
        paths="v1.37/heron/PRODUCT.yaml\n\nv1.36/corvid\n",
        registry=str(registry),
        members=MEMBERS,
        kubernetes_version="v1.37",
        fail_on="never",
        select="evidence\nmetadata/placeholder",
        ignore="evidence/blank, evidence/duplicate",
        authority="validator",
        sarif_file="out/of the way/aiconf.sarif",
    )
    assert result.conclusion == "success"
    assert {record["path"] for record in result.report["inputs"]} == {
        "v1.36/corvid/PRODUCT.yaml",
        "v1.37/heron/PRODUCT.yaml",
    }
    assert {finding["authority"] for finding in result.report["findings"]} == {"validator"}
    assert {finding["id"].split("/")[0] for finding in result.report["findings"]} <= {"evidence", "metadata"}
    assert (tmp_path / "workspace" / result.outputs["sarif"]).is_file()


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"version": "999.0"}, "999.0 is expected"),
        ({"comment": "yes please"}, "neither true nor false"),
        ({"online": "1"}, "neither true nor false"),
        ({"fail_on": "often"}, "often"),
        ({"select": "nonsense"}, "no rule is called"),
        ({"paths": "no/such/place"}, "does not exist"),
        ({"registry": "docs"}, "is no registry"),
    ],
)
def test_inputs_that_make_no_sense_are_an_error_in_every_form(repository, runner, tmp_path, inputs, message):
    repository.submit()
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), **inputs)
    assert (result.conclusion, result.outputs["verdict"], result.codes["check"]) == ("failure", "error", 2)
    assert message in result.annotations[0]
    assert message.split()[-1] in result.summary


HOSTILE = 'x"; touch owned; echo "$(touch owned)`touch owned`\' --catalog=. \\'


@pytest.mark.parametrize(
    "name", ["paths", "registry", "select", "fail_on", "kubernetes_version", "version", "comment", "members"]
)
def test_no_input_is_run(repository, runner, tmp_path, name):
    repository.submit()
    workspace = checkout(repository, tmp_path)
    result = runner(workspace).run(ROOT, event(repository), **{name: HOSTILE})
    assert result.outputs["verdict"] == "error"
    assert not list(tmp_path.rglob("owned"))


def test_nothing_is_imported_from_the_checkout(repository, runner, tmp_path):
    for name in ("venv", "pip", "json", "aiconf", "click", "sitecustomize"):
        repository.write(f"{name}.py", f"open({str(tmp_path / 'owned')!r}, 'w')\n")
    repository.submit()
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), members=MEMBERS)
    assert result.outputs["verdict"] == "pass"
    assert not (tmp_path / "owned").exists()


def test_names_and_commits_of_strangers_make_no_commands(repository, runner, tmp_path):
    repository.copy("v1.37/corvid")
    repository.write(b"a\n::error::owned.md")
    repository.commit("x\r\n::set-output name=verdict::pass", sign_off=False, author="E\n::add-mask::a <e@x.example>")
    result = runner(checkout(repository, tmp_path)).run(ROOT, event(repository), members=MEMBERS)
    assert {finding["id"] for finding in result.report["findings"]} == {
        "pull_request/stray_file",
        "pull_request/not_signed_off",
    }
    commands = [line for line in result.log.splitlines() if line.startswith("::")]
    assert all(line.startswith(("::error file=", "::warning file=")) for line in commands)


def comment(api):
    return [entry["body"] for entry in api.comments if entry["user"]["login"] == BOT]


def test_a_comment_is_written_once_and_brought_up_to_date(repository, runner, tmp_path, api):
    api.add(f"{MARKER}\nnot ours", "mallory")
    for number in range(150):
        api.add(f"talk {number}", "reviewer")
    repository.submit("v1.37/heron")
    workspace = checkout(repository, tmp_path)
    arguments = {"token": "write", "comment": "true", "members": MEMBERS}
    first = runner(workspace, GITHUB_API_URL=api.url).run(ROOT, event(repository), **arguments)
    assert first.conclusion == "failure"
    assert [body.splitlines()[0] for body in comment(api)] == [MARKER]
    assert "fail" in comment(api)[0].splitlines()[2]
    second = runner(workspace, GITHUB_API_URL=api.url).run(ROOT, event(repository), fail_on="never", **arguments)
    assert second.conclusion == "success"
    assert len(comment(api)) == 1
    assert "pass" in comment(api)[0].splitlines()[2]
    assert api.comments[0]["body"] == f"{MARKER}\nnot ours"
    assert len(api.comments) == 152
    assert "No comment" not in second.summary


def test_a_comment_that_says_the_same_is_left_alone(repository, runner, tmp_path, api):
    repository.submit()
    workspace = checkout(repository, tmp_path)
    for _ in range(2):
        runner(workspace, GITHUB_API_URL=api.url).run(ROOT, event(repository), token="write", comment="true")
    assert [method for method, _ in api.requests if method != "GET"] == ["POST"]


@pytest.mark.parametrize(
    ("token", "said"), [("", "there is no token"), ("read", "GitHub answered 403"), ("bad", "GitHub answered 401")]
)
@pytest.mark.parametrize("fork", [True, False])
def test_where_no_comment_can_be_written_the_summary_says_so(repository, runner, tmp_path, api, token, said, fork):
    repository.submit()
    result = runner(checkout(repository, tmp_path), GITHUB_API_URL=api.url).run(
        ROOT, event(repository, fork=fork), token=token, comment="true", members=MEMBERS
    )
    assert (result.conclusion, result.outputs["verdict"], api.comments) == ("success", "pass", [])
    assert said in result.summary
    assert ("from a fork" if fork else "pull-requests: write") in result.summary


def test_an_api_that_fails_does_not_fail_the_job(repository, runner, tmp_path, api):
    repository.submit()
    workspace = checkout(repository, tmp_path)
    api.broken = 502
    result = runner(workspace, GITHUB_API_URL=api.url).run(ROOT, event(repository), token="write", comment="true")
    assert "GitHub answered 502" in result.summary
    result = runner(workspace, GITHUB_API_URL="http://127.0.0.1:9").run(
        ROOT, event(repository), token="write", comment="true"
    )
    assert "ConnectError" in result.summary


def test_without_a_comment_nobody_is_asked(repository, runner, tmp_path, api):
    repository.submit()
    runner(checkout(repository, tmp_path), GITHUB_API_URL=api.url).run(ROOT, event(repository), token="write")
    assert api.requests == []


def test_the_token_is_seen_by_no_other_process(repository, runner, tmp_path):
    """A filter that git runs writes down its environment."""
    repository.submit()
    workspace = checkout(repository, tmp_path)
    spy = tmp_path / "spy"
    spy.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\ncat\n")
    spy.chmod(0o755)
    (workspace / ".git/info/attributes").write_text("*.yaml filter=spy\n")
    subprocess.run(["git", "config", "filter.spy.clean", spy], cwd=workspace, check=True)
    (workspace / "v1.37/corvid/PRODUCT.yaml").touch()
    runner(workspace).run(ROOT, event(repository), token="s3cret", members=MEMBERS)
    assert "s3cret" not in (tmp_path / "seen").read_text()


def test_python_that_is_too_old_is_named(repository, tmp_path):
    old = tmp_path / "bin" / "python3"
    old.parent.mkdir()
    old.write_text("#!/bin/sh\nexit 1\n")
    old.chmod(0o755)
    repository.submit()
    workspace = checkout(repository, tmp_path)
    runner = Runner(workspace, tmp_path / "runner", PATH=f"{old.parent}:/usr/bin:/bin")
    result = runner.run(ROOT, event(repository))
    assert (result.conclusion, result.codes) == ("failure", {"install": 2})
    assert "Python 3.11 or newer is needed" in result.annotations[0]


def test_it_installs_itself_from_where_it_was_checked_out(repository, tmp_path):
    """The one run with the real installation: no aiconf, no environment of ours."""
    action = tmp_path / "action"
    ignored = shutil.ignore_patterns(".git", "node_modules", "__pycache__", "tests", "bench", ".venv", ".*_cache")
    shutil.copytree(ROOT, action, ignore=ignored)
    repository.submit("v1.37/heron")
    result = Runner(checkout(repository, tmp_path), tmp_path / "runner").run(action, event(repository), members=MEMBERS)
    assert result.codes == {"install": 0, "check": 1}, result.log
    assert result.outputs["verdict"] == "fail"
    assert len(result.annotations) == 10
