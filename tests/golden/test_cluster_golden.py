"""The whole output of what concerns clusters: ``aiconf check``, ``--why``, ``aiconf diff`` and ``lint --snapshot``.

A file under fixtures/snapshots adds its tests; so does an edit of one in ``edits/``, which is a broken cluster in few
lines. ``pytest tests/golden --update-goldens`` rewrites the expected files; review the diff.
"""

import json
import re
from pathlib import Path

import pytest
import yaml

from aiconf.catalog.runtime import Test as Example
from aiconf.cli import run
from aiconf.edited_snapshot import edited_snapshot

FIXTURES = Path(__file__).parents[2] / "fixtures"
SNAPSHOTS = FIXTURES / "snapshots"
EXPECTED = FIXTURES / "expected" / "clusters"
EDITS = FIXTURES / "edits"
CASES = sorted(path.stem for path in (*SNAPSHOTS.glob("*.json"), *EDITS.glob("*.yaml")))
FORMATS = ("text", "json", "markdown")
VOLATILE = re.compile(r'("version": |"catalog": )"[^"]*"')
CODES = {"pass": 0, "fail": 1}


@pytest.fixture
def snapshots(tmp_path, monkeypatch):
    """Lays a snapshot into the current folder, as ``NAME.json``."""
    monkeypatch.chdir(tmp_path)

    def go(name):
        edit = EDITS / f"{name}.yaml"
        path = tmp_path / f"{name}.json"
        if edit.exists():
            test = Example(name=name, expect="", **yaml.safe_load(edit.read_text(encoding="utf-8")))
            path.write_text(json.dumps(edited_snapshot(test, SNAPSHOTS)), encoding="utf-8")
        else:
            path.write_bytes((SNAPSHOTS / path.name).read_bytes())
        return path.name

    return go


@pytest.fixture
def same(pytestconfig):
    """Holds a text against the expected file of a name, or rewrites that."""

    def go(name, text):
        path = EXPECTED / name
        if path.suffix == ".json":
            text = VOLATILE.sub(r'\1"…"', text)
        if pytestconfig.getoption("--update-goldens"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return go


def outputs(*arguments):
    """What each format says, and the exit code."""
    code = run([*arguments, *(f"--format={name}=report.{name}" for name in FORMATS)])
    return code, {name: Path(f"report.{name}").read_text(encoding="utf-8") for name in FORMATS}


@pytest.mark.parametrize("case", CASES)
def test_check_is_as_expected(case, snapshots, same):
    code, texts = outputs("check", snapshots(case))
    for form, text in texts.items():
        same(f"{case}.{form}", text)
    assert code == CODES[json.loads(texts["json"])["verdict"]]


def test_the_cases_have_every_result():
    """One passes in full, one fails, and one leaves something open."""
    found = [{row["result"] for row in json.loads(path.read_bytes())["requirements"]} for path in _reports()]
    assert {"pass"} in found
    assert any("fail" in each for each in found)
    assert any("inconclusive" in each for each in found)


def _reports():
    return [EXPECTED / f"{case}.json" for case in CASES]


@pytest.mark.parametrize("requirement", ["gang_scheduling", "secure_accelerator_access", "virtualized_accelerator"])
@pytest.mark.parametrize("case", ["eks", "kueue_down"])
def test_why_is_as_expected(case, requirement, snapshots, same, capsys):
    run(["check", snapshots(case), "--why", requirement])
    same(f"{case}.why.{requirement}", capsys.readouterr().out)


@pytest.mark.parametrize("form", ["text", "json"])
def test_diff_is_as_expected(form, snapshots, same, capsys):
    assert run(["diff", snapshots("eks"), snapshots("kueue_down"), "--format", form]) == 1
    same(f"eks-kueue_down.diff.{form}", capsys.readouterr().out)


def test_lint_beside_a_cluster_is_as_expected(snapshots, same):
    product = Path("v1.36/corvid/PRODUCT.yaml")
    product.parent.mkdir(parents=True)
    product.write_bytes((FIXTURES / "submissions" / product).read_bytes())
    Path("members.txt").write_bytes((FIXTURES / "members.txt").read_bytes())
    name = snapshots("kueue_down")
    code, texts = outputs("lint", str(product), "--snapshot", name, "--members", "members.txt")
    for form, text in texts.items():
        same(f"corvid-kueue_down.{form}", text)
    assert code == 1


def test_every_expected_output_has_its_case():
    names = {path.name.split(".")[0] for path in EXPECTED.iterdir()}
    assert names == {*CASES, "eks-kueue_down", "corvid-kueue_down"}
