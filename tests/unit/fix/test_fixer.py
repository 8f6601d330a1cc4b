"""Whole submissions: rounds, refusals, and that nothing but what is named changes."""

from pathlib import Path

import pytest

from aiconf.fix import Fixer
from aiconf.options import Options

SUBMISSIONS = Path(__file__).parents[3] / "fixtures" / "submissions"
PLACE = SUBMISSIONS / "v1.37" / "corvid" / "PRODUCT.yaml"
CLEAN = PLACE.read_text(encoding="utf-8")


def fixer(**options):
    return Fixer(Options(members=("of the fixtures", ("Corvid Systems",)), registry=SUBMISSIONS, **options))


@pytest.fixture(scope="module")
def every():
    return fixer()


def edited(*pairs):
    text = CLEAN
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    return text


def fix(tool, text):
    raw = text if isinstance(text, bytes) else text.encode()
    return tool.fix(raw, "v1.37/corvid/PRODUCT.yaml", PLACE)


def ids(fixed):
    return [finding.id for finding in fixed.findings]


SLIPS = [
    ("  kubernetesVersion: v1.37", "  kubernetesVersion: 1.37   # the minor"),
    ("  websiteUrl:", "  website_url:"),
    ('  contactEmailAddress: "conformance@corvid.example"\n', ""),
    ("spec:\n", 'contact_email_address: "conformance@corvid.example" # us\nspec:\n'),
    ("      status: Implemented", "      state: implemented"),
    ("      level: SHOULD", "      level: MUST"),
    ('ai/gpu-sharing"\n', 'ai/gpu-sharing"\n        - ""\n'),
]  # fmt: skip


def test_many_slips_are_mended_in_rounds_and_the_rest_of_the_text_stays(every):
    fixed = fix(every, edited(*SLIPS))
    assert fixed.kept == ()
    assert sorted(set(ids(fixed))) == [
        "checklist/level_changed", "checklist/status_invalid", "evidence/blank", "metadata/field_missing",
        "metadata/field_not_string", "metadata/snake_case_key", "metadata/unknown_key", "submission/wrong_shape",
    ]  # fmt: skip
    assert fixed.raw.decode() == CLEAN.replace("v1.37\n", "v1.37   # the minor\n", 1).replace(
        '  contactEmailAddress: "conformance@corvid.example"\n', ""
    ).replace('/v1.37/corvid"\n', '/v1.37/corvid"\n  contactEmailAddress: "conformance@corvid.example" # us\n', 1)


def test_a_second_run_changes_nothing(every):
    once = fix(every, edited(*SLIPS))
    assert fix(every, once.raw) == once._replace(findings=())


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "a byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_line_ends_and_byte_order_mark_stay(every, mark, end):
    raw = mark + edited(*SLIPS).replace("\n", end).encode()
    fixed = fix(every, raw)
    assert fixed.raw.startswith(mark)
    assert fixed.raw.count(b"\r\n") == (fixed.raw.count(b"\n") if end == "\r\n" else 0)
    assert fixed.raw.removeprefix(mark).replace(b"\r\n", b"\n") == fix(every, edited(*SLIPS)).raw


def test_a_clean_file_stays_as_it_is(every):
    assert fix(every, CLEAN) == (CLEAN.encode(), (), (), "")


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (edited(SLIPS[1]).replace('"Corvid Systems"', '"Corvid Systems').encode(), "quote"),
        (edited(SLIPS[1]).encode("utf-16"), "UTF-16"),
        (edited(SLIPS[1]).encode() + b"\n# \xff\n", "not valid UTF-8"),
        (edited(SLIPS[1], ("  vendorName:", "  platformVersion: x\n  vendorName:")).encode(), "given twice"),
        ((edited(SLIPS[1]) + "---\na: 1\n").encode(), "second document"),
    ],
    ids=["a quote left open", "utf-16", "a stray byte", "a duplicate key", "two documents"],
)
def test_a_file_that_cannot_be_read_in_full_is_left_alone(every, raw, says):
    fixed = fix(every, raw)
    assert (fixed.raw, fixed.findings) == (raw, ())
    assert says in fixed.skipped


def test_only_what_is_selected_is_fixed():
    fixed = fix(fixer(select=("metadata",), ignore=("metadata/version_format",)), edited(*SLIPS[:2], SLIPS[4]))
    assert ids(fixed) == ["metadata/field_not_string", "metadata/snake_case_key"]
    assert b"state: implemented" in fixed.raw


def test_a_fix_that_would_bring_up_something_is_left_out_even_where_that_is_not_selected():
    text = edited(("      level: MUST\n      status: Implemented", "      level: MUST\n      status: not implemented"))
    fixed = fix(fixer(select=("checklist/status_invalid",)), text)
    assert fixed.raw.decode() == text
    assert [(kept.finding.id, kept.reason) for kept in fixed.kept] == [
        ("checklist/status_invalid", "it would bring up checklist/must_not_implemented")
    ]


def test_an_anchored_value_that_is_used_elsewhere_is_left_and_the_others_are_fixed(every):
    text = edited(
        ("      level: SHOULD", "      level: &level MUST"),
        ("      level: MUST\n", "      level: *level\n"),
        SLIPS[1],
    )
    fixed = fix(every, text)
    assert ids(fixed) == ["metadata/snake_case_key"]
    assert [kept.finding.id for kept in fixed.kept] == ["checklist/level_changed"]
    assert "alias" in fixed.kept[0].reason


def test_a_description_is_restored_in_its_block_and_without_a_registry_only_its_white_space():
    text = '"At least one way of sharing an accelerator between workloads is offered and documented."'
    lines = [
        "> # folded",
        "At least one way of sharing an accelerator",
        "between workloads is offered and documented.\n",
    ]
    block = "\n        ".join(lines)
    white, other = edited((text, block)), edited((text, block.replace("At least", "No")))
    known, unknown = fixer(), Fixer(Options(members=("", ("Corvid Systems",)), kubernetes_version="v1.33"))
    assert ids(fix(known, white)) == ["checklist/description_whitespace"]
    assert fix(known, white).raw.decode() == white.replace("> # folded", ">- # folded")
    assert ids(fix(known, other)) == ["checklist/description_changed"]
    assert "accelerator between" in fix(known, other).raw.decode()
    assert "checklist/description_changed" not in ids(unknown.fix(other.encode(), "PRODUCT.yaml", None))
