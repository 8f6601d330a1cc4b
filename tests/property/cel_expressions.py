"""Random documents, and random CEL expressions about them.

Expressions have an intended type, so that most mean something, and now and then another type is slipped in. Names, keys
and words come from small sets, so that paths often lead somewhere and comparisons are often true.
"""

from hypothesis import strategies as st

KEYS = ("a", "b", "kind", "items")
WORDS = ("", "a", "b", "ab", "Implemented", "N/A", "é😀", "1", "a,b", "v1.35")

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 9), st.sampled_from([0.0, 1.0, 1.5, -2.5, 1e9]), st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=12,
)
shaped = st.fixed_dictionaries({
    "a": values,
    "b": st.integers(-3, 9),
    "kind": st.sampled_from(WORDS),
    "items": st.lists(st.fixed_dictionaries({"a": scalars, "kind": st.sampled_from(WORDS)}), max_size=3),
})  # fmt: skip
documents = st.fixed_dictionaries({
    "x": st.one_of(shaped, shaped, shaped, values),
    "y": st.one_of(st.lists(st.sampled_from(WORDS), max_size=4), st.lists(values, max_size=4), values),
})  # fmt: skip
# Where a shaped document has a value of the type.
PATHS = {
    "int": ["x.b", "size(y)", "size(x.items)"],
    "string": ["x.kind"],
    "list": ["x.items", "y", "x.items.map(i, i.kind)"],
}


def quoted(word):
    return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'"


