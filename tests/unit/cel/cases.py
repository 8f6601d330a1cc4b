"""The cases of ``spec_cases.yaml`` as Python values, for the tests beside this file and the property tests."""

from pathlib import Path

import yaml

from aiconf.cel.values import TYPES, UInt

_FILE = yaml.load(Path(__file__).with_name("spec_cases.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)

BINDINGS = _FILE["bindings"]


def decoded(value):
    """The value a case names."""
    if isinstance(value, dict) and len(value) == 1:
        ((kind, content),) = value.items()
        if kind == "uint":
            return UInt(content)
        if kind == "bytes":
            return content.encode("latin-1")
        if kind == "type":
            return TYPES[content]
    return value


CASES = [
    (case["expr"], decoded(case.get("value")), case.get("error")) for cases in _FILE["cases"].values() for case in cases
]


def same(left, right):
    """Equal in value and in type, all the way down; NaN equals itself."""
    if type(left) is not type(right):
        return False
    if isinstance(left, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    return left == right or (left != left and right != right)  # noqa: PLR0124 - only NaN differs from itself
