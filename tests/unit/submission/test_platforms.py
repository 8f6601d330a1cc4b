"""Distributions are known by every name they go by."""

import re

import pytest

from aiconf.submission.platforms import slug


@pytest.mark.parametrize(
    ("name", "identity"),
    [
        ("EKS", "eks"),
        ("eks", "eks"),
        ("Amazon EKS", "eks"),
        ("Amazon Elastic Kubernetes Service (EKS)", "eks"),
        ("rke-government", "rke2"),
        ("konvoy", "nkp"),
        ("vmware-vsphere-kubernetes-service", "vks"),
        ("Charmed Kubernetes", "charmed-kubernetes"),
        ("cdk", "charmed-kubernetes"),
        ("digitalocean", "doks"),
        ("k0s", "k0s"),
        ("OpenShift", "openshift"),
    ],
)
def test_a_whole_name_or_folder_tells_the_platform(platforms, name, identity):
    assert platforms.named(name)["id"] == identity


@pytest.mark.parametrize("name", ["", "Kubernetes", "Acme AI on EKS", "service", "kind of platform"])
def test_an_unknown_name_tells_none(platforms, name):
    assert platforms.named(name) is None


def test_a_product_is_the_platform_whose_full_name_it_shares(platforms):
    assert platforms.own(["Cloud Container Engine"])["id"].endswith("cce")
    assert platforms.own(["Acme Kubernetes"]) is None


def test_short_names_are_matched_letter_for_letter(platforms):
    found = [
        platform["id"]
        for platform, *_ in platforms.mentions("We acknowledge (ack) that EKS and the EKSctl tool differ.")
    ]
    assert found == ["eks"]


def test_ids_are_unique_and_names_belong_to_one_platform(platforms):
    ids = [platform["id"] for platform in platforms._all]
    assert len(ids) == len(set(ids)) >= 25
    owners: dict[str, str] = {}
    for platform in platforms._all:
        for name in (platform["name"], *platform.get("aliases", ())):
            assert owners.setdefault(name, platform["id"]) == platform["id"], name
            assert re.fullmatch(r"\S.*\S|\S", name)


def test_component_ids_are_unique_and_names_belong_to_one_component(components):
    owners: dict[str, str] = {}
    for component in components["components"]:
        for name in (component["name"], *component.get("aliases", ())):
            assert owners.setdefault(name, component["id"]) == component["id"], name
        assert component["layer"] in ("infrastructure", "runtime")
        assert component["requirements"] or component["test_only"]


def test_the_vendors_own_name_is_not_the_base(names_on):
    kinds = {kind for kind, *_ in names_on("EKS", own=["Amazon"]).find("Amazon Bedrock is ours")}
    assert kinds == {"own"}


def test_slugs_are_lower_case_words():
    assert slug("OCI Kubernetes Engine (OKE)") == "oci-kubernetes-engine-oke"
