"""The printed forms of a report, one module each. Reporters know the model and nothing else of aiconf.

A form is a module with ``render(report, style) -> str``; adding one is a file and a row of `FORMATS`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from aiconf.model import Report

FORMATS = {
    "text": "aiconf.reporters.text",
    "concise": "aiconf.reporters.concise",
    "json": "aiconf.reporters.json",
    "sarif": "aiconf.reporters.sarif",
    "github": "aiconf.reporters.github",
    "junit": "aiconf.reporters.junit",
    "markdown": "aiconf.reporters.markdown",
    "html": "aiconf.reporters.html",
    "policyreport": "aiconf.reporters.policyreport",
    "rdjson": "aiconf.reporters.rdjson",
}


class Style(NamedTuple):
    """How a form for people is drawn.

    Attributes:
        color: Whether to use terminal colours; nothing is said by colour alone.
        quiet: Leave out the summary.
        verbose: Add what was claimed for each requirement.
        show_suppressed: Add the findings that are accepted, with the reason; forms that show them anyway do not care.
    """

    color: bool = False
    quiet: bool = False
    verbose: bool = False
    show_suppressed: bool = False


class Reporter(Protocol):
    """What a module of `FORMATS` provides."""

    def render(self, report: Report, style: Style) -> str:
        """The whole text, ending in a line break unless it is empty."""
        ...


def render(name: str, report: Report, style: Style | None = None) -> str:
    """A report in the form called ``name``, a key of `FORMATS`."""
    reporter: Reporter = import_module(FORMATS[name])
    return reporter.render(report, style or Style())
