"""Reading what was written of a cluster, by aiconf and by other tools."""

import gzip
import io
import json
import tarfile

import pytest
import yaml

from aiconf.errors import InputError
from aiconf.snapshot import stream, workers
from aiconf.snapshot.format import Item, Snapshot, write_snapshot
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import Loader, load_snapshot
from tests.clusters import Cluster, crd, deployment, namespace, node, pod, pods_of, reference, thing

OBJECTS = [node("node-1", gpus=8), namespace("default"), pod("a"), pod("b", "other"), deployment("d")]
POD_LIST = {"kind": "PodList", "apiVersion": "v1", "items": [{"metadata": {"name": "p", "namespace": "d"}}]}


def listed(*objects, kind="List", api_version="v1", **more):
    return {"apiVersion": api_version, "items": list(objects), "kind": kind, **more}


def counts(index):
    return {kind: index.count(kind) for kind in index.kinds()}


ALL = {"Deployment.apps": 1, "Namespace": 1, "Node": 1, "Pod": 2}


@pytest.mark.parametrize("indent", [None, 4])
def test_a_list_as_kubectl_prints_it(read, indent):
    assert counts(read(alone=json.dumps(listed(*OBJECTS), indent=indent))) == ALL


def test_a_stream_is_read_packed_or_not(collection, table):
    for text in (json.dumps(listed(*OBJECTS)).encode(), gzip.compress(json.dumps(listed(*OBJECTS)).encode())):
        loader = Loader(collection, table)
        loader.read_stream(io.BytesIO(text), "-")
        assert counts(Index(loader.snapshot())) == ALL
    with pytest.raises(InputError, match=r"^- holds no Kubernetes objects"):
        Loader(collection, table).read_stream(io.BytesIO(b"x"), "-")


def test_single_objects_in_a_folder(read):
    assert counts(read({f"{n}.json": one for n, one in enumerate(OBJECTS)})) == ALL


def test_yaml_of_one_and_of_many_documents(read):
    assert counts(read(alone=yaml.safe_dump(listed(*OBJECTS)))) == ALL
    assert counts(read(alone=yaml.safe_dump_all(OBJECTS))) == ALL


def test_a_list_of_plain_objects(read):
    assert counts(read(alone=OBJECTS)) == ALL


@pytest.mark.parametrize("order", [["kind", "apiVersion", "items"], ["apiVersion", "items", "kind"]])
def test_a_typed_list_whose_items_do_not_say_what_they_are(read, order):
    text = json.dumps({key: POD_LIST[key] for key in order})
    [one] = read(alone=text).each("Pod")
    assert (one["kind"], one["apiVersion"], one["metadata"]["name"]) == ("Pod", "v1", "p")


def test_an_object_that_stands_twice_counts_once_and_the_last_one_wins(read):
    index = read({"1.json": pod("a", phase="Pending"), "2.json": pod("a")})
    assert [one["status"]["phase"] for one in index.each("Pod")] == ["Running"]


def test_our_own_format_comes_back_as_it_was(read):
    cluster = Cluster().add(*OBJECTS)
    cluster.metrics["default", "a", 9400, "/metrics"] = 'm{a="b"} 1'
    result = {
        "suite": "s", "test": "t", "requirement": "gang_scheduling", "outcome": "passed", "time": None, "source": "f"
    }  # fmt: skip
    omission = {
        "group": "", "version": "v1", "kind": "Service", "resource": "services", "namespace": None, "status": 403,
        "reason": "Forbidden", "message": "no",
    }  # fmt: skip
    document = cluster.snapshot(results=[result], omissions=[omission])
    index = read(alone=document)
    assert counts(index) == ALL
    for part in ("server", "apis", "metrics", "results", "omissions", "metadata"):
        assert getattr(index, part) == document[part]


