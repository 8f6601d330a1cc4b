"""``policies/components.yaml`` as a table to look workloads up in.

Of a workload, its image is the strong sign. A name alone proves little: it counts together with the labels of the role,
or with the definitions of the component. Names are matched at their end, because a Helm release may stand before them.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from aiconf.cluster.images import Images

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Plain = Mapping[str, Any]

# How much a sign tells; where a role has workloads of several ranks, only those of the best are its own.
BY_IMAGE, BY_LABELS, BY_NAME = 3, 2, 1


@dataclass(frozen=True, slots=True, eq=False)
class Role:
    """A workload that a component consists of.

    Attributes:
        component: The component's id.
        name: What it does in the component.
        kinds: The kinds that it may have.
        names: Its usual names, or globs of them.
        labels: The labels that it always has.
        images: The tails of the images that it may have.
        required: Whether the component works only with it.
        named: Whether the image is also that of other roles, so that only the name tells which one it is.
        leading: Whether the image also serves as a sidecar, so that it must be that of the first container.
    """

    component: str
    name: str
    kinds: Sequence[str]
    names: Sequence[str]
    labels: Plain
    images: Sequence[str]
    required: bool
    named: bool
    leading: bool


class Signs:
    """What gives components away.

    Attributes:
        components: The entries of the table, by id.
        roles: The roles of each component.
        test_only: The components that only imitate others.
    """

    def __init__(self, data: Plain) -> None:
        self.components: dict[str, Plain] = {entry["id"]: entry for entry in data["components"]}
        self.roles = {identity: tuple(_roles(entry)) for identity, entry in self.components.items()}
        self.test_only = {identity for identity, entry in self.components.items() if entry.get("test_only")}
        every = [role for roles in self.roles.values() for role in roles]
        self._images: Images[Role] = Images({role: role.images for role in every})
        self._named: dict[str, list[Role]] = defaultdict(list)
        self._globs = [(name, role) for role in every for name in role.names if "*" in name]
        for role in every:
            for name in role.names:
                self._named[name].append(role)

    def of(
        self, kind: str, name: str, labels: Plain, images: Sequence[str], defined: frozenset[str]
    ) -> dict[Role, tuple[int, str]]:
        """The roles that a workload may have, each with the rank of the sign and the sign in words.

        Args:
            kind: The workload's kind.
            name: Its name.
            labels: Its labels.
            images: Those of its containers.
            defined: The components whose definitions are there.
        """
        named = [role for role in self._roles_named(name) if kind in role.kinds]
        owners = {
            role: image
            for number, image in enumerate(images)
            for role in self.with_image(image)
            if not (number and role.leading)
        }
        found = {
            role: (BY_IMAGE, f"image {image}")
            for role, image in owners.items()
            if kind in role.kinds and (not role.named or role in named)
        }
        # An image that is known says more than any name, above all when it imitates what the name says.
        if found or any(role.component in self.test_only for role in owners):
            return found
        for role in named:
            if role.labels and all(labels.get(key) == value for key, value in role.labels.items()):
                found[role] = (BY_LABELS, f"name {name} with its labels")
            elif role.component in defined:
                found[role] = (BY_NAME, f"name {name} with its definitions")
        return found

    def with_image(self, image: str) -> frozenset[Role]:
        """The roles that an image may be of."""
        return self._images.of(image)

    def _roles_named(self, name: str) -> set[Role]:
        parts = name.split("-")
        ends = ("-".join(parts[start:]) for start in range(len(parts)))
        found = {role for end in ends for role in self._named.get(end, ())}
        return found | {role for glob, role in self._globs if fnmatchcase(name, glob)}


def _roles(entry: Plain) -> Iterator[Role]:
    for plain in entry.get("workloads", ()):
        kinds = plain["kind"]
        yield Role(
            component=entry["id"],
            name=plain["role"],
            kinds=[kinds] if isinstance(kinds, str) else kinds,
            names=plain.get("names", ()),
            labels=plain.get("labels", {}),
            images=plain.get("images", entry.get("images", ())),
            required=plain.get("required", True),
            named=plain.get("named", False),
            leading=plain.get("leading", False),
        )
