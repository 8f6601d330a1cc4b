"""`aiconf check`, `aiconf diff` and `lint --snapshot` as a user meets them: real processes, files and exit codes."""

import io
import json
import os
import re
import subprocess
import sys
import tarfile
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest

import aiconf as aiconf_package

ROOT = Path(__file__).parents[2]
SNAPSHOTS = ROOT / "fixtures" / "snapshots"
CLAIMS = ROOT / "fixtures" / "submissions" / "v1.36" / "corvid"
MEMBERS = ["--members", str(ROOT / "fixtures" / "members.txt")]


def aiconf(*arguments, cwd=None, stdin=None):
    """Run the command and give its exit code, standard output and standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "aiconf", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def report(*arguments):
    code, out, err = aiconf(*arguments, "--format", "json")
    assert err == ""
    return code, json.loads(out)


def rows(document):
    return {row["id"]: row for row in document["requirements"]}


@pytest.fixture
def broken(tmp_path):
    """The EKS cluster, without test results, with Kueue's controller down."""
    document = json.loads((SNAPSHOTS / "eks.json").read_text(encoding="utf-8"))
    document["results"] = []
    for one in document["objects"]:
        if one["metadata"]["name"] == "kueue-controller-manager" and one["kind"] == "Deployment":
            one["status"]["availableReplicas"] = 0
            one["status"]["conditions"] = [{"type": "Available", "status": "False"}]
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def test_a_cluster_is_judged_requirement_by_requirement():
    code, document = report("check", SNAPSHOTS / "eks.json")
    found = rows(document)
    assert (code, document["verdict"]) == (0, "pass")
    assert [one["kind"] for one in document["inputs"]] == ["snapshot"]
    gang = found["gang_scheduling"]
    assert (gang["level"], gang["result"], gang["proof"], gang["component"]) == (
        "MUST",
        "pass",
        "demonstrated",
        "Kueue",
    )
    assert "apps/v1 Deployment kueue-system/kueue-controller-manager" in gang["objects"]
    assert "dra_support" not in found  # not in the checklist of 1.36


def test_a_must_that_is_refuted_ends_with_1_and_names_the_object(broken):
    code, document = report("check", broken)
    assert code == 1
    (finding,) = document["findings"]
    assert (finding["id"], finding["requirement"]) == ("gang_scheduling/operational", "gang_scheduling")
    assert rows(document)["gang_scheduling"]["result"] == "fail"


def test_the_version_of_the_checklist_can_be_chosen():
    _, document = report("check", SNAPSHOTS / "eks.json", "--kubernetes-version", "1.35")
    assert rows(document)["dra_support"]["result"] == "pass"


def test_only_what_is_selected_is_judged():
    _, document = report("check", SNAPSHOTS / "eks.json", "--select", "gang_scheduling,ai_inference")
    assert rows(document).keys() == {"gang_scheduling", "ai_inference"}


def test_why_tells_every_value_and_an_unknown_name_is_refused():
    code, out, _ = aiconf("check", SNAPSHOTS / "eks.json", "--why", "gang_scheduling")
    assert code == 0
    assert out.startswith("gang_scheduling: pass (demonstrated)\n")
    assert "variables.schedulers" in out
    code, _, err = aiconf("check", SNAPSHOTS / "eks.json", "--why", "gang")
    assert code == 2
    assert "no such requirement was judged" in err


def test_claims_are_held_against_the_cluster(broken):
    code, document = report("check", broken, "--submission", CLAIMS / "PRODUCT.yaml")
    ids = {finding["id"] for finding in document["findings"]}
    assert code == 1
    assert "consistency/status_contradicts_snapshot" in ids
    gang = rows(document)["gang_scheduling"]
    assert (gang["status"], gang["result"]) == ("Implemented", "fail")
    assert {one["kind"] for one in document["inputs"]} == {"snapshot", "submission"}
    code, document = report("lint", CLAIMS, *MEMBERS, "--snapshot", broken)
    assert code == 1
    assert ids <= {finding["id"] for finding in document["findings"]}


def test_what_a_cluster_shows_is_found_once_for_several_submissions(broken):
    again = ROOT / "fixtures" / "submissions" / "v1.36" / "finch"
    _, document = report("lint", CLAIMS, again, *MEMBERS, "--snapshot", broken)
    ids = [finding["id"] for finding in document["findings"] if finding["path"] == broken.as_posix()]
    assert ids.count("gang_scheduling/operational") == 1


