"""Going on after a syntax error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from aiconf.source.compose import compose
from aiconf.source.decode import replace_unprintable
from aiconf.source.nodes import Defect

if TYPE_CHECKING:
    from aiconf.source.nodes import Composition
    from aiconf.source.problem import Problem
    from aiconf.source.text import Text


def read(text: Text) -> tuple[Text, Composition, list[Problem]]:
    """Parse a text, mending its draft where it breaks YAML's syntax."""
    problems: list[Problem] = []
    composition = compose(text.draft, text.position)
    if isinstance(composition.error, yaml.reader.ReaderError):
        text, problems = replace_unprintable(text)
        composition = compose(text.draft, text.position)
    if isinstance(composition.error, yaml.MarkedYAMLError):
        mark = composition.error.problem_mark
        offset = mark.index if mark else 0
        composition.defects.append(Defect("yaml_syntax", f"{composition.error.problem}.".capitalize(), offset))
        composition.dropped.append((offset, len(text.draft)))
    return text, composition, problems
