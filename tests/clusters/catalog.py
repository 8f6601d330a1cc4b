"""All clusters by name, and the snapshots that are made of them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aiconf.catalog.load import load_catalog
from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.format import encode
from aiconf.snapshot.load import load_snapshot
from tests.clusters.aks import aks
from tests.clusters.amd import amd
from tests.clusters.device_plugin_only import device_plugin_only
from tests.clusters.dra_only import dra_only
from tests.clusters.eks import eks
from tests.clusters.gke import gke
from tests.clusters.kai import kai
from tests.clusters.onprem import onprem
from tests.clusters.openshift import openshift

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.clusters.cluster import Cluster

FOLDER = Path(__file__).parents[2] / "fixtures" / "snapshots"
CLUSTERS: Mapping[str, Callable[[], Cluster]] = {
    "aks": aks,
    "amd": amd,
    "device_plugin_only": device_plugin_only,
    "dra_only": dra_only,
    "eks": eks,
    "gke": gke,
    "kai": kai,
    "onprem": onprem,
    "openshift": openshift,
}


def snapshot_text(cluster: Cluster) -> bytes:
    """The snapshot of a cluster as `aiconf snapshot` writes it: cut down to the fields of the collection, sorted."""
    data = load_catalog().data
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "cluster.json")
        path.write_text(json.dumps(cluster.snapshot()), encoding="utf-8")
        found = load_snapshot([path], parse_collection(data["collection"]), data["results"])
    return b"".join(encode(found))
