"""Output of test runs, from tools and from attackers."""

import time

import pytest

from aiconf.testresults import TestRun, look_for, read_run
from aiconf.testresults.gojson import parse_go_json
from aiconf.testresults.gotext import parse_go_text
from aiconf.testresults.junit import parse_junit


def outcomes(run):
    return [(result.name, result.outcome) for result in run.results]


def test_junit_outcomes_are_told_by_child_elements():
    run = parse_junit(
        b'<testsuites><testsuite name="s" timestamp="2026-10-01T08:00:00Z"><testcase name="TestA"/>'
        b'<testcase name="TestB"><failure message="m"/></testcase><testcase name="TestC"><skipped/></testcase>'
        b'<testcase name="TestD"><error/></testcase></testsuite></testsuites>'
    )
    assert outcomes(run) == [("TestA", "passed"), ("TestB", "failed"), ("TestC", "skipped"), ("TestD", "error")]
    assert run.started == "2026-10-01T08:00:00Z"
    assert run.failed == ("TestB", "TestD")


def test_a_testsuite_may_be_the_root():
    assert outcomes(parse_junit(b'<testsuite><testcase name="TestA"/></testsuite>')) == [("TestA", "passed")]


def test_ginkgo_specs_are_foreign():
    run = parse_junit(b'<testsuite><testcase name="[It] [sig-node] x"/><testcase name="[SynchronizedBeforeSuite]"/></testsuite>')
    assert "Ginkgo" in run.foreign


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "well-formed"),
        (b"<testsuite><testcase>", "well-formed"),
        (b"\x00\x01\x02", "well-formed"),
        (b"<html/>", "root element is html"),
        (b'<?xml version="1.0" encoding="nope"?><testsuite/>', "well-formed"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><testsuite>&a;</testsuite>', "declares"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><testsuite/>', "declares"),
        (b"<testsuite>" + b"<a>" * 100_000, "nested"),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(raw, says):
    assert says in parse_junit(raw).error


def test_a_bomb_of_entities_costs_nothing():
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    start = time.process_time()
    run = parse_junit(f'<!DOCTYPE t [<!ENTITY l0 "ha">{laughs}]><testsuite>&l9;</testsuite>'.encode())
    assert "declares" in run.error
    assert time.process_time() - start < 1


def test_go_json_gives_tests_and_the_start():
    run = parse_go_json(
        b'{"Time":"2026-10-01T08:00:00Z","Action":"start","Package":"p"}\n'
        b'{"Action":"output","Test":"TestA","Output":"x"}\n'
        b'{"Action":"pass","Test":"TestA"}\n{"Action":"skip","Test":"TestB"}\n{"Action":"pass","Package":"p"}\n'
    )
    assert outcomes(run) == [("TestA", "passed"), ("TestB", "skipped")]
    assert run.started == "2026-10-01T08:00:00Z"


def test_a_package_that_failed_without_a_failed_test_is_a_failure():
    run = parse_go_json(b'{"Action":"pass","Test":"TestA"}\n{"Action":"fail","Package":"p"}\n')
    assert run.failed == ("package p",)
    run = parse_go_json(b'{"Action":"fail","Test":"TestA"}\n{"Action":"fail","Package":"p"}\n')
    assert run.failed == ("TestA",)


def test_other_json_is_named():
    assert "CTRF" in parse_go_json(b'{"reportFormat": "CTRF", "results": {}}').foreign
    assert "line 2" in parse_go_json(b'{"Action":"pass","Test":"T"}\nnot json').error
    assert parse_go_json(b"[" * 200_000).error


def test_go_text_reads_subtests_too():
    run = parse_go_text(b"=== RUN   TestA\n    --- PASS: TestA/Sub_One (0.10s)\n--- FAIL: TestA (0.20s)\nFAIL\n")
    assert outcomes(run) == [("TestA/Sub_One", "passed"), ("TestA", "failed")]


def test_ginkgo_text_is_foreign():
    assert "Ginkgo" in parse_go_text(b"Running Suite: e2e\nRan 11 of 7148 Specs in 3 seconds\n").foreign


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ([("TestA", "passed"), ("TestA/x", "failed")], "passed"),
        ([("TestA/x", "passed"), ("TestA/y", "skipped")], "passed"),
        ([("TestA/x", "passed"), ("TestA/y", "failed")], "failed"),
        ([("TestA/x", "skipped")], "skipped"),
        ([("TestAB", "passed")], "absent"),
    ],
)
def test_an_exact_name_wins_and_subtests_stand_in(results, outcome):
    from aiconf.testresults import TestResult

    assert look_for(TestRun(tuple(TestResult(*row) for row in results)), "TestA") == outcome


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    path = tmp_path / "e2e.log"
    with path.open("wb") as file:
        file.truncate(5 * 2**30)
    start = time.process_time()
    assert "larger than" in read_run(path).error
    assert time.process_time() - start < 1


def test_one_line_of_many_megabytes_is_bounded(tmp_path):
    path = tmp_path / "e2e.log"
    path.write_bytes(b" " * 20_000_000 + b"--- PASS: TestA (0s)")
    start = time.process_time()
    assert outcomes(read_run(path)) == [("TestA", "passed")]
    assert time.process_time() - start < 2


def test_a_file_without_tests_is_an_error(tmp_path):
    path = tmp_path / "e2e.log"
    path.write_text("PASS\n", encoding="utf-8")
    assert read_run(path).error == "it holds no test"


def test_a_file_that_is_not_there_is_an_error(tmp_path):
    assert "cannot be opened" in read_run(tmp_path / "junit.xml").error
