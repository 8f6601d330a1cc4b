"""Who owns what is read from wherever it is said."""

import time

import pytest

from aiconf.submission.attribution import AttributionReader

IDS = [
    "dra_support",
    "gang_scheduling",
    "cluster_autoscaling",
    "gpu_sharing",
    "disaggregated_inference",
    "secure_accelerator_access",
]


@pytest.fixture
def reader(labels, names_on):
    return AttributionReader(labels, names_on("EKS"), IDS)


@pytest.mark.parametrize(
    ("notes", "owner", "component", "contribution"),
    [
        (
            "Layer: layered runtime (KAI Scheduler). Contribution: MUST — variant.\n\nProse.",
            "layered",
            "KAI Scheduler",
            "variant",
        ),
        (
            "Layer: base Amazon EKS (Cluster Autoscaler). Contribution: matches the base — as is.",
            "base",
            "Cluster Autoscaler",
            "matches_base",
        ),
        (
            (
                "Layer: base EKS v1.35 provides the API. Layered runtime: NVIDIA DRA driver (plugin) publishes. "
                "Contribution: layered implementation of DRA."
            ),
            "both",
            "NVIDIA DRA driver",
            "implements",
        ),
        ("**Layer:** base (EKS)\n**Contribution:** matches the base.", "base", "EKS", "matches_base"),
        (
            "- Owner: layered runtime (HAMi)\n- Contribution: SHOULD addition — slices",
            "layered",
            "HAMi",
            "should_addition",
        ),
        ("* **Owner** — the layered product\n* **Contribution** — MUST replacement", "layered", "", "must_replacement"),
        ("Contribution: SHOULD addition. Layer: add-on (HAMi).", "layered", "HAMi", "should_addition"),
        ("Layer = layered; Contribution = variant; Component = Kueue", "layered", "Kueue", "variant"),
        ("Layer: layered runtime (Kueue) Contribution: variant of gang scheduling", "layered", "Kueue", "variant"),
        (
            "Base: EKS DRA API. Layered: NVIDIA DRA driver. Contribution: implements",
            "both",
            "NVIDIA DRA driver",
            "implements",
        ),
        ("Layers: base EKS (DRA API) and layered runtime (NVIDIA DRA driver).", "both", "NVIDIA DRA driver", ""),
        ("Base platform: Amazon EKS v1.35. Layered runtime: Kueue.", "layered", "Kueue", ""),
        ("Owned by: base. Contribution: none", "base", "", "matches_base"),
        ("This requirement is owned by the base platform (EKS).", "base", "", ""),
        ("Layer: KAI Scheduler on EKS. Contribution: variant", "layered", "KAI Scheduler", "variant"),
        ("Layer: EKS Cluster Autoscaler.", "base", "Cluster Autoscaler", ""),
        ("Layer: layered. Contribution: not a replacement; a variant of Volcano.", "layered", "", "variant"),
        ("Layer: layered. Contribution: MUST — wires metrics into the HPA.", "layered", "", ""),
        ("Layer: both. Contribution: extends the base", "both", "", "variant"),
        (
            "Layer: layered runtime (KAI on the base). Contribution: roadmap feature",
            "layered",
            "KAI on the base",
            "roadmap",
        ),
    ],
)
def test_labelled_notes_say_it(reader, notes, owner, component, contribution):
    found = reader.from_notes(notes)
    assert (found.owner, found.component, found.contribution) == (owner, component, contribution)


@pytest.mark.parametrize(
    "notes", ["", "KAI Scheduler runs on EKS.", "The layer adds a scheduler; see: README.", "Layered caching is used."]
)
def test_notes_without_labels_say_nothing(reader, notes):
    assert reader.from_notes(notes) is None


