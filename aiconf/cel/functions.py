"""The table of functions: what rules may call. A new one is one row here and one function beside its kind.

Types are CEL's, ``|`` between alternatives, ``dyn`` for any. A receiver is the first parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from aiconf.cel import conversions, kubernetes, lists, own, strings, times
from aiconf.cel.own import minor_version

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["FUNCTIONS", "Function", "minor_version"]

_UNLIMITED = 100


class Function(NamedTuple):
    """One row.

    Attributes:
        name: As it is called, with its namespace.
        parameters: Declared types; the receiver first.
        result: Declared type.
        receiver: ``yes`` for ``x.f()``, ``no`` for ``f(x)``, ``both``.
        implementation: Takes the values, in order; raises ``CelError`` without a place.
        doc: One sentence for rule authors.
        optional: How many of the last parameters may be left out.
        variadic: Whether the last parameter may be repeated.
        metered: Whether the implementation takes the meter first, because its result may outgrow its arguments.
        own: Whether it is aiconf's own, found in no other CEL engine.
    """

    name: str
    parameters: tuple[str, ...]
    result: str
    receiver: Literal["yes", "no", "both"]
    implementation: Callable[..., Any]
    doc: str
    optional: int = 0
    variadic: bool = False
    metered: bool = False
    own: bool = False

    @property
    def least(self) -> int:
        """The smallest number of arguments, the receiver included."""
        return len(self.parameters) - self.optional

    @property
    def most(self) -> int:
        """The largest number of arguments, the receiver included."""
        return _UNLIMITED if self.variadic else len(self.parameters)

    @property
    def makes_data(self) -> bool:
        """Whether each result is new data whose size the meter has to count."""
        return self.result in ("string", "bytes", "list") and not self.metered

    def parameter(self, index: int) -> str:
        """The declared type of an argument."""
        return self.parameters[min(index, len(self.parameters) - 1)]


_S = "string"
_TIME = "timestamp|duration"
_NUMBER = "int|uint|double"

_ROWS = (
    # Standard, https://github.com/google/cel-spec/blob/master/doc/langdef.md#list-of-standard-definitions
    Function("size", ("string|bytes|list|map",), "int", "both", len, "Code points, bytes, elements or entries."),
    Function("contains", (_S, _S), "bool", "yes", strings.contains, "Whether the text has the part."),
    Function("startsWith", (_S, _S), "bool", "yes", str.startswith, "Whether the text starts with the prefix."),
    Function("endsWith", (_S, _S), "bool", "yes", str.endswith, "Whether the text ends with the suffix."),
    Function("matches", (_S, _S), "bool", "both", strings.matches, "Whether the RE2 pattern matches anywhere."),
    Function("string", ("dyn",), _S, "no", conversions.to_string, "The value as text."),
    Function("bytes", ("string|bytes",), "bytes", "no", conversions.to_bytes, "The text as UTF-8."),
    Function("int", (f"{_NUMBER}|string|timestamp",), "int", "no", conversions.to_int, "As int, truncating."),
    Function("uint", (f"{_NUMBER}|string",), "uint", "no", conversions.to_uint, "As unsigned int, truncating."),
    Function("double", (f"{_NUMBER}|string",), "double", "no", conversions.to_double, "As double."),
    Function("bool", ("bool|string",), "bool", "no", conversions.to_bool, "The text true, t or 1; false, f or 0."),
    Function("dyn", ("dyn",), "dyn", "no", conversions.identity, "The value itself, its type left open."),
    Function("type", ("dyn",), "type", "no", conversions.type_of, "The value's type, to compare with int, list, ..."),
    Function("timestamp", ("string|int|timestamp",), "timestamp", "no", times.timestamp, "RFC 3339, or seconds."),
    Function("duration", ("string|duration",), "duration", "no", times.duration, "A text such as 1h30m or 2.5s."),
    Function("getFullYear", ("timestamp", _S), "int", "yes", times.full_year, "The year.", optional=1),
    Function("getMonth", ("timestamp", _S), "int", "yes", times.month, "The month, from 0.", optional=1),
    Function("getDate", ("timestamp", _S), "int", "yes", times.date, "The day of the month, from 1.", optional=1),
    Function("getDayOfMonth", ("timestamp", _S), "int", "yes", times.day, "The same, from 0.", optional=1),
    Function("getDayOfWeek", ("timestamp", _S), "int", "yes", times.weekday, "From 0, Sunday.", optional=1),
    Function("getDayOfYear", ("timestamp", _S), "int", "yes", times.day_of_year, "From 0.", optional=1),
    Function("getHours", (_TIME, _S), "int", "yes", times.hours, "Of the day; of a duration, all.", optional=1),
    Function("getMinutes", (_TIME, _S), "int", "yes", times.minutes, "Of the hour; or all.", optional=1),
    Function("getSeconds", (_TIME, _S), "int", "yes", times.seconds, "Of the minute; or all.", optional=1),
    Function("getMilliseconds", (_TIME, _S), "int", "yes", times.milliseconds, "Of the second.", optional=1),
    # Optional values, https://github.com/google/cel-spec/wiki/proposal-246
    Function("optional.of", ("dyn",), "optional", "no", conversions.optional_of, "A value that is there."),
    Function("optional.none", (), "optional", "no", conversions.optional_none, "A value that is not there."),
    Function(
        "optional.ofNonZeroValue", ("dyn",), "optional", "no", conversions.optional_non_zero, "Absent when empty."
    ),
    Function("hasValue", ("optional",), "bool", "yes", conversions.has_value, "Whether it is there."),
    Function("value", ("optional",), "dyn", "yes", conversions.value_of, "The value; an error when it is not there."),
    Function("orValue", ("optional", "dyn"), "dyn", "yes", conversions.or_value, "The value, or the default."),
    Function("or", ("optional", "optional"), "optional", "yes", conversions.first_present, "The first that is there."),
    # Strings, https://pkg.go.dev/github.com/google/cel-go/ext#Strings
    Function("charAt", (_S, "int"), _S, "yes", strings.char_at, "The character at the index."),
    Function("indexOf", (_S, _S, "int"), "int", "yes", strings.index_of, "Where it starts, or -1.", optional=1),
    Function("lastIndexOf", (_S, _S, "int"), "int", "yes", strings.last_index_of, "The last start, or -1.", optional=1),
    Function("lowerAscii", (_S,), _S, "yes", strings.lower_ascii, "A-Z in lower case."),
    Function("upperAscii", (_S,), _S, "yes", strings.upper_ascii, "a-z in upper case."),
    Function("replace", (_S, _S, _S, "int"), _S, "yes", strings.replace, "At most n times.", optional=1, metered=True),
    Function("split", (_S, _S, "int"), "list", "yes", strings.split, "Into at most n parts.", optional=1, metered=True),
    Function("join", ("list", _S), _S, "yes", strings.join, "The texts, joined.", optional=1, metered=True),
    Function("substring", (_S, "int", "int"), _S, "yes", strings.substring, "From start to before end.", optional=1),
    Function("trim", (_S,), _S, "yes", strings.trim, "Without white space at both ends."),
    Function("reverse", ("string|list",), "dyn", "yes", lists.reverse, "Backwards."),
    # Lists, https://pkg.go.dev/github.com/google/cel-go/ext#Lists
    Function("distinct", ("list",), "list", "yes", lists.distinct, "Each element once.", metered=True),
    Function("flatten", ("list", "int"), "list", "yes", lists.flatten, "n levels, or 1.", optional=1, metered=True),
    Function("sort", ("list",), "list", "yes", lists.sort, "In ascending order."),
    Function("slice", ("list", "int", "int"), "list", "yes", lists.slice_, "From start to before end."),
    Function("first", ("list",), "optional", "yes", lists.first, "The first element, if any."),
    Function("last", ("list",), "optional", "yes", lists.last, "The last element, if any."),
    Function("lists.range", ("int",), "list", "no", lists.range_, "0 to n - 1.", metered=True),
    # Sets, https://pkg.go.dev/github.com/google/cel-go/ext#Sets
    Function("sets.contains", ("list", "list"), "bool", "no", lists.set_contains, "All of b in a.", metered=True),
    Function("sets.equivalent", ("list", "list"), "bool", "no", lists.set_equivalent, "Both.", metered=True),
    Function("sets.intersects", ("list", "list"), "bool", "no", lists.set_intersects, "Any of b in a.", metered=True),
    # Math, https://pkg.go.dev/github.com/google/cel-go/ext#Math
    Function("math.greatest", ("dyn",), "dyn", "no", lists.greatest, "Of numbers or of a list.", variadic=True),
    Function("math.least", ("dyn",), "dyn", "no", lists.least, "Of numbers or of a list.", variadic=True),
    # aiconf's own
    Function("did_you_mean", (_S, "list"), _S, "no", own.did_you_mean, "' Did you mean `x`?', or ''.", own=True),
    Function("nearest", (_S, "list"), _S, "no", own.nearest, "The most similar candidate, or ''.", own=True),
    Function("normalize_space", (_S,), _S, "no", own.normalize_space, "White space runs as one space.", own=True),
    Function("minor_version", (_S,), _S, "no", own.minor_version, "v1.35 of v1.35.3, or ''.", own=True),
    Function("url", (_S,), "map", "no", own.url, "Its parts, and whether it is valid.", own=True),
    # aiconf's own, of Kubernetes objects
    Function("ready", ("dyn",), "map", "no", kubernetes.ready, "{ready, reason}: whether the object works.", own=True),
    Function(
        "condition",
        ("dyn", _S, "int"),
        _S,
        "no",
        kubernetes.condition,
        "Its status; '' for none.",
        optional=1,
        own=True,
    ),
    Function("at", ("dyn", _S, "dyn"), "dyn", "no", kubernetes.at, "What a dotted path leads to.", own=True),
    Function("ref", ("dyn",), _S, "no", kubernetes.ref, "How the object is cited.", own=True),
    Function("selects", ("dyn", "dyn"), "bool", "no", kubernetes.selects, "Whether labels fit a selector.", own=True),
)

FUNCTIONS: dict[str, Function] = {row.name: row for row in _ROWS}
