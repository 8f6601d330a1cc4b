"""Where words stand: in the submission, or in the README beside it, as rules give it to the engine."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
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
        starts = self._line_starts
        line, end_line = bisect_right(starts, start), bisect_right(starts, end)
        first = starts[line - 1]
        behind = starts[line] - 1 if line < len(starts) else len(self.readme)
        return {
            "file": self.readme_path,
            "excerpt": self.readme[first:behind].rstrip("\r"),
            "line": line,
            "column": start - first + 1,
            "end_line": end_line,
            "end_column": end - starts[end_line - 1] + 1,
        }

    @cached_property
    def _line_starts(self) -> list[int]:
        """Where each line of the README begins; a long one may have a finding in each."""
        return [0, *(found + 1 for found, character in enumerate(self.readme) if character == "\n")]

    def readme_line(self, line: int) -> dict[str, Any]:
        """The place of a whole line of the README, white space around it left out."""
        start = self._line_starts[line - 1]
        text = self.readme[start:].partition("\n")[0]
        start += len(text) - len(text.lstrip())
        return self.in_readme(start, start + len(text.strip()))
