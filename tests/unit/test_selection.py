"""Selection of rules by what a user names."""

import pytest

from aiconf.catalog.load import load_catalog
from aiconf.errors import UsageError
from aiconf.model import Authority
from aiconf.selection import select


@pytest.fixture(scope="module")
def catalog():
    return load_catalog()


def test_without_names_everything_runs(catalog):
    assert select(catalog).ids == frozenset(catalog.ids())


def test_a_file_stands_for_all_of_its_rules(catalog):
    chosen = select(catalog, ["conformance"]).ids
    assert chosen == {id_ for id_ in catalog.ids() if id_.startswith("conformance/")}
    assert chosen


def test_ignored_rules_are_taken_from_the_selected_ones(catalog):
    chosen = select(catalog, ["conformance"], ["conformance/url_format"]).ids
    assert "conformance/url_format" not in chosen
    assert "conformance/url_version_mismatch" in chosen


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("metadata/field_mising", "metadata/field_missing"),
        ("metdata", "metadata"),
        ("field_missing", "metadata/field_missing"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest_known_one(catalog, name, hint):
    with pytest.raises(UsageError, match=hint):
        select(catalog, [name])


def test_authorities_admit_findings_not_rules(catalog):
    selection = select(catalog, authorities=[Authority.VALIDATOR])
    assert selection.admits(Authority.VALIDATOR)
    assert not selection.admits(Authority.CONVENTION)
