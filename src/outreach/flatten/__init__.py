"""landing/ NDJSON into tables/ Parquet: columns, not loops. Start at ``columns`` for what, ``reading`` for how."""

from outreach.flatten.night import flatten
from outreach.flatten.report import FlattenReport

__all__ = ["FlattenReport", "flatten"]
