"""Lines and headings that a GitHub link points at."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.online.anchors import count_lines, judge_heading, judge_lines, line_range, slugify


@pytest.mark.parametrize(
    ("heading", "slug"),
    [
        ("Gang scheduling", "gang-scheduling"),
        ("Two  spaces", "two--spaces"),
        ("What's new in v1.37?", "whats-new-in-v137"),
        ("DRA_support & more", "dra_support--more"),
        ("C# / F#", "c--f"),
        ("Größe und Maß", "größe-und-maß"),
        ("调度 (Kueue)", "调度-kueue"),
        ("हिन्दी", "हिन्दी"),
        ("🚀 Quick start", "-quick-start"),
        (":rocket: Quick start", "rocket-quick-start"),
        ("x² and Ⅳ", "x-and-"),
        ("a\u2013b", "ab"),
    ],
)
def test_a_slug_follows_githubs_rule(heading, slug):
    assert slugify(heading) == slug


TEXT = """\
# Title #

Text that is no heading.

## `code` and **bold** and _slanted_ and snake_case
## [A link](https://corvid.example/x_(y)) here
## [Another][ref] ![image](i.png)
## Trailing hashes ##
## Repeated
## Repeated
## Repeated
Underlined
==========
Also this
---
> ### Quoted
- ### Listed
3. ### Numbered
<h2 align="center">
  In <b>HTML</b>
</h2>
<a name="Old-Anchor"></a> <div id='by-id'>
## A &amp; B
## 3. Numbers first
"""


@pytest.mark.parametrize(
    "fragment",
    [
        "title", "code-and-bold-and-slanted-and-snake_case", "a-link-here", "another-", "trailing-hashes", "repeated",
        "repeated-1", "repeated-2", "underlined", "also-this", "quoted", "listed", "numbered", "in-html", "old-anchor",
        "Old-Anchor", "by-id", "a--b", "3-numbers-first", "user-content-title", "TITLE", "readme", "top", "%74itle",
    ],
)  # fmt: skip
def test_headings_and_anchors_of_markdown_are_found(fragment):
    assert judge_heading(fragment, "docs/README.md", TEXT.encode(), complete=True) == "ok"


@pytest.mark.parametrize(
    "fragment", ["repeated-3", "repeated-0", "text-that-is-no-heading", "titles", "itle", "b", "-"]
)
def test_what_is_no_heading_is_missing(fragment):
    assert judge_heading(fragment, "README.md", TEXT.encode(), complete=True) == "missing"


def test_what_is_not_in_the_part_that_was_read_is_unknown():
    assert judge_heading("later", "README.md", TEXT.encode(), complete=False) == "unknown"


@pytest.mark.parametrize("path", ["a.rst", "a.ipynb", "a", "md"])
def test_headings_of_other_formats_are_unknown(path):
    assert judge_heading("title", path, b"# Title\n", complete=True) == "unknown"


@pytest.mark.parametrize(
    ("fragment", "lines"),
    [
        ("L10", (10, 10)),
        ("L10-L20", (10, 20)),
        ("L10-20", (10, 20)),
        ("L20-L10", (10, 20)),
        ("L1C2-L3C4", (1, 3)),
        ("L1C2", (1, 1)),
        ("l10", None),
        ("L", None),
        ("L10-", None),
        ("Lorem", None),
        ("L" + "1" * 5000, None),
        ("L\u0661", None),
    ],
)
def test_a_fragment_names_lines_or_none(fragment, lines):
    assert line_range(fragment) == lines


@pytest.mark.parametrize(("body", "lines"), [(b"", 0), (b"a", 1), (b"a\n", 1), (b"a\nb", 2), (b"\n\n", 2)])
def test_lines_are_counted_with_and_without_the_last_break(body, lines):
    assert count_lines(body) == lines


def test_lines_in_a_text_that_was_cut_off_are_found_or_unknown():
    assert judge_lines((1, 2), b"a\nb", complete=False) == "ok"
    assert judge_lines((1, 3), b"a\nb", complete=False) == "unknown"
    assert judge_lines((1, 3), b"a\nb", complete=True) == "missing"


@given(st.text(max_size=40), st.text(max_size=200).map(str.encode), st.booleans())
def test_any_fragment_and_any_text_get_a_verdict(fragment, body, complete):
    assert judge_heading(fragment, "a.md", body, complete=complete) in ("ok", "missing", "unknown")


@given(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30))
def test_a_plain_heading_is_found_by_its_own_slug(heading):
    slug = slugify(heading)
    assert judge_heading(slug, "a.md", f"## {heading}\n".encode(), complete=True) == "ok"


@pytest.mark.parametrize(
    "hostile",
    [
        "[" * 1_000_000,
        "".join(f"# {number} " + "[" * 280 + "\n" for number in range(4000)),
        "".join(f"# {number} " + "![" * 140 + "\n" for number in range(4000)),
        "".join(f"# {number} " + "<a" * 140 + "\n" for number in range(4000)),
        "".join(f"# {number} " + "_" * 280 + "\n" for number in range(4000)),
        "#" * 1_000_000,
        "<h1>" * 250_000,
        "</h1>" * 200_000,
        "id=" * 333_333,
        "id=" + "x" * 1_000_000,
        "-\n" * 500_000,
        "> " * 500_000,
        "9" * 1_000_000,
    ],
    ids=lambda text: repr(text[:8]),
)
def test_a_hostile_text_costs_time_in_proportion_to_its_length(hostile):
    body = (hostile + "\n").encode() * max(1, 1_000_000 // len(hostile))
    started = time.process_time()
    assert judge_heading("wanted", "a.md", body[: 1 << 20], complete=True) == "missing"
    assert time.process_time() - started < 4  # under a second
