"""The pre-commit hook offered to other repositories."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]


def hook() -> Any:
    """The one hook of the file, by its published id."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return {entry["id"]: entry for entry in hooks}["aiconf-lint"]


@pytest.mark.parametrize("path", ["PRODUCT.yaml", "v1.34/acme/PRODUCT.yaml"])
def test_a_submission_is_checked(path: str) -> None:
    assert re.search(hook()["files"], path)


@pytest.mark.parametrize("path", ["v1.34/acme/README.md", "v1.34/acme/MYPRODUCT.yaml", "PRODUCT.yaml.orig"])
def test_other_files_are_left_alone(path: str) -> None:
    assert not re.search(hook()["files"], path)


def test_the_hook_runs_a_command_the_package_installs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert hook()["entry"].split() == ["aiconf", "lint"]
    assert "aiconf" in project["scripts"]


def test_the_hook_runs_once_for_all_files() -> None:
    assert hook()["require_serial"] is True
