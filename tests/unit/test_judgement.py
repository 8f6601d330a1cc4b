"""How validations of a policy become a result and a proof."""

import textwrap

import pytest

from aiconf.catalog.load import load_catalog
from aiconf.judgement import judge
from aiconf.model import Level, Proof, Result, Severity

HEAD = """\
id: kennel
title: A kennel is there
source: [https://example.org/kennel]
rationale: Dogs sleep in it.
kinds: [Pod, Dog.example.org]
"""
INSTALLED = """\
- name: installed
  proves: installed
  expression: size(components) > 0
  inconclusive_when: size(components) == 0
  message: No kennel was seen.
  remediation: Build one.
  reason: "There are {size(components)}."
"""
OPERATIONAL = """\
- name: operational
  proves: operational
  expression: components.exists(c, c.ready)
  inconclusive_when: size(components) == 0
  message: "None of {size(components)} is ready."
  remediation: Repair one.
  objects: components.map(c, c.ref)
"""
DEMONSTRATED = """\
- name: demonstrated
  proves: demonstrated
  expression: results.exists(r, r.outcome == "passed")
  message: No dog was seen to sleep.
  remediation: Wait for the night.
"""
NO_CAT = """\
- name: no_cat
  for_each: objects["Pod"]
  expression: item.metadata.name != "cat"
  message: "{item.metadata.name} sleeps in it."
  remediation: "Call {item.metadata.name} out."
  objects: objects["Pod"].filter(p, p.metadata.name == "cat")
"""
READY = {"ref": "v1 Kennel red", "ready": True}
BROKEN = {"ref": "v1 Kennel red", "ready": False}
FORBIDDEN = {"group": "", "version": "v1", "kind": "Pod", "resource": "pods", "reason": "Forbidden"}


def pod(name):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"namespace": "yard", "name": name}}


@pytest.fixture
def judged(tmp_path):
    def run(*validations, level=Level.MUST, extra="", reference=False, **facts):
        (tmp_path / "policies").mkdir(exist_ok=True)
        (tmp_path / "rules").mkdir(exist_ok=True)
        text = HEAD + extra + "validations:\n" + textwrap.indent("".join(validations), "  ") + "tests: []\n"
        (tmp_path / "policies" / "kennel.yaml").write_text(text, encoding="utf-8")
        catalog = load_catalog(tmp_path, tmp_path / "cache")
        known = {"components": [], "results": [], "objects": {"Pod": [], "Dog.example.org": []}, "omissions": []}
        return judge(catalog.policies[0], known | facts, "snapshot.json", level, reference=reference)

    return run


def conclusion(judgement):
    return judgement.result, judgement.proof


def test_nothing_seen_is_inconclusive_and_no_finding(judged):
    judgement = judged(INSTALLED, OPERATIONAL, DEMONSTRATED)
    assert conclusion(judgement) == (Result.INCONCLUSIVE, Proof.NONE)
    assert "No kennel was seen." in judgement.reasons
    assert judgement.findings == ()


@pytest.mark.parametrize("reference", [False, True], ids=["default", "reference"])
def test_the_strongest_proof_counts_and_the_objects_that_show_it_are_cited(judged, reference):
    judgement = judged(INSTALLED, OPERATIONAL, DEMONSTRATED, components=[READY], reference=reference)
    assert conclusion(judgement) == (Result.PASS, Proof.OPERATIONAL)
    assert judgement.objects == ("v1 Kennel red",)
    assert judgement.reasons == ("There are 1.",)


def test_behaviour_that_was_seen_is_the_strongest_proof(judged):
    judgement = judged(OPERATIONAL, DEMONSTRATED, components=[READY], results=[{"outcome": "passed"}])
    assert conclusion(judgement) == (Result.PASS, Proof.DEMONSTRATED)


def test_what_is_seen_broken_is_a_fail_with_the_object(judged):
    judgement = judged(INSTALLED, OPERATIONAL, components=[BROKEN])
    assert conclusion(judgement) == (Result.FAIL, Proof.INSTALLED)
    assert judgement.objects == ("v1 Kennel red",)
    (finding,) = judgement.findings
    assert (finding.id, finding.requirement, finding.severity) == ("kennel/operational", "kennel", Severity.ERROR)
    assert (finding.message, finding.remediation) == ("None of 1 is ready.", "Repair one.")


def test_what_refutes_a_should_is_a_warning(judged):
    judgement = judged(OPERATIONAL, components=[BROKEN], level=Level.SHOULD)
    assert judgement.result is Result.FAIL
    assert [finding.severity for finding in judgement.findings] == [Severity.WARNING]


