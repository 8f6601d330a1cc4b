"""What in an address's text keeps it from being opened."""

import time

import pytest

from aiconf.submission.address import LONGEST, flaw, host_of, is_address, scheme_of, why_none


@pytest.mark.parametrize(
    "address",
    [
        "https://docs.example.com/a",
        "http://a.example",
        "https://a.example/wiki/Foo_(bar)",
        "https://a.example/x?list[]=1&o={n}",
        "https://archive.example/web/2026/https://a.example/x",
        "https://a.example/login?to=https://b.example/x",
        "https://a.example/x#:~:text=Add%2Don.-,Plugin%3A,-The%20optional",
        "https://a.example/find?q=100%",
        "https://bücher.example/straße",
        "https://xn--bcher-kva.example:8443/x",
        "https://user@a.example/x",
        "https://[2001:db8::1]/x",
        "https://192.0.2.1/x",
        "https://a.example./x",
        "http://localhost:8080/x",
        "https://a.example/x,y;z",
        "https://a.example/it's",
    ],
)
def test_a_whole_address_has_no_flaw(address):
    assert is_address(address)
    assert flaw(address) == ""


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://a.example, https://b.example", "2 addresses"),
        ("https://a.example,https://b.example;https://c.example", "3 addresses"),
        ("https://a.example https://b.example", "2 addresses"),
        ("https://a.example/x\nhttps://b.example", "2 addresses"),
        ("https://a.example/x.mdhttps://b.example", "2 addresses"),
        ("https://https://a.example", "twice"),
        ("https://a.example/x]", "stray ]"),
        ("https://a.example/Foo_(bar))", "stray )"),
        ("https://a.example/x,", "stray ,"),
        ('https://a.example/x"', 'stray "'),
        ("https://a.example/a b", "holds a space"),
        ("https://a.example/a (section 2)", "holds a space"),
        ("https://a.example/a\tb", "holds a tab"),
        ("https://a.example/a\u00a0b", "U+00A0"),
        ("https://a.example/a\u200bb", "invisible character U+200B"),
        ("https://a.example/a\0b", "invisible character U+0000"),
        ("https://a.example/x\n", "ends in a line break"),
        ("https://a.example/x ", "ends in a space"),
        (" https://a.example/x", "begins with a space"),
        ("HTTPS://a.example/x", "small letters"),
        ("https://a.example/<page>/x", "holds <"),
        ("https://a.example\\x", "holds \\"),
        ("https://a.example/100%", "hexadecimal"),
        ("https://a.example/x#50%zz", "hexadecimal"),
        ("https://", "no host name"),
        ("https:///x", "no host name"),
        ("https://docs/x", "docs is no full host name"),
        ("https://a..example/x", "no full host name"),
        ("https://[::1/x", "malformed"),
        ("https://a.example:port/x", "malformed"),
        ("https://a.example:99999/x", "malformed"),
        ("https://a.example/" + "x" * LONGEST, "longer than"),
    ],
)
def test_a_flaw_is_named(address, reason):
    assert reason in flaw(address)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https:/a.example/x", "does not begin with https://"),
        ("https//a.example/x", "does not begin with https://"),
        ("http:a.example", "does not begin with https://"),
        ("ttps://a.example/x", "neither"),
        ("www.a.example", "does not begin with https://"),
        ("ftp://a.example/x", "ftp:// is neither"),
        ("git+ssh://a.example/x", "git+ssh:// is neither"),
        ("[docs](https://a.example)", "Markdown"),
        ("![chart](https://a.example/x.png)", "Markdown"),
        ("<https://a.example>", "begins with <"),
        ('"https://a.example"', 'begins with "'),
        ("See https://a.example", "text stands before"),
        ("dra.md", ""),
        ("file://dra.md", ""),
        ("https-settings.md", ""),
        ("C:/results/junit.xml", ""),
    ],
)
def test_what_was_meant_as_an_address_is_told(text, reason):
    assert not is_address(text)
    found = why_none(text)
    assert reason in found
    assert bool(found) == bool(reason)


def test_scheme_and_host_are_in_small_letters():
    assert (scheme_of("HTTPS://A.Example/x"), host_of("HTTPS://A.Example/x")) == ("https", "a.example")
    assert (scheme_of("dra.md"), host_of("https://[::1/x")) == ("", "")


@pytest.mark.parametrize("piece", ["https://", " ", "-", "a.", "a-", "[", "](", "(", "%", "%a", "\u200b", ".", "aé"])
def test_the_longest_texts_cost_nothing(piece):
    text = "https://a" + piece * (LONGEST // len(piece))
    start = time.process_time()
    for variant in (text[:LONGEST], f"{text[:LONGEST]}!", text[LONGEST // 2 : LONGEST] or "x"):
        flaw(variant)
        why_none(variant)
    assert time.process_time() - start < 0.2
