"""Suppressions over submissions with any mix of defects: what is accepted stays accepted, and nothing else is."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from aiconf.cli.accepting import Accepting
from aiconf.linter import Linter
from aiconf.model import Severity
from aiconf.options import Options

FIXTURES = Path(__file__).parents[2] / "fixtures"
CLEAN = (FIXTURES / "submissions/v1.37/corvid/PRODUCT.yaml").read_text(encoding="utf-8").split("\n")
OPTIONS = Options(registry=FIXTURES / "submissions", members=("m", ("Corvid Systems",)))
COMMENT = "  # aiconf: ignore[{}] wanted so"
DEFECTS = {
    '- "': lambda line: line.split('"')[0] + "TBD",
    "http": lambda line: line.replace("https://", "htps://"),
    "level: ": lambda line: line.replace("SHOULD", "MAY"),
    "status: ": lambda line: line.replace("Implemented", "Done"),
    "notes: ": lambda line: line.split("notes: ")[0] + "notes: ",
    "description: ": lambda line: line.replace('"', '"Another text. ', 1),
    "id: ": lambda line: line + "_too",
    "platformVersion: ": lambda line: line.replace('"', ""),
}
lines = st.lists(st.sampled_from(range(2, len(CLEAN) - 1)), min_size=1, max_size=12, unique=True)
# A counter-example is short by nature, and each try lints several times: shrinking it would take minutes.
property_settings = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@pytest.fixture(scope="module")
def linter():
    return Linter(OPTIONS)


def with_defects(numbers):
    text = list(CLEAN)
    for number in numbers:
        for mark, defect in DEFECTS.items():
            if mark in text[number]:
                text[number] = defect(text[number])
                break
    return text


def found(linter, text, path=FIXTURES / "submissions/v1.37/corvid/PRODUCT.yaml"):
    return linter.lint_text("\n".join(text).encode(), str(path)).findings


def names(findings):
    return Counter((finding.id, finding.fingerprint) for finding in findings)


@given(lines, lines, st.sampled_from(["", "# a note", "    # another"]))
@property_settings
def test_lines_that_move_leave_the_fingerprints(linter, numbers, moved, line):
    text = with_defects(numbers)
    before = names(found(linter, text))
    for number in sorted(moved, reverse=True):
        text.insert(number, line)
    assert names(found(linter, text)) == before


@given(lines)
@property_settings
def test_an_entry_that_is_inserted_leaves_the_fingerprints(linter, numbers):
    text = with_defects(numbers)
    before = names(found(linter, text))
    category = text.index("  networking:")
    text[category + 1 : category + 1] = ["    - id: quite_another", "      level: MUST"]
    after = names(found(linter, text))
    assert not before - after


@given(lines, st.data())
@property_settings
def test_a_comment_accepts_its_findings_alone_and_is_taken_back(linter, numbers, data):
    text = with_defects(numbers)
    before = found(linter, text)
    assume(before)
    chosen = data.draw(st.sampled_from(before))
    # What stands at the first line of an entry is about the entry, and its comment covers all of that.
    assume("- id:" not in text[chosen.line - 1])
    commented = list(text)
    commented[chosen.line - 1] += COMMENT.format(chosen.id)
    after = found(linter, commented)
    assert {(f.line, f.id) for f in after if f.suppressed} == {(chosen.line, chosen.id)}
    assert [f.id for f in after] == [f.id for f in before]
    assert found(linter, text) == before


@given(lines, lines)
@settings(property_settings, max_examples=8)
def test_nothing_counts_after_a_baseline(tmp_path_factory, numbers, more):
    folder = tmp_path_factory.mktemp("baseline")
    product = folder / "v1.37" / "corvid" / "PRODUCT.yaml"
    product.parent.mkdir(parents=True)
    text = with_defects(numbers)
    text[more[0]] += COMMENT.format("evidence")
    product.write_text("\n".join(text), encoding="utf-8")
    accepting = Accepting(baseline=folder / "exceptions.yaml", reason="as it is")

    def run(options):
        linter = Linter(options)
        return linter.report(linter.lint_files([product], 1, None))

    report = accepting.run(OPTIONS, run)
    assert [report.count(severity) for severity in Severity] == [0, 0, 0]
    written = (folder / "exceptions.yaml").read_bytes()
    assert accepting.run(OPTIONS, run) == report
    assert (folder / "exceptions.yaml").read_bytes() == written
    # What is new is reported, whatever was accepted before.
    (changed := with_defects([*numbers, *more]))[more[0]] += COMMENT.format("evidence")
    product.write_text("\n".join(changed), encoding="utf-8")
    again = run(accepting._replace(baseline=None, exceptions=folder / "exceptions.yaml").applied(OPTIONS))
    old = {f.fingerprint for f in report.findings}
    assert all(f.suppressed is None or f.suppressed_inline for f in again.findings if f.fingerprint not in old)
