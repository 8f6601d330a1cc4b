"""What a scalar means, held to the cases of the programme's Go library."""

import pytest

from aiconf.source import parse_source
from aiconf.source.scalars import resolve_plain, resolve_tagged

PLAIN = [
    *[(word, "bool", True) for word in ("true", "True", "TRUE")],
    *[(word, "bool", False) for word in ("false", "False", "FALSE")],
    *[(word, "string", word) for word in ("yes", "No", "on", "OFF", "y", "tRUE", "nULL", "None", "nil", "truely")],
    *[(word, "null", None) for word in ("", "~", "null", "Null", "NULL")],
    *[("0", "int", 0), ("-0", "int", 0), ("+12", "int", 12), ("-12", "int", -12), ("1_000", "int", 1000)],
    *[("0x1F", "int", 31), ("-0x1f", "int", -31), ("0o17", "int", 15), ("017", "int", 15), ("0b101", "int", 5)],
    *[("9223372036854775808", "int", 2**63), ("18446744073709551615", "int", 2**64 - 1)],
    *[("18446744073709551616", "float", 2.0**64), ("-9223372036854775809", "float", -(2.0**63))],
    *[
        ("08", "float", 8.0),
        ("1.30", "float", 1.3),
        (".5", "float", 0.5),
        ("5.", "float", 5.0),
        ("1e3", "float", 1000.0),
    ],
    *[("-.5E-1", "float", -0.05), ("1_0.5", "float", 10.5)],
    *[(word, "float", word) for word in (".inf", "-.Inf", "+.INF", ".nan", ".NaN")],
    *[
        (word, "string", word)
        for word in ("1e400", "0x", "0b2", "0o8", "0xG", "_1", "1.2.3", "v1.35", ".", "-", "+", "1-2")
    ],
    *[(word, "string", word) for word in ("-.nan", ".5_0", "12:30:45", "1,000", "inf", "0x1F.", "1 2", "\u0661\u0662")],
    *[(word, "timestamp", word) for word in ("2026-01-02", "2026-1-2", "2024-02-29", "2026-01-02T03:04:05Z")],
    *[(word, "timestamp", word) for word in ("2026-01-02 03:04:05", "2026-01-02t3:4:5.25+02:00")],
    *[(word, "string", word) for word in ("2026-02-29", "2026-13-01", "26-01-02", "2026-01-02T25:00:00Z", "2026-01")],
    *[(word, "string", word) for word in ("2026-01-02T03:04:05", "2026-01-02 03:04:05 -5", "2026-01-02x")],
]


@pytest.mark.parametrize(("text", "kind", "value"), PLAIN, ids=[repr(case[0]) for case in PLAIN])
def test_a_plain_scalar_is_what_go_takes_it_for(text, kind, value):
    found = resolve_plain(text)
    assert found == (kind, value)
    assert type(found[1]) is type(value)


@pytest.mark.parametrize(
    ("tag", "text", "expected"),
    [
        ("int", "5", ("int", 5)),
        ("float", "5", ("float", 5.0)),
        ("str", "5", ("string", "5")),
        ("bool", "true", ("bool", True)),
        ("null", "", ("null", None)),
        ("timestamp", "2026-01-02", ("timestamp", "2026-01-02")),
        ("binary", "aGk=", ("string", "aGk=")),
        ("int", "x", None),
        ("bool", "yes", None),
        ("int", "2026-01-02", None),
    ],
)
def test_an_explicit_tag_decides_or_does_not_fit(tag, text, expected):
    assert resolve_tagged(f"tag:yaml.org,2002:{tag}", text) == expected


@pytest.mark.parametrize("text", ["!mine 12", "! 12", "!<x:y> 12"])
def test_a_foreign_tag_makes_a_string(text):
    source = parse_source(f"k: {text}\n".encode(), "x")
    assert (source.data, source.scalar_type("/k"), source.problems) == ({"k": "12"}, "string", ())


def test_a_value_that_does_not_fit_its_tag_stays_a_string_and_is_a_wrong_shape():
    source = parse_source(b"a: 1\nk: !!int abc\n", "x")
    (problem,) = source.problems
    assert (problem.kind, problem.line, problem.column, problem.pointer) == ("wrong_shape", 2, 10, "/k")
    assert source.data["k"] == "abc"
