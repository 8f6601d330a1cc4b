"""``policies/collection.yaml`` as values: which kinds a snapshot holds, and which fields of each."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from aiconf.errors import CatalogError
from aiconf.snapshot.fields import Fields, parse_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# What a ``where`` may look at: these can be seen before an object is cut down.
BY_NAME = "metadata.name"
SELECTABLE = (BY_NAME, "reason")
_PATH = "policies/collection.yaml"
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Allowed:
    """An entry of an allow-list: what may be kept of a value.

    Attributes:
        pattern: Must match all of the value; None when nothing or only ``fields`` of it may be kept.
        fields: What to keep of the YAML or JSON in the value.
        flag: Whether it is an argument that takes no value.
    """

    pattern: re.Pattern[str] | None
    fields: Fields | None
    flag: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object that a snapshot holds.

    Attributes:
        key: ``Kind.group``, or ``Kind`` for the core group.
        resource: The plural name that the API uses in paths.
        namespaced: Whether its objects lie in namespaces.
        versions: The API versions to ask for, best first; empty for the server's preferred one.
        page: Objects per list request.
        where: A field (see `SELECTABLE`) and the values, or globs of names, one of which it must have; None for all
            objects.
        lines: What is kept of an object, as written; see `Collection.fields`.
    """

    key: str
    resource: str
    namespaced: bool
    versions: tuple[str, ...]
    page: int
    where: tuple[str, tuple[str, ...]] | None
    lines: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kind without its group."""
        return self.key.partition(".")[0]

    @property
    def group(self) -> str:
        """The API group, empty for the core group."""
        return self.key.partition(".")[2]

    @property
    def name(self) -> str:
        """``resource.group``, as a CustomResourceDefinition is named and as kubectl takes it."""
        return f"{self.resource}.{self.group}" if self.group else self.resource

    @property
    def exact(self) -> tuple[str, ...]:
        """The values of ``where`` that a request can select by."""
        return tuple(value for value in self._values if "*" not in value)

    @property
    def globs(self) -> tuple[str, ...]:
        """The values of ``where`` that are globs."""
        return tuple(value for value in self._values if "*" in value)

    def wants(self, value: Any) -> bool:
        """Whether an object is wanted whose field that ``where`` names has this value."""
        return isinstance(value, str) and (
            value in self._values or any(fnmatchcase(value, glob) for glob in self.globs)
        )

    @property
    def _values(self) -> tuple[str, ...]:
        return self.where[1] if self.where else ()


@dataclass(frozen=True, slots=True)
class Collection:
    """What a snapshot holds.

    Attributes:
        kinds: By key.
        sets: Fields that several kinds share, by name.
        annotations: What may be kept of annotations, by key.
        environment: What may be kept of environment variables, by name.
        arguments: What may be kept of arguments, by flag.
        config: What may be kept of the data of ConfigMaps, by key of the data.
        public_kinds: Kinds whose objects' names are no secret.
        public_names: Globs of names that are no secret.
    """

    kinds: Mapping[str, Kind]
    sets: Mapping[str, Sequence[str]]
    annotations: Mapping[str, Allowed]
    environment: Mapping[str, Allowed]
    arguments: Mapping[str, Allowed]
    config: Mapping[str, Allowed]
    public_kinds: frozenset[str]
    public_names: tuple[str, ...]
    _fields: dict[str, Fields] = field(init=False, repr=False, compare=False, default_factory=dict)

    def fields(self, kind: Kind) -> Fields:
        """What is kept of an object of this kind. Worked out when first asked for: most snapshots have few kinds.

        Raises:
            CatalogError: A line is no field, or contradicts another.
        """
        if kind.key not in self._fields:
            try:
                self._fields[kind.key] = parse_fields(kind.lines, self.sets)
            except CatalogError as error:
                raise CatalogError(f"kinds.{kind.key}: {error.message}", _PATH) from error
        return self._fields[kind.key]


def parse_collection(data: Mapping[str, Any]) -> Collection:
    """The collection from the content of its data file.

    Raises:
        CatalogError: The file is wrong.
    """
    try:
        return _collection(data)
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise CatalogError(f"is not of the expected shape ({type(error).__name__}: {error})", _PATH) from error


def _collection(data: Mapping[str, Any]) -> Collection:
    names = tuple(dict.fromkeys(name for entry in data["config_maps"] for name in entry["names"]))
    return Collection(
        kinds={key: _kind(key, plain, data["common"], names) for key, plain in data["kinds"].items()},
        sets=data["sets"],
        annotations=_allow_list(data["annotations"]),
        environment=_allow_list(data["environment"]),
        arguments=_allow_list(data["arguments"]),
        config=_config(data["config_maps"]),
        public_kinds=frozenset(data["public_kinds"]),
        public_names=tuple(data["public_names"]),
    )


def _kind(key: str, plain: Mapping[str, Any], common: Sequence[str], config_maps: tuple[str, ...]) -> Kind:
    if key.partition(".")[0] == "Secret" or plain["resource"].partition("/")[0] == "secrets":
        raise CatalogError("kinds: Secrets are never collected", _PATH)
    where = plain.get("where")
    if where and where["field"] not in SELECTABLE:
        raise CatalogError(f"kinds.{key}: where.field is not one of {', '.join(SELECTABLE)}", _PATH)
    if where and where["field"] != BY_NAME and any("*" in value for value in where.get("values", ())):
        raise CatalogError(f"kinds.{key}: where.values: only a name can be a glob", _PATH)
    return Kind(
        key=key,
        resource=plain["resource"],
        namespaced=plain.get("namespaced", True),
        versions=tuple(plain.get("versions", ())),
        page=plain.get("page", _PAGE),
        where=(where["field"], tuple(where.get("values") or config_maps)) if where else None,
        lines=(*common, *plain["fields"]),
    )


def _config(entries: Sequence[Mapping[str, Any]]) -> dict[str, Allowed]:
    allowed = _allow_list({entry["key"]: entry for entry in entries})
    if len(allowed) < len(entries):
        raise CatalogError("config_maps: a key stands twice, and the data of a ConfigMap is told by its key", _PATH)
    return allowed


def _allow_list(plain: Mapping[str, Mapping[str, Any]]) -> dict[str, Allowed]:
    return {key: _allowed(entry) for key, entry in plain.items()}


def _allowed(plain: Mapping[str, Any]) -> Allowed:
    pattern = re.compile(plain["pattern"]) if "pattern" in plain else None
    fields = parse_fields(plain["fields"], {}) if "fields" in plain else None
    return Allowed(pattern, fields, plain.get("flag", False))
