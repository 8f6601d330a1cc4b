"""What begins on a line, for comments that stand there."""

import pytest

from aiconf.source import parse_source

TEXT = """\
metadata:
  notes: one
spec:
  a:
    - id: x
      notes: >-
        two
        three

      evidence:
        - e1
        - e2
    -
      id: y
  b: [p,
      q]
  c:
    k: &shared
      - id: z
  d: *shared
"""


@pytest.mark.parametrize(
    ("line", "block"),
    [
        (1, ("/metadata", 1, 1, False)),
        (2, ("/metadata/notes", 2, 2, True)),
        (4, ("/spec/a", 4, 4, False)),
        (5, ("/spec/a/0", 5, 12, True)),
        (6, ("/spec/a/0/notes", 6, 8, True)),
        (10, ("/spec/a/0/evidence", 10, 12, True)),
        (12, ("/spec/a/0/evidence/1", 12, 12, True)),
        (14, ("/spec/a/1", 14, 14, True)),
        (18, ("/spec/c/k", 18, 18, False)),
        (19, ("/spec/c/k/0", 19, 19, True)),
        (20, ("/spec/d", 20, 20, False)),
    ],
)
def test_the_outermost_value_that_begins_on_a_line(line, block):
    assert parse_source(TEXT.encode(), "x").blocks[line] == block


@pytest.mark.parametrize("line", [3 + 4, 9, 13, 99])
def test_nothing_begins_on_other_lines(line):
    assert line not in parse_source(TEXT.encode(), "x").blocks


def test_what_lies_in_a_block():
    block = parse_source(TEXT.encode(), "x").blocks[5]
    assert block.holds("/spec/a/0/notes", 99)
    assert block.holds("", 7)
    assert not block.holds("/spec/a/01", 99)
    assert not block.holds("/spec/a/1", 14)


def test_a_list_at_the_root_has_its_items_and_places():
    source = parse_source(b"- a\n- k: v\n", "x")
    assert source.items == ["a", {"k": "v"}]
    assert source.data == {}
    assert source.key_position("/1/k").line == 2
    assert parse_source(b"a: 1\n", "x").items is None
