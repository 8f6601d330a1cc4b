"""What the objects refute stays refuted, whatever an imported test says."""

from pathlib import Path

from aiconf.catalog.load import load_catalog
from aiconf.ruletest import TestRunner

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_a_passed_test_outweighs_nothing_that_the_objects_refute():
    runner = TestRunner(None, FIXTURES)
    tried, wrong = 0, []
    for policy in load_catalog(None).policies:
        passed = {"requirement": policy.id, "test": "TestEverything", "outcome": "passed"}
        for test in policy.tests:
            if test.expect != "fail":
                continue
            tried += 1
            found = runner.run(policy, test._replace(results=(*(test.results or ()), passed), proof=None))
            if found.problem:
                wrong.append((policy.id, test.name, found.problem))
    assert tried > 50
    assert wrong == []
