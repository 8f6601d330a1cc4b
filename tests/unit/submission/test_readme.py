"""README tables are read as a person reads them."""

from aiconf.submission.readme import plain, read_items, read_rows

TABLE = """# Title

## Layers
| Requirement | Owner |
|---|---|
| `gang_scheduling` | **layered** [KAI](https://x.example/a_(b)) |
| short |

not a row | at all

```
| in | code |
|---|---|
| x | y |
```
## Roadmap
- Disaggregated inference
"""


def test_rows_know_their_header_section_and_line():
    first, second = read_rows(TABLE)
    assert (first.line, first.heading, first.header) == (6, "Layers", ("Requirement", "Owner"))
    assert first.cells == ("gang_scheduling", "layered KAI")
    assert second.cells == ("short", "")


def test_tables_in_code_blocks_are_none():
    assert all("x" not in row.cells for row in read_rows(TABLE))


def test_escaped_pipes_stay_in_their_cell():
    (row,) = read_rows("|a|b|\n|-|-|\n|x \\| y|z|")
    assert row.cells == ("x | y", "z")


def test_items_know_their_section():
    items = [(item.heading, item.text) for item in read_items(TABLE, bool)]
    assert items[-1] == ("Roadmap", "- Disaggregated inference")
    assert {item.heading for item in read_items(TABLE, {"Roadmap"}.__contains__)} == {"Roadmap"}


def test_plain_text_has_no_markers():
    assert plain("**a** `b_c` [d](e) _f_") == "a b_c d f"
