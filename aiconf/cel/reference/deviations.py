"""Where the reference engine still departs from the specification.

Each row is held by a test: the day cel-python mends one, the row has to go. What it cannot express at all (optional
values, loops with two variables, ``map`` with a filter, ``cel.bind``, quoted fields) is rejected with a message.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import starmap

FAILS = "an error"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One expression on which the two disagree.

    Attributes:
        expression: The expression; it needs no variables.
        specification: What CEL says; ``FAILS`` for an error.
        reference: What the reference engine says.
        reason: Why, in a few words.
    """

    expression: str
    specification: object
    reference: object
    reason: str


_TRUTH = "cel-python's loops take Python's truth of a value"
_ESCAPE = "cel-python's reading of string literals"

_ROWS: tuple[tuple[str, object, object, str], ...] = (
    ("[1].all(e, e)", FAILS, 1, _TRUTH),
    ("[1].exists(e, e)", FAILS, 1, _TRUTH),
    ("[true, 1].all(e, e)", FAILS, 1, _TRUTH),
    ("[1].filter(e, e)", FAILS, [1], _TRUTH),
    ("[1].exists_one(e, e)", FAILS, True, _TRUTH),
    ("'ab'.all(e, true)", FAILS, True, "cel-python loops over whatever Python loops over"),
    ("[1, 2].existsOne(e, e > 1)", True, FAILS, "a newer name of exists_one"),
    ("{1.0: 'a'}", FAILS, {1.0: "a"}, "cel-python takes any key"),
    ("{null: 'a'}", FAILS, {None: "a"}, "cel-python takes any key"),
    ('"""line\nbreak"""', "line\nbreak", "linebreak", _ESCAPE),
    (r"'\?'", "?", r"\?", _ESCAPE),
    (r"'\`'", "`", r"\`", _ESCAPE),
    ("-9223372036854775808 % -1", FAILS, 0, "the quotient overflows, the remainder does not"),
    ("startsWith('a', 'a')", FAILS, True, "cel-python knows no difference of methods"),
)

DEVIATIONS = tuple(starmap(Deviation, _ROWS))
