"""The lexicon's notation becomes RE2, with the words a match cannot do without."""

import pytest
import re2

from aiconf.catalog.wording import compile_wording, split_alternatives
from aiconf.errors import CatalogError


def lexicon(**changes):
    """The smallest lexicon."""
    return {
        "data": "wording",
        "skip": 3,
        "macros": {"bad": "(bad|worse)"},
        "tags": ["base", "own", "quiet"],
        "silent": ["quiet"],
        "alone": ["gap"],
        "users": {},
        "platforms": ["base"],
        "speaks_for": {},
        "fronted": [],
        "elision": [],
        "prepositions": [],
        "determiners": [],
        "stages": [],
        "innocent": [],
        "clause_breaks": [],
        "cues": [],
        "guards": {},
    } | changes


def compiled(word):
    return compile_wording(lexicon(cues=[{"kind": "lack", "strength": "strong", "words": [word]}]))["cues"]


@pytest.mark.parametrize(
    ("word", "text", "matches"),
    [
        ("lacks?", "it lacks", True),
        ("lacks?", "slacks", False),
        ("no way", "no  way", True),
        ("can ?not", "cannot", True),
        ("can ?not", "can not", True),
        ("unlike <base>", "unlike AAA", True),
        ("unlike <base>", "unlike BBB", False),
        ("<base|own> no", "BB no", True),
        ("stops ~short", "stops one two three short", True),
        ("stops ~short", "stops one two three four short", False),
        ("stops ~1short", "stops one two short", False),
        ("only…with", "only ever seen in tests with", True),
        ("only…with", "only here, with", False),
        ("{bad} luck", "worse luck", True),
        ("none(\\.|$)", "none", True),
        ("none(\\.|$)", "none of it", False),
    ],
)
def test_notation_means_what_it_says(word, text, matches):
    (pattern,) = compiled(word)["patterns"]
    assert bool(re2.compile(pattern).search(text)) == matches


@pytest.mark.parametrize(
    ("word", "anchors", "steps"),
    [
        ("lacks?", ["lack", "lacks"], []),
        ("(is|are) (missing|absent)", ["absent", "missing"], [(0, ["are", "is"]), (1, ["absent", "missing"])]),
        ("(do|does)n't ship", ["ship"], [(0, ["doesn't", "don't"]), (1, ["ship"])]),
        ("[a-z]+n't", ["'t"], []),
        ("un(aware|known)", ["unaware", "unknown"], []),
        ("(a |the )?(hard|soft) limits?", ["hard", "soft"], [(0, ["hard", "soft"]), (1, ["limit", "limits"])]),
        ("<base>('s)? (big )?gaps?", ["gap", "gaps"], [(0, ["A"]), (0, ["gap", "gaps"])]),
        ("<base>('s)? gaps?", ["gap", "gaps"], [(0, ["A"]), (2, ["gap", "gaps"])]),
        ("no ~gap", ["no"], [(0, ["no"]), (0, ["gap"])]),
        ("trial-and-error", ["trial"], []),
        ("out-of-band", ["band"], []),
        ("(sort of|kind of) slow", ["slow"], [(0, ["kind", "sort"]), (0, ["slow"])]),
        ("can ?not", [], []),
        ("[a-z]+less", [], []),
        ("x{2}", [], []),
        ("([a-z]+ ){0,3}later", ["later"], []),
        ("~2(late|early)", ["early", "late"], []),
    ],
)
def test_anchors_are_words_that_must_occur_one_behind_the_other(word, anchors, steps):
    table = compiled(word)
    assert sorted(table["index"]) == anchors
    assert table["steps"] == [steps]
    assert table["always"] == ([] if anchors else [0])


def test_alternatives_outside_brackets_are_patterns_of_their_own():
    assert split_alternatives("a|(b|c) d|[|]|<e|f>|g\\|h") == ["a", "(b|c) d", "[|]", "<e|f>", "g\\|h"]
    assert len(compiled("a|(b|c) d")["patterns"]) == 2


def test_constructions_that_need_no_platform_are_told_apart():
    cues = [
        {"kind": "gap", "strength": "construction", "words": ["fills a gap", "gap of <base>"]},
        {"kind": "lack", "strength": "construction", "words": ["none"]},
    ]
    assert len(compile_wording(lexicon(cues=cues))["lone_cues"]["patterns"]) == 1


@pytest.mark.parametrize(
    ("word", "wrong"),
    [("(", "is not RE2"), ("a(?=b)", "is not RE2"), ("<basis>", "unknown tag"), ("{none}", "unknown macro")],
)
def test_a_pattern_that_is_wrong_is_named(word, wrong):
    with pytest.raises(CatalogError, match=wrong) as caught:
        compiled(word)
    assert word in str(caught.value)
