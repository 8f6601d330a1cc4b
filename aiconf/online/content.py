"""What a file really is, by its first bytes: a logo's name and media type say what it should be."""

from __future__ import annotations

import zlib

_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"%PDF-", "pdf"),  # which is also what Illustrator saves as .ai
    (b"%!PS", "eps"),
    (b"\xc5\xd0\xd3\xc6", "eps"),  # with a preview for DOS in front
    (b"BM", "bmp"),
    (b"\x00\x00\x01\x00", "ico"),
)
_SVG_ROOTS = ("svg", "http://www.w3.org/2000/svg svg")
_HTML_ROOTS = ("html", "http://www.w3.org/1999/xhtml html")


def sniff(body: bytes, limit: int = 1 << 20) -> str:
    """What a file is: svg, png, jpeg, gif, webp, bmp, ico, pdf, eps, html, xml, empty or other.

    XML is read up to its root element and no further; nothing in it is resolved, loaded or run.

    Args:
        body: The file, or its beginning.
        limit: How many bytes a compressed SVG may unpack to.
    """
    if body.startswith(b"\x1f\x8b"):
        body = _unpack(body, limit)
    if not body.strip():
        return "empty"
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return kind
    if body.startswith(b"RIFF") and body[8:12] == b"WEBP":
        return "webp"
    return _kind_of_markup(body)


def _unpack(body: bytes, limit: int) -> bytes:
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, limit)
    except zlib.error:
        return body


def _kind_of_markup(body: bytes) -> str:
    start = body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    root = _root(body)
    if root in _SVG_ROOTS:
        return "svg"
    if root in _HTML_ROOTS:
        return "html"
    return "xml" if root else "other"


class _FoundError(Exception):
    """The root is known; there is nothing more to read."""


def _root(body: bytes) -> str:
    """The name of an XML document's root element, with its namespace in front; "" when it has none that can be read."""
    from xml.parsers import expat  # noqa: PLC0415 - only for logos

    parser = expat.ParserCreate(namespace_separator=" ")
    names = {"root": "", "doctype": ""}

    def on_doctype(name: str, *_: object) -> None:
        names["doctype"] = name

    def on_entity(*_: object) -> None:
        # An entity could be used in the root's attributes and unpack to anything: what the DOCTYPE announces must do.
        names["root"] = names["doctype"]
        raise _FoundError

    def on_start(name: str, *_: object) -> None:
        names["root"] = name
        raise _FoundError

    parser.StartDoctypeDeclHandler = on_doctype
    parser.EntityDeclHandler = on_entity
    parser.StartElementHandler = on_start
    try:
        parser.Parse(body, False)  # noqa: FBT003 - expat's interface
    except (_FoundError, expat.ExpatError, ValueError, LookupError):
        return names["root"]
    return ""
