"""The layer picture: for each requirement, whether the base platform or the layered product meets it, and by what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.reporters.elements import element
from aiconf.reporters.matrix import contribution
from aiconf.reporters.phrases import outcome
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aiconf.model import RequirementRow
    from aiconf.reporters.elements import Element

# Units of the picture; the page scales it. A character of 14 units is about 7.5 wide.
_WIDTH, _TOP, _ROW, _BOX = 1000, 44, 44, 32
_LANES = {"base": (290, 340), "layered": (650, 340)}
_TITLES = {"base": "Base platform", "layered": "Layered product"}
_NAME_LENGTH, _TEXT_LENGTH = 30, 40


def picture(rows: Sequence[RequirementRow], id_: str) -> Element | None:
    """The picture of one input's requirements, None when no owner is stated for any of them.

    Args:
        rows: The requirements of one input.
        id_: The beginning of the ids of elements inside, unique in the page.
    """
    if not any(_lanes(row) for row in rows):
        return None
    height = _TOP + _ROW * len(rows) + 6
    described = "; ".join(f"{row.id}: {_spoken(row)}" for row in rows)
    return element(
        "svg",
        element("title", "Which layer meets which requirement", id=f"{id_}-title"),
        element("desc", described + ".", id=f"{id_}-desc"),
        *(_lane(name, height) for name in _LANES),
        *(part for number, row in enumerate(rows) for part in _row(row, _TOP + number * _ROW)),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        class_="layers",
        role="img",
        aria_labelledby=f"{id_}-title {id_}-desc",
    )


def _lanes(row: RequirementRow) -> tuple[str, ...]:
    return tuple(_LANES) if row.owner == "both" else (row.owner,) if row.owner in _LANES else ()


def _spoken(row: RequirementRow) -> str:
    owners = " and ".join(_TITLES[lane].lower() for lane in _lanes(row)) or "owner not stated"
    details = ", ".join(filter(None, (row.component, contribution(row), outcome(row))))
    return f"{owners} ({details})" if details else owners


def _lane(name: str, height: int) -> Element:
    left, width = _LANES[name]
    return element(
        "g",
        _rect("lane", left - 10, 2, width + 20, height - 4),
        _text("head", left, 27, _TITLES[name]),
    )


def _row(row: RequirementRow, top: int) -> list[Element]:
    name = [_text("head", 0, top + 17, one_line(row.id, _NAME_LENGTH))]
    beside = " · ".join(filter(None, (row.level, row.status, outcome(row))))
    name.append(_text("small", 0, top + 33, one_line(beside, _TEXT_LENGTH)))
    lanes = _lanes(row)
    if not lanes:
        left, width = _LANES["base"][0], sum(_LANES["layered"]) - _LANES["base"][0]
        return [
            *name,
            _rect("unstated", left, top + 4, width, _BOX),
            _text("small", left + 12, top + 24, "owner not stated"),
        ]
    return [
        *name,
        *_link(lanes, top),
        *(part for lane in lanes for part in _box(row, lane, top, alone=len(lanes) == 1)),
    ]


def _box(row: RequirementRow, lane: str, top: int, *, alone: bool) -> list[Element]:
    """A layer's box; where both layers meet the requirement, component and contribution are the layered product's."""
    left, width = _LANES[lane]
    told = (row.component, contribution(row)) if alone or lane == "layered" else ()
    label = " · ".join(filter(None, told)) or "provided"
    return [
        _rect(f"box {lane}", left, top + 4, width, _BOX),
        _text("label", left + 12, top + 25, one_line(label, _TEXT_LENGTH)),
    ]


def _link(lanes: tuple[str, ...], top: int) -> list[Element]:
    if len(lanes) == 1:
        return []
    start, end, middle = str(sum(_LANES["base"])), str(_LANES["layered"][0]), str(top + 4 + _BOX // 2)
    return [element("line", class_="link", x1=start, x2=end, y1=middle, y2=middle)]


def _rect(class_: str, left: int, top: int, width: int, height: int) -> Element:
    return element("rect", class_=class_, x=str(left), y=str(top), width=str(width), height=str(height), rx="6")


def _text(class_: str, left: int, baseline: int, text: str) -> Element:
    return element("text", text, class_=class_, x=str(left), y=str(baseline))
