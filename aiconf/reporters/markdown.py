"""The form for the reviewer of a pull request: verdict, claims by layer, and findings by who demands them.

It fits a comment (65,536 characters) and with that a step summary (1 MiB); what does not fit is counted. Texts of a
submission cannot leave their place: everything that GitHub's Markdown would act on is escaped.
"""

from __future__ import annotations

import re
from collections import Counter
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiconf.model import Authority, Severity
from aiconf.reporters.matrix import COLUMNS, filled, remark
from aiconf.reporters.phrases import (
    DEMANDED_BY,
    active,
    checked,
    counted,
    counts,
    input_files,
    suppressed,
    verdict,
    worst_first,
)
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aiconf.model import CheckError, Finding, Report, RequirementRow
    from aiconf.reporters import Style

LIMIT = 65_536
# The Action finds its earlier comment by this line.
MARKER = "<!-- aiconf -->"
# How much of the page a part may take; findings have the rest.
_ERRORS, _OVERVIEW, _TABLES, _SUPPRESSED, _CLOSING = 6_000, 8_000, 24_000, 4_000, 400
_TEXT, _CELL, _NAMED, _ROWS = 600, 120, 3, 60

_SUBMITTED = {"submission", "pull_request"}
_URL = re.compile(r"https?://[^\s<>\"'`\\|…]+[^\s<>\"'`\\|….,;:!?)\]]")
_PLAIN_CODE = re.compile(r"[A-Za-z0-9_./:+=-]+")
# The zero-width space parts a mention or a reference: GitHub looks for them after entities and backslashes are gone.
_REFERENCE = re.compile(r"\bGH-(?=\d)", re.IGNORECASE)
_ESCAPES = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]|~$"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u200b", "#": "#\u200b"}
)


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - a page has no colours and is never short of room
    """The page, at most `LIMIT` bytes of UTF-8."""
    page = _Page()
    page.add(MARKER, f"## aiconf: {verdict(report)}", f"{counts(report)}; {_about(report)}.")
    page.part("### Could not be checked\n\n", map(_error, report.errors), "error", _ERRORS)
    if len(input_files(report)) > 1:
        noun = "submission" if {record.kind for record in checked(report)} <= _SUBMITTED else "input"
        titles = f"{_line([noun.capitalize(), *Severity])}\n{_line(['---'] * (len(Severity) + 1))}\n"
        page.part(f"### {noun.capitalize()}s\n\n{titles}", _overview(report), noun, _OVERVIEW)
    tables = list(_tables(report))
    if len(tables) == 1:
        _requirements(page, tables)
    _findings(page, report)
    if len(tables) > 1:  # of many submissions, the findings matter more than what is claimed
        _requirements(page, tables)
    if page.left_out:
        cut = ", ".join(counted(number, noun) for noun, number in page.left_out.items())
        page.add(f"Left out here for length: {cut}. The JSON and HTML forms hold everything.")
    return page.text


def _overview(report: Report) -> Iterator[str]:
    """A row for each input: how many findings of each severity it has."""
    found = Counter((finding.path, finding.severity) for finding in active(report))
    for path in input_files(report):
        yield _line([_code(path), *(str(found[path, severity]) for severity in Severity)])


def _requirements(page: _Page, tables: Sequence[str]) -> None:
    page.part("### Requirements\n\n", tables, "table", min(_TABLES, page.room - _CLOSING), separator="\n\n")


def _findings(page: _Page, report: Report) -> None:
    accepted = [_finding(finding, report) for finding in suppressed(report)]
    reserve = _CLOSING + (_SUPPRESSED if accepted else 0)
    findings = worst_first(report)
    for authority in Authority:
        demanded = [finding for finding in findings if finding.authority is authority]
        title = f"### Demanded by {DEMANDED_BY[authority]} ({len(demanded)})\n\n"
        page.part(title, (_finding(finding, report) for finding in demanded), "finding", page.room - reserve)
    page.part(f"### Accepted with a reason ({len(accepted)})\n\n", accepted, "finding", page.room - _CLOSING)


