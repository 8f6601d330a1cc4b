"""An API server that replays a cluster over a real socket, with faults on demand.

    with Replay(cluster, token="secret") as server:
        server.faults.append(Fault("/api/v1/pods", status=429, headers={"Retry-After": "1"}))
        path = server.kubeconfig(tmp_path / "config")

It speaks what a client that only reads needs of the Kubernetes REST API: discovery, aggregated or one by one, lists in
pages with continue tokens, field and label selectors, single objects, the pod proxy, bearer tokens, TLS. `requests`
holds the paths that were asked for, in order.
"""

from tests.replay.server import Fault, Replay

__all__ = ["Fault", "Replay"]
