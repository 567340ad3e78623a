"""What a table is: a name, a resource type, its columns, and what every table has."""

from __future__ import annotations

from dataclasses import dataclass

from outreach.flatten.kinds import Column, Stamp, Text
from outreach.flatten.places import Node, at, schema

COMMON: tuple[Column, ...] = (
    Text("id", at("id")),
    Text("version", at("meta.versionId")),
    Stamp("last_updated", at("meta.lastUpdated")),
)


@dataclass(frozen=True)
class Table:
    """``<name>.parquet``, read from resources of one type.

    It begins with ``id, version, last_updated`` and ends with ``file`` (of landing/), ``nth`` (this row's coding
    within its resource, from 1) and ``lost`` (the columns whose cast gave NULL, each with the text it could not read).
    """

    name: str
    resource: str
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """All columns that are read, in the order they are written."""
        return (*COMMON, *self.own)

    @property
    def schema(self) -> Node:
        """The JSON that is read, as data; every scalar as its raw text."""
        return schema([at("resourceType"), *(path for column in self.columns for path in column.places)])
