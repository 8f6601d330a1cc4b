"""From files, or the compiled form, to a catalog."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aiconf.catalog import load as load_module
from aiconf.catalog.files import digest_of, find_root, read_files
from aiconf.catalog.load import compiled, load_catalog
from aiconf.errors import CatalogError
from aiconf.model import Authority, Proof, Severity


def test_a_rule_file_becomes_a_rule(folder):
    file = folder.load().file("pets")
    assert (file.path, file.title, file.is_policy) == ("rules/pets.yaml", "Pets are named and small", False)
    assert [condition.name for condition in file.match_conditions] == ["has_pets"]
    assert [variable.name for variable in file.variables] == ["pets", "small", "unused"]
    assert [test.name for test in file.tests] == ["A named mouse", "Nobody"]
    assert (file.tests[1].expect, file.tests[1].fails, file.tests[1].text) == ("fail", ("named", "one_small"), "")
    assert file.tests[1].line == 37


def test_a_validation_carries_what_the_file_says(folder):
    named = folder.load().validation("pets/named")
    assert (named.authority, named.severity, named.line) == (Authority.FAQ, Severity.WARNING, 12)
    assert named.source == ("https://example.org/pets",)
    bindings = {"item": {"pointer": "/pets/0", "kind": "Cat", "name": ""}, "variables": {"pets": [1, 2]}}
    assert named.expression.evaluate(bindings) is False
    assert named.at.render_pointer(bindings) == "/pets/0/name"
    assert named.message.render(bindings) == "Cat has no name; there are 2 pets, and {braces}."


def test_a_validation_has_its_own_source_where_it_gives_one(folder):
    assert folder.load().validation("pets/one_small").source == ("https://example.org/mice",)


def test_a_validation_knows_the_variables_it_needs_in_order(folder):
    catalog = folder.load()
    assert [variable.name for variable in catalog.validation("pets/named").variables] == ["pets"]
    assert [variable.name for variable in catalog.validation("pets/one_small").variables] == ["pets", "small"]


def test_a_policy_file_becomes_a_policy(folder):
    catalog = folder.load()
    (policy,) = catalog.policies
    assert (policy.id, policy.is_policy, policy.kinds) == ("kennel", True, ("Pod", "Workload.kueue.x-k8s.io"))
    (operational,) = policy.validations
    assert operational.proves is Proof.OPERATIONAL
    assert operational.objects.evaluate({"objects": {"Pod": [1]}}) == [1]
    assert (policy.tests[0].snapshot, policy.tests[0].proof) == ("ready", Proof.OPERATIONAL)


def test_a_data_file_is_kept_by_name(folder):
    assert folder.load().data["sizes"]["sizes"] == {"mouse": 1, "elephant": 1000}


def test_ids_are_sorted_and_earlier_ids_still_lead_to_the_validation(folder):
    catalog = folder.load()
    assert catalog.ids() == ("kennel/operational", "pets/named", "pets/one_small")
    assert catalog.validation("animals/named") is catalog.validation("pets/named")
    assert catalog.validation("pets/none") is None


def test_a_schema_comes_with_its_document(folder):
    folder.write("rules/schemas/pet.json", '{"type": "object"}')
    folder.replace("rules/pets.yaml", "    for_each:", "    schema: schemas/pet.json\n    for_each:")
    schema = folder.load().validation("pets/named").schema
    assert (schema.name, schema.document) == ("rules/schemas/pet.json", {"type": "object"})


def test_validations_share_a_schema(folder):
    folder.write("rules/schemas/pet.json", '{"type": "object"}')
    for key in ("    for_each:", "    severity_expression:"):
        folder.replace("rules/pets.yaml", key, f"    schema: schemas/pet.json\n{key}")
    catalog = folder.load()
    assert catalog.validation("pets/named").schema is catalog.validation("pets/one_small").schema


def test_a_tests_document_is_the_files_default(folder):
    folder.replace("rules/pets.yaml", "tests:", "default_submission: v1.37/corvid\ntests:\n  - {name: A, expect: pass}")
    first, second, _ = folder.load().file("pets").tests
    assert (first.submission, second.submission) == ("v1.37/corvid", None)


def test_a_failure_at_run_time_names_the_place_in_the_rule_file(folder):
    expression = folder.load().validation("pets/one_small").expression
    with pytest.raises(Exception, match=r"^rules/pets\.yaml:29:12: "):
        expression.evaluate({"variables": {"small": []}})


def test_a_fresh_and_a_cached_catalog_are_the_same(folder):
    assert content_of(folder.load()) == content_of(folder.load())
    assert folder.load().files


def test_the_digest_covers_every_path_and_byte(folder):
    digests = {folder.load().digest}
    folder.write("rules/schemas/unused.json", "{}")
    digests.add(folder.load().digest)
    folder.write("rules/schemas/unused.json", "{ }")
    digests.add(folder.load().digest)
    (folder.root / "rules/schemas/unused.json").rename(folder.root / "rules/schemas/renamed.json")
    digests.add(folder.load().digest)
    assert len(digests) == 4
    assert folder.load().digest == digest_of(read_files(folder.root))


def test_hidden_files_and_other_endings_count_for_nothing(folder):
    before = folder.load().digest
    folder.write("rules/.swap.yaml", "x")
    folder.write("rules/.git/a.yaml", "x")
    folder.write("rules/README.md", "x")
    assert folder.load().digest == before


def test_a_file_ending_in_yml_is_not_silently_left_out(folder):
    folder.write("rules/cats.yml", "x")
    with pytest.raises(CatalogError, match=r"cats\.yml: rename it to end in '\.yaml'"):
        folder.load()


def test_a_file_that_is_too_large_is_refused(folder):
    folder.write("rules/large.yaml", "#" * 1_000_001)
    with pytest.raises(CatalogError, match="is larger than 1,000,000 bytes"):
        folder.load()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_among_the_rules_does_not_block(folder):
    os.mkfifo(folder.root / "rules/pipe.yaml")
    with pytest.raises(CatalogError, match="is not a file"):
        folder.load()


def test_a_folder_without_rules_is_refused(tmp_path):
    with pytest.raises(CatalogError, match="holds no folder 'rules'"):
        load_catalog(tmp_path)


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="this user may read everything")
def test_a_file_that_cannot_be_read_is_refused(folder):
    (folder.root / "rules/pets.yaml").chmod(0)
    with pytest.raises(CatalogError, match="cannot be read: "):
        folder.load()


def test_the_shipped_rules_are_found_beside_the_package():
    assert (find_root() / "rules").is_dir()


def content_of(catalog):
    """Everything that a catalog holds, so that two can be compared."""
    files = [(file._replace(examples=None), file.tests) for file in catalog.files]
    return catalog.digest, files, dict(catalog.data), catalog.ids()


def cache_files(folder) -> list[Path]:
    return sorted(folder.cache.iterdir())


def without_compiler(monkeypatch):
    """Compiling again fails, so that what loads comes from the cache."""
    monkeypatch.setitem(sys.modules, "aiconf.catalog.compiler", None)


def test_a_second_load_compiles_nothing(folder, monkeypatch):
    first = folder.load()
    without_compiler(monkeypatch)
    assert content_of(folder.load()) == content_of(first)


def test_the_cache_folder_is_private(folder):
    folder.load()
    assert folder.cache.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "damage", [lambda raw: raw[:0], lambda raw: raw[:-100], lambda raw: raw.replace(b"Cat", b"Dog")]
)
def test_a_damaged_cache_is_ignored_and_replaced(folder, damage):
    folder.replace("rules/pets.yaml", "title: Pets", "title: Cats and pets")
    first = folder.load()
    (file,) = cache_files(folder)
    raw = file.read_bytes()
    file.write_bytes(damage(raw))
    assert content_of(folder.load()) == content_of(first)
    assert file.read_bytes() == raw


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners here")
@pytest.mark.parametrize("loosened", ["file", "folder"])
def test_a_cache_that_others_may_write_is_ignored(folder, monkeypatch, loosened):
    folder.load()
    (file,) = cache_files(folder)
    path = file if loosened == "file" else folder.cache
    path.chmod(path.stat().st_mode | 0o022)
    without_compiler(monkeypatch)
    with pytest.raises(ImportError):
        folder.load()


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no owners here")
def test_a_cache_of_another_user_is_ignored(folder, monkeypatch):
    folder.load()
    monkeypatch.setattr(os, "geteuid", lambda: 4_242_424)
    without_compiler(monkeypatch)
    with pytest.raises(ImportError):
        folder.load()


def test_a_cache_that_is_a_link_is_ignored(folder, monkeypatch):
    folder.load()
    (file,) = cache_files(folder)
    file.rename(folder.root / "elsewhere.json")
    file.symlink_to(folder.root / "elsewhere.json")
    without_compiler(monkeypatch)
    with pytest.raises(ImportError):
        folder.load()


def test_a_cache_that_cannot_be_written_is_no_error(folder):
    folder.write("cache", "a file where the folder should be")
    assert folder.load().ids()


def test_without_a_home_folder_everything_is_compiled(folder, monkeypatch):
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", "nowhere")
    assert load_catalog(folder.root).ids() == folder.load().ids()


def test_a_compiled_form_of_other_code_is_not_read(folder, monkeypatch):
    folder.load()
    monkeypatch.setattr(load_module, "_makers_digest", lambda: "0" * 32)
    folder.load()
    assert len(cache_files(folder)) == 2


def test_the_compiled_form_is_lines_of_json_without_paths_of_the_machine(folder):
    content = compiled(folder.root)
    head, names, *parts = content.split(b"\n")
    assert set(json.loads(head)) == {"format", "digest", "checksum"}
    assert json.loads(names) == ["rules", "policies", "tests/kennel", "tests/pets", "data/sizes"]
    assert len([json.loads(part) for part in parts]) == len(json.loads(names))
    assert str(folder.root).encode() not in content


def test_what_is_not_asked_for_is_not_made(folder):
    catalog = folder.load()
    assert catalog.validation("pets/named")
    assert catalog.is_policy("kennel")
    assert catalog.ids() == ("kennel/operational", "pets/named", "pets/one_small")
    assert "policies" not in vars(catalog)
    assert catalog.validation("kennel/operational")
    with pytest.raises(KeyError):
        catalog.data["colours"]


def test_the_shipped_form_is_used_when_it_is_of_these_files(folder, monkeypatch):
    (folder.root / "catalog.jsonl").write_bytes(compiled(folder.root))
    monkeypatch.setattr(load_module, "find_root", lambda _: folder.root)
    without_compiler(monkeypatch)
    assert load_catalog(None, folder.cache).ids()
    folder.replace("rules/pets.yaml", "title: Pets", "title: Other pets")
    with pytest.raises(ImportError):
        load_catalog(None, folder.cache)


def test_a_warm_start_imports_nothing_heavy(folder):
    folder.load()
    script = (
        "import sys; from pathlib import Path; from aiconf.catalog.load import load_catalog\n"
        f"catalog = load_catalog(Path({str(folder.root)!r}), Path({str(folder.cache)!r}))\n"
        "bindings = {'item': {'name': 'x'}, 'variables': {'pets': []}}\n"
        "assert catalog.validation('pets/named').expression.evaluate(bindings) is True\n"
        "assert catalog.validation('pets/named').message.render(bindings)\n"
        "print(sorted(name for name in sys.modules if '.' not in name))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=find_root())
    heavy = {
        "pydantic",
        "yaml",
        "celpy",
        "lark",
        "re2",
        "jsonschema",
        "jsonschema_rs",
        "tempfile",
        "importlib.metadata",
    }
    assert not heavy & set(eval(run.stdout))  # noqa: S307 - the list printed three lines above
