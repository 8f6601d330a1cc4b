"""Which entries are cited, which are the base's, and what the base says it has."""

import pytest
import yaml

from aiconf.registry import Registry
from aiconf.submission.bases import (
    Base,
    Citation,
    citations,
    component_ids,
    implemented_by_base,
    is_of,
    names_of_components,
)
from aiconf.submission.layering import Layering
from aiconf.submission.lexicon import Names

K8S, AI = "https://github.com/cncf/k8s-conformance/tree/master/", "https://github.com/cncf/k8s-ai-conformance/"


@pytest.fixture
def base(platforms):
    def build(name, folder="", own="acme"):
        found = Layering(
            layered=True,
            base=name,
            platform=platforms.named(name),
            product="Acme",
            reasons=(),
            folder=folder,
            version="v1.35",
        )
        return Base(platforms, found, own)

    return build


@pytest.fixture
def registry(tmp_path):
    def build(*paths, spec=None):
        (tmp_path / "docs").mkdir()
        for minor in range(33, 38):
            (tmp_path / "docs" / f"AIConformance-1.{minor}.yaml").touch()
        for path in paths:
            (tmp_path / path).mkdir(parents=True)
            (tmp_path / path / "PRODUCT.yaml").write_text(yaml.safe_dump({"spec": spec}), encoding="utf-8")
        return Registry(tmp_path)

    return build


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        (f"See {K8S}v1.35/eks.", Citation("k8s-conformance", "v1.35", "eks")),
        ("[it](https://github.com/cncf/k8s-conformance/v1.35/eks)", Citation("k8s-conformance", "v1.35", "eks")),
        (f"# {AI}blob/main/v1.34/eks/PRODUCT.yaml", Citation("k8s-ai-conformance", "v1.34", "eks")),
        ("[it](../../v1.34/eks/PRODUCT.yaml)", Citation("k8s-ai-conformance", "v1.34", "eks")),
        ("[it](../eks)", Citation("k8s-ai-conformance", "", "eks")),
    ],
)
def test_links_to_entries_are_found(text, cited):
    assert list(citations(text)) == [cited]


@pytest.mark.parametrize("text", ["v1.35/eks", "https://github.com/cncf/k8s-conformance", "docs/../eks", "..", ""])
def test_what_links_to_no_entry_is_no_citation(text):
    assert list(citations(text)) == []


@pytest.mark.parametrize(
    ("name", "folder", "may_be"),
    [
        ("EKS", "eks", True),
        ("EKS", "eks-auto-mode", True),
        ("EKS", "gke", False),
        ("EKS", "acme", False),
        ("RKE2", "rke-government", True),
        ("Foo", "foo-kubernetes", True),
        ("Foo", "eks", False),
        ("Foo", "acme", False),
    ],
)
def test_a_folder_may_be_that_of_the_base(base, name, folder, may_be):
    assert base(name).may_be(folder) is may_be


@pytest.mark.parametrize(
    ("name", "paths", "entry"),
    [
        ("EKS", ["v1.35/eks", "v1.34/eks"], "v1.35/eks"),
        ("EKS", ["v1.33/eks", "v1.34/eks", "v1.36/eks"], "v1.34/eks"),
        ("OKE", ["v1.34/OKE"], "v1.34/OKE"),
        ("EKS", ["v1.35/gke", "v1.36/eks"], ""),
        ("Foo", ["v1.35/foo"], "v1.35/foo"),
        ("Foo", ["v1.35/foobar"], ""),
        ("Acme", ["v1.35/acme"], ""),
    ],
)
def test_the_closest_entry_of_the_base_is_found(base, registry, name, paths, entry):
    facts = base(name).facts("", registry(*paths), "v1.35")
    assert facts == {"conformance": "", "entry": entry, "entry_cited": False}


def test_citations_of_the_base_are_told_from_others(base):
    found = base("EKS").facts(f"{K8S}v1.35/gke {AI}tree/main/v1.35/gke {K8S}v1.35/eks", None, "v1.35")
    assert found == {"conformance": "v1.35/eks", "entry": "", "entry_cited": False}
    assert base("EKS").facts("[it](../eks)", None, None)["entry_cited"]
    assert not base("Foo").facts("[the FAQ](../../faq.md)", None, None)["entry_cited"]


def test_what_the_base_implements_is_read_with_its_components(registry, components):
    rows = [
        {"id": "gang_scheduling", "status": "Implemented", "notes": "By Kueue, and by Kueue again."},
        {"id": "gpu_sharing", "status": "Implemented", "notes": ""},
        {"id": "dra_support", "status": "N/A", "notes": "By Kueue."},
        {"id": 3, "status": "Implemented"},
        "no entry",
    ]
    names = Names(names_of_components(components))
    found = implemented_by_base(registry("v1.35/eks", spec={"a": rows, "b": None}), "v1.35/eks", names)
    assert found == {"gang_scheduling": ["kueue"], "gpu_sharing": []}


def test_an_entry_that_cannot_be_read_tells_nothing(registry, components):
    found = registry("v1.35/eks", spec=["no map"])
    names = Names(names_of_components(components))
    assert implemented_by_base(found, "v1.35/eks", names) == {}
    assert implemented_by_base(found, "v1.35/gone", names) == {}
    assert component_ids(names, None) == []


@pytest.mark.parametrize(
    ("site", "name", "of"),
    [
        ("docs.aws.amazon.com/eks/latest", "EKS", True),
        ("github.com/awslabs/ai-on-eks/tree/main", "EKS", True),
        ("github.com/awslabs-acme/x", "EKS", False),
        ("notaws.amazon.com.example/x", "EKS", False),
        ("docs.acme.example/eks", "EKS", False),
        ("docs.acme.example", "Foo", False),
    ],
)
def test_the_vendors_sites_are_known(platforms, site, name, of):
    assert is_of(site, platforms.named(name)) is of


def test_sites_are_hosts_or_folders_of_hosts_in_lower_case(platforms):
    for platform in platforms._all:
        for site in platform.get("sites", ()):
            assert site == site.lower().strip("/")
            assert "." in site.partition("/")[0]
