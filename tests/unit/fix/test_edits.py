"""Each fix as text to text: what changes, and that every other character stays."""

import pytest

from aiconf.fix.edits import edits_for
from aiconf.fix.proof import flaw
from aiconf.fix.text import CannotFixError, apply_edits
from aiconf.model import Fix, FixAction
from aiconf.source import parse_source


def fixed(text, action, pointer, value=""):
    """The text after one fix, which must also stand the proof."""
    fix = Fix(FixAction(action), pointer, value)
    source = parse_source(text.encode(), "a.yaml")
    new = apply_edits(text, edits_for(source, fix))
    assert flaw(source, parse_source(new.encode(), "a.yaml"), [fix]) == ""
    return new


SET = {
    "plain": ("a: x  # c\n", "v1.37", "a: v1.37  # c\n"),
    "plain, an address": ("a: x\n", "https://a.example/b#c", 'a: "https://a.example/b#c"\n'),
    "plain over lines": ("a: x\n  y\nb: 1\n", "z", "a: z\nb: 1\n"),
    "what would be a number": ("a: 1.10\n", "1.10", 'a: "1.10"\n'),
    "what would be a word of YAML": ("a: x\n", "null", 'a: "null"\n'),
    "double quotes": ('a: "x"\n', 'say "ä"', 'a: "say \\"ä\\""\n'),
    "single quotes": ("a: 'x'\n", "it's", "a: 'it''s'\n"),
    "single quotes that cannot hold it": ("a: 'x'\n", "a\nb", 'a: "a\\nb"\n'),
    "invisible characters": ('a: "x"\n', "a\u2028b\x7f", 'a: "a\\u2028b\\x7f"\n'),
    "no value": ("a:\nb: 1\n", "x", "a: x\nb: 1\n"),
    "no value, a comment": ("a:  # c\nb: 1\n", "x", "a: x  # c\nb: 1\n"),
    "null": ("a: ~\n", "x", "a: x\n"),
    "JSON": ('{"a": null}', "x", '{"a": "x"}'),
    "inside braces": ("{a: x, b: y}\n", "p, q", '{a: "p, q", b: y}\n'),
    "a folded block, its end alone": ("a: >\n  x\n  y\n\n# c\nb: 1\n", "x y", "a: >-\n  x\n  y\n\n# c\nb: 1\n"),
    "a folded block that keeps": ("a: >+  # c\n  x\n\nb: 1\n", "x", "a: >-  # c\n  x\n\nb: 1\n"),
    "a block with another text": ("a: |  # c\n  x\n  y\n\nb: 1\n", "p: q # r", "a: |-  # c\n  p: q # r\n\nb: 1\n"),
    "a block that cannot hold it": ("a: |  # c\n  x\nb: 1\n", " x", 'a: " x"  # c\nb: 1\n'),
    "a block without content": ("a: |\nb: 1\n", "x", 'a: "x"\nb: 1\n'),
    "line ends of another kind": ("a: >\r\n  x\r\n  y\r\nb: 1\r\n", "z", "a: >-\r\n  z\r\nb: 1\r\n"),
    "behind an anchor": ("a: &n x\n", "y", "a: &n y\n"),
    "behind a tag": ("a: !!str x\n", "y", "a: !!str y\n"),
}


@pytest.mark.parametrize(("text", "value", "expected"), SET.values(), ids=SET.keys())
def test_a_value_is_set_in_the_style_it_had(text, value, expected):
    assert fixed(text, "set", "/a", value) == expected


ADD = {
    "a list item": ("x:\n  - id: a # c\n    b: 1\n", "/x/0/d", "x:\n  - id: a # c\n    d: v\n    b: 1\n"),
    "the last line without an end": ("x:\n  id: a", "/x/d", "x:\n  id: a\n  d: v"),
    "line ends of another kind": ("x:\r\n  id: a\r\n  b: 1\r\n", "/x/d", "x:\r\n  id: a\r\n  d: v\r\n  b: 1\r\n"),
    "braces": ("x: {id: a, b: 1}\n", "/x/d", "x: {id: a, d: v, b: 1}\n"),
    "JSON": ('{"x": {"id": "a"}}\n', "/x/d", '{"x": {"id": "a", "d": "v"}}\n'),
}


