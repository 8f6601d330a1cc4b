"""Closures of the loops: ``all``, ``exists``, ``exists_one``, ``map``, ``filter``, ``transformMap``.

``all`` and ``exists`` stop at the first element that decides, whatever failed before it; the other loops fail with the
first element that fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from aiconf.cel.construct import put
from aiconf.cel.values import located, no_overload
from aiconf.errors import BudgetExceededError, CelError

if TYPE_CHECKING:
    from aiconf.cel.macros import Node

Closure = Callable[[list[Any]], Any]
Place = tuple[int, int]
# Puts the elements into their slots, one after the other, and counts them; yields each element.
Loop = Callable[[list[Any]], Iterator[Any]]


def comprehension(compiler: Any, node: Node) -> Closure:
    """Any of the loops, over the elements of a list or the keys of a map; with two variables, index or key come too."""
    _, line, column, macro, range_node, names, filter_node, body_node = node
    place = (line, column)
    over = compiler.compile(range_node)
    with compiler.binding(*names) as slots:
        condition = compiler.compile(filter_node) if filter_node else None
        body = compiler.compile(body_node)
    loop = _loop(macro, over, slots, place)
    if condition:
        loop = _filtered(loop, condition, place)
    if macro == "transform_map":
        return _transform_map(loop, slots[0], body, place)
    return _MACROS[macro](loop, body, place)


def _loop(macro: str, over: Closure, slots: list[int], place: Place) -> Loop:
    *first, last = slots

    def elements(frame: list[Any]) -> Iterator[Any]:
        meter, source = frame[1], over(frame)
        if not isinstance(source, dict | list | tuple):
            raise located(no_overload(macro, source), *place)
        items: Iterable[Any] = source
        if first:
            items = _pairs(frame, first[0], source.items() if isinstance(source, dict) else enumerate(source))
        try:
            for item in items:
                meter.steps -= 1
                if meter.steps <= meter.look_at:
                    meter.look()
                frame[last] = item
                yield item
        except BudgetExceededError as error:
            raise located(error, *place) from None

    return elements


def _pairs(frame: list[Any], slot: int, items: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    for key, value in items:
        frame[slot] = key
        yield value


def _filtered(loop: Loop, condition: Closure, place: Place) -> Loop:
    def elements(frame: list[Any]) -> Iterator[Any]:
        return (item for item in loop(frame) if _truth(condition(frame), place))

    return elements


def _truth(value: Any, place: Place) -> bool:
    if value is True or value is False:
        return bool(value)
    raise located(no_overload("the condition of a loop", value), *place)


def _search(loop: Loop, body: Closure, place: Place, *, decisive: bool) -> Closure:
    def search(frame: list[Any]) -> bool:
        failure: CelError | None = None
        for _ in loop(frame):
            try:
                if _truth(body(frame), place) is decisive:
                    return decisive
            except BudgetExceededError:
                raise
            except CelError as error:
                failure = failure or error
        if failure:
            raise failure
        return not decisive

    return search


def _all(loop: Loop, body: Closure, place: Place) -> Closure:
    return _search(loop, body, place, decisive=False)


def _exists(loop: Loop, body: Closure, place: Place) -> Closure:
    return _search(loop, body, place, decisive=True)


def _exists_one(loop: Loop, body: Closure, place: Place) -> Closure:
    return lambda frame: sum(1 for _ in loop(frame) if _truth(body(frame), place)) == 1


def _filter(loop: Loop, body: Closure, place: Place) -> Closure:
    def keep(frame: list[Any]) -> list[Any]:
        result = [item for item in loop(frame) if _truth(body(frame), place)]
        frame[1].produce(len(result))
        return result

    return keep


def _map(loop: Loop, body: Closure, _: Place) -> Closure:
    def transform(frame: list[Any]) -> list[Any]:
        result = [body(frame) for _ in loop(frame)]
        frame[1].produce(len(result))
        return result

    return transform


def _transform_map(loop: Loop, key_slot: int, body: Closure, place: Place) -> Closure:
    def transform(frame: list[Any]) -> dict[Any, Any]:
        result: dict[Any, Any] = {}
        for _ in loop(frame):
            put(result, frame[key_slot], body(frame), *place)
        frame[1].produce(len(result))
        return result

    return transform


_MACROS: dict[str, Callable[[Loop, Closure, Place], Closure]] = {
    "all": _all,
    "exists": _exists,
    "exists_one": _exists_one,
    "filter": _filter,
    "map": _map,
}