class Grammar:
    """Draws expressions; ``names`` are the variables in scope."""

    def __init__(self, draw, *, optionals):
        self.draw, self.optionals, self.names = draw, optionals, ["x", "y"]

    def pick(self, *choices):
        return self.draw(st.sampled_from(choices))

    def expression(self, kind, depth):
        if self.draw(st.integers(0, 19)) == 0:
            kind = self.pick("bool", "int", "double", "string", "list", "any")
        return getattr(self, kind)(depth - 1) if depth > 0 else self.leaf(kind)

    def leaf(self, kind):
        if kind == "any" or self.draw(st.integers(0, 9)) == 0:
            return self.path()
        if kind in PATHS and self.draw(st.booleans()):
            return self.pick(*PATHS[kind])
        return {
            "bool": self.pick("true", "false"),
            "int": self.pick("0", "1", "2", "-1", "7", "9223372036854775807"),
            "double": self.pick("0.0", "1.0", "1.5", "-2.5"),
            "string": quoted(self.pick(*WORDS)),
            "list": self.pick("[]", "[1, 2]", "['a', 'b']", "[1, 1.0, 'a', null]"),
        }[kind]

    def path(self):
        if self.draw(st.booleans()):
            return self.pick(*(path for paths in PATHS.values() for path in paths))
        name = self.pick(*self.names)
        first = self.pick("", "", f".{self.pick(*KEYS)}", f"['{self.pick(*KEYS)}']", "[0]")
        return name + (first and first + self.pick("", "", f".{self.pick(*KEYS)}", "[0]"))

    def two(self, kind, depth, *operators):
        return f"({self.expression(kind, depth)} {self.pick(*operators)} {self.expression(kind, depth)})"

    def any(self, depth):
        kinds = ("bool", "int", "double", "string", "list", "path", "map", "optional", "bind")
        kind = self.pick(*(kinds if self.optionals else kinds[:-2]))
        return self.path() if kind == "path" else getattr(self, kind)(depth)

    def map(self, depth):
        return f"{{'a': {self.expression('any', depth)}, 'b': {self.expression('any', depth)}}}"

    def optional(self, depth):
        target = self.pick(*self.names)
        selection = self.pick(f".?{self.pick(*KEYS)}", f"[?'{self.pick(*KEYS)}']", "[?0]")
        return f"{target}{selection}.orValue({self.expression('any', depth)})"

    def bind(self, depth):
        value = self.expression("any", depth)
        return f"cel.bind(v, {value}, {self.inside('v', 'any', depth)})"

    def bool(self, depth):  # noqa: PLR0911 - one for each form
        form = self.pick("compare", "order", "in", "and", "not", "has", "all", "exists", "exists_one", "text", "if")
        if form == "compare":
            return self.two("any", depth, "==", "!=")
        if form == "order":
            return self.two(self.pick("int", "double", "string"), depth, "<", "<=", ">", ">=")
        if form == "in":
            # Engines differ on null and the like as keys of a map: in maps only words are looked for.
            in_map = f"({quoted(self.pick(*KEYS))} in {self.pick('x', self.map(depth))})"
            return self.pick(in_map, f"({self.expression('any', depth)} in ([] + {self.expression('list', depth)}))")
        if form == "and":
            return self.two("bool", depth, "&&", "||")
        if form == "not":
            return f"!({self.expression('bool', depth)})"
        if form == "has":
            return f"has({self.path()}.{self.pick(*KEYS)})"
        if form == "text":
            method = self.pick("contains", "startsWith", "endsWith", "matches")
            argument = self.pick("a", "^a", "b$", "[a-z]+", "") if method == "matches" else self.pick(*WORDS)
            return f"{self.expression('string', depth)}.{method}({quoted(argument)})"
        return self.conditional("bool", depth) if form == "if" else self.loop(form, "bool", depth)

    def conditional(self, kind, depth):
        branches = f"{self.expression(kind, depth)} : {self.expression(kind, depth)}"
        return f"({self.expression('bool', depth)} ? {branches})"

    def loop(self, macro, kind, depth):
        # cel-python loops over texts; adding to a list makes sure that it is one.
        target = self.pick(f"([] + {self.expression('list', depth)})", self.map(depth))
        variable = self.pick("e", "f", "x")
        return f"{target}.{macro}({variable}, {self.inside(variable, kind, depth)})"

    def inside(self, variable, kind, depth):
        outer, self.names = self.names, [*self.names, variable, variable]
        # Loops take Python's truth of a value in cel-python, so that a condition must be a comparison.
        body = self.expression(kind, depth) if kind != "bool" else self.two("any", depth, "==", "!=")
        self.names = outer
        return body

    def int(self, depth):
        form = self.pick("sum", "sum", "size", "minus", "if", "convert")
        if form == "size":
            return f"size({self.expression(self.pick('string', 'list', 'any'), depth)})"
        if form == "minus":
            return f"-({self.expression('int', depth)})"
        if form == "convert":
            # The C++ engine takes bools too, which string() turns into no number.
            return f"int(string({self.expression(self.pick('int', 'double', 'string'), depth)}))"
        return self.conditional("int", depth) if form == "if" else self.two("int", depth, "+", "-", "*", "/", "%")

    def double(self, depth):
        return self.pick(self.two("double", depth, "+", "-", "*", "/"), f"double({self.expression('int', depth)})")

    def string(self, depth):
        form = self.pick("sum", "convert", "case", "trim", "replace", "join", "char", "if")
        if form == "convert":
            return f"string({self.expression(self.pick('int', 'bool', 'string'), depth)})"
        if form in ("case", "trim"):
            method = self.pick("lowerAscii", "upperAscii", "trim", "reverse")
            return f"{self.expression('string', depth)}.{method}()"
        if form == "replace":
            return f"{self.expression('string', depth)}.replace('a', {self.expression('string', depth)})"
        if form == "join":
            return f"{self.expression('list', depth)}.join({quoted(self.pick(*WORDS))})"
        if form == "char":
            return f"{self.expression('string', depth)}.charAt({self.pick('0', '1', '2')})"
        return self.conditional("string", depth) if form == "if" else self.two("string", depth, "+")

    def list(self, depth):
        form = self.pick("literal", "sum", "map", "filter", "distinct", "split", "if", "flatten")
        if form == "literal":
            return f"[{self.expression('any', depth)}, {self.expression('any', depth)}]"
        if form == "sum":
            return self.two("list", depth, "+")
        if form in ("map", "filter"):
            return self.loop(form, "any" if form == "map" else "bool", depth)
        if form == "split":
            return f"{self.expression('string', depth)}.split({quoted(self.pick('a', ',', ', '))})"
        return self.conditional("list", depth) if form == "if" else f"{self.expression('list', depth)}.{form}()"


@st.composite
def expressions(draw, *, optionals=True):
    """An expression over ``x`` and ``y``."""
    grammar = Grammar(draw, optionals=optionals)
    return grammar.expression(grammar.pick("bool", "bool", "any"), draw(st.integers(1, 4)))
