"""What the loader refuses, and how it says so: file, line, column, key and hint."""

import time

import pytest

from aiconf.catalog.invariants import missing_policies
from aiconf.errors import CatalogError, CatalogErrors

# what is changed in rules/pets.yaml, old to new, and what must be said
REFUSALS = {
    "an unknown key": (
        "    remediation: Give it one.",
        "    remediaton: Give it one.",
        [
            "rules/pets.yaml:20:5: validations[0].remediaton: unknown key; did you mean 'remediation'?",
            "rules/pets.yaml:12:5: validations[0].remediation: is missing",
        ],
    ),
    "an unknown key unlike any": (
        "title: Pets",
        "zzz: 1\ntitle: Pets",
        [
            (
                "rules/pets.yaml:2:1: zzz: unknown key; known are id, title, source, rationale, match_conditions, "
                "variables, subject, validations, default_submission, default_snapshot, tests"
            )
        ],
    ),
    "an id that is not the file's name": (
        "id: pets",
        "id: beasts",
        ["rules/pets.yaml:1:5: id: must be the name of the file, pets"],
    ),
    "a name that is not in snake_case": (
        "- name: named",
        "- name: Named",
        ["rules/pets.yaml:12:11: validations[0].name: must be in snake_case, such as field_missing"],
    ),
    "a message without full stop": (
        "message: No pet is small.",
        "message: No pet is small",
        ["rules/pets.yaml:30:14: validations[1].message: must end in a full stop"],
    ),
    "a remediation without full stop": (
        "remediation: Get a mouse.",
        "remediation: Get a mouse!",
        ["rules/pets.yaml:31:18: validations[1].remediation: must end in a full stop"],
    ),
    "neither expression nor schema": (
        '    for_each: variables.pets\n    expression: item.name != ""\n    at: "{item.pointer}/name"\n',
        "    at: /pets\n",
        [
            "rules/pets.yaml:12:5: validations[0]: needs an expression or a schema",
            "rules/pets.yaml:17:16: validations[0].message: ",  # it reads item, which only for_each gives
        ],
    ),
    "a word that is none": (
        "authority: faq",
        "authority: me",
        [
            (
                "rules/pets.yaml:14:16: validations[0].authority: "
                "must be 'validator', 'instructions', 'faq' or 'convention'"
            )
        ],
    ),
    "a number where text is meant": (
        "title: Pets are named and small",
        "title: 1",
        ["rules/pets.yaml:2:8: title: must be text; put it in quotes"],
    ),
    "a key without value": (
        '    at: "{item.pointer}/name"',
        "    at:",
        ["rules/pets.yaml:18:8: validations[0].at: has no value"],
    ),
    "no source": (
        "source: [https://example.org/pets]",
        "source: []",
        ["rules/pets.yaml:3:9: source: must not be empty"],
    ),
    "a source that is no URL": (
        "source: [https://example.org/pets]",
        "source: [ftp://example.org/pets]",
        ["rules/pets.yaml:3:10: source[0]: must be an http or https URL"],
    ),
    "an unknown name in an expression": (
        "expression: item.name",
        "expression: itm.name",
        ["rules/pets.yaml:17:17: validations[0].expression: "],
    ),
    "a syntax error in a folded expression": (
        "      || 1 / size",
        "      || 1 ~ size",
        ["rules/pets.yaml:29:12: validations[1].expression: "],
    ),
    "an unknown name in a template": (
        '"{item.kind} has',
        '"It: {itm.kind} has',
        ["rules/pets.yaml:19:20: validations[0].message: "],
    ),
    "a template that is never closed": (
        "message: No pet is small.",
        "message: No pet {is small.",
        ["rules/pets.yaml:30:21: validations[1].message: a '{' that is never closed; write '{{' for a literal brace"],
    ),
    "item without for_each": (
        "message: No pet is small.",
        'message: "{item} is not small."',
        ["rules/pets.yaml:30:16: validations[1].message: "],
    ),
    "item in for_each itself": (
        "for_each: variables.pets",
        "for_each: item.pets",
        ["rules/pets.yaml:16:15: validations[0].for_each: "],
    ),
    "a variable that does not exist": (
        "for_each: variables.pets",
        "for_each: variables.pests",
        [
            (
                "rules/pets.yaml:16:15: validations[0].for_each: there is no variable 'pests'; "
                "known here are pets, small, unused"
            ),
        ],
    ),
    "a variable that reads itself": (
        "expression: submission.pets}",
        "expression: variables.pets}",
        [
            (
                "rules/pets.yaml:8:30: variables[0].expression: variables.pets comes later: "
                "variables are evaluated after match_conditions, from top to bottom"
            )
        ],
    ),
    "a match condition that reads a variable": (
        "expression: submission != null",
        "expression: variables.pets != null",
        [
            (
                "rules/pets.yaml:6:34: match_conditions[0].expression: variables.pets comes later: "
                "variables are evaluated after match_conditions, from top to bottom"
            )
        ],
    ),
    "variables read by a computed name": (
        "for_each: variables.pets",
        'for_each: variables["pets"]',
        ["rules/pets.yaml:16:15: validations[0].for_each: variables are read by name, as in variables.fields"],
    ),
    "a validation named twice": (
        "- name: one_small",
        "- name: named",
        [
            "rules/pets.yaml:22:11: validations[1].name: 'named' is given twice in validations",
            "rules/pets.yaml:40:20: tests[1].fails[1]: there is no validation 'one_small'; known are named, named",
        ],
    ),
    "a schema that does not exist": (
        '    expression: item.name != ""',
        '    expression: item.name != ""\n    schema: schemas/none.json',
        ["rules/pets.yaml:18:13: validations[0].schema: there is no file rules/schemas/none.json"],
    ),
    "an instance without schema": (
        '    expression: item.name != ""',
        '    expression: item.name != ""\n    instance: submission.pets',
        ["rules/pets.yaml:18:15: validations[0].instance: is held against a schema, and there is none"],
    ),
    "a validation that fails in no test": (
        "fails: [named, one_small]",
        "fails: [named]",
        ["rules/pets.yaml:22:11: validations[1].name: no test has 'one_small' fail; add one with fails: [one_small]"],
    ),
    "a validation that passes in no test": (
        "    expect: pass",
        "    expect: fail\n    fails: [named]",
        [
            (
                "rules/pets.yaml:12:11: validations[0].name: no test has 'named' pass; "
                "add one that expects pass, or where others fail"
            )
        ],
    ),
    "a test that fails nothing": (
        "    expect: pass",
        "    expect: fail",
        ["rules/pets.yaml:34:5: tests[0]: names the validations that fail in 'fails' exactly when it expects 'fail'"],
    ),
    "a test without document": (
        '    text: "pets: []"\n',
        "",
        ["rules/pets.yaml:34:5: tests[0]: needs a submission or a text, or the file a default_submission"],
    ),
    "a test file outside the product's folder": (
        '    text: "pets: []"\n',
        '    text: "pets: []"\n    files: {../a: b}\n',
        ["rules/pets.yaml:36:13: tests[0].files.../a: must be a relative path with forward slashes"],
    ),
    "items for a schema alone": (
        '    expression: item.name != ""',
        "    schema: schemas/none.json",
        [
            "rules/pets.yaml:16:15: validations[0].for_each: is evaluated for an expression, and there is none",
            "rules/pets.yaml:17:13: validations[0].schema: there is no file rules/schemas/none.json",
        ],
    ),
    "a test with two documents": (
        '    text: "pets: []"\n',
        '    text: "pets: []"\n    submission: v1.37/corvid\n',
        ["rules/pets.yaml:35:11: tests[0].text: stands in place of a submission; give one of the two"],
    ),
    "an alias that is another's id": (
        "aliases: [animals/named]",
        "aliases: [kennel/operational]",
        ["rules/pets.yaml:21:15: validations[0].aliases[0]: kennel/operational names another validation"],
    ),
    "a key given twice": (
        "title: Pets",
        "title: Cats\ntitle: Pets",
        ["rules/pets.yaml:3:1: "],
    ),
}


