"""Slips as vendors make them: each is told at its true place, and costs nothing but what it touches.

The strictest promise there is: after a slip the data is what it was before, but for the pointers the slip itself
concerns; and a second slip further down is still found.
"""

from typing import NamedTuple

import pytest

from aiconf.source import parse_source

ABSENT = object()
BASE = """\
metadata:
  kubernetesVersion: v1.37
  platformName: "Heron Cloud"
  vendorName: 'Heron Ltd'
  websiteUrl: https://heron.example
  description: A cluster with accelerators
  contactEmailAddress: ai@heron.example
spec:
  accelerators:
    - id: gpu_sharing
      level: SHOULD
      status: "Implemented"
      evidence:
        - "https://heron.example/a"
        - "https://heron.example/b"
      notes: Slices of a device
        are handed out
    - id: driver_management
      level: SHOULD
      status: Implemented
      evidence: ["https://heron.example/c", "docs/d.md"]
      notes: "Drivers are kept
        by an operator."
  networking:
    - id: ai_inference
      level: MUST
      status: Implemented
      evidence:
        - docs/gateway.md
        - docs/routes.md
      notes: >-
        The gateway routes
        by weight.
  operator:
    - id: robust_controller
      level: MUST
      status: Implemented
      evidence: []
      notes: |
        One operator
        is installed.
  security:
    - id: secure_access
      level: MUST
      status: Implemented
      notes: 'Devices are isolated.'
"""
META, SHARING, DRIVERS = "/metadata", "/spec/accelerators/0", "/spec/accelerators/1"
INFERENCE, OPERATOR = "/spec/networking/0", "/spec/operator/0"


class Slip(NamedTuple):
    name: str
    old: str
    new: str
    line: int
    column: int
    words: str
    changes: dict[str, object] = {}  # noqa: RUF012 - a tuple's default, never changed
    uncertain: tuple[tuple[int, int], ...] = ()


