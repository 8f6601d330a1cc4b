"""One line per finding, for editors, grep and long lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.reporters.phrases import active
from aiconf.reporters.text import accepted, header, outcome_lines, summary

if TYPE_CHECKING:
    from aiconf.model import Report
    from aiconf.reporters import Style


def render(report: Report, style: Style) -> str:
    """The header lines of the text form, and its summary."""
    lines = [header(finding, style) for finding in active(report)]
    if style.show_suppressed:
        lines += accepted(report, style)
    lines += outcome_lines(report, style)
    if not style.quiet:
        lines += summary(report, style)
    return "".join(line + "\n" for line in lines)
