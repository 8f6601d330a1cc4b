"""`aiconf check` of a big cluster against ``orjson.loads`` on that file: ratios of time and peak memory, in one run.

    python bench/snapshot.py                                # 5,000 nodes and 100,000 pods, about a gigabyte
    python bench/snapshot.py --nodes 500 --pods 10000 --runs 5

Beside it, a snapshot of a megabyte is checked against `aiconf lint` of one submission, by CPU time.

Both sides are processes of their own, run in turn: ours judges every requirement, theirs decodes the file as
a user would. Peak memory is that of the process with its children at the time (their pages counted once
each), which for ours includes the workers.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
TIME_TARGET, MEMORY_TARGET, LINEAR_TARGET, SMALL_TARGET = 0.6, 0.2, 1.2, 2.0
# What makes about a megabyte, and what it is held against.
SMALL_NODES, SMALL_PODS, SUBMISSION = 10, 60, ROOT / "fixtures/submissions/v1.37/heron/PRODUCT.yaml"
OURS = """
import json, sys
from aiconf.cli import run
report = sys.argv[1] + ".report"
assert run(["check", sys.argv[1], "--no-config", "--format", "json", "--output-file", report]) in (0, 1)
with open(report) as file:
    rows = json.load(file)["requirements"]
assert rows and all(row["result"] != "error" for row in rows)
"""
THEIRS = """
import sys
import orjson
with open(sys.argv[1], "rb") as file:
    cluster = orjson.loads(file.read())
assert sum(item["kind"] == "Pod" for item in cluster["items"]) == int(sys.argv[2])
"""


def resident(process: int) -> int:
    """Bytes of memory that a process and its descendants hold, shared pages divided among those that share them."""
    total = 0
    for one in (process, *descendants(process)):
        try:
            text = Path(f"/proc/{one}/smaps_rollup").read_text(encoding="ascii")
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))
    return total


def descendants(process: int) -> list[int]:
    try:
        tasks = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    except OSError:
        return []
    return [found for child in map(int, tasks) for found in (child, *descendants(child))]


def measure(script: str, path: Path, pods: int) -> tuple[float, int, float]:
    """Wall seconds, peak bytes and CPU seconds of one run."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    before, start = os.times(), time.perf_counter()
    running = subprocess.Popen([sys.executable, "-c", script, str(path), str(pods)], env=environment)
    peak, done = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.02):
            peak = max(peak, resident(running.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = running.wait()
    wall, after = time.perf_counter() - start, os.times()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"a run failed with {code}")
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return wall, peak, cpu


def compare(path: Path, pods: int, runs: int) -> tuple[float, float, float]:
    """Median ratios of wall time and peak memory, and our median wall seconds."""
    walls, peaks, ours = [], [], []
    for _ in range(runs):
        mine, theirs = measure(OURS, path, pods), measure(THEIRS, path, pods)
        walls.append(mine[0] / theirs[0])
        peaks.append(mine[1] / theirs[1])
        ours.append(mine[0])
        print(
            f"    {mine[0]:6.2f} s {mine[1] / 2**20:6.0f} MiB {mine[2] / mine[0]:4.1f} cores   against"
            f" {theirs[0]:6.2f} s {theirs[1] / 2**20:6.0f} MiB"
        )
    return statistics.median(walls), statistics.median(peaks), statistics.median(ours)


def small_against_lint(folder: Path, runs: int) -> float:
    """The median ratio of CPU time between checking a snapshot of a megabyte and linting one submission."""
    path = folder / "megabyte.json"
    generate(path, SMALL_NODES, SMALL_PODS)
    sides = [["check", str(path)], ["lint", str(SUBMISSION)]]
    ratios = []
    for _ in range(runs + 1):
        used = []
        for arguments in sides:
            before = os.times()
            subprocess.run(
                [sys.executable, "-m", "aiconf", *arguments, "--no-config"],
                stdout=subprocess.DEVNULL, check=False, cwd=ROOT,
            )  # fmt: skip
            after = os.times()
            used.append(after.children_user - before.children_user + after.children_system - before.children_system)
        ratios.append(used[0] / used[1])
    return statistics.median(ratios[1:])  # the first run may have to compile


def generate(path: Path, nodes: int, pods: int) -> None:
    command = [sys.executable, str(ROOT / "bench/generate_cluster.py"), str(path)]
    subprocess.run([*command, "--nodes", str(nodes), "--pods", str(pods)], check=True)
    print(f"{pods:,} pods, {path.stat().st_size / 2**20:,.1f} MiB")


def report(what: str, value: float, target: float) -> bool:
    print(f"{what:<46}{value:6.2f}   target at most {target}   {'met' if value <= target else 'MISSED'}")
    return value <= target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nodes", type=int, default=5000)
    parser.add_argument("--pods", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        small, large = Path(folder, "small.json"), Path(folder, "large.json")
        sizes = ((small, max(1, arguments.nodes // 10), arguments.pods // 10), (large, arguments.nodes, arguments.pods))
        for path, nodes, pods in sizes:
            generate(path, nodes, pods)
        megabyte = small_against_lint(Path(folder), 3 * arguments.runs)
        first = compare(small, arguments.pods // 10, arguments.runs)
        second = compare(large, arguments.pods, arguments.runs)
    met = [
        report("time against orjson.loads", second[0], TIME_TARGET),
        report("peak memory against orjson.loads", second[1], MEMORY_TARGET),
        report("ten times the pods, time per pod against one", second[2] / first[2] / 10, LINEAR_TARGET),
        report("a megabyte, CPU time against one submission", megabyte, SMALL_TARGET),
    ]
    sys.exit(not all(met))


if __name__ == "__main__":
    main()