@pytest.mark.parametrize(("old", "new", "wanted"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_wrong_file_is_refused_at_the_place_with_a_hint(folder, old, new, wanted):
    folder.replace("rules/pets.yaml", old, new)
    found = folder.problems()
    assert len(found) == len(wanted), found
    for line, beginning in zip(sorted(found), sorted(wanted), strict=True):
        assert line.startswith(beginning)
        assert beginning.endswith(": ") or line == beginning


def test_all_problems_of_all_files_are_told_at_once(folder):
    folder.replace("rules/pets.yaml", "title: Pets", "titel: Pets")
    folder.replace("rules/sizes.yaml", "data: sizes", "data: lengths")
    folder.replace("policies/kennel.yaml", "id: kennel", "id: house")
    files = [line.split(":")[0] for line in folder.problems()]
    assert files == ["policies/kennel.yaml", "rules/pets.yaml", "rules/pets.yaml", "rules/sizes.yaml"]


def test_unknown_keys_do_not_hide_what_else_is_wrong(folder):
    folder.replace("rules/pets.yaml", "aliases: [animals/named]", "alias: [animals/named]")
    folder.replace("rules/pets.yaml", "message: No pet is small.", "message: No pet {is smal.")
    assert [line.split(": ")[1] for line in folder.problems()] == ["validations[0].alias", "validations[1].message"]


def test_errors_are_one_catalog_error_that_lists_each(folder):
    folder.replace("rules/pets.yaml", "id: pets", "id: animals")
    with pytest.raises(CatalogError) as caught:
        folder.load()
    assert isinstance(caught.value, CatalogErrors)
    assert (caught.value.line, caught.value.column) == (1, 5)
    assert str(caught.value).splitlines() == [str(error) for error in caught.value.errors]


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("rules/empty.yaml", "", "rules/empty.yaml:1:1: The file is empty"),
        ("rules/list.yaml", "- a\n", "rules/list.yaml:1:1: The file holds a list"),
        ("rules/map.yaml", "{}\n", "rules/map.yaml:1:1: id: is missing"),
        ("rules/open.yaml", 'id: "open\n', "rules/open.yaml:"),
        ("rules/more.yaml", "data: more\nx: 1\n", "rules/more.yaml:1:1: source: is missing"),
    ],
)
def test_a_file_that_is_no_rule_file_is_refused(folder, name, text, wanted):
    folder.write(name, text)
    assert [line[: len(wanted)] for line in folder.problems()][:1] == [wanted]