@pytest.mark.parametrize(("text", "pointer", "expected"), ADD.values(), ids=ADD.keys())
def test_a_key_that_is_not_there_is_written_behind_the_first(text, pointer, expected):
    assert fixed(text, "set", pointer, "v") == expected


REMOVE = {
    "an item": ('a:\n  - ""\n  - x # c\n', "/a/0", "a:\n  - x # c\n"),
    "the last item": ('a:\n  - x # c\n  - ""\nb: 1\n', "/a/1", "a:\n  - x # c\nb: 1\n"),
    "an empty item": ("a:\n  - x\n  -\nb: 1\n", "/a/1", "a:\n  - x\nb: 1\n"),
    "the only item": ('a:  # c\n  - ""\nb: 1\n', "/a/0", "a: []  # c\nb: 1\n"),
    "the only item, comments about": ('a:\n  # c\n  - "" # d\nb: 1\n', "/a/0", "a: []\n  # c\n  # d\nb: 1\n"),
    "at the left margin": ('a:\n- ""\n- x\n', "/a/0", "a:\n- x\n"),
    "the end of the text": ('a:\n  - x\n  - ""', "/a/1", "a:\n  - x"),
    "line ends of another kind": ('a:\r\n  - x\r\n  - ""\r\n', "/a/1", "a:\r\n  - x\r\n"),
    "over two lines": ("a:\n  - x\n  - y\n    z\nb: 1\n", "/a/1", "a:\n  - x\nb: 1\n"),
    "brackets, first": ('a: ["", x, y]\n', "/a/0", "a: [x, y]\n"),
    "brackets, last": ('a: [x, ""]\n', "/a/1", "a: [x]\n"),
    "brackets, only": ('a: [ "" ]\n', "/a/0", "a: [  ]\n"),
}


@pytest.mark.parametrize(("text", "pointer", "expected"), REMOVE.values(), ids=REMOVE.keys())
def test_a_list_item_goes_and_its_comment_stays(text, pointer, expected):
    assert fixed(text, "remove", pointer) == expected


MOVE = {
    "a rename": ("m:\n  web_url: x # c\n", "/m/web_url", "/m/webUrl", "m:\n  webUrl: x # c\n"),
    "a rename in quotes": ('{"m": {"web_url": 1}}', "/m/web_url", "/m/webUrl", '{"m": {"webUrl": 1}}'),
    "a rename above a list": ("s:\n  a_b:\n    - 1\n", "/s/a_b", "/s/aB", "s:\n  aB:\n    - 1\n"),
    "into a mapping above": (
        "m:\n  a: 1 # d\nk: 'x'  # c\ns: 1\n",
        "/k",
        "/m/k",
        "m:\n  a: 1 # d\n  k: 'x'  # c\ns: 1\n",
    ),
    "into a mapping below": (
        "k_b: x\nm:\n  a: 1\n  t: >\n    z\n",
        "/k_b",
        "/m/kB",
        "m:\n  a: 1\n  kB: x\n  t: >\n    z\n",
    ),
    "to the end of the text": ("k: x\nm:\n    a: 1", "/k", "/m/k", "m:\n    a: 1\n    k: x"),
    "the last line": ("m:\n  a: 1\nk: x", "/k", "/m/k", "m:\n  a: 1\n  k: x\n"),
    "line ends of another kind": ("m:\r\n  a: 1\r\nk: x\r\n", "/k", "/m/k", "m:\r\n  a: 1\r\n  k: x\r\n"),
}


@pytest.mark.parametrize(("text", "pointer", "to", "expected"), MOVE.values(), ids=MOVE.keys())
def test_a_key_is_renamed_or_moves_with_its_line(text, pointer, to, expected):
    assert fixed(text, "move_to", pointer, to) == expected


LISTED = {
    "quotes": ("e: 'x' # c\n", "e: ['x'] # c\n"),
    "plain": ("e: a, b: c\n".replace(": c", ""), 'e: ["a, b"]\n'),
    "over two lines": ('e: "a\n  b"\n', 'e: ["a b"]\n'),
}


