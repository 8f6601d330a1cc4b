"""Which of many texts contain what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.snapshot.format import Item
from aiconf.snapshot.texts import Texts

PIECES = st.text("ab.*[]\\é\0\n😀", min_size=1, max_size=3)


def items(*texts):
    return [Item("Pod", "", str(number), text.encode()) for number, text in enumerate(texts)]


@given(st.lists(st.text("ab.*[]\\é\0\n😀", max_size=12), max_size=8), st.lists(PIECES, max_size=6), st.data())
def test_what_is_expected_and_what_is_not_is_found_alike(texts, expected, data):
    wanted = data.draw(st.lists(st.sampled_from(expected) | PIECES if expected else PIECES, max_size=4))
    naive = [number for number, text in enumerate(texts) if any(one in text for one in wanted)]
    assert Texts(items(*texts), expected).containing(wanted) == naive
    assert Texts(items(*texts)).containing(wanted) == naive


def test_texts_that_overlap_are_all_found():
    found = Texts(items("nvidia.com/gpumem", "nvidia.com/gpu", "gpumem"), ["nvidia.com/gpu", "gpumem", "gpu"])
    assert [found.containing([one]) for one in ("nvidia.com/gpu", "gpumem", "gpu")] == [[0, 1], [0, 2], [0, 1, 2]]


@pytest.mark.parametrize("expected", [[], ["x"]])
def test_of_no_texts_there_is_none_in_anything(expected):
    assert Texts(items("x", "y"), expected).containing([]) == []


def test_thousands_of_texts_fit():
    expected = [f"example.com/label-{number:05}-of-many" for number in range(3000)]
    found = Texts(items(" ".join(expected), expected[17]), expected)
    assert found.containing([expected[17]]) == [0, 1]
    assert found.containing([expected[-1]]) == [0]
