"""Hostile submissions: each ends in a clear finding, in bounded time, and nothing outside its folder is read."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiconf.linter import Linter
from aiconf.options import Options
from aiconf.registry import Registry
from aiconf.reporters import render
from aiconf.submission.bases import implemented_by_base
from aiconf.submission.lexicon import Names

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "fixtures"
CLEAN = FIXTURES / "submissions" / "v1.37" / "corvid"
# A warm run takes a fifth of a second; the machine of a test may be slow and busy.
SECONDS = 10
MEGABYTES = 400


@pytest.fixture
def product(tmp_path):
    folder = tmp_path / "v1.37" / "corvid"
    shutil.copytree(CLEAN, folder)
    return folder


def lint(product):
    """Lint in a process of its own, under limits of memory and time; gives its findings by id."""

    def limits():
        resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES * 2**20 * 4, MEGABYTES * 2**20 * 4))

    start = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "aiconf",
            "lint",
            str(product),
            "--format",
            "json",
            "--registry",
            FIXTURES / "submissions",
        ],
        capture_output=True,
        check=False,
        timeout=60,
        preexec_fn=limits,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert time.monotonic() - start < SECONDS
    assert b"Traceback" not in done.stderr
    assert done.returncode == 1, done.stderr.decode()
    return {finding["id"]: finding for finding in json.loads(done.stdout)["findings"]}


def rewrite(product, old, new):
    path = product / "PRODUCT.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


LAUGHS = "a: &a [x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(12)
)


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "[" * 10_000,
        "{a: " * 10_000,
        "a:\n" + "".join(" " * depth + "- \n" for depth in range(2000)),
        "a: &a [*a]",
        "k: " + "x" * 5_000_000,
        "".join(f"key{n}: {n}\n" for n in range(60_000)),
        "\x00\x01\x02",
        "'" * 3 + "x" * 200_000,
        "- " * 100_000,
        "? " * 50_000,
        "!!python/object/apply:os.system ['true']",
        "&a " * 50_000,
    ],
    ids=[
        "laughs",
        "brackets",
        "braces",
        "depth",
        "cycle",
        "scalar",
        "keys",
        "binary",
        "quote",
        "dashes",
        "questions",
        "tag",
        "anchors",
    ],
)
def test_a_hostile_document_is_a_finding(product, text):
    (product / "PRODUCT.yaml").write_text(text, encoding="utf-8")
    assert lint(product)


def test_a_file_of_100_megabytes_is_not_read(product):
    with (product / "PRODUCT.yaml").open("wb") as file:
        file.truncate(100 * 2**20)
    assert "submission/wrong_shape" in lint(product)


@pytest.mark.parametrize("target", ["../../../../../../etc/passwd", "/etc/passwd"])
def test_evidence_does_not_lead_out_of_the_folder(product, target):
    (product / "link.md").symlink_to("/etc/passwd")
    rewrite(product, "https://docs.corvid.example/ai/ai-inference", target)
    rewrite(product, "https://docs.corvid.example/ai/gpu-sharing", "link.md")
    found = lint(product)
    assert {"evidence/outside_product_folder", "evidence/file_missing"} & set(found)
    assert "root:" not in json.dumps(found)


@pytest.mark.parametrize("target", ["../../secret.yaml", "{root}/secret.yaml", "gone.yaml"])
@pytest.mark.parametrize("flags", [[], ["--fix"]])
def test_a_submission_that_is_a_link_out_of_its_folder_is_not_followed(tmp_path, product, target, flags):
    (product / "PRODUCT.yaml").rename(tmp_path / "secret.yaml")
    (product / "PRODUCT.yaml").symlink_to(target.format(root=tmp_path))
    other = product.with_name("wren")
    shutil.copytree(CLEAN, other)
    command = [
        sys.executable,
        "-m",
        "aiconf",
        "lint",
        *flags,
        "--format",
        "json",
        "--registry",
        FIXTURES / "submissions",
    ]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([*command, product.parent], capture_output=True, check=False, timeout=60, env=environment)
    assert done.returncode == 2
    report = json.loads(done.stdout)
    assert [Path(one["path"]).parent.name for one in report["inputs"]] == ["wren"]
    (error,) = report["errors"]
    assert error["path"].endswith("v1.37/corvid/PRODUCT.yaml")
    assert error["message"].startswith("it is a symbolic link that leads out of its folder")
    if target == "gone.yaml":
        return
    # Who names the link means what it leads to.
    done = subprocess.run(
        [*command, product / "PRODUCT.yaml"], capture_output=True, check=False, timeout=60, env=environment
    )
    assert done.returncode in (0, 1)
    assert [Path(one["path"]).parent.name for one in json.loads(done.stdout)["inputs"]] == ["corvid"]


def test_a_submission_that_is_a_link_within_its_folder_is_read(product):
    rewrite(product, "https://docs.corvid.example/ai/ai-inference", "none.md")
    (product / "PRODUCT.yaml").rename(product / "product.v1.yaml")
    (product / "PRODUCT.yaml").symlink_to("product.v1.yaml")
    assert "evidence/file_missing" in lint(product)


def test_the_entry_of_a_base_that_is_a_link_out_of_its_folder_is_not_read(tmp_path):
    registry = Registry(tmp_path)
    entry = tmp_path / "v1.35" / "eks"
    entry.mkdir(parents=True)
    rows = "spec: {accelerators: [{id: dra_support, status: Implemented, notes: x}]}"
    (tmp_path / "secret.yaml").write_text(rows, encoding="utf-8")
    (entry / "PRODUCT.yaml").symlink_to("../../secret.yaml")
    assert implemented_by_base(registry, "v1.35/eks", Names({})) == {}
    (entry / "PRODUCT.yaml").unlink()
    (entry / "PRODUCT.yaml").write_text(rows, encoding="utf-8")
    assert implemented_by_base(registry, "v1.35/eks", Names({})) == {"dra_support": []}


def test_a_log_of_five_gigabytes_is_refused_unread(product):
    with (product / "e2e.log").open("wb") as file:
        file.truncate(5 * 2**30)
    rewrite(product, "results/junit.xml#TestGangScheduling", "e2e.log")
    assert "larger than" in lint(product)["artifact/unreadable"]["message"]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!ENTITY x SYSTEM "file:///etc/passwd">',
        '<!ENTITY x "y"><!ENTITY z "&x;&x;&x;">',
        '<!ENTITY % p SYSTEM "http://127.0.0.1:9/">',
    ],
)
def test_entities_in_junit_are_refused(product, declaration):
    (product / "results" / "junit.xml").write_text(
        f'<!DOCTYPE testsuite [{declaration}]><testsuite><testcase name="&x;"/></testsuite>', encoding="utf-8"
    )
    found = lint(product)
    assert "artifact/unreadable" in found
    assert "root:" not in json.dumps(found)


@pytest.fixture(scope="module")
def linter():
    return Linter(Options(registry=FIXTURES / "submissions"))


@given(raw=st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "surrogatepass")))
@settings(max_examples=150, deadline=None)
def test_any_bytes_give_a_report(linter, raw):
    result = linter.lint_text(raw, "v1.37/acme/PRODUCT.yaml")
    assert not result.errors
    report = linter.report([result])
    assert json.loads(render("json", report))["verdict"] == "fail"


@given(
    start=st.integers(0, 6000),
    length=st.integers(0, 60),
    filler=st.sampled_from(["", "'", '"', "\t", ": ", "- ", "[", "\n", "#", "&", "é"]),
)
@settings(max_examples=150, deadline=None)
def test_a_submission_with_a_hole_gives_a_report(linter, start, length, filler):
    text = (CLEAN / "PRODUCT.yaml").read_text(encoding="utf-8")
    damaged = text[:start] + filler + text[start + length :]
    result = linter.lint_text(damaged.encode(), str(CLEAN / "PRODUCT.yaml"))
    assert not result.errors
    assert linter.report([result]).checked