def test_a_proof_can_be_required():
    arguments = ("check", SNAPSHOTS / "eks.json", "--submission", CLAIMS / "PRODUCT.yaml")
    _, weak = report(*arguments, "--require", "operational")
    _, strong = report(*arguments, "--require", "demonstrated")
    assert "consistency/proof_below_required" not in {finding["id"] for finding in weak["findings"]}
    assert "consistency/proof_below_required" in {finding["id"] for finding in strong["findings"]}


def test_a_proof_can_be_required_of_a_cluster_alone():
    code, document = report("check", SNAPSHOTS / "eks.json", "--require", "demonstrated")
    weak = [row["id"] for row in document["requirements"] if (row["level"], row["proof"]) == ("MUST", "operational")]
    assert code == 1
    assert weak
    assert {finding["id"] for finding in document["findings"]} == {"snapshot/proof_below_required"}
    assert [finding["message"].split()[0] for finding in document["findings"]] == sorted(weak)
    assert report("check", SNAPSHOTS / "eks.json", "--require", "operational")[0] == 0
    only = ("--select", weak[0], "--require", "demonstrated")
    code, document = report("check", SNAPSHOTS / "eks.json", *only)
    assert (code, len(document["findings"])) == (1, 1)


def test_results_beside_the_snapshot_count(tmp_path):
    log = tmp_path / "e2e.log"
    log.write_text("=== RUN   TestGangScheduling\n--- FAIL: TestGangScheduling (1.00s)\nFAIL\n", encoding="utf-8")
    _, document = report("check", SNAPSHOTS / "onprem.json", "--results", log)
    assert {finding["id"] for finding in document["findings"]} == {"gang_scheduling/test_failed"}


def test_what_kubectl_prints_is_judged_and_nothing_is_concluded_from_what_it_does_not_hold(tmp_path):
    document = json.loads((SNAPSHOTS / "eks.json").read_text(encoding="utf-8"))
    items = [one for one in document["objects"] if one["kind"] in ("Deployment", "Pod", "Node")]
    path = tmp_path / "list.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": items}), encoding="utf-8")
    code, found = report("check", path, "--kubernetes-version", "1.36")
    assert code == 0
    assert {row["result"] for row in found["requirements"]} <= {"pass", "inconclusive"}
    assert rows(found)["ai_inference"]["result"] == "inconclusive"


@pytest.mark.parametrize("form", ["text", "markdown", "sarif", "junit", "html", "github", "policyreport", "rdjson"])
def test_every_form_is_written(broken, form):
    code, out, err = aiconf("check", broken, "--format", form)
    assert (code, err) == (1, "")
    assert "gang_scheduling" in out


def test_a_difference_between_snapshots_names_the_object_and_the_field(broken):
    assert aiconf("diff", SNAPSHOTS / "eks.json", SNAPSHOTS / "eks.json")[0] == 0
    code, out, _ = aiconf("diff", SNAPSHOTS / "eks.json", broken)
    assert code == 1
    assert "gang_scheduling: pass (demonstrated) by Kueue -> fail (installed) by Kueue" in out
    assert "  changed: apps/v1 Deployment kueue-system/kueue-controller-manager" in out
    code, out, _ = aiconf("diff", SNAPSHOTS / "eks.json", broken, "--format", "json")
    document = json.loads(out)
    changes = {change["id"]: change for change in document["changes"]}
    assert document["format"] == "aiconf/diff/v1"
    assert changes["gang_scheduling"]["new"]["result"] == "fail"


def test_a_snapshot_can_come_on_standard_input():
    raw = (SNAPSHOTS / "eks.json").read_bytes()
    code, out, err = aiconf("check", "-", "--format", "json", stdin=raw)
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert [(one["path"], one["sha256"]) for one in document["inputs"]] == [("<stdin>", sha256(raw).hexdigest())]
    assert rows(document)["gang_scheduling"]["result"] == "pass"


def test_the_same_from_python(broken):
    found = aiconf_package.check([broken], CLAIMS / "PRODUCT.yaml")
    assert found.verdict == "fail"
    assert "consistency/status_contradicts_snapshot" in {finding.id for finding in found.findings}
    assert aiconf_package.check([SNAPSHOTS / "eks.json"]).verdict == "pass"


