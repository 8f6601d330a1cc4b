"""Shows that a text changed in what its fixes say, and in nothing else.

Anchors, aliases, merge keys, comments and odd layouts make it hard to say beforehand what an edit will do. So nothing
is assumed: the new text is read, and must hold exactly the data that the fixes make of the old, and the same comments.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aiconf.fix.edits import segments
from aiconf.model import FixAction

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiconf.model import Fix
    from aiconf.source import Source

# Pointers are those of the old document: keys are moved last, and list items go from the end.
_ORDER = (FixAction.SET, FixAction.IN_LIST, FixAction.REMOVE, FixAction.MOVE_TO)


def flaw(before: Source, after: Source, fixes: Iterable[Fix]) -> str:
    """What speaks against a new text, as the rest of a sentence; empty when nothing does."""
    if after.problems:
        return "the file would no longer be read in full"
    if _canonical(after.data) != _canonical(fixed_data(before.data, fixes)):
        return "something else would change with it, such as an alias or merged keys"
    if sorted(comment.text for comment in before.comments) != sorted(comment.text for comment in after.comments):
        return "a comment would be lost"
    return ""


def fixed_data(data: Any, fixes: Iterable[Fix]) -> Any:
    """The data that fixes make of a document; a fix whose place is not there changes nothing."""
    # Through text and back, since aliases share their values.
    copy = json.loads(json.dumps(data))
    for fix in sorted(fixes, key=_order):
        parts = segments(fix.pointer)
        holder = _holder(copy, parts)
        if holder is not None:
            _apply(copy, holder, parts[-1], fix)
    return copy


def _order(fix: Fix) -> tuple[int, list[tuple[int, str]]]:
    return _ORDER.index(fix.action), [
        (-int(part), "") if part.isdigit() else (0, part) for part in segments(fix.pointer)
    ]


def _apply(document: Any, holder: Any, key: str, fix: Fix) -> None:
    index: Any = int(key) if isinstance(holder, list) else key
    if fix.action is FixAction.SET:
        holder[index] = fix.value
    elif fix.action is FixAction.IN_LIST:
        holder[index] = [holder[index]]
    elif fix.action is FixAction.REMOVE:
        del holder[index]
    else:
        parts = segments(fix.value)
        target = _holder(document, parts)
        if isinstance(target, dict):
            target[parts[-1]] = holder.pop(index)


def _holder(data: Any, parts: list[str]) -> Any:
    """The map or list that a pointer's node belongs to, None when there is none."""
    for part in parts[:-1]:
        if isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        elif isinstance(data, dict) and part in data:
            data = data[part]
        else:
            return None
    return data if isinstance(data, dict | list) else None


def _canonical(data: Any) -> str:
    """Equal for equal data alone: Python takes 1, 1.0 and true for the same."""
    return json.dumps(data, sort_keys=True)