@pytest.mark.parametrize("ending", ["json", "json.gz", "json.zst"])
def test_what_is_written_is_read_the_same(tmp_path, collection, table, ending):
    source = tmp_path / "source.json"
    source.write_text(json.dumps(Cluster().add(*OBJECTS).snapshot()))
    first = load_snapshot([source], collection, table)
    path = tmp_path / f"copy.{ending}"
    write_snapshot(first, path)
    second = load_snapshot([path], collection, table)
    assert sorted(second.items) == sorted(first.items)
    assert (second.metadata, second.server, second.apis) == (first.metadata, first.server, first.apis)
    again = tmp_path / f"again.{ending}"
    write_snapshot(second, again)
    assert again.read_bytes() == path.read_bytes()


def test_a_must_gather_folder(read):
    version = thing("config.openshift.io/v1", "ClusterVersion", "version", status={"desired": {"version": "4.22.1"}})
    deployments = listed(deployment("d"), kind="DeploymentList", api_version="apps/v1")
    files = {
        "namespaces/default/core/pods.yaml": yaml.safe_dump(listed(*OBJECTS[2:4], kind="PodList")),
        "namespaces/default/apps/deployments.yaml": yaml.safe_dump(deployments),
        "namespaces/default/pods/a/main/logs/current.log": "kind of a log: {\n[x\n",
        "cluster-scoped-resources/core/nodes/node-1.yaml": "---\n" + yaml.safe_dump(OBJECTS[0]),
        "cluster-scoped-resources/config.openshift.io/clusterversions/version.yaml": yaml.safe_dump(version),
        "event-filter.html": "<html>kind: x</html>",
        "version": "openshift/must-gather\nv4.22",
        "timestamp": "2026-11-01",
    }
    index = read({f"must-gather.local/quay-io/{path}": content for path, content in files.items()})
    assert counts(index) == {"ClusterVersion.config.openshift.io": 1, "Deployment.apps": 1, "Node": 1, "Pod": 2}
    assert next(index.each("ClusterVersion.config.openshift.io"))["status"]["desired"] == {"version": "4.22.1"}


def test_a_cluster_info_dump_folder(read):
    bare = [{key: below for key, below in pod(name).items() if key not in ("kind", "apiVersion")} for name in "ab"]
    index = read(
        {
            "nodes.json": {"kind": "NodeList", "apiVersion": "v1", "metadata": {}, "items": [OBJECTS[0]]},
            "default/pods.json": {"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": bare},
            "default/replication-controllers.json": {
                "kind": "ReplicationControllerList",
                "apiVersion": "v1",
                "items": None,
            },
            "default/services.json": {"kind": "ServiceList", "apiVersion": "v1", "items": None},
            "default/a/logs.txt": "==== START logs for container main of pod default/a ====\n{",
        }
    )
    assert counts(index) == {"Node": 1, "Pod": 2}


@pytest.fixture
def sonobuoy():
    """A Sonobuoy results archive."""
    junit = (
        '<testsuites><testsuite name="p/test" timestamp="2026-11-01T10:00:00Z">'
        '<testcase name="TestGangScheduling" time="3"/></testsuite></testsuites>'
    )
    members = {
        "resources/cluster/core_v1_nodes.json": json.dumps(listed(OBJECTS[0])),
        "resources/ns/default/core_v1_pods.json": json.dumps(listed(*OBJECTS[2:4], kind="PodList")),
        "serverversion.json": json.dumps(
            {"major": "1", "minor": "37", "gitVersion": "v1.37.1", "platform": "linux/amd64"}
        ),
        "servergroups.json": json.dumps({"groups": [{"name": "apps", "versions": []}]}),
        "plugins/ai/results/global/junit_01.xml": junit,
        "podlogs/default/a/logs/main.txt": '{"level": "info"}\n{"level": "info"}\n',
        "podlogs/kube-system/b/logs/audit.txt": '{"kind":"Event","apiVersion":"audit.k8s.io/v1"}\n{}\n',
        "meta/run.log": "x",
    }
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for name, text in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return raw.getvalue()


def test_a_sonobuoy_archive(read, sonobuoy):
    index = read(alone=sonobuoy, name="202611010000_sonobuoy_x.tar.gz")
    assert counts(index) == {"Node": 1, "Pod": 2}
    assert index.server == {"gitVersion": "v1.37.1", "major": "1", "minor": "37"}
    assert [(row["requirement"], row["outcome"]) for row in index.results] == [("gang_scheduling", "passed")]
    assert [entry for entry in index.omissions if entry["kind"] is None] == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-be"])
