"""The forms for a terminal."""

from dataclasses import replace

from aiconf.reporters import Style, render


def test_a_finding_shows_place_line_marks_remedy_and_source(report):
    assert render("text", report).split("\n\n")[2].splitlines() == [
        "v1.37/heron/PRODUCT.yaml:41:16: warning[layered/deficiency_framed] " + report.findings[3].message,
        "   |",
        "41 |         Größe: EKS does not ship a gang scheduler. KAI Scheduler runs all pods of a group or none.",
        "   |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "   = help: Say what the product contributes.",
        "   = source: faq, https://github.com/cncf/k8s-ai-conformance/blob/main/faq.md",
    ]


def test_concise_is_a_line_for_each_finding_and_the_summary(report):
    lines = render("concise", report).splitlines()
    assert [line.split(" ")[1] for line in lines[:4]] == [
        "error[metadata/field_missing]",
        "note[metadata/placeholder]",
        "warning[layered/deficiency_framed]",
        "error[evidence/file_missing]",
    ]
    assert lines[-2].startswith("2 errors, 1 warning, 1 note, 1 suppressed; 1 submission; 6 requirements")
    assert lines[-1] == "verdict: fail (mend what is listed)"


def test_quiet_leaves_out_the_summary(report, clean):
    assert "verdict" not in render("text", report, Style(quiet=True))
    assert render("concise", clean, Style(quiet=True)) == ""


def test_verbose_adds_claim_and_result_of_each_requirement(report):
    text = render("text", report, Style(verbose=True))
    assert "  gang_scheduling            MUST    fail (installed)        Implemented, KAI Scheduler\n" in text
    assert "workload_sandboxing        SHOULD  not claimed\n" in text


def test_a_refuted_requirement_is_named_unless_a_finding_is(report):
    line = "fail: gang_scheduling is a MUST, and its result is fail (installed). No controller of it is ready."
    for name in ("text", "concise", "github"):
        assert "its result is" not in render(name, report)
    alone = replace(report, findings=())
    assert f"v1.37/heron/PRODUCT.yaml: {line}\n" in render("concise", alone)
    assert "::error file=v1.37/heron/PRODUCT.yaml,title=gang_scheduling::gang_scheduling is a MUST" in render(
        "github", alone
    )


def test_what_could_not_be_checked_is_listed(broken):
    text = render("concise", broken)
    assert "v1.37/heron/PRODUCT.yaml: could not check: evidence/blank: no such key: text\n" in text
    assert "gone.yaml: could not check: gone.yaml: no permission\n" in text
    assert text.endswith("2 could not be checked.\nverdict: error (not everything could be checked)\n")


def test_nothing_reaches_the_terminal_that_acts_on_it(hostile):
    for name in ("text", "concise"):
        text = render(name, hostile, Style(verbose=True))
        assert all(char.isprintable() or char == "\n" for char in text)


def test_colour_changes_nothing_but_the_colour(report):
    import click  # noqa: PLC0415 - only here

    coloured = render("text", report, Style(color=True))
    assert "\x1b[" in coloured
    assert click.unstyle(coloured) == render("text", report)
