"""The function ``at``: the value below a dotted path, or the default."""

import pytest

from aiconf.cel.kubernetes import at

THING = {"spec": {"replicas": 3, "name": "a", "on": True, "sets": [1], "none": None, "ratio": 1.5}}


@pytest.mark.parametrize(
    ("path", "default", "found"),
    [
        ("spec.replicas", 0, 3),
        ("spec.sets", [], [1]),
        ("spec.on", False, True),
        ("spec", {}, THING["spec"]),
        ("spec.absent", 7, 7),
        ("spec.none", "d", "d"),
        ("spec.name.below", "d", "d"),
        ("spec.sets.0", 9, 9),  # a list has no keys
        ("spec.name", 0, 0),  # another type
        ("spec.on", 0, 0),  # a bool is no number
        ("spec.replicas", False, False),
        ("spec.replicas", 0.5, 0.5),
        ("spec.name", None, "a"),  # null stands for any type
        ("spec.absent", None, None),
        ("", "d", "d"),
    ],
)
def test_it_gives_what_is_there_of_the_default_s_type(path, default, found):
    given = at(THING, path, default)
    assert (given, type(given)) == (found, type(found))


@pytest.mark.parametrize("thing", [None, 1, "text", [THING], True])
def test_what_is_no_map_has_nothing(thing):
    assert at(thing, "spec.replicas", 5) == 5
