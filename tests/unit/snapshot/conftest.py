"""The shipped data, and a reader of whatever a test writes."""

import json
from pathlib import Path

import pytest
import yaml

from aiconf.snapshot.collection import parse_collection
from aiconf.snapshot.index import Index
from aiconf.snapshot.load import load_snapshot
from aiconf.snapshot.trim import Trimmer

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def data():
    """A data file of policies/ by its name."""

    def load(name):
        return yaml.safe_load((ROOT / "policies" / f"{name}.yaml").read_text(encoding="utf-8"))

    return load


@pytest.fixture(scope="session")
def collection(data):
    return parse_collection(data("collection"))


@pytest.fixture(scope="session")
def table(data):
    return data("results")


@pytest.fixture
def trimmer(collection):
    return Trimmer(collection)


@pytest.fixture
def read(tmp_path, collection, table):
    """Write files (path to content) into a folder, or one file `alone`, and read that: the index."""

    def go(files=None, *, alone=None, name="input"):
        if alone is not None:
            path = tmp_path / name
            path.write_bytes(encoded(alone))
        else:
            path = tmp_path / "folder"
            for inner, content in files.items():
                (path / inner).parent.mkdir(parents=True, exist_ok=True)
                (path / inner).write_bytes(encoded(content))
        return Index(load_snapshot([path], collection, table))

    return go


def encoded(content):
    if isinstance(content, bytes):
        return content
    return content.encode() if isinstance(content, str) else json.dumps(content).encode()
