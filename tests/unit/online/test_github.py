"""Links into GitHub."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.online.github import parse_link

RAW = "https://raw.githubusercontent.com"


@pytest.mark.parametrize(
    ("url", "view", "raw", "drifts"),
    [
        ("https://github.com/o/r/blob/main/a/b.md#x", "blob", "/o/r/main/a/b.md", True),
        ("https://github.com/o/r/blob/master/b.md", "blob", "/o/r/master/b.md", True),
        ("https://github.com/o/r/blob/HEAD/b.md", "blob", "/o/r/HEAD/b.md", True),
        ("https://github.com/o/r/blob/refs/heads/main/b.md", "blob", "/o/r/refs/heads/main/b.md", True),
        ("https://www.github.com/o/r/raw/main/b.svg", "raw", "/o/r/main/b.svg", True),
        ("https://raw.githubusercontent.com/o/r/main/b.svg", "raw", "/o/r/main/b.svg", True),
        ("https://raw.githubusercontent.com/o/r/refs/heads/master/b.svg", "raw", "/o/r/refs/heads/master/b.svg", True),
        ("https://github.com/o/r/blob/v1.2/main/b.md", "blob", "/o/r/v1.2/main/b.md", False),
        ("https://github.com/o/r/blob/maintenance/b.md", "blob", "/o/r/maintenance/b.md", False),
        ("https://github.com/o/r/blob/0123abcd/b.md?plain=1#L3", "blob", "/o/r/0123abcd/b.md", False),
        ("https://github.com/o/r/blob/feature/x/b.md", "blob", "/o/r/feature/x/b.md", False),
        ("https://github.com/o/r/blame/main/b.md", "blame", "/o/r/main/b.md", True),
        ("https://github.com/o/r/tree/main/docs", "tree", "/o/r/main/docs/README.md", False),
        ("https://github.com/o/r/tree/main", "tree", "/o/r/main/README.md", False),
        ("https://github.com/o/r", "", "/o/r/HEAD/README.md", False),
        ("https://github.com/o/r/", "", "/o/r/HEAD/README.md", False),
    ],
)
def test_a_link_says_what_it_names_and_whether_it_drifts(url, view, raw, drifts):
    link = parse_link(url)
    assert link is not None
    assert (link.view, link.raw_url, link.drifts) == (view, RAW + raw, drifts)


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/",
        "https://github.com/o",
        "https://github.com/o/r/blob/main",
        "https://github.com/o/r/pull/3",
        "https://github.com/o/r/releases/tag/v1",
        "https://github.com.evil.example/o/r/blob/main/a.md",
        "https://gist.github.com/o/r",
        "https://raw.githubusercontent.com/o/r/main",
        "ssh://github.com/o/r",
        "http://[",
        "",
    ],
)
def test_other_addresses_are_none(url):
    assert parse_link(url) is None


@given(st.one_of(st.text(max_size=60), st.text(max_size=60).map("https://github.com/o/r/blob/".__add__)))
def test_any_text_is_a_link_or_none(url):
    link = parse_link(url)
    assert link is None or link.raw_url.startswith(f"{RAW}/")
