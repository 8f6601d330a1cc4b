"""Reading the landscape."""

import time
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aiconf.online.members import read_members


def landscape(*names, category="CNCF Members"):
    items = [{"item": None, "name": name, "homepage_url": "https://corvid.example"} for name in names]
    return {"landscape": [{"category": None, "name": category, "subcategories": [{"name": "Silver", "items": items}]}]}


def dump(document):
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True).encode()


def test_names_lose_their_suffix_and_nothing_else():
    names = [
        "Corvid (member)",
        "Heron (supporter)",
        "Ibis",
        "Stork (member) Inc",
        " Wren  (member)",
        "42",
        "Übel (member)",
    ]
    assert read_members(dump(landscape(*names))) == [
        "Corvid",
        "Heron",
        "Ibis",
        "Stork (member) Inc",
        "Wren",
        "42",
        "Übel",
    ]


def test_a_name_is_listed_once_and_an_empty_one_not_at_all():
    assert read_members(dump(landscape("A (member)", "A (supporter)", "", " (member)"))) == ["A"]


def test_other_categories_and_other_names_do_not_count():
    document = landscape("Tool", category="Provisioning")
    document["landscape"] += landscape("Corvid (member)")["landscape"]
    document["landscape"][1]["subcategories"][0]["items"][0]["second_path"] = [{"name": "not this"}]
    document["name"] = "CNCF Members"
    assert read_members(dump(document)) == ["Corvid"]


def test_the_order_of_keys_does_not_matter():
    document = landscape("Corvid (member)")
    document["landscape"][0] = dict(reversed(document["landscape"][0].items()))
    assert read_members(dump(document)) == ["Corvid"]


@given(
    st.lists(
        st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20), max_size=8
    )
)
def test_it_reads_what_a_yaml_parser_reads(names):
    expected = [name.removesuffix(" (member)").removesuffix(" (supporter)").strip() for name in names]
    assert read_members(dump(landscape(*names))) == list(dict.fromkeys(name for name in expected if name))


@pytest.mark.parametrize(
    "hostile",
    [
        b"landscape: " + b"[" * 200_000,
        b"landscape: " + b"{a: " * 200_000,
        b"".join(b"- " for _ in range(200_000)),
        b"a: &a [x,x]\n" + b"".join(b"%c: &%c [*%c,*%c]\n" % (c, c, c - 1, c - 1) for c in range(98, 123)),
        b"landscape: &l\n  - *l\n",
        b"? [a, b]\n: {? {c: d} : e}\n",
        b"!!python/object/apply:os.system [echo]",
        b"%YAML 9.9\n---\na",
        b"\x00",
        b"\xff\xfe",
        b"a: b: c",
        b"- a\n--- \n- b\n...\n",
    ],
    ids=lambda raw: repr(raw[:14]),
)
def test_a_hostile_file_costs_little_and_has_no_members(hostile):
    started = time.process_time()
    assert read_members(hostile) == []
    assert time.process_time() - started < 3


def test_a_file_that_nests_deeper_than_any_landscape_is_none():
    document = landscape("Corvid (member)")
    assert read_members(dump({**document, "other": nested(40)})) == ["Corvid"]
    assert read_members(dump({**document, "other": nested(60)})) == []


def nested(depth):
    return {"a": nested(depth - 1)} if depth else "b"


@given(st.binary(max_size=200))
def test_any_bytes_are_read(raw):
    assert isinstance(read_members(raw), list)


def test_a_file_as_great_as_the_landscape_is_read_in_reasonable_time():
    great = landscape(*(f"Member {n} (member)" for n in range(800)))
    tools = [f"Tool {n}" for n in range(2500)]
    great["landscape"] += landscape(*tools, category="Provisioning")["landscape"]
    for category in great["landscape"]:
        for item in category["subcategories"][0]["items"]:
            item["extra"] = {f"key_{n}": "https://corvid.example/some/longer/value" for n in range(6)}
    raw = dump(great)
    assert len(raw) > 1_000_000
    started = time.process_time()
    assert len(read_members(raw)) == 800
    assert time.process_time() - started < 20  # about one second with libyaml


def test_the_names_of_the_shipped_list_survive_the_way_through_a_landscape():
    shipped = yaml.safe_load((Path(__file__).parents[3] / "rules" / "members.yaml").read_text(encoding="utf-8"))[
        "names"
    ]
    assert read_members(dump(landscape(*(f"{name} (member)" for name in shipped)))) == shipped
