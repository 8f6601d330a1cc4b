"""A pull request as an input that rules are held against."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from aiconf.engine import Subject
from aiconf.model import InputRecord
from aiconf.source import parse_source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.pull_request.changes import Changes


def pull_request_subject(changes: Changes, facts: Mapping[str, Any]) -> Subject:
    """The input of kind ``pull_request``.

    It has no text of its own: what is found stands at line 1, column 1 of the file that a rule names, and the pointer
    of a finding leads into the facts. Its digest is over the facts, so that two runs can be compared.
    """
    name = f"{changes.base}...HEAD"
    digest = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
    return Subject(InputRecord(name, "pull_request", digest), parse_source(b"", name), {"pull_request": facts})