class _Page:
    """Blocks of text that together stay within `LIMIT`."""

    def __init__(self) -> None:
        self.text = ""
        self.left_out: Counter[str] = Counter()

    @property
    def room(self) -> int:
        return LIMIT - len(self.text.encode())

    def add(self, *blocks: str) -> None:
        self.text += "".join(f"{block}\n\n" for block in blocks)

    def part(self, head: str, items: Iterable[str], noun: str, room: int, separator: str = "\n") -> None:
        """A head and as many of the items as there is room for; nothing when there are none."""
        items = list(items)
        kept, size = 0, len(head.encode()) + 2
        while kept < len(items) and (size := size + len((items[kept] + separator).encode())) <= room:
            kept += 1
        if kept:
            self.add(head + separator.join(items[:kept]))
        if kept < len(items):
            self.left_out[noun] += len(items) - kept


def _about(report: Report) -> str:
    """Which inputs, and what they were held against."""
    names = [_code(record.path) for record in report.inputs[:_NAMED]]
    more = [f"{len(report.inputs) - len(names)} more"] if len(report.inputs) > len(names) else []
    return ", ".join(names + more) or "no input"


def _error(error: CheckError) -> str:
    rule = f" {_code(error.id)}" if error.id else ""
    return f"- {_code(error.path)}{rule}: {_prose(error.message)}"


def _finding(finding: Finding, report: Report) -> str:
    obvious = [record.path for record in report.inputs] == [finding.path]
    place = f"line {finding.line}" if obvious else _code(f"{finding.path}:{finding.line}")
    about = f" ({_code(finding.requirement)})" if finding.requirement else ""
    lines = [f"- **{finding.severity}** {_code(finding.id)}, {place}{about}: {_prose(finding.message)}"]
    if finding.suppressed is not None:
        return f"{lines[0]} Accepted: {_prose(finding.suppressed)}"
    source = f" ([source](<{_address(finding.sources[0]).replace('&', '&amp;')}>))" if finding.sources else ""
    if finding.remediation or source:
        lines.append(f"  *Mend:* {_prose(finding.remediation)}{source}")
    return "<br>\n".join(lines)


def _tables(report: Report) -> Iterator[str]:
    paths = list(dict.fromkeys(row.input for row in report.requirements))
    for path in paths:
        table = _table([row for row in report.requirements if row.input == path])
        if len(paths) == 1:
            yield table
        else:
            # Inside this line, HTML is not read as Markdown.
            name = escape(one_line(path, _CELL))
            yield f"<details><summary><code>{name}</code></summary>\n\n{table}\n\n</details>"


def _table(rows: Sequence[RequirementRow]) -> str:
    """A row for each requirement; a column that has nothing to say in any row is left out, and said below."""
    titles = filled(rows)
    lines = [_line(["Requirement", *titles]), _line(["---"] * (len(titles) + 1))]
    lines += [_line([_code(row.id), *(_cell(COLUMNS[title](row)) for title in titles)]) for row in rows[:_ROWS]]
    more = f"{len(rows) - _ROWS} more requirements are left out." if len(rows) > _ROWS else ""
    notes = " ".join(filter(None, (more, remark(rows))))
    return "\n".join(lines) + (f"\n\n{notes}" if notes else "")


def _cell(text: str) -> str:
    return _prose(text, _CELL) or "—"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _code(text: str) -> str:
    """A name in code type. Only a harmless one stands between backticks, within which escapes would be shown."""
    text = one_line(text, _CELL)
    return f"`{text}`" if _PLAIN_CODE.fullmatch(text) else f"<code>{_escaped(text)}</code>"


def _prose(text: str, limit: int = _TEXT) -> str:
    """Text of strangers on one line: addresses become links, and nothing else does anything."""
    text = one_line(text, limit)
    parts, end = [], 0
    for match in _URL.finditer(text):
        parts += [_escaped(text[end : match.start()]), f"<{_address(match[0])}>"]
        end = match.end()
    return "".join([*parts, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _REFERENCE.sub("\\g<0>\u200b", text.translate(_ESCAPES))


def _address(url: str) -> str:
    return quote(url, safe="/:?#@!$&()*+,;=%~-._", errors="backslashreplace")
