"""How a judgement is told to people."""

import pytest

from aiconf.trace import _shown

DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a", "namespace": "ops"}}
FACT = {
    "name": "Kueue",
    "ready": False,
    "reason": "1 of 2 replicas is available",
    "version": None,
    "objects": ["x", "y"],
}


@pytest.mark.parametrize(
    ("value", "lines"),
    [
        (True, ["true"]),
        (None, ["null"]),
        ([], ["[]"]),
        (["a", "b"], ['["a", "b"]']),
        ({"a": 1}, ['{"a": 1}']),
        ([DEPLOYMENT], ["1:", "      - apps/v1 Deployment ops/a"]),
        ([FACT], ["1:", '      - Kueue, ready false, reason "1 of 2 replicas is available"']),
        ([{"ref": "v1 Node n", "gpus": 8, "fake": ""}], ["1:", "      - v1 Node n, gpus 8"]),
        ([{"gpus": 8}, 7], ["2:", '      - {"gpus": 8}', "      - 7"]),
        ([{"name": {"not": "a text"}}], ["1:", '      - {"name": {"not": "a text"}}']),
    ],
)
def test_a_value_is_told_by_what_names_it(value, lines):
    assert _shown(value).splitlines() == lines


def test_long_values_and_long_lists_are_cut():
    assert _shown("x" * 1000).endswith("… (1,002 characters)")
    many = _shown([{"name": str(number), "reason": "y" * 1000} for number in range(1020)]).splitlines()
    assert len(many) == 22
    assert many[-1] == "      and 1,000 more"
    assert all(len(line) < 320 for line in many)
