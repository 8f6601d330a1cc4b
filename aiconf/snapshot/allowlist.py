"""The allow-lists: what is kept of texts that may hold secrets."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import msgspec

from aiconf.snapshot.shapes import Arguments, Environment, Kept
from aiconf.snapshot.yaml import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aiconf.snapshot.collection import Allowed, Collection
    from aiconf.snapshot.shapes import Shapes

WITHHELD = "(withheld)"
# Beyond this no value is looked into; the largest real one, an autoscaler's status, grows with its node groups.
_VALUE_LIMIT = 1024 * 1024
_PATTERN_LIMIT = 4096


class AllowList:
    """Turns annotations, environments, arguments and configuration into what may be kept of them."""

    def __init__(self, collection: Collection, shapes: Shapes) -> None:
        self._collection, self._shapes = collection, shapes
        self._inside_shapes: dict[int, Any] = {}

    def hook(self, kind: type, value: Any) -> Any:
        """Give the filtered form of a value, as msgspec's ``dec_hook``.

        Raises:
            ValueError: The value is not of the form that its field has.
        """
        if kind is Environment:
            return Environment(self._environment(value))
        if kind is Arguments:
            return Arguments(self._arguments(_strings(value)))
        return kind(self.keep(value, kind.rule)) if issubclass(kind, Kept) else value

    def keep(self, value: Any, rule: Allowed) -> str:
        """What may be kept of a text.

        Raises:
            ValueError: It is no text.
        """
        if not isinstance(value, str):
            raise ValueError("Expected `str`")  # noqa: TRY004 - msgspec turns a ValueError into a ValidationError
        if len(value) > _VALUE_LIMIT:
            return WITHHELD
        if rule.fields is not None:
            return self._inside(value, rule)
        if rule.pattern is None:
            return ""
        return value if len(value) <= _PATTERN_LIMIT and rule.pattern.fullmatch(value) else WITHHELD

    def _inside(self, value: str, rule: Allowed) -> str:
        shape = self._inside_shapes.get(id(rule)) or self._shapes.of(rule.fields or {})
        self._inside_shapes[id(rule)] = shape
        try:
            documents = list(read_documents(value.encode("utf-8", "surrogatepass")))
            kept = msgspec.convert(documents[0] if documents else {}, shape)
        except (ValueError, RecursionError):
            return WITHHELD
        return msgspec.json.encode(kept).decode()

    def _environment(self, entries: Any) -> Iterator[dict[str, str]]:
        allowed = self._collection.environment
        for entry in _list(entries):
            name = _mapping(entry).get("name")
            if not isinstance(name, str) or name not in allowed:
                continue
            # Without a value it is set from elsewhere.
            value = entry.get("value")
            yield {"name": name} if value is None else {"name": name, "value": self.keep(value, allowed[name])}

    def _arguments(self, tokens: Sequence[str]) -> Iterator[str]:
        allowed = self._collection.arguments
        if not any("--" in token for token in tokens):
            return
        words = [word for token in tokens for word in _words(token)]
        for position, word in enumerate(words):
            flag, has_value, value = word.partition("=")
            rule = allowed.get(flag)
            if rule is None:
                continue
            if rule.flag:
                yield flag
            elif has_value:
                yield f"{flag}={self.keep(value, rule)}"
            elif position + 1 < len(words):
                yield from (flag, self.keep(words[position + 1], rule))


def _words(token: str) -> list[str]:
    """An argument, or the words of one that is a whole command for a shell."""
    if len(token) > _VALUE_LIMIT or "--" not in token:
        return [token]
    if token.startswith("--") or not any(map(str.isspace, token)):
        return [token]
    try:
        return [word.strip() for word in shlex.split(token)]
    except ValueError:  # an open quote: a here-document or a script
        return token.split()


def _strings(value: Any) -> list[str]:
    if not all(isinstance(element, str) for element in _list(value)):
        raise ValueError("Expected a list of `str`")
    return list(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise ValueError("Expected `array`")  # noqa: TRY004 - msgspec turns a ValueError into a ValidationError
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("Expected `object`")  # noqa: TRY004 - msgspec turns a ValueError into a ValidationError
    return value
