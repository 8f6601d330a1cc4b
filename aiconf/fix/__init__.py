"""Mends what has exactly one right answer, and touches nothing else in the file.

A finding carries its `aiconf.model.Fix`, which its rule declares. `edits` turns it into replacements in the text,
`proof` shows that these change what the fix says and nothing else, `fixer` applies them in rounds.
"""

from aiconf.fix.files import replace_file
from aiconf.fix.fixer import Fixed, Fixer, Kept

__all__ = ["Fixed", "Fixer", "Kept", "replace_file"]
