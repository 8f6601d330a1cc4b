"""layers.yaml written into the notes of PRODUCT.yaml and the README's block: what would change, byte for byte."""

from __future__ import annotations

import codecs
import difflib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from aiconf.errors import InputError
from aiconf.layers.markdown import BEGIN, END, block
from aiconf.layers.statement import Language
from aiconf.layers.table import UNSTATED, Row, features
from aiconf.reporters.plain import visible
from aiconf.source import parse_source
from aiconf.source.rewrite import edited, paragraph, replaced

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from aiconf.layers_file import LayersFile
    from aiconf.source import Source
    from aiconf.source.rewrite import Edit

_BREAK = re.compile(r"\r\n|\n|\r")
_HEADING = "## Which layer owns which requirement"


class Change(NamedTuple):
    """A file, what it holds, None when it is not there, and what it is to hold."""

    path: Path
    old: bytes | None
    new: bytes


class Plan:
    """What layers.yaml changes in one submission.

    Args:
        data: The catalog's data.
        facts: The submission's facts, read with the layers.yaml.
        layers: The layers.yaml.
    """

    def __init__(self, data: Mapping[str, Any], facts: Mapping[str, Any], layers: LayersFile) -> None:
        self._submission, self._layers = facts["submission"], layers
        self._language = Language.of(data, self._submission)
        self._levels = {row["id"]: row["level"] for row in facts["checklist"] or ()}
        self._entries = {entry["id"]: entry for entry in reversed(self._submission["entries"]) if entry["id"]}

    def product(self, path: Path, raw: bytes) -> Change:
        """The submission with the notes that the layers.yaml asks for.

        Raises:
            InputError: A note cannot be written so that it is read back, or not without guessing.
        """
        source = parse_source(raw, str(path))
        edits: list[Edit] = []
        values: dict[str, str] = {}
        for name, row in self._layers.rows.items():
            if name in self._entries:
                self._edit(source, name, row, edits, values)
        if not edits:
            return Change(path, raw, raw)
        mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
        return Change(path, raw, mark + edited(source, edits, values).encode())

    def _edit(
        self, source: Source, name: str, row: Mapping[str, Any], edits: list[Edit], values: dict[str, str]
    ) -> None:
        entry = self._entries[name]
        pointer, notes = f"{entry['pointer']}/notes", entry["notes"]
        if self._language.statement(notes, row):
            return
        level = self._levels.get(name) or entry["level"]
        for start, end, words in self._language.rewordings(notes, row, level):
            new = words + paragraph(source, pointer) if notes and not end else words
            whole = notes[:start] + new + notes[end:]
            if self._language.exactly(whole, row):
                edits.append(replaced(source, pointer, start, end, new))
                values[pointer] = whole
                return
        raise InputError(
            f"{self._layers.path}:{self._layers.line(name)}: {name} cannot be written into the notes (line "
            f"{source.position(pointer).line}) so that it reads back: give the component a plain name "
            "without brackets, and the notes no second statement of layer, contribution or component."
        )

    # --- README -------------------------------------------------------------------------------------------------------

    def readme(self, path: Path, raw: bytes | None, product: bytes) -> Change:
        """The README with the block that tells what the new submission says.

        Args:
            path: The README, which need not exist.
            raw: What it holds, None when it does not exist.
            product: The new submission.

        Raises:
            InputError: It is not UTF-8, its marks are not a pair, or a row cannot be read back from it.
        """
        text, mark = _decoded(path, raw or b"")
        newline = found[0] if (found := _BREAK.search(text)) else "\n"
        rows = list(self._rows(parse_source(product, "")))
        known = {*self._levels, *self._entries}
        name = self._submission["metadata"].get("platformName")
        new = block(
            name if isinstance(name, str) else "",
            self._language.base,
            rows,
            features(self._layers.rows, known),
        )
        self._prove(path, new, rows)
        return Change(path, raw, mark + _with_block(path, text, new.replace("\n", newline), newline).encode())

    def _rows(self, product: Source) -> Iterator[Row]:
        """The requirements of which anything is said: by the layers.yaml, else by the notes."""
        for name in dict.fromkeys([*self._levels, *self._entries]):
            entry = self._entries.get(name)
            if entry is None:
                continue
            level = self._levels.get(name) or entry["level"]
            kept = self._layers.rows.get(name, {})
            said = self._language.reader.from_notes(_notes(product, entry["pointer"]))
            owner = kept.get("owner") or (said.owner if said else "")
            contribution = kept.get("contribution") or (said.contribution if said else "")
            if owner or contribution:
                yield Row(
                    name,
                    level,
                    entry["status"],
                    owner or UNSTATED,
                    kept.get("component") or (said.component if said else ""),
                    contribution or UNSTATED,
                    said.level if said else "",
                    tuple(dict.fromkeys([*_evidence(entry), *kept.get("evidence", ())])),
                )

    def _prove(self, path: Path, new: str, rows: Sequence[Row]) -> None:
        found = dict(self._language.reader.from_readme(new))
        for row in rows:
            said = found.get(row.id)
            told = (said.owner or UNSTATED, said.component, said.contribution or UNSTATED) if said else None
            if told != (row.owner, row.component, row.contribution):
                raise InputError(
                    f"{path}: the row of {row.id} could not be read back from the table; give the component "
                    f"'{row.component}' a plainer name."
                )


def _notes(product: Source, pointer: str) -> str:
    node = product.node(f"{pointer}/notes")
    return node.value if node is not None and isinstance(node.value, str) else ""


def _evidence(entry: Mapping[str, Any]) -> list[str]:
    return [item["text"] for item in entry["evidence"] if item["kind"] not in ("blank", "not_string")]


def _decoded(path: Path, raw: bytes) -> tuple[str, bytes]:
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    try:
        return raw[len(mark) :].decode(), mark
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(f"{path}:{line}: the file is not UTF-8; save it as UTF-8 first.") from error


def _with_block(path: Path, text: str, new: str, newline: str) -> str:
    """The text with its block replaced, or with one behind everything else when it has none."""
    begins = [match.start() for match in re.finditer(re.escape(BEGIN), text)]
    ends = [match.end() for match in re.finditer(re.escape(END), text)]
    if not begins and not ends:
        gap = "" if not text else newline if text.endswith(("\n", "\r")) else newline * 2
        return f"{text}{gap}{_HEADING}{newline}{newline}{new}"
    if len(begins) != 1 or len(ends) != 1 or ends[0] < begins[0]:
        line = text.count("\n", 0, min([*begins, *ends])) + 1
        raise InputError(f"{path}:{line}: the marks '{BEGIN}' and '{END}' are not one pair; mend them by hand.")
    return text[: begins[0]] + new.removesuffix(newline) + text[ends[0] :]


def diff(change: Change, name: str) -> str:
    """A change as a unified diff, "" when there is none; what could act on a terminal is written out."""
    old = "" if change.old is None else change.old.decode("utf-8", "replace")
    lines = difflib.unified_diff(
        _lines(old),
        _lines(change.new.decode("utf-8", "replace")),
        "/dev/null" if change.old is None else f"a/{name}",
        f"b/{name}",
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(text: str) -> list[str]:
    return [visible(line) for line in re.findall(r"[^\n]*\n|[^\n]+\Z", text)]
