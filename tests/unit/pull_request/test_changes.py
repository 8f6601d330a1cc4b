"""What is read from git: real repositories, hostile names, hostile settings."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiconf.errors import InputError, UsageError
from aiconf.pull_request import changes as module
from aiconf.pull_request import git as git_module
from aiconf.pull_request import read_changes
from tests.gitrepo import AUTHOR, Repository


@pytest.fixture
def repository(tmp_path):
    return Repository.programme(tmp_path / "repo")


def read(repository, base="main", folder=None, **environment):
    return read_changes(base, folder or repository.root, {**repository.environment, **environment})


def listed(changes):
    return [(change.path, change.status, change.kind) for change in changes.files]


def test_committed_staged_and_edited_files_count_and_unknown_ones_do_not(repository):
    repository.submit()
    repository.write("v1.37/corvid/staged.md")
    repository.git("add", "v1.37/corvid/staged.md")
    repository.write("README.md", "edited\n")
    repository.write("v1.37/corvid/unknown.md")
    names = {path: status for path, status, _ in listed(read(repository))}
    assert names.pop("v1.37/corvid/PRODUCT.yaml") == "added"
    assert names.pop("v1.37/corvid/staged.md") == "added"
    assert names.pop("README.md") == "modified"
    assert all(path.startswith("v1.37/corvid/") and "unknown" not in path for path in names)


def test_what_the_base_gained_meanwhile_is_no_change_of_the_branch(repository):
    repository.submit()
    repository.git("switch", "--quiet", "main")
    repository.write("docs/news.md")
    repository.commit("News")
    repository.git("switch", "--quiet", "submit")
    assert not [path for path, _, _ in listed(read(repository)) if path.startswith("docs/")]


def test_a_renamed_file_is_one_deleted_and_one_added(repository):
    repository.git("mv", "README.md", "READ.md")
    repository.commit("Move")
    assert listed(read(repository)) == [("READ.md", "added", "file"), ("README.md", "deleted", "file")]


def test_links_and_submodules_are_told_from_files(repository, tmp_path):
    other = Repository.create(tmp_path / "other")
    other.commit("Begin")
    (repository.root / "link").symlink_to("/etc/passwd")
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(other.root), "module")
    repository.commit("Add")
    assert listed(read(repository)) == [
        (".gitmodules", "added", "file"),
        ("link", "added", "link"),
        ("module", "added", "submodule"),
    ]


HOSTILE = [
    b"new\nline.md",
    b"tab\tand \"quotes\" and 'more'.md",
    b"--output=x",
    b"-rf",
    b":(glob)**",
    b"back\\slash",
    b"\xff\xfe.md",
    "né-\u202e.md".encode(),
    b" leading and trailing ",
    b"$(touch owned);`touch owned`",
]


def test_hostile_names_come_through_whole(repository):
    for name in HOSTILE:
        repository.write(name, "x")
        repository.write(b"v1.37/" + name + b"/PRODUCT.yaml", "x")
    repository.commit("Add")
    changes = read(repository)
    expected = [*HOSTILE, *(b"v1.37/" + name + b"/PRODUCT.yaml" for name in HOSTILE)]
    assert {os.fsencode(change.path) for change in changes.files} == set(expected)
    assert {os.fsencode(path) for path in changes.tracked} >= {b"v1.37/--output=x/PRODUCT.yaml"}
    assert len(changes.owners()) == len(HOSTILE)
    assert not (repository.root / "owned").exists()
    for change in changes.files:
        assert changes.reported(change.path).encode("utf-8")


def test_paths_are_reported_from_the_folder_of_the_caller(repository):
    repository.submit()
    changes = read(repository, folder=repository.root / "docs")
    assert changes.submissions() == [Path("../v1.37/corvid/PRODUCT.yaml")]
    assert changes.reported("v1.37/corvid/PRODUCT.yaml") == "../v1.37/corvid/PRODUCT.yaml"


def test_a_changed_file_leads_to_the_submission_above_it_and_a_deleted_one_too(repository):
    repository.write("v1.36/corvid/tests/a/output.md")
    (repository.root / "v1.36/corvid/README.md").unlink(missing_ok=True)
    repository.commit("Evidence")
    assert read(repository).owners() == ["v1.36/corvid/PRODUCT.yaml"]


def test_a_linked_submission_is_not_followed(repository):
    folder = repository.root / "v1.37/wren"
    folder.mkdir(parents=True)
    (folder / "PRODUCT.yaml").symlink_to("/proc/self/environ")
    repository.commit("Link")
    assert read(repository).owners() == []


@pytest.mark.parametrize("base", ["--output=x", "-h", "", "main\0x"])
def test_a_base_that_could_be_an_option_is_refused(repository, base):
    with pytest.raises(UsageError, match="write a branch, tag or commit"):
        read(repository, base)


@pytest.mark.parametrize("base", ["origin/main", "main:README.md", "no such name", "$(touch owned)"])
def test_a_base_that_is_not_there_is_an_error_that_says_how_to_fetch_it(repository, base):
    with pytest.raises(InputError, match="fetch-depth: 0"):
        read(repository, base)


def test_without_a_repository_git_says_so(tmp_path):
    (tmp_path / "plain").mkdir()
    with pytest.raises(InputError, match="not a git repository"):
        read_changes("main", tmp_path / "plain", {**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path)})


def test_without_git_it_is_said_who_was_asked(repository):
    with pytest.raises(InputError, match="git was not found"):
        read(repository, PATH="/nonexistent")


def test_an_empty_repository_is_an_error(tmp_path):
    repository = Repository.create(tmp_path / "repo")
    with pytest.raises(InputError, match="no commit yet"):
        read(repository)


def test_unrelated_histories_are_an_error(repository):
    repository.git("switch", "--quiet", "--orphan", "alone")
    repository.commit("Alone")
    with pytest.raises(InputError, match="no commit in common"):
        read(repository)


def clone(repository, target, *options):
    url = f"file://{repository.root}"
    subprocess.run(["git", "clone", "--quiet", *options, url, target], check=True, env=repository.environment)
    return Repository(target)


def test_a_shallow_clone_is_an_error_even_where_a_merge_base_seems_to_be_there(repository, tmp_path):
    for number in range(3):
        repository.write(f"v1.36/corvid/{number}.md")
        repository.commit(f"Number {number}")
    shallow = clone(repository, tmp_path / "shallow", "--depth=2", "--branch=submit", "--no-single-branch")
    with pytest.raises(InputError, match=r"shallow clone.*fetch-depth: 0"):
        read(shallow, "origin/main")


def test_a_clone_that_was_cut_before_the_two_parted_will_do(repository, tmp_path):
    repository.submit()
    shallow = clone(repository, tmp_path / "shallow", "--depth=2", "--branch=submit", "--no-single-branch")
    # The cut is the merge base itself, which both sides have.
    assert "v1.37/corvid/PRODUCT.yaml" in {path for path, _, _ in listed(read(shallow, "origin/main"))}


def test_a_partial_clone_fetches_nothing(repository, tmp_path):
    repository.git("config", "uploadpack.allowFilter", "true")
    repository.submit()
    partial = clone(repository, tmp_path / "partial", "--filter=blob:none", "--branch=submit")
    repository.root.rename(repository.root.with_name("gone"))
    assert "v1.37/corvid/PRODUCT.yaml" in {path for path, _, _ in listed(read(partial, "origin/main"))}


def test_commits_carry_author_parents_and_every_sign_off(repository):
    repository.commit("First\n\nBody\n\nSigned-off-by: Else <else@x.example>", author="Bo Wren <bo@wren.example>")
    repository.git("switch", "--quiet", "--create", "side", "main")
    repository.commit("Side", sign_off=False)
    repository.git("switch", "--quiet", "submit")
    repository.git("merge", "--quiet", "--no-ff", "--message=Join", "side")
    first, *_, merge = read(repository).commits
    assert (first.subject, first.parents) == ("First", 1)
    assert tuple(first.author) == ("Bo Wren", "bo@wren.example")
    assert tuple(first.committer) == AUTHOR
    assert [tuple(person) for person in first.sign_offs] == [("Else", "else@x.example"), AUTHOR]
    assert (merge.subject, merge.parents) == ("Join", 2)


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
def test_messages_in_another_encoding_are_read(repository, encoding):
    message = repository.root / "message"
    message.write_bytes("Für alle\n".encode(encoding))
    repository.git("-c", f"i18n.commitEncoding={encoding}", "commit", "--quiet", "--allow-empty", f"--file={message}")
    assert read(repository).commits[0].subject == "Für alle"


def test_too_many_files_are_an_error_not_a_wait(repository, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHANGES", 3)
    for number in range(4):
        repository.write(f"many/{number}")
    repository.commit("Many")
    with pytest.raises(InputError, match="more than 3 files changed"):
        read(repository)


def test_too_many_commits_are_an_error(repository, monkeypatch):
    monkeypatch.setattr(module, "MOST_COMMITS", 2)
    for number in range(3):
        repository.commit(f"Number {number}")
    with pytest.raises(InputError, match="more than 2 commits"):
        read(repository)


def test_output_is_bounded(repository, monkeypatch):
    repository.submit()
    monkeypatch.setattr(git_module, "_OUTPUT_LIMIT", 100)
    with pytest.raises(InputError, match="printed more than 100 bytes"):
        read(repository)


def test_a_git_that_hangs_is_ended(repository, monkeypatch, tmp_path):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setattr(git_module, "_SECONDS", 0.2)
    with pytest.raises(InputError, match="gave no answer within"):
        read(repository, PATH=f"{slow.parent}:{os.environ['PATH']}")


def trap(tmp_path):
    """A program that leaves a trace when it is run."""
    program = tmp_path / "trap"
    program.write_text(f'#!/bin/sh\ntouch "{tmp_path}/sprung"\ncat\n')
    program.chmod(0o755)
    return program, tmp_path / "sprung"


def test_nothing_that_the_repository_names_is_run(repository, tmp_path):
    repository.submit()
    repository.write("README.md", "edited\n")
    program, sprung = trap(tmp_path)
    for name in ("core.fsmonitor", "diff.external", "diff.x.textconv", "core.pager", "gpg.program", "core.sshCommand"):
        repository.git("config", name, str(program))
    repository.git("config", "log.showSignature", "true")
    repository.write(".git/info/attributes", "* diff=x\n")
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "post-index-change").symlink_to(program)
    repository.git("config", "core.hooksPath", str(hooks))
    sprung.unlink(missing_ok=True)
    assert listed(read(repository))
    assert not sprung.exists()


def test_variables_that_point_git_elsewhere_are_not_handed_on(repository, tmp_path):
    repository.submit()
    other = Repository.create(tmp_path / "other")
    environment = {
        "GIT_DIR": str(other.root / ".git"),
        "GIT_WORK_TREE": str(other.root),
        "GIT_INDEX_FILE": str(other.root / "index"),
        "GIT_EXTERNAL_DIFF": "/bin/false",
    }
    assert read(repository, **environment).files == read(repository).files


def test_an_unsafe_repository_is_refused_in_gits_words(repository):
    environment = {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}
    done = subprocess.run(
        ["git", "status"],
        cwd=repository.root,
        env={**repository.environment, **environment},
        capture_output=True,
        check=False,
    )
    assert b"dubious ownership" in done.stderr
    git = git_module.Git(repository.root, repository.environment)
    git._environment.update(environment)
    with pytest.raises(InputError, match="dubious ownership"):
        git.run("rev-parse", "--show-toplevel")


SETTINGS = {
    "diff.noprefix": ["true", "false"],
    "diff.renames": ["copies", "true", "false"],
    "diff.relative": ["true"],
    "diff.ignoreSubmodules": ["all", "none"],
    "diff.orderFile": ["/nonexistent", "/dev/null"],
    "diff.external": ["/bin/false"],
    "diff.submodule": ["log", "diff"],
    "diff.mnemonicPrefix": ["true"],
    "diff.algorithm": ["patience"],
    "diff.wordRegex": ["."],
    "color.ui": ["always"],
    "core.quotePath": ["true", "false"],
    "core.abbrev": ["4", "40"],
    "core.pager": ["/bin/false"],
    "format.pretty": ["fuller", "%H"],
    "log.showSignature": ["true"],
    "log.decorate": ["full"],
    "log.follow": ["true"],
    "log.mailmap": ["true", "false"],
    "log.date": ["relative"],
    "log.diffMerges": ["on"],
    "i18n.logOutputEncoding": ["ISO-8859-1", "UTF-16"],
    "notes.displayRef": ["refs/notes/*"],
    "status.relativePaths": ["false"],
    "submodule.recurse": ["true"],
    "alias.diff": ["!false"],
    "safe.directory": ["*", ""],
    "user.name": ["Else"],
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    repository = Repository.programme(tmp_path_factory.mktemp("shared") / "repo")
    repository.write(b"v1.37/corvid/\xff\n.md", "same content that could be a rename\n" * 5)
    repository.submit()
    repository.git("mv", "README.md", "ÄREAD.md")
    repository.commit("Mové")
    return repository, read(repository)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chosen=st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in SETTINGS.items()}))
def test_the_facts_do_not_depend_on_the_users_settings(shared, chosen):
    repository, expected = shared
    environment = {"GIT_CONFIG_COUNT": str(len(chosen)), "LANG": "de_DE.UTF-8", "GIT_PAGER": "/bin/false"}
    for index, (name, value) in enumerate(chosen.items()):
        environment |= {f"GIT_CONFIG_KEY_{index}": name, f"GIT_CONFIG_VALUE_{index}": value}
    assert read(repository, **environment) == expected


def test_what_is_not_checked_out_is_an_error_never_a_pass(repository):
    repository.write("v1.37/corvid/tests/output.md")
    repository.submit()
    repository.git("sparse-checkout", "set", "docs")
    with pytest.raises(InputError, match="is not checked out"):
        read(repository)


def test_a_submission_that_is_not_checked_out_is_missed_where_only_its_evidence_changed(repository):
    repository.write("v1.36/corvid/tests/output.md")
    repository.commit("Evidence")
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!PRODUCT.yaml")
    with pytest.raises(InputError, match=r"v1.36/corvid/PRODUCT.yaml is not checked out"):
        read(repository).owners()


def test_a_submission_that_is_deleted_and_not_staged_is_gone(repository):
    repository.submit()
    (repository.root / "v1.37/corvid/PRODUCT.yaml").unlink()
    changes = read(repository)
    assert "v1.37/corvid/PRODUCT.yaml" not in changes.tracked
    assert changes.owners() == []
