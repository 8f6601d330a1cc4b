"""Answers kept between runs."""

import json
import os
import stat
from datetime import timedelta

import pytest

SITE = "http://www.acme.example"


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "home" / "aiconf"


def later(web, **time):
    return {"now": web.now + timedelta(**time)}


def test_a_second_run_asks_nothing_and_says_the_same(web, folder):
    web.pages["/a"], web.pages["/b"] = web.reply(200), web.reply(301, location="/a")
    urls = [f"{SITE}/a", f"{SITE}/b", f"{SITE}/gone"]
    first = web.check(*urls, cache=folder)
    asked = len(web.requests)
    second = web.check(*urls, cache=folder, **later(web, minutes=30))
    assert second == first
    assert len(web.requests) == asked
    assert second[urls[0]]["checked_at"] == "2026-11-26T12:00:00+00:00"


def test_answers_age_and_bad_ones_sooner(web, folder):
    web.pages["/a"] = web.reply(200)
    urls = [f"{SITE}/a", f"{SITE}/gone"]
    web.check(*urls, cache=folder)
    web.requests.clear()
    web.check(*urls, cache=folder, **later(web, hours=2))
    assert web.asked() == ["HEAD /gone", "GET /gone"]
    web.requests.clear()
    web.check(*urls, cache=folder, **later(web, hours=25))
    assert set(web.asked()) == {"HEAD /a", "HEAD /gone", "GET /gone"}


def test_what_is_undecided_is_asked_again(web, folder):
    web.pages["/a"] = web.reply(403)
    web.check_one(f"{SITE}/a", cache=folder)
    web.pages["/a"] = web.reply(200)
    assert web.check_one(f"{SITE}/a", cache=folder)["state"] == "alive"


def test_a_place_that_could_not_be_looked_at_for_now_is_looked_at_again(web, folder, ca_file):
    web.pages["github.com/o/r/blob/v1/a.md"] = web.reply(200)
    web.pages["raw.githubusercontent.com/o/r/v1/a.md"] = web.reply(403)
    url = "https://github.com/o/r/blob/v1/a.md#here"
    assert web.check_one(url, cache=folder, ca_file=ca_file)["anchor"] == "unknown"
    web.pages["raw.githubusercontent.com/o/r/v1/a.md"] = web.reply(200, b"# Here\n")
    assert web.check_one(url, cache=folder, ca_file=ca_file)["anchor"] == "ok"


def test_a_logo_is_not_answered_with_what_was_kept_of_a_page(web, folder):
    web.pages["/x"] = web.reply(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert web.check_one(f"{SITE}/x", cache=folder)["is_svg"] is None
    assert web.check_one(f"{SITE}/x", "logo", cache=folder)["is_svg"] is True


def test_what_was_found_inside_is_no_answer_for_a_run_that_must_stay_outside(web, folder):
    local = web.ports["127.0.0.1", web.ports[web.public, 80]] = web.ports[web.public, 80]
    web.pages["/"] = web.reply(200)
    url = f"http://127.0.0.1:{local}/"
    assert web.check_one(url, cache=folder, allow_private=("127.0.0.0/8",))["state"] == "alive"
    assert web.check_one(url, cache=folder)["cause"] == "refused"


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"format": "other", "entries": {}}', b"[" * 100_000],
    ids=repr,
)
def test_a_damaged_file_is_as_good_as_none(web, folder, damage):
    web.pages["/a"] = web.reply(200)
    web.check_one(f"{SITE}/a", cache=folder)
    (folder / "links-v1.json").write_bytes(damage)
    assert web.check_one(f"{SITE}/a", cache=folder)["state"] == "alive"
    assert web.asked() == ["HEAD /a"] * 2
    assert json.loads((folder / "links-v1.json").read_bytes())["entries"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("state", "fine"),
        ("state", 1),
        ("status", "200"),
        ("is_svg", 1),
        ("drifts", None),
        ("line_anchor", []),
        ("extra", 1),
    ],
)
def test_an_entry_that_is_not_what_it_should_be_is_not_believed(web, folder, key, value):
    web.pages["/a"] = web.reply(200)
    web.check_one(f"{SITE}/a", cache=folder)
    path = folder / "links-v1.json"
    document = json.loads(path.read_bytes())
    for entry in document["entries"].values():
        entry[1][key] = value
    path.write_text(json.dumps(document))
    fact = web.check_one(f"{SITE}/a", cache=folder)
    assert fact["state"] == "alive"
    assert "extra" not in fact
    assert len(web.requests) == 2


@pytest.mark.parametrize("end", ["soon", None, True, [], 1e300, float("inf"), float("nan"), 0])
def test_an_entry_with_an_end_that_cannot_be_is_not_believed(web, folder, end):
    web.pages["/a"] = web.reply(200)
    web.check_one(f"{SITE}/a", cache=folder)
    path = folder / "links-v1.json"
    document = json.loads(path.read_bytes())
    for entry in document["entries"].values():
        entry[0] = end
    path.write_text(json.dumps(document))
    web.check_one(f"{SITE}/a", cache=folder)
    assert len(web.requests) == 2


def test_ended_answers_do_not_pile_up(web, folder):
    for number in range(5):
        web.pages[f"/{number}"] = web.reply(200)
        web.check_one(f"{SITE}/{number}", cache=folder, **later(web, days=2 * number))
    assert len(json.loads((folder / "links-v1.json").read_bytes())["entries"]) == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps access in lists, not modes")
def test_only_the_user_can_read_the_folder_and_a_file_others_may_write_is_not_believed(web, folder):
    web.pages["/a"] = web.reply(200)
    web.check_one(f"{SITE}/a", cache=folder)
    path = folder / "links-v1.json"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o666)
    web.check_one(f"{SITE}/a", cache=folder)
    assert len(web.requests) == 2


def test_a_folder_that_cannot_be_made_is_no_error(web, tmp_path):
    (tmp_path / "file").write_text("")
    web.pages["/a"] = web.reply(200)
    assert web.check_one(f"{SITE}/a", cache=tmp_path / "file" / "aiconf")["state"] == "alive"


def test_a_run_that_is_cut_short_keeps_what_it_had(web, folder):
    async def hang(_request, reader, _writer):
        await reader.read()

    web.pages["/a"], web.pages["slow.example/"] = web.reply(200), hang
    web.check(f"{SITE}/a", "http://slow.example/", cache=folder, run_timeout=0.3, request_timeout=9.0)
    web.requests.clear()
    assert web.check_one(f"{SITE}/a", cache=folder)["state"] == "alive"
    assert web.requests == []