def test_the_place_of_a_statement_is_that_of_its_words(reader):
    notes = "Intro. Layer: layered (Kueue). Contribution: variant. More prose."
    found = reader.from_notes(notes)
    assert {field: notes[start:end] for field, (start, end) in found.spans.items()} == {
        "owner": "Layer: layered (Kueue)",
        "contribution": "Contribution: variant",
    }


@pytest.mark.parametrize(
    ("notes", "words"),
    [
        ("Layer: layered runtime (Kueue). Contribution: not applicable.", "not applicable"),
        ("Layer: layered runtime — does not apply.", "does not apply"),
        ("Layered: doesn't apply. Base: EKS.", "doesn't apply"),
        ("Layer: layered runtime (Kueue). N/A: nothing is queued.", "N/A"),
        ("Base: does not apply. Layered: Kueue.", ""),
        ("Layer: layered runtime (Kueue). The quota does not apply to whole devices.", ""),
        ("Layer: layered runtime (Kueue). Not applicable to slices.", ""),
    ],
)
def test_what_is_said_not_to_apply_to_the_product_is_told(reader, notes, words):
    assert reader.from_notes(notes).does_not_apply == words


def test_what_does_not_apply_to_the_layer_is_the_bases(reader):
    assert reader.from_notes("Layered: does not apply.").owner == "base"


@pytest.mark.parametrize(
    "table",
    [
        (
            "|Requirement|Layer|Component|Contribution|"
            "\n|-|-|-|-|\n|`gang_scheduling`|layered|KAI Scheduler|MUST — variant|"
        ),
        (
            "|Kind of contribution|Component|Owner|Feature|"
            "\n|-|-|-|-|\n|variant|KAI Scheduler|Layered runtime|Gang scheduling|"
        ),
        "|#|Requirement|Layer / Component|Contribution|\n|-|-|-|-|\n|1|gang_scheduling|Layered: KAI Scheduler|variant|",
        (
            "|Requirement|Base|Layered component|Contribution kind|"
            "\n|-|-|-|-|\n|`gang_scheduling` (MUST)|—|KAI Scheduler|variant|"
        ),
    ],
)
def test_tables_say_it_in_any_column_order(reader, table):
    ((name, found),) = reader.from_readme(table)
    assert (name, found.owner, found.component, found.contribution) == (
        "gang_scheduling",
        "layered",
        "KAI Scheduler",
        "variant",
    )


def test_a_table_with_a_column_per_layer_tells_both(reader):
    rows = dict(
        reader.from_readme(
            "|Requirement|Base|Layered|\n|-|-|-|\n|dra_support|DRA API|NVIDIA DRA driver|"
            "\n|gpu_sharing|n/a|✓|\n|cluster_autoscaling|✓||"
        )
    )
    assert [rows[name].owner for name in ("dra_support", "gpu_sharing", "cluster_autoscaling")] == [
        "both",
        "layered",
        "base",
    ]


def test_other_tables_say_nothing(reader):
    assert not list(reader.from_readme("|Node|GPU|\n|-|-|\n|a|H100|\n\n|gang_scheduling|\n|-|\n|x|"))


def test_the_roadmap_section_lists_roadmap_features(reader):
    ((name, found),) = reader.from_readme(
        "## Roadmap\n\n- **Disaggregated inference** with NVIDIA Dynamo.\n- something else"
    )
    assert (name, found.contribution, found.component) == ("disaggregated_inference", "roadmap", "NVIDIA Dynamo")


def test_layers_file_wins_over_notes_and_notes_over_the_readme(reader):
    notes = {"gang_scheduling": "Layer: layered (Kueue). Contribution: variant."}
    readme = "|Requirement|Layer|Contribution|\n|-|-|-|\n|gang_scheduling|base|implements|"
    layers = {
        "base": "EKS",
        "layers": {"gang_scheduling": {"owner": "both", "component": "KAI", "contribution": "roadmap"}},
    }
    conclude = reader.conclude
    assert conclude(notes, readme, {})["gang_scheduling"].owner == "layered"
    found = conclude(notes, readme, layers)["gang_scheduling"]
    assert (found.owner, found.component, found.contribution) == ("both", "KAI", "roadmap")
    assert [s.source for s in found.statements] == ["layers_file", "notes", "readme"]


