"""Where expressions run. DuckDB is embedded; another engine needs only these verbs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.parquet as pq


class Engine(Protocol):
    """Runs Ibis expressions over the tables of a night."""

    def table(self, name: str) -> ir.Table:
        """A table that flatten wrote."""

    def values(self, name: str, rows: pa.Table) -> ir.Table:
        """A small table made here, such as the codes of value sets."""

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        """Compute once, so that later expressions read the result instead of repeating it."""

    def drop(self, names: Sequence[str]) -> None:
        """Forget kept tables that nothing reads any more."""

    def write(self, expression: ir.Table, path: Path) -> int:
        """Write as zstd Parquet, rows in any order; returns their number."""


class DuckEngine:
    """Ibis on an in-memory DuckDB whose spill goes beside the tables."""

    def __init__(self, tables: Path, *, threads: int | None = None, memory: str = "2GB") -> None:
        self.tables = tables
        self.backend = ibis.duckdb.connect(threads=threads or os.cpu_count() or 1, memory_limit=memory)
        self.backend.raw_sql("SET TimeZone = 'UTC'")
        self.backend.raw_sql("SET preserve_insertion_order = false")
        self.backend.raw_sql(f"SET temp_directory = '{_quoted(tables)}/.spill'")
        self._read: dict[str, ir.Table] = {}

    def table(self, name: str) -> ir.Table:
        if name not in self._read:
            self._read[name] = self.backend.read_parquet(self.tables / f"{name}.parquet", table_name=f"in_{name}")
        return self._read[name]

    def values(self, name: str, rows: pa.Table) -> ir.Table:
        self.backend.con.register(f"given_{name}", rows)
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM given_{name}")  # noqa: S608
        self.backend.con.unregister(f"given_{name}")
        return ibis.table(ibis.Schema.from_pyarrow(rows.schema), name=name)

    def keep(self, name: str, expression: ir.Table) -> ir.Table:
        self.backend.raw_sql(f"CREATE OR REPLACE TEMP TABLE {name} AS {self.backend.compile(expression)}")
        return ibis.table(expression.schema(), name=name)

    def drop(self, names: Sequence[str]) -> None:
        for name in names:
            self.backend.raw_sql(f"DROP TABLE IF EXISTS {name}")

    def write(self, expression: ir.Table, path: Path) -> int:
        sql = self.backend.compile(expression)
        self.backend.raw_sql(f"COPY ({sql}) TO '{_quoted(path)}' (FORMAT parquet, COMPRESSION zstd)")
        path.chmod(0o600)
        rows: int = pq.read_metadata(path).num_rows
        return rows

    def close(self) -> None:
        self.backend.disconnect()


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