SLIPS = [
    # Quotes
    Slip("double quote not closed", '"Heron Cloud"', '"Heron Cloud', 3, 17, "never closed"),
    Slip("single quote not closed", "'Heron Ltd'", "'Heron Ltd", 4, 15, "never closed"),
    Slip("status quote not closed", '"Implemented"', '"Implemented', 12, 15, "never closed"),
    Slip(
        "quote of an item not closed", '"https://heron.example/a"', '"https://heron.example/a', 14, 11, "never closed"
    ),
    Slip("quote of a wrapped text not closed", 'by an operator."', "by an operator.", 22, 14, "never closed"),
    Slip("quote in brackets not closed", '"docs/d.md"]', '"docs/d.md]', 21, 45, "never closed"),
    Slip("last quote of the file not closed", "isolated.'", "isolated.", 46, 14, "never closed"),
    Slip(
        "closing quote of the other kind",
        '"Heron Cloud"',
        "\"Heron Cloud'",
        3,
        17,
        "never closed",
        {META + "/platformName": "Heron Cloud'"},
    ),
    Slip(
        "quotes inside double quotes",
        '"Heron Cloud"',
        '"Heron "AI" Cloud"',
        3,
        24,
        "too early",
        {META + "/platformName": 'Heron "AI" Cloud'},
    ),
    Slip(
        "apostrophe inside single quotes",
        "'Heron Ltd'",
        "'Heron's Ltd'",
        4,
        21,
        "too early",
        {META + "/vendorName": "Heron's Ltd"},
    ),
    Slip(
        "words behind the quote",
        '"Heron Cloud"',
        '"Heron Cloud" (GA)',
        3,
        31,
        "follows the closing quote",
        {},
        ((3, 3),),
    ),
    Slip("comma behind the quote", '"Heron Cloud"', '"Heron Cloud",', 3, 30, "comma"),
    Slip(
        "two keys on one line",
        '      status: "Implemented"\n      evidence:\n        - "https://heron.example/a"\n',
        '      status: "Implemented" evidence:\n        - "https://heron.example/a"\n',
        12,
        29,
        "second key",
    ),
    Slip(
        "backslash in double quotes",
        '"Heron Cloud"',
        '"C:\\Heron"',
        3,
        20,
        "escape",
        {META + "/platformName": "C:\\Heron"},
    ),
    Slip(
        "Windows path",
        '"Heron Cloud"',
        '"C:\\Heron\\Cloud"',
        3,
        20,
        "escape",
        {META + "/platformName": "C:\\Heron\\Cloud"},
    ),
    Slip(
        "emoji escaped as JSON does",
        '"Heron Cloud"',
        '"\\ud83d\\ude00"',
        3,
        18,
        "JSON's way",
        {META + "/platformName": "\U0001f600"},
    ),
    # Unquoted values
    Slip(
        "colon in an unquoted text",
        "A cluster with accelerators",
        "Note: a cluster",
        6,
        20,
        "colon",
        {META + "/description": "Note: a cluster"},
    ),
    Slip(
        "colon in an unquoted wrapped text",
        "Slices of a device",
        "Layer: base",
        16,
        19,
        "colon",
        {SHARING + "/notes": "Layer: base are handed out"},
    ),
    Slip(
        "colon at the end of a text",
        "A cluster with accelerators",
        "A cluster:",
        6,
        25,
        "colon",
        {META + "/description": "A cluster:"},
    ),
    Slip(
        "Markdown link",
        "docs/gateway.md",
        "[gateway](docs/gateway.md)",
        29,
        11,
        "begins with `[`",
        {INFERENCE + "/evidence/0": "[gateway](docs/gateway.md)"},
    ),
    # Keys, colons and dashes
    Slip(
        "no space after the colon",
        "vendorName: 'Heron Ltd'",
        "vendorName:'Heron Ltd'",
        4,
        13,
        "space is missing after the colon",
    ),
    Slip("no space after a plain colon", "level: SHOULD", "level:SHOULD", 11, 12, "space is missing after the colon"),
    Slip(
        "no space after the colon of an entry",
        "- id: driver_management",
        "- id:driver_management",
        18,
        9,
        "space is missing after the colon",
    ),
    Slip(
        "no space after the dash of an entry",
        "- id: driver_management",
        "-id: driver_management",
        18,
        5,
        "space is missing after the dash",
    ),
    Slip(
        "no space after the dash of an item",
        "- docs/routes.md",
        "-docs/routes.md",
        30,
        9,
        "space is missing after the dash",
    ),
    Slip(
        "no colon after a key with a value",
        "vendorName: 'Heron Ltd'",
        "vendorName 'Heron Ltd'",
        4,
        3,
        "colon is missing",
    ),
    Slip("no colon after a section", "  operator:", "  operator", 34, 3, "colon is missing"),
    Slip("no colon after the root key", "spec:", "spec", 8, 1, "colon is missing"),
    Slip("equals sign", "vendorName: 'Heron Ltd'", "vendorName = 'Heron Ltd'", 4, 14, "`=` stands where"),
    Slip("full-width colon", "vendorName: 'Heron Ltd'", "vendorName\uff1a 'Heron Ltd'", 4, 13, "full-width colon"),
    Slip("non-breaking spaces in the indentation", "  vendorName", "\u00a0\u00a0vendorName", 4, 1, "U+00A0"),
    Slip("non-breaking space after the colon", "vendorName: ", "vendorName:\u00a0", 4, 14, "U+00A0"),
    # Indentation
    Slip("one space too many", "  vendorName", "   vendorName", 4, 4, "indented by 3 spaces"),
    Slip("one space too few", "  vendorName", " vendorName", 4, 2, "indented by 1 space,"),
    Slip(
        "not indented at all",
        "  contactEmail",
        "contactEmail",
        7,
        1,
        "",
        {META + "/contactEmailAddress": ABSENT, "/contactEmailAddress": "ai@heron.example"},
    ),
    Slip("first key too far right", "  kubernetesVersion", "   kubernetesVersion", 2, 4, "indented by 3 spaces"),
    Slip("key of an entry too far left", "      level: SHOULD", "     level: SHOULD", 11, 6, "indented by 5 spaces"),
    Slip("key of an entry too far right", '      status: "Impl', '       status: "Impl', 12, 8, "indented by 7 spaces"),
    Slip("entry too far left", "    - id: driver", "   - id: driver", 18, 4, "indented by 3 spaces"),
    Slip("entry too far right", "    - id: driver", "     - id: driver", 18, 6, "indented by 5 spaces"),
    Slip(
        "item too far left",
        '        - "https://heron.example/b"',
        '       - "https://heron.example/b"',
        15,
        8,
        "indented by 7 spaces",
    ),
    Slip(
        "item too far right",
        '        - "https://heron.example/b"',
        '         - "https://heron.example/b"',
        15,
        10,
        "indented by 9 spaces",
    ),
    Slip("section too far right", "  networking:", "   networking:", 24, 4, "indented by 3 spaces"),
    Slip("section too far left", "  networking:", " networking:", 24, 2, "indented by 1 space,"),
    Slip(
        "whole entry too far left",
        "    - id: driver_management\n      level: SHOULD\n      status: Implemented\n",
        "   - id: driver_management\n     level: SHOULD\n     status: Implemented\n",
        18,
        4,
        "indented by 3 spaces",
    ),
    Slip("tab in the indentation", "  vendorName", "\tvendorName", 4, 1, "tab"),
    Slip("tab behind a space", "  vendorName", " \tvendorName", 4, 2, "tab"),
    Slip(
        "tabs in several lines",
        "  vendorName: 'Heron Ltd'\n  website",
        "\tvendorName: 'Heron Ltd'\n\twebsite",
        4,
        1,
        "2 lines",
    ),
    Slip("tab after the dash", "- docs/routes.md", "-\tdocs/routes.md", 30, 10, "tab"),
    Slip("wrapped text at the margin", "        are handed out", "are handed out", 17, 1, "goes on"),
    Slip("wrapped text at its key", "        are handed out", "      are handed out", 17, 7, "goes on"),
    Slip("folded text at its key", "        by weight.", "      by weight.", 33, 7, "goes on"),
    Slip("block text at the margin", "        is installed.", "is installed.", 41, 1, "goes on"),
    Slip("block text one space short", "        is installed.", "       is installed.", 41, 8, "goes on"),
    Slip("root key indented", "spec:", " spec:", 8, 2, "indented by 1 space,"),
    Slip("first root key indented", "metadata:", "   metadata:", 1, 4, "indented by 3 spaces"),
    Slip("dash at the column of its keys", "    - id: gpu_sharing", "      - id: gpu_sharing", 10, 7, "indented by 6"),
    # Lost line breaks and dashes
    Slip("first entry without its dash", "    - id: gpu_sharing", "      id: gpu_sharing", 10, 7, "dash is missing"),
    Slip(
        "first item without its dash",
        '        - "https://heron.example/a"',
        '        "https://heron.example/a"',
        14,
        9,
        "dash is missing",
    ),
    Slip(
        "item on the line of its key",
        'evidence:\n        - "https://heron.example/a"',
        'evidence: - "https://heron.example/a"',
        13,
        17,
        "list item begins",
    ),
    Slip(
        "only item on the line of its key",
        'evidence: ["https://heron.example/c", "docs/d.md"]',
        "evidence: - docs/c.md",
        21,
        17,
        "list item begins",
        {DRIVERS + "/evidence": ABSENT, DRIVERS + "/evidence/0": "docs/c.md"},
    ),
    Slip("section on the line of the root", "spec:\n  accelerators:", "spec: accelerators:", 8, 7, "second key"),
    Slip("status on the line of the level", 'SHOULD\n      status: "I', 'SHOULD status: "I', 11, 21, "second key"),
    Slip("text on the line of its indicator", "|\n        One operator", "| One operator", 39, 16, "text of a block"),
    Slip("bullet", "- docs/routes.md", "* docs/routes.md", 30, 9, "`*` stands where"),
    Slip("dash of a word processor", "- docs/routes.md", "\u2013 docs/routes.md", 30, 9, "stands where"),
    Slip("sign of a patch", "  vendorName", "+ vendorName", 4, 1, "`+` stands"),
    # Brackets
    Slip("bracket not closed", '"docs/d.md"]', '"docs/d.md"', 21, 17, "never closed"),
    Slip("empty bracket not closed", "evidence: []", "evidence: [", 38, 17, "never closed"),
    Slip("bracket closed as a brace", '"docs/d.md"]', '"docs/d.md"}', 21, 56, "does not close"),
    Slip("bracket too many", '"docs/d.md"]', '"docs/d.md"]]', 21, 57, "closes nothing"),
    Slip("bracket behind an item", '"https://heron.example/b"', '"https://heron.example/b"]', 15, 36, "closes nothing"),
    Slip("no comma between items", '/c", "docs', '/c" "docs', 21, 43, "comma is missing"),
    Slip(
        "brackets over several lines not closed",
        '["https://heron.example/c", "docs/d.md"]',
        '[\n        "https://heron.example/c",\n        "docs/d.md"',
        21,
        17,
        "never closed",
    ),
    # Lines that do not belong there
    Slip(
        "merge conflict",
        "  vendorName: 'Heron Ltd'\n",
        "<<<<<<< HEAD\n  vendorName: 'Heron Ltd'\n=======\n  vendorName: 'Heron'\n>>>>>>> main\n",
        4,
        1,
        "merge conflict",
        {},
        ((6, 8),),
    ),
    Slip("stray words", "  vendorName:", "  to be done by Monday\n  vendorName:", 4, 3, "neither", {}, ((4, 4),)),
    Slip("a percent line", "spec:", "%YAML\nspec:", 8, 1, "begins with `%`", {}, ((8, 8),)),
]
FIRST_WORDS = (
    *(
        "@cluster",
        "`A` cluster",
        "% of a cluster",
        "**A** cluster",
        "*a cluster",
        "& a cluster",
        "> 5 nodes",
        "|A| cluster",
    ),
    *(
        "- A cluster",
        "!A!cluster",
        "[GA] cluster",
        "{{A}} cluster",
        ", a cluster",
        "] a cluster",
        "? a cluster",
        ">= 1.30",
    ),
)
RESERVED = [
    Slip(
        f"text that begins with {words}", "A cluster", words, 6, 16, f"begins with `{words[0]}`",
        {META + "/description": words + " with accelerators"},
    )
    for words in FIRST_WORDS
]  # fmt: skip
AT_THE_TOP = [
    Slip("code fence", "metadata:\n", "```yaml\nmetadata:\n", 1, 1, "fence"),
    Slip("bad version directive", "metadata:\n", "%YAML 3.0\nmetadata:\n", 1, 1, "begins with `%`", {}, ((1, 1),)),
]


