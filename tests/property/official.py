"""What the programme's own validator rejects offline, told from its behaviour and written apart from aiconf.

It serves as a yardstick: whatever this rejects, aiconf must report at severity error. Membership and reachable addresses
need the network and are left out; so are artifacts, which have tests of their own.
"""

import re
from pathlib import PurePosixPath

REQUIRED = [
    "kubernetesVersion", "platformName", "platformVersion", "vendorName", "websiteUrl", "documentationUrl",
    "productLogoUrl", "description", "contactEmailAddress", "k8sConformanceUrl",
]  # fmt: skip
CONFORMANCE = re.compile(r"^https://github\.com/cncf/k8s-conformance/tree/(master|main)/v\d+\.\d+/[^/]+/?$")
STATUSES = ["Implemented", "Not Implemented", "Partially Implemented", "N/A"]


def rejections(document, checklist, files, path):
    """Why the validator rejects a document.

    Args:
        document: The parsed PRODUCT.yaml.
        checklist: Category to rows of id and level.
        files: Names that exist in the product's folder.
        path: Where the document lies in the repository.
    """
    found = []
    if not re.search(r"(^|/)v\d+\.\d+/", path):
        found.append("the path holds no version")
    if not isinstance(document, dict):
        return [*found, "the file does not load"]
    found += _metadata(document.get("metadata"))
    found += _spec(document.get("spec"), checklist, files, path)
    return found


def _snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _metadata(metadata):
    if not isinstance(metadata, dict):
        yield "metadata is missing"
        return
    for name in REQUIRED:
        value = metadata.get(name, metadata.get(_snake(name)))
        if value is None or value == "":
            yield f"{name} is missing"
        elif not isinstance(value, str):
            yield f"{name} is not a string"
        elif re.fullmatch(r"\s*\[.*\]\s*", value):
            yield f"{name} is a placeholder"
        elif name == "k8sConformanceUrl" and not CONFORMANCE.match(value):
            yield f"{name} has the wrong form"


def _spec(spec, checklist, files, path):
    spec = {} if spec is None else spec
    if not isinstance(spec, dict) or not all(isinstance(items, list) for items in spec.values()):
        yield "the file does not load"
        return
    entries = [entry for items in spec.values() for entry in items]
    if not all(map(_loads, entries)):
        yield "the file does not load"
        return
    for category, rows in checklist.items():
        if category not in spec:
            yield f"{category} is missing"
            continue
        for requirement, level in rows:
            entry = next((e for e in spec[category] if e.get("id") == requirement), None)
            if entry is None:
                yield f"{requirement} is missing"
            else:
                yield from _entry(entry, level, files, path)


def _loads(entry):
    if not isinstance(entry, dict):
        return False
    evidence = entry.get("evidence")
    lists = evidence is None or (isinstance(evidence, list) and all(isinstance(item, str) for item in evidence))
    return lists and all(not isinstance(entry.get(key), dict | list) for key in ("notes", "status", "level", "id"))


def _entry(entry, level, files, path):
    status, evidence = entry.get("status") or "", [e for e in entry.get("evidence") or [] if e.strip()]
    if level == "SHOULD" and status == "" and not evidence:
        return
    if status not in STATUSES:
        yield f"{entry['id']} has the status {status!r}"
    elif level == "MUST" and status != "Implemented" and not (status == "N/A" and entry["id"] == "cluster_autoscaling"):
        yield f"{entry['id']} is a MUST and not Implemented"
    if status == "N/A" and not str(entry.get("notes") or "").strip():
        yield f"{entry['id']} is N/A without notes"
    for item in evidence:
        if not item.startswith(("http://", "https://")):
            yield from _file(item, files, path)


def _file(item, files, path):
    name = item.removeprefix("file://").lstrip("/").split("#")[0]
    own = "/".join(PurePosixPath(path).parts[-3:-1]) + "/"
    name = name.removeprefix(own)
    if re.match(r"v\d+\.\d+/", name):
        yield f"{item} lies in another product's folder"
    elif ".." in PurePosixPath(name).parts or name not in files:
        yield f"{item} is not there"
