"""Samples written before anything was tuned on them: floors for what is read from notes, READMEs and metadata."""

import pytest
import yaml

from aiconf.submission.attribution import AttributionReader
from aiconf.submission.layering import LayeringReader, Submission, Text, comment_texts
from tests.unit.submission.conftest import ROOT

IDS = [
    "dra_support",
    "gpu_sharing",
    "gang_scheduling",
    "cluster_autoscaling",
    "accelerator_metrics",
    "secure_accelerator_access",
]
URL = "https://github.com/cncf/k8s-conformance/tree/master/v1.35/"


def samples(name):
    path = ROOT / "fixtures" / "layering" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def said(row):
    return row["owner"], row["component"], row["contribution"]


@pytest.fixture
def reader_on(labels, names_on):
    return lambda base: AttributionReader(labels, names_on(base), IDS)


def test_notes_are_read(reader_on):
    rows = samples("notes")
    found = [(row, reader_on(row.get("base", "EKS")).from_notes(row["notes"])) for row in rows]
    owners = [row for row, got in found if not got or (got.owner, got.contribution) != said(row)[::2]]
    assert not owners
    exact = [row for row, got in found if (got.owner, got.component, got.contribution) == said(row)]
    assert len(exact) / len(rows) >= 0.9


def test_readmes_are_read(reader_on):
    for row in samples("readmes"):
        found = [
            (name, s.owner, s.component, s.contribution) for name, s in reader_on("EKS").from_readme(row["readme"])
        ]
        assert (row["requirement"], *said(row)) in found, row


def test_layered_products_are_told_from_others(labels, platforms):
    reader = LayeringReader(labels, platforms)
    rows = samples("products")
    wrong = [row for row in rows if platform_of(reader.conclude(submission(row))) != row["base"]]
    assert not [row for row in wrong if row["base"] == ""], "called layered, and is not"
    assert 1 - len(wrong) / len(rows) >= 0.95, wrong


def platform_of(found):
    return found.platform["id"] if found.platform else found.base


def submission(row):
    description = row.get("description", "")
    metadata = {
        "platformName": row["name"],
        "vendorName": row.get("vendor", "Plover"),
        "k8sConformanceUrl": URL + row["url"] if "url" in row else None,
        "description": description,
    }
    texts = [
        Text("/metadata/description", description),
        *comment_texts([(1, row["comment"])] if "comment" in row else []),
        *([Text("README.md", row["readme"], 1)] if "readme" in row else []),
    ]
    return Submission(metadata, row.get("folder", "plover"), {"/spec/a/0/notes": row.get("notes", "")}, texts)
