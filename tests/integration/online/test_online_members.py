"""The member list from the landscape."""

import json
from datetime import timedelta

import pytest

from aiconf.online import load_members

URL = "http://landscape.example/landscape.yml"
SHIPPED = {"names": ["Corvid Systems"], "date": "2026-08-07"}
LANDSCAPE = b"""
landscape:
  - category:
    name: Provisioning
    subcategories:
      - subcategory:
        name: Automation
        items:
          - item:
            name: Heron Tools
  - category:
    name: CNCF Members
    subcategories:
      - subcategory:
        name: Silver
        items:
          - item:
            name: Corvid Systems (member)
            homepage_url: https://corvid.example
            extra: {name: not this}
          - item:
            name: "Heron (supporter)"
"""


@pytest.fixture
def members(web, tmp_path):
    """Loads the list from the local landscape."""

    def load(**changes):
        settings = web.settings(landscape_url=URL, cache=tmp_path / "cache", retries=0, **changes)
        return load_members(settings, SHIPPED, web.network)

    return load


def test_todays_list_is_authoritative_and_dated(web, members):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE)
    assert members() == {
        "names": ["Corvid Systems", "Heron"],
        "source": "of 2026-11-26",
        "authoritative": True,
        "problem": "",
    }


def test_the_list_is_kept_for_a_day_with_its_date(web, members):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE)
    first = members()
    assert members(now=web.now + timedelta(hours=20)) == first
    assert len(web.requests) == 1
    assert members(now=web.now + timedelta(hours=30))["source"] == "of 2026-11-27"
    assert len(web.requests) == 2


@pytest.mark.parametrize("status", [404, 429, 500])
def test_without_a_landscape_the_shipped_list_stands_in_and_is_not_authoritative(web, members, status):
    web.pages["/landscape.yml"] = web.reply(status)
    found = members()
    assert (found["names"], found["source"], found["authoritative"]) == (["Corvid Systems"], "of 2026-08-07", False)
    assert str(status) in found["problem"]


def test_without_a_landscape_an_older_answer_is_better_than_a_still_older_shipped_list(web, members):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE)
    members()
    web.pages["/landscape.yml"] = web.reply(503)
    found = members(now=web.now + timedelta(days=30))
    assert (found["names"], found["source"], found["authoritative"]) == (
        ["Corvid Systems", "Heron"],
        "of 2026-11-26",
        False,
    )


def test_a_newer_shipped_list_is_better_than_an_older_answer(web, members):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE)
    members(now=web.now - timedelta(days=200))
    web.pages["/landscape.yml"] = web.reply(503)
    assert members()["source"] == "of 2026-08-07"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"landscape: [",
        b"landscape: []",
        b"[" * 100_000,
        b"\xff\xfe\x00",
        LANDSCAPE.replace(b"CNCF Members", b"Members"),
    ],
    ids=lambda body: repr(body[:20]),
)
def test_what_is_no_landscape_is_a_problem_and_not_an_empty_list(web, members, body):
    web.pages["/landscape.yml"] = web.reply(200, body)
    found = members()
    assert (found["names"], found["authoritative"]) == (["Corvid Systems"], False)
    assert found["problem"]


def test_a_landscape_that_is_cut_off_or_too_great_is_not_used(web, members):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE + b"# " + b"x" * 5000)
    assert "whole" in members(landscape_limit=2000)["problem"]
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE, content_length=len(LANDSCAPE) + 1, connection="close")

    async def cut(_request, _reader, writer):
        writer.write(web.reply(200, content_length=len(LANDSCAPE) + 1) + LANDSCAPE)
        await writer.drain()
        writer.close()

    web.pages["/landscape.yml"] = cut
    assert "whole" in members()["problem"]


def test_a_damaged_list_of_an_earlier_run_is_not_believed(web, members, tmp_path):
    web.pages["/landscape.yml"] = web.reply(200, LANDSCAPE)
    members()
    path = tmp_path / "cache" / "members-v1.json"
    document = json.loads(path.read_bytes())
    document["entries"][URL][1]["names"] = [1]
    path.write_text(json.dumps(document))
    assert members()["names"] == ["Corvid Systems", "Heron"]
    assert len(web.requests) == 2


def test_a_landscape_that_does_not_come_ends_in_time(web, members):
    async def hang(_request, reader, _writer):
        await reader.read()

    web.pages["/landscape.yml"] = hang
    assert members(run_timeout=0.3, request_timeout=9.0)["authoritative"] is False
