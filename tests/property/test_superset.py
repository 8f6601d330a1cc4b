"""Whatever the official validator rejects offline, aiconf reports at severity error, and what it accepts stays quiet.

Valid submissions are mutated: fields dropped, retyped, blanked, duplicated, reordered, edited.
"""

import copy
import sys
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.linter import Linter, Options
from aiconf.model import Severity

sys.path.insert(0, str(Path(__file__).parent))
from official import rejections  # noqa: E402 - beside this file, which is in no package

SUBMISSIONS = Path(__file__).parents[2] / "fixtures" / "submissions"
VERSIONS = ["v1.33", "v1.34", "v1.35", "v1.36", "v1.37"]
VALUES = st.sampled_from(
    ["", " ", "TBD", "[Evidence URL]", "N/A", "Implemented", "implemented", "https://docs.corvid.example/x", "../other.md",
     "v1.36/other/x.md", "missing.md", "results/junit.xml", None, 1.5, 3, True, [], ["x"], [""], [None], {"a": "b"}, "see the docs"]
)  # fmt: skip
KINDS = st.sampled_from(["drop", "replace", "duplicate", "reverse", "rename"])


def load(version):
    return yaml.safe_load((SUBMISSIONS / version / "corvid" / "PRODUCT.yaml").read_text(encoding="utf-8"))


def checklist(version):
    spec = yaml.safe_load((SUBMISSIONS / "docs" / f"AIConformance-{version[1:]}.yaml").read_text(encoding="utf-8"))["spec"]
    return {category: [(row["id"], row["level"]) for row in rows] for category, rows in spec.items()}


def places(node, path=()):
    """Every place in a document, containers included."""
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(value, (*path, key))


def mutate(document, path, kind, value):
    *parents, last = path
    for part in parents:
        document = document[part]
    if kind == "drop":
        del document[last]
    elif kind == "replace":
        document[last] = value
    elif kind == "duplicate" and isinstance(document, list):
        document.insert(0, copy.deepcopy(document[last]))
    elif kind == "rename" and isinstance(document, dict):
        document[f"{last}s"] = document.pop(last)
    elif kind == "reverse" and isinstance(document[last], list):
        document[last].reverse()


@st.composite
def mutated(draw):
    version = draw(st.sampled_from(VERSIONS))
    document = load(version)
    for _ in range(draw(st.integers(1, 3))):
        if found := list(places(document)):
            mutate(document, draw(st.sampled_from(found)), draw(KINDS), draw(VALUES))
    return version, document


@pytest.fixture(scope="module")
def linter():
    return Linter(Options(registry=SUBMISSIONS, members=("of the fixtures", ("Corvid Systems",))))


def lint(linter, version, document):
    raw = yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()
    return linter.lint_text(raw, str(SUBMISSIONS / version / "corvid" / "PRODUCT.yaml"))


@given(case=mutated())
@settings(max_examples=200, deadline=None)
def test_what_the_official_validator_rejects_is_an_error(linter, case):
    version, document = case
    folder = SUBMISSIONS / version / "corvid"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    reasons = rejections(document, checklist(version), files, f"{version}/corvid/PRODUCT.yaml")
    result = lint(linter, version, document)
    assert not result.errors
    errors = {finding.id for finding in result.findings if finding.severity is Severity.ERROR}
    assert errors or not reasons, reasons


@pytest.mark.parametrize("version", VERSIONS)
def test_a_complete_submission_is_accepted_by_both(linter, version):
    document = load(version)
    folder = SUBMISSIONS / version / "corvid"
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert list(rejections(document, checklist(version), files, f"{version}/corvid/PRODUCT.yaml")) == []
    assert lint(linter, version, document).findings == ()


@given(case=mutated(), seed=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_findings_do_not_depend_on_the_order_of_keys(linter, case, seed):
    version, document = case

    def shuffled(node):
        if isinstance(node, dict):
            items = [(key, shuffled(value)) for key, value in node.items()]
            seed.shuffle(items)
            return dict(items)
        return [shuffled(item) for item in node] if isinstance(node, list) else node

    def essence(result):
        return sorted((f.id, f.pointer, f.message) for f in result.findings)

    # The order of categories decides which of two answers to a requirement is the first; all else is order-free.
    other = shuffled(document)
    if isinstance(document.get("spec"), dict) and isinstance(other.get("spec"), dict):
        other["spec"] = {key: other["spec"][key] for key in document["spec"]}
    assert essence(lint(linter, version, document)) == essence(lint(linter, version, other))
