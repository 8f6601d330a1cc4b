"""One comment in a pull request, found again by its first line and kept up to date, through GitHub's REST API.

https://docs.github.com/rest/issues/comments
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from aiconf import __version__
from aiconf.reporters.markdown import MARKER

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAGE = 100
_MOST_PAGES = 30
_SECONDS = 20
_DENIED = (401, 403, 404)


class Comments(NamedTuple):
    """Where the comments of a pull request are.

    Attributes:
        api: The root of the API.
        repository: ``owner/name``.
        number: That of the pull request.
        token: What to write with; "" when there is none.
        from_fork: Whether the branch is another repository's, so that the token may only read.
    """

    api: str
    repository: str
    number: int
    token: str
    from_fork: bool


def put_comment(comments: Comments, page: str, *, create: bool) -> str:
    """Write the comment, or bring the earlier one up to date.

    Args:
        comments: Where.
        page: The text; its first line is the mark by which it is found again.
        create: Whether to write one where there is none.

    Returns:
        Why it could not be written, "" when it was.
    """
    if not comments.token:
        return f"No comment was written: there is no token.{_advice(comments)}"
    try:
        with _client(comments) as client:
            return _put(client, comments, page, create=create)
    except httpx.HTTPStatusError as error:
        code = error.response.status_code
        if code in _DENIED:
            return f"No comment was written: GitHub answered {code} to the token.{_advice(comments)}"
        return f"No comment was written: GitHub answered {code}."
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        return f"No comment was written: {type(error).__name__} at {comments.api}."


def _advice(comments: Comments) -> str:
    if comments.from_fork:
        return " In a pull request from a fork it may only read; the outcome stands in this summary."
    return " The job needs the permission 'pull-requests: write'."


def _client(comments: Comments) -> httpx.Client:
    return httpx.Client(
        base_url=comments.api,
        timeout=_SECONDS,
        transport=httpx.HTTPTransport(retries=2),
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {comments.token}",
            "User-Agent": f"aiconf/{__version__}",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )


def _put(client: httpx.Client, comments: Comments, page: str, *, create: bool) -> str:
    root = f"/repos/{comments.repository}/issues"
    earlier = next(_own(client, f"{root}/{comments.number}/comments"), None)
    if earlier is not None and earlier["body"] == page:
        return ""
    if earlier is not None:
        client.patch(f"{root}/comments/{int(earlier['id'])}", json={"body": page}).raise_for_status()
    elif create:
        client.post(f"{root}/{comments.number}/comments", json={"body": page}).raise_for_status()
    return ""


def _own(client: httpx.Client, address: str) -> Iterator[dict[str, Any]]:
    """The comments that this token's owner wrote before; anybody can write one that begins with the mark."""
    login = None
    for number in range(1, _MOST_PAGES + 1):
        answer = client.get(address, params={"per_page": _PAGE, "page": number}).raise_for_status()
        found = answer.json()
        for comment in found:
            if str(comment.get("body") or "").startswith(MARKER):
                login = login or _login(client)
                if (comment.get("user") or {}).get("login") == login:
                    yield comment
        if len(found) < _PAGE:
            return


def _login(client: httpx.Client) -> str:
    """Who writes with the token: the token of a workflow has no user of its own to ask for."""
    answer = client.get("/user")
    return str(answer.json()["login"]) if answer.is_success else "github-actions[bot]"
