"""What must hold in rule and policy files beyond their shape and their expressions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aiconf.catalog.models import PolicyFile, RuleFile
    from aiconf.catalog.runtime import Catalog
    from aiconf.catalog.shape import Problems


def check_file(model: RuleFile | PolicyFile, stem: str, problems: Problems) -> None:
    """Report what is wrong within one file.

    Args:
        model: The file.
        stem: Its name without the ending.
        problems: Where problems go.
    """
    if model.id != stem:
        problems.add(("id",), f"must be the name of the file, {stem}")
    for key in ("match_conditions", "variables", "validations", "tests"):
        _check_names(key, [named.name for named in getattr(model, key)], problems)
    _check_kinds_of_validation(model, problems)
    for index in range(len(model.tests)):
        _check_test(model, index, problems)
    if not hasattr(model, "kinds"):  # of a policy only a run can tell, since false may be "cannot tell"
        _check_coverage(model, problems)
        _check_fixes(model, problems)


def check_across(files: Iterable[tuple[RuleFile | PolicyFile, Problems]]) -> None:
    """Report ids and earlier ids that are given twice in the catalog."""
    files = list(files)
    names = Counter(model.id for model, _ in files)
    ids = {f"{model.id}/{validation.name}" for model, _ in files for validation in model.validations}
    aliases: set[str] = set()
    for model, problems in files:
        if names[model.id] > 1:
            problems.add(("id",), f"another file has the id {model.id}; rules and policies share one set of ids")
        for index, validation in enumerate(model.validations):
            for number, alias in enumerate(validation.aliases):
                if alias in ids or alias in aliases:
                    problems.add(("validations", index, "aliases", number), f"{alias} names another validation")
                aliases.add(alias)


def missing_policies(catalog: Catalog) -> tuple[str, ...]:
    """The requirements of the supported checklists (data file ``checklists``) that have no policy, sorted."""
    versions = catalog.data.get("checklists", {}).get("versions", {})
    required = {requirement["id"] for version in versions.values() for requirement in version["requirements"]}
    return tuple(sorted(required - {policy.id for policy in catalog.policies}))


def _check_names(key: str, names: Sequence[str], problems: Problems) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            problems.add((key, index, "name"), f"'{name}' is given twice in {key}")
        seen.add(name)


def _check_kinds_of_validation(model: RuleFile | PolicyFile, problems: Problems) -> None:
    is_policy = hasattr(model, "kinds")
    for index, validation in enumerate(model.validations):
        location = ("validations", index)
        if validation.expression is None and validation.schema_file is None:
            problems.add(location, "needs an expression or a schema")
        if validation.expression is None and validation.for_each is not None:
            problems.add((*location, "for_each"), "is evaluated for an expression, and there is none")
        if validation.schema_file is None and validation.instance is not None:
            problems.add((*location, "instance"), "is held against a schema, and there is none")
        if is_policy and validation.schema_file is not None and validation.instance is None:
            problems.add(location, "a schema in a policy needs an instance, since there may be no submission")


def _check_test(model: RuleFile | PolicyFile, index: int, problems: Problems) -> None:
    location, test = ("tests", index), model.tests[index]
    known = [validation.name for validation in model.validations]
    for number, name in enumerate(test.fails):
        if name not in known:
            problems.add((*location, "fails", number), f"there is no validation '{name}'; known are {', '.join(known)}")
    if (test.expect == "fail") != bool(test.fails):
        problems.add(location, "names the validations that fail in 'fails' exactly when it expects 'fail'")
    if test.text is not None and test.submission is not None:
        problems.add((*location, "text"), "stands in place of a submission; give one of the two")
    of_cluster = hasattr(model, "kinds") or model.subject == "snapshot"
    if of_cluster and not (test.snapshot or model.default_snapshot):
        problems.add(location, "needs a snapshot, or the file a default_snapshot")
    has_document = test.text is not None or test.submission or model.default_submission
    if not has_document and not of_cluster:
        problems.add(location, "needs a submission or a text, or the file a default_submission")
    edits = ("replace_text", "set_", "remove", "rename", "files", "path")
    if not has_document and any(getattr(test, edit) for edit in edits):
        problems.add(location, "edits a submission, but names none")


def _check_fixes(model: RuleFile, problems: Problems) -> None:
    """A fix is one action, and a test shows what comes of it."""
    shown = {name for test in model.tests if test.fixed for name in test.fails}
    for index, validation in enumerate(model.validations):
        name, fix, location = validation.name, validation.fix, ("validations", index, "fix")
        if fix is None:
            continue
        if len(fix.actions) != 1:
            problems.add(location, "needs exactly one of set, remove, move_to and in_list")
        if name not in shown:
            problems.add(location, f"no test shows it; add 'fixed' to one in which '{name}' fails")
    for index, test in enumerate(model.tests):
        if test.fixed is not None and not test.fails:
            problems.add(("tests", index, "fixed"), "goes with expect: fail, since only findings are fixed")


def _check_coverage(model: RuleFile, problems: Problems) -> None:
    """A validation that is never seen to fail may be unable to, and one never seen to pass may be unable to do that."""
    for index, validation in enumerate(model.validations):
        name = validation.name
        location = ("validations", index, "name")
        if not any(name in test.fails for test in model.tests):
            problems.add(location, f"no test has '{name}' fail; add one with fails: [{name}]")
        if not any(test.expect in ("pass", "fail") and name not in test.fails for test in model.tests):
            problems.add(location, f"no test has '{name}' pass; add one that expects pass, or where others fail")
