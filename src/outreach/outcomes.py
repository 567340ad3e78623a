"""outcomes.parquet: what became of everyone, for the report and the lists; and the tables of all programmes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from outreach.domain.outcome import Outcome
from outreach.domain.query import ask, exact

_SQL = """
    SELECT o.person, $programme AS programme, a.status, o.bucket, o.reason, o.list_name, o.slot, o.visit, o.language,
        o.channel, o.slot <> '' AS offered
    FROM told o LEFT JOIN read_parquet($assessment) a USING (person)
    ORDER BY o.person
"""


def write_outcomes(outcomes: Iterable[Outcome], assessment: Path, out: Path, programme: str) -> int:
    """Write one row per person of a programme; returns the number of rows."""
    columns = ("person", "bucket", "reason", "list_name", "slot", "visit", "language", "channel")
    rows = [tuple(str(getattr(outcome, name)) for name in columns) for outcome in outcomes]
    told = pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(columns)})
    connection = duckdb.connect()
    connection.register("told", told)
    values = {"programme": programme, "assessment": exact(assessment)}
    pq.write_table(connection.sql(_SQL, params=values).to_arrow_table(), out, compression="zstd")
    out.chmod(0o600)
    return len(rows)


def merge(parts: Sequence[Path], out: Path) -> None:
    """Write the tables of several programmes as one, in their order."""
    files = {"parts": [exact(part) for part in parts]}
    found = duckdb.connect().sql("SELECT * FROM read_parquet($parts)", params=files)
    pq.write_table(found.to_arrow_table(), out, compression="zstd")
    out.chmod(0o600)


def statuses(assessment: Path) -> dict[str, int]:
    """How many people have each status."""
    sql = "SELECT status, count(*) FROM read_parquet($path) GROUP BY status ORDER BY status"
    return dict(ask(sql, {"path": assessment}))
