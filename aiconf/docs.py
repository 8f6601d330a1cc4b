"""What there is to say about a rule: one text for ``aiconf explain``, one page per file for ``docs/rules/``.

Run as a module it writes the pages (``python -m aiconf.docs --write``) or says which are stale (``--check``).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from textwrap import fill, indent
from typing import TYPE_CHECKING, Any

from aiconf.catalog.load import load_catalog

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aiconf.catalog.runtime import Catalog, RuleFile, Test, Validation

_WIDTH = 100


def explain(catalog: Catalog, id_: str) -> str:
    """Everything about one validation, as plain text.

    Args:
        catalog: The rules.
        id_: A full id that the catalog has.
    """
    validation = catalog.validation(id_)
    file = catalog.file(id_.split("/", maxsplit=1)[0])
    if validation is None or file is None:
        raise KeyError(id_)
    sections = [
        f"{validation.id}: {validation.summary}",
        "\n".join(_weight(validation)),
        "Why\n" + _wrapped(file.rationale),
        "Source\n" + "\n".join(f"  {url}" for url in validation.source),
        "How it is checked\n" + "\n".join(f"  {line}" for line in _code(validation)),
        "Message\n" + _wrapped(validation.message.text),
        "Remediation\n" + _wrapped(validation.remediation.text),
        "Fix\n" + "\n".join(f"  {line}" for line in _fix(validation)),
        *(f"{title}: {test.name}\n" + indent(_edit(test), "  ") for title, test in _examples(file, validation)),
    ]
    return "\n\n".join(sections) + "\n"


def _weight(validation: Validation) -> Iterator[str]:
    yield f"severity: {_word(validation.severity, validation.severity_expression)}"
    yield f"authority: {_word(validation.authority, validation.authority_expression)}"


def page(file: RuleFile) -> str:
    """The documentation page of a rule or policy file, as Markdown."""
    lines = [
        f"<!-- Generated from {file.path} by `make docs`; edit that file instead. -->",
        f"# {file.id}",
        "",
        file.title + ".",
        "",
        _filled(file.rationale),
        "",
        *(f"- <{url}>" for url in file.source),
        "",
        "| id | severity | demanded by | what must hold |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| [{v.id}](#{v.name}) | {_word(v.severity, v.severity_expression)} "
        f"| {_word(v.authority, v.authority_expression)} | {v.summary} |"
        for v in file.validations
    ]
    for validation in file.validations:
        lines += ["", *_section(file, validation)]
    return "\n".join(lines) + "\n"


def _section(file: RuleFile, validation: Validation) -> Iterator[str]:
    yield f"## {validation.name}"
    yield ""
    yield validation.summary
    if validation.source != file.source:
        yield ""
        yield from (f"- <{url}>" for url in validation.source)
    yield from ("", "```yaml", *_code(validation), "```", "")
    yield from ("Message:", "", "> " + validation.message.text.strip(), "")
    yield from ("How to mend it:", "", "> " + validation.remediation.text.strip())
    if validation.fix:
        yield from ("", "`aiconf lint --fix` mends it:", "", "```yaml", *_fix(validation), "```")
    for title, test in _examples(file, validation):
        yield from ("", f"{title}: {test.name}.", "", "```yaml", *_edit(test).splitlines(), "```")


def _word(word: str, override: Any) -> str:
    return f"{word}, or by case" if override else str(word)


def _code(validation: Validation) -> Iterator[str]:
    """The expressions as they stand in the rule file."""
    if validation.for_each is not None:
        yield from _expression("for_each", validation.for_each.text)
    if validation.schema is not None:
        yield f"schema: {validation.schema.name}"
    if validation.expression is not None:
        yield from _expression("expression", validation.expression.text)
    for variable in validation.variables:
        yield from _expression(f"variables.{variable.name}", variable.expression.text)
    for key in ("severity_expression", "authority_expression"):
        if (override := getattr(validation, key)) is not None:
            yield from _expression(key, override.text)


def _fix(validation: Validation) -> Iterator[str]:
    """What `--fix` does, as it stands in the rule file."""
    fix = validation.fix
    if fix is None:
        yield "by hand: there is more than one right answer"
        return
    parts = {"when": fix.when, "at": fix.at, "set": fix.value, "move_to": fix.target}
    for key, part in parts.items():
        if part is not None:
            yield from _expression(key, part.text)
    if fix.value is None and fix.target is None:
        yield f"{fix.action}: true"


def _expression(key: str, text: str) -> Iterator[str]:
    lines = text.strip().splitlines()
    if len(lines) == 1 and len(lines[0]) < _WIDTH:
        yield f"{key}: {lines[0]}"
        return
    yield f"{key}:"
    yield from (f"  {line.strip()}" for text_line in lines for line in fill(text_line, _WIDTH).splitlines())


def _examples(file: RuleFile, validation: Validation) -> Iterator[tuple[str, Test]]:
    """One example in which the validation passes, and one in which it fails."""
    passing = [test for test in file.tests if test.expect == "pass"]
    failing = [test for test in file.tests if validation.name in test.fails]
    if passing:
        yield "Passes", passing[0]
    if failing:
        yield "Fails", failing[0]


def _edit(test: Test) -> str:
    """What an example changes in its base document, as YAML."""
    parts: list[str] = []
    if test.text is not None:
        parts.append("# the whole document\n" + (test.text.strip("\n") or "# (empty)"))
    if test.path:
        parts.append(f"# lying at {test.path}")
    parts += [f"# {old.strip()!r} replaced by\n{new.strip()}" for old, new in test.replace_text.items()]
    parts += [f"{pointer}: {_value(value)}" for pointer, value in test.set.items()]
    parts += [f"# without {pointer}" for pointer in test.remove]
    parts += [f"# {pointer} renamed to {name}" for pointer, name in test.rename.items()]
    parts += [f"# with a file {name}" for name in test.files]
    for key, value in test.pull_request.items():
        parts += [f"{key}:", *_block(value)] if value else []
    parts += [f"# fixed, {pointer} is {_value(value)}" for pointer, value in (test.fixed or {}).items()]
    parts += _edit_of_snapshot(test)
    return "\n".join(parts) or f"# {test.submission or test.snapshot} as it stands"


def _edit_of_snapshot(test: Test) -> Iterator[str]:
    """What an example changes in its snapshot, as YAML."""
    if test.server:
        yield f"# Kubernetes {test.server}"
    yield from (f"# without {name}" for name in (*test.remove_objects, *test.unserved))
    for name, changes in test.change.items():
        yield f"{name}:"
        yield from (f"  {pointer}: {_value(value)}" for pointer, value in changes.items())
    for one in test.add_objects:
        meta = one["metadata"]
        place = "/".join(part for part in (meta.get("namespace"), meta["name"]) if part)
        yield f"# with {one['apiVersion']} {one['kind']} {place}"
    yield from (f"# {kind} could not be read" for kind in test.omit)
    yield from (f"# metrics: {old.strip()} replaced by {new.strip()}" for old, new in test.replace_metrics.items())
    yield from (f"# {row['test']}: {row['outcome']}" for row in test.results or ())


def _block(value: Any) -> Iterator[str]:
    """A pull request's changes, or its commits."""
    if isinstance(value, dict):
        yield from (f"  {key}: {inner}" for key, inner in value.items())
    elif isinstance(value, list):
        yield from (f"  - {_value(inner)}" for inner in value)
    else:
        yield f"  {_value(value)}"


