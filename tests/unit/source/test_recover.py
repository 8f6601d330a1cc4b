"""Slips of the pen as vendors make them: the true place, and what lies behind it still seen."""

from pathlib import Path

import pytest

from aiconf.source import parse_source

BASE = (Path(__file__).parents[3] / "fixtures/submissions/v1.37/corvid/PRODUCT.yaml").read_text(encoding="utf-8")
VENDOR = 'vendorName: "Corvid Systems"'
ITEM = '        - "https://docs.corvid.example/ai/ai-inference"'
# name, what stands there, what is written instead, the column of the slip, a word of the message
SLIPS = [
    ("double quote left open", VENDOR, 'vendorName: "Corvid Systems', 15, "never closed"),
    ("single quote left open", VENDOR, "vendorName: 'Corvid Systems", 15, "never closed"),
    ("quote left open in a list", ITEM, ITEM[:-1], 11, "never closed"),
    ("quote left open in the last line", 'exercised."', "exercised.", 14, "never closed"),
    ("apostrophe in single quotes", VENDOR, "vendorName: 'Corvid's'", 22, "ends it too early"),
    ("quotes inside quotes", VENDOR, 'vendorName: "Corvid "the" Systems"', 23, "ends it too early"),
    ("words behind the quote", VENDOR, 'vendorName: "Corvid Systems" Inc.', 32, "follows the closing quote"),
    ("tab", "  vendorName:", "\tvendorName:", 1, "tab"),
    ("tab behind a space", "  vendorName:", " \tvendorName:", 2, "tab"),
    ("colon in a plain text", VENDOR, "vendorName: Corvid: Systems", 21, "colon"),
    ("at sign", VENDOR, "vendorName: @corvid", 15, "begins with `@`"),
    ("backtick", VENDOR, "vendorName: `corvid`", 15, "begins with ```"),
    ("percent", VENDOR, "vendorName: %corvid", 15, "begins with `%`"),
    ("asterisk", VENDOR, "vendorName: *corvid", 15, "not defined"),
    ("ampersand", VENDOR, "vendorName: & Corvid", 15, "begins with `&`"),
    ("bracket and words", VENDOR, "vendorName: [Corvid] Systems", 15, "begins with `[`"),
    ("no space behind the colon", VENDOR, 'vendorName:"Corvid Systems"', 13, "after the colon"),
    ("no space behind a bare colon", "level: MUST", "level:MUST", 12, "after the colon"),
    ("no space behind the dash", "    - id: gang_scheduling", "    -id: gang_scheduling", 5, "after the dash"),
    ("one space too many", "  vendorName:", "   vendorName:", 4, "indented by 3 spaces"),
    ("one space too few", "  vendorName:", " vendorName:", 2, "indented by 1 space,"),
    ("an entry too far right", "    - id: gang_scheduling", "     - id: gang_scheduling", 6, "indented by 5"),
    ("an entry too far left", "    - id: cluster_autoscaling", "   - id: cluster_autoscaling", 4, "indented by 3"),
    ("an item too far left", ITEM, ITEM[4:], 5, "indented by 4"),
    ("non-breaking spaces", "  vendorName:", "\u00a0\u00a0vendorName:", 1, "U+00A0"),
    ("bracket left open", "evidence:\n" + ITEM, 'evidence: ["https://docs.corvid.example/ai"', 17, "never closed"),
    ("brace left open", "evidence:\n" + ITEM, "evidence: {a: b", 17, "never closed"),
    ("bracket too many", "evidence:\n" + ITEM, 'evidence: ["https://docs.corvid.example/ai"]]', 51, "closes nothing"),
    ("words on a line", "  vendorName:", "  whatever this is\n  vendorName:", 3, "neither a key"),
    ("merge conflict", "  vendorName:", "<<<<<<< HEAD\n  vendorName:", 1, "merge conflict"),
    ("equals sign", VENDOR, 'vendorName = "Corvid Systems"', 14, "`=` stands where"),
    ("full-width colon", VENDOR, 'vendorName\uff1a "Corvid Systems"', 13, "full-width colon"),
]


@pytest.mark.parametrize(
    ("old", "new", "column", "word"), [slip[1:] for slip in SLIPS], ids=[slip[0] for slip in SLIPS]
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_slip_is_reported_where_it_is_and_hides_nothing(old, new, column, word, line_break):
    assert old in BASE
    text = BASE.replace(old, new, 1).replace("level: SHOULD", "level: shuld", 1)
    source = parse_source(text.replace("\n", line_break).encode(), "PRODUCT.yaml")
    (problem,) = [problem for problem in source.problems if problem.kind == "yaml_syntax"]
    line = BASE[: BASE.index(old)].count("\n") + 1
    assert (problem.line, problem.column) == (line, column)
    assert word in problem.message
    assert problem.hint.endswith(".")
    assert len(source.data["spec"]) == 6
    assert source.data["spec"]["operator"][0]["id"] == "robust_controller"
    assert source.data["spec"]["accelerators"][0]["level"] == "shuld"
    assert source.position("/spec/operator/0/id").line == text[: text.index("robust_controller")].count("\n") + 1


def test_each_of_several_slips_is_reported():
    text = (
        BASE.replace(VENDOR, VENDOR[:-1])
        .replace("    - id: gang", "     - id: gang")
        .replace("level: MUST", "level:MUST", 1)
    )
    source = parse_source(text.encode(), "PRODUCT.yaml")
    assert [problem.line for problem in source.problems] == sorted({problem.line for problem in source.problems})
    assert len(source.problems) == 3
    assert source.uncertain == ()


def test_a_line_left_out_is_said_to_be_uncertain():
    source = parse_source(BASE.replace("  vendorName:", "  whatever this is\n  vendorName:").encode(), "PRODUCT.yaml")
    assert source.uncertain == ((6, 6),)


def test_what_is_no_yaml_at_all_does_not_end_in_a_cascade():
    source = parse_source(("}{][ :: %% @@\n" * 200).encode(), "PRODUCT.yaml")
    assert 0 < len(source.problems) < 25


def test_a_file_pasted_twice_is_told_by_its_keys():
    kinds = [(problem.kind, problem.line) for problem in parse_source((BASE + BASE).encode(), "PRODUCT.yaml").problems]
    assert [kind for kind, _ in kinds] == ["duplicate_key", "duplicate_key"]
