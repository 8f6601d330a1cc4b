"""What is found wrong before any data is at hand, and what an expression reads."""

import pytest

from aiconf.cel.check import Declarations, check, references
from aiconf.cel.functions import FUNCTIONS, Function
from aiconf.cel.parse import parse
from aiconf.errors import CelError

DECLARED = Declarations(frozenset({"submission", "item", "variables"}))


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("itme.x", "unknown name 'itme'; did you mean 'item'?", (1, 1)),
        ("item.x == y", "unknown name 'y'", (1, 11)),
        ("[1].all(entry, enty > 1)", "unknown name 'enty'; did you mean 'entry'?", (1, 16)),
        ("[1].all(e, true) && e", "unknown name 'e'", (1, 21)),
        ("cel.bind(a, a, a)", "unknown name 'a'", (1, 13)),
        ("item.?a.optMap(v, v) == v", "unknown name 'v'", (1, 25)),
        ("[1].map(item, .itme)", "unknown name '.itme'", (1, 15)),
        ("sze(item)", "unknown function 'sze'; did you mean 'size'?", (1, 1)),
        ("item.\n starts_with('a')", "unknown method 'starts_with'; did you mean 'startsWith'?", (2, 2)),
        ("sets.contain([1], [1])", "unknown function 'sets.contain'; did you mean 'sets.contains'?", (1, 1)),
        ("size()", "size() takes 1 argument, not 0", (1, 1)),
        ("item.size(1)", "size() takes 0 arguments, not 1", (1, 6)),
        ("item.contains()", "contains() takes 1 argument, not 0", (1, 6)),
        ("item.indexOf('a', 1, 2)", "indexOf() takes 1 to 2 arguments, not 3", (1, 6)),
        ("math.greatest()", "math.greatest() takes at least 1 argument, not 0", (1, 1)),
        ("startsWith(item, 'a')", "startsWith is called as x.startsWith(...)", (1, 1)),
        ("item.did_you_mean([])", "did_you_mean is called as did_you_mean(...)", (1, 6)),
        ("item.contains(1)", "contains takes string here, not int", (1, 15)),
        ("1.contains('a')", "contains takes string here, not int", (1, 1)),
        ("'a'.size().contains('a')", "contains takes string here, not int", (1, 5)),
        ("size(1 == 1)", "size takes string or bytes or list or map here, not bool", (1, 8)),
        ("item.contains([1])", "contains takes string here, not list", (1, 15)),
        ("nearest(item, {})", "nearest takes list here, not map", (1, 15)),
        ("item && 'a'", "&& takes bool here, not string", (1, 9)),
        ("item || size(item)", "|| takes bool here, not int", (1, 9)),
        ("item.matches('(')", "bad regular expression: missing ): (", (1, 14)),
        ("matches(item, '(?=a)')", "bad regular expression", (1, 15)),
        ("[item.contains(1)]", "not int", (1, 16)),
        ("{'a': item.contains(1)}", "not int", (1, 21)),
        ("item[x]", "unknown name 'x'", (1, 6)),
        ("item ? x : 1", "unknown name 'x'", (1, 8)),
        ("!x", "unknown name 'x'", (1, 2)),
        ("has(x.y)", "unknown name 'x'", (1, 5)),
        ("[1].map(e, x, e)", "unknown name 'x'", (1, 12)),
    ],
)
def test_a_mistake_is_told_with_its_place(text, message, place):
    with pytest.raises(CelError) as caught:
        check(parse(text), DECLARED)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize(
    "text",
    [
        "item.a.b == submission.c && variables.d",
        "[1].all(e, e > 0) || {'a': 1}.exists(k, v, k == 'a' && v == 1)",
        "cel.bind(a, item, a.b) + item.?x.optMap(v, v).orValue(1)",
        "type(item) == map && type(timestamp(0)) == google.protobuf.Timestamp && int('1') == 1",
        "size(item) + item.size() + math.greatest(1, 2, 3)",
        "item.matches(variables.pattern) && item.matches('^a+$')",
        "dyn(1).contains('a')",
        "item.indexOf('a') == item.indexOf('a', 1)",
        "[1].map(item, .item.x + item)",
        "true && item.x",
    ],
)
def test_a_right_expression_passes(text):
    check(parse(text), DECLARED)


def test_functions_may_be_declared_beside_the_table():
    extra = Function("twice", ("int",), "int", "no", lambda value: 2 * value, "Doubles.")
    check(parse("twice(1) == 2"), Declarations(frozenset(), {**FUNCTIONS, "twice": extra}))
    with pytest.raises(CelError, match="twice takes int here, not string"):
        check(parse("twice('a')"), Declarations(frozenset(), {"twice": extra}))


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("1", set()),
        ("item", {"item"}),
        ("item.a.b", {"item.a.b"}),
        ("has(item.a.b)", {"item.a.b"}),
        ("item.?a.b", {"item.a.b"}),
        ("item.a[0].b", {"item.a"}),
        ("item['a']", {"item"}),
        ("item.a[variables.i].b", {"item.a", "variables.i"}),
        ("item.name.size()", {"item.name"}),
        ("size(item.name)", {"item.name"}),
        ("submission.entries.filter(e, e.id == item.id)", {"submission.entries", "item.id"}),
        ("submission.entries.map(item, item.id)", {"submission.entries"}),
        ("submission.entries.map(item, .item.id)", {"submission.entries", "item.id"}),
        ("[1].map(item, item).size() + item.x", {"item.x"}),
        ("a.transformList(k, v, b.c)", {"a", "b.c"}),
        ("a.map(e, e.ok && f.g, e.x)", {"a", "f.g"}),
        ("cel.bind(a, a.b, a.c + d.e)", {"a.b", "d.e"}),
        ("x.?y.optMap(v, v.z + w.z)", {"x.y", "w.z"}),
        ("[a.b, ?c.d]", {"a.b", "c.d"}),
        ("{a.b: c.d}", {"a.b", "c.d"}),
        ("a.b ? c.d : !e.f", {"a.b", "c.d", "e.f"}),
        ("sets.contains(a.b, [c.d])", {"a.b", "c.d"}),
        ("(a.b).c", {"a.b.c"}),
    ],
)
def test_references_are_the_paths_read_from_variables(text, paths):
    assert references(parse(text)) == paths
