"""``--fix``, ``--diff`` and ``verify`` as a user meets them: real processes, files and exit codes."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.clusters import Cluster, crd, node

ROOT = Path(__file__).parents[2]
MEMBERS = ["--members", "members.txt"]
PRODUCT = "v1.37/corvid/PRODUCT.yaml"


@pytest.fixture
def registry(tmp_path):
    """A registry with one submission that has three slips with one right answer, and one without."""
    folder = tmp_path / "registry"
    shutil.copytree(ROOT / "fixtures" / "submissions", folder)
    shutil.copy(ROOT / "fixtures" / "members.txt", folder)
    path = folder / PRODUCT
    text = path.read_text(encoding="utf-8")
    for old, new in [
        ("  websiteUrl:", "  website_url:"),
        ("kubernetesVersion: v1.37", "kubernetesVersion: v1.37.0 # ours"),
        ("      level: SHOULD", "      level: MUST"),
        ('"conformance@corvid.example"', '"nobody"'),
    ]:
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    return folder


def aiconf(folder, *arguments, stdin=None):
    done = subprocess.run(
        [sys.executable, "-m", "aiconf", *map(str, arguments)],
        cwd=folder, input=stdin, capture_output=True, check=False, timeout=60,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_fix_mends_says_what_and_reports_what_is_left(registry):
    code, out, err = aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--fix", "--format", "concise")
    assert code == 1
    assert "error[metadata/email_invalid]" in out.splitlines()[0]
    assert "fixable" not in out
    assert f"{PRODUCT}:3:22: fixed[metadata/version_format] kubernetesVersion is v1.37.0;" in err
    assert err.splitlines()[-1] == "Fixed 3 findings in 1 file."
    text = (registry / PRODUCT).read_text(encoding="utf-8")
    clean = (ROOT / "fixtures" / "submissions" / PRODUCT).read_text(encoding="utf-8")
    assert text.replace("nobody", "conformance@corvid.example") == clean.replace("v1.37\n", "v1.37 # ours\n", 1)


def test_a_second_fix_writes_nothing(registry):
    aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--fix")
    before = (registry / PRODUCT).stat()
    _, _, err = aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--fix")
    after = (registry / PRODUCT).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert err == "Fixed 0 findings.\n"


def test_diff_writes_nothing_and_is_what_patch_takes(registry):
    before = (registry / PRODUCT).read_bytes()
    code, out, err = aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--diff")
    assert (code, err) == (1, "Would fix 3 findings in 1 file.\n")
    assert (registry / PRODUCT).read_bytes() == before
    subprocess.run(["git", "apply", "-p0", "-"], cwd=registry, input=out.encode(), check=True)
    assert aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--diff") == (0, "", "Would fix 0 findings.\n")


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_the_diff_of_other_line_ends_and_of_a_last_line_without_one_applies(registry, end):
    path = registry / PRODUCT
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "contactEmail" not in line]
    path.write_bytes(end.join([*lines, 'contact_email_address: "a@b.example"']).encode())
    _, out, _ = aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--diff")
    fixed = aiconf(registry, "lint", "-", "--stdin-filename", PRODUCT, "--fix", *MEMBERS, stdin=path.read_bytes())[1]
    subprocess.run(["git", "apply", "-p0", "--whitespace=nowarn", "-"], cwd=registry, input=out.encode(), check=True)
    assert path.read_bytes().decode() == fixed


def test_fix_on_standard_input_gives_the_text_alone_on_standard_output(registry):
    raw = (registry / PRODUCT).read_bytes()
    code, out, err = aiconf(registry, "lint", "-", "--stdin-filename", PRODUCT, "--fix", *MEMBERS, stdin=raw)
    assert code == 1
    assert out.startswith("# A complete submission")
    assert "v1.37 # ours" in out
    assert "error[metadata/email_invalid]" in err
    assert (registry / PRODUCT).read_bytes() == raw
    assert aiconf(registry, "lint", "-", "--stdin-filename", PRODUCT, "--diff", *MEMBERS, stdin=raw)[0] == 1


def test_reports_mark_what_is_fixable_and_explain_says_how(registry):
    _, out, _ = aiconf(registry, "lint", PRODUCT, *MEMBERS)
    assert "= help: Rename website_url to websiteUrl. [fixable]" in out
    assert "; 3 fixable with --fix." in out
    _, out, _ = aiconf(registry, "lint", PRODUCT, *MEMBERS, "--format", "json")
    assert sum(finding["fixable"] for finding in json.loads(out)["findings"]) == 3
    assert "Fix\n  set: item.checklist.level" in aiconf(registry, "explain", "checklist/level_changed")[1]
    assert "Fix\n  by hand" in aiconf(registry, "explain", "metadata/email_invalid")[1]


def test_selected_rules_alone_are_fixed(registry):
    code, _, err = aiconf(registry, "lint", PRODUCT, *MEMBERS, "--fix", "--select", "checklist", "-q")
    assert (code, err) == (0, "")
    text = (registry / PRODUCT).read_text(encoding="utf-8")
    assert "website_url:" in text
    assert "level: MUST\n      status: Implemented\n" in text


def test_what_cannot_be_written_is_said_and_ends_with_2(registry):
    (registry / PRODUCT).chmod(0o444)
    before = (registry / PRODUCT).read_bytes()
    code, out, err = aiconf(registry, "lint", "v1.37/corvid", *MEMBERS, "--fix")
    assert code == 2
    assert "could not check" in out
    assert "read-only" in out
    assert "fixed[" not in err
    assert (registry / PRODUCT).read_bytes() == before


def test_a_broken_file_is_left_alone_and_said(registry):
    _, _, err = aiconf(registry, "lint", "v1.37/heron", *MEMBERS, "--fix")
    assert "not fixed: only a file that can be read in full is; line 122: The quote" in err
    assert aiconf(registry, "lint", "v1.37/heron", *MEMBERS, "--diff")[0] == 0


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--fix", "--online"], 2, "do not go with --fix"),
        (["--diff", "--snapshot", "x.json"], 2, "do not go with --fix"),
        (["no-such-file", "--fix"], 2, "does not exist"),
        (["docs", "--diff"], 3, "Would fix 0"),
        (["docs", "--fix"], 3, "Fixed 0"),
    ],
)
def test_what_makes_no_sense_is_said(registry, arguments, code, says):
    found = aiconf(registry, "lint", *arguments)
    assert found[0] == code
    assert says in found[2]


# --- verify


@pytest.fixture
def report(registry):
    aiconf(registry, "lint", "v1.37", *MEMBERS, "--fail-on", "warning", "--format", "json=report.json")
    return registry / "report.json"


def test_a_report_is_the_same_when_nothing_changed_wherever_one_stands(registry, report, tmp_path):
    made = json.loads(report.read_text(encoding="utf-8"))
    numbers = [len(made[key]) for key in ("inputs", "findings", "requirements")]
    same = "same: {} inputs, {} findings, {} requirements.\n".format(*numbers)
    assert aiconf(registry, "verify", report)[:2] == (0, same)
    assert aiconf(tmp_path, "verify", report, "--root", registry)[0] == 0


def test_options_are_part_of_what_is_made_anew(registry):
    chosen = ["--select", "metadata", "--ignore", "metadata/url_dead", "--authority", "validator", "--fail-on", "never"]
    chosen += ["--engine", "reference", "--registry", ".", "--kubernetes-version", "1.36"]
    aiconf(registry, "lint", PRODUCT, *chosen, "--format", "json=report.json")
    assert aiconf(registry, "verify", "report.json")[0] == 0
    report = json.loads((registry / "report.json").read_text(encoding="utf-8"))
    report["options"]["authority"] = []
    (registry / "report.json").write_text(json.dumps(report), encoding="utf-8")
    code, out, _ = aiconf(registry, "verify", "report.json")
    assert code == 1
    assert "a file beside an input, or the report, was changed" in out


def test_what_differs_is_said_with_its_cause(registry, report):
    path = registry / PRODUCT
    path.write_text(path.read_text(encoding="utf-8").replace("nobody", "a@b.example"), encoding="utf-8")
    (registry / "v1.37/swift/PRODUCT.yaml").unlink()
    (registry / "members.txt").write_text("Corvid Systems\n", encoding="utf-8")
    code, out, _ = aiconf(registry, "verify", report)
    assert code == 1
    assert "  input: v1.37/swift/PRODUCT.yaml is missing\n" in out
    assert f"  input: {PRODUCT} has changed: was " in out
    assert "  members: the member list (members.txt) has changed\n" in out
    assert f"  finding: vanished: {PRODUCT}:12:24 error[metadata/email_invalid]" in out


def test_other_rules_are_a_difference(registry, report, tmp_path):
    catalog = tmp_path / "catalog"
    for name in ("rules", "policies"):
        shutil.copytree(ROOT / name, catalog / name)
    path = catalog / "rules" / "placeholders.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# other\n", encoding="utf-8")
    code, out, _ = aiconf(registry, "verify", report, "--catalog", catalog)
    assert code == 1
    assert out.splitlines()[1].startswith("  catalog: the rules and policies: recorded ")
    assert len(out.splitlines()) == 2


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda r: r["inputs"][0].update(path="../../../../../etc/passwd"), "lies outside"),
        (lambda r: r["inputs"][0].update(path="/etc/passwd"), "lies outside"),
        (lambda r: r["options"].update(registry="/"), "lies outside"),
        (lambda r: r["options"]["members"].update(source="/etc/passwd"), "lies outside"),
        (lambda r: r["options"]["members"].update(source="absent"), "member names"),
        (lambda r: r["options"].update(select=["no_such"]), "no rule is called"),
        (lambda r: r["options"].update(online=True), "--online"),
        (lambda r: r["inputs"][0].update(kind="dream"), "cannot be verified"),
        (lambda r: r.update(inputs=[]), "no inputs"),
        (lambda r: r.pop("options"), "options"),
        (lambda r: r.update(findings="none"), "no report of the format"),
    ],
)
def test_what_cannot_be_verified_ends_with_2_and_says_why(registry, report, change, says):
    changed = json.loads(report.read_text(encoding="utf-8"))
    change(changed)
    report.write_text(json.dumps(changed), encoding="utf-8")
    code, out, err = aiconf(registry, "verify", report)
    assert (code, out) == (2, "")
    assert says in err
    assert "Traceback" not in err


@pytest.fixture
def clusters(registry):
    """Two files that are one cluster."""
    cluster = Cluster(version="v1.37.1")
    cluster.add(node("gpu-1", gpus=8), crd("rayclusters.ray.io"))
    (registry / "z.json").write_text(json.dumps(cluster.snapshot()), encoding="utf-8")
    (registry / "a.json").write_text(json.dumps(Cluster(version="v1.37.1").snapshot()), encoding="utf-8")
    return registry


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "z.json", "a.json"],
        ["check", "z.json", "--submission", PRODUCT, "--require", "operational", "--fail-on", "note"],
        ["check", "z.json", "--select", "checklist", "--submission", PRODUCT],
        ["lint", PRODUCT, *MEMBERS, "--snapshot", "z.json", "--snapshot", "a.json", "--require", "demonstrated"],
    ],
    ids=["a cluster of two files", "a cluster and claims", "claims by selected rules", "claims and a cluster"],
)
def test_reports_about_clusters_are_made_anew_too(clusters, arguments):
    aiconf(clusters, *arguments, "--format", "json=report.json")
    code, out, err = aiconf(clusters, "verify", "report.json")
    assert (code, err) == (0, ""), out
    (clusters / "z.json").write_text(json.dumps(Cluster(version="v1.36.1").snapshot()), encoding="utf-8")
    code, out, _ = aiconf(clusters, "verify", "report.json")
    assert code == 1
    assert "  input: z.json has changed: was " in out


def test_a_cluster_that_is_not_there_any_more_is_missing(clusters):
    aiconf(clusters, "check", "z.json", "--format", "json=report.json")
    (clusters / "z.json").unlink()
    code, out, _ = aiconf(clusters, "verify", "report.json")
    assert (code, out) == (1, "different:\n  input: z.json is missing\n")


def test_a_report_that_hides_a_snapshot_from_its_options_cannot_be_verified(clusters):
    aiconf(clusters, "check", "z.json", "--format", "json=report.json")
    report = json.loads((clusters / "report.json").read_text(encoding="utf-8"))
    report["options"]["snapshots"] = []
    (clusters / "report.json").write_text(json.dumps(report), encoding="utf-8")
    code, _, err = aiconf(clusters, "verify", "report.json")
    assert code == 2
    assert "name all of its snapshots" in err