def _value(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _filled(text: str) -> str:
    return fill(" ".join(text.split()), 120)


def _wrapped(text: str) -> str:
    return fill(" ".join(text.split()), _WIDTH, initial_indent="  ", subsequent_indent="  ", break_long_words=False)


def pages(catalog: Catalog) -> Mapping[str, str]:
    """Every page by its path below ``docs/``."""
    found = {f"rules/{file.id}.md": page(file) for file in catalog.rules}
    found |= {f"policies/{file.id}.md": page(file) for file in catalog.policies}
    return found


def stale(catalog: Catalog, docs: Path) -> list[str]:
    """The pages that are not what the rule files say, or that no rule file stands behind, sorted."""
    wanted = pages(catalog)
    there = {
        path.relative_to(docs).as_posix(): path.read_text(encoding="utf-8")
        for folder in ("rules", "policies")
        for path in (docs / folder).glob("*.md")
    }
    return sorted(name for name in wanted.keys() | there.keys() if wanted.get(name) != there.get(name))


def write(catalog: Catalog, docs: Path) -> list[str]:
    """Bring the pages up to date; returns those that changed."""
    changed, wanted = stale(catalog, docs), pages(catalog)
    for name in changed:
        path = docs / name
        if name in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[name], encoding="utf-8")
        else:
            path.unlink()
    return changed


def main(arguments: list[str]) -> int:
    """Write or check the pages of the checkout in the current folder."""
    docs = Path("docs")
    if arguments not in (["--write"], ["--check"]) or not docs.is_dir():
        sys.stderr.write("usage, in the checkout: python -m aiconf.docs --write | --check\n")
        return 2
    catalog = load_catalog()
    changed = write(catalog, docs) if arguments == ["--write"] else stale(catalog, docs)
    sys.stdout.write("".join(f"{name}\n" for name in changed))
    return int(bool(changed) and arguments == ["--check"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
