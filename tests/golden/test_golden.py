"""The whole output of ``aiconf lint`` for each fixture; adding a submission under fixtures/submissions adds a test.

``pytest tests/golden --update-goldens`` rewrites the expected files; review the diff.
"""

import json
import re
from pathlib import Path

import pytest

from aiconf.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
CASES = sorted(
    path.parent.relative_to(FIXTURES / "submissions").as_posix()
    for path in FIXTURES.glob("submissions/v*/*/PRODUCT.yaml")
)
VOLATILE = re.compile(r'("version": |"catalog": )"[^"]*"')


def outputs(case, monkeypatch, tmp_path):
    """What each format says, with what changes from release to release replaced."""
    monkeypatch.chdir(FIXTURES / "submissions")
    files = {name: tmp_path / f"report.{name}" for name in ("text", "json")}
    formats = [f"--format={name}={path}" for name, path in files.items()]
    code = run(["lint", f"{case}/PRODUCT.yaml", "--members", "../members.txt", "-v", *formats])
    texts = {name: VOLATILE.sub(r'\1"…"', path.read_text(encoding="utf-8")) for name, path in files.items()}
    return code, texts


@pytest.mark.parametrize("case", CASES)
def test_output_is_as_expected(case, monkeypatch, tmp_path, pytestconfig):
    code, texts = outputs(case, monkeypatch, tmp_path)
    for name, text in texts.items():
        expected = FIXTURES / "expected" / f"{case}.{name}"
        if pytestconfig.getoption("--update-goldens"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")
    assert code == (0 if json.loads(texts["json"])["verdict"] == "pass" else 1)


@pytest.mark.parametrize(
    "name", sorted(path.relative_to(FIXTURES / "expected").as_posix() for path in FIXTURES.glob("expected/v*/*"))
)
def test_every_expected_output_has_its_submission(name):
    assert (FIXTURES / "submissions" / Path(name).with_suffix("") / "PRODUCT.yaml").is_file()
