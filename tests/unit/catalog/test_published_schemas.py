"""The schemas that are published are what aiconf itself reads and writes."""

import json

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from aiconf.catalog.files import find_root
from aiconf.catalog.report_models import ReportFile
from aiconf.catalog.user_models import ConfigFile
from aiconf.cli import cli
from aiconf.cli.configured import ONE_OFF, key_of
from aiconf.cli.lint import command as lint_command
from aiconf.cli.schema import SCHEMAS
from aiconf.linter import lint
from aiconf.options import Options
from aiconf.reporters.json import document
from aiconf.snapshot.format import Item, Snapshot, encode, omission


def validator(name):
    return Draft202012Validator(json.loads((find_root() / f"rules/schemas/{name}.schema.json").read_text("utf-8")))


def errors(name, data):
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(data)]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_printed_and_is_one(name):
    result = CliRunner().invoke(cli, ["schema", name])
    assert result.exit_code == 0
    Draft202012Validator.check_schema(json.loads(result.output))


def test_real_reports_have_the_published_format(fixtures):
    options = Options(exceptions=fixtures / "exceptions/dunnock.yaml", today="2026-01-01")
    written = document(lint([fixtures / "submissions"], options))
    assert errors("report", written) == []
    assert written["summary"]["suppressed"]
    assert list(written) == list(ReportFile.model_fields)
    for key in ("findings", "requirements", "inputs"):
        known = ReportFile.model_json_schema()["properties"][key]["items"]["$ref"].rpartition("/")[2]
        assert list(written[key][0]) == list(ReportFile.model_json_schema()["$defs"][known]["properties"])


def test_a_report_of_another_form_has_not(fixtures):
    written = document(lint([fixtures / "submissions/v1.37/dunnock"]))
    assert errors("report", written | {"verdict": "fine"})
    assert errors("report", {key: value for key, value in written.items() if key != "tool"})


def test_written_snapshots_have_the_published_format():
    snapshot = Snapshot(
        server={"gitVersion": "v1.37.0", "major": "1", "minor": "37"},
        apis=[{"group": "", "version": "v1", "kind": "Pod", "resource": "pods", "namespaced": True, "verbs": ["list"]}],
        items=[Item("Pod", "a", "b", b'{"kind": "Pod"}')],
        results=[{"suite": "s", "test": "t", "outcome": "passed"}],
        omissions=[omission(None, "Forbidden", "No.")],
    )
    assert errors("snapshot", json.loads(b"".join(encode(snapshot)))) == []
    assert errors("snapshot", json.loads(b"".join(encode(Snapshot())))) == []
    assert errors("snapshot", {"format": "aiconf/snapshot/v2"})


@pytest.mark.parametrize("version", ["v1.33", "v1.34", "v1.35", "v1.36", "v1.37", "v1.38"])
def test_a_clean_submission_satisfies_the_schema_for_editors(fixtures, version):
    text = (fixtures / f"submissions/{version}/corvid/PRODUCT.yaml").read_text(encoding="utf-8")
    assert errors("submission", yaml.safe_load(text)) == []


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("  vendorName:", "  vendorNam:", "$.metadata"),
        ("level: MUST", "level: must", "$.spec.networking[0].level"),
        ("status: Implemented", "status: Done", "$.spec.accelerators[0].status"),
        ("      notes:", "      note:", "$.spec.accelerators[0]"),
        ('websiteUrl: "https://', 'websiteUrl: "www.', "$.metadata.websiteUrl"),
        ("- id: ai_inference", "- id: AI Inference", "$.spec.networking[0].id"),
    ],
)  # fmt: skip
def test_slips_are_found_while_typing(fixtures, old, new, path):
    text = (fixtures / "submissions/v1.37/corvid/PRODUCT.yaml").read_text(encoding="utf-8")
    found = errors("submission", yaml.safe_load(text.replace(old, new, 1)))
    assert any(error.startswith(f"{path}: ") for error in found), found


def test_what_stands_in_a_configuration_file_are_the_options_of_lint():
    options = {key_of(option) for option in lint_command.params if option.param_type_name == "option"} - ONE_OFF
    assert options == {field.alias for field in ConfigFile.model_fields.values()}
