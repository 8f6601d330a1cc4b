"""Every rule of the project is seen to fire, and to stay silent; one submission breaks nearly all of them at once."""

from pathlib import Path

import pytest

from aiconf.linter import lint
from aiconf.options import Options
from aiconf.ruletest import TestRunner, coverage

FIXTURES = Path(__file__).parents[2] / "fixtures"
MAGPIE = FIXTURES / "submissions" / "v1.37" / "magpie"
# What magpie was written to break: a file of rules that is not here is held by its own examples alone.
BROKEN = ("artifact", "checklist", "conformance", "evidence", "layered", "metadata", "submission")
# Rules of those files that magpie cannot break, and what stands against it.
APART = {
    "artifact/stale": "the day on which 1.37 was released is not known yet",
    "checklist/version_unknown": "then there is no checklist, and nothing else could be said of requirements",
    "conformance/url_format": "the address is of another version, which only a well-formed one can be",
    "layered/retest_incomplete": "no re-test is stated",
    "metadata/section_missing": "then there are no fields",
    "submission/version_folder_missing": "then there is no version that kubernetesVersion could differ from",
    # What the network says is not asked.
    "conformance/url_unreachable": "online",
    "evidence/anchor_missing": "online",
    "evidence/url_dead": "online",
    "evidence/url_drifts": "online",
    "evidence/url_moved": "online",
    "evidence/url_undecided": "online",
    "metadata/logo_content": "online",
    "metadata/url_dead": "online",
    "metadata/url_moved": "online",
    "metadata/url_undecided": "online",
}


@pytest.fixture(scope="module")
def runner():
    return TestRunner(None, FIXTURES)


@pytest.fixture(scope="module")
def results(runner):
    return [runner.run(file, test) for file in runner.files for test in file.tests]


@pytest.fixture(scope="module")
def magpie():
    return lint([MAGPIE], Options(members=("of the fixtures", ("Corvid Systems",))))


def test_every_example_in_a_rule_file_is_as_expected(results):
    assert [f"{result.file_id}: {result.name}: {result.problem}" for result in results if result.problem] == []


def test_every_rule_fires_in_an_example_and_is_silent_in_another(runner, results):
    assert list(coverage(results).gaps(runner.linter.catalog)) == []


def test_one_submission_breaks_every_rule_that_can_be_broken_at_once(runner, magpie):
    broken = {finding.id for finding in magpie.findings}
    every = {id_ for id_ in runner.linter.catalog.ids() if id_.split("/")[0] in BROKEN}
    assert every - broken == set(APART)
    assert not magpie.errors


def test_what_cannot_be_broken_at_once_fires_elsewhere(results):
    assert APART.keys() <= coverage(results).failed.keys()


def test_a_finding_about_the_readme_stands_in_it(tmp_path):
    folder = tmp_path / "v1.36" / "finch"
    folder.mkdir(parents=True)
    text = (FIXTURES / "submissions/v1.36/finch/PRODUCT.yaml").read_text(encoding="utf-8")
    (folder / "PRODUCT.yaml").write_text(text, encoding="utf-8")
    readme = ["All MUST requirements were re-tested.", "", "| Requirement | Layer |", "|---|---|"]
    readme += ["  | gpu_sharing | base |", "", "GKE does not schedule gangs.", ""]
    (folder / "README.md").write_bytes("\r\n".join(readme).encode())
    findings = lint([folder], Options(select=("layered",))).findings
    found = {finding.id: finding for finding in findings}
    sentence, owner = found["layered/deficiency_framed"], found["layered/places_contradict"]
    assert (sentence.path, sentence.pointer) == ((folder / "README.md").as_posix(), "")
    assert (sentence.line, sentence.column, sentence.excerpt) == (7, 5, "GKE does not schedule gangs.")
    assert (owner.path, owner.requirement) == ((folder / "PRODUCT.yaml").as_posix(), "gpu_sharing")
    assert "in the notes (line" in owner.message
    assert '"base" in README.md (line 5)' in owner.message
