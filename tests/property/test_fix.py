"""Whatever a submission looks like, fixing brings up nothing, mends what it says, and touches nothing else."""

import difflib
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aiconf.fix import Fixer
from aiconf.linter import Linter
from aiconf.options import Options
from aiconf.source import parse_source
from tests.property.test_superset import mutated

SUBMISSIONS = Path(__file__).parents[2] / "fixtures" / "submissions"
VERSIONS = ["v1.33", "v1.34", "v1.35", "v1.36", "v1.37"]
OPTIONS = Options(registry=SUBMISSIONS, members=("of the fixtures", ("Corvid Systems",)))

# What people make of a fixture by hand: old text and new, at one of its occurrences.
SLIPS = [
    ("kubernetesVersion: v1.", "kubernetesVersion: V1."),
    ("kubernetesVersion: v1.", "kubernetesVersion: 1."),
    ("  kubernetesVersion", "  kubernetes_version"),
    ("  websiteUrl:", "  website_url:"),
    ("  productLogoUrl:", "  ProductLogoURL:"),
    ("  repoUrl:", "repo_url:"),
    ("  platformVersion: ", "platformVersion: "),
    ('platformVersion: "', "platformVersion: &v '"),
    ('"Corvid Systems"', '" corvid systems (member) "'),
    ('"Corvid Systems"', "corvid   Systems"),
    ("level: MUST", "level: must"),
    ("level: SHOULD", "level: MUST # edited"),
    ("level: SHOULD", "level: &l MUST"),
    ("level: MUST", "level: *l"),
    ("level: MUST\n", "level:\n"),
    ("      level: MUST\n", ""),
    ("status: Implemented", "status: implemented"),
    ("status: Implemented", "state: Implemented"),
    ("status: Implemented", "Status: 'IMPLEMENTED '"),
    ("status: Implemented", "status: not implemented"),
    ("notes:", "Notes:"),
    ("evidence:\n", 'evidence:\n        - ""\n'),
    ("evidence:\n", "evidence: # see\n        -\n        - ~ # none\n"),
    ("evidence:\n        - ", "evidence: "),
    ('        - "https', '        - " https'),
    ('        - "https', '        - ""\n        - "https'),
    ("- id: robust_controller", "- id: Robust-Controller"),
    ("  schedulingOrchestration:", "  scheduling_orchestration:"),
    ('description: "', 'description: "  '),
    ('description: "A ', "description: >\n        A "),
    ('description: "At least', 'description: "Sometimes'),
    ("k8s-conformance", " k8s-conformance"),
    ('"https://github.com/cncf', '" http://github.com/cncf'),
    ("spec:\n", "# about\nspec:\n"),
    ("\n", "\r\n"),
    ("\n  ", "\n\t"),
    ("\n", "\n\n# a comment\n"),
]


@st.composite
def slipped(draw):
    """A submission with slips, as text."""
    version = draw(st.sampled_from(VERSIONS))
    text = (SUBMISSIONS / version / "corvid" / "PRODUCT.yaml").read_text(encoding="utf-8")
    for old, new in draw(st.lists(st.sampled_from(SLIPS), min_size=1, max_size=8)):
        places = [match.start() for match in re.finditer(re.escape(old), text)]
        if places:
            at = draw(st.sampled_from(places))
            text = text[:at] + new + text[at + len(old) :]
    if draw(st.booleans()):
        text = text.replace("\r\n", "\n").replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return version, draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.encode()


@pytest.fixture(scope="module")
def fixer():
    return Fixer(OPTIONS)


@pytest.fixture(scope="module")
def linter():
    return Linter(OPTIONS)


def counted(findings):
    return Counter((finding.id, finding.requirement) for finding in findings)


