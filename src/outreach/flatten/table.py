"""What a table is: a name, a resource type, its columns, and what every table has."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.flatten.kinds import Column, EachReference, Reference, Stamp, Text
from outreach.flatten.places import Node, Step, at, schema

COMMON: tuple[Column, ...] = (
    Text("id", at("id")),
    Text("version", at("meta.versionId")),
    Stamp("last_updated", at("meta.lastUpdated")),
)


@dataclass(frozen=True)
class Table:
    """``<name>.parquet``, read from resources of one type.

    It begins with ``id, version, last_updated`` and ends with ``file`` (of landing/), ``nth`` (this row within its
    resource, from 1; there is one for each coding) and ``lost`` (the columns whose cast gave NULL, each with the text
    it could not read).

    ``components``: the elements that each of a resource's ``component`` has for its own. A component is read as the
    resource would be with these in place of its own: its rows follow the resource's, under the same id. What is about
    several people (``EachReference``) has its rows once for each of them.
    """

    name: str
    resource: str
    own: tuple[Column, ...]
    components: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that are read, in the order they are written."""
        return (*COMMON, *self.own)

    @property
    def is_about_people(self) -> bool:
        """Whether its rows name whose they are, in the column ``person``."""
        return any(isinstance(column, Reference | EachReference) and column.name == "person" for column in self.own)

    @property
    def schema(self) -> Node:
        """The JSON that is read, as data; every scalar as its raw text."""
        places = [path for column in self.columns for path in column.places]
        inner = [Step("component", True)]
        within = [(*inner, *path) for path in places if path and path[0].name in self.components]
        return schema([at("resourceType"), *places, *within])
