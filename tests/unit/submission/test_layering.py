"""A product is layered when it stands on another one, and only then."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.source import load_source
from aiconf.submission.facts import snake_case
from aiconf.submission.layering import LayeringReader, Submission, Text, comment_texts
from aiconf.submission.prose import split_sentences

URL = "https://github.com/cncf/k8s-conformance/tree/master/v1.35/"


@pytest.fixture
def reader(labels, platforms):
    return LayeringReader(labels, platforms)


def submission(name, folder="acme", url="", vendor="Acme", notes="", description=""):
    metadata = {
        "platformName": name,
        "vendorName": vendor,
        "k8sConformanceUrl": URL + url if url else None,
        "description": description,
    }
    texts = [Text("/metadata/description", description)]
    return Submission(metadata, folder, {"/spec/a/0/notes": notes}, texts)


@pytest.mark.parametrize(
    ("given", "base", "kind"),
    [
        (submission("Acme AI on EKS"), "EKS", "name"),
        (submission("Acme AI (on OpenShift)"), "OpenShift", "name"),
        (submission("Acme AI on top of Charmed Kubernetes", url="cdk"), "Charmed Kubernetes", "name"),
        (submission("Acme AI on Foo Platform", url="foo-platform"), "Foo Platform", "name"),
        (submission("Acme AI", url="rke-government"), "RKE2", "conformance_url"),
        (submission("k0rdent AI", folder="k0rdent", url="k0s", vendor="Mirantis"), "k0s", "conformance_url"),
        (submission("Acme AI", notes="Layer: base GKE (autoscaler). Contribution: matches the base."), "GKE", "label"),
        (submission("Acme AI", description="Acme AI is a layered AI inference product on Amazon EKS."), "EKS", "prose"),
        (submission("Acme AI", description="Acme AI is built on top of k0s."), "k0s", "prose"),
        (submission("Acme for GKE", description="It runs on GKE."), "GKE", "name"),
    ],
)
def test_a_product_on_another_is_layered(reader, given, base, kind):
    found = reader.conclude(given)
    assert found.layered
    assert found.base == base
    assert kind in {reason.kind for reason in found.reasons}


@pytest.mark.parametrize(
    "given",
    [
        submission(
            "Amazon Elastic Kubernetes Service (EKS)",
            "eks",
            "eks",
            "Amazon Web Services (AWS)",
            description="EKS runs on AWS.",
        ),
        submission("Red Hat OpenShift Service on AWS", "rosa", "openshift", "Red Hat"),
        submission(
            "RKE2", "rke2", "rke-government", "SUSE", notes="Accelerator metrics are available through SUSE AI."
        ),
        submission(
            "Nutanix Kubernetes Platform", "nkp", "konvoy", "Nutanix", description="NKP is built on Cluster API."
        ),
        submission("RKE2 on Harvester", "rke2", "rke-government", "SUSE"),
        submission("Acme Kubernetes", notes="Tests ran on top of EKS nodes; AWS Karpenter was used on EKS."),
        submission("Acme Kubernetes", description="Acme Kubernetes is not a layered product."),
        submission("Acme Kubernetes", description="Whether a layered product on EKS is possible was not tried."),
        submission("Acme Kubernetes", url="acme-kubernetes-engine"),
        submission("Acme Kubernetes", description="It manages clusters on EKS, AKS and GKE."),
        submission("IBM Cloud Managed Clusters", "ibm-clusters", "iks", "IBM"),
    ],
)
def test_a_distribution_is_not_layered(reader, given):
    found = reader.conclude(given)
    assert not found.layered, found.reasons
    assert found.base == ""


def test_the_caller_knows_better(reader):
    given = submission("Acme AI on EKS", url="eks")
    assert not reader.conclude(given, layered=False).layered
    assert reader.conclude(submission("Acme AI", url="somewhere"), layered=True).base == "somewhere"
    found = reader.conclude(given, base="Talos")
    assert (found.base, found.platform["id"]) == ("Talos", "talos")


def test_product_and_cited_entry_are_told(reader):
    found = reader.conclude(submission("Acme AI on EKS", url="eks"))
    assert (found.product, found.folder, found.version) == ("Acme AI", "eks", "v1.35")


def test_metadata_of_any_type_is_survived(reader):
    found = reader.conclude(Submission({"platformName": 3, "vendorName": None, "k8sConformanceUrl": ["x"]}, ""))
    assert not found.layered


def test_comments_of_consecutive_lines_are_one_text():
    texts = list(comment_texts([(3, "It is"), (4, "layered."), (9, "Other")]))
    assert [(text.line, text.text) for text in texts] == [(3, "It is\nlayered."), (9, "Other")]
    assert list(comment_texts([])) == []


def test_reasons_in_comments_carry_their_line(reader):
    given = Submission(
        {"platformName": "Acme AI"},
        "acme",
        {},
        list(comment_texts([(7, "Hello."), (8, "Acme AI is a layered product on EKS.")])),
    )
    (reason,) = reader.conclude(given).reasons
    assert (reason.where, reason.line, reason.base) == ("comment", 8, "EKS")


def test_real_submissions_are_told_apart(upstream, reader):
    gold = json.loads((upstream.parent / "gold" / "submissions.json").read_text(encoding="utf-8"))
    for row in gold:
        path = upstream / row["path"]
        found = reader.conclude(read(path))
        if row["layered"] != "unclear":
            assert found.layered == row["layered"], (row["path"], found.reasons)
        if row["layered"] is True:
            assert found.platform["id"] == row["base"]


def read(path):
    source = load_source(path)
    written = source.data.get("metadata") or {}
    metadata = {
        name: written.get(name, written.get(snake_case(name)))
        for name in ("platformName", "vendorName", "k8sConformanceUrl", "description")
    }
    notes = {
        f"/spec/{category}/{index}/notes": entry["notes"]
        for category, entries in (source.data.get("spec") or {}).items()
        for index, entry in enumerate(entries or ())
        if isinstance(entry, dict) and isinstance(entry.get("notes"), str)
    }
    texts = [
        Text("/metadata/description", str(metadata["description"] or "")),
        *comment_texts((c.line, c.text) for c in source.comments),
    ]
    readme = path.parent / "README.md"
    if readme.exists():
        texts.append(Text("README.md", readme.read_text(encoding="utf-8"), 1))
    return Submission(metadata, path.parent.name, notes, texts)


WORDS = ["EKS", "Azure Kubernetes", "Service", "layered", "product", "on top of", "built", "on", "Acme", "not"]
MARKS = ["**", "`", "_", "\n", " ", " ", " ", "<b>", "](u)", "[", "# ", "- ", "|", "!", ".", "https://x.example/EKS"]


@given(st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=14))
def test_what_is_passed_over_holds_no_sign(labels, platforms, parts):
    reader = LayeringReader(labels, platforms)
    text = Text("README.md", "".join(parts), 1)
    own = platforms.named("GKE")
    if not reader._may_tell(text.text, own):
        sentences = split_sentences(text.text)
        assert not [s for s in sentences if reader._prose_reason(text, s.clean, s.start, own)]
