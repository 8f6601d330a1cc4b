"""What is looked at behind an address: logos, and the places in files on GitHub."""

import gzip

import pytest

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'
PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
BLOB = "https://github.com/corvid/evidence/blob"
RAW = "raw.githubusercontent.com/corvid/evidence"


def put(web, path, content):
    """A file in a repository on GitHub: its page, and its text."""
    web.pages[f"github.com/corvid/evidence/blob/{path}"] = web.reply(200, b"<html>the page around it</html>")
    web.pages[f"{RAW}/{path}"] = web.reply(200, content, content_type="text/plain")


def test_a_logo_that_is_svg_is_seen_to_be_whatever_its_name_and_type(web):
    web.pages["www.acme.example/logo"] = web.reply(200, SVG, content_type="application/octet-stream")
    fact = web.check_one("http://www.acme.example/logo", "logo")
    assert (fact["state"], fact["content"], fact["is_svg"]) == ("alive", "svg", True)


def test_a_logo_that_only_says_that_it_is_svg_is_not(web):
    web.pages["www.acme.example/a.svg"] = web.reply(200, PNG, content_type="image/svg+xml")
    web.pages["www.acme.example/b.svg"] = web.reply(200, b"<!DOCTYPE html><title>Sign in</title>")
    facts = web.check("http://www.acme.example/a.svg", "http://www.acme.example/b.svg", purpose="logo")
    assert [(fact["content"], fact["is_svg"]) for fact in facts.values()] == [("png", False), ("html", False)]


def test_a_logo_sent_compressed_is_read(web):
    web.pages["/logo.svg"] = web.reply(200, gzip.compress(SVG), content_encoding="gzip")
    assert web.check_one("http://www.acme.example/logo.svg", "logo")["is_svg"] is True


def test_a_logo_that_is_not_there_is_not_judged(web):
    fact = web.check_one("http://www.acme.example/logo.svg", "logo")
    assert (fact["state"], fact["content"], fact["is_svg"]) == ("dead", "", None)


def test_a_logo_is_fetched_once_and_a_page_is_not_fetched_for_its_content(web):
    web.pages["/logo.svg"] = web.reply(200, SVG)
    fact = web.check_one("http://www.acme.example/logo.svg", "logo")
    assert fact["content_type"] == "text/html"
    assert web.asked() == ["GET /logo.svg"]


def test_the_logo_on_a_page_of_githubs_is_the_file_shown_there(web, ca_file):
    put(web, "main/logo.svg", SVG)
    put(web, "main/logo.png", PNG)
    facts = web.check(f"{BLOB}/main/logo.svg", f"{BLOB}/main/logo.png", purpose="logo", ca_file=ca_file)
    assert [fact["is_svg"] for fact in facts.values()] == [True, False]


def test_an_address_that_is_logo_and_evidence_is_one_answer(web):
    web.pages["/logo.svg"] = web.reply(200, SVG)
    from aiconf.online import Wanted  # noqa: PLC0415 - only here

    url = "http://www.acme.example/logo.svg"
    facts = web.check(Wanted(url, "evidence"), Wanted(url, "logo"))
    assert (facts[url]["purposes"], facts[url]["is_svg"]) == (["evidence", "logo"], True)


@pytest.mark.parametrize(
    ("fragment", "verdict", "lines"),
    [
        ("L1", "ok", 1),
        ("L3", "ok", 3),
        ("L2-L3", "ok", 3),
        ("L3-L2", "ok", 3),
        ("L1C2-L3C9", "ok", 3),
        ("L4", "missing", 4),
        ("L2-L40", "missing", 40),
        ("L0", "missing", 0),
    ],
)
def test_lines_are_held_against_the_file(web, ca_file, fragment, verdict, lines):
    put(web, "v1.2/main.go", b"package main\n\nfunc main() {}\n")
    fact = web.check_one(f"{BLOB}/v1.2/main.go#{fragment}", ca_file=ca_file)
    assert fact["anchor"] == verdict
    assert fact["line_anchor"]["last"] == lines
    assert fact["line_anchor"]["lines"] == 3