def test_a_refuter_outweighs_every_proof_and_names_each_item(judged):
    pods = [pod("cat"), pod("dog"), pod("cat")]
    judgement = judged(OPERATIONAL, NO_CAT, components=[READY], objects={"Pod": pods})
    assert conclusion(judgement) == (Result.FAIL, Proof.OPERATIONAL)
    assert [finding.remediation for finding in judgement.findings] == ["Call cat out."] * 2
    assert judgement.objects == ("v1 Pod yard/cat",)


def test_what_was_not_read_can_hide_what_refutes(judged):
    judgement = judged(OPERATIONAL, NO_CAT, components=[READY], omissions=[FORBIDDEN])
    assert conclusion(judgement) == (Result.INCONCLUSIVE, Proof.OPERATIONAL)
    assert "The snapshot does not hold pods (Forbidden)." in judgement.reasons


def test_what_was_not_read_refutes_nothing_by_its_absence(judged):
    judgement = judged(OPERATIONAL, components=[BROKEN], omissions=[FORBIDDEN])
    assert conclusion(judgement) == (Result.INCONCLUSIVE, Proof.NONE)


def test_an_object_that_refutes_does_so_whatever_else_was_not_read(judged):
    judgement = judged(NO_CAT, objects={"Pod": [pod("cat")]}, omissions=[FORBIDDEN])
    assert judgement.result is Result.FAIL


def test_only_kinds_that_are_needed_count_as_missing(judged):
    needs = OPERATIONAL + "  needs: [Dog.example.org]\n"
    judgement = judged(needs, components=[BROKEN], omissions=[FORBIDDEN])
    assert judgement.result is Result.FAIL


@pytest.mark.parametrize(
    ("entry", "hides"),
    [
        ({"group": None, "kind": None, "resource": None, "reason": "Unreadable"}, True),
        ({"group": "example.org", "kind": None, "resource": None, "reason": "Stale"}, True),
        ({"group": "example.com", "kind": None, "resource": None, "reason": "Stale"}, False),
    ],
)
def test_a_whole_group_or_file_that_was_not_read_hides_its_kinds(judged, entry, hides):
    judgement = judged(OPERATIONAL, components=[BROKEN], omissions=[entry])
    assert judgement.result is (Result.INCONCLUSIVE if hides else Result.FAIL)


def test_null_is_cannot_tell(judged):
    unsure = OPERATIONAL.replace("components.exists(c, c.ready)", "'null'")
    assert conclusion(judged(unsure, components=[READY])) == (Result.INCONCLUSIVE, Proof.NONE)


def test_every_of_nothing_proves_nothing(judged):
    every = OPERATIONAL.replace(
        "expression: components.exists(c, c.ready)", "for_each: components\n  expression: item.ready"
    )
    every = every.replace("  inconclusive_when: size(components) == 0\n", "")
    assert judged(every).result is Result.INCONCLUSIVE
    assert judged(every, components=[READY]).result is Result.PASS


def test_a_pass_can_ask_for_a_demonstration(judged):
    facts = {"components": [READY]}
    asks = "pass_needs: demonstrated\n"
    assert conclusion(judged(OPERATIONAL, DEMONSTRATED, extra=asks, **facts)) == (
        Result.INCONCLUSIVE,
        Proof.OPERATIONAL,
    )
    facts["results"] = [{"outcome": "passed"}]
    assert judged(OPERATIONAL, DEMONSTRATED, extra=asks, **facts).result is Result.PASS


@pytest.mark.parametrize("broken", ["components[7].ready", "1 + 1", '"1"'])
def test_an_expression_that_fails_is_an_error_and_never_a_verdict(judged, broken):
    wrong = OPERATIONAL.replace("components.exists(c, c.ready)", broken)
    judgement = judged(INSTALLED, wrong, components=[READY])
    assert conclusion(judgement) == (Result.ERROR, Proof.NONE)
    assert [error.id for error in judgement.errors] == ["kennel/operational"]


def test_an_unmet_condition_makes_it_not_applicable_and_says_why(judged):
    condition = """\
match_conditions:
  - {name: has_dogs, expression: 'size(objects["Dog.example.org"]) > 0', message: There are no dogs.}
"""
    judgement = judged(OPERATIONAL, extra=condition)
    assert conclusion(judgement) == (Result.NOT_APPLICABLE, Proof.NONE)
    assert judgement.reasons == ("There are no dogs.",)


def test_the_component_that_meets_it_is_named(judged):
    named = "component: size(components) > 0 ? components[0].ref:''\n"
    assert judged(OPERATIONAL, extra=named, components=[READY]).component == "v1 Kennel red"
    assert judged(OPERATIONAL, extra=named).component is None
