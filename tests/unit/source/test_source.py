"""Bytes to data and positions: encodings, keys, scalars, bounds."""

import json
import re
import time

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aiconf.errors import InputError
from aiconf.source import load_source, parse_source

TEXT = "# top\nmetadata:\n  name: 'Ä 😀'  # why\n  list:\n    - one\n    - {a: 1}\nspec: {}\n"


def parse(text):
    return parse_source(text if isinstance(text, bytes) else text.encode(), "x.yaml")


def kinds(text):
    return [(problem.kind, problem.line, problem.column) for problem in parse(text).problems]


@pytest.mark.parametrize(
    ("pointer", "value", "key"),
    [
        ("/metadata", (3, 3), (2, 1)),
        ("/metadata/name", (3, 9), (3, 3)),
        ("/metadata/list/0", (5, 7), (5, 7)),
        ("/metadata/list/1/a", (6, 11), (6, 8)),
        ("/metadata/absent", (2, 1), (2, 1)),
        ("/metadata/list/9/x", (4, 3), (4, 3)),
        ("/spec", (7, 7), (7, 1)),
    ],
)
def test_a_pointer_leads_to_value_and_key_and_to_the_parent_of_what_is_absent(pointer, value, key):
    source = parse(TEXT)
    assert (source.position(pointer).line, source.position(pointer).column) == value
    assert (source.key_position(pointer).line, source.key_position(pointer).column) == key


def test_positions_do_not_depend_on_line_breaks_or_a_byte_order_mark():
    plain = parse(TEXT)
    for raw in (TEXT.replace("\n", "\r\n").encode(), b"\xef\xbb\xbf" + TEXT.encode()):
        assert parse(raw).data == plain.data
        assert parse(raw).position("/metadata/list/1/a") == plain.position("/metadata/list/1/a")


def test_utf_16_is_read_and_said_to_be_wrong():
    source = parse(TEXT.encode("utf-16"))
    assert source.data == parse(TEXT).data
    assert any("UTF-16" in problem.message for problem in source.problems)


def test_bytes_that_are_no_utf_8_are_reported_at_their_place():
    assert kinds(b"a: 1\nb: x\xffy\n")[0][1:] == (2, 5)


@pytest.mark.parametrize("text", ["", "# only\n", "- a\n", "text\n", "3\n", "a: 1\n---\nb: 2\n"])
def test_what_is_not_one_mapping_is_a_wrong_shape(text):
    assert [kind for kind, _, _ in kinds(text)] == ["wrong_shape"]


def test_a_key_given_twice_is_reported_at_the_second():
    source = parse("a: 1\nb: 2\na: 3\n")
    assert [(p.kind, p.line, p.column) for p in source.problems] == [("duplicate_key", 3, 1)]
    assert "line 1" in source.problems[0].message


def test_a_key_that_is_no_string_becomes_its_text():
    source = parse("1: a\ntrue: b\n")
    assert source.data == {"1": "a", "true": "b"}
    assert {problem.kind for problem in source.problems} == {"wrong_shape"}


@pytest.mark.parametrize(
    ("scalar", "value", "kind"),
    [
        ("yes", "yes", "string"), ("NO", "NO", "string"), ("true", True, "bool"), ("1.30", 1.3, "float"),
        ("017", 15, "int"), ("0x1F", 31, "int"), ("2026-01-02", "2026-01-02", "timestamp"), ("~", None, "null"),
        ("12:30:45", "12:30:45", "string"), ("", None, "null"), ("'1.30'", "1.30", "string"), ("=", "=", "string"),
        ("v1.37", "v1.37", "string"), ("1e3", 1000.0, "float"),
    ],
)  # fmt: skip
def test_scalars_are_resolved_as_the_validator_resolves_them(scalar, value, kind):
    source = parse(f"k: {scalar}\n")
    assert source.data == {"k": value}
    assert source.scalar_type("/k") == kind


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "a: &a [*a]\n",
        "a: &a [x]\n"
        + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(9)),
        "k: " + "x" * 500_000,
        "".join(f"k{n}: {n}\n" for n in range(150_000))[: 2**20],
        "? " * 20_000,
    ],
    ids=["depth", "cycle", "laughs", "scalar", "keys", "questions"],
)
def test_what_asks_for_too_much_is_refused_in_bounded_time(text):
    start = time.process_time()
    source = parse(text)
    assert source.problems
    assert time.process_time() - start < 8


def test_no_more_than_the_limit_is_read(tmp_path):
    path = tmp_path / "PRODUCT.yaml"
    with path.open("wb") as file:
        file.truncate(100 * 2**20)
    source = load_source(path)
    assert source.data == {}
    assert source.problems[0].kind == "wrong_shape"


def test_a_file_that_is_not_there_is_an_input_error(tmp_path):
    with pytest.raises(InputError, match="no-such"):
        load_source(tmp_path / "no-such.yaml")


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.text(st.characters(exclude_categories=["C"]), max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdeé/~ ", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=15,
)


LIKE_A_NUMBER = re.compile(r"[-+]?[0-9_.]+[eE][-+]?[0-9]+")


def pointers(node, pointer=""):
    yield pointer, node
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from pointers(value, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), JSON, max_size=4))
@settings(max_examples=150, deadline=None)
def test_json_comes_back_with_every_scalar_where_it_stands(data):
    text = json.dumps(data, indent=1, ensure_ascii=False)
    source = parse(text)
    assert source.data == data
    lines = text.split("\n")
    for pointer, value in pointers(data):
        if pointer and not isinstance(value, dict | list):
            place = source.position(pointer)
            assert lines[place.line - 1][place.column - 1 :].startswith(json.dumps(value, ensure_ascii=False))


@given(st.dictionaries(st.text("abc", min_size=1, max_size=4), JSON, min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_dumped_yaml_comes_back(data):
    # PyYAML leaves `1e5` plain, in which the validator's library sees a number.
    assume(not any(isinstance(value, str) and LIKE_A_NUMBER.fullmatch(value) for _, value in pointers(data)))
    assert parse(yaml.safe_dump(data, allow_unicode=True)).data == data


@given(
    st.lists(st.text("abcdé'\"\\", min_size=1, max_size=8).map(str.strip).filter(bool), min_size=1, max_size=8),
    st.sampled_from(["'", '"', "|", ">", ""]),
)
@settings(max_examples=200, deadline=None)
def test_a_span_underlines_the_words_it_stands_for(words, style):
    value = " ".join(word.replace("'", "a").replace('"', "b").replace("\\", "c") for word in words)
    text = yaml.safe_dump({"k": value}, default_style=style or None, allow_unicode=True, width=20)
    source = parse(text)
    assert source.data["k"] == value
    lines = text.split("\n")
    start = 0
    for word in value.split(" "):
        start = value.index(word, start)
        span = source.span("/k", start, start + len(word))
        if span is not None and span.start.line == span.end.line:
            assert lines[span.start.line - 1][span.start.column - 1 : span.end.column - 1] == word
        start += len(word)


@given(st.binary(max_size=300))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_a_source(raw):
    source = parse(raw)
    assert isinstance(source.data, dict)
    assert all(problem.line >= 1 and problem.column >= 1 for problem in source.problems)


def test_real_submissions_read_as_any_yaml_library_reads_them(upstream):
    for path in upstream.glob("v*/*/PRODUCT.yaml"):
        assert load_source(path).data == yaml.safe_load(path.read_text(encoding="utf-8")), path
