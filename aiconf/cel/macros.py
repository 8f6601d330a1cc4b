"""CEL's macros: calls that become nodes of their own because their arguments are not evaluated as arguments are.

The standard ones, two-variable comprehensions, ``cel.bind`` and the optional ones; see
https://github.com/google/cel-spec/blob/master/doc/langdef.md#macros and the extensions of cel-go.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from aiconf.errors import CelError

Node = Sequence[Any]

# Macro -> allowed numbers of arguments, and the name of its comprehension. With a filter there is one argument more.
_ONE_VARIABLE = {
    "all": ((2,), "all"),
    "exists": ((2,), "exists"),
    "exists_one": ((2,), "exists_one"),
    "existsOne": ((2,), "exists_one"),
    "filter": ((2,), "filter"),
    "map": ((2, 3), "map"),
}
_TWO_VARIABLES = {
    "all": ((3,), "all"),
    "exists": ((3,), "exists"),
    "exists_one": ((3,), "exists_one"),
    "existsOne": ((3,), "exists_one"),
    "transformList": ((3, 4), "map"),
    "transformMap": ((3, 4), "transform_map"),
}
_OPTIONAL = ("optMap", "optFlatMap")
# Functions of a namespace look like methods of a variable.
_NAMESPACES = ("cel", "lists", "math", "optional", "sets", "strings")


def expand_call(node: Node) -> Node:
    """Return the node of ``has(a.b)``, any other call as it is."""
    _, line, column, name, arguments = node
    if name != "has":
        return node
    if len(arguments) != 1 or arguments[0][0] != "select" or arguments[0][5]:
        raise CelError("has() takes one field selection, such as has(a.b)", line, column)
    return ("has", line, column, arguments[0][3], arguments[0][4])


def expand_method(node: Node) -> Node:
    """Return the node of a macro or of a namespaced function, any other method call as it is.

    Raises:
        CelError: A macro with wrong arguments; with the place.
    """
    _, line, column, name, target, arguments = node
    if target[0] == "name" and target[3] in _NAMESPACES:
        return _bind(node) if (target[3], name) == ("cel", "bind") else _namespaced(node)
    if name in _OPTIONAL:
        return _optional_map(node)
    one, two = _ONE_VARIABLE.get(name), _TWO_VARIABLES.get(name)
    count = len(arguments)
    if one and count in one[0] and not (two and count in two[0]):
        return _comprehension(node, one[1], 1)
    if two and count in two[0]:
        return _comprehension(node, two[1], 2)
    if one or two:
        counts = sorted({*(one[0] if one else ()), *(two[0] if two else ())})
        raise CelError(f"{name}() takes {' or '.join(map(str, counts))} arguments, not {count}", line, column)
    return node


def _namespaced(node: Node) -> Node:
    _, _, _, name, target, arguments = node
    return ("call", target[1], target[2], f"{target[3]}.{name}", arguments)


def _comprehension(node: Node, macro: str, variables: int) -> Node:
    _, line, column, name, target, arguments = node
    names = [_variable(argument, name) for argument in arguments[:variables]]
    if len(set(names)) != len(names):
        raise CelError(f"the variables of {name}() must differ", line, column)
    condition = arguments[variables] if len(arguments) == variables + 2 else None
    return ("comprehension", line, column, macro, target, names, condition, arguments[-1])


def _bind(node: Node) -> Node:
    _, line, column, _, _, arguments = node
    if len(arguments) != 3:  # noqa: PLR2004
        raise CelError(f"cel.bind() takes 3 arguments, not {len(arguments)}", line, column)
    return ("bind", line, column, _variable(arguments[0], "cel.bind"), *arguments[1:])


def _optional_map(node: Node) -> Node:
    _, line, column, name, target, arguments = node
    if len(arguments) != 2:  # noqa: PLR2004
        raise CelError(f"{name}() takes 2 arguments, not {len(arguments)}", line, column)
    return ("optional_map", line, column, name, target, _variable(arguments[0], name), arguments[1])


def _variable(node: Node, macro: str) -> str:
    if node[0] != "name" or node[3].startswith("."):
        raise CelError(f"the variable of {macro}() must be a simple name", node[1], node[2])
    name: str = node[3]
    return name
