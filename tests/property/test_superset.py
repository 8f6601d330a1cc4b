"""Whatever the official validator rejects offline, aiconf reports at severity error, and what it accepts stays quiet.

Valid submissions are mutated: fields dropped, retyped, blanked, duplicated, reordered, edited. The yardstick at the end
is told from the validator's behaviour and written apart from aiconf. Membership and reachable addresses need the
network and are left out; artifacts have tests of their own.
"""

import copy
import re
from pathlib import Path, PurePosixPath

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.linter import Linter
from aiconf.model import Severity
from aiconf.options import Options

SUBMISSIONS = Path(__file__).parents[2] / "fixtures" / "submissions"
VERSIONS = ["v1.33", "v1.34", "v1.35", "v1.36", "v1.37"]
VALUES = st.sampled_from(
    ["", " ", "TBD", "[Evidence URL]", "N/A", "Implemented", "implemented", "https://docs.corvid.example/x",
     "../other.md", "v1.36/other/x.md", "missing.md", "results/junit.xml", None, 1.5, 3, True, [], ["x"], [""], [None],
     {"a": "b"}, "see the docs"]
)  # fmt: skip
KINDS = st.sampled_from(["drop", "replace", "duplicate", "reverse", "rename"])


def load(version):
    return yaml.safe_load((SUBMISSIONS / version / "corvid" / "PRODUCT.yaml").read_text(encoding="utf-8"))


def checklist(version):
    spec = yaml.safe_load((SUBMISSIONS / "docs" / f"AIConformance-{version[1:]}.yaml").read_text(encoding="utf-8"))[
        "spec"
    ]
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


# --- the yardstick ----------------------------------------------------------------------------------------------------

REQUIRED = [
    "kubernetesVersion", "platformName", "platformVersion", "vendorName", "websiteUrl", "documentationUrl",
    "productLogoUrl", "description", "contactEmailAddress", "k8sConformanceUrl",
]  # fmt: skip
CONFORMANCE = re.compile(r"^https://github\.com/cncf/k8s-conformance/tree/(master|main)/v\d+\.\d+/[^/]+/?$")
STATUSES = ["Implemented", "Not Implemented", "Partially Implemented", "N/A"]


def rejections(document, checklist, files, path):
    """Why the validator rejects a document.

    Args:
        document: The parsed PRODUCT.yaml.
        checklist: Category to rows of id and level.
        files: Names that exist in the product's folder.
        path: Where the document lies in the repository.
    """
    found = []
    if not re.search(r"(^|/)v\d+\.\d+/", path):
        found.append("the path holds no version")
    if not isinstance(document, dict):
        return [*found, "the file does not load"]
    found += _metadata(document.get("metadata"))
    found += _spec(document.get("spec"), checklist, files, path)
    return found


def _snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _metadata(metadata):
    if not isinstance(metadata, dict):
        yield "metadata is missing"
        return
    for name in REQUIRED:
        value = metadata.get(name, metadata.get(_snake(name)))
        if value is None or value == "":
            yield f"{name} is missing"
        elif not isinstance(value, str):
            yield f"{name} is not a string"
        elif re.fullmatch(r"\s*\[.*\]\s*", value):
            yield f"{name} is a placeholder"
        elif name == "k8sConformanceUrl" and not CONFORMANCE.match(value):
            yield f"{name} has the wrong form"


def _spec(spec, checklist, files, path):
    spec = {} if spec is None else spec
    if not isinstance(spec, dict) or not all(isinstance(items, list) for items in spec.values()):
        yield "the file does not load"
        return
    entries = [entry for items in spec.values() for entry in items]
    if not all(map(_loads, entries)):
        yield "the file does not load"
        return
    for category, rows in checklist.items():
        if category not in spec:
            yield f"{category} is missing"
            continue
        for requirement, level in rows:
            entry = next((e for e in spec[category] if e.get("id") == requirement), None)
            if entry is None:
                yield f"{requirement} is missing"
            else:
                yield from _entry(entry, level, files, path)


def _loads(entry):
    if not isinstance(entry, dict):
        return False
    evidence = entry.get("evidence")
    lists = evidence is None or (isinstance(evidence, list) and all(isinstance(item, str) for item in evidence))
    return lists and all(not isinstance(entry.get(key), dict | list) for key in ("notes", "status", "level", "id"))


def _entry(entry, level, files, path):
    status, evidence = entry.get("status") or "", [e for e in entry.get("evidence") or [] if e.strip()]
    if level == "SHOULD" and status == "" and not evidence:
        return
    if status not in STATUSES:
        yield f"{entry['id']} has the status {status!r}"
    elif level == "MUST" and status != "Implemented" and not (status == "N/A" and entry["id"] == "cluster_autoscaling"):
        yield f"{entry['id']} is a MUST and not Implemented"
    if status == "N/A" and not str(entry.get("notes") or "").strip():
        yield f"{entry['id']} is N/A without notes"
    for item in evidence:
        if not item.startswith(("http://", "https://")):
            yield from _file(item, files, path)


def _file(item, files, path):
    name = item.removeprefix("file://").lstrip("/").split("#")[0]
    own = "/".join(PurePosixPath(path).parts[-3:-1]) + "/"
    name = name.removeprefix(own)
    if re.match(r"v\d+\.\d+/", name):
        yield f"{item} lies in another product's folder"
    elif ".." in PurePosixPath(name).parts or name not in files:
        yield f"{item} is not there"
