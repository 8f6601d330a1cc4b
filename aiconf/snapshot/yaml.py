"""YAML as tools print objects: many documents, no aliases; to plain data within bounds.

Read from libyaml's events, one at a time: its composer recurses, and dies of deep nesting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

# Generous: a CustomResourceDefinition's schema nests some 60 deep.
_DEPTH_LIMIT = 300


class YamlError(ValueError):
    """The text is no YAML that a tool would print as an object."""


def read_documents(raw: bytes) -> Iterator[Any]:
    """The documents of a YAML text, JSON included; timestamps stay text.

    Raises:
        YamlError: It is no YAML, uses aliases, or is nested too deeply.
    """
    import yaml  # noqa: PLC0415 - most snapshots are JSON

    try:
        loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(raw)
    except yaml.YAMLError as error:  # characters that YAML forbids
        raise YamlError(str(error)[:200]) from error
    try:
        yield from _Documents(loader.get_event).read()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}: " if mark else ""
        raise YamlError(f"{place}{getattr(error, 'problem', None) or str(error)[:200]}") from error
    finally:
        loader.dispose()


class _Documents:
    def __init__(self, next_event: Any) -> None:
        from aiconf.source import scalars  # noqa: PLC0415 - most snapshots are JSON

        self._next, self._scalars = next_event, scalars
        # One container and one pending key per level; the bottom list takes the documents.
        self._containers: list[Any] = [[]]
        self._keys: list[Any] = [None]

    def read(self) -> Iterator[Any]:
        from yaml import events  # noqa: PLC0415 - most snapshots are JSON

        while not isinstance(event := self._next(), events.StreamEndEvent):
            if isinstance(event, events.ScalarEvent):
                self._place(self._scalar(event))
            elif isinstance(event, events.CollectionStartEvent):
                self._open([] if isinstance(event, events.SequenceStartEvent) else {})
            elif isinstance(event, events.CollectionEndEvent):
                self._containers.pop()
                self._keys.pop()
            elif isinstance(event, events.AliasEvent):
                raise YamlError(f"line {_line(event)}: an alias, which no tool prints in an object")
            elif isinstance(event, events.DocumentEndEvent):
                yield self._containers[0].pop()

    def _open(self, container: Any) -> None:
        if len(self._containers) > _DEPTH_LIMIT:
            raise YamlError(f"nested more than {_DEPTH_LIMIT} deep")
        self._place(container)
        self._containers.append(container)
        self._keys.append(None)

    def _place(self, value: Any) -> None:
        container = self._containers[-1]
        if isinstance(container, list):
            container.append(value)
        elif self._keys[-1] is None:
            self._keys[-1] = _key(value)
        else:
            container[self._keys[-1]] = value
            self._keys[-1] = None

    def _scalar(self, event: Any) -> Any:
        if event.tag is not None and event.tag != "!":
            resolved = self._scalars.resolve_tagged(event.tag, event.value)
            return resolved[1] if resolved else event.value
        return self._scalars.resolve_plain(event.value)[1] if event.implicit[0] else event.value


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _key(value: Any) -> str:
    if isinstance(value, (dict, list)):
        raise YamlError("a key that is no text")
    return value if isinstance(value, str) else str(value)