def test_text_as_powershell_redirects_it(read, encoding):
    text = json.dumps(listed(*OBJECTS))
    mark = "\ufeff" if encoding == "utf-16-be" else ""
    assert counts(read(alone=(mark + text).encode(encoding))) == ALL


def test_discovery_documents_say_what_is_served(read):
    resources = [{"name": "pods", "kind": "Pod", "namespaced": True, "verbs": ["list"]}]
    clusters = {
        "resource": "rayclusters",
        "responseKind": {"kind": "RayCluster"},
        "scope": "Namespaced",
        "verbs": ["list"],
    }
    group = {"metadata": {"name": "ray.io"}, "versions": [{"version": "v1", "resources": [clusters]}]}
    index = read(
        {
            "a.json": {"kind": "APIResourceList", "groupVersion": "v1", "resources": resources},
            "b.json": {"kind": "APIGroupDiscoveryList", "apiVersion": "apidiscovery.k8s.io/v2", "items": [group]},
        }
    )
    assert [(api["group"], api["resource"], api["namespaced"]) for api in index.apis] == [
        ("", "pods", True),
        ("ray.io", "rayclusters", True),
    ]
    # What discovery does not list is not there; what it lists, and the input does not show, is unknown.
    assert index.omitted("RayJob.ray.io") == []
    assert [entry["reason"] for entry in index.omitted("RayCluster.ray.io")] == ["NotInInput"]


def test_kinds_that_the_input_does_not_show_are_omissions(read):
    index = read(alone=listed(*OBJECTS))
    assert [entry["reason"] for entry in index.omitted("Service")] == ["NotInInput"]
    assert [entry["reason"] for entry in index.omitted("RayCluster.ray.io")] == ["NotInInput"]
    assert index.omitted("Pod") == []
    assert index.metadata["complete"] is False


def test_an_empty_list_of_a_kind_says_that_there_are_none(read):
    for items in (b"[]", b"null"):
        index = read(alone=b'{"kind": "ServiceList", "apiVersion": "v1", "items": %s}' % items)
        assert index.omitted("Service") == []


def test_an_empty_list_in_a_folder_may_be_that_of_one_namespace(read):
    index = read(
        {"default/services.json": {"kind": "ServiceList", "apiVersion": "v1", "items": []}, "a.json": OBJECTS[0]}
    )
    assert [entry["reason"] for entry in index.omitted("Service")] == ["NotInInput"]


def test_definitions_tell_which_custom_resources_there_cannot_be(read):
    index = read(alone=listed(crd("rayclusters.ray.io"), *OBJECTS))
    assert [entry["reason"] for entry in index.omitted("RayCluster.ray.io")] == ["NotInInput"]
    assert index.omitted("RayJob.ray.io") == []
    assert [entry["reason"] for entry in index.omitted("ResourceSlice.resource.k8s.io")] == ["NotInInput"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no Kubernetes objects"),
        (b"just text", "holds no Kubernetes objects"),
        (b"{}", "holds no Kubernetes objects"),
        (b"7", "holds no Kubernetes objects"),
        (b'{"kind": "List", "apiVersion": "v1"}', "a List without a list of items"),
        (b'{"kind": "PodList", "apiVersion": "v1", "items": {}}', "a PodList without a list of items"),
        (b'{"kind": "List", "items": [{"a": ', "breaks off"),
        (b'{"kind": "Pod", "apiVersion": "v1"', "breaks off"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b"kind: Pod\napiVersion: [", "line 2|line 3"),
        (b"kind: Pod\na: &x 1\nb: *x\n", "an alias"),
        (b'{"format": "aiconf/snapshot/v2", "objects": []}', "A newer aiconf may read it"),
        (b'{"format": 7, "objects": []}', "of the format 7"),
        (b'{"format": "aiconf/snapshot/v1"}', "a snapshot has a list of objects"),
        (b'{"format": "aiconf/snapshot/v1", "objects": 7}', "a snapshot has a list of objects"),
        (b'{"format": "aiconf/snapshot/v1", "objects": [], "apis": {}}', r"apis: Expected `array"),
        (b'{"format": "aiconf/snapshot/v1", "objects": [], "results": [{"suite": "s"}]}', "results: .*missing"),
        (b'{"format": "aiconf/snapshot/v1", "objects": [], "metadata": []}', "metadata: Expected"),
        (b'{"gitVersion": 7}', "Expected `str"),
        (b"\xff\xfe\x00", "UTF-16"),
    ],
)
def test_a_file_of_which_nothing_can_be_said_is_an_error(read, content, message):
    with pytest.raises(InputError, match=message):
        read(alone=content)