def test_lines_beyond_what_was_read_of_a_great_file_are_unknown(web, ca_file):
    put(web, "v1/great.txt", b"line\n" * 1000)
    facts = web.check(f"{BLOB}/v1/great.txt#L20", f"{BLOB}/v1/great.txt#L900", ca_file=ca_file, body_limit=500)
    assert [fact["anchor"] for fact in facts.values()] == ["ok", "unknown"]
    assert [fact["line_anchor"]["lines"] for fact in facts.values()] == [None, None]


def test_headings_are_held_against_the_file(web, ca_file):
    put(web, "v1/evidence.md", b"# Gang scheduling (Kueue)\n\ntext\n\n## DRA_support\n")
    names = ["gang-scheduling-kueue", "dra_support", "DRA_support", "pod-autoscaling"]
    facts = web.check(*(f"{BLOB}/v1/evidence.md#{name}" for name in names), ca_file=ca_file)
    assert [fact["anchor"] for fact in facts.values()] == ["ok", "ok", "ok", "missing"]
    assert web.asked("raw.githubusercontent.com") == ["GET /corvid/evidence/v1/evidence.md"]


def test_the_readme_stands_for_its_repository_and_folder(web, ca_file):
    web.pages["github.com/corvid/evidence"] = web.reply(200)
    web.pages["github.com/corvid/evidence/tree/v1/docs"] = web.reply(200)
    web.pages[f"{RAW}/HEAD/README.md"] = web.reply(200, b"# Install\n")
    web.pages[f"{RAW}/v1/docs/README.md"] = web.reply(200, b"# Use\n")
    root, folder = "https://github.com/corvid/evidence", "https://github.com/corvid/evidence/tree/v1/docs"
    facts = web.check(f"{root}#install", f"{root}#use", f"{folder}#use", ca_file=ca_file)
    assert [fact["anchor"] for fact in facts.values()] == ["ok", "missing", "ok"]


def test_a_place_that_cannot_be_looked_at_is_unknown(web, ca_file):
    """A private copy of the text, another host's page, a format whose headings are not known, a file that is gone."""
    web.pages["github.com/corvid/evidence/blob/v1/a.md"] = web.reply(200)
    web.pages["www.acme.example/docs"] = web.reply(200, b"<h1 id=here>")
    put(web, "v1/a.rst", b"Here\n====\n")
    urls = [
        f"{BLOB}/v1/a.md#here",
        "http://www.acme.example/docs#here",
        f"{BLOB}/v1/a.rst#here",
        f"{BLOB}/v1/gone.md#here",
    ]
    facts = web.check(*urls, ca_file=ca_file)
    assert [fact["anchor"] for fact in facts.values()] == ["unknown"] * 4
    assert [fact["state"] for fact in facts.values()] == ["alive", "alive", "alive", "dead"]


def test_a_moved_repository_is_looked_into_where_it_is_now(web, ca_file):
    web.pages["github.com/old/name/blob/v1/a.md"] = web.reply(
        301, location="https://github.com/corvid/evidence/blob/v1/a.md"
    )
    put(web, "v1/a.md", b"# Here\n")
    fact = web.check_one("https://github.com/old/name/blob/v1/a.md#here", ca_file=ca_file)
    assert (fact["state"], fact["anchor"]) == ("moved", "ok")
    assert fact["moved_to"] == f"{BLOB}/v1/a.md"


def test_links_to_a_file_on_a_moving_branch_are_said_to_drift(web, ca_file):
    put(web, "main/a.md", b"")
    put(web, "v1/main/a.md", b"")
    facts = web.check(f"{BLOB}/main/a.md", f"{BLOB}/v1/main/a.md", ca_file=ca_file)
    assert [fact["drifts"] for fact in facts.values()] == [True, False]
