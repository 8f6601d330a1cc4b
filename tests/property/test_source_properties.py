"""Reading any text: nothing escapes, data comes back whole, and places are true."""

import json
import re
import time

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aiconf.source import Source, compose, parse_source
from aiconf.source.scalars import resolve_plain

WORDS = st.text("abzAZé中😀.-_/()%@!?", min_size=1, max_size=9)
# Plain words, as they stand in a text of several paragraphs and widths.
SENTENCES = st.lists(WORDS, min_size=1, max_size=25).map(" ".join)
TEXTS = st.lists(SENTENCES, min_size=1, max_size=4).flatmap(
    lambda lines: st.sampled_from(["\n", "\n\n", " ", "\n  "]).map(lambda glue: glue.join(lines))
)
KEYS = st.text("abcXY_/~ é0", min_size=1, max_size=8)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**64 - 1),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(max_size=20),
    TEXTS,
)
UNPRINTABLE = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


def printable(value):
    """Without what YAML 1.1 forbids or breaks lines at, and what PyYAML leaves unquoted though Go reads a number."""
    if isinstance(value, str):
        text = UNPRINTABLE.sub("", value)
        return text if resolve_plain(text)[0] == "string" or yaml.safe_load(text) != text else text + "x"
    if isinstance(value, list):
        return [printable(item) for item in value]
    return {printable(k): printable(v) for k, v in value.items()} if isinstance(value, dict) else value


DATA = st.dictionaries(
    KEYS,
    st.recursive(
        SCALARS, lambda node: st.lists(node, max_size=4) | st.dictionaries(KEYS, node, max_size=4), max_leaves=12
    ),
    max_size=5,
).map(printable)
FRAGMENTS = st.sampled_from(
    [
        *(
            "a: ",
            "b:",
            "- ",
            "  ",
            "\n",
            "\r\n",
            "\r",
            "\t",
            '"',
            "'",
            "[",
            "]",
            "{",
            "}",
            ",",
            ": ",
            "#",
            " #",
            "&x ",
            "*x",
        ),
        *(
            "|",
            ">-",
            "<<: ",
            "!!int ",
            "!t ",
            "---\n",
            "...\n",
            "%YAML 1.1\n",
            "? ",
            "\\",
            "\\u",
            "é",
            "\x00",
            "\ufeff",
            "\x85",
        ),
        *(
            "`",
            "@",
            "=",
            "x",
            "1",
            "0x1F",
            "~",
            "2026-01-02",
            "\u00a0",
            "<<<<<<< \n",
            "=======\n",
            ">>>>>>> \n",
            "```\n",
        ),
    ]
)


def places(node, pointer=""):
    """Pointer and value of every node."""
    yield pointer, node
    for part, inner in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(inner, f"{pointer}/{str(part).replace('~', '~0').replace('/', '~1')}")


def at(text, position):
    """What stands at a position."""
    return text.split("\n")[position.line - 1][position.column - 1 :]


def is_plain(value):
    """Whether a value is JSON's, all keys strings, and nothing JSON cannot write."""
    return json.loads(json.dumps(value, allow_nan=False)) == value


def assert_sound(source):
    assert isinstance(source, Source)
    assert is_plain(source.data)
    last = len(source.text) + 1
    for problem in source.problems:
        assert problem.kind in {"yaml_syntax", "duplicate_key", "wrong_shape"}
        assert problem.message.endswith(".")
        assert 1 <= problem.line <= last
        assert 1 <= problem.column <= len(source.line_text(problem.line)) + 2
    assert all(1 <= first <= end <= last for first, end in source.uncertain)
    assert all(source.line_text(c.line)[c.column - 1 :].startswith("#") for c in source.comments)
    for pointer, value in places(source.data):
        assert source.position(pointer).line >= 1
        assert source.scalar_type(pointer) != "absent" or not source.data
        if isinstance(value, str) and value:
            source.span(pointer, 0, len(value))


@given(st.binary(max_size=400))
@example(b"\xff\xfea\x00")
@example(b"\xef\xbb\xbf\xff")
@settings(max_examples=200, deadline=None)
def test_any_bytes_give_a_sound_source(raw):
    assert_sound(parse_source(raw, "x"))


@given(st.lists(FRAGMENTS, max_size=40).map("".join))
@settings(max_examples=500, deadline=None)
def test_any_pieces_of_yaml_give_a_sound_source(text):
    assert_sound(parse_source(text.encode(), "x"))


