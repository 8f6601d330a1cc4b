"""What a pull request changes, read from git, and the facts that rules see of it."""

from aiconf.pull_request.changes import Change, Changes, Commit, Person, read_changes
from aiconf.pull_request.example import example_changes
from aiconf.pull_request.facts import pull_request_facts
from aiconf.pull_request.subject import pull_request_subject

__all__ = [
    "Change",
    "Changes",
    "Commit",
    "Person",
    "example_changes",
    "pull_request_facts",
    "pull_request_subject",
    "read_changes",
]
