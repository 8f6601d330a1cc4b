"""The table of functions, and those that only aiconf has."""

import pytest

from aiconf.cel.compile import compile_node
from aiconf.cel.functions import FUNCTIONS, minor_version
from aiconf.cel.parse import parse
from aiconf.cel.signatures import type_names
from aiconf.cel.values import TYPES
from aiconf.errors import CelError


def evaluate(text, **bindings):
    return compile_node(parse(text)).evaluate(bindings)


@pytest.mark.parametrize("row", FUNCTIONS.values(), ids=FUNCTIONS)
def test_each_row_is_complete(row):
    assert FUNCTIONS[row.name] is row
    assert row.doc.endswith(".")
    assert callable(row.implementation)
    assert 0 <= row.optional <= len(row.parameters)
    for declared in (*row.parameters, row.result):
        assert (type_names(declared) or {"int"}) <= set(TYPES), declared


def test_those_of_our_own_are_marked():
    own = {name for name, row in FUNCTIONS.items() if row.own}
    of_objects = {"at", "ready", "condition", "ref", "selects"}
    assert own == {"did_you_mean", "nearest", "normalize_space", "minor_version", "url"} | of_objects


@pytest.mark.parametrize(
    ("value", "candidates", "expected"),
    [
        ("kubernetesVersion", ["kubernetesVersion", "platform"], "kubernetesVersion"),
        ("kubernetes_version", ["kubernetesVersions", "kubernetesVersion"], "kubernetesVersion"),
        ("Kubernetes-Version", ["kubernetesVersion"], "kubernetesVersion"),
        ("gang-scheduling", ["gangScheduling", "gang_scheduling"], "gangScheduling"),
        ("gang_schedulng", ["robust_controller", "gang_scheduling"], "gang_scheduling"),
        ("Implmented", ["Implemented", "Not Implemented", "N/A"], "Implemented"),
        ("zebra", ["gang_scheduling"], ""),
        ("", ["a"], ""),
        ("a", [], ""),
        ("x" * 100_000, ["x" * 100_000 + "y"], ""),
    ],
)
def test_nearest_finds_what_was_meant(value, candidates, expected):
    assert evaluate("nearest(v, c)", v=value, c=candidates) == expected
    sentence = f" Did you mean `{expected}`?" if expected else ""
    assert evaluate("did_you_mean(v, c)", v=value, c=candidates) == sentence


@pytest.mark.parametrize(
    ("value", "expected"),
    [("Google", "Google Cloud"), ("Amazon Web Services (AWS)", "Amazon Web Services"), ("Acme", "")],
)
def test_nearest_knows_a_longer_and_a_shorter_name(value, expected):
    assert evaluate("nearest(v, c)", v=value, c=["Google Cloud", "Amazon Web Services"]) == expected


@pytest.mark.parametrize("arguments", ["1, ['a']", "'a', 'b'", "'a', [1]", "null, []"])
def test_nearest_takes_a_string_and_strings(arguments):
    with pytest.raises(CelError):
        evaluate(f"nearest({arguments})")


@pytest.mark.parametrize(
    ("text", "expected"), [(" a  b\n\tc ", "a b c"), ("", ""), ("a", "a"), ("\u00a0a\u2003b", "a b")]
)
def test_normalize_space_leaves_single_spaces(text, expected):
    assert evaluate("normalize_space(x)", x=text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v1.35", "v1.35"),
        ("1.35", "v1.35"),
        ("v1.35.3", "v1.35"),
        ("v1.35.3-eks-1", "v1.35"),
        ("v1.35.3+k3s1", "v1.35"),
        ("1.35.0-gke.1234", "v1.35"),
        (" v1.35 ", "v1.35"),
        ("v1.35.x", "v1.35"),
        ("v1", ""),
        ("1.35.3.4", "v1.35"),
        ("vv1.35", ""),
        ("version 1.35", ""),
        ("v1.35 or later", ""),
        ("1.3e5", ""),
        ("v1.٣", ""),
        ("", ""),
        ("v" + "1" * 10_000 + ".1", ""),
    ],
)
def test_minor_version_reads_kubernetes_versions(text, expected):
    assert evaluate("minor_version(x)", x=text) == expected
    assert minor_version(text) == expected


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "https://example.com:8080/a/b?c=d#e",
            {
                "valid": True,
                "scheme": "https",
                "host": "example.com",
                "port": 8080,
                "path": "/a/b",
                "query": "c=d",
                "fragment": "e",
            },
        ),
        ("http://Example.COM", {"valid": True, "host": "example.com", "port": None, "path": ""}),
        ("https://user:pw@host/", {"valid": True, "host": "host"}),
        ("https://[::1]/x", {"valid": True, "host": "::1"}),
        ("ftp://example.com/x", {"valid": False, "scheme": "ftp", "host": "example.com"}),
        ("https://", {"valid": False, "host": ""}),
        ("example.com/x", {"valid": False, "scheme": "", "path": "example.com/x"}),
        ("https://a b.com", {"valid": False}),
        (" https://a.com", {"valid": False}),
        ("https://a.com\n", {"valid": False}),
        ("https://a.com:99999/", {"valid": False}),
        ("https://a.com:x/", {"valid": False}),
        ("https://[::1/", {"valid": False}),
        ("javascript:alert(1)", {"valid": False}),
        ("", {"valid": False}),
    ],
)
def test_url_gives_the_parts_and_never_fails(text, parts):
    found = evaluate("url(x)", x=text)
    assert set(found) == {"valid", "scheme", "host", "port", "path", "query", "fragment"}
    assert {name: found[name] for name in parts} == parts