def flat(node, pointer=""):
    """Scalars and empty containers by pointer."""
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    if not items:
        return {pointer: node}
    return {key: value for part, inner in items for key, value in flat(inner, f"{pointer}/{part}").items()}


WHOLE = flat(parse_source(BASE.encode(), "PRODUCT.yaml").data)


def expected(changes):
    data = {pointer: value for pointer, value in WHOLE.items() if not any(pointer.startswith(p) for p in changes)}
    return data | {pointer: value for pointer, value in changes.items() if value is not ABSENT}


def test_the_base_is_clean():
    source = parse_source(BASE.encode(), "PRODUCT.yaml")
    assert source.problems == ()
    assert len(WHOLE) == 32


@pytest.mark.parametrize("slip", [*SLIPS, *RESERVED, *AT_THE_TOP], ids=lambda slip: slip.name)
def test_a_slip_is_told_at_its_place_and_costs_only_what_it_touches(slip):
    assert slip.old in BASE
    source = parse_source(BASE.replace(slip.old, slip.new, 1).encode(), "PRODUCT.yaml")
    found = [(p.kind, p.line, p.column) for p in source.problems]
    if slip.words:
        assert found == [("yaml_syntax", slip.line, slip.column)], source.problems
        assert slip.words in source.problems[0].message
        assert source.problems[0].hint.endswith(".")
    assert flat(source.data) == expected(slip.changes)
    assert source.uncertain == slip.uncertain


def test_an_entry_that_lacks_its_dash_is_parted_from_the_one_before():
    source = parse_source(BASE.replace("    - id: driver", "      id: driver").encode(), "PRODUCT.yaml")
    assert [(p.kind, p.line, p.column) for p in source.problems] == [("duplicate_key", 18, 7)]
    assert "lacks its dash" in source.problems[0].message
    assert flat(source.data) == WHOLE
    assert source.uncertain == ()


@pytest.mark.parametrize("slip", [s for s in SLIPS if s.words], ids=lambda slip: slip.name)
@pytest.mark.parametrize("second", [("- id: secure_access", "- id:secure_access"), ("Implemented", "@Implemented")])
def test_a_second_slip_further_down_is_found_too(slip, second):
    before, after = BASE.replace(slip.old, slip.new, 1).rsplit(second[0], 1)
    source = parse_source((before + second[1] + after).replace("\n", "\r\n").encode(), "PRODUCT.yaml")
    expected_lines = sorted([slip.line, before.count("\n") + 1])
    assert [problem.line for problem in source.problems] == expected_lines, source.problems