@given(case=slipped())
@settings(max_examples=150, deadline=None)
def test_fixing_brings_up_nothing_mends_what_it_says_and_is_done_at_once(fixer, linter, case):
    version, raw = case
    place = SUBMISSIONS / version / "corvid" / "PRODUCT.yaml"
    fixed = fixer.fix(raw, str(place), place)
    before, after = (counted(linter.lint_text(text, str(place)).findings) for text in (raw, fixed.raw))
    assert not after - before
    # What is named as fixed was there, and just as much of it is gone.
    mended = counted(fixed.findings)
    assert not mended - before
    assert not after - (before - mended)
    assert (fixed.raw != raw) == bool(fixed.findings)
    again = fixer.fix(fixed.raw, str(place), place)
    assert (again.raw, again.findings, again.kept) == (fixed.raw, (), fixed.kept)


WRITERS = {
    "block": lambda document: yaml.safe_dump(document, sort_keys=False, allow_unicode=True),
    "flow": lambda document: yaml.safe_dump(document, sort_keys=False, default_flow_style=True, width=60),
    "JSON": lambda document: json.dumps(document, ensure_ascii=False),
    "JSON on lines": lambda document: json.dumps(document, indent=2) + "\n",
}


@given(case=mutated(), writer=st.sampled_from(sorted(WRITERS)))
@settings(max_examples=60, deadline=None)
def test_documents_of_any_shape_and_style_are_mended_or_left(fixer, linter, case, writer):
    version, document = case
    raw = WRITERS[writer](document).encode()
    place = SUBMISSIONS / version / "corvid" / "PRODUCT.yaml"
    fixed = fixer.fix(raw, str(place), place)
    before, after = (counted(linter.lint_text(text, str(place)).findings) for text in (raw, fixed.raw))
    assert not after - (before - counted(fixed.findings))
    assert fixer.fix(fixed.raw, str(place), place).raw == fixed.raw
    if writer.startswith("JSON"):
        json.loads(fixed.raw)


@given(version=st.sampled_from(VERSIONS), slip=st.sampled_from(SLIPS), data=st.data())
@settings(max_examples=150, deadline=None)
def test_lines_without_the_slip_stay_as_they_are(fixer, version, slip, data):
    place = SUBMISSIONS / version / "corvid" / "PRODUCT.yaml"
    text, (old, new) = place.read_text(encoding="utf-8"), slip
    at = data.draw(st.sampled_from([match.start() for match in re.finditer(re.escape(old), text)] or [0]))
    slipped = text[:at] + new + text[at + len(old) :]
    slip_lines = slipped.split("\n")[slipped.count("\n", 0, at) : slipped.count("\n", 0, at + len(new)) + 1]
    before, after = slipped.split("\n"), fixer.fix(slipped.encode(), str(place), place).raw.decode().split("\n")
    # An independent diff: what is gone was slipped, what is left keeps its order, and one line at most is added.
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    gone = [line for tag, i, j, _, _ in matcher.get_opcodes() if tag != "equal" for line in before[i:j]]
    came = [line for tag, _, _, i, j in matcher.get_opcodes() if tag != "equal" for line in after[i:j]]
    assert not Counter(gone) - Counter(slip_lines)
    assert len(came) <= len(gone) + 1
    comments = re.compile(r"(?<!\S)#.*")
    assert sorted(comments.findall("\n".join(gone))) == sorted(comments.findall("\n".join(came)))


@given(case=slipped())
@settings(max_examples=100, deadline=None)
def test_the_data_changes_where_the_fixes_say_and_is_plain_yaml(fixer, case):
    version, raw = case
    place = SUBMISSIONS / version / "corvid" / "PRODUCT.yaml"
    fixed = fixer.fix(raw, str(place), place)
    if not fixed.findings:
        return
    # Another parser, which refuses an anchor that is given twice, reads the same from it.
    assume(max(Counter(re.findall(rb"[&][a-z]+", raw)).values(), default=1) == 1)
    assert parse_source(fixed.raw, "a").problems == ()
    assert yaml.safe_load(fixed.raw.decode("utf-8-sig")).keys() == parse_source(fixed.raw, "a").data.keys()
