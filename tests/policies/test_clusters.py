"""Whole clusters against all policies: each shows what it was built for, and nothing of what is then broken in it."""

import json
from functools import cache

import pytest

from aiconf.catalog.invariants import missing_policies
from aiconf.catalog.load import load_catalog
from aiconf.judgement import judge
from aiconf.model import Level, Proof, Result
from aiconf.observer import read_document
from tests.clusters.catalog import CLUSTERS
from tests.clusters.mutations import mutations
from tests.clusters.shows import SHOWS

PROOFS = list(Proof)


@cache
def catalog():
    return load_catalog(None)


@cache
def policies():
    return {policy.id: policy for policy in catalog().policies}


@cache
def built(name):
    return CLUSTERS[name]()


def judged(cluster, requirement):
    """What a cluster shows of a requirement, read as a snapshot is read."""
    seen = read_document(json.dumps(cluster.snapshot()).encode(), catalog(), "snapshot.json")
    policy = policies()[requirement]
    return judge(policy, {**seen.facts_for(policy), "requirement": None}, seen.path, Level.MUST)


def test_every_requirement_of_every_supported_version_has_a_policy():
    assert missing_policies(catalog()) == ()


@pytest.mark.parametrize("name", CLUSTERS)
def test_a_cluster_shows_what_it_was_built_to_show(name):
    wrong = {}
    for requirement, shown in SHOWS[name].items():
        found = judged(built(name), requirement)
        weaker = PROOFS.index(found.proof) < PROOFS.index(Proof(shown.proof))
        if str(found.result) != shown.result or weaker:
            wrong[requirement] = (found.result, found.proof, shown.result, shown.proof, found.reasons)
    assert wrong == {}


# A part of them runs each time; which, is told by the mutation itself, so that every run on one commit is the same.
@pytest.mark.parametrize("name", CLUSTERS)
def test_nothing_that_breaks_what_shows_a_requirement_leaves_a_pass(name, all_mutations):
    survivors, tried = [], 0
    for number, mutation in enumerate(mutations({name: built(name)})):
        if mutation.stands or (not all_mutations and number % 9):
            continue
        broken = built(name).copy()
        mutation.edit(broken)
        found = judged(broken, mutation.requirement)
        tried += 1
        if found.result in (Result.PASS, Result.ERROR):
            survivors.append((mutation.requirement, mutation.name, found.result, found.reasons))
    assert tried
    assert survivors == []
