"""Nodes, namespaces, and what accelerators are offered as."""

from __future__ import annotations

from tests.clusters.parts import BEFORE, GPU, Plain, condition, thing, uid


def node(
    name: str,
    *,
    gpus: int = 0,
    resource: str = GPU,
    labels: Plain | None = None,
    ready: bool = True,
    version: str = "v1.37.1",
    provider_id: str = "",
    taints: list[Plain] | None = None,
    annotations: Plain | None = None,
    os_image: str = "Ubuntu 24.04.3 LTS",
) -> Plain:
    """A node; with `gpus` it can allocate that many of `resource`."""
    capacity = {"cpu": "64", "memory": "512Gi", "pods": "110"} | ({resource: str(gpus)} if gpus else {})
    return thing(
        "v1",
        "Node",
        name,
        labels={"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
        | (labels or {}),
        annotations=annotations,
        spec={"providerID": provider_id or f"example:///{name}"} | ({"taints": taints} if taints else {}),
        status={
            "allocatable": dict(capacity),
            "capacity": dict(capacity),
            "conditions": [condition("Ready", ready, "KubeletReady" if ready else "KubeletNotReady")],
            "nodeInfo": {
                "architecture": "amd64",
                "bootID": uid("boot", name),
                "containerRuntimeVersion": "containerd://2.1.6",
                "kernelVersion": "6.8.0-85-generic",
                "kubeProxyVersion": version,
                "kubeletVersion": version,
                "machineID": uid("machine", name),
                "operatingSystem": "linux",
                "osImage": os_image,
                "systemUUID": uid("system", name),
            },
        },
    )


def namespace(name: str, labels: Plain | None = None) -> Plain:
    """A namespace."""
    own = {"kubernetes.io/metadata.name": name}
    return thing("v1", "Namespace", name, labels=own | (labels or {}), status={"phase": "Active"})


def runtime_class(name: str, handler: str = "", **selector: str) -> Plain:
    """A RuntimeClass; keywords are labels of the nodes that have it."""
    scheduling = {"nodeSelector": selector} if selector else None
    return thing("node.k8s.io/v1", "RuntimeClass", name, handler=handler or name, scheduling=scheduling)


def device_class(name: str, driver: str = "") -> Plain:
    """A DeviceClass that selects the devices of a driver."""
    expression = f"device.driver == '{driver or name}'"
    return thing("resource.k8s.io/v1", "DeviceClass", name, spec={"selectors": [{"cel": {"expression": expression}}]})


def resource_slice(
    node: str,
    *,
    driver: str = "gpu.nvidia.com",
    devices: int = 1,
    generation: int = 1,
    slices: int = 1,
    number: int = 0,
    **attributes: Plain,
) -> Plain:
    """A ResourceSlice of a node's devices; attributes are `{"string": ...}` and the like."""
    default: Plain = {"type": {"string": "gpu"}, "driverVersion": {"version": "580.126.9"}}
    return thing(
        "resource.k8s.io/v1",
        "ResourceSlice",
        f"{node}-{driver}-{generation}-{number}",
        spec={
            "driver": driver,
            "nodeName": node,
            "pool": {"name": node, "generation": generation, "resourceSliceCount": slices},
            "devices": [
                {
                    "name": f"gpu-{one}",
                    "attributes": default | {"uuid": {"string": f"GPU-{uid(node, one)}"}} | attributes,
                    "capacity": {"memory": {"value": "80Gi"}},
                }
                for one in range(devices)
            ],
        },
    )


def resource_claim(
    name: str,
    namespace: str = "default",
    *,
    device_class: str = "gpu.nvidia.com",
    driver: str = "gpu.nvidia.com",
    pool: str = "node-1",
    device: str = "gpu-0",
    reserved_for: Plain | None = None,
    allocated: bool = True,
    admin: bool = False,
) -> Plain:
    """A ResourceClaim for one device, allocated, and reserved for a pod when one is given."""
    request = {"name": "gpu", "exactly": {"deviceClassName": device_class, "allocationMode": "ExactCount", "count": 1}}
    if admin:
        request["exactly"]["adminAccess"] = True  # type: ignore[index] # a nested dict
    status: Plain = {}
    if allocated:
        result = {"request": "gpu", "driver": driver, "pool": pool, "device": device}
        status["allocation"] = {"allocationTimestamp": BEFORE, "devices": {"results": [result]}}
    if reserved_for is not None:
        meta = reserved_for["metadata"]
        status["reservedFor"] = [{"resource": "pods", "name": meta["name"], "uid": meta["uid"]}]
    return thing(
        "resource.k8s.io/v1", "ResourceClaim", name, namespace, spec={"devices": {"requests": [request]}}, status=status
    )
