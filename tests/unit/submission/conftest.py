"""The shipped words and names, compiled once."""

from pathlib import Path

import pytest
import yaml

from aiconf.catalog.wording import compile_wording
from aiconf.submission.labels import Labels
from aiconf.submission.lexicon import Lexicon
from aiconf.submission.platforms import Platforms

ROOT = Path(__file__).parents[3]


def data(name):
    return yaml.load((ROOT / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


@pytest.fixture(scope="session")
def lexicon():
    return Lexicon(compile_wording(data("rules/wording")))


@pytest.fixture(scope="session")
def labels():
    return Labels(data("rules/labels"))


@pytest.fixture(scope="session")
def platforms():
    return Platforms(data("policies/distributions"))


@pytest.fixture(scope="session")
def components():
    return data("policies/components")


@pytest.fixture(scope="session")
def names_on(platforms, components):
    def build(base, own=("Acme AI", "Acme Stack", "Acme")):
        return platforms.names(base, platforms.named(base), own, components)

    return build
