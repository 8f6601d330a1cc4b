"""Places in the submission and in the README are true to the character."""

import time

from hypothesis import given
from hypothesis import strategies as st

from aiconf.source import parse_source
from aiconf.submission.places import Places

README = "# Title\r\n\n  | a | b |\nlast"


def places(readme=README, display="v1.37/acme/PRODUCT.yaml"):
    return Places(parse_source(b"notes: Some words here\n", display), readme)


def test_a_stretch_of_a_value_has_its_place_in_the_submission():
    assert places().of("/notes", 5, 10) == {"line": 1, "column": 13, "end_line": 1, "end_column": 18}
    assert places().of("/notes", 5, 500) is None


def test_a_stretch_of_the_readme_has_its_file_and_line():
    found = places().of("", README.index("a |"), README.index("a |") + 1)
    assert found == {
        "file": "v1.37/acme/README.md",
        "excerpt": "  | a | b |",
        "line": 3,
        "column": 5,
        "end_line": 3,
        "end_column": 6,
    }


def test_a_line_of_the_readme_is_without_the_space_around_it():
    found = places().readme_line(3)
    assert (found["line"], found["column"], found["end_column"]) == (3, 3, 12)
    assert places().readme_line(1)["excerpt"] == "# Title"


def test_the_readme_lies_beside_the_submission():
    assert places(display="PRODUCT.yaml").readme_path == "README.md"
    assert places(display="<stdin>").readme_path == "README.md"


@given(st.text(alphabet="ab \n\r\u2028", max_size=40), st.data())
def test_line_and_column_lead_back_to_the_character(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    found = places(text).in_readme(start, start + 1)
    assert text.split("\n")[found["line"] - 1][found["column"] - 1 :][:1] == text[start].strip("\n")


def test_places_in_a_long_readme_are_found_in_time_in_proportion():
    found = places("x\n" * 200_000)
    start = time.process_time()
    assert [found.in_readme(offset, offset + 1)["line"] for offset in range(0, 400_000, 4)][-1] == 199_999
    assert time.process_time() - start < 10
