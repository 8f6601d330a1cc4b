"""Texts become sentences that point back into the text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.submission.prose import blank_markup, split_sentences


def texts(text):
    return [sentence.text for sentence in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        (
            "KAI (e.g. with Kueue, i.e. both) vs. Volcano etc. is fine.",
            ["KAI (e.g. with Kueue, i.e. both) vs. Volcano etc. is fine."],
        ),
        ("Tested on v1.35. k0s stays as it is.", ["Tested on v1.35.", "k0s stays as it is."]),
        ("Runs 1.35.3 of RKE2.", ["Runs 1.35.3 of RKE2."]),
        ("It waits... and then runs. Done.", ["It waits... and then runs.", "Done."]),
        ("- one without a stop\n- two\n3. three", ["one without a stop", "two", "three"]),
        ("# A heading\nA line\nthat runs on.", ["A heading", "A line that runs on."]),
        ("| a | bb. c |\n|---|:-:|\n| d | e |", ["a", "bb.", "c", "d", "e"]),
        ("Layer: base\nContribution: none", ["Layer: base", "Contribution: none"]),
        ("First<br>second", ["First", "second"]),
        ("He said 'no.' Then went.", ["He said 'no.'", "Then went."]),
        ("", []),
        ("...", []),
        ("完了。次。", ["完了。", "次。"]),
    ],
)
def test_text_is_cut_where_a_reader_would(text, sentences):
    assert texts(text) == sentences


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("uses `kubectl get pods` now", "uses now"),
        ("see ``a ` b`` there", "see there"),
        ("```\nEKS cannot\n```\nafter", "after"),
        ("~~~ sh\nx\n~~~\nafter", "after"),
        ("```\nnever closed", ""),
        ("a <!-- EKS cannot --> b", "a b"),
        ("a <span class='x'>b</span> c", "a b c"),
        ("[text](https://x.example/a_(b)) end", "text end"),
        ("![alt](x.png) end", "alt end"),
        ("go to https://x.example/a.b?c=d now", "go to now"),
        ("**bold** and _slanted_ and snake_case", "bold and slanted and snake_case"),
        ("> quoted\n> text", "quoted text"),
    ],
)
def test_what_is_not_prose_is_blanked(text, kept):
    plain = blank_markup(text).replace("\x1f", " ")
    assert " ".join(word for word in plain.split() if word.strip("_")) == kept


def test_unclosed_backticks_are_prose():
    assert "cannot" in blank_markup("a ` b cannot")


def test_code_does_not_reach_across_paragraphs():
    assert "cannot" in blank_markup("a ` b\n\ncannot ` c")


def test_paragraphs_are_told_apart():
    assert [s.paragraph for s in split_sentences("One. Two.\n\nThree.")] == [0, 0, 1]


@settings(max_examples=150)
@given(st.text(alphabet="ab. \n`*_[]()<>!|#-~:/\\\x1f\u2019。é", max_size=200))
def test_offsets_point_into_the_original(text):
    assert len(blank_markup(text)) == len(text)
    for sentence in split_sentences(text):
        assert sentence.text == " ".join(text[sentence.start : sentence.end].split())
        assert len(sentence.clean) == sentence.end - sentence.start


@pytest.mark.parametrize(
    "unit",
    [
        "[" * 10_000 + "]" * 10_000,
        "a b. ",
        "`",
        "](",
        "|",
        "<",
        "<!--",
        "```\n",
        "_",
        "* ",
        "> ",
        "- ",
        ".",
        "\n",
        " ",
        "a: ",
        "\n" + " " * 500,
        "https://",
        "` `` ",
    ],
)
def test_a_megabyte_of_anything_takes_time_in_proportion(unit):
    text = (unit * (1_000_000 // len(unit) + 1))[:1_000_000]
    start = time.process_time()
    sentences = split_sentences(text)
    assert time.process_time() - start < 15  # about 0.5 s; quadratic would be hours
    assert all(s.end - s.start <= 1_500 for s in sentences)
