"""What a flattening did, in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class FlattenReport:
    """Each non-blank line of landing/ gave rows, was quarantined, or was an older version of another line's resource.

    ``nulled`` counts rows, so a fact with two codings counts twice.
    """

    rows: Mapping[str, int]  #: table → rows
    resources: Mapping[str, int]  #: resource type → resources that the server has, the unreadable lines among them
    newest: Mapping[str, str]  #: resource type → its latest meta.lastUpdated, in UTC, where that can tell what changed
    lines: Mapping[str, int]  #: file of landing/ → non-blank lines
    quarantined: int  #: lines in quarantine.parquet: those set aside, and the people whom the export's errors name
    mended: int  #: lines that only the careful reader could take
    superseded: int  #: resources left out because a later version of the same (type, id) is there
    nulled: Mapping[str, Mapping[str, int]]  #: table → column → rows whose raw value was there and did not cast
    seconds: Mapping[str, float]  #: stage → seconds
