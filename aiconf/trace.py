"""How a requirement was judged, for people: each variable and expression with its value and the objects behind it."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

from aiconf.cel.kubernetes import ref
from aiconf.model import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.judgement import Judgement, Step

# A variable may hold every node of a cluster.
_MOST_ELEMENTS = 20
_LONGEST = 300
_HOLDS = {True: "holds", False: "does not hold", None: "cannot be told"}


def trace(judgement: Judgement) -> str:
    """Everything that led to a judgement.

    Args:
        judgement: The judgement, fresh from the judge.
    """
    shown = f" ({judgement.proof})" if judgement.proof is not Proof.NONE else ""
    lines = [f"{judgement.id}: {judgement.result.replace('_', ' ')}{shown}"]
    lines += [f"  {reason}" for reason in judgement.reasons]
    if judgement.component:
        lines.append(f"  component: {judgement.component}")
    shown_by: dict[str, str] = {}
    for name, expression in _variables(judgement):
        shown = _shown(judgement.variables.get(name))
        first = shown_by.setdefault(shown, name)
        again = first != name and "\n" in shown  # a short value is as short as the name of another variable
        lines += ["", f"  variables.{name}", _code(expression), f"    = {f'as variables.{first}' if again else shown}"]
    for step in judgement.steps:
        lines += ["", *_step(step)]
    return "\n".join(lines) + "\n"


def _variables(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """Those that were evaluated, in the order of the file."""
    seen = set()
    for step in judgement.steps:
        for variable in step.validation.variables:
            if variable.name not in seen:
                seen.add(variable.name)
                yield variable.name, variable.expression.text


def _step(step: Step) -> Iterator[str]:
    validation = step.validation
    proves = f", which would show it {validation.proves}" if validation.proves and not step.holds else ""
    shows = f", which shows it {validation.proves}" if validation.proves and step.holds else ""
    yield f"  {validation.name}: {_HOLDS[step.holds]}{proves}{shows}"
    if validation.for_each:
        yield _code(f"for each of {validation.for_each.text}")
    if validation.expression:
        yield _code(validation.expression.text)
    yield from (f"    {text}" for text in step.texts)
    yield from (f"    - {reference}" for reference in step.objects)


def _code(text: str) -> str:
    return indent(text.strip(), "    | ")


def _shown(value: Any) -> str:
    """A value in a line, or a list of objects and facts with a line for each."""
    if not isinstance(value, list) or not any(isinstance(element, dict) for element in value):
        return _json(value)
    lines = [f"{len(value)}:", *(f"      - {_brief(element)}" for element in value[:_MOST_ELEMENTS])]
    if len(value) > _MOST_ELEMENTS:
        lines.append(f"      and {len(value) - _MOST_ELEMENTS:,} more")
    return "\n".join(lines)


def _brief(element: Any) -> str:
    """What an element is, by its reference or name, and what else it says in a word or number."""
    if not isinstance(element, dict):
        return _json(element)
    if isinstance(element.get("metadata"), dict) and "kind" in element:
        return ref(element)
    named = next((key for key in ("ref", "pod", "name", "id") if isinstance(element.get(key), str)), None)
    if named is None:
        return _json(element)
    said = [f"{key} {_json(value)}" for key, value in element.items() if key != named and _is_telling(value)]
    text = ", ".join([element[named], *said])
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _is_telling(value: Any) -> bool:
    """Whether a field says something for itself: lists and maps are counted elsewhere, and "" and null say nothing."""
    return isinstance(value, bool | int | float) or (isinstance(value, str) and value != "")


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}… ({len(text):,} characters)"
