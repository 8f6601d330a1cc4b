"""The parser: cel-python's grammar, amended as text, and its LALR tables, kept between runs.

Building the tables takes a quarter of a second, loading them a few milliseconds. They are kept as JSON, not as lark's
own pickle: a pickle read from a folder that somebody else may write to is code they may run.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiconf.cache import cache_directory, read_cached, write_cached
from aiconf.errors import CelError

if TYPE_CHECKING:
    from lark import Lark

# What the options of celpy.celparser.CELParser say; ``debug`` only logs.
_OPTIONS: dict[str, Any] = {
    "parser": "lalr",
    "start": "expr",
    "g_regex_flags": re.MULTILINE,
    "propagate_positions": True,
    "maybe_placeholders": False,
    "priority": "invert",
}

# The shipped string terminals have two ways to read a backslash, so an unclosed quote takes exponential time, and they
# read escapes in raw strings. These have one way, and give nothing back (possessive repetition). Whether an escape is a
# good one is decided in lowering, where the message can point at it.
_STRING = r"""/[rR]"[^"\r\n]*+"/ | /[rR]'[^'\r\n]*+'/ | /"(?:[^"\\\r\n]|\\.)*+"/ | /'(?:[^'\\\r\n]|\\.)*+'/"""
_LONG_STRING = (
    r'''/[rR]"""(?:[^"]|"(?!""))*+"""/ | /[rR]\'\'\'(?:[^']|'(?!\'\'))*+\'\'\'/'''
    r''' | /"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"""/ | /\'\'\'(?:[^'\\]|\\[\s\S]|'(?!\'\'))*+\'\'\'/'''
).replace("\\'", "'")

# Rules of the shipped grammar, by name, and what stands in their place. Trees of texts without the new syntax keep the
# shapes that cel-python's own evaluator knows.
_AMENDMENTS = {
    "member": "member_dot | member_dot_arg | member_index | member_object | primary"
    " | member_opt_dot | member_opt_index",
    "member_dot": 'member "." IDENT | member "." QUOTED_IDENT\n'
    'member_opt_dot : member "." "?" IDENT | member "." "?" QUOTED_IDENT\n'
    'member_opt_index : member "[" "?" expr "]"',
    "list_lit": '"[" [list_elements] "]"\n'
    'list_elements : list_element ("," list_element)* [","] -> exprlist\n'
    "?list_element : expr | optional_entry\n"
    'optional_entry : "?" expr',
    "mapinits": '_map_entry ("," _map_entry)* [","]\n_map_entry : expr ":" expr | optional_entry ":" expr',
    # The shipped rule reads `1.` as a number; CEL does not.
    "FLOAT_LIT": r'/-?/ DIGIT* "." DIGIT+ EXPONENT? | /-?/ DIGIT+ EXPONENT',
    "STRING_LIT": _STRING,
    "MLSTRING_LIT": _LONG_STRING,
    "IDENT": r"/[_a-zA-Z][_a-zA-Z0-9]*/" + "\nQUOTED_IDENT : /`[a-zA-Z0-9_.\\-\\/ ]+`/",
}


@lru_cache(maxsize=1)
def grammar() -> str:
    """cel-python's grammar with linear string terminals, optional syntax, quoted fields and trailing commas.

    Raises:
        CelError: cel-python is not installed, or its grammar lacks a rule that is amended here.
    """
    spec = find_spec("celpy")  # found, not imported: importing it would cost more than the parse
    if spec is None or not spec.submodule_search_locations:
        raise CelError("cel-python is not installed")
    text = Path(spec.submodule_search_locations[0], "cel.lark").read_text(encoding="utf-8")
    for name, body in _AMENDMENTS.items():
        # A definition runs to the next blank line or the next definition; continuation lines are indented.
        definition = re.compile(rf"^{name}\s*:.*\n(?:[ \t]+\S.*\n)*", re.MULTILINE)
        text, count = definition.subn(lambda _, new=f"{name} : {body}\n": new, text)  # type: ignore[misc]
        if count != 1:
            raise CelError(f"cel-python's grammar has no rule {name} of the expected form")
    return text


def load_lark(directory: Path | None = None, **options: Any) -> Lark:
    """Return a parser from the tables in ``directory``, building and writing them when absent or unusable.

    Args:
        directory: The cache folder; that of `aiconf.cache` when None.
        options: Options lark accepts at load time, such as ``tree_class``.

    Raises:
        CelError: See ``grammar``.
    """
    from lark import Lark  # noqa: PLC0415 - a warm start parses nothing

    directory = directory or cache_directory()
    path = directory / _file_name() if directory else None
    callbacks = {"IDENT": _literal_or_name}  # one only: lark mixes up the conditions of several
    try:
        tables = json.loads((path and read_cached(path)) or b"", object_pairs_hook=_with_integer_keys)
        # What lark's generated stand-alone parsers call; it has no public name.
        lark: Lark = Lark._load_from_dict(**tables, lexer_callbacks=callbacks, **options)  # type: ignore[no-untyped-call]  # noqa: SLF001
    except Exception:  # noqa: BLE001 - whatever is wrong with a cache file, the tables can be built
        lark = Lark(grammar(), lexer_callbacks=callbacks, **_OPTIONS, **options)
        if path:
            write_cached(path, _tables(lark))
    return lark


def _file_name() -> str:
    key = "\0".join((version("lark"), version("cel-python"), repr(sorted(_OPTIONS.items())), grammar()))
    return f"cel-tables-{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"


def _tables(lark: Lark) -> bytes:
    from lark.grammar import Rule  # noqa: PLC0415 - see above
    from lark.lexer import TerminalDef  # noqa: PLC0415

    data, memo = lark.memo_serialize([TerminalDef, Rule])
    # Lark refuses to load these; the caller names them each time.
    per_load = ("lexer_callbacks", "transformer", "tree_class", "postlex", "_plugins")
    data["options"] = {name: value for name, value in data["options"].items() if name not in per_load}
    return json.dumps({"data": data, "memo": memo}).encode()


def _with_integer_keys(pairs: list[tuple[str, Any]]) -> dict[Any, Any]:
    """Undo JSON's turning of lark's numeric keys (states, memo entries) into text."""
    return {int(key) if key.isdecimal() else key: value for key, value in pairs}


def _literal_or_name(token: Any) -> Any:
    """As ``CELParser.ambiguous_literals``: true and false are literals although they look like names."""
    return token.update(type="BOOL_LIT") if token in ("true", "false") else token
