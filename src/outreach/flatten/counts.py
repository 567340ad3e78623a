"""counts.parquet: per table and column, how many raw values were there and did not cast."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from outreach.domain.tables import Rows
from outreach.flatten.desk import Desk
from outreach.flatten.duck import losing
from outreach.flatten.kinds import Quantity
from outreach.flatten.table import Table

_ROWS = """
    SELECT count(*), count(*) FILTER (nth = 1),
        CASE WHEN count(last_updated) = count(*) AND min(last_updated) < max(last_updated)
            THEN strftime(max(last_updated), '%Y-%m-%dT%H:%M:%S.%fZ') END,
        {unknown_units}, count(lost)
    FROM ({rows})"""
_LOST = """
    SELECT gone."column", count(*)
    FROM (SELECT unnest(lost) AS gone FROM ({rows}) WHERE lost IS NOT NULL) GROUP BY 1"""
_AMONG = "SELECT count(DISTINCT id) FROM ({rows}) WHERE id IN (SELECT unnest($ids))"
_UNKNOWN_UNITS = "count(value_raw) - count(value)"


@dataclass(frozen=True)
class Counted:
    """A table's rows and resources, and per column that casts: the rows whose raw value was there and gave NULL.

    Columns that lost nothing are there with 0. ``newest``: the latest ``meta.lastUpdated`` as an instant in UTC; None
    where a resource has none, or all have the same: then it does not tell what changed.
    """

    rows: int
    resources: int
    newest: str | None
    nulled: Mapping[str, int]

    @property
    def lost(self) -> Mapping[str, int]:
        """The columns that lost something."""
        return {column: rows for column, rows in self.nulled.items() if rows}


def count(desk: Desk, table: Table, written: Path) -> Counted:
    """Count a table of the folder ``written``. ``value`` counts the numbers that have no canonical unit."""
    sql = Rows(written, table.name).sql()
    measured = any(isinstance(column, Quantity) for column in table.columns)
    asked = _ROWS.format(rows=sql, unknown_units=_UNKNOWN_UNITS if measured else "0")
    rows, resources, newest, unknown, losers = next(desk.rows(asked))
    nulled = dict.fromkeys(losing(table), 0)
    if losers:  # a second reading, where there is something to find
        nulled |= {str(column): int(str(n)) for column, n in desk.rows(_LOST.format(rows=sql))}
    nulled |= {"value": int(str(unknown))} if measured else {}
    return Counted(int(str(rows)), int(str(resources)), str(newest) if newest else None, nulled)


def among(desk: Desk, table: Table, written: Path, ids: Sequence[str]) -> int:
    """How many of these resources a table of the folder ``written`` has."""
    return desk.number(_AMONG.format(rows=Rows(written, table.name).sql()), ids=ids)


def write(desk: Desk, counts: Mapping[str, Counted], to: Path) -> None:
    """``table, column, rows, nulled``."""
    rows = [(name, column, each.rows, n) for name, each in counts.items() for column, n in each.nulled.items()]
    desk.engine.execute('CREATE TABLE counts ("table" VARCHAR, "column" VARCHAR, "rows" BIGINT, nulled BIGINT)')
    desk.engine.executemany("INSERT INTO counts VALUES (?, ?, ?, ?)", rows)
    desk.copy("FROM counts", to)