@given(DATA, st.integers(20, 120), st.sampled_from([None, "'", '"', "|", ">"]), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=400, deadline=None)
def test_dumped_yaml_comes_back_and_every_scalar_is_where_it_stands(data, width, style, line_break):
    text = yaml.safe_dump(data, width=width, default_style=style, allow_unicode=True)
    assume(yaml.safe_load(text) == data)  # PyYAML does not read back every text that it folds
    source = parse_source(text.replace("\n", line_break).encode(), "x")
    assert source.problems == ()
    assert source.data == data
    for pointer, value in places(data):
        if style is None and isinstance(value, bool | int | None):
            assert at(text, source.position(pointer)).startswith(json.dumps(value))


@given(DATA, st.sampled_from([None, 1, 4]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_json_comes_back_and_every_value_and_key_is_where_it_stands(data, indent, ascii_only):
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only)
    source = parse_source(text.encode(), "PRODUCT.json")
    assert source.data == data
    for pointer, value in places(data):
        start = json.dumps(value, ensure_ascii=ascii_only)
        assert at(text, source.position(pointer)).startswith(start if not isinstance(value, dict | list) else start[0])
        parent, _, key = pointer.rpartition("/")
        if pointer and source.scalar_type(parent) == "map":
            quoted = json.dumps(key.replace("~1", "/").replace("~0", "~"), ensure_ascii=ascii_only)
            assert at(text, source.key_position(pointer)).startswith(quoted + ":")
        else:
            assert source.key_position(pointer) == source.position(pointer)


def written(words, style, indent):
    """A text in one of YAML's ways to write it over several lines."""
    lines = [" ".join(words[i : i + 4]) for i in range(0, len(words), 4)]
    pad = "\n" + " " * indent
    if style in ("|", ">", "|-", ">+", "|2", ">2-"):
        pad = "\n" + " " * (2 if "2" in style else indent)
        return style + pad + pad.join(lines) + "\n"
    quote = style
    return quote + pad.join(lines) + quote + "\n"


@given(
    st.lists(st.text("abcé中😀", min_size=1, max_size=6), min_size=1, max_size=20),
    st.sampled_from(["", "'", '"', "|", ">", "|-", ">+", "|2", ">2-"]),
    st.integers(2, 9),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(max_examples=400, deadline=None)
def test_a_span_leads_to_the_very_word(words, style, indent, line_break):
    text = ("k: " + written(words, style, indent) + "z: 1\n").replace("\n", line_break)
    source = parse_source(text.encode(), "x")
    value = source.data["k"]
    assert value.split() == words
    for match in re.finditer(r"\S+", value):
        span = source.span("/k", *match.span())
        assert span is not None
        assert span.start.line == span.end.line
        assert source.line_text(span.start.line)[span.start.column - 1 : span.end.column - 1] == match.group()


@given(TEXTS.map(printable), st.sampled_from(["'", '"', "|", ">", None]), st.integers(15, 60))
@settings(max_examples=400, deadline=None)
def test_spans_of_dumped_texts_lead_to_their_words(value, style, width):
    text = yaml.safe_dump({"k": value}, default_style=style, width=width, allow_unicode=True)
    source = parse_source(text.encode(), "x")
    if source.data["k"] != value:  # a word such as 1 or ~ that is no string
        return
    for match in re.finditer(r"[\w.]+", value):
        span = source.span("/k", *match.span())
        assert span is not None
        if span.start.line == span.end.line:
            assert source.line_text(span.start.line)[span.start.column - 1 : span.end.column - 1] == match.group()


@given(st.lists(FRAGMENTS.filter(lambda part: part != "\ufeff"), max_size=25).map("".join))  # only libyaml skips those
@settings(max_examples=200, deadline=None)
def test_both_parsers_of_pyyaml_give_the_same(text):
    fast = parse_source(text.encode(), "x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "_LOADER", yaml.SafeLoader)
        slow = parse_source(text.encode(), "x")
    if not any(problem.kind == "yaml_syntax" for problem in (*fast.problems, *slow.problems)):
        assert slow.data == fast.data
        assert slow.problems == fast.problems


@given(st.lists(FRAGMENTS, min_size=1, max_size=6).map("".join), st.integers(100, 3000))
@settings(max_examples=25, deadline=None)
def test_repetition_costs_bounded_time(text, times):
    start = time.process_time()
    parse_source((text * times).encode(), "x")
    assert time.process_time() - start < 5
