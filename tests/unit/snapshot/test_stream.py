"""Reading a JSON document in pieces."""

import io
import json
import tracemalloc
from typing import Any

import msgspec
import pytest

from aiconf.errors import InputError
from aiconf.snapshot import stream
from aiconf.snapshot.stream import JsonStream, Place, split

ITEMS = [
    {"kind": "Pod", "name": f"p{n}", "text": '},\n  {"kind": \\" [{', "deep": [{"kind": n}, {"kind": n}]}
    for n in range(200)
]


def read(text, window=256):
    """All items, how many pieces they came in, and the other keys."""
    document = JsonStream(io.BytesIO(text if isinstance(text, bytes) else text.encode()), "x", window)
    pieces = list(document.pieces())
    items = [json.loads(bytes(item)) for piece in pieces for item in split(piece.text)]
    return items, len(pieces), {name: json.loads(bytes(value)) for name, value in document.keys.items()}


@pytest.mark.parametrize("indent", [None, 0, 1, 4, "\t"])
@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": "), (" , ", " : ")])
def test_a_list_comes_in_pieces_however_it_is_printed(indent, separators):
    text = json.dumps(
        {"apiVersion": "v1", "items": ITEMS, "kind": "List", "metadata": {"items": [1]}},
        indent=indent,
        separators=separators,
    )
    items, pieces, keys = read(text)
    assert items == ITEMS
    assert pieces > 20
    assert keys == {"apiVersion": "v1", "kind": "List", "metadata": {"items": [1]}}


@pytest.mark.parametrize("window", [1, 7, 100, 10**6])
def test_the_size_of_the_window_makes_no_difference(window):
    text = json.dumps({"kind": "List", "items": ITEMS[:20], "z": 1})
    assert read(text, window)[0] == ITEMS[:20]


def test_a_list_at_the_root_is_read():
    items, pieces, keys = read(json.dumps(ITEMS))
    assert (items, keys) == (ITEMS, {})
    assert pieces > 20


def test_items_that_begin_differently_are_read():
    mixed: list[Any] = [{chr(97 + n % 7): n, "x": [{"a": 1}, {"a": 2}]} for n in range(100)] + [7, "text", None, [], {}]
    assert read(json.dumps({"items": mixed}))[0] == mixed


@pytest.mark.parametrize("head", ["", " \n", '{"kind": "List", "more": {"items": 1}, "items": ['])
def test_a_piece_says_where_its_text_stands_in_a_file(tmp_path, head):
    path, before = tmp_path / "list.json", "\ufeff".encode()
    end = "]}" if head.startswith("{") else "]"
    text = (head if end == "]}" else head + "[").encode() + ", ".join(map(json.dumps, ITEMS)).encode() + end.encode()
    path.write_bytes(before + text)
    document = JsonStream(io.BytesIO(text), "x", 256, Place(path, len(before), 0))
    *pieces, last = document.pieces()
    assert len(pieces) > 20
    places = [piece.place for piece in pieces]
    assert [bytes(place.read_list()) for place in places if place] == [bytes(piece.text) for piece in pieces]
    assert last.place is None


@pytest.mark.parametrize("indent", [None, 4])
@pytest.mark.parametrize("more", ["", "x"])
def test_a_wrong_cut_that_was_trusted_is_no_list_and_the_rest_is_read_again(tmp_path, indent, more):
    """In a compact list what begins inside an item looks like the beginning of one."""
    path = tmp_path / "list.json"
    text = json.dumps(
        {"items": [{"kind": n, "deep": [{"kind": m} for m in range(9)]} for n in range(50)]}, indent=indent
    )
    path.write_text(text + more)
    document = JsonStream(io.BytesIO(path.read_bytes()), "x", 256, Place(path, 0, 0))
    document.trusting = True
    found, wrong = [], None
    for piece in document.pieces():
        try:
            found += split(piece.text)
        except msgspec.DecodeError:
            wrong = piece.place
            break
    assert (wrong is None) == (indent == 4 and not more)
    if wrong and more:
        with pytest.raises(InputError, match="one document to a file"):
            list(document.read_again(wrong))
        return
    found += [item for piece in (document.read_again(wrong) if wrong else ()) for item in split(piece.text)]
    assert [json.loads(bytes(item)) for item in found] == json.loads(text)["items"]