def test_a_hundred_megabytes_of_brackets_end_quickly(read):
    with pytest.raises(InputError, match="nested too deeply"):
        read(alone=b"[" * 100_000_000)


def test_a_file_in_a_folder_that_cannot_be_read_is_an_omission_and_the_rest_goes_on(read):
    index = read(
        {
            "a.json": OBJECTS[0],
            "b.json": '{"apiVersion": "v1", "kind": "Pod"',
            "c.yaml": "kind: Pod\napiVersion: [",
            "d.txt": "x",
        }
    )
    assert counts(index) == {"Node": 1}
    assert [entry["message"].partition(":")[0] for entry in index.omissions if entry["reason"] == "Unreadable"] == [
        "b.json",
        "c.yaml",
    ]


def test_a_folder_without_anything_is_an_error_that_says_why(read):
    with pytest.raises(InputError, match=r"holds no Kubernetes objects.*b\.json: the JSON breaks off"):
        read({"a.txt": "x", "b.json": '{"apiVersion": "v1"'})


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({"apiVersion": "v1", "kind": "List", "items": [7, "x", None]}, "something that is no object"),
        ({"apiVersion": "v1", "kind": "List", "items": [{"metadata": {"name": "x"}}]}, "without kind and apiVersion"),
        ({"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": 3}}]}, r"\$\.metadata"),
        (thing("v1", "Pod", "p", "d", spec=[]), "is no object that can be read"),
        ({"format": "aiconf/snapshot/v1", "objects": [{}]}, "without kind and apiVersion"),
    ],
)
def test_an_input_of_which_nothing_is_an_object_is_an_error(read, document, message):
    with pytest.raises(InputError, match=message):
        read(alone=document)
    with pytest.raises(InputError, match=message):
        read({"a.json": json.dumps(document), "b.txt": "x"})


def test_a_file_of_a_folder_of_which_nothing_is_an_object_is_an_omission(read):
    broken = json.dumps(thing("v1", "Pod", "p", "d", spec=[]))
    index = read({"a.json": broken, "b.json": json.dumps(listed(*OBJECTS))})
    assert counts(index) == ALL
    assert [entry["kind"] for entry in index.omissions if entry["reason"] == "Malformed"] == ["Pod"]


def test_a_document_of_many_that_is_no_object_is_an_omission(read):
    broken = thing("v1", "Pod", "p", "d", spec=[])
    index = read(alone=yaml.safe_dump_all([broken, *OBJECTS]))
    assert counts(index) == ALL
    assert [entry["kind"] for entry in index.omissions if entry["reason"] == "Malformed"] == ["Pod"]
    with pytest.raises(InputError, match="is no object that can be read"):
        read(alone=yaml.safe_dump_all([broken, broken]))


def test_objects_that_nobody_wants_are_no_error(read):
    assert read(alone=listed(thing("v1", "Secret", "s", "d", data={}))).omissions


def test_malformed_objects_are_omissions_and_bounded_in_number(read):
    broken = [thing("v1", "Pod", f"p{number}", "d", spec=[]) for number in range(1000)]
    index = read(alone=listed(*OBJECTS, *broken, 7, None, "x"))
    assert counts(index) == ALL
    messages = [entry["message"] for entry in index.omissions if entry["reason"] == "Malformed"]
    assert len(messages) == 24
    assert "980 more of them" in messages
    assert {entry["kind"] for entry in index.omissions if entry["reason"] == "Malformed"} == {"Pod", None}


