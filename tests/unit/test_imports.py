"""The direction of imports, as docs/architecture.md draws it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "aiconf"

BASE = {"model", "errors", "cache"}
# part -> the parts it may import, beside itself
ALLOWED = {
    "model": set(),
    "errors": set(),
    "cache": set(),
    "source": BASE,
    "testresults": BASE,
    "schema": BASE | {"catalog", "schema_proof"},
    "schema_proof": BASE,
    "cel": BASE,
    "catalog": BASE | {"source", "cel"},
    "registry": BASE | {"source"},
    "submission": BASE | {"source", "cel", "registry", "testresults"},
    "snapshot": BASE | {"source", "cel", "catalog", "testresults"},
    "selection": BASE | {"catalog"},
    "evaluation": BASE | {"catalog"},
    "engine": BASE | {"source", "catalog", "schema", "selection", "evaluation"},
    "judgement": BASE | {"catalog", "evaluation"},
    "cluster": BASE | {"cel", "snapshot"},
    "observer": BASE | {"catalog", "cluster", "judgement", "registry", "snapshot"},
    "layers_file": BASE | {"source", "catalog", "schema"},
    "pull_request": BASE | {"source", "engine"},
    "comparison": BASE | {"observer", "snapshot"},
    "userfile": BASE | {"source", "catalog", "schema"},
    "config": BASE | {"userfile"},
    "suppression": BASE | {"source", "catalog", "selection", "userfile"},
    "settlement": BASE | {"catalog", "engine", "selection", "suppression"},
    "options": BASE | {"submission", "layers_file"},
    "linter": BASE
    | {
        "options",
        "source",
        "catalog",
        "registry",
        "submission",
        "selection",
        "engine",
        "settlement",
        "suppression",
        "layers_file",
        "pull_request",
    },
    "trace": BASE | {"cel", "judgement"},
    "layers": BASE | {"source", "layers_file", "registry", "submission", "reporters"},
    "claims": BASE | {"cluster", "observer"},
    "checker": BASE
    | {"source", "catalog", "claims", "engine", "judgement", "linter", "observer", "options", "registry"},
    "docs": BASE | {"catalog"},
    "edited_snapshot": BASE | {"catalog"},
    "fix": BASE | {"source", "engine", "linter", "options", "selection"},
    "verify": BASE,
    "ruletest": BASE
    | {"source", "catalog", "checker", "engine", "judgement", "linter", "online", "observer", "edited_snapshot"}
    | {"pull_request", "suppression", "fix", "options", "selection"},
    "online": BASE | {"catalog"},
    "reporters": {"model"},
}
CEL_LIBRARIES = {"celpy", "lark", "cel_expr_python"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"aiconf.{alias.name}" for alias in node.names]
            yield from names if node.module == "aiconf" else [node.module or ""]
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_part_imports_only_what_the_architecture_allows(path):
    part = part_of(path)
    if part in ("__init__", "__main__", "cli"):
        return  # the package's lazy names and the command line stand above all parts
    parts = {name.split(".")[1] for name in imported(path) if name.startswith("aiconf.")} - {"__version__"}
    assert parts - {part} <= ALLOWED[part]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_cel_imports_cel_libraries(path):
    if part_of(path) == "cel":
        return
    assert not {name.split(".")[0] for name in imported(path)} & CEL_LIBRARIES


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_only_the_command_line_touches_streams_clock_and_environment(path):
    if part_of(path) == "cli":
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert "print" not in names
    # The cache lies where the environment says.
    assert not attributes & {"environ", "getenv"} or part_of(path) == "cache"
