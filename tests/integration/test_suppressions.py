"""Accepting findings from the command line: comments, exceptions, baselines, and what every form says of them."""

import json
import re
import shutil

import pytest

from aiconf.cli import run
from aiconf.reporters import FORMATS

PRODUCT = "v1.37/dunnock/PRODUCT.yaml"
RULES = "evidence/placeholder,evidence/file_missing,metadata/placeholder,artifact/recommended,suppression"


@pytest.fixture
def here(monkeypatch, fixtures):
    monkeypatch.chdir(fixtures / "submissions")
    return fixtures


@pytest.fixture
def draft(tmp_path, monkeypatch, fixtures):
    """A copy of the draft in a folder of its own."""
    shutil.copytree(fixtures / "submissions/v1.37/dunnock", tmp_path / "v1.37/dunnock")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(capsys, *arguments):
    code = run(["lint", PRODUCT, *map(str, arguments)])
    out, err = capsys.readouterr()
    return code, out, err


def accepted(out):
    return {(f["id"], f["line"], f["suppressed"]) for f in json.loads(out)["findings"] if f["suppressed"]}


@pytest.mark.parametrize("form", ["text", "sarif"])
def test_the_summary_and_sarif_say_what_is_accepted(here, capsys, pytestconfig, form):
    code, out, _ = lint(
        capsys, "--exceptions", "../exceptions/dunnock.yaml", "--members", "../members.txt", "--select", RULES,
        "--format", form, "--show-suppressed",
    )  # fmt: skip
    assert code == 1
    text = re.sub(r'("version": |"catalog": )"(?!2\.1\.0)[^"]*"', r'\1"…"', out)
    expected = here / "expected" / "suppressions" / f"dunnock.{form}"
    if pytestconfig.getoption("--update-goldens"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.usefixtures("here")
def test_sarif_tells_comments_from_exceptions(capsys):
    _, out, _ = lint(capsys, "--exceptions", "../exceptions/dunnock.yaml", "--format", "sarif")
    results = json.loads(out)["runs"][0]["results"]
    kinds = {
        (result["ruleId"], suppression["kind"]) for result in results for suppression in result.get("suppressions", ())
    }
    assert kinds == {
        ("metadata/placeholder", "inSource"),
        ("evidence/placeholder", "inSource"),
        ("evidence/file_missing", "external"),
    }  # fmt: skip


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("form", FORMATS)
def test_no_form_counts_what_is_accepted(capsys, form):
    reason = "the number is fixed on the day of the release"
    select = ["--select", "metadata/placeholder", "--format", form]
    code, accepted_out, _ = lint(capsys, *select)
    assert code == 0
    heeded = {"sarif", "json", "junit", "markdown", "html", "policyreport"}
    assert (reason in accepted_out) is (form in heeded)
    code, counted_out, _ = lint(capsys, *select, "--no-inline-ignores")
    assert code == 1
    assert reason not in counted_out.replace("# aiconf: ignore[metadata/placeholder] " + reason, "")


@pytest.mark.usefixtures("here")
def test_the_exceptions_file_is_an_input_and_its_defects_stand_in_it(capsys):
    _, out, _ = lint(capsys, "--exceptions", "../exceptions/dunnock.yaml", "--format", "json")
    report = json.loads(out)
    assert [(one["path"], one["kind"]) for one in report["inputs"]] == [
        ("../exceptions/dunnock.yaml", "exceptions"), (PRODUCT, "submission"),
    ]  # fmt: skip
    own = [
        (f["line"], f["id"], f["pointer"]) for f in report["findings"] if f["path"].endswith("exceptions/dunnock.yaml")
    ]
    assert own == [
        (7, "suppression/expired", "/1"), (16, "suppression/unused", "/3"), (20, "suppression/no_reason", "/4"),
    ]  # fmt: skip


def test_a_run_that_checks_nothing_but_exceptions_checked_nothing(draft):
    shutil.rmtree(draft / "v1.37")
    (draft / "e.yaml").write_text("[]\n", encoding="utf-8")
    assert run(["lint", ".", "--exceptions", "e.yaml"]) == 3


def test_the_same_findings_by_many_processes(tmp_path, monkeypatch, capsys, fixtures):
    for number in range(90):
        shutil.copytree(fixtures / "submissions/v1.37/dunnock", tmp_path / f"v1.37/dunnock{number}")
    monkeypatch.chdir(tmp_path)
    assert run(["lint", "--write-baseline", "e.yaml", "--reason", "as it is"]) == 0
    capsys.readouterr()
    entries = (tmp_path / "e.yaml").read_text(encoding="utf-8").count("\n- ") + 1
    assert entries > 90
    assert run(["lint", "--exceptions", "e.yaml", "--fail-on", "note"]) == 0


def test_a_baseline_is_kept_up(draft, capsys):
    def baseline(*arguments):
        return lint(capsys, "--write-baseline", "e.yaml", *arguments)

    code, out, err = baseline("--reason", "As it was in May", "--owner", "Release team", "--expires", "9999-12-31")
    assert code == 0
    assert re.search(r"e\.yaml: (\d+) exceptions, \1 of them new", err)
    assert "verdict: pass" in out
    first = (draft / "e.yaml").read_text(encoding="utf-8")
    assert 'owner: "Release team"\n  expires: "9999-12-31"' in first

    product = draft / PRODUCT
    text = product.read_text(encoding="utf-8").replace("coming soon", '"https://d.example/m"')
    product.write_text(text.replace("- metrics.md", "- m.md"), encoding="utf-8")
    code, out, _ = lint(capsys, "--exceptions", "e.yaml", "--format", "json", "--fail-on", "note")
    counted = {f["id"] for f in json.loads(out)["findings"] if f["suppressed"] is None}
    assert (code, counted) == (1, {"suppression/unused", "evidence/file_missing"})
    assert baseline("--reason", "Since June", "--fail-on", "note")[0] == 0
    second = (draft / "e.yaml").read_text(encoding="utf-8")
    assert second.count("Since June") == 1
    assert second.count("As it was in May") == first.count("As it was in May") - 2
    assert baseline("--reason", "Never said", "--select", "metadata")[0] == 0
    assert (draft / "e.yaml").read_text(encoding="utf-8") == second


@pytest.mark.usefixtures("draft")
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--write-baseline", "e.yaml"], "needs a --reason"),
        (["--write-baseline", "e.yaml", "--reason", "  "], "needs a --reason"),
        (["--reason", "r"], "go with --write-baseline"),
        (["--write-baseline", "e.yaml", "--reason", "r", "--expires", "soon"], "YYYY-MM-DD"),
        (["--write-baseline", "e.yaml", "--reason", "r", "--expires", "20270101"], "YYYY-MM-DD"),
        (["--write-baseline", "e.yaml", "--reason", "r", "--exceptions", "f.yaml"], "two files"),
        (["--write-baseline", "no/such/e.yaml", "--reason", "r"], "cannot write"),
        (["--exceptions", "e.yaml"], "does not exist"),
        (["--exceptions", PRODUCT], "holds a mapping"),
        (["--write-baseline", PRODUCT, "--reason", "r"], "holds a mapping"),
    ],
)
def test_what_cannot_be_done_ends_with_2(capsys, arguments, says):
    code, out, err = lint(capsys, *arguments)
    assert (code, out) == (2, "")
    assert says in err


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("form", "says", "never"),
    [
        ("text", "; 1 submission; ", "exceptions; "),
        ("markdown", "v1.37/dunnock", "### Submissions"),
        ("html", "; 1 submission.", "2 submissions"),
        (
            "junit",
            f'classname="{PRODUCT}" name="metadata/email_invalid"',
            'dunnock.yaml" name="metadata/email_invalid"',
        ),
    ],
)
def test_an_exceptions_file_is_no_submission_that_passed(capsys, form, says, never):
    _, out, _ = lint(capsys, "--exceptions", "../exceptions/dunnock.yaml", "--format", form)
    assert says in out
    assert never not in out