@pytest.mark.parametrize(("text", "expected"), LISTED.values(), ids=LISTED.keys())
def test_a_text_becomes_the_only_item_of_a_list(text, expected):
    assert fixed(text, "in_list", "/e") == expected


REFUSED = {
    "an alias": ("a: &n x\nb: *n\n", "set", "/b", "y", "alias"),
    "a mapping for a text": ("a: {b: 1}\n", "set", "/a", "y", "a map stands"),
    "a block with its own indentation": ("a: |2\n   x\n", "set", "/a", "y", "indentation"),
    "no mapping to write into": ("a: x\n", "set", "/a/b", "y", "no place"),
    "an empty mapping": ("a: {}\n", "set", "/a/b", "y", "no place"),
    "a key that is no word": ("a: {c: 1}\n", "set", "/a/b d", "y", "no place"),
    "a first key over several lines": ("a:\n  c:\n    - 1\n", "set", "/a/b", "y", "not on one line"),
    "the whole document": ("a: 1\n", "set", "", "y", "whole document"),
    "an item that is not there": ("a: [x]\n", "remove", "/a/1", "", "there is no 1"),
    "a key": ("a: {b: 1}\n", "remove", "/a/b", "", "only a list item"),
    "an item that is a mapping": ("a:\n  - b: 1\n  - c\n", "remove", "/a/0", "", "more than one value"),
    "an item that is a block": ("a:\n  - |\n    x\n  - c\n", "remove", "/a/0", "", "more than one value"),
    "an item of a list in a list": ("a:\n  - - x\n    - y\n", "remove", "/a/0/0", "", "something else stands"),
    "an anchored item": ("a:\n  - &n x\n  - y\n", "remove", "/a/0", "", "something else stands"),
    "the only item of a list in a list": ("a: \n  - \n    - x\n", "remove", "/a/0/0", "", "belongs to no key"),
    "a key that is there": ("a: 1\nb: 2\n", "move_to", "/a", "/b", "there is a b already"),
    "a mapping to move": ("a: {x: 1}\nm:\n  b: 1\n", "move_to", "/a", "/m/a", "not on one line"),
    "a block to move": ("a: |\n  x\nm:\n  b: 1\n", "move_to", "/a", "/m/a", "not on one line"),
    "from braces": ("{a: 1, m: {b: 1}}\n", "move_to", "/a", "/m/a", "not on one line"),
    "nowhere to go": ("a: 1\nm:\n  b:\n    - 1\n", "move_to", "/a", "/m/a", "no line behind which"),
    "from a list": ("a: [1]\n", "move_to", "/a/0", "/b", "cannot become"),
    "a block in a list": ("e: |\n  x\n", "in_list", "/e", "", "no text on one line"),
    "a number in a list": ("e: 1\n", "in_list", "/e", "", "no text on one line"),
}


@pytest.mark.parametrize(("text", "action", "pointer", "value", "says"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_edited_in_a_few_characters_is_refused(text, action, pointer, value, says):
    with pytest.raises(CannotFixError, match=says):
        edits_for(parse_source(text.encode(), "a.yaml"), Fix(FixAction(action), pointer, value))


UNPROVEN = {
    "an anchor that is used": ("a: &n x\nb: *n\n", "set", "/a", "y", "alias or merged"),
    "a merged key": ("d: &d {k: x}\na:\n  <<: *d\n  z: 1\n", "set", "/a/k", "y", "alias or merged"),
    "a comment between brackets": ('a: [\n  "", # c\n  x]\n', "remove", "/a/0", "", "comment"),
}


@pytest.mark.parametrize(("text", "action", "pointer", "value", "says"), UNPROVEN.values(), ids=UNPROVEN.keys())
def test_an_edit_that_would_change_more_does_not_stand_the_proof(text, action, pointer, value, says):
    fix = Fix(FixAction(action), pointer, value)
    source = parse_source(text.encode(), "a.yaml")
    new = apply_edits(text, edits_for(source, fix))
    assert says in flaw(source, parse_source(new.encode(), "a.yaml"), [fix])
