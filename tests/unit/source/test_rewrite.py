"""A part of a value is replaced; every other byte of the file stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiconf.source import parse_source
from aiconf.source.rewrite import RewriteError, edited, paragraph, replaced

HEAD = "# kept\na: {x: 1}   # kept too\nlist:\n  - id: one\n"
TAIL = "    z: [1,  2]\n# the end"
STYLES = {
    "double": '    n: "Old words. Prose."\n',
    "single": "    n: 'Old words. It''s prose.' # comment\n",
    "plain": "    n: Old words. Prose\n      goes on.\n",
    "literal": "    n: |\n      Old words.\n\n      Prose.\n",
    "folded": "    n: >-\n      Old words.\n      Prose goes\n      on.\n",
    "indented": "    n: |2-\n       Old words.\n",
}
WORDS = st.text(st.sampled_from("ab:#'\"\\-|>(){}[]&*!%@`é—"), min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)


def rewritten(text, start, end, new):
    source = parse_source(text.encode(), "f.yaml")
    value = source.data["list"][0].get("n") or ""
    edit = replaced(source, "/list/0/n", start, end, new)
    wanted = value[:start] + new + value[end:]
    return source, edit, wanted, edited(source, [edit], {"/list/0/n": wanted})


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("style", STYLES)
def test_the_head_of_a_value_is_replaced_and_nothing_else(style, newline):
    text = (HEAD + STYLES[style] + TAIL).replace("\n", newline)
    start = parse_source(text.encode(), "").data["list"][0]["n"].index("Old")
    _, edit, wanted, new = rewritten(text, start, start + len("Old words."), "Layer: base (it's). Contribution: x.")
    assert new.startswith(text[: edit.start])
    assert new.endswith(text[edit.end :])
    assert parse_source(new.encode(), "").data["list"][0]["n"] == wanted
    assert newline == "\n" or "\n" not in new.replace("\r\n", "")


@pytest.mark.parametrize("style", [name for name in STYLES if name != "indented"])
def test_a_paragraph_is_put_before_a_value(style):
    text = HEAD + STYLES[style] + TAIL
    new = "Layer: base. " + "Long words follow. " * 8
    separator = paragraph(parse_source(text.encode(), ""), "/list/0/n")
    _, _, wanted, after = rewritten(text, 0, 0, new.strip() + separator)
    assert parse_source(after.encode(), "").data["list"][0]["n"] == wanted


@given(SENTENCES, st.sampled_from(sorted(set(STYLES) - {"indented"})))
def test_any_text_reads_back_or_is_refused(new, style):
    text = HEAD + STYLES[style] + TAIL
    try:
        _, edit, wanted, after = rewritten(text, 0, len("Old words."), new)
    except RewriteError:
        assert style == "folded" or new != new.strip()
        return
    assert parse_source(after.encode(), "").data["list"][0]["n"] == wanted
    assert (after[: edit.start], after[-len(text[edit.end :]) :]) == (text[: edit.start], text[edit.end :])


@pytest.mark.parametrize("line", ["", "    n:\n", "    n: null\n", '    n: ""\n'])
def test_a_value_that_is_not_there_is_given(line):
    text = HEAD + line + TAIL
    source = parse_source(text.encode(), "")
    edit = replaced(source, "/list/0/n", 0, 0, 'Say "it".')
    after = edited(source, [edit], {"/list/0/n": 'Say "it".'})
    assert parse_source(after.encode(), "").data["list"][0] == {"id": "one", "n": 'Say "it".', "z": [1, 2]}


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("    n: 5\n", "is of type int"),
        ("    n: [x]\n", "is of type list"),
        ("    o: &a text\n    n: *a\n", "is an alias"),
        ("    n: &a text\n    o: *a\n", "/list/0/o would change"),
        ("    n: x\n    n: y\n", "given twice"),
    ],
)
def test_what_would_need_a_guess_is_refused_with_its_line(line, why):
    with pytest.raises(RewriteError, match=why) as caught:
        rewritten(HEAD + line + TAIL, 0, 1, "new")
    assert str(caught.value).startswith("f.yaml:")
