"""counts.parquet: per table and column, how many raw values were there and did not cast."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from outreach.flatten.desk import Desk, exactly
from outreach.flatten.duck import losing
from outreach.flatten.kinds import Quantity
from outreach.flatten.table import Table

_ROWS = "SELECT count(*) FROM read_parquet($table)"
_LOST = """
    SELECT gone."column", count(*)
    FROM (SELECT unnest(lost) AS gone FROM read_parquet($table) WHERE lost IS NOT NULL) GROUP BY 1"""
_UNKNOWN_UNITS = "SELECT count(value_raw) - count(value) FROM read_parquet($table)"


@dataclass(frozen=True)
class Counted:
    """A table's rows, and per column that casts the rows whose raw value was there and gave NULL; zeros included."""

    rows: int
    nulled: Mapping[str, int]

    @property
    def lost(self) -> Mapping[str, int]:
        """The columns that lost something."""
        return {column: rows for column, rows in self.nulled.items() if rows}


def count(desk: Desk, table: Table, written: Path) -> Counted:
    """Count a written table. ``value`` counts the numbers that have no canonical unit."""
    files = exactly([written])
    nulled = dict.fromkeys(losing(table), 0)
    nulled |= {str(column): int(str(n)) for column, n in desk.rows(_LOST, table=files)}
    if any(isinstance(column, Quantity) for column in table.columns):
        nulled["value"] = desk.number(_UNKNOWN_UNITS, table=files)
    return Counted(desk.number(_ROWS, table=files), nulled)


def write(desk: Desk, counts: Mapping[str, Counted], to: Path) -> None:
    """``table, column, rows, nulled``."""
    rows = [(name, column, each.rows, n) for name, each in counts.items() for column, n in each.nulled.items()]
    desk.engine.execute('CREATE TABLE counts ("table" VARCHAR, "column" VARCHAR, "rows" BIGINT, nulled BIGINT)')
    desk.engine.executemany("INSERT INTO counts VALUES (?, ?, ?, ?)", rows)
    desk.copy("FROM counts", to)
