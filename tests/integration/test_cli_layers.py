"""aiconf layers on real files: the table, its goldens, and what --init, --diff and --write do."""

import json
import re
import shutil
from pathlib import Path

import pytest

from aiconf.cli import run

FIXTURES = Path(__file__).parents[2] / "fixtures"
SWIFT = FIXTURES / "submissions" / "v1.37" / "swift"
VOLATILE = re.compile(r'("version": )"[^"]*"')


@pytest.fixture
def swift(tmp_path):
    return Path(shutil.copytree(SWIFT, tmp_path / "v1.37" / "swift"))


def attributions(folder, capsys):
    capsys.readouterr()
    run(["layers", str(folder), "--format", "json"])
    rows = json.loads(capsys.readouterr().out)["requirements"]
    return {row["id"]: (row["owner"], row["component"], row["contribution"]) for row in rows}


@pytest.mark.parametrize("form", ["text", "markdown", "json"])
def test_the_table_is_as_expected(form, monkeypatch, capsys, pytestconfig):
    monkeypatch.chdir(FIXTURES / "submissions")
    assert run(["layers", "v1.37/swift", "--format", form]) == 0
    text = VOLATILE.sub(r'\1"…"', capsys.readouterr().out)
    expected = FIXTURES / "expected" / "layers" / f"swift.{form}"
    if pytestconfig.getoption("--update-goldens"):
        expected.parent.mkdir(exist_ok=True)
        expected.write_text(text, encoding="utf-8")
    assert text == expected.read_text(encoding="utf-8")


def test_the_markdown_in_the_readme_says_what_the_notes_said(swift, capsys):
    before = attributions(swift, capsys)
    run(["layers", str(swift), "--format", "markdown"])
    (swift / "README.md").write_text(capsys.readouterr().out, encoding="utf-8")
    product = swift / "PRODUCT.yaml"
    product.write_text(re.sub(r'notes: "Layer:[^"]*"', 'notes: "Tested."', product.read_text()), encoding="utf-8")
    assert attributions(swift, capsys) == before


def test_a_product_that_is_not_layered_ends_with_3_and_with_a_base_it_lacks_owners(capsys):
    corvid = str(FIXTURES / "submissions" / "v1.37" / "corvid")
    assert run(["layers", corvid]) == 3
    assert run(["layers", corvid, "--base", "EKSS"]) == 1
    told = capsys.readouterr()
    assert "Did you mean EKS?" in told.err
    assert "owner" in told.out


def test_init_then_write_changes_the_readme_alone_and_only_once(swift, capsys):
    product = (swift / "PRODUCT.yaml").read_bytes()
    before = attributions(swift, capsys)
    assert run(["layers", str(swift), "--init"]) == 0
    assert run(["layers", str(swift), "--init"]) == 2
    assert run(["layers", str(swift), "--diff"]) == 1
    assert not (swift / "README.md").exists()
    assert run(["layers", str(swift), "--write"]) == 2  # no terminal, and no --yes
    assert run(["layers", str(swift), "--write", "--yes"]) == 0
    assert (swift / "PRODUCT.yaml").read_bytes() == product
    assert run(["layers", str(swift), "--diff"]) == 0
    (swift / "layers.yaml").unlink()
    assert attributions(swift, capsys) == before