def test_the_readme_fills_in_what_notes_leave_open(reader):
    notes = {"gang_scheduling": "Layer: layered (Kueue). Contribution: MUST — runs gangs."}
    readme = "|Requirement|Contribution kind|\n|-|-|\n|gang_scheduling|MUST — implements|"
    found = reader.conclude(notes, readme, {})["gang_scheduling"]
    assert (found.owner, found.contribution, found.level, found.contradictions) == ("layered", "implements", "MUST", ())


def test_places_that_disagree_are_a_contradiction(reader):
    notes = {"gang_scheduling": "Layer: layered (Kueue). Contribution: variant."}
    readme = "|Requirement|Layer|Contribution|\n|-|-|-|\n|gang_scheduling|Base|matches the base|"
    first, second = reader.conclude(notes, readme, {})["gang_scheduling"].contradictions
    assert (first["field"], first["values"]) == ("owner", ["layered", "base"])
    assert [statement.source for statement in first["statements"]] == ["notes", "readme"]
    assert (second["field"], second["values"]) == ("contribution", ["variant", "matches_base"])
    assert [statement.line for statement in second["statements"]] == [0, 3]


def test_both_layers_agree_with_either(reader):
    notes = {"dra_support": "Layer: both (EKS, NVIDIA DRA driver). Contribution: implements."}
    readme = "|Requirement|Layer|\n|-|-|\n|dra_support|Layered|"
    assert reader.conclude(notes, readme, {})["dra_support"].contradictions == ()


def test_nothing_said_is_unstated(reader):
    found = reader.conclude({"gpu_sharing": "Works."}, "", {})["gpu_sharing"]
    assert (found.owner, found.component, found.contribution, found.statements) == ("unstated", "", "unstated", ())


@pytest.mark.parametrize("layers", [{"layers": []}, {"layers": {"x": 3, 4: {}}}, {"layers": {"x": {"owner": 1}}}])
def test_an_odd_layers_file_says_nothing(reader, layers):
    assert all(not (s.owner or s.component) for _, s in reader.from_layers_file(layers))


@pytest.mark.parametrize(
    "text",
    ["Layer: " * 60_000, "|" * 300_000, "| a |\n|---|\n" + "|x|\n" * 60_000, "(" * 300_000, "Layer: base (" * 30_000],
)
def test_hostile_texts_take_time_in_proportion(reader, text):
    start = time.process_time()
    reader.conclude({"gang_scheduling": text}, text, {})
    assert time.process_time() - start < 20


def test_the_labelled_submission_is_read_exactly(upstream, labels, names_on):
    import json  # noqa: PLC0415 - for this test only

    import yaml  # noqa: PLC0415 - for this test only

    product = upstream / "v1.35" / "nvidia-nim-eks"
    document = yaml.safe_load((product / "PRODUCT.yaml").read_text(encoding="utf-8"))
    notes = {entry["id"]: entry["notes"] for entries in document["spec"].values() for entry in entries}
    rows = json.loads((upstream.parent / "gold" / "attribution.json").read_text(encoding="utf-8"))
    reader = AttributionReader(labels, names_on("EKS", own=["NVIDIA NIM", "NVIDIA"]), notes)
    found = reader.conclude(notes, (product / "README.md").read_text(encoding="utf-8"), {})
    wanted = [row for row in rows if row["explicit"] and row["layered"] is True and row["contribution"] != "roadmap"]
    assert len(wanted) > 10
    for row in wanted:
        got = found[row["requirement"]]
        assert (got.owner, got.contribution) == (row["owner_layer"], row["contribution"].replace("-", "_")), row[
            "requirement"
        ]
