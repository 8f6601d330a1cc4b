"""What a file really is."""

import gzip
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.online.content import sniff

SVG = '<svg xmlns="http://www.w3.org/2000/svg"/>'
ILLUSTRATOR = (
    '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://192.0.2.1/svg11.dtd" '
    '[<!ENTITY ns_svg "http://www.w3.org/2000/svg">]><svg xmlns="&ns_svg;"/>'
)
LAUGHS = (
    "<!DOCTYPE svg ["
    + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    + ']><svg a="&e11;"/>'
)
LEAK = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>'


@pytest.mark.parametrize(
    "text",
    [
        SVG,
        "<svg/>",
        '<?xml version="1.0" encoding="UTF-8"?>\n<!-- ' + "c" * 5000 + " -->\n" + SVG,
        '<s:svg xmlns:s="http://www.w3.org/2000/svg"></s:svg>',
        "\ufeff" + SVG,
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">' + SVG,
        ILLUSTRATOR,
        LAUGHS,
        LEAK,
        SVG[:-2] + "><broken",
    ],
)
def test_svg_is_told_by_its_root(text):
    assert sniff(text.encode()) == "svg"
    assert sniff(gzip.compress(text.encode())) == "svg"


def test_svg_in_other_encodings_is_svg():
    assert sniff(f'<?xml version="1.0" encoding="UTF-16"?>{SVG}'.encode("utf-16")) == "svg"
    assert sniff(f'<?xml version="1.0" encoding="ISO-8859-1"?><!-- ä -->{SVG}'.encode("latin-1")) == "svg"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0....", "jpeg"),
        (b"GIF89a....", "gif"),
        (b"RIFF....WEBPVP8 ", "webp"),
        (b"BM....", "bmp"),
        (b"\x00\x00\x01\x00\x01\x00", "ico"),
        (b"%PDF-1.5 Illustrator", "pdf"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "eps"),
        (b"\xc5\xd0\xd3\xc6....", "eps"),
        (b"<!DOCTYPE html><svg xmlns='http://www.w3.org/2000/svg'>", "html"),
        (b"\n<!doctype HTML>", "html"),
        (b"<html><body><svg/></body></html>", "html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "html"),
        (b"<feed/>", "xml"),
        (b"<svg xmlns='http://corvid.example/mine'/>", "xml"),
        (b"<svgx/>", "xml"),
        (b"<!-- <svg/> -->", "other"),
        (b"svg", "other"),
        (b"plain text <svg/>", "other"),
        (b"\x1f\x8b nonsense", "other"),
        (b"", "empty"),
        (b" \n", "empty"),
        (b"<?xml version='1.0' encoding='zip'?><svg/>", "other"),
        (b"<?xml version='1.0' encoding='rot13'?><fit/>", "other"),
    ],
)
def test_what_is_not_svg_is_named(body, kind):
    assert sniff(body) == kind


def test_no_entity_is_ever_expanded():
    """An attribute full of entities would take gigabytes; the DOCTYPE's word is taken instead."""
    started = time.process_time()
    assert sniff(LAUGHS.encode()) == "svg"
    assert time.process_time() - started < 1
    assert sniff(LAUGHS.replace("<!DOCTYPE svg", "<!DOCTYPE html").encode()) == "html"


def test_a_compressed_file_is_unpacked_within_bounds():
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    bomb = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(64)) + packer.flush()
    assert sniff(bomb + SVG.encode(), limit=1000) == "empty"


@given(
    st.one_of(st.binary(max_size=300), st.text(alphabet="<>/!?svgx[]&;\"'= \n-DOCTYPE", max_size=80).map(str.encode))
)
def test_any_bytes_are_named(body):
    assert sniff(body) in {
        "svg",
        "png",
        "jpeg",
        "gif",
        "webp",
        "bmp",
        "ico",
        "pdf",
        "eps",
        "html",
        "xml",
        "empty",
        "other",
    }
