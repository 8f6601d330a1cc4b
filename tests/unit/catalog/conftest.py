"""A small catalog of its own for these tests: nothing here depends on the shipped rules."""

from pathlib import Path

import pytest

from aiconf.catalog.load import load_catalog
from aiconf.errors import CatalogErrors

RULE = """\
id: pets
title: Pets are named and small
source: [https://example.org/pets]
rationale: A pet without a name cannot be called.
match_conditions:
  - {name: has_pets, expression: submission != null}
variables:
  - {name: pets, expression: submission.pets}
  - {name: small, expression: 'variables.pets.filter(p, p.size < 10)'}
  - {name: unused, expression: '1 + 1'}
validations:
  - name: named
    summary: Every pet has a name.
    authority: faq
    severity: warning
    for_each: variables.pets
    expression: item.name != ""
    at: "{item.pointer}/name"
    message: "{item.kind} has no name; there are {size(variables.pets)} pets, and {{braces}}."
    remediation: Give it one.
    aliases: [animals/named]
  - name: one_small
    summary: A pet is small.
    authority: convention
    severity: note
    severity_expression: 'size(variables.small) == 0 ? "error" : "note"'
    expression: >-
      size(variables.small) > 0
      || 1 / size(variables.small) == 0
    message: No pet is small.
    remediation: Get a mouse.
    source: [https://example.org/mice]
tests:
  - name: A named mouse
    text: "pets: []"
    expect: pass
  - name: Nobody
    text: ""
    expect: fail
    fails: [named, one_small]
"""

POLICY = """\
id: kennel
title: A kennel is there
source: [https://example.org/kennel]
rationale: Dogs sleep in it.
kinds: [Pod, Workload.kueue.x-k8s.io]
validations:
  - name: operational
    proves: operational
    expression: objects["Pod"].exists(p, p.ready)
    message: "No kennel is ready."
    remediation: Build one.
    objects: objects["Pod"]
tests:
  - {name: Ready, snapshot: ready, expect: pass, proof: operational}
  - {name: Not ready, snapshot: not-ready, expect: fail, fails: [operational]}
"""

DATA = """\
data: sizes
source: [https://example.org/sizes]
sizes: {mouse: 1, elephant: 1000}
"""


class Folder:
    """A catalog folder that a test fills."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        self.write("rules/pets.yaml", RULE)
        self.write("policies/kennel.yaml", POLICY)
        self.write("rules/sizes.yaml", DATA)

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def load(self):
        return load_catalog(self.root, self.cache)

    def problems(self) -> list[str]:
        """What the loader says, with paths relative to the folder."""
        with pytest.raises(CatalogErrors) as caught:
            self.load()
        return [str(error).replace(f"{self.root}/", "") for error in caught.value.errors]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
