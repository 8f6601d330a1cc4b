"""The whole output of every form, byte by byte; ``pytest --update-goldens`` rewrites it, review the diff."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiconf.reporters import FORMATS, Style, render

EXPECTED = Path(__file__).parents[3] / "fixtures" / "expected" / "reports"


@pytest.mark.parametrize("name", ["report", "clean", "broken", "empty", "beside"])
@pytest.mark.parametrize("form", FORMATS)
def test_output_is_as_expected(form, name, request, pytestconfig):
    text = render(form, request.getfixturevalue(name), Style(verbose=True))
    path = EXPECTED / f"{name}.{form}"
    if pytestconfig.getoption("--update-goldens"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))
    assert text == path.read_bytes().decode("utf-8")


def test_there_is_no_expected_output_of_a_form_that_is_gone():
    assert {path.suffix[1:] for path in EXPECTED.iterdir()} == set(FORMATS)


@pytest.mark.parametrize("form", FORMATS)
def test_reporters_need_nothing_but_the_report(form):
    """Loading a form imports neither the engine nor anything that reads rules."""
    code = f"import sys; from aiconf.reporters import FORMATS; __import__(FORMATS[{form!r}]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    loaded = {name for name in done.stdout.split() if name.startswith("aiconf.")}
    assert {name.split(".")[1] for name in loaded} <= {"model", "reporters"}
    assert not {"celpy", "lark", "pydantic", "jsonschema", "yaml"} & set(done.stdout.split())
