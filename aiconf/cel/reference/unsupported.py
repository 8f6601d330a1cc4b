"""What cel-python has no syntax or macro for, found in the tree before it meets the interpreter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.cel.check import children
from aiconf.errors import CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

_KINDS = {"bind": "cel.bind", "optional_map": "optMap"}
_FUNCTIONS = frozenset(("optional.of", "optional.none", "optional.ofNonZeroValue", "first", "last", "orValue", "or"))


def reject_unsupported(node: Node) -> None:
    """Raise for the first part that the reference engine cannot evaluate.

    Raises:
        CelError: With the place.
    """
    what = _unsupported(node)
    if what:
        raise CelError(f"the reference engine does not support {what}", node[1], node[2])
    for child, _ in children(node):
        reject_unsupported(child)


def _unsupported(node: Node) -> str:
    kind = node[0]
    if kind in ("select", "index") and node[5]:
        return "optional selection"
    if (kind == "list" and node[4]) or (kind == "map" and any(entry[2] for entry in node[3])):
        return "optional entries"
    if kind == "comprehension":
        return _unsupported_loop(node)
    if kind in ("call", "method") and node[3] in _FUNCTIONS:
        return f"the function {node[3]}"
    return _KINDS.get(kind, "")


def _unsupported_loop(node: Node) -> str:
    if node[3] == "transform_map" or len(node[5]) > 1:
        return "loops with two variables"
    return "map with a filter" if node[6] else ""
