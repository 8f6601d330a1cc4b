"""What a runner of GitHub Actions says about the job, and where it wants to be told of the outcome.

The files and variables are documented under "Workflow commands" and "Variables" of GitHub Actions.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiconf.errors import InputError
from aiconf.pull_request.git import Git, GitError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aiconf.cli.action.comment import Comments

_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+\Z")


class Runner:
    """The job at hand.

    Attributes:
        temporary: A folder that the runner empties after the job.
        event: What set the workflow off; empty when nothing is known of it.

    Raises:
        InputError: The event cannot be read.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.temporary = environment.get("RUNNER_TEMP") or None
        self.event = _event(environment.get("GITHUB_EVENT_PATH", ""))

    @property
    def pull_request(self) -> Mapping[str, Any] | None:
        """The pull request of the event, None when it is about none."""
        found = self.event.get("pull_request")
        return found if isinstance(found, dict) else None

    @property
    def compares(self) -> bool:
        """Whether there is a base to compare the checkout with."""
        return self.pull_request is not None or "merge_group" in self.event

    def scope(self) -> list[str]:
        """What to lint when the workflow does not say: what the pull request changes, else everything.

        Raises:
            InputError: The checkout is not the pull request's.
        """
        try:
            if self.pull_request is not None:
                return [f"--changed-since={self._base(self.pull_request)}"]
            if "merge_group" in self.event:
                return [f"--changed-since={self.event['merge_group']['base_sha']}"]
        except (KeyError, TypeError) as error:
            raise InputError(f"the event that set the workflow off has no {error}; name the paths to lint") from error
        return ["."]

    def _base(self, pull_request: Mapping[str, Any]) -> str:
        """What the pull request is compared with.

        For `pull_request`, actions/checkout takes a merge of the head into the base. The base of that merge is newer
        than the one that the event names, and comparing with the older one would show what others merged meanwhile.
        """
        head, parents = self._checkout()
        wanted = pull_request["head"]["sha"]
        if head == wanted:
            return str(pull_request["base"]["sha"])
        if wanted in parents[1:]:
            return parents[0]
        raise InputError(
            f"the checkout is at {head}, and the head of the pull request is {wanted}: what would be linted is not the "
            "pull request. Run on 'pull_request', or give actions/checkout the ref of the head"
        )

    def _checkout(self) -> tuple[str, list[str]]:
        """The commit that is checked out, and its parents, also those that a shallow clone does not have."""
        git = Git(Path.cwd(), self._environment)
        try:
            head, text = git.line("rev-parse", "HEAD"), git.run("cat-file", "commit", "HEAD")
        except GitError as error:
            raise InputError(
                f"{error}. Put a step with actions/checkout and 'fetch-depth: 0' before this one"
            ) from error
        header = text.split(b"\n\n", maxsplit=1)[0].decode("utf-8", "replace")
        return head, re.findall(r"^parent ([0-9a-f]+)$", header, re.MULTILINE)

    def comments_of(self, token: str) -> Comments:
        """The comments of the pull request."""
        from aiconf.cli.action.comment import Comments  # noqa: PLC0415 - imports httpx

        repository = self._environment.get("GITHUB_REPOSITORY", "")
        if self.pull_request is None or not _REPOSITORY.match(repository):
            raise InputError(f"the runner names no repository of a pull request: GITHUB_REPOSITORY is {repository!r}")
        return Comments(
            api=self._environment.get("GITHUB_API_URL") or "https://api.github.com",
            repository=repository,
            number=int(self.pull_request["number"]),
            token=token,
            from_fork=_is_from_fork(self.pull_request),
        )

    def set_output(self, name: str, value: str) -> None:
        """Set an output of the step; the delimiter cannot be guessed by whoever chose the value."""
        mark = secrets.token_hex(16)
        self._append("GITHUB_OUTPUT", f"{name}<<{mark}\n{value}\n{mark}\n")

    def add_summary(self, page: str) -> None:
        """Add to the summary of the job."""
        self._append("GITHUB_STEP_SUMMARY", page)

    def _append(self, variable: str, text: str) -> None:
        if path := self._environment.get(variable):
            with Path(path).open("a", encoding="utf-8", newline="\n") as file:
                file.write(text)


def _event(path: str) -> Mapping[str, Any]:
    if not path or not os.path.exists(path):  # noqa: PTH110 - the empty path is no path
        return {}
    try:
        event = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path}, which should say what set the workflow off, cannot be read: {error}") from error
    return event if isinstance(event, dict) else {}


def _is_from_fork(pull_request: Mapping[str, Any]) -> bool:
    """A fork that was deleted meanwhile has no repository."""
    head, base = pull_request["head"].get("repo"), pull_request["base"].get("repo")
    return bool(base) and (not head or head.get("full_name") != base.get("full_name"))
