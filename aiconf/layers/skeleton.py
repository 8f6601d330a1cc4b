"""A layers.yaml to begin with, filled in with what the submission says today."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aiconf.layers.table import UNSTATED
from aiconf.reporters.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aiconf.layers.table import LayerTable, Row

_HEAD = """\
# Which layer of {product} owns each requirement. `aiconf layers` shows it as a table; `aiconf layers --write` writes it
# into the notes of PRODUCT.yaml and into README.md.
#
#   owner         base, layered or both
#   component     what meets it, by its name; needed where the owner is layered or both
#   contribution  must_replacement   takes the place of the base's way of meeting a MUST
#                 variant            meets a MUST or SHOULD in a meaningfully different way
#                 should_addition    meets a SHOULD in addition to the base
#                 roadmap            a feature that no checklist of this version lists
#                 matches_base       the base meets it, and is used as it is
#                 implements         meets it, and is none of these
#   evidence      addresses or files that show it, beside those in PRODUCT.yaml
#   note          what the product does there, in a sentence
#
# A row that stands in comments is not known yet: fill it in, and take the marks away. `aiconf schema layers` prints the
# schema by which an editor completes and checks this file.
base: {base}
layers:
"""


def skeleton(table: LayerTable) -> str:
    """The file's text.

    Args:
        table: What is known.
    """
    head = _HEAD.format(product=one_line(table.product), base=_quoted(table.base))
    return head + "\n".join(line for row in table.rows for line in _row(row)) + "\n"


def _row(row: Row) -> Iterator[str]:
    whole = UNSTATED not in (row.owner, row.contribution) and (row.component or row.owner == "base")
    whole = whole and (row.owner, row.contribution) != ("layered", "matches_base")
    mark = "  " if whole else "  # "
    told = ", ".join(filter(None, (one_line(row.level, 20), one_line(row.status, 40) or "not in PRODUCT.yaml yet")))
    yield f"  # {told}"
    yield f"{mark}{row.id if row.id.isidentifier() else _quoted(row.id)}:"
    yield f"{mark}  owner: {row.owner if row.owner != UNSTATED else ''}".rstrip()
    if row.component or not whole:
        yield f"{mark}  component: {_quoted(row.component) if row.component else ''}".rstrip()
    yield f"{mark}  contribution: {row.contribution if row.contribution != UNSTATED else ''}".rstrip()


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)
