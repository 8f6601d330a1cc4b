"""How a requirement was judged, for people: each variable and expression with its value and the objects behind it."""

from __future__ import annotations

import json
from textwrap import indent
from typing import TYPE_CHECKING, Any

from aiconf.model import Proof

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.judgement import Judgement, Step

_HOLDS = {True: "holds", False: "does not hold", None: "cannot be told"}
# A variable may hold every node of a cluster.
_SHOWN_LENGTH = 2_000


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
    for name, expression in _variables(judgement):
        lines += ["", f"  variables.{name}", _code(expression), f"    = {_shown(judgement.variables.get(name))}"]
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
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN_LENGTH else f"{text[:_SHOWN_LENGTH]}… ({len(text):,} characters)"
