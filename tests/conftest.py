"""Shared by all tests: an environment without surprises, and where things lie."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def pytest_addoption(parser):
    parser.addoption("--update-goldens", action="store_true", help="rewrite fixtures/expected instead of comparing")
    parser.addoption("--all-mutations", action="store_true", help="try every breakage of the clusters, not a ninth")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch, tmp_path_factory):
    """No colour, no CI and no cache of the developer's own leaks into a test."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "CI", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture(scope="session")
def all_mutations(pytestconfig):
    """Whether every breakage of the clusters is to be tried."""
    return pytestconfig.getoption("--all-mutations")


@pytest.fixture(scope="session")
def fixtures():
    return ROOT / "fixtures"


@pytest.fixture(scope="session")
def upstream():
    """Real submissions, where they are laid beside the project."""
    folder = ROOT.parent / "shared" / "upstream"
    if not folder.is_dir():
        pytest.skip("no real submissions here")
    return folder