@pytest.fixture
def in_processes(monkeypatch):
    """Have everything read in processes from now on, in pieces of forty kilobytes; gives the list of what was."""

    def begin():
        started = []
        original = workers._in_processes

        def noted(document, *arguments):
            started.append(document.display)
            return original(document, *arguments)

        monkeypatch.setattr(stream.JsonStream.__init__, "__defaults__", (40_000, None))
        monkeypatch.setattr(workers, "_PIECES_WORTH_A_PROCESS", 1)
        monkeypatch.setattr("os.cpu_count", lambda: 2)
        monkeypatch.setattr(workers, "_in_processes", noted)
        return started

    return begin


def test_cuts_in_processes_that_look_right_and_are_wrong_make_no_difference(read, in_processes, monkeypatch):
    """Owners and items begin alike in a compact list, as most exporters print it."""
    owners = [reference(deployment(f"d{number}", "default")) for number in range(9)]
    objects = [pod(f"p{number}") for number in range(500)]
    for one in objects:
        one["metadata"]["ownerReferences"] = owners
    started = in_processes()
    again = []
    original = stream.JsonStream.read_again

    def noted(document, place):
        again.append(place.offset)
        return original(document, place)

    monkeypatch.setattr(stream.JsonStream, "read_again", noted)
    index = read(alone=json.dumps(listed(*objects), separators=(",", ":"), sort_keys=True))
    assert (len(started), len(again)) == (1, 1)
    assert [one["metadata"]["name"] for one in index.each("Pod")] == [one["metadata"]["name"] for one in objects]
    assert not index.omitted("Pod")


@pytest.mark.parametrize("damage", [-1, -10, -60_000])
def test_a_large_list_that_breaks_off_is_an_error_in_processes_too(read, in_processes, damage):
    text = json.dumps(listed(*(pod(f"p{number}") for number in range(500))), indent=4)
    started = in_processes()
    with pytest.raises(InputError, match="breaks off"):
        read(alone=text[:damage])
    assert len(started) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_large_list_is_cut_down_in_several_processes_to_the_same(read, in_processes, encoding):
    operator = deployment("operator", "ops", replicas=2)
    objects = [
        operator,
        *pods_of(operator, ["n"] * 2),
        *(pod(f"p{number}") for number in range(2000)),
        thing("v1", "Pod", "x", spec=7),
    ]
    text = json.dumps(listed(*objects))
    alone = read(alone=text)
    started = in_processes()
    together = read(alone=text.encode(encoding))
    assert len(started) == 1
    assert counts(together) == counts(alone)
    assert list(together.each("Pod")) == list(alone.each("Pod"))
    assert together.omissions == alone.omissions


def test_a_snapshot_is_whole_or_not_there(tmp_path):
    class Broken(list[Item]):
        def __iter__(self):
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        write_snapshot(Snapshot(items=Broken()), tmp_path / "out.json")
    assert list(tmp_path.iterdir()) == []


def test_what_lies_in_other_namespaces_than_those_of_a_snapshot_is_not_known_to_be_absent(read):
    document = Cluster().add(*OBJECTS).snapshot(omissions=[])
    assert read(alone=document).omitted("Deployment.apps") == []
    document["metadata"]["namespaces"] = ["default"]
    index = read(alone=document)
    assert counts(index) == ALL
    assert [entry["reason"] for entry in index.omitted("Deployment.apps")] == ["NotRequested"]
    assert [entry["message"] for entry in index.omitted("Pod")] == ["only the namespaces default were read"]
    assert index.omitted("Node") == []
    assert index.metadata["complete"] is False
    own = {"group": "apps", "kind": "Deployment", "resource": "deployments", "reason": "NotRequested", "message": "own"}
    document["omissions"] = [own]
    assert [entry["message"] for entry in read(alone=document).omitted("Deployment.apps")] == ["own"]
