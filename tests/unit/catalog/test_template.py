"""Text with CEL in it."""

import pytest

from aiconf.catalog.expression import Expression
from aiconf.catalog.splitting import split
from aiconf.catalog.template import SHOWN_LENGTH, Template, show
from aiconf.cel.parse import parse


def template(text: str) -> Template:
    parts = (part if isinstance(part, str) else Expression(part.text, parse(part.text)) for part in split(text))
    return Template(text, tuple(parts))


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("as it is", "as it is"),
        ("", ""),
        (None, "null"),
        (True, "true"),
        (1.3, "1.3"),
        pytest.param(10**5000, "a very large number", id="5,000 digits"),
        (["a", 1, None], "a, 1, null"),
        ([], "[]"),
        ([["a"], {"b": "c"}], '["a"], {"b":"c"}'),
        ({"a": [1, "é"], "b": {}}, '{"a":[1,"é"],"b":{}}'),
        ("bell\a, escape\x1b[31m", r"bell\x07, escape\x1b[31m"),
        ("reversed \u202e", r"reversed \u202e"),
        ("half \ud800", r"half \ud800"),
        (b"bytes", "b'bytes'"),
    ],
)
def test_values_are_shown_as_a_person_wants_to_read_them(value, shown):
    assert show(value) == shown


@pytest.mark.parametrize("value", ["x" * 10**6, ["x"] * 10**6, [""] * 10**6, {"k" * 10**6: "v"}, ["\a" * 199]])
def test_a_shown_value_never_exceeds_its_length(value):
    shown = show(value)
    assert len(shown) == SHOWN_LENGTH
    assert shown.endswith("…")


def test_a_deep_wide_or_cyclic_value_is_shown_at_once():
    cycle: list[object] = []
    cycle += [cycle, cycle]
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert show(cycle).endswith("…")
    assert show({"a": deep}).endswith("…")


def test_a_template_renders_its_values():
    assert template("{a} of {size(b)} {{x}}.").render({"a": "one", "b": [1, 2]}) == "one of 2 {x}."


def test_a_part_that_fails_renders_as_its_own_text():
    assert template("{a.b} and {c}.").render({"a": {}, "c": 1}) == "{a.b} and 1."


@pytest.mark.parametrize(
    ("text", "bindings", "pointer"),
    [
        ("{p}/notes", {"p": "/spec/operator/0"}, "/spec/operator/0/notes"),
        ("/metadata/{k}", {"k": "a/b~c"}, "/metadata/a~1b~0c"),
        ("/a/{i}", {"i": 3}, "/a/3"),
        ("{p}", {"p": ""}, ""),
        ("/a/{i}", {"i": True}, None),
        ("/a/{i}", {"i": None}, None),
        ("/a/{i.j}", {"i": {}}, None),
        ("a/{i}", {"i": 1}, None),
    ],
)
def test_a_pointer_template_escapes_segments_and_gives_none_for_no_pointer(text, bindings, pointer):
    assert template(text).render_pointer(bindings) == pointer
