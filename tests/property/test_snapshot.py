"""Whatever the bytes: a snapshot or an error of ours, and nothing that was not asked for in it."""

import gzip
import io
import json
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aiconf.errors import InputError
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.format import Item
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import load_snapshot
from aiconf.snapshot.trim import Trimmer
from tests.clusters import Cluster, deployment, node, pod, pods_of, thing

POLICIES = Path(__file__).parents[2] / "policies"
COLLECTION = parse_collection(yaml.safe_load((POLICIES / "collection.yaml").read_text(encoding="utf-8")))
TABLE = yaml.safe_load((POLICIES / "results.yaml").read_text(encoding="utf-8"))
TRIMMER = Trimmer(COLLECTION)
SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

words = st.sampled_from(
    [
        *("apiVersion", "kind", "metadata", "spec", "status", "items", "name", "namespace", "labels", "annotations"),
        *("ownerReferences", "containers", "env", "args", "conditions", "type", "replicas", "x"),
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda below: st.lists(below, max_size=4) | st.dictionaries(words | st.text(max_size=4), below, max_size=5),
    max_leaves=25,
)
kinds = st.sampled_from(list(COLLECTION.kinds.values()))


def leaves(value, path=()):
    """Paths of a value, down to what is no map or list."""
    if isinstance(value, dict):
        for key, below in value.items():
            yield from leaves(below, (*path, key))
    elif isinstance(value, list):
        for below in value:
            yield from leaves(below, (*path, "[]"))
    else:
        yield path


def allowed(fields, path):
    """Whether a path leads through the fields of a kind."""
    if isinstance(fields, str) or not path:
        return True
    below = fields.get(path[0], fields.get("*") if path[0] != "[]" else None)
    return below is not None and allowed(below, path[1:])


@SETTINGS
@given(kinds, values, values, values)
def test_of_any_object_no_more_is_kept_than_its_kind_s_fields(kind, meta, spec, status):
    api_version = f"{kind.group}/v1" if kind.group else "v1"
    one = {"apiVersion": api_version, "kind": kind.kind, "metadata": meta, "spec": spec, "status": status}
    try:
        raw = json.dumps(one).encode()
    except (UnicodeEncodeError, ValueError):
        return
    found = TRIMMER.trim(raw)
    if isinstance(found, Item):
        kept = json.loads(found.raw)
        assert [path for path in leaves(kept) if not allowed(COLLECTION.fields(kind), path)] == []
        assert TRIMMER.trim(found.raw) == found


@SETTINGS
@given(st.lists(values, max_size=6), st.sampled_from(["List", "PodList", "NodeList", "x"]))
def test_any_list_is_read_or_refused(tmp_path, items, kind):
    path = tmp_path / "list.json"
    path.write_bytes(json.dumps({"kind": kind, "apiVersion": "v1", "items": items}).encode("utf-8", "surrogatepass"))
    try:
        index = Index(load_snapshot([path], COLLECTION, TABLE))
    except InputError:
        return
    for name in index.kinds():
        for one in index.each(name):
            index.owners(one)
            list(index.select(name, None, (one.get("spec") or {}).get("selector")))
        index.omitted(name)


@pytest.fixture(scope="module")
def sound():
    """Sound inputs of every form, to be damaged."""
    operator = deployment("operator", "ops", replicas=2)
    cluster = Cluster().add(
        node("n"), operator, *pods_of(operator, ["n", "n"]), pod("p"), thing("v1", "ConfigMap", "kubeadm-config", "k")
    )
    listed = {"apiVersion": "v1", "kind": "List", "items": cluster.objects}
    text = json.dumps(listed, indent=4).encode()
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo("a/objects.json")
        member.size = len(text)
        tar.addfile(member, io.BytesIO(text))
    return [
        text,
        json.dumps(cluster.snapshot()).encode(),
        yaml.safe_dump(json.loads(json.dumps(listed))).encode(),
        gzip.compress(text),
        archive.getvalue(),
        gzip.compress(archive.getvalue()),
        b'<testsuites><testsuite name="p"><testcase name="TestGangScheduling"/></testsuite></testsuites>',
    ]


@SETTINGS
@given(
    st.integers(0, 6),
    st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=3)), min_size=1, max_size=6),
    st.floats(0, 1),
)
def test_any_damage_to_a_file_is_survived(tmp_path, sound, which, changes, cut):
    raw = bytearray(sound[which])
    for place, piece in changes:
        at = int(place * len(raw))
        raw[at : at + len(piece)] = piece
    path = tmp_path / "damaged"
    path.write_bytes(raw[: int(len(raw) * cut)] if cut < 0.5 else raw)
    with suppress(InputError):
        load_snapshot([path], COLLECTION, TABLE)
