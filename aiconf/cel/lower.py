"""From lark's tree, ten nodes deep for a single literal, to nested plain tuples.

A node is a tuple ``(kind, line, column, ...)`` of tuples, lists, str, int, float, bool and None, so that it can be kept
as JSON (tuples come back as lists) and evaluated without any CEL library. Lines and columns are 1-based; those of an
operator are the operator's own. The kinds, after the three common fields:

==================  ==================================================================================
``literal``         type (int, uint, double, string, bytes, bool, null), value (bytes as latin-1 text)
``name``            name; with a leading dot it skips macro variables
``select``          operand, field, optional (``.?``)
``has``             operand, field
``index``           operand, key, optional (``[?``)
``list``            items, positions of the optional ones (``[?x]``)
``map``             list of (key, value, optional)
``unary``           ``!`` or ``-``, operand
``binary``          operator, left, right
``and``, ``or``     terms, two or more
``if``              condition, then, else
``call``            function (``size``, ``sets.contains``), arguments
``method``          function, target, arguments
``comprehension``   macro, range, variables (one or two), filter or None, body
``bind``            variable, value, body
``optional_map``    macro (``optMap``, ``optFlatMap``), target, variable, body
==================  ==================================================================================
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from aiconf.cel.literals import literal
from aiconf.cel.macros import expand_call, expand_method
from aiconf.errors import CelError

Node = Sequence[Any]

# Lowering, checking, compiling and evaluating recurse over the tree with up to three Python frames a level; this keeps
# them well inside Python's default limit of 1,000 frames.
MAX_DEPTH = 150

# The words CEL reserves, most of them for languages it may be embedded in; they are no variable names.
RESERVED = frozenset(
    ("as", "break", "const", "continue", "else", "for", "function", "if", "import", "in", "let", "loop", "namespace")
) | {"package", "return", "var", "void", "while"}

_OPERATORS = {"lt": "<", "le": "<=", "gt": ">", "ge": ">=", "eq": "==", "ne": "!=", "in": "in"}
_OPERATORS |= {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}


def lower(tree: Any) -> Node:
    """Return the plain tree of a lark tree.

    Raises:
        CelError: Nested too deeply, a bad literal, a macro used wrongly, a reserved word as a name; with the place.
    """
    return _lower(tree, 0)


def _lower(tree: Any, depth: int) -> Node:
    while len(tree.children) == 1 and tree.data in _WRAPPERS:
        tree = tree.children[0]
    if depth > MAX_DEPTH:
        raise CelError(f"the expression is nested more than {MAX_DEPTH} deep", *_at(tree))
    return _LOWERINGS[tree.data](tree, depth + 1)


def _at(tree: Any) -> tuple[int, int]:
    return tree.meta.line, tree.meta.column


def _conditional(tree: Any, depth: int) -> Node:
    return ("if", *_at(tree), *(_lower(child, depth) for child in tree.children))


def _logical(kind: str) -> Any:
    def lowering(tree: Any, depth: int) -> Node:
        # The grammar nests a || b || c to the left; flattened, the length of a chain is no depth.
        rule, terms, place = tree.data, [], _at(tree)
        while tree.data == rule and len(tree.children) > 1:
            terms.append(tree.children[1])
            tree = tree.children[0]
        terms.append(tree)
        return (kind, *place, [_lower(term, depth) for term in reversed(terms)])

    return lowering


def _binary(tree: Any, depth: int) -> Node:
    left, right = tree.children
    operator = _OPERATORS[left.data.rpartition("_")[2]]
    place = (left.meta.end_line, left.meta.end_column - len(operator))
    return ("binary", *place, operator, _lower(left.children[0], depth), _lower(right, depth))


def _unary(tree: Any, depth: int) -> Node:
    operator, operand = tree.children
    return ("unary", *_at(tree), "!" if operator.data == "unary_not" else "-", _lower(operand, depth))


def _name(tree: Any, _: int) -> Node:
    name = str(tree.children[0])
    if name in RESERVED:
        raise CelError(f"{name!r} is a reserved word", *_at(tree))
    return ("name", *_at(tree), "." + name if tree.data == "dot_ident" else name)


def _select(tree: Any, depth: int) -> Node:
    operand, field = tree.children
    place = (field.line, field.column)
    return ("select", *place, _lower(operand, depth), field.strip("`"), tree.data == "member_opt_dot")


def _index(tree: Any, depth: int) -> Node:
    operand, key = tree.children
    return ("index", *_at(key), _lower(operand, depth), _lower(key, depth), tree.data == "member_opt_index")


def _list(tree: Any, depth: int) -> Node:
    elements = tree.children[0].children if tree.children else []
    optional = [index for index, element in enumerate(elements) if element.data == "optional_entry"]
    return ("list", *_at(tree), [_lower(element, depth) for element in elements], optional)


def _map(tree: Any, depth: int) -> Node:
    flat = tree.children[0].children if tree.children else []
    pairs = zip(flat[::2], flat[1::2], strict=True)
    entries = [(_lower(key, depth), _lower(value, depth), key.data == "optional_entry") for key, value in pairs]
    return ("map", *_at(tree), entries)


def _message(tree: Any, _: int) -> Node:
    raise CelError("message construction is not supported", *_at(tree))


def _call(tree: Any, depth: int) -> Node:
    name = tree.children[0]
    node = ("call", name.line, name.column, str(name), _arguments(tree, 1, depth))
    return node if tree.data == "dot_ident_arg" else expand_call(node)


def _method(tree: Any, depth: int) -> Node:
    name = tree.children[1]
    target = _lower(tree.children[0], depth)
    return expand_method(("method", name.line, name.column, str(name), target, _arguments(tree, 2, depth)))


def _arguments(tree: Any, position: int, depth: int) -> list[Node]:
    if len(tree.children) <= position:
        return []
    return [_lower(argument, depth) for argument in tree.children[position].children]


_LOWERINGS: dict[str, Callable[[Any, int], Node]] = {
    "expr": _conditional,
    "conditionalor": _logical("or"),
    "conditionaland": _logical("and"),
    "relation": _binary,
    "addition": _binary,
    "multiplication": _binary,
    "unary": _unary,
    "ident": _name,
    "dot_ident": _name,
    "literal": lambda tree, _: ("literal", *_at(tree), *literal(tree.children[0])),
    "member_dot": _select,
    "member_opt_dot": _select,
    "member_index": _index,
    "member_opt_index": _index,
    "member_object": _message,
    "list_lit": _list,
    "map_lit": _map,
    "ident_arg": _call,
    "dot_ident_arg": _call,
    "member_dot_arg": _method,
}
_WRAPPERS = frozenset(
    [
        "expr",
        "conditionalor",
        "conditionaland",
        "relation",
        "addition",
        "multiplication",
        "unary",
        "member",
        "primary",
        "paren_expr",
        "optional_entry",
    ]
)
