"""What is written of a row is read back as the same row, from notes and from the README's table."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aiconf.layers.markdown import block
from aiconf.layers.statement import Language
from aiconf.layers.table import Row

ROOT = Path(__file__).parents[3]
NAMES = ("rules/labels", "policies/distributions", "policies/components")
DATA = {
    name.partition("/")[2]: yaml.load((ROOT / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    for name in NAMES
}
KINDS = ["must_replacement", "variant", "should_addition", "roadmap", "implements"]
PRODUCT = {"platformName": "Acme Stack on EKS", "vendorName": "Acme"}
COMPONENTS = st.from_regex(r"[A-Z][A-Za-z0-9]{2,12}( [A-Za-z0-9+/-]{2,12}){0,3}", fullmatch=True).filter(
    lambda name: not name.endswith(("-", "/", "+"))
)


def language(base="EKS"):
    submission = {
        "base": {"name": base},
        "metadata": PRODUCT,
        "directory": {"product": "acme"},
        "entries": [{"id": "gang_scheduling"}],
    }
    return Language.of(DATA, submission)


LANGUAGE = language()


def written(notes, row, level="MUST", words=LANGUAGE):
    for start, end, new in words.rewordings(notes, row, level):
        whole = notes[:start] + new + (" " if notes and not end else "") + notes[end:]
        if words.exactly(whole, row):
            return whole
    return None


@pytest.mark.parametrize("base", ["EKS", "GKE", "Amazon Elastic Kubernetes Service (EKS)", "Some Unknown Base", "k0s"])
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("owner", ["base", "layered", "both"])
@pytest.mark.parametrize(
    "notes",
    ["", "Prose of its own.", "Layer: base EKS (Volcano). Contribution: matches the base — as it is.\nProse.",
     "- **Owner**: layered runtime (HAMi)\n- **Contribution**: SHOULD addition"],
)  # fmt: skip
def test_a_row_written_into_notes_reads_back(base, kind, owner, notes):
    row = {"owner": owner, "component": "KAI Scheduler", "contribution": kind}
    assert written(notes, row, words=language(base)) is not None


@given(COMPONENTS, st.sampled_from(KINDS), st.sampled_from(["base", "layered", "both"]))
def test_rows_of_any_plain_component_read_back_from_the_table(component, kind, owner):
    row = Row("gang_scheduling", "MUST", "Implemented", owner, component, kind, "MUST", ("https://x.example/a|b",))
    (said,) = [statement for _, statement in LANGUAGE.reader.from_readme(block("P", "EKS", [row], []))]
    assert (said.owner, said.component, said.contribution, said.level) == (owner, component, kind, "MUST")


@pytest.mark.parametrize("component", ["a_b_ c", "*x*", "`x`", "a|b", "a\\|b", "[x](y)", "<b>", "x\\"])
def test_markdown_in_a_component_is_shown_as_it_is_and_reads_back(component):
    row = Row("gang_scheduling", "MUST", "Implemented", "layered", component, "variant", "", ())
    (said,) = [statement for _, statement in LANGUAGE.reader.from_readme(block("P", "EKS", [row], []))]
    assert said.component == component


def test_only_the_contribution_changes_where_the_layer_is_right():
    notes = "Layer: layered runtime (KAI Scheduler). Contribution: MUST — places pods as a group.\n\nProse."
    row = {"owner": "layered", "component": "KAI Scheduler", "contribution": "variant"}
    assert written(notes, row) == (
        "Layer: layered runtime (KAI Scheduler). Contribution: MUST — meaningfully different variant — places pods as "
        "a group.\n\nProse."
    )
