"""Comments that accept findings: how they are read, and what they cover."""

import pytest

from aiconf.model import Authority, Finding, Severity
from aiconf.source import parse_source
from aiconf.suppression.comments import MAX_SUPPRESSIONS, read_comments


def read(text):
    return read_comments(parse_source(text.encode(), "x"))


def finding(pointer, line, id_="evidence/missing"):
    return Finding(id_, Severity.ERROR, Authority.FAQ, "", "x", line, 1, pointer, None, "")


@pytest.mark.parametrize(
    ("comment", "ids", "reason"),
    [
        ("aiconf: ignore[evidence/missing] under review", ["evidence/missing"], "under review"),
        ("aiconf:ignore [ evidence , metadata/placeholder ] - under review", ["evidence", "metadata/placeholder"],
         "under review"),
        ("aiconf: ignore[evidence]", ["evidence"], ""),
        ("aiconf: ignore-file[evidence] a [draft]", ["evidence"], "a [draft]"),
        ("see the plan # aiconf: ignore[evidence] later", ["evidence"], "later"),
    ],
)  # fmt: skip
def test_ids_and_reason(comment, ids, reason):
    found = read(f"a: 1 # {comment}\n")
    assert [(one.id, one.reason, one.problem) for one in found] == [(id_, reason, "") for id_ in ids]
    assert {(one.line, one.column) for one in found} == {(1, 6)}


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("aiconf: ignore everything", "brackets"),
        ("aiconf: ignore[] why", "id is missing"),
        ("aiconf: ignore[a,] why", "id is missing"),
        ("aiconf: ignroe[a] why", "'ignroe'"),
        ("aiconf:", "asks for nothing"),
        ("aiconf: ignore[a", "brackets"),
    ],
)
def test_what_is_not_understood_says_why_and_covers_nothing(comment, says):
    (one,) = read(f"a: 1 # {comment}\n")
    assert says in one.problem
    assert not one.id
    assert not one.scope.covers(finding("/a", 1))


@pytest.mark.parametrize(
    "text",
    [
        "a: '# aiconf: ignore[x] y'\n",
        "a: |\n  # aiconf: ignore[x] y\n",
        "a: 1 # about aiconf: the linter\n",
        "a: 1 # my-aiconf: ignore[x] y\n",
    ],
)
def test_what_is_no_comment_to_aiconf(text):
    assert read(text) == []


SPEC = """\
spec:
  a:
    {above}
    - id: x {on}
      notes: n
      evidence:
        - e
    - id: y
"""


@pytest.mark.parametrize(
    ("above", "on"),
    [
        ("# aiconf: ignore[evidence] r", ""),
        ("# aiconf: ignore[evidence] r\n    # and more words", ""),
        ("", "# aiconf: ignore[evidence] r"),
    ],
)
def test_an_entry_is_covered_as_a_whole_and_its_neighbours_are_not(above, on):
    text = SPEC.format(above=above or "#", on=on)
    (one,) = read(text)
    line = next(n for n, line in enumerate(text.split("\n"), 1) if "id: x" in line)
    for pointer in ("/spec/a/0", "/spec/a/0/evidence/0", "/spec/a/0/absent"):
        assert one.scope.covers(finding(pointer, 1))
    assert one.scope.covers(finding("", line + 3))
    assert not one.scope.covers(finding("/spec/a/1", line + 4))
    assert not one.scope.covers(finding("/spec/a", line - 2))


@pytest.mark.parametrize(
    ("text", "pointer", "line", "covered"),
    [
        ("m:  # aiconf: ignore[e] r\n  k: 1\n", "/m/absent", 1, True),
        ("m:  # aiconf: ignore[e] r\n  k: 1\n", "/m/k", 2, False),
        ("m:\n  # aiconf: ignore[e] r\n  k: >\n    t\n    u\n", "", 5, True),
        ("# aiconf: ignore[e] r\n\nm: 1\n", "/m", 3, False),
        ("m: 1\n# aiconf: ignore[e] r\n", "/m", 1, False),
        ("# aiconf: ignore-file[e] r\nm: 1\n", "/n", 77, True),
        ("a:\n- # aiconf: ignore[e] r\n  k: 1\n- 2\n", "/a/0/k", 3, True),
        ("a:\n- # aiconf: ignore[e] r\n  k: 1\n- 2\n", "/a/1", 4, False),
        ("--- # aiconf: ignore[e] r\nm: 1\n", "/m", 2, False),
    ],
)
def test_lines_keys_and_files(text, pointer, line, covered):
    (one,) = read(text)
    assert one.scope.covers(finding(pointer, line)) is covered


def test_more_suppressions_than_a_person_writes_are_said_to_do_nothing():
    found = read("# aiconf: ignore[a,b,c] r\n" * 20_000 + "m: 1\n")
    assert len(found) == MAX_SUPPRESSIONS + 1
    assert str(MAX_SUPPRESSIONS) in found[-1].problem


def test_a_long_id_is_cut():
    (one,) = read(f"a: 1 # aiconf: ignore[{'x' * 100_000}] r\n")
    assert len(one.id) == 100