def test_what_init_writes_names_no_place_of_this_machine(swift):
    assert run(["layers", str(swift), "--init"]) == 0
    text = (swift / "layers.yaml").read_text()
    assert "file:" not in text
    assert str(swift) not in text
    assert str(Path.home()) not in text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_write_makes_notes_and_readme_say_what_layers_yaml_says(swift, newline, capsys):
    product = swift / "PRODUCT.yaml"
    old = product.read_text().replace("\n", newline).encode()
    product.write_bytes(old)
    (swift / "README.md").write_bytes(b"# Swift\r\n\r\nKept.")
    (swift / "layers.yaml").write_text(
        "base: EKS\nlayers:\n"
        "  gang_scheduling: {owner: layered, component: Kueue, contribution: must_replacement, note: It queues jobs.}\n"
        "  cluster_autoscaling: {owner: both, component: Karpenter, contribution: implements}\n"
        "  tail_latency: {owner: layered, component: Dynamo, contribution: roadmap}\n"
    )
    assert run(["layers", str(swift), "--write", "--yes"]) == 0
    new, readme = product.read_bytes(), (swift / "README.md").read_bytes()
    changed = [pair for pair in zip(old.split(b"\n"), new.split(b"\n"), strict=True) if pair[0] != pair[1]]
    assert len(changed) == 2
    assert all(b"notes:" in line for _, line in changed)
    assert readme.startswith(b"# Swift\r\n\r\nKept.\r\n")
    assert b"tail_latency" in readme
    assert run(["layers", str(swift), "--write", "--yes"]) == 0
    assert (product.read_bytes(), (swift / "README.md").read_bytes()) == (new, readme)
    (swift / "layers.yaml").unlink()
    found = attributions(swift, capsys)
    assert found["gang_scheduling"] == ("layered", "Kueue", "must_replacement")
    assert found["cluster_autoscaling"] == ("both", "Karpenter", "implements")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("base: EKS\nlayers:\n  gang_schedulling: {owner: base, contribution: matches_base}\n", "layers.yaml:3: "),
        ("base: EKS\nlayers:\n  gang_scheduling: {owner: layered, contribution: variant}\n", "has no component"),
        ("base: EKS\nlayers:\n  Gang: {owner: base, contribution: matches_base}\n", "no requirement's id"),
        ("base: [" * 5000, "cannot be used"),
        ("a: &a [x,x]\nb: &b [*a,*a]\n", "unknown key"),
        ("", "cannot be used"),
    ],
)
def test_a_wrong_layers_yaml_is_told_by_its_line_and_nothing_is_written(swift, content, told, capsys):
    (swift / "layers.yaml").write_text(content)
    before = (swift / "PRODUCT.yaml").read_bytes()
    assert run(["layers", str(swift), "--write", "--yes"]) == 2
    assert told in capsys.readouterr().err
    assert (swift / "PRODUCT.yaml").read_bytes() == before
    assert not (swift / "README.md").exists()


@pytest.mark.parametrize("name", ["PRODUCT.yaml", "README.md"])
def test_a_link_is_not_written_through(swift, name, tmp_path, capsys):
    outside = tmp_path / "outside"
    if name == "PRODUCT.yaml":
        shutil.move(swift / name, outside)
    else:
        outside.write_text("mine")
    (swift / name).symlink_to(outside)
    before = outside.read_bytes()
    (swift / "layers.yaml").write_text(
        "base: EKS\nlayers:\n  gang_scheduling: {owner: layered, component: Kueue, contribution: variant}\n"
    )
    assert run(["layers", str(swift), "--write", "--yes"]) == 2
    assert "symbolic link" in capsys.readouterr().err
    assert outside.read_bytes() == before


def test_the_claims_of_the_base_stand_beside_and_an_unknown_entry_is_an_error(tmp_path, capsys):
    registry = tmp_path / "registry"
    shutil.copytree(SWIFT, registry / "v1.37" / "swift")
    shutil.copytree(FIXTURES / "submissions" / "v1.37" / "corvid", registry / "v1.37" / "corvid")
    shutil.copytree(FIXTURES / "submissions" / "docs", registry / "docs")
    arguments = ["layers", str(registry / "v1.37" / "swift"), "--format", "json"]
    assert run([*arguments, "--base", "v1.37/corvid"]) == 0
    row = json.loads(capsys.readouterr().out)["requirements"][0]
    assert row["base"]["status"] == "Implemented"
    assert run([*arguments, "--base", "v1.37/heroin"]) == 2


def test_lint_takes_what_the_caller_knows(capsys, tmp_path):
    swift = ["lint", str(SWIFT), "--format", "json", "--members", str(FIXTURES / "members.txt")]
    assert run([*swift, "--no-layered"]) == 0
    owners = {row["owner"] for row in json.loads(capsys.readouterr().out)["requirements"]}
    assert owners == {"unstated"}
    layers = tmp_path / "layers.yaml"
    layers.write_text("base: GKE\nlayers:\n  gang_scheduling: {owner: base, contribution: matches_base}\n")
    run([*swift, "--layers", str(layers)])
    rows = {row["id"]: row["owner"] for row in json.loads(capsys.readouterr().out)["requirements"]}
    assert rows["gang_scheduling"] == "base"
    assert run([*swift, "--no-layered", "--base", "EKS"]) == 2
