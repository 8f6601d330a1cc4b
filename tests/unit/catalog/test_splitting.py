"""Where a template's text ends and its expressions begin."""

import re
import time
from contextlib import suppress

import pytest

from aiconf.catalog.splitting import Hole, split
from aiconf.errors import CelError


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("plain", ["plain"]),
        ("a {b} c", ["a ", Hole("b", 3), " c"]),
        ("{a}{b}", [Hole("a", 1), Hole("b", 4)]),
        ("{{a}}", ["{a}"]),
        ("{{{a}}}", ["{", Hole("a", 3), "}"]),
        ("{ {'a': 1}.a }", [Hole(" {'a': 1}.a ", 1)]),
        ("{\"}\" + '{'}", [Hole("\"}\" + '{'", 1)]),
        (r'{"\"}"}', [Hole(r'"\"}"', 1)]),
        (r'{r"\"}', [Hole(r'r"\"', 1)]),
        (r'{for"\"}"}', [Hole(r'for"\"}"', 1)]),
        ('{"""}"\n"""}', [Hole('"""}"\n"""', 1)]),
        ("{a // }\n}", [Hole("a // }\n", 1)]),
        ("{a / b}", [Hole("a / b", 1)]),
    ],
)
def test_braces_hold_expressions_and_doubled_braces_are_literal(text, parts):
    assert split(text) == parts


@pytest.mark.parametrize(
    ("text", "message", "place"),
    [
        ("ab {c", "a '{' that is never closed", (1, 4)),
        ("ab\nc }", "a '}' that closes nothing", (2, 3)),
        ("{}", "'{}' holds no expression", (1, 1)),
        ("{  }", "'{}' holds no expression", (1, 1)),
        ("{'a}", "a string inside '{...}' that is never closed", (1, 2)),
        ('{"""a}', "a string inside '{...}' that is never closed", (1, 4)),
    ],
)
def test_a_template_that_cannot_be_cut_is_refused_at_its_place(text, message, place):
    with pytest.raises(CelError, match=re.escape(message)) as caught:
        split(text)
    assert (caught.value.line, caught.value.column) == place


@pytest.mark.parametrize("text", ["{" * 99_999, "{'" + "\\'" * 50_000, "{r'''" + "'" * 50_000, "{" + '"""' * 33_333])
def test_cutting_a_hostile_template_takes_linear_time(text):
    start = time.process_time()
    with suppress(CelError):
        split(text)
    assert time.process_time() - start < 1