def test_rules_and_policies_share_one_set_of_ids(folder):
    text = (folder.root / "policies/kennel.yaml").read_text(encoding="utf-8").replace("id: kennel", "id: pets")
    folder.write("policies/pets.yaml", text)
    assert "rules/pets.yaml:1:5: id: another file has the id pets; rules and policies share one set of ids" in (
        folder.problems()
    )


def test_a_schema_in_a_policy_needs_an_instance(folder):
    folder.write("policies/schemas/any.json", "{}")
    folder.replace("policies/kennel.yaml", "    objects:", "    schema: schemas/any.json\n    objects:")
    assert folder.problems() == [
        (
            "policies/kennel.yaml:7:5: validations[0]: a schema in a policy needs an instance, "
            "since there may be no submission"
        )
    ]


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ('{"type": "text"}', "rules/schemas/pet.json:1:"),
        ('{"pattern": "("}', "rules/schemas/pet.json:1:"),
        (
            '{\n "items": {"$ref": "https://example.org/s"}}',
            "rules/schemas/pet.json:2:20: items.$ref: a reference must stay",
        ),
        ('{"$ref": "#/$defs/none"}', "rules/schemas/pet.json:1:1: no valid JSON Schema: "),
        ("[]", "rules/schemas/pet.json:1:1: The file holds a list"),
        ('{"type": ', "rules/schemas/pet.json:1:"),
    ],
)
def test_a_schema_that_is_none_is_refused_at_its_place(folder, schema, wanted):
    folder.write("rules/schemas/pet.json", schema)
    folder.replace("rules/pets.yaml", "    for_each:", "    schema: schemas/pet.json\n    for_each:")
    assert [line[: len(wanted)] for line in folder.problems()] == [wanted]


def test_a_policy_edits_no_submission_that_it_does_not_name(folder):
    folder.replace("policies/kennel.yaml", "snapshot: ready,", "snapshot: ready, set: {/a: 1},")
    assert folder.problems() == ["policies/kennel.yaml:14:5: tests[0]: edits a submission, but names none"]


def test_rules_and_policies_have_no_data_file_of_the_same_name(folder):
    folder.write("policies/sizes.yaml", "data: sizes\nsource: [https://example.org]\n")
    assert folder.problems() == ["rules/sizes.yaml:1:7: data: rules/ and policies/ both have a data file sizes"]