def test_a_list_inside_something_else_is_not_taken_for_the_items():
    text = json.dumps(
        {"metadata": {"items": [1, 2], "text": '"items": ['}, "items": [{"a": 1}], "more": {"objects": []}}
    )
    assert read(text)[::2] == (
        [{"a": 1}],
        {"metadata": {"items": [1, 2], "text": '"items": ['}, "more": {"objects": []}},
    )


def test_an_empty_list_is_a_list():
    assert read('{"items": [], "kind": "PodList"}') == ([], 1, {"kind": "PodList"})
    assert read("[]")[0] == []


@pytest.mark.parametrize(
    "text", ['{"kind": "Pod", "metadata": {"name": "x"}}', '{"items": null}', '{"items": {"a": []}}', "{}"]
)
def test_a_document_without_a_list_has_only_keys(text):
    document = JsonStream(io.BytesIO(text.encode()), "x", 10)
    assert list(document.pieces()) == []
    assert {name: json.loads(bytes(value)) for name, value in document.keys.items()} == json.loads(text)
    assert bytes(document.whole) == text.encode()


@pytest.mark.parametrize("cut", [1, 2, 30, 5000, -1, -2, -30])
def test_a_document_that_breaks_off_is_an_error(cut):
    text = json.dumps({"apiVersion": "v1", "items": ITEMS, "kind": "List"}, indent=4)
    with pytest.raises(InputError, match="breaks off"):
        read(text[:cut])


def test_more_behind_the_end_is_an_error():
    for text in ('{"items": [{"a": 1}]}{"items": []}', '{"a": 1} x', "[] []"):
        with pytest.raises(InputError, match="one document to a file"):
            read(text)


@pytest.mark.parametrize(
    "text", ["{]", '{"items": [}', '{"items": [{"a": 1},]}', "{'a': 1}", '{"items": [{"a": NaN}]}']
)
def test_what_is_no_json_is_an_error(text):
    with pytest.raises(InputError, match=r"x: this is no JSON"):
        read(text)


@pytest.mark.parametrize(
    "text", [b"[" * 10**6, b'{"items": [' + b"[" * 10**6, b'{"a":' * 10**6], ids=["list", "items", "object"]
)
def test_deep_nesting_is_an_error_and_no_crash(text):
    with pytest.raises(InputError, match="nested too deeply"):
        read(text, stream.WINDOW)


def test_an_item_larger_than_what_may_be_held_is_an_error(monkeypatch):
    monkeypatch.setattr(stream, "WHOLE_LIMIT", 10_000)
    with pytest.raises(InputError, match="no item can be told from the next"):
        read('{"items": [{"a": "' + "x" * 50_000 + '"}]}')


def test_memory_does_not_grow_with_the_document():
    class Endless(io.RawIOBase):
        """A list of forty megabytes that is never held as a whole."""

        def __init__(self):
            item = json.dumps({"kind": "Pod", "text": "x" * 1000}).encode()
            self.parts = iter([b'{"items": [', *([item + b", "] * 40_000), item + b"]}"])
            self.left = b""

        def readable(self):
            return True

        def readinto(self, buffer):
            while len(self.left) < len(buffer) and (part := next(self.parts, b"")):
                self.left += part
            count = min(len(buffer), len(self.left))
            buffer[:count], self.left = self.left[:count], self.left[count:]
            return count

    tracemalloc.start()
    document = JsonStream(io.BufferedReader(Endless()), "x", 100_000)
    assert sum(len(split(piece.text)) for piece in document.pieces()) == 40_001
    assert tracemalloc.get_traced_memory()[1] < 4_000_000
    tracemalloc.stop()
