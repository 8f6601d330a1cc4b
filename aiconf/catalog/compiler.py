"""From the files to the compiled form that ``aiconf.catalog.build`` reads: parsed, checked, lowered.

Slow (it imports pydantic, lark and a JSON Schema library) and therefore done once per change of the rules. Every
problem of every file is collected before anything is raised.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.catalog.build import EXPRESSIONS, TEMPLATES, Plain
from aiconf.catalog.expression_compiler import ExpressionCompiler, Scope
from aiconf.catalog.files import digest_of, read_files
from aiconf.catalog.invariants import check_across, check_file
from aiconf.catalog.models import DataFile, PolicyFile, RuleFile
from aiconf.catalog.schema_files import SchemaFiles
from aiconf.catalog.shape import MAX_PROBLEMS, Problems, read_shape, read_syntax
from aiconf.catalog.wording import compile_wording
from aiconf.errors import CatalogError, CatalogErrors
from aiconf.source import parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aiconf.catalog.models import Fix, Validation
    from aiconf.catalog.shape import Location


# Data files that are compiled as rules are.
_COMPILED_DATA = {"wording": compile_wording}


def compile_catalog(root: Path, files: Mapping[str, bytes] | None = None) -> Plain:
    """Compile the rules and policies of a folder.

    Args:
        root: The folder that holds ``rules/`` and ``policies/``; named in errors.
        files: Its files, when they have been read already.

    Raises:
        CatalogErrors: Everything that is wrong, in the order of the files.
    """
    files = read_files(root) if files is None else files
    compilation = _Compilation(root, files)
    compilation.run()
    if compilation.problems:
        raise CatalogErrors(compilation.problems)
    return {
        "digest": digest_of(files),
        "files": compilation.files,
        "data": compilation.data,
        "schemas": compilation.schemas.used,
    }


class _Compilation:
    """One run over all files."""

    def __init__(self, root: Path, files: Mapping[str, bytes]) -> None:
        self.root, self.contents = root, files
        self.schemas = SchemaFiles(root, files)
        self.problems: list[CatalogError] = []
        self.files: list[Plain] = []
        self.data: dict[str, Any] = {}
        self.models: list[tuple[RuleFile | PolicyFile, Problems]] = []

    def run(self) -> None:
        collected = []
        for name, content in self.contents.items():
            if name.endswith(".yaml"):
                problems = Problems(parse_source(content, str(self.root / name)))
                self._read(name, problems)
                collected.append(problems)
        check_across(self.models)
        for problems in collected:
            self.problems += problems.found[:MAX_PROBLEMS]
        self.files.sort(key=lambda plain: plain["id"])

    def _read(self, name: str, problems: Problems) -> None:
        data = read_syntax(problems)
        if data is None:
            return
        stem = name.rpartition("/")[2].removesuffix(".yaml")
        if "data" in data:
            self._read_data(stem, data, problems)
            return
        model: RuleFile | PolicyFile | None
        if name.startswith("policies/"):
            model = read_shape(PolicyFile, data, problems)
        else:
            model = read_shape(RuleFile, data, problems)
        if model is None:
            return
        check_file(model, stem, problems)
        self.models.append((model, problems))
        self.files.append(_compiled(model, name, problems, self.schemas))

    def _read_data(self, stem: str, data: Mapping[str, Any], problems: Problems) -> None:
        table = read_shape(DataFile, data, problems)
        if table is None:
            return
        if table.data != stem:
            problems.add(("data",), f"must be the name of the file, {stem}")
        if stem in self.data:
            problems.add(("data",), f"rules/ and policies/ both have a data file {stem}")
        try:
            self.data[stem] = _COMPILED_DATA[stem](data) if stem in _COMPILED_DATA else data
        except CatalogError as error:
            problems.add((), error.message)


def _compiled(model: RuleFile | PolicyFile, name: str, problems: Problems, schemas: SchemaFiles) -> Plain:
    compiler = ExpressionCompiler(problems, [variable.name for variable in model.variables])
    plain: Plain = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    plain["path"] = name
    plain["match_conditions"] = [
        [
            condition.name,
            compiler.expression(("match_conditions", index, "expression"), condition.expression, Scope(0)),
            compiler.template(("match_conditions", index, "message"), condition.message, Scope(0))
            if condition.message
            else None,
        ]
        for index, condition in enumerate(model.match_conditions)
    ]
    plain["variables"] = [
        [variable.name, compiler.variable(index, variable.expression)] for index, variable in enumerate(model.variables)
    ]
    if isinstance(model, PolicyFile) and model.component:
        plain["component"] = compiler.expression(("component",), model.component, Scope(len(model.variables)))
    folder = name.partition("/")[0]
    for index, validation in enumerate(model.validations):
        location = ("validations", index)
        plain["validations"][index] |= _validation(validation, location, compiler)
        if validation.schema_file is not None:
            key = f"{folder}/{validation.schema_file}"
            schemas.use(key, (*location, "schema"), problems)
            plain["validations"][index]["schema"] = key
    plain["references"] = sorted(compiler.references)
    for index, test in enumerate(model.tests):
        plain["tests"][index] = _test(test.model_dump(mode="json", by_alias=True, exclude_unset=True), model)
        plain["tests"][index]["line"] = problems.source.position(f"/tests/{index}").line
    return plain


def _validation(validation: Validation, location: tuple[str, int], compiler: ExpressionCompiler) -> Plain:
    """The keys of a validation that hold CEL, its line, and the variables it needs."""
    with_item = Scope(len(compiler.variables), item=bool(validation.for_each or validation.schema_file))
    without_item = Scope(len(compiler.variables))
    compiled: Plain = {}
    for key in (*EXPRESSIONS, *TEMPLATES):
        text = getattr(validation, key, None)
        if text is None:
            continue
        scope = without_item if key in ("for_each", "instance", "objects", "reason") else with_item
        compile_ = compiler.template if key in TEMPLATES else compiler.expression
        compiled[key] = compile_((*location, key), text, scope)
    needed_by = list(compiled.values())
    if (fix := getattr(validation, "fix", None)) is not None:
        compiled["fix"] = _fix(fix, (*location, "fix"), compiler, with_item)
        needed_by += [value for key, value in compiled["fix"].items() if key != "action"]
    compiled["variables"] = compiler.needed_by(needed_by)
    compiled["line"] = compiler.problems.source.position(f"/validations/{location[1]}").line
    return compiled


def _fix(fix: Fix, location: Location, compiler: ExpressionCompiler, scope: Scope) -> Plain:
    """The action of a fix, and what it holds of CEL."""
    texts = {"when": fix.when, "at": fix.at, "set": fix.set_, "move_to": fix.move_to}
    compiled: Plain = {"action": next(iter(fix.actions), "remove")}
    for key, text in texts.items():
        if text is not None:
            compile_ = compiler.template if key in ("at", "move_to") else compiler.expression
            compiled[key] = compile_((*location, key), text, scope)
    return compiled


def _test(plain: Plain, model: RuleFile | PolicyFile) -> Plain:
    if model.default_submission and "submission" not in plain and "text" not in plain:
        plain["submission"] = model.default_submission
    if model.default_snapshot:
        plain.setdefault("snapshot", model.default_snapshot)
    return plain