def hostile(folder: Path) -> dict[str, Path]:
    cut = (SNAPSHOTS / "eks.json").read_bytes()[:50_000]
    files = {"truncated.json": cut, "empty.json": b"", "other.json": b'{"a": 1}', "list.json": b'{"kind": "List"}'}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    with tarfile.open(folder / "slip.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("../../outside.json")
        member.size = len(cut)
        archive.addfile(member, io.BytesIO(cut))
    return {name: folder / name for name in [*files, "slip.tar.gz", "missing.json"]}


@pytest.mark.parametrize("name", ["truncated.json", "empty.json", "other.json", "slip.tar.gz", "missing.json"])
def test_what_cannot_be_read_ends_with_2_and_one_line(tmp_path, name):
    path = hostile(tmp_path)[name]
    code, out, err = aiconf("check", path)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert not (tmp_path.parent.parent / "outside.json").exists()


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("operators", "groups: [ray.io]", "group: [ray.io]", "missing required field `groups` - at `$.operators[0]`"),
        ("autoscaling", "seconds: 3600", "seconds: soon", "Expected `int`, got `str` - at `$.status.seconds`"),
        ("disaggregation", "stacks:", "stack:", "missing required field `stacks`"),
        ("gateways", "carriers:", "carrier:", "missing required field `carriers`"),
        ("monitoring", "of: services", "of: nodes", "Invalid enum value 'nodes'"),
        ("scaling_metrics", "serving:", "served:", "missing required field `serving`"),
        ("results", "tests:", "test:", "no list `tests`"),
    ],
)
def test_a_wrong_table_of_ones_own_is_named_with_its_key(tmp_path, table, old, new, message):
    for folder in ("rules", "policies"):
        copytree(ROOT / folder, tmp_path / folder)
    path = tmp_path / "policies" / f"{table}.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(rf"(?m)(^|[ {{]){re.escape(old)}", rf"\g<1>{new}", text, count=1), encoding="utf-8")
    code, out, err = aiconf("check", SNAPSHOTS / "onprem.json", "--catalog", tmp_path)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: policies/{table}.yaml: is not of the expected shape")
    assert message in err


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/cluster.json"])
def test_a_member_that_leads_out_of_an_archive_is_named_and_not_read(tmp_path, name):
    whole = (SNAPSHOTS / "onprem.json").read_bytes()
    path = tmp_path / "cluster.tar"
    with tarfile.open(path, "w") as archive:
        for member, content in ((name, whole), ("rest.json", b'{"apiVersion": "v1", "kind": "List", "items": []}')):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    code, document = report("check", path, "--kubernetes-version", "1.36")
    assert code == 0
    assert {row["result"] for row in document["requirements"]} == {"inconclusive"}
    assert f"{path}!{name} is not read: its name leads out of the archive" in str(document["requirements"])
    with tarfile.open(path, "w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(whole)
        archive.addfile(info, io.BytesIO(whole))
    code, out, err = aiconf("check", path, "--kubernetes-version", "1.36")
    assert (code, out) == (2, "")
    assert f"{name} is not read: its name leads out of the archive" in err


def test_an_input_of_which_nothing_is_an_object_ends_with_2(tmp_path):
    path = tmp_path / "wrong.json"
    path.write_text('{"apiVersion": "v1", "kind": "List", "items": [1, "x", null]}', encoding="utf-8")
    code, out, err = aiconf("check", path)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {path} holds no object that can be read")


@pytest.mark.parametrize("namespaces", [["inference"], ["kube-system"], ["gpu-operator", "monitoring"]])
@pytest.mark.parametrize("name", ["onprem", "eks", "gke"])
def test_in_a_snapshot_of_some_namespaces_nothing_is_absent_elsewhere(tmp_path, name, namespaces):
    document = json.loads((SNAPSHOTS / f"{name}.json").read_text(encoding="utf-8"))
    document["metadata"]["namespaces"] = namespaces
    document["results"] = []
    document["objects"] = [
        one for one in document["objects"] if one["metadata"].get("namespace") in (None, *namespaces)
    ]
    path = tmp_path / "some.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    whole = rows(report("check", SNAPSHOTS / f"{name}.json")[1])
    for id_, row in rows(report("check", path)[1]).items():
        assert row["result"] in ("pass", "inconclusive"), id_
        assert row["result"] == "inconclusive" or whole[id_]["result"] == "pass", id_
