"""CPU-time ratios of ``aiconf lint`` against other tools, in one run on the same files.

Absolute times depend on the machine; ratios of processes that run in turn hardly do. Run with ``make bench``, or with
``--files DIR`` for submissions of your own (a registry).
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
SCHEMA = ROOT / "rules/schemas/product.schema.json"
BASE = ROOT / "fixtures/submissions/v1.37/corvid/PRODUCT.yaml"
LAYERED = ROOT / "fixtures/submissions/v1.36/jay/PRODUCT.yaml"


def generate(folder: Path, count: int) -> Path:
    """A registry of ``count`` submissions that all differ."""
    text = BASE.read_text(encoding="utf-8")
    for number in range(count):
        product = folder / "v1.37" / f"product-{number:05}"
        product.mkdir(parents=True)
        (product / "PRODUCT.yaml").write_text(
            text.replace("Corvid Kubernetes Engine", f"Engine {number}"), encoding="utf-8"
        )
    return folder


def cpu(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of one run of a process and its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after, wall = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter() - start
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, wall


def compare(ours: list[str], theirs: list[str], runs: int) -> float:
    """Median ratio of CPU time over pairs run in turn."""
    for command in (ours, theirs):
        cpu(command)
    return statistics.median(cpu(ours)[0] / cpu(theirs)[0] for _ in range(runs))


def median_cpu(command: list[str], runs: int) -> float:
    cpu(command)
    return statistics.median(cpu(command)[0] for _ in range(runs))


def row(what: str, ratio: float, target: float | None = None) -> None:
    goal = f"  (target at most {target})" if target is not None else ""
    print(f"{what:<62} {ratio:7.2f}{goal}")


def lint(*paths: Path | str) -> list[str]:
    return [str(BIN / "aiconf"), "lint", "--format", "json", *map(str, paths)]


def check_jsonschema(*paths: Path | str) -> list[str]:
    return [str(BIN / "check-jsonschema"), "--schemafile", str(SCHEMA), *map(str, paths)]


def against_others(files: list[Path], runs: int) -> None:
    bare = [sys.executable, "-c", "pass"]
    row(
        "aiconf lint, one file / check-jsonschema, one file",
        compare(lint(files[0]), check_jsonschema(files[0]), runs),
        0.5,
    )
    what = f"aiconf lint, {len(files)} files / check-jsonschema, {len(files)} files"
    row(what, compare(lint(*files), check_jsonschema(*files), max(3, runs // 2)), 1.0)
    row("aiconf lint, one file / python -c pass", compare(lint(files[0]), bare, runs))
    one, many = median_cpu(lint(files[0]), runs), median_cpu(lint(*files), max(3, runs // 2))
    row("each additional file / python -c pass", (many - one) / (len(files) - 1) / median_cpu(bare, runs))


def layered(path: Path, runs: int) -> None:
    """What the rules about layers cost, beside a report that says who owns what, and beside one that does not."""
    row(
        "aiconf lint, a layered product / without its rules",
        compare(lint(path), lint("--ignore", "layered", path), runs),
        1.25,
    )
    row("aiconf lint, a layered product / read as not layered", compare(lint(path), lint("--no-layered", path), runs))


def growth(counts: list[int]) -> None:
    """CPU and wall time for each file as their number grows: linear is 1.0, and wall / CPU is at best 1 / cores."""
    first = None
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            registry = generate(Path(folder) / str(count), count)
            used, wall = cpu(lint(registry))
            start = cpu(lint(registry / "v1.37/product-00000"))[0]
            each = (used - start) / (count - 1)
            first = first or each
            print(
                f"{count:>6} files: CPU time each {each / first:5.2f} of the first row's, wall / CPU {wall / used:4.2f}"
            )
    print(f"({os.cpu_count()} cores)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--files", type=Path, help="a registry whose submissions are linted (default: 42 generated ones)"
    )
    parser.add_argument("--layered", type=Path, default=LAYERED, help="a layered submission (default: a shipped one)")
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--growth", type=int, nargs="*", default=[10, 1000, 10000])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        registry = arguments.files or generate(Path(folder), 42)
        against_others(sorted(registry.glob("v*/*/PRODUCT.yaml")), arguments.runs)
    layered(arguments.layered, 3 * arguments.runs)
    if arguments.growth:
        growth(arguments.growth)


if __name__ == "__main__":
    main()
