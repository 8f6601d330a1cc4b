"""What is accepted, and what is said of suppressions, over real submissions."""

import shutil

import pytest

from aiconf.linter import lint
from aiconf.model import Authority, Finding, Severity
from aiconf.options import Options

TODAY = "2026-06-15"


@pytest.fixture
def product(tmp_path, fixtures):
    """A copy of a clean submission, edited, linted."""
    folder = tmp_path / "v1.37" / "corvid"
    shutil.copytree(fixtures / "submissions/v1.37/corvid", folder)
    path = folder / "PRODUCT.yaml"
    clean = path.read_text(encoding="utf-8")

    def linted(edits, exceptions=None, **options):
        text = clean
        for old, new in edits.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        if exceptions is not None:
            (tmp_path / "e.yaml").write_text(exceptions, encoding="utf-8")
            options |= {"exceptions": tmp_path / "e.yaml", "today": TODAY}
        report = lint([path], Options(registry=fixtures / "submissions", members=("m", ("Corvid Systems",)), **options))
        assert not report.errors
        return {(finding.id, finding.suppressed) for finding in report.findings}

    return linted


VERSION = '"4.6.0"'


@pytest.mark.parametrize(
    "options",
    [
        {"select": ("evidence", "suppression")},
        {"ignore": ("metadata/placeholder",)},
        {"authorities": ("faq", "convention")},
    ],
)
def test_unused_is_not_said_of_a_rule_that_did_not_run(product, options):
    edits = {VERSION: f"{VERSION} # aiconf: ignore[metadata/placeholder] r"}
    assert product(edits) == {("suppression/unused", None)}
    assert product(edits, **options) == set()


@pytest.mark.parametrize("id_", ["evidence/url_dead", "evidence", "gang_scheduling", "consistency"])
def test_unused_is_not_said_offline_of_what_the_network_or_a_cluster_tells(product, id_):
    found = product({VERSION: f"{VERSION} # aiconf: ignore[{id_}] r"})
    assert ("suppression/unused", None) not in found


def test_unused_is_said_of_an_online_rule_when_the_network_was_asked(product):
    edits = {VERSION: f"{VERSION} # aiconf: ignore[evidence/url_dead] r"}
    assert product(edits, online={"https://x.example": {}}) == {("suppression/unused", None)}


def test_unused_is_not_said_where_the_text_is_not_understood(product):
    edits = {VERSION: f"{VERSION} # aiconf: ignore[metadata/placeholder] r", 'vendorName: "': "vendorName: ["}
    found = {id_ for id_, _ in product(edits)}
    assert "submission/yaml_syntax" in found
    assert "suppression/unused" not in found


def test_a_list_that_was_cut_is_accepted_for_the_whole_file_alone(product):
    many = "TBD" + "\n        - TBD" * 250
    url = '"https://docs.corvid.example/ai/gpu-sharing"'
    entry = "- id: gpu_sharing"
    counted = product({url: many, entry: f"{entry} # aiconf: ignore[evidence] r"})
    assert ("evidence/placeholder", None) in counted


def test_comments_can_be_left_unheeded(product):
    edits = {VERSION: "TBD # aiconf: ignore[metadata/placeholder] r"}
    assert product(edits) == {("metadata/placeholder", "r")}
    assert product(edits, inline_ignores=False) == {("metadata/placeholder", None)}


PLACEHOLDER = Finding(
    "metadata/placeholder", Severity.ERROR, Authority.FAQ, "", "", 5, 1, "/metadata/platformVersion", None, "",
    excerpt="  platformVersion: TBD # aiconf: ignore[metadata/placeholder] comment",
).fingerprint  # fmt: skip


def test_a_comment_comes_before_an_exception_and_neither_is_unused(product):
    edits = {VERSION: "TBD # aiconf: ignore[metadata/placeholder] comment"}
    entry = '- {id: metadata/placeholder, fingerprint: "%s", reason: file}'
    assert product(edits, exceptions=entry % PLACEHOLDER) == {("metadata/placeholder", "comment")}
    assert product(edits, exceptions=entry % PLACEHOLDER, inline_ignores=False) == {("metadata/placeholder", "file")}


def test_an_exception_for_a_file_that_was_not_linted_is_not_called_unused(product):
    entry = '- {id: metadata/placeholder, fingerprint: "%s", path: %s, reason: r}'
    assert product({}, exceptions=entry % ("0" * 32, "v1.37/corvid/PRODUCT.yaml")) == {("suppression/unused", None)}
    assert product({}, exceptions=entry % ("0" * 32, "v1.37/other/PRODUCT.yaml")) == set()
    assert product({}, exceptions=entry % ("0" * 32, "v1.37/*/PRODUCT.yaml")) == set()


def test_an_expired_exception_accepts_nothing(product):
    entry = '- {id: metadata/placeholder, fingerprint: "%s", reason: r, expires: %s}'
    edits = {VERSION: "TBD # aiconf: ignore[metadata/placeholder] comment"}
    both = {("metadata/placeholder", None), ("suppression/expired", None)}
    assert product(edits, exceptions=entry % (PLACEHOLDER, "2026-06-14"), inline_ignores=False) == both
    accepted = {("metadata/placeholder", "r")}
    assert product(edits, exceptions=entry % (PLACEHOLDER, TODAY), inline_ignores=False) == accepted
