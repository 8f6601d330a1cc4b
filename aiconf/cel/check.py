"""What is wrong with an expression before any data is at hand, and what it reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiconf.cel.functions import FUNCTIONS, Function
from aiconf.cel.patterns import compiled
from aiconf.cel.signatures import hint, problem_with_call, type_names
from aiconf.cel.values import TYPES, located
from aiconf.errors import CelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aiconf.cel.macros import Node

Names = frozenset[str]


@dataclass(frozen=True, slots=True)
class Declarations:
    """What an expression may use.

    Attributes:
        variables: The names of its variables.
        functions: The functions by name.
    """

    variables: frozenset[str]
    functions: Mapping[str, Function] = field(default_factory=lambda: FUNCTIONS)


def check(node: Node, declarations: Declarations) -> None:
    """Check a tree made by ``aiconf.cel.parse.parse``.

    Raises:
        CelError: The first problem in it, with the place: an unknown name or function, a wrong number of arguments, a
            function called as a method or the reverse, a literal of a wrong type, a bad literal pattern.
    """
    _check(node, declarations, frozenset())


def references(node: Node) -> frozenset[str]:
    """Return the dotted paths that an expression reads from its variables, such as ``submission.entries``.

    A path ends before an index, a call or the end of the selections.
    """
    return frozenset(_paths(node, frozenset()))


def _paths(node: Node, local: Names) -> Iterator[str]:
    path = _path(node)
    if path:
        root = path[0]
        if root not in local:
            yield ".".join((root.lstrip("."), *path[1:]))
        return
    for child, names in children(node):
        yield from _paths(child, local | names)


def _path(node: Node) -> tuple[str, ...]:
    """The names of a chain of selections from a name, () for any other node."""
    fields: list[str] = []
    while node[0] in ("select", "has"):
        fields.append(node[4])
        node = node[3]
    return (node[3], *reversed(fields)) if node[0] == "name" else ()


def children(node: Node) -> Iterator[tuple[Node, Names]]:
    """The nodes below one, each with the macro variables that come into scope there."""
    return _CHILDREN[node[0]](node)


def _plain(*positions: int) -> Callable[[Node], Iterator[tuple[Node, Names]]]:
    return lambda node: ((node[position], frozenset()) for position in positions)


def _listed(position: int, *before: int) -> Callable[[Node], Iterator[tuple[Node, Names]]]:
    def listed(node: Node) -> Iterator[tuple[Node, Names]]:
        yield from _plain(*before)(node)
        yield from ((child, frozenset()) for child in node[position])

    return listed


def _entries(node: Node) -> Iterator[tuple[Node, Names]]:
    return ((child, frozenset()) for entry in node[3] for child in entry[:2])


def _loop(node: Node) -> Iterator[tuple[Node, Names]]:
    names = frozenset(node[5])
    yield node[4], frozenset()
    yield from ((child, names) for child in node[6:] if child)


_CHILDREN: dict[str, Callable[[Node], Iterator[tuple[Node, Names]]]] = {
    "literal": _plain(),
    "name": _plain(),
    "select": _plain(3),
    "has": _plain(3),
    "index": _plain(3, 4),
    "list": _listed(3),
    "map": _entries,
    "unary": _plain(4),
    "binary": _plain(4, 5),
    "and": _listed(3),
    "or": _listed(3),
    "if": _plain(3, 4, 5),
    "call": _listed(4),
    "method": _listed(5, 4),
    "comprehension": _loop,
    "bind": lambda node: iter(((node[4], frozenset()), (node[5], frozenset((node[3],))))),
    "optional_map": lambda node: iter(((node[4], frozenset()), (node[6], frozenset((node[5],))))),
}


def _check(node: Node, declarations: Declarations, local: Names) -> None:
    kind = node[0]
    if kind == "name":
        _check_name(node, declarations, local)
    if kind == "select" and ".".join(_path(node)) in TYPES:
        return
    if kind == "call":
        _check_call(node, declarations, node[4], as_method=False)
    if kind == "method":
        _check_call(node, declarations, [node[4], *node[5]], as_method=True)
    if kind in ("and", "or"):
        for term in node[3]:
            _expect(term, "bool", "&&" if kind == "and" else "||", declarations)
    for child, names in children(node):
        _check(child, declarations, local | names)


def _check_name(node: Node, declarations: Declarations, local: Names) -> None:
    name = node[3]
    if name in local or name.lstrip(".") in declarations.variables or name.lstrip(".") in TYPES:
        return
    known = sorted(declarations.variables | local)
    raise CelError(f"unknown name {name!r}{hint(name, known)}", node[1], node[2])


def _check_call(node: Node, declarations: Declarations, arguments: list[Node], *, as_method: bool) -> None:
    _, line, column, name, *_ = node
    function = declarations.functions.get(name)
    problem = problem_with_call(name, function, len(arguments), as_method=as_method)
    if problem:
        raise CelError(problem + ("" if function else hint(name, declarations.functions)), line, column)
    assert function is not None  # noqa: S101 - else there was a problem
    for index, argument in enumerate(arguments):
        _expect(argument, function.parameter(index), name, declarations)
    if name == "matches" and arguments[1][0] == "literal":
        try:
            compiled(arguments[1][4])
        except CelError as error:
            raise located(error, arguments[1][1], arguments[1][2]) from None


def _expect(node: Node, declared: str, user: str, declarations: Declarations) -> None:
    """Hold what is known of a node's type against a declared one."""
    names, found = type_names(declared), _known_type(node, declarations)
    if names is not None and found is not None and found not in names:
        raise CelError(f"{user} takes {declared.replace('|', ' or ')} here, not {found}", node[1], node[2])


_TYPES_BY_KIND = {"list": "list", "map": "map", "has": "bool", "and": "bool", "or": "bool"}
_BOOLEAN_OPERATORS = frozenset(("==", "!=", "<", "<=", ">", ">=", "in", "!"))
_BOOLEAN_MACROS = frozenset(("all", "exists", "exists_one"))


def _known_type(node: Node, declarations: Declarations) -> str | None:
    """The type a node has whatever the data, None when that depends."""
    kind = node[0]
    if kind == "literal":
        return "null_type" if node[3] == "null" else str(node[3])
    if kind in ("unary", "binary"):
        return "bool" if node[3] in _BOOLEAN_OPERATORS else None
    if kind == "comprehension":
        return "bool" if node[3] in _BOOLEAN_MACROS else "map" if node[3] == "transform_map" else "list"
    if kind in ("call", "method"):
        function = declarations.functions.get(node[3])
        names: Any = type_names(function.result) if function else None
        return next(iter(names)) if names and len(names) == 1 else None
    return _TYPES_BY_KIND.get(kind)
