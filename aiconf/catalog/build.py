"""From the compiled form, plain JSON data, to the runtime values.

A catalog fresh from its files and one from the cache take the same way, so they cannot differ. The compiled form is
made by ``aiconf.catalog.compiler``:

- an expression is ``[text, node, runs]``, see ``aiconf.catalog.expression.Expression``;
- a template is ``[text, [literal text or expression, ...]]``;
- a fix names its ``action`` and holds the compiled forms of its ``when``, ``at``, ``set`` and ``move_to``;
- everything else keeps the keys of the file format, and keys without a value are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiconf.catalog.expression import Expression
from aiconf.catalog.fixes import FixRule
from aiconf.catalog.runtime import Catalog, MatchCondition, RuleFile, Schema, Test, Validation, Variable
from aiconf.catalog.template import Template
from aiconf.model import Authority, FixAction, Proof, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

Plain = dict[str, Any]

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


def build_catalog(document: Plain) -> Catalog:
    """The catalog of a compiled document."""
    schemas = {name: Schema(name, schema) for name, schema in document["schemas"].items()}
    files = [_file(plain, schemas) for plain in document["files"]]
    return Catalog(
        digest=document["digest"],
        rules=tuple(file for file in files if not file.is_policy),
        policies=tuple(file for file in files if file.is_policy),
        data=document["data"],
    )


def _file(plain: Plain, schemas: Mapping[str, Schema]) -> RuleFile:
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
        tests=tuple(_test(value) for value in plain["tests"]),
        kinds=tuple(plain.get("kinds", ())),
        pass_needs=Proof(plain.get("pass_needs", Proof.OPERATIONAL)),
        component=_expression(plain["component"], path) if "component" in plain else None,
        subject=plain.get("subject", "submission"),
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
