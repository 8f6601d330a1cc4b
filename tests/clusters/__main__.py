"""The clusters: `--write` writes their snapshots to fixtures/snapshots, `--table` prints what each of them shows."""

from __future__ import annotations

import argparse
import sys

from tests.clusters.catalog import CLUSTERS, FOLDER, snapshot_text
from tests.clusters.shows import table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    wanted = parser.add_mutually_exclusive_group(required=True)
    wanted.add_argument("--write", action="store_true", help="write the snapshots")
    wanted.add_argument("--table", action="store_true", help="print what shows what, as Markdown")
    if parser.parse_args().table:
        sys.stdout.write(table())
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in CLUSTERS.items():
        FOLDER.joinpath(f"{name}.json").write_bytes(snapshot_text(make()))


if __name__ == "__main__":
    main()
