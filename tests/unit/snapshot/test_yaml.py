"""YAML as tools print objects."""

import json
import time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.snapshot.yaml import YamlError, read_documents


def read(text):
    return list(read_documents(text.encode() if isinstance(text, str) else text))


def test_several_documents_are_read():
    assert read("a: 1\n---\n- b\n---\nnull\n--- text\n") == [{"a": 1}, ["b"], None, "text"]
    assert read("") == []


def test_scalars_are_what_the_api_server_would_read():
    text = "{a: 2026-11-01T09:00:00Z, b: '1', c: true, d: ~, e: 1.5, f: !!str 7, g: yes, h: 08, 5: x, i: \"on\"}"
    expected = {"b": "1", "c": True, "d": None, "e": 1.5, "f": "7", "g": "yes", "h": 8.0, "5": "x", "i": "on"}
    assert read(text) == [{"a": "2026-11-01T09:00:00Z", **expected}]


def test_a_tag_of_another_language_makes_text_and_no_object():
    assert read("a: !!python/object:os.system x") == [{"a": "x"}]


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text("abc: -#'\"\n\\é", max_size=8),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text("ab.-/ ", max_size=5), below, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(plain)
def test_what_is_dumped_is_read_back(value):
    assert read(yaml.safe_dump(value)) == [value]
    assert read(json.dumps(value)) == [value]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "line 1|line 2"),
        ("a: b: c", "mapping values"),
        ("a: &x 1\nb: *x\n", "line 2: an alias"),
        ("? [a]\n: 1\n", "a key that is no text"),
        (b"\xff\xfe\x00", "(?i)utf-16|input"),
        (b"a: \x01", "control characters"),
    ],
)
def test_what_no_tool_prints_is_an_error(text, message):
    with pytest.raises(YamlError, match=message):
        read(text)


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 50_000, "- " * 50_000, "a: &a [*a]"])
def test_deep_and_cyclic_texts_end_quickly(text):
    started = time.monotonic()
    with pytest.raises(YamlError):
        read(text)
    assert time.monotonic() - started < 5
