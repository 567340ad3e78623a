"""landing/ NDJSON into tables/ Parquet: columns, not loops. Start at ``columns`` for what, ``reading`` for how."""

from outreach.flatten.carry import Base
from outreach.flatten.night import Reader, flatten
from outreach.flatten.quarantine import NOT_EXPORTED
from outreach.flatten.report import FlattenReport

__all__ = ["NOT_EXPORTED", "Base", "FlattenReport", "Reader", "flatten"]
