"""From the compiled form, plain JSON data, to the runtime values.

A catalog fresh from its files and one from the cache take the same way, so they cannot differ. The compiled form is
made by ``aiconf.catalog.compiler``:

- an expression is ``[text, node, runs]``, see ``aiconf.catalog.expression.Expression``;
- a template is ``[text, [literal text or expression, ...]]``;
- a fix names its ``action`` and holds the compiled forms of its ``when``, ``at``, ``set`` and ``move_to``;
- everything else keeps the keys of the file format, and keys without a value are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from aiconf.catalog.expression import Expression
from aiconf.catalog.fixes import FixRule
from aiconf.catalog.runtime import Catalog, MatchCondition, RuleFile, Schema, Test, Validation, Variable
from aiconf.catalog.template import Template
from aiconf.model import Authority, FixAction, Proof, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Plain = dict[str, Any]

# The parts of the compiled form, and what the names of some begin with.
RULES, POLICIES, TESTS, DATA = "rules", "policies", "tests/", "data/"
EXPRESSIONS = (
    "for_each",
    "expression",
    "instance",
    "position",
    "inconclusive_when",
    "objects",
    "authority_expression",
    "severity_expression",
)
TEMPLATES = ("at", "message", "remediation", "reason")
_TUPLES = ("fails", "remove", "members", "remove_objects", "add_objects", "results", "omit", "unserved", "exceptions")


class Data(Mapping[str, Mapping[str, Any]]):
    """The data files by name, each decoded when it is first asked for."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._known: dict[str, Plain] = {}
        self._names = [name.removeprefix(DATA) for name in parts.names if name.startswith(DATA)]

    def __getitem__(self, name: str) -> Plain:
        if name not in self._known:
            if name not in self._names:
                raise KeyError(name)
            self._known[name] = self._parts.read(DATA + name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Parts(Protocol):
    """A compiled document in parts, each of which is decoded alone.

    Attributes:
        names: Of the parts; see `parts_of`.
    """

    names: Sequence[str]

    def read(self, name: str) -> Any:
        """The part of a name."""


def parts_of(document: Plain) -> dict[str, Any]:
    """A compiled document in its parts: most runs need the rules and a few of the data files."""
    files = [{key: value for key, value in plain.items() if key != "tests"} for plain in document["files"]]
    policies = [plain for plain in files if _is_policy(plain)]
    ids = {plain["id"]: [f"{plain['id']}/{one['name']}" for one in plain["validations"]] for plain in policies}
    return {
        RULES: {
            "digest": document["digest"],
            "files": [plain for plain in files if not _is_policy(plain)],
            "schemas": document["schemas"],
            "policy_ids": ids,
        },
        POLICIES: policies,
        **{TESTS + plain["id"]: plain["tests"] for plain in document["files"]},
        **{DATA + name: table for name, table in document["data"].items()},
    }


def _is_policy(plain: Plain) -> bool:
    return str(plain["path"]).startswith("policies/")


def build_catalog(parts: Parts) -> Catalog:
    """The catalog of a compiled document."""
    rules = parts.read(RULES)
    schemas = {name: Schema(name, schema) for name, schema in rules["schemas"].items()}

    def policies() -> tuple[RuleFile, ...]:
        return tuple(_file(plain, schemas, parts) for plain in parts.read(POLICIES))

    return Catalog(
        digest=rules["digest"],
        rules=tuple(_file(plain, schemas, parts) for plain in rules["files"]),
        data=Data(parts),
        policy_ids=rules["policy_ids"],
        make_policies=policies,
    )


def _file(plain: Plain, schemas: Mapping[str, Schema], parts: Parts) -> RuleFile:
    path = plain["path"]
    variables = tuple(Variable(name, _expression(value, path)) for name, value in plain["variables"])
    by_name = {variable.name: variable for variable in variables}
    return RuleFile(
        id=plain["id"],
        path=path,
        title=plain["title"],
        source=tuple(plain["source"]),
        rationale=plain["rationale"],
        match_conditions=tuple(
            MatchCondition(name, _expression(value, path), _template(message, path) if message else None)
            for name, value, message in plain["match_conditions"]
        ),
        variables=variables,
        validations=tuple(_validation(value, plain, by_name, schemas) for value in plain["validations"]),
        examples=cache(lambda: tuple(_test(value) for value in parts.read(TESTS + plain["id"]))),
        kinds=tuple(plain.get("kinds", ())),
        pass_needs=Proof(plain.get("pass_needs", Proof.OPERATIONAL)),
        component=_expression(plain["component"], path) if "component" in plain else None,
        subject=plain.get("subject", "submission"),
        references=frozenset(plain["references"]),
    )


def _validation(
    plain: Plain, file: Plain, variables: Mapping[str, Variable], schemas: Mapping[str, Schema]
) -> Validation:
    path = file["path"]
    keys: Plain = {
        **{key: _expression(plain[key], path) for key in EXPRESSIONS if key in plain},
        **{key: _template(plain[key], path) for key in TEMPLATES if key in plain},
    }
    return Validation(
        id=f"{file['id']}/{plain['name']}",
        file_id=file["id"],
        name=plain["name"],
        summary=plain.get("summary", ""),
        authority=Authority(plain["authority"]),
        severity=Severity(plain["severity"]),
        source=tuple(plain["source"] if "source" in plain else file["source"]),
        schema=schemas[plain["schema"]] if "schema" in plain else None,
        anchor=plain.get("anchor", "value"),
        fix=_fix(plain["fix"], path) if "fix" in plain else None,
        aliases=tuple(plain["aliases"]),
        proves=Proof(plain["proves"]) if "proves" in plain else None,
        needs=tuple(plain["needs"] if "needs" in plain else file.get("kinds", ())),
        variables=tuple(variables[name] for name in plain["variables"]),
        line=plain["line"],
        **keys,
    )


def _fix(plain: Plain, path: str) -> FixRule:
    return FixRule(
        FixAction(plain["action"]),
        value=_expression(plain["set"], path) if "set" in plain else None,
        target=_template(plain["move_to"], path) if "move_to" in plain else None,
        at=_template(plain["at"], path) if "at" in plain else None,
        when=_expression(plain["when"], path) if "when" in plain else None,
    )


def _test(plain: Plain) -> Test:
    keys: Plain = {key: tuple(value) if key in _TUPLES else value for key, value in plain.items()}
    keys |= {key: Proof(keys[key]) for key in ("proof", "require") if key in keys}
    return Test(**keys)


def _expression(plain: list[Any], path: str) -> Expression:
    text, node, runs = plain
    return Expression(text, node, path, runs)


def _template(plain: list[Any], path: str) -> Template:
    text, parts = plain
    return Template(text, tuple(part if isinstance(part, str) else _expression(part, path) for part in parts))
