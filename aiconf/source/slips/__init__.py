"""Slips that break YAML's syntax, each with a detector that proposes how to mend it.

A detector looks at a text the parser refused and yields proposals; it may be wrong, since a proposal counts only when
the mended text parses further than the original. What a detector reports is thus a diagnosis that was tried out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiconf.source.slips.flow import missing_comma, stray_bracket, unclosed_bracket, wrong_bracket
from aiconf.source.slips.indentation import block_text, earlier_block, indentation, running_text
from aiconf.source.slips.joined import dash_before, item_on_key_line, key_on_key_line, missing_dash, text_on_header_line
from aiconf.source.slips.lines import code_fence, conflict_markers, directive, dropped_lines, dropped_rest
from aiconf.source.slips.quotes import inner_quote, surrogates, text_after_quote, unclosed_quote, wrong_escape
from aiconf.source.slips.values import (
    colon_in_value,
    missing_colon,
    other_dash,
    reserved_start,
    space_after_colon,
    space_after_dash,
    stray_start,
)
from aiconf.source.slips.view import Mend, View
from aiconf.source.slips.whitespace import odd_spaces, tabs, wide_colon

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["DETECTORS", "Mend", "View", "dash_before", "dropped_lines", "dropped_rest"]

# Where two proposals lead equally far, the earlier one is taken: what is surely a slip comes first, what could also be
# something else later.
DETECTORS: tuple[Callable[[View], Iterator[Mend]], ...] = (
    conflict_markers,
    code_fence,
    directive,
    tabs,
    odd_spaces,
    wide_colon,
    surrogates,
    wrong_escape,
    inner_quote,
    stray_bracket,
    key_on_key_line,
    item_on_key_line,
    text_after_quote,
    unclosed_quote,
    wrong_bracket,
    unclosed_bracket,
    missing_comma,
    space_after_colon,
    space_after_dash,
    other_dash,
    stray_start,
    text_on_header_line,
    colon_in_value,
    reserved_start,
    missing_colon,
    block_text,
    indentation,
    running_text,
    earlier_block,
    missing_dash,
)
