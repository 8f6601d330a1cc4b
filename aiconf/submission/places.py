"""Where words stand: in the submission, or in the README beside it, as rules give it to the engine."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aiconf.source import Source

README = "README.md"
LAYERS_FILE = "layers.yaml"


class Places:
    """The texts of one submission.

    Attributes:
        readme: The README's text, "" without one.
        readme_path: How the README is shown: beside the submission.
    """

    def __init__(self, source: Source, readme: str) -> None:
        self._source, self.readme = source, readme
        self.readme_path = (PurePath(source.path or ".").parent / README).as_posix()

    def of(self, pointer: str, start: int, end: int) -> dict[str, Any] | None:
        """The place of a stretch of a value, or, with an empty pointer, of the README; None when it cannot be told."""
        if not pointer:
            return self.in_readme(start, end)
        span = self._source.span(pointer, start, end)
        if span is None:
            return None
        return {
            "line": span.start.line,
            "column": span.start.column,
            "end_line": span.end.line,
            "end_column": span.end.column,
        }

    def in_readme(self, start: int, end: int) -> dict[str, Any]:
        """The place of a stretch of the README; ``file`` and ``excerpt`` say that it stands in another file."""
        text = self.readme
        first = text.rfind("\n", 0, start) + 1
        last = text.rfind("\n", 0, end) + 1
        line = text.count("\n", 0, start) + 1
        return {
            "file": self.readme_path,
            "excerpt": text[first:].partition("\n")[0].rstrip("\r"),
            "line": line,
            "column": start - first + 1,
            "end_line": line + text.count("\n", start, end),
            "end_column": end - last + 1,
        }

    def readme_line(self, line: int) -> dict[str, Any]:
        """The place of a whole line of the README, white space around it left out."""
        lines = self.readme.split("\n")
        text = lines[line - 1]
        start = sum(len(before) + 1 for before in lines[: line - 1]) + len(text) - len(text.lstrip())
        return self.in_readme(start, start + len(text.strip()))
