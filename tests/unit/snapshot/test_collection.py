"""The collection: the shipped file is sound, and a wrong one is refused."""

import re
import typing
from copy import deepcopy
from fnmatch import fnmatchcase

import pytest
from kubernetes import client

from aiconf.catalog.load import load_catalog
from aiconf.errors import CatalogError
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.shapes import Shapes
from tests.clusters.cluster import BUILT_IN, DRA

# Fields of shared sets that this kind or this version has not: of conditions everywhere, and of other versions.
FOREIGN = re.compile(r"(.*\.)?(observedGeneration|workloadRef|basic|requests\.(?!name|exactly|firstAvailable)\w+)")
SPECIAL = {"V1Event": "CoreV1Event", "V1ResourceClaim": "ResourceV1ResourceClaim"}


def test_every_line_of_every_kind_is_a_field(collection):
    shapes = Shapes(collection)
    for kind in collection.kinds.values():
        shapes.of(collection.fields(kind))


def test_secrets_are_not_collected_and_cannot_be(collection, data):
    assert not [key for key in collection.kinds if key.startswith("Secret")]
    for key, resource in (("Secret", "secrets"), ("Harmless", "secrets"), ("Harmless", "secrets/x")):
        plain = data("collection")
        plain["kinds"][key] = {"resource": resource, "fields": [], "why": "no reason"}
        with pytest.raises(CatalogError, match="Secrets are never collected"):
            parse_collection(plain)


def test_every_kind_and_every_entry_of_an_allow_list_has_a_reason(data):
    plain = data("collection")
    entries = [*plain["kinds"].values(), *plain["config_maps"]]
    for name in ("annotations", "environment", "arguments"):
        entries += plain[name].values()
    assert all(entry["why"] for entry in entries)


def test_keys_resources_and_groups_fit_together(collection):
    assert all(re.fullmatch(r"[A-Z]\w*(\.[a-z0-9][a-z0-9.-]*)?", key) for key in collection.kinds)
    known = {(kind, api.rpartition("/")[0]): (resource, namespaced) for api, kind, resource, namespaced in BUILT_IN}
    for kind in collection.kinds.values():
        if (kind.kind, kind.group) in known:
            assert (kind.resource, kind.namespaced) == known[kind.kind, kind.group]
    assert collection.kinds["Pod"].name == "pods"
    assert collection.kinds["Deployment.apps"].name == "deployments.apps"


def test_patterns_match_whole_values_and_nothing_that_looks_secret(collection):
    for rules in (collection.annotations, collection.environment, collection.arguments):
        for key, rule in rules.items():
            assert rule.pattern is None or not rule.pattern.fullmatch("eyJhbGciOiJSUzI1NiJ9.e30+/=x"), key


def _model(kind):
    name = f"{(kind.versions or ('v1',))[0].capitalize()}{kind.kind}"
    return getattr(client, SPECIAL.get(name, name))


def _below(model, name):
    """The model of a field, through lists, maps and options; None where anything may stand, KeyError without one."""
    by_alias = {(info.serialization_alias or key): info.annotation for key, info in model.model_fields.items()}
    annotation = by_alias[name]
    found = [part for part in _parts(annotation) if isinstance(part, type) and hasattr(part, "model_fields")]
    return found[0] if found else None


def _parts(annotation):
    inner = typing.get_args(annotation)
    return [annotation] if not inner else [part for below in inner for part in _parts(below)]


def _unknown(model, fields, path=""):
    if model is None or isinstance(fields, str):
        return
    for name, below in fields.items():
        if name in ("[]", "*"):
            yield from _unknown(model, below, path)
            continue
        here = f"{path}.{name}".lstrip(".")
        if FOREIGN.fullmatch(here):
            continue
        try:
            yield from _unknown(_below(model, name), below, here)
        except KeyError:
            yield here


def test_the_fields_of_built_in_kinds_exist_in_the_client_models(collection):
    built_in = {(kind, api.rpartition("/")[0]) for api, kind, _, _ in (*BUILT_IN, *DRA)}
    kinds = [kind for kind in collection.kinds.values() if (kind.kind, kind.group) in built_in]
    assert len(kinds) > 20
    unknown = {kind.key: found for kind in kinds if (found := list(_unknown(_model(kind), collection.fields(kind))))}
    assert unknown == {}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plain: plain.pop("kinds"), "expected shape"),
        (lambda plain: plain["kinds"]["Pod"].pop("resource"), "expected shape"),
        (lambda plain: plain["kinds"]["Pod"].update(where={"field": "spec.x", "values": []}), "where.field"),
        (lambda plain: plain["kinds"]["Event"].update(where={"field": "reason", "values": ["Scale*"]}), "only a name"),
        (lambda plain: plain["annotations"].update(x={"pattern": "("}), "expected shape"),
        (lambda plain: plain["config_maps"].append(plain["config_maps"][0]), "a key stands twice"),
    ],
)
def test_a_wrong_file_is_refused(data, change, message):
    plain = deepcopy(data("collection"))
    change(plain)
    with pytest.raises(CatalogError, match=message):
        parse_collection(plain)


def test_a_wrong_line_is_named_with_its_kind(data):
    plain = data("collection")
    plain["kinds"]["Pod"]["fields"] = ["spec.x wrong"]
    collection = parse_collection(plain)
    with pytest.raises(CatalogError, match=r"kinds\.Pod: spec\.x"):
        collection.fields(collection.kinds["Pod"])


def test_every_kind_that_a_policy_reads_is_collected(collection):
    read = {kind for policy in load_catalog().policies for kind in policy.kinds}
    assert read <= collection.kinds.keys()


def test_public_names_are_globs_that_leave_something_to_replace(collection):
    names = collection.public_names
    assert len(names) == len(set(names))
    for private in ("acme", "prod-cluster-1", "team-a", "ip-10-0-0-1.internal"):
        assert not [glob for glob in names if fnmatchcase(private, glob)]
