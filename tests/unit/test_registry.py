"""Registries: found upward, read, and preferred over the built-in facts."""

import pytest

from aiconf.catalog.load import load_catalog
from aiconf.errors import InputError
from aiconf.registry import (
    ChecklistEntry,
    Registry,
    built_in_checklist,
    checklist_for,
    description_digest,
    find_registry,
    is_registry,
    version_key,
)


@pytest.fixture(scope="module")
def facts():
    return load_catalog().data["checklists"]


@pytest.fixture
def registry(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "AIConformance-1.38.yaml").write_text(
        'spec:\n  operator:\n    - {id: one, level: MUST, description: "First.  Second."}\n', encoding="utf-8"
    )
    return Registry(tmp_path)


def test_a_registry_is_found_above_a_product(registry):
    product = registry.root / "v1.38" / "acme"
    product.mkdir(parents=True)
    found = find_registry(product)
    assert found is not None
    assert found.root == registry.root


def test_a_folder_without_checklists_is_no_registry(tmp_path):
    (tmp_path / "docs").mkdir()
    assert not is_registry(tmp_path)


def test_a_checklist_newer_than_the_release_works_from_the_registry(registry, facts):
    assert built_in_checklist(facts, "v1.38") is None
    checklist = checklist_for("v1.38", registry, facts)
    assert checklist is not None
    assert [(entry.id, entry.category, entry.level) for entry in checklist.entries] == [("one", "operator", "MUST")]


def test_the_built_in_facts_stand_in_where_the_registry_has_no_checklist(registry, facts):
    checklist = checklist_for("v1.37", registry, facts)
    assert checklist is not None
    assert len(checklist.entries) == 15


def test_a_description_is_told_apart_by_letters_and_by_white_space(registry):
    (entry,) = registry.checklist("v1.38").entries
    assert entry.compare("First.  Second.") == "same"
    assert entry.compare("First. Second.\n") == "whitespace"
    assert entry.compare("First. Third.") == "different"


def test_a_description_known_by_digest_alone_is_told_apart_too():
    entry = ChecklistEntry("one", "operator", "MUST", description_digest("First. Second."))
    assert entry.compare("First. Second.") == "same"
    assert entry.compare("First.\n Second.") == "whitespace"
    assert entry.compare("Second.") == "different"


def test_a_broken_checklist_is_an_error_with_its_line(registry):
    (registry.root / "docs" / "AIConformance-1.38.yaml").write_text("spec: [", encoding="utf-8")
    with pytest.raises(InputError, match="line 1"):
        Registry(registry.root).checklist("v1.38")


def test_versions_are_ordered_by_number(registry):
    (registry.root / "docs" / "AIConformance-1.9.yaml").write_text("spec: {}", encoding="utf-8")
    assert Registry(registry.root).versions == ["v1.9", "v1.38"]
    assert version_key("v1.9") < version_key("v1.10")


def test_products_are_the_folders_that_hold_a_submission(registry):
    for name in ("b", "a", "empty"):
        (registry.root / "v1.38" / name).mkdir(parents=True)
    for name in ("b", "a"):
        (registry.root / "v1.38" / name / "PRODUCT.yaml").write_text("{}", encoding="utf-8")
    assert registry.products("v1.38") == ["a", "b"]
    assert registry.products("v1.1") == []
