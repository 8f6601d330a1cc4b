"""One self-contained page: no request leaves it, no script but its own runs, and it reads well on paper and aloud."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from aiconf.model import Proof, Severity
from aiconf.reporters.elements import element, html_text
from aiconf.reporters.excerpt import excerpt
from aiconf.reporters.layers import picture
from aiconf.reporters.matrix import COLUMNS, filled, remark
from aiconf.reporters.phrases import (
    DEMANDED_BY,
    VERDICTS,
    active,
    counted_inputs,
    counts,
    input_files,
    suppressed,
    words,
)
from aiconf.reporters.plain import one_line, tool_version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aiconf.model import Finding, Report, RequirementRow
    from aiconf.reporters import Style
    from aiconf.reporters.elements import Child, Element


# A run over a whole registry has hundreds; the end of the page names them all.
_MOST_PATHS = 3


def render(report: Report, style: Style) -> str:  # noqa: ARG001 - the page follows the reader's settings
    """The page."""
    body = element(
        "body",
        element("a", "Skip to the findings", class_="skip", href="#findings"),
        element("header", element("h1", "AI conformance report"), _verdict(report)),
        element("main", *_errors(report), *_requirements(report), *_findings(report), *_suppressed(report)),
        element("footer", *_about(report)),
    )
    script = files(__package__).joinpath("report.js").read_text(encoding="utf-8")
    body.append(element("script", script))
    return html_text(element("html", _head(script), body, lang="en"))


def _head(script: str) -> Element:
    style = files(__package__).joinpath("report.css").read_text(encoding="utf-8")
    allowed = f"script-src {_hash(script)}; style-src {_hash(style)}"
    policy = f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"
    return element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", "AI conformance report"),
        element("style", style),
    )


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _verdict(report: Report) -> Element:
    word, meaning = VERDICTS[report.verdict]
    paths = list(map(one_line, input_files(report)))
    return element(
        "div",
        element("p", element("strong", f"Verdict: {word}"), class_="word"),
        element("p", f"{meaning[0].upper()}{meaning[1:]}. {counts(report)}; {counted_inputs(report)}."),
        *(element("p", element("span", path, class_="path")) for path in paths if len(paths) <= _MOST_PATHS),
        class_=f"verdict {report.verdict}",
    )


def _section(id_: str, title: str, *children: Child) -> Element:
    heading = element("h2", title, id=f"{id_}-title")
    return element("section", heading, *children, id=id_, aria_labelledby=f"{id_}-title")


def _errors(report: Report) -> Iterable[Element]:
    if report.errors:
        items = (
            element("li", element("code", f"{error.path}{f': {error.id}' if error.id else ''}"), f": {error.message}")
            for error in report.errors
        )
        yield _section("errors", "Could not be checked", element("ul", *items))


def _requirements(report: Report) -> Iterable[Element]:
    for number, path in enumerate(dict.fromkeys(row.input for row in report.requirements), start=1):
        rows = [row for row in report.requirements if row.input == path]
        id_ = f"requirements-{number}"
        of = "" if len(input_files(report)) == 1 else f" of {one_line(path)}"
        matrix = _scrolling(_matrix(rows, _links(report, path)), f"Requirement matrix{of}")
        yield _section(id_, f"Requirements{of}", matrix, _figure(rows, f"layers-{number}", of))


def _scrolling(child: Element, label: str) -> Element:
    """A box that scrolls by itself can be reached and moved by keyboard, and says what it holds."""
    return element("div", child, class_="scroll", tabindex="0", role="region", aria_label=label)


def _figure(rows: Sequence[RequirementRow], id_: str, of: str) -> Element | None:
    drawn = picture(rows, id_)
    if drawn is None:
        return None
    caption = element(
        "figcaption", "Which layer meets each requirement, and by which component, as the submission states it."
    )
    return element("figure", caption, _scrolling(drawn, f"Layer picture{of}"))


def _links(report: Report, path: str) -> dict[str | None, list[Element]]:
    """Links to the findings about what an input shows, by requirement.

    A cluster is held against the claims, so that what is found in a submission is about the cluster's row too.
    """
    is_cluster = any(record.kind == "snapshot" for record in report.inputs if record.path == path)
    links: dict[str | None, list[Element]] = {}
    for number, finding in enumerate(active(report), start=1):
        if is_cluster or finding.path == path:
            place = one_line(path) if is_cluster and finding.path == path else f"line {finding.line}"
            of = f" of {one_line(finding.path)}" if finding.path != path else ""
            link = element("a", f"{finding.severity} in {place}{of}", href=f"#finding-{number}")
            links.setdefault(finding.requirement, []).append(link)
    return links


def _matrix(rows: Sequence[RequirementRow], links: Mapping[str | None, Sequence[Element]]) -> Element:
    titles = [title for title in filled(rows) if title != "Level"]  # it stands below the name
    caption = f"What is claimed, by which layer it is met, and what was concluded. {remark(rows)}"
    heads = (element("th", title, scope="col") for title in ("Requirement", *titles, "Findings"))
    return element(
        "table",
        element("caption", caption.strip()),
        element("thead", element("tr", *heads)),
        element("tbody", *(_matrix_row(row, titles, links.get(row.id, ())) for row in rows)),
    )


def _matrix_row(row: RequirementRow, titles: Sequence[str], links: Sequence[Element]) -> Element:
    special = {"Result": _result, "Evidence": _evidence}
    cells = [special[title](row) if title in special else COLUMNS[title](row) or "—" for title in titles]
    level = element("span", row.level, class_="level") if row.level else None
    named = zip((*titles, "Findings"), (*cells, _list(links) if links else "none"), strict=True)
    return element(
        "tr",
        element("th", *_breakable(row.id), level, scope="row"),
        *(element("td", cell, data_title=title) for title, cell in named),
    )


def _breakable(name: str) -> Iterable[Child]:
    """A name that may be broken behind its underscores, as a column of long names has to be."""
    first, *others = name.split("_")
    yield first
    for part in others:
        yield from ("_", element("wbr"), part)


def _result(row: RequirementRow) -> Child:
    if row.result is None:
        return "—"
    badge = element("span", words(row.result), class_=f"badge {row.result}")
    return element("span", badge, f" {row.proof}" if row.proof and row.proof is not Proof.NONE else None)


def _evidence(row: RequirementRow) -> Child:
    texts = (*row.reasons, *row.objects)
    return _list(texts) if texts else "—"


def _list(items: Iterable[Child]) -> Element:
    return element("ul", *(element("li", item) for item in items))


def _findings(report: Report) -> Iterable[Element]:
    findings = active(report)
    if not findings:
        yield _section("findings", "Findings", element("p", "None."))
        return
    articles = (_finding(finding, f"finding-{number}") for number, finding in enumerate(findings, start=1))
    yield _section("findings", "Findings", _filter(findings), *articles)


def _filter(findings: Sequence[Finding]) -> Element:
    """Hidden until the script that serves it runs."""
    present = [severity for severity in Severity if any(finding.severity is severity for finding in findings)]
    boxes = [
        element("label", element("input", type="checkbox", name="severity", value=severity, checked=True), severity)
        for severity in present
    ]
    named = sorted({finding.requirement for finding in findings if finding.requirement})
    options = [element("option", "all", value="*"), element("option", "about no requirement", value="")]
    options += [element("option", one_line(requirement, 80), value=requirement) for requirement in named]
    return element(
        "form",
        element("fieldset", element("legend", "Severity"), *boxes),
        element(
            "label", element("span", "Requirement", class_="name"), element("select", *options, name="requirement")
        ),
        element("button", "Show all", type="reset"),
        element("output", id="filter-status", role="status"),
        id="filter",
        class_="filter",
        hidden=True,
        aria_label="Filter the findings",
    )


def _finding(finding: Finding, id_: str) -> Element:
    place = f"{one_line(finding.path)}:{finding.line}:{finding.column}"
    return element(
        "article",
        element(
            "h3",
            element("span", finding.severity, class_=f"badge {finding.severity}"),
            element("code", finding.id),
            element("span", place, class_="path muted"),
            id=f"{id_}-title",
        ),
        element("p", finding.message, class_="message"),
        _source(finding),
        element("p", f"Mend: {finding.remediation}") if finding.remediation else None,
        element("p", *_demand(finding), class_="muted"),
        id=id_,
        class_=f"finding {finding.severity}",
        data_severity=finding.severity,
        data_requirement=finding.requirement or "",
        aria_labelledby=f"{id_}-title",
    )


def _source(finding: Finding) -> Element | None:
    shown = excerpt(finding)
    if shown is None:
        return None
    number = element("span", str(finding.line), class_="number")
    code = element("code", number, shown.before, element("mark", shown.marked), shown.after)
    label = f"Line {finding.line} of {one_line(finding.path)}"
    return element("pre", code, class_="source", tabindex="0", role="region", aria_label=label)


def _demand(finding: Finding) -> Iterable[Child]:
    yield f"Demanded by {DEMANDED_BY[finding.authority]}"
    for source in finding.sources:
        yield ", "
        yield _link(source)
    yield f"; about {finding.requirement}." if finding.requirement else "."


def _link(address: str) -> Element:
    """Only an address of the web is followed."""
    if not address.startswith(("https://", "http://")):
        return element("span", address)
    return element("a", address, href=address, class_="outside", rel="noreferrer noopener")


def _suppressed(report: Report) -> Iterable[Element]:
    items = [
        element(
            "li",
            element("code", f"{f.id}, {one_line(f.path)}:{f.line}"),
            f": {f.message} ",
            element("em", f"Accepted: {f.suppressed}"),
        )
        for f in suppressed(report)
    ]
    if items:
        yield _section("suppressed", "Accepted with a reason", element("ul", *items))


def _about(report: Report) -> Iterable[Element]:
    pairs = [("aiconf", f"{tool_version()}, {report.engine} engine"), ("catalog", f"sha256 {report.catalog}")]
    pairs += [(f"{record.kind} {one_line(record.path)}", f"sha256 {record.sha256}") for record in report.inputs]
    yield element("h2", "About this report")
    yield element("dl", *(part for term, text in pairs for part in (element("dt", term), element("dd", text))))
