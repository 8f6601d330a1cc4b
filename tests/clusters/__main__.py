"""`python -m tests.clusters --write` writes the snapshots of all clusters to fixtures/snapshots."""

from __future__ import annotations

import argparse

from tests.clusters.catalog import CLUSTERS, FOLDER, snapshot_text


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", required=True)
    parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in CLUSTERS.items():
        FOLDER.joinpath(f"{name}.json").write_bytes(snapshot_text(make()))


if __name__ == "__main__":
    main()
