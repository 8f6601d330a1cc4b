"""The JSON Schemas of the file format."""

import json

import pytest
import yaml
from jsonschema import Draft202012Validator

from aiconf.catalog import schema
from aiconf.catalog.files import find_root


def validator(name: str) -> Draft202012Validator:
    document = json.loads(schema.schemas()[f"rules/schemas/{name}.schema.json"])
    Draft202012Validator.check_schema(document)
    return Draft202012Validator(document)


def test_the_committed_schemas_are_what_the_models_give():
    assert schema.stale(find_root()) == []


@pytest.mark.parametrize(("kind", "file"), [("rule", "rules/pets.yaml"), ("policy", "policies/kennel.yaml")])
def test_a_file_that_loads_satisfies_its_schema(folder, kind, file):
    document = yaml.safe_load((folder.root / file).read_text(encoding="utf-8"))
    assert [error.message for error in validator(kind).iter_errors(document)] == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title:", "titel:"),
        ("authority: faq", "authority: me"),
        ("  - name: named", "  - name: Named"),
        ("expect: pass", "expect:"),
    ],
)
def test_a_file_that_does_not_load_fails_its_schema(folder, old, new):
    folder.replace("rules/pets.yaml", old, new)
    document = yaml.safe_load((folder.root / "rules/pets.yaml").read_text(encoding="utf-8"))
    assert not validator("rule").is_valid(document)


def every_property(document):
    if isinstance(document, dict):
        yield from document.get("properties", {}).items()
        for value in document.values():
            yield from every_property(value)


@pytest.mark.parametrize("kind", [*schema.MODELS, "submission"])
def test_every_key_is_described(kind):
    document = json.loads(schema.schemas()[f"rules/schemas/{kind}.schema.json"])
    assert [key for key, value in every_property(document) if not value.get("description")] == []


def test_stale_schemas_are_named_and_written(tmp_path):
    names = list(schema.schemas())
    assert schema.stale(tmp_path) == names
    assert schema.write(tmp_path) == names
    assert schema.stale(tmp_path) == []


@pytest.mark.parametrize(("arguments", "code"), [(["--check"], 0), ([], 2)])
def test_the_command_says_whether_they_are_stale(arguments, code, capsys):
    assert schema.main(arguments) == code
    assert bool(capsys.readouterr().err) == (code == 2)
