"""The command line as a user meets it: a real process, real files, real exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"
CLEAN = FIXTURES / "submissions" / "v1.37" / "corvid"
DRAFT = FIXTURES / "submissions" / "v1.37" / "heron"
MEMBERS = ["--members", str(FIXTURES / "members.txt")]


def aiconf(*arguments, cwd=None, stdin=None, **environment):
    """Run the command and give its exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "aiconf", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_clean_submission_passes_with_0():
    code, out, err = aiconf("lint", CLEAN, *MEMBERS)
    assert (code, err) == (0, "")
    assert "verdict: pass" in out


def test_findings_end_with_1_and_stand_at_their_line():
    code, out, _ = aiconf(
        "lint", "v1.37/heron/PRODUCT.yaml", *MEMBERS, "--format", "concise", cwd=FIXTURES / "submissions"
    )
    assert code == 1
    lines = (DRAFT / "PRODUCT.yaml").read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "ai-service-metrics.md" in line)
    assert f"v1.37/heron/PRODUCT.yaml:{number}:11: error[evidence/file_missing]" in out


def test_json_on_standard_output_is_json_alone_with_the_contracts_keys():
    code, out, err = aiconf("lint", DRAFT, *MEMBERS, "--format", "json")
    report = json.loads(out)
    assert (code, err) == (1, "")
    assert report["format"] == "aiconf/report/v1"
    assert report["verdict"] == "fail"
    assert set(report["findings"][0]) == {
        "id", "severity", "authority", "message", "path", "line", "column", "pointer", "requirement", "remediation",
        "suppressed", "fixable",
    }  # fmt: skip
    assert set(report["requirements"][0]) == {
        "input", "id", "level", "status", "result", "proof", "owner", "component", "contribution", "objects", "reasons",
    }  # fmt: skip


def test_a_finding_about_a_requirement_carries_its_id_and_pointer():
    _, out, _ = aiconf("lint", DRAFT, *MEMBERS, "--format", "json")
    finding = next(f for f in json.loads(out)["findings"] if f["id"] == "evidence/placeholder")
    assert finding["requirement"] == "gpu_sharing"
    assert finding["pointer"] == "/spec/accelerators/1/evidence/0"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["lint", "no/such/PRODUCT.yaml"], 2, "does not exist"),
        (["lint", str(CLEAN), "--select", "metadata/field_mising"], 2, "metadata/field_missing"),
        (["lint", str(CLEAN), "--format", "xml"], 2, "choose from"),
        (["lint", str(CLEAN), "--fail-on", "sometimes"], 2, "fail-on"),
        (["lint", str(CLEAN), "--registry", "/"], 2, "no registry"),
        (["lint", str(CLEAN), "--kubernetes-version", "latest"], 2, "v1.37"),
        (["lint", str(CLEAN), "--members", "no-such-file"], 2, "member names"),
        (["lintt"], 2, "Did you mean 'lint'"),
        (["explain", "metadata/nothing"], 2, "no rule"),
        (["lint", "-", str(CLEAN)], 2, "stands alone"),
        (["lint", str(CLEAN), "--format", "text", "--format", "json"], 2, "standard output"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_says_what_to_do(arguments, code, says):
    found, out, err = aiconf(*arguments)
    assert (found, out) == (code, "")
    assert says in err
    assert "Traceback" not in err


def test_a_folder_without_submissions_ends_with_3(tmp_path):
    code, out, _ = aiconf("lint", tmp_path)
    assert code == 3
    assert "nothing checked" in out


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="needs a file that opens and cannot be read")
def test_a_file_that_cannot_be_read_ends_with_2_and_the_others_are_checked():
    code, out, _ = aiconf("lint", CLEAN, "/proc/self/mem", *MEMBERS, "--format", "json")
    report = json.loads(out)
    assert (code, report["verdict"]) == (2, "error")
    assert [record["path"].endswith("corvid/PRODUCT.yaml") for record in report["inputs"]] == [True]
    assert [error["path"] for error in report["errors"]] == ["/proc/self/mem"]


def test_standard_input_is_judged_where_it_would_lie():
    raw = (CLEAN / "PRODUCT.yaml").read_bytes()
    code, out, _ = aiconf("lint", "-", "--stdin-filename", CLEAN / "PRODUCT.yaml", *MEMBERS, stdin=raw)
    assert code == 0, out
    code, out, _ = aiconf(
        "lint", "-", "--kubernetes-version", "1.37", *MEMBERS, "--registry", FIXTURES / "submissions", stdin=raw
    )
    assert code == 0, out


def test_fail_on_sets_the_bar(tmp_path):
    product = tmp_path / "v1.37" / "corvid"
    shutil.copytree(CLEAN, product)
    arguments = ["lint", product, "--registry", FIXTURES / "submissions"]
    assert aiconf(*arguments)[0] == 0  # the vendor is no member: a warning
    assert aiconf(*arguments, "--fail-on", "warning")[0] == 1
    assert aiconf(*arguments, *MEMBERS, "--fail-on", "note")[0] == 0
    assert aiconf("lint", DRAFT, "--fail-on", "never")[0] == 0


def test_several_formats_are_written_in_one_run(tmp_path):
    code, out, _ = aiconf("lint", DRAFT, "--format", "text", "--format", f"json={tmp_path}/report.json")
    assert code == 1
    assert "verdict: fail" in out
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["verdict"] == "fail"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


def test_an_authority_can_be_singled_out():
    _, out, _ = aiconf("lint", DRAFT, "--authority", "validator", "--format", "json")
    assert {finding["authority"] for finding in json.loads(out)["findings"]} == {"validator"}


@pytest.mark.parametrize(
    ("environment", "arguments", "colored"),
    [
        ({}, [], False),
        ({"FORCE_COLOR": "1"}, [], True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, [], False),
        ({}, ["--color", "always"], True),
    ],
)
def test_colour_is_for_terminals_and_those_who_ask(environment, arguments, colored):
    _, out, _ = aiconf("lint", DRAFT, *arguments, **environment)
    assert ("\x1b[" in out) is colored


def test_the_same_inputs_give_the_same_bytes():
    assert aiconf("lint", DRAFT, "--format", "json") == aiconf("lint", DRAFT, "--format", "json", PYTHONHASHSEED="7")


def test_list_names_every_rule_and_explain_knows_each():
    code, out, _ = aiconf("list", "--format", "json")
    rules = json.loads(out)
    assert code == 0
    code, out, _ = aiconf("explain", *(rule["id"] for rule in rules))
    assert code == 0
    assert all(f"{rule['id']}: {rule['summary']}" in out for rule in rules)


def test_the_reference_engine_finds_the_same():
    def findings(engine):
        return json.loads(aiconf("lint", DRAFT, "--format", "json", "--engine", engine)[1])["findings"]

    assert findings("default") == findings("reference")


def test_linting_a_clean_file_imports_nothing_heavy():
    aiconf("lint", CLEAN)  # the catalog is compiled and cached now
    script = (
        "import sys; from aiconf.cli import run; "
        f"code = run(['lint', {str(CLEAN)!r}, '-q']); "
        "heavy = {'celpy', 'lark', 'pydantic', 'jsonschema', 'kubernetes', 'httpx', 'xml.etree', 'asyncio'}; "
        "print(code, sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    # The clean submission's evidence holds a junit.xml, for which XML may be parsed.
    assert done.stdout.splitlines()[-1].replace("'xml.etree'", "") == "0 []"
