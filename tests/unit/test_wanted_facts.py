"""Facts that cost much are found only where a rule reads them."""

from pathlib import Path

import pytest

from aiconf.linter import Linter
from aiconf.options import Options
from aiconf.source import load_source

JAY = Path(__file__).parents[2] / "fixtures/submissions/v1.36/jay/PRODUCT.yaml"


def facts(**options):
    linter = Linter(Options(**options))
    return linter.subject(load_source(JAY), JAY).facts["submission"]


def test_what_is_said_of_the_base_is_read_for_the_rules_about_it():
    whole, without = facts(), facts(ignore=("layered",))
    assert whole["sentences"] or whole["retest"]
    assert (without["sentences"], without["retest"], without["roadmap"]) == ([], [], [])
    assert [one["attribution"] for one in without["entries"]] == [one["attribution"] for one in whole["entries"]]
    assert without["layered"] is True


@pytest.mark.parametrize("select", ["layered", "layered/deficiency_framed"])
def test_a_rule_that_is_selected_has_what_it_reads(select):
    assert facts(select=(select,))["sentences"] == facts()["sentences"]


def test_judging_a_cluster_keeps_only_what_its_rules_read():
    linter = Linter(Options())
    assert linter.subject(load_source(JAY), JAY).facts["submission"]["retest"]
    linter.keep_policies_only()
    assert linter.subject(load_source(JAY), JAY).facts["submission"]["retest"] == []
