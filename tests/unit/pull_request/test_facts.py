"""What expressions see of a pull request, and that the rules stand at the right place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.catalog.load import load_catalog
from aiconf.engine import evaluate
from aiconf.pull_request import (
    Change,
    Changes,
    Commit,
    Person,
    pull_request_facts,
    pull_request_subject,
)
from aiconf.pull_request.changes import shown
from aiconf.selection import select

ADA = Person("Ada Corvid", "ada@corvid.example")
PRODUCT = Change("v1.37/corvid/PRODUCT.yaml", "added")


def changes(*files, commits=(), tracked=None):
    kept = [change.path for change in files if change.status != "deleted"]
    return Changes(
        "main", Path("/repo"), Path("/repo"), tuple(sorted(files)), tuple(commits), frozenset(tracked or kept)
    )


def facts(*files, submitted=None, **more):
    return pull_request_facts(changes(*files, **more), submitted or {}, programme=True)


def findings(*files, **more):
    catalog = load_catalog()
    of = changes(*files, **more)
    subject = pull_request_subject(of, pull_request_facts(of, {}, programme=True))
    outcome = evaluate(catalog, subject, select(catalog))
    assert outcome.errors == []
    return [(finding.id.split("/")[1], finding.path) for finding in outcome.findings]


def evidence(*names):
    items = [{"kind": "file", "file": name, "requirement": "gang_scheduling"} for name in names]
    return {"v1.37/corvid": {"entries": [{"evidence": items}]}}


@pytest.mark.parametrize(
    ("path", "version", "product", "inside"),
    [
        ("v1.37/corvid/PRODUCT.yaml", "v1.37", "corvid", "PRODUCT.yaml"),
        ("v1.37/corvid/a/b.md", "v1.37", "corvid", "a/b.md"),
        ("v1.37/README.md", "v1.37", "", ""),
        ("v1.37.1/corvid/PRODUCT.yaml", "", "", ""),
        ("V1.37/corvid/PRODUCT.yaml", "", "", ""),
        ("1.37/corvid/PRODUCT.yaml", "", "", ""),
        ("v1.37", "v1.37", "", ""),
        ("README.md", "", "", ""),
    ],
)
def test_a_path_is_taken_apart(path, version, product, inside):
    (fact,) = facts(Change(path, "added"))["changes"]
    assert (fact["version"], fact["product"], fact["inside"]) == (version, product, inside)


@pytest.mark.parametrize("name", ["product.yaml", "PRODUCT.yml", "Product.YAML", "PRODUCT.yaml"])
@pytest.mark.parametrize("folder", ["", "corvid/", "v1.37/", "1.37/corvid/"])
def test_a_misplaced_or_misnamed_submission_still_submits(name, folder):
    assert facts(Change(folder + name, "added"))["submits"]
    assert ("folder_layout", folder + name) in findings(Change(folder + name, "added"))


def test_what_is_only_removed_or_elsewhere_submits_nothing():
    assert not facts(PRODUCT._replace(status="deleted"), Change("docs/x.md", "added"))["submits"]


@pytest.mark.parametrize(
    ("named", "called", "alike"),
    [
        ("E2E.log", "e2e.log", True),
        ("a/gang_scheduling.md", "a/gang-scheduling.md", True),
        ("e2e.log", "e2e.log", False),
        ("e2e.log", "a/e2e.log", False),
        ("e2e.txt", "e2e.log", False),
    ],
)
def test_names_that_differ_in_case_or_dashes_alone_are_alike(named, called, alike):
    found = facts(PRODUCT, Change(f"v1.37/corvid/{called}", "added"), submitted=evidence(named))["changes"]
    said = [entry["file"] for change in found for entry in change["spelled_otherwise"]]
    assert said == ([named] if alike else [])


def test_a_file_that_is_there_as_it_is_named_is_meant():
    both = ["v1.37/corvid/E2E.log", "v1.37/corvid/e2e.log"]
    found = facts(PRODUCT, *(Change(path, "added") for path in both), submitted=evidence("E2E.log"))["changes"]
    assert not any(change["spelled_otherwise"] for change in found)


def test_findings_about_the_whole_stand_at_the_submission():
    commit = Commit("a" * 40, 1, ADA, ADA, "No sign-off")
    found = findings(PRODUCT, Change("v1.37/corvid/a.md", "added"), commits=[commit])
    assert found == [("not_signed_off", PRODUCT.path)]


def test_two_commits_are_two_findings_with_fingerprints_of_their_own():
    catalog = load_catalog()
    of = changes(PRODUCT, commits=[Commit(letter * 40, 1, ADA, ADA, "Again") for letter in "ab"])
    subject = pull_request_subject(of, pull_request_facts(of, {}, programme=True))
    found = evaluate(catalog, subject, select(catalog)).findings
    assert len({finding.fingerprint for finding in found}) == 2
    assert {(finding.line, finding.column) for finding in found} == {(1, 1)}


@pytest.mark.parametrize(
    ("message", "signed"),
    [
        ("x\n\nSigned-off-by: Ada Corvid <ada@corvid.example>", True),
        ("x\n\nsigned-off-by: ADA CORVID <Ada@Corvid.Example>  ", True),
        ("x\n\nSigned-off-by: Bo <bo@x.example>\nSigned-off-by: Ada Corvid <ada@corvid.example>", True),
        ("x\n\nSigned-off-by: Ada Corvid <other@corvid.example>", False),
        ("x\n\nSigned-off-by: Somebody <ada@corvid.example>", False),
        ("x\n\n> Signed-off-by: Ada Corvid <ada@corvid.example>", False),
        ("x\n\nSigned-off-by: Ada Corvid ada@corvid.example", False),
        ("Signed-off-by", False),
        ("", False),
    ],
)
def test_a_sign_off_is_the_authors_own(message, signed):
    (fact,) = facts(PRODUCT, commits=[Commit("a" * 40, 1, ADA, Person("GitHub", "noreply@github.com"), message)])[
        "commits"
    ]
    assert fact["signed_off"] is signed


def test_a_committer_may_sign_off_too():
    author = Person("Bo", "bo@x.example")
    commit = Commit("a" * 40, 1, author, ADA, f"x\n\nSigned-off-by: {ADA.name} <{ADA.email}>")
    assert facts(PRODUCT, commits=[commit])["commits"][0]["signed_off"]


def test_the_digest_is_over_the_facts():
    one, same, other = (
        pull_request_subject(of, pull_request_facts(of, {}, programme=True)).record.sha256
        for of in (changes(PRODUCT), changes(PRODUCT), changes(PRODUCT, Change("a", "added")))
    )
    assert one == same != other


def test_bytes_that_are_no_text_are_written_out():
    assert shown("a\udcff.md") == "a\\xff.md"


PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=()), min_size=1, max_size=30).filter(
    lambda text: (
        not text.startswith("/") and not any("\ud800" <= c <= "\udc7f" or "\udd00" <= c <= "\udfff" for c in text)
    )
)
ANY_FILE = st.builds(
    Change,
    st.one_of(PATHS, PATHS.map("v1.37/{}".format), PATHS.map("v1.37/corvid/{}".format)),
    st.sampled_from(["added", "modified", "deleted"]),
    st.sampled_from(["file", "link", "submodule"]),
)
PEOPLE = st.builds(Person, st.text(max_size=20), st.text(max_size=20))
ANY_COMMIT = st.builds(Commit, st.just("a" * 40), st.integers(0, 3), PEOPLE, PEOPLE, st.text(max_size=80))


@given(
    st.lists(ANY_FILE, min_size=1, max_size=8, unique_by=lambda change: change.path), st.lists(ANY_COMMIT, max_size=3)
)
def test_no_names_and_no_people_make_a_rule_fail_to_evaluate(files, commits):
    for _, path in findings(*files, commits=commits):
        path.encode("utf-8")