HOSTILE = {
    "10,000 parentheses": f"{'(' * 10_000}1{')' * 10_000}",
    "4,000 parentheses": f"{'(' * 3_900}1{')' * 3_900}",
    "an unclosed string of 100 KB": '"' + "\\\\" * 50_000,
    "an unclosed string": '"' + "\\" * 3_999,
    "a regular expression that explodes": "'a'.matches('" + "(" * 500 + "a{0,1000}" + "){0,1000}" * 500 + "')",
    "a regular expression with a backreference": r"'a'.matches('(a)\\1')",
    "ten thousand negations": "!" * 7_000 + "true",
}


@pytest.mark.parametrize("expression", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("place", ["expression", "message"])
def test_a_hostile_expression_ends_in_a_clear_error_within_two_seconds(folder, expression, place):
    folder.load()  # the parser's tables are built once, and that is not what is measured
    escaped = expression.replace("'", "''")
    old = "    message: No pet is small." if place == "message" else "      size(variables.small) > 0\n"
    new = f"    message: '{{{escaped}}}.'" if place == "message" else f"      {expression}\n"
    folder.replace("rules/pets.yaml", old, new)
    start = time.process_time()
    found = folder.problems()
    assert time.process_time() - start < 2
    assert found[0].startswith("rules/pets.yaml:")
    assert all(len(line) < 1000 for line in found)


def test_nested_loops_load_since_loading_evaluates_nothing(folder):
    loops = "[1].all(a, " * 8 + "true" + ")" * 8
    folder.replace("rules/pets.yaml", "size(variables.small) > 0\n", f"{loops}\n")
    assert folder.load().validation("pets/one_small")


def test_a_file_with_thousands_of_mistakes_tells_of_the_first_within_two_seconds(folder):
    keys = "".join(f"unknown_key_{index}: 1\n" for index in range(5_000))
    folder.write("rules/pets.yaml", keys)
    start = time.process_time()
    assert len(folder.problems()) == 50
    assert time.process_time() - start < 2


def test_requirements_without_a_policy_are_named(folder):
    folder.write(
        "rules/checklists.yaml",
        "data: checklists\nsource: [https://example.org]\n"
        "versions: {v1.36: {requirements: [{id: kennel}, {id: cats}]}, v1.37: {requirements: [{id: birds}]}}\n",
    )
    assert missing_policies(folder.load()) == ("birds", "cats")


FIXES = {
    "no action": ("{when: 'true'}", "needs exactly one of set, remove, move_to and in_list"),
    "two actions": ("{remove: true, set: item.name}", "needs exactly one of set, remove, move_to and in_list"),
    "one that no test shows": ("{remove: true}", "no test shows it; add 'fixed' to one in which 'named' fails"),
    "an unknown name": ("{set: itm.name}", "validations[0].fix.set: "),
    "a variable that does not exist": (
        "{set: variables.pests}",
        "fix.set: there is no variable 'pests'",
    ),
    "a place that is no template": ("{at: '{', remove: true}", "validations[0].fix.at: "),
    "remove: false": ("{remove: false}", "validations[0].fix.remove: "),
    "an unknown action": ("{rename: x}", "validations[0].fix.rename: unknown key; did you mean 'remove'?"),
}


@pytest.mark.parametrize(("fix", "says"), FIXES.values(), ids=FIXES.keys())
def test_a_fix_is_one_action_that_checks_and_is_shown(folder, fix, says):
    folder.replace("rules/pets.yaml", "    aliases:", f"    fix: {fix}\n    aliases:")
    assert any(says in line for line in folder.problems())


def test_a_fix_that_is_shown_loads_with_the_variables_it_reads(folder):
    fix = "fix: {when: 'size(variables.small) > 0', set: item.name, at: '{item.pointer}/name'}"
    folder.replace("rules/pets.yaml", "    aliases:", f"    {fix}\n    aliases:")
    folder.replace("rules/pets.yaml", "fails: [named, one_small]", "fails: [named, one_small]\n    fixed: {/a: b}")
    validation = folder.load().validation("pets/named")
    assert validation.fix.action == "set"
    assert [variable.name for variable in validation.variables] == ["pets", "small"]


def test_what_is_fixed_goes_with_what_fails(folder):
    folder.replace("rules/pets.yaml", "    expect: pass", "    expect: pass\n    fixed: {}")
    assert "goes with expect: fail" in folder.problems()[0]
