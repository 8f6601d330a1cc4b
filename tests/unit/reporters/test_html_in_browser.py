"""The page in headless Chromium: it logs nothing, filters, can be used by keyboard, and axe finds no serious fault."""

import os
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aiconf.model import InputRecord
from aiconf.reporters import render

if TYPE_CHECKING:
    from playwright.sync_api import Page

PATH = "v1.37/heron/PRODUCT.yaml"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="module")
def browser():
    """Debian's or Chrome's own browser; Playwright's client from PyPI drives it and downloads none."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - heavy

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        needed = "no browser: apt-get install chromium (Debian), or install Chrome"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(needed)
    with sync_playwright() as playwright:
        # Containers run tests as root, where Chromium refuses its sandbox; the page is our own.
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser, tmp_path):
    """Opens a report, and fails the test when the page logged an error or asked for anything but itself."""
    complaints: list[str] = []
    pages: list[Page] = []

    def dismiss(dialog):
        complaints.append(dialog.message)
        dialog.dismiss()

    def open_(report, **options):
        path = tmp_path / f"report-{len(pages)}.html"
        path.write_text(render("html", report), encoding="utf-8")
        page = browser.new_page(**options)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", dismiss)
        page.on("request", lambda request: complaints.extend({request.url} - {path.as_uri()}))
        page.goto(path.as_uri())
        pages.append(page)
        return page

    yield open_
    for page in pages:
        page.close()
    assert complaints == []


def shown(page):
    return [article.get_attribute("id") for article in page.locator("article").all() if article.is_visible()]


def test_all_findings_show_at_first(open_page, report):
    page = open_page(report)
    assert len(shown(page)) == 4
    assert page.locator("#filter-status").inner_text() == "4 of 4 findings shown"


def test_the_filters_work_together_and_reset(open_page, report):
    page = open_page(report)
    page.get_by_role("checkbox", name="error").uncheck()
    assert shown(page) == ["finding-2", "finding-3"]
    page.get_by_role("combobox", name="Requirement").select_option("gang_scheduling")
    assert shown(page) == ["finding-3"]
    assert page.locator("#filter-status").inner_text() == "1 of 4 findings shown"
    page.get_by_role("combobox", name="Requirement").select_option(label="about no requirement")
    assert shown(page) == ["finding-2"]
    page.get_by_role("button", name="Show all").click()
    page.wait_for_function("document.getElementById('filter-status').textContent.startsWith('4')")
    assert len(shown(page)) == 4


def test_a_link_to_a_hidden_finding_shows_it(open_page, report):
    page = open_page(report)
    page.get_by_role("checkbox", name="warning").uncheck()
    assert "finding-3" not in shown(page)
    page.get_by_role("link", name="warning in line 41").click()
    page.wait_for_function("!document.getElementById('finding-3').hidden")
    assert "finding-3" in shown(page)


def test_beside_a_cluster_rows_link_to_what_is_found_in_the_claims_too(open_page, beside):
    page = open_page(beside)
    assert page.locator(".verdict").inner_text().endswith("1 snapshot; 1 submission.\n\nsnapshot.json\n\n" + PATH)
    row = page.get_by_role("row", name="gang_scheduling")
    assert row.get_by_role("link").all_inner_texts() == ["error in snapshot.json", f"warning in line 41 of {PATH}"]
    row.get_by_role("link", name="warning").click()
    assert page.locator("article:target code").first.inner_text() == "layered/deficiency_framed"
    missing = page.get_by_role("row", name="cluster_autoscaling").get_by_role("cell").last
    assert missing.inner_text() == "none"


def test_of_two_submissions_a_row_links_to_its_own_findings_alone(open_page, report):
    other = [replace(each, input="v1.37/wren/PRODUCT.yaml") for each in report.requirements]
    page = open_page(replace(report, requirements=(*report.requirements, *other)))
    rows = page.get_by_role("row", name="gang_scheduling").all()
    assert [row.get_by_role("link").count() for row in rows] == [1, 0]


@pytest.mark.parametrize(("width", "named"), [(400, "block"), (1280, "table-row")])
def test_on_a_narrow_screen_each_row_is_a_card_that_names_its_cells(width, named, open_page, beside):
    page = open_page(beside, viewport={"width": width, "height": 800})
    row = page.get_by_role("row", name="gang_scheduling")
    assert row.evaluate("e => getComputedStyle(e).display") == named
    box = page.locator(".scroll").first
    assert box.evaluate("e => e.scrollWidth <= e.clientWidth")
    label = row.get_by_role("cell").last.evaluate("e => getComputedStyle(e, '::before').content")
    assert ("Findings" in label) is (named == "block")


def test_without_script_everything_shows_and_no_filter_does(open_page, report):
    page = open_page(report, java_script_enabled=False)
    assert page.locator("article:visible").count() == 4
    assert not page.locator("#filter").is_visible()


def test_the_keyboard_reaches_everything_in_reading_order(open_page, report):
    page = open_page(report)
    order = []
    while True:
        page.keyboard.press("Tab")
        name = page.evaluate(
            "() => { const e = document.activeElement; return e === document.body ? '' :"
            " e.getAttribute('aria-label') || e.name || e.textContent.trim() }"
        )
        if not name:
            break
        order.append(name)
    assert order[0] == "Skip to the findings"
    expected = [
        "Requirement matrix",
        "warning in line 41",
        "Layer picture",
        "severity",
        "severity",
        "severity",
        "requirement",
        "Show all",
    ]
    assert [name for name in order if name in expected] == expected
    assert (
        order.index("Show all")
        < order.index("Line 2 of v1.37/heron/PRODUCT.yaml")
        < order.index("Line 99 of v1.37/heron/PRODUCT.yaml")
    )


def test_a_filter_is_worked_by_keyboard_alone(open_page, report):
    page = open_page(report)
    page.get_by_role("checkbox", name="error").focus()
    page.keyboard.press("Space")
    assert len(shown(page)) == 2
    page.get_by_role("button", name="Show all").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.getElementById('filter-status').textContent.startsWith('4')")


def test_the_skip_link_appears_on_focus_and_leads_to_the_findings(open_page, report):
    page = open_page(report)
    page.keyboard.press("Tab")
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#findings"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["report", "clean", "broken", "beside", "hostile"])
def test_axe_finds_no_fault(name, scheme, open_page, request):
    import axe_playwright_python.sync_playwright as axe  # noqa: PLC0415 - heavy

    page = open_page(request.getfixturevalue(name), color_scheme=scheme)
    # The page's own policy keeps foreign scripts out; the driver's evaluation is not subject to it.
    found = axe.Axe().run(page).response
    assert {"color-contrast", "html-has-lang"} <= {rule["id"] for rule in found["passes"]}
    faults = [
        (fault["id"], node["html"], node["failureSummary"]) for fault in found["violations"] for node in fault["nodes"]
    ]
    assert faults == []
    assert (
        page.evaluate("getComputedStyle(document.body).backgroundColor")
        == {"light": "rgb(255, 255, 255)", "dark": "rgb(13, 17, 23)"}[scheme]
    )


def test_a_strangers_text_runs_nothing(open_page, hostile):
    page = open_page(hostile)
    assert page.locator("script").count() == 1
    assert page.locator("img").count() == 0
    assert len(shown(page)) == 4


@pytest.mark.parametrize("width", [320, 1200])
def test_the_page_itself_never_scrolls_sideways(width, open_page, report, hostile):
    for each in (report, hostile):
        page = open_page(each, viewport={"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_on_paper_there_are_no_controls_and_ink_is_dark(open_page, report):
    page = open_page(report, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.locator("article:visible").count() == 4
    page.set_viewport_size({"width": 680, "height": 900})  # A4 between its margins
    assert page.evaluate(
        "[...document.querySelectorAll('.scroll')].every(box => box.scrollWidth <= box.clientWidth + 1)"
    )


def test_a_thousand_findings_are_filtered_at_once(open_page, report):
    findings = tuple(replace(report.findings[3], line=line) for line in range(1, 1001))
    many = replace(report, findings=findings, inputs=(*report.inputs, InputRecord("b", "submission", "b" * 64)))
    page = open_page(many)
    took = page.evaluate(
        "() => { const start = performance.now();"
        " document.querySelector('[name=severity]').click();"
        " return performance.now() - start }"
    )
    assert page.locator("#filter-status").inner_text() == "0 of 1000 findings shown"
    assert took < 1000
